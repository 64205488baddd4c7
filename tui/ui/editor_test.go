package ui

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/tuitest"
)

func newTestEditor(text string) *Editor {
	e := NewEditor(plainTheme())
	e.SetBytes([]byte(text))
	e.Resize(40, 10)
	e.Focus()
	return e
}

func press(e *Editor, types ...tea.KeyType) {
	for _, k := range types {
		e.Update(tea.KeyMsg{Type: k})
	}
}

func typed(e *Editor, s string) {
	for _, r := range s {
		e.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
	}
}

// model is the text as a flat slice: what an editor does to bytes, without
// anything clever.
type model struct {
	b []byte
}

// FuzzEditor presses keys and compares the text with the model after each.
func FuzzEditor(f *testing.F) {
	f.Add([]byte("{\r\n\t\"a\": \"\x00\xff\"\r\n}"), []byte("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"))
	f.Add([]byte("世界\n👍🏽é\u0301"), []byte("\x05\x05\x06\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x20"))
	f.Fuzz(func(t *testing.T, text, keys []byte) {
		if len(text) > 4096 || len(keys) > 256 {
			return
		}
		fuzzEditor(t, text, keys)
	})
}

func TestEditorRandom(t *testing.T) {
	t.Parallel()
	r := seeded(7)
	for range 15 {
		keys := randomBytes(r, r.IntN(120))
		fuzzEditor(t, jumble(r, r.IntN(120)), keys)
	}
}

// randomBytes are n bytes of any value.
func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func fuzzEditor(t *testing.T, text, keys []byte) {
	t.Helper()
	e := NewEditor(plainTheme())
	e.SetBytes(text)
	e.SetWrap(len(keys)%2 == 0)
	e.Resize(5+len(text)%40, 1+len(keys)%12)
	e.Focus()
	m := &model{b: bytes.Clone(text)}
	original := bytes.Clone(text)
	for i, k := range keys {
		m.press(t, e, k, i)
		if got := e.Bytes(); !bytes.Equal(got, m.b) {
			t.Fatalf("%q, keys %v: after key %d the text is %q, not %q", original, keys[:i+1], k%24, got, m.b)
		}
		check(t, e)
		if t.Failed() {
			t.Fatalf("%q, keys %v", original, keys[:i+1])
		}
	}
	for e.Undo() {
		check(t, e)
	}
	if !bytes.Equal(e.Bytes(), original) {
		t.Fatalf("%q, keys %v: undo leads to %q", original, keys, e.Bytes())
	}
	for e.Redo() {
		check(t, e)
	}
	if !bytes.Equal(e.Bytes(), m.b) {
		t.Fatalf("%q, keys %v: redo leads to %q, not %q", original, keys, e.Bytes(), m.b)
	}
}

// press does one key on both; where the cursor stands is the editor's word.
func (m *model) press(t *testing.T, e *Editor, k byte, i int) {
	t.Helper()
	at := e.cursor
	insert := func(s string) { m.b = append(m.b[:at:at], append([]byte(s), m.b[at:]...)...) }
	remove := func(to int) { m.b = append(m.b[:min(at, to):min(at, to)], m.b[max(at, to):]...) }
	moves := []tea.KeyType{
		tea.KeyLeft, tea.KeyRight, tea.KeyUp, tea.KeyDown, tea.KeyHome, tea.KeyEnd, tea.KeyPgUp, tea.KeyPgDown,
		tea.KeyCtrlLeft, tea.KeyCtrlRight, tea.KeyCtrlHome, tea.KeyCtrlEnd,
	}
	switch n := int(k % 24); {
	case n < len(moves):
		if e.Update(tea.KeyMsg{Type: moves[n]}) {
			t.Fatalf("%v changed the text", moves[n])
		}
	case n == 12:
		press(e, tea.KeyBackspace)
		remove(at - len(m.b) + e.Len())
	case n == 13:
		press(e, tea.KeyDelete)
		remove(at + len(m.b) - e.Len())
	case n == 14:
		press(e, tea.KeyCtrlK)
		remove(at + len(m.b) - e.Len())
	case n == 15:
		press(e, tea.KeyCtrlW)
		remove(at - len(m.b) + e.Len())
	case n == 16:
		press(e, tea.KeyCtrlU)
		remove(at - len(m.b) + e.Len())
	case n == 17:
		e.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("p\x00a\r\ns\te"), Paste: true})
		insert("p\x00a\r\ns\te")
	case n == 18:
		before := e.Len()
		press(e, tea.KeyEnter)
		// The indentation is the editor's own: it is tested elsewhere.
		insert(string(e.Bytes()[at : at+e.Len()-before]))
	case n == 19:
		e.SetCursor(i * 7 % (e.Len() + 1))
	case n == 20:
		e.Click(i%e.w, i%e.h)
	default:
		r := []rune(pieces[(int(k)+i)%len(pieces)])[:1]
		if r[0] == 0xfffd {
			r[0] = 'x'
		}
		e.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: r})
		insert(string(r))
	}
}

// check holds what must be true of an editor at any time.
func check(t *testing.T, e *Editor) {
	t.Helper()
	b := e.Bytes()
	if e.cursor < 0 || e.cursor > len(b) {
		t.Fatalf("the cursor is at %d of %d", e.cursor, len(b))
	}
	if e.cursor > 0 && e.cursor < len(b) && b[e.cursor-1] == '\r' && b[e.cursor] == '\n' {
		t.Fatalf("the cursor is inside of a line end")
	}
	if got := e.snap(e.cursor); got != e.cursor {
		t.Fatalf("the cursor is at %d, inside of the character at %d of %q", e.cursor, got, b)
	}
	line, col, off := e.Cursor()
	wantLine := 1 + bytes.Count(b[:e.cursor], lf)
	if line != wantLine || off != e.cursor || col < 1 {
		t.Fatalf("Cursor is %d:%d at %d, not line %d at %d", line, col, off, wantLine, e.cursor)
	}
	if want := 1 + e.countGlyphs(e.buf.lineStart(e.cursor), e.cursor); col != want {
		t.Fatalf("the column is %d, not %d", col, want)
	}
	tuitest.Exact(t, e.View(), e.w, e.h)
	x, seen := e.rows.at(e.top), false
	for range e.h {
		seen = seen || e.cursor >= x.start && e.cursor <= x.end
		start, ok := e.rows.next(x)
		if !ok {
			break
		}
		x = e.rows.at(start)
	}
	if !seen {
		t.Fatalf("the cursor at %d is not on the screen that begins at %d", e.cursor, e.top)
	}
}

// Every byte that is not edited stays.
func TestEditorKeepsBytes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "\n", "\r\n", "a\r\nb\r\n", "a\nb\r\nc\rd", "\ufeff{}", "\x00\x01\x1b[31m\x7f", "\xff\xfe\xc3", "\t\ttabs\t",
		strings.Repeat("long ", 100_000), strings.Repeat("\n", 50_000),
	} {
		e := newTestEditor(text)
		must(t, "as set", string(e.Bytes()), text)
		press(e, tea.KeyCtrlEnd)
		typed(e, "xy")
		must(t, "with an end", string(e.Bytes()), text+"xy")
		press(e, tea.KeyBackspace, tea.KeyBackspace, tea.KeyCtrlHome)
		typed(e, "z")
		press(e, tea.KeyBackspace)
		must(t, "and back", string(e.Bytes()), text)
	}
}

func TestEditorEnter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{ // | is the cursor
		{"ab|cd", "ab\n|cd"},
		{"  ab|", "  ab\n  |"},
		{"\t\tab|", "\t\tab\n\t\t|"},
		{"{|}", "{\n  |\n}"},
		{"{\n    \"a\": [|]\n}", "{\n    \"a\": [\n        |\n    ]\n}"},
		{"{|", "{\n  |"},
		{"[ |1", "[ \n  |1"},
		{"a\r\nb|", "a\r\nb\r\n|"},
		{"{\r\n\t\"a\": {|}\r\n}", "{\r\n\t\"a\": {\r\n\t\t|\r\n\t}\r\n}"},
		{"  |  x", "  \n  |  x"},
	} {
		e := newTestEditor(strings.Replace(c.text, "|", "", 1))
		e.SetCursor(strings.Index(c.text, "|"))
		press(e, tea.KeyEnter)
		got := string(e.Bytes())
		must(t, c.text, got[:e.cursor]+"|"+got[e.cursor:], c.want)
		e.Undo()
		must(t, "one step", string(e.Bytes()), strings.Replace(c.text, "|", "", 1))
	}
}

func TestEditorUndoGroups(t *testing.T) {
	t.Parallel()
	e := newTestEditor("")
	typed(e, "one two")
	e.Undo()
	must(t, "a word", string(e.Bytes()), "one ")
	e.Undo()
	must(t, "the other", string(e.Bytes()), "")
	e.Redo()
	e.Redo()
	must(t, "again", string(e.Bytes()), "one two")
	must(t, "nothing more", e.Redo(), false)

	press(e, tea.KeyBackspace, tea.KeyBackspace)
	e.Undo()
	must(t, "backspaces together", string(e.Bytes()), "one two")
	must(t, "cursor", e.cursor, 7)

	typed(e, "a")
	press(e, tea.KeyLeft, tea.KeyRight)
	typed(e, "b")
	e.Undo()
	must(t, "a move ends a group", string(e.Bytes()), "one twoa")

	e.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("p q r"), Paste: true})
	e.Undo()
	must(t, "a paste is one", string(e.Bytes()), "one twoa")
	typed(e, "x")
	must(t, "a new edit ends what can be redone", e.Redo(), false)

	e.SetCursor(4)
	e.Replace([]byte("one TWO"))
	must(t, "replaced", string(e.Bytes()), "one TWO")
	must(t, "the cursor stays", e.cursor, 4)
	e.Undo()
	must(t, "replaced in one", string(e.Bytes()), "one twoax")
}

func TestEditorPaste(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, paste, want string }{
		{"", "a\r\nb\x1b\t\x00", "a\r\nb\x1b\t\x00"},
		{"", "a\nb", "a\nb"},
		{"", "a\rb", "a\nb"},           // as xterm sends line ends
		{"\r\n", "a\rb", "a\r\nb\r\n"}, // in a text with CRLF
	} {
		e := newTestEditor(c.text)
		e.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(c.paste), Paste: true})
		must(t, fmt.Sprintf("%q", c.paste), string(e.Bytes()), c.want)
	}
}

func TestEditorMoves(t *testing.T) {
	t.Parallel()
	text := "{\r\n  \"世\": e\u0301👍🏽,\n\nlast word"
	e := newTestEditor(text)
	at := func(want string) {
		t.Helper()
		if rest := text[e.cursor:]; !strings.HasPrefix(rest, want) || want == "" && rest != "" {
			t.Errorf("the cursor is before %q, not before %q", rest, want)
		}
	}
	press(e, tea.KeyRight)
	at("\r\n")
	press(e, tea.KeyRight)
	at("  \"世")
	press(e, tea.KeyEnd)
	at("\n\nlast")
	press(e, tea.KeyLeft, tea.KeyLeft)
	at("👍🏽")
	press(e, tea.KeyLeft)
	at("e\u0301")
	press(e, tea.KeyHome)
	at("\"世")
	press(e, tea.KeyHome)
	at("  \"世")
	press(e, tea.KeyCtrlEnd)
	at("")
	press(e, tea.KeyCtrlLeft)
	at("word")
	press(e, tea.KeyUp)
	at("\nlast")
	press(e, tea.KeyUp)
	at("\": e") // the column is kept over the short line
	press(e, tea.KeyDown, tea.KeyDown)
	at("word")
	press(e, tea.KeyUp, tea.KeyUp, tea.KeyUp, tea.KeyUp)
	at("{\r\n")
	line, col, off := e.Cursor()
	must(t, "position", fmt.Sprint(line, col, off), "1 1 0")
	e.Click(3+5, 1)
	at("\": e") // after the wide one
	e.Click(39, 2)
	at("\nlast")
	e.Click(39, 9)
	at("")
}

// What is typed in front of a lone mark joins it; the next key goes behind.
func TestEditorTypesInFrontOfAMark(t *testing.T) {
	t.Parallel()
	e := newTestEditor("\u0301x")
	typed(e, "ab")
	must(t, "text", string(e.Bytes()), "a\u0301bx")
	press(e, tea.KeyBackspace, tea.KeyBackspace)
	must(t, "a mark goes with its letter", string(e.Bytes()), "x")

	e = newTestEditor("aX\nb")
	e.SetCursor(1)
	e.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'\r'}})
	press(e, tea.KeyDelete)
	must(t, "a line end made by hand", string(e.Bytes()), "a\r\nb")
	must(t, "is one place", e.cursor, 1)
}

func TestEditorView(t *testing.T) {
	t.Parallel()
	e := newTestEditor("{\r\n\t\"a\": \"\x00世\"\n}")
	e.Resize(30, 5)
	e.SetMarks([]Mark{{Offset: 4, Severity: MarkWarning, Text: "unknown"}, {Offset: 8, Severity: MarkError, Text: "bad"}, {Offset: 17, Severity: MarkInformation, Text: "end"}})
	must(t, "view", tuitest.Plain(e.View()), " 1 {␍\n 2✗→   \"a\": \"␀世\"\n 3·}\n\n")
	if m, ok := e.MarkHere(); ok {
		t.Errorf("a mark on line 1: %v", m)
	}
	e.SetCursor(6)
	i, _ := e.MarkHere()
	must(t, "the worst", e.Marks()[i].Text, "bad")
	press(e, tea.KeyCtrlHome)
	typed(e, "\n\n")
	e.SetCursor(10)
	i, _ = e.MarkHere()
	must(t, "marks move", fmt.Sprint(e.Marks()[i].Text, e.Marks()[i].Offset), "bad10")
	must(t, "cut of nothing", e.Update(tea.KeyMsg{Type: tea.KeyTab}), false)
	e.TabInserts = true
	must(t, "tab", e.Update(tea.KeyMsg{Type: tea.KeyTab}), true)
}

func TestEditorCursorIsDrawn(t *testing.T) {
	t.Parallel()
	theme := plainTheme()
	e := newTestEditor("ab\ncd")
	if want := theme.Cursor.Render("a"); !strings.Contains(e.View(), want) {
		t.Errorf("no %q in %q", want, e.View())
	}
	press(e, tea.KeyEnd)
	if want := theme.Cursor.Render(" "); !strings.Contains(e.View(), want) {
		t.Errorf("no %q in %q", want, e.View())
	}
	e.Blur()
	if strings.Contains(e.View(), "\x1b[7m") {
		t.Errorf("a cursor without the focus: %q", e.View())
	}
}

func TestEditorRevision(t *testing.T) {
	t.Parallel()
	e := newTestEditor("ab")
	rev := e.Revision()
	must(t, "move", e.Update(tea.KeyMsg{Type: tea.KeyRight}), false)
	must(t, "the same", e.Revision(), rev)
	must(t, "two runes in one message", e.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("xy")}), true)
	must(t, "text", string(e.Bytes()), "axyb")
	if e.Revision() == rev {
		t.Error("the revision did not change")
	}
	before := e.Bytes()
	typed(e, "z")
	must(t, "bytes given away stay", string(before), "axyb")
	must(t, "alt is no text", e.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q"), Alt: true}), false)
}

// The documents agree with what is counted by hand.
func TestDocuments(t *testing.T) {
	t.Parallel()
	r := seeded(8)
	for range 15 {
		b := make([]byte, r.IntN(3*indexStep))
		dense := 1 + r.IntN(1000)
		for i := range b {
			b[i] = 'x'
			if r.IntN(dense) == 0 {
				b[i] = '\n'
			}
		}
		checkDocument(t, r, newFlat(b), b)
		buf := newBuffer(b)
		for range 40 {
			off := r.IntN(len(b) + 1)
			n := min(r.IntN(1+r.IntN(3*leafMax)), len(b)-off)
			ins := bytes.Repeat([]byte("y\nz"), r.IntN(1+r.IntN(2*leafMax/3)))
			buf.remove(off, n)
			buf.insert(off, ins)
			b = append(b[:off:off], append(bytes.Clone(ins), b[off+n:]...)...)
		}
		checkDocument(t, r, buf, b)
		if !bytes.Equal(buf.slice(0, buf.size()), b) {
			t.Fatal("the bytes differ")
		}
	}
}

func checkDocument(t *testing.T, r *rand.Rand, d document, b []byte) {
	t.Helper()
	must(t, "size", d.size(), len(b))
	for range 60 {
		off := r.IntN(len(b) + 1)
		line := bytes.Count(b[:off], lf)
		start := bytes.LastIndexByte(b[:off], '\n') + 1
		end := len(b)
		if i := bytes.IndexByte(b[off:], '\n'); i >= 0 {
			end = off + i
		}
		must(t, "lineOf", d.lineOf(off), line)
		must(t, "lineStart", d.lineStart(off), start)
		must(t, "lineEnd", d.lineEnd(off), end)
		must(t, "lineAt", d.lineAt(line), start)
	}
	must(t, "after the last", d.lineAt(bytes.Count(b, lf)+5), len(b))
}
