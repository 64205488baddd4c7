package editor

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"countersign/tui/ui"
	"countersign/tui/ui/rows"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"countersign/tui/tuitest"
)

func newTestEditor(text string) *Editor {
	e := New(plainTheme())
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
	r := tuitest.Seeded(7)
	for range 15 {
		keys := randomBytes(r, r.IntN(120))
		fuzzEditor(t, tuitest.Jumble(r, r.IntN(120)), keys)
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
	e := New(plainTheme())
	e.SetBytes(text)
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
		r := []rune(tuitest.Pieces[(int(k)+i)%len(tuitest.Pieces)])[:1]
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
	wantLine := 1 + rows.CountLF(b[:e.cursor])
	if line != wantLine || off != e.cursor || col < 1 {
		t.Fatalf("Cursor is %d:%d at %d, not line %d at %d", line, col, off, wantLine, e.cursor)
	}
	if want := 1 + e.countGlyphs(e.buf.LineStart(e.cursor), e.cursor); col != want {
		t.Fatalf("the column is %d, not %d", col, want)
	}
	tuitest.Exact(t, e.View(), e.w, e.h)
	x, seen := e.rows.At(e.top), false
	for range e.h {
		seen = seen || e.cursor >= x.Start && e.cursor <= x.End
		start, ok := e.rows.Next(x)
		if !ok {
			break
		}
		x = e.rows.At(start)
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
		tuitest.Must(t, "as set", string(e.Bytes()), text)
		press(e, tea.KeyCtrlEnd)
		typed(e, "xy")
		tuitest.Must(t, "with an end", string(e.Bytes()), text+"xy")
		press(e, tea.KeyBackspace, tea.KeyBackspace, tea.KeyCtrlHome)
		typed(e, "z")
		press(e, tea.KeyBackspace)
		tuitest.Must(t, "and back", string(e.Bytes()), text)
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
		tuitest.Must(t, c.text, got[:e.cursor]+"|"+got[e.cursor:], c.want)
		e.Undo()
		tuitest.Must(t, "one step", string(e.Bytes()), strings.Replace(c.text, "|", "", 1))
	}
}

func TestEditorUndoGroups(t *testing.T) {
	t.Parallel()
	e := newTestEditor("")
	typed(e, "one two")
	e.Undo()
	tuitest.Must(t, "a word", string(e.Bytes()), "one ")
	e.Undo()
	tuitest.Must(t, "the other", string(e.Bytes()), "")
	e.Redo()
	e.Redo()
	tuitest.Must(t, "again", string(e.Bytes()), "one two")
	tuitest.Must(t, "nothing more", e.Redo(), false)

	press(e, tea.KeyBackspace, tea.KeyBackspace)
	e.Undo()
	tuitest.Must(t, "backspaces together", string(e.Bytes()), "one two")
	tuitest.Must(t, "cursor", e.cursor, 7)

	typed(e, "a")
	press(e, tea.KeyLeft, tea.KeyRight)
	typed(e, "b")
	e.Undo()
	tuitest.Must(t, "a move ends a group", string(e.Bytes()), "one twoa")

	e.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("p q r"), Paste: true})
	e.Undo()
	tuitest.Must(t, "a paste is one", string(e.Bytes()), "one twoa")
	typed(e, "x")
	tuitest.Must(t, "a new edit ends what can be redone", e.Redo(), false)

	e.SetCursor(4)
	e.Replace([]byte("one TWO"))
	tuitest.Must(t, "replaced", string(e.Bytes()), "one TWO")
	tuitest.Must(t, "the cursor stays", e.cursor, 4)
	e.Undo()
	tuitest.Must(t, "replaced in one", string(e.Bytes()), "one twoax")
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
		tuitest.Must(t, fmt.Sprintf("%q", c.paste), string(e.Bytes()), c.want)
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
	tuitest.Must(t, "position", fmt.Sprint(line, col, off), "1 1 0")
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
	tuitest.Must(t, "text", string(e.Bytes()), "a\u0301bx")
	press(e, tea.KeyBackspace, tea.KeyBackspace)
	tuitest.Must(t, "a mark goes with its letter", string(e.Bytes()), "x")

	e = newTestEditor("aX\nb")
	e.SetCursor(1)
	e.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'\r'}})
	press(e, tea.KeyDelete)
	tuitest.Must(t, "a line end made by hand", string(e.Bytes()), "a\r\nb")
	tuitest.Must(t, "is one place", e.cursor, 1)
}

func TestEditorView(t *testing.T) {
	t.Parallel()
	e := newTestEditor("{\r\n\t\"a\": \"\x00世\"\n}")
	e.Resize(30, 5)
	e.SetMarks([]Mark{{Offset: 4, Severity: MarkWarning, Text: "unknown"}, {Offset: 8, Severity: MarkError, Text: "bad"}, {Offset: 17, Severity: MarkInformation, Text: "end"}})
	tuitest.Must(t, "view", tuitest.Plain(e.View()), " 1 {␍\n 2✗→   \"a\": \"␀世\"\n 3·}\n\n")
	if m, ok := e.MarkHere(); ok {
		t.Errorf("a mark on line 1: %v", m)
	}
	e.SetCursor(6)
	i, _ := e.MarkHere()
	tuitest.Must(t, "the worst", e.Marks()[i].Text, "bad")
	press(e, tea.KeyCtrlHome)
	typed(e, "\n\n")
	e.SetCursor(10)
	i, _ = e.MarkHere()
	tuitest.Must(t, "marks move", fmt.Sprint(e.Marks()[i].Text, e.Marks()[i].Offset), "bad10")
	tuitest.Must(t, "cut of nothing", e.Update(tea.KeyMsg{Type: tea.KeyTab}), false)
	e.TabInserts = true
	tuitest.Must(t, "tab", e.Update(tea.KeyMsg{Type: tea.KeyTab}), true)
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
	tuitest.Must(t, "move", e.Update(tea.KeyMsg{Type: tea.KeyRight}), false)
	tuitest.Must(t, "the same", e.Revision(), rev)
	tuitest.Must(t, "two runes in one message", e.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("xy")}), true)
	tuitest.Must(t, "text", string(e.Bytes()), "axyb")
	if e.Revision() == rev {
		t.Error("the revision did not change")
	}
	before := e.Bytes()
	typed(e, "z")
	tuitest.Must(t, "bytes given away stay", string(before), "axyb")
	tuitest.Must(t, "alt is no text", e.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q"), Alt: true}), false)
}

func plainTheme() *ui.Theme { return ui.NewTheme(ui.ThemeDark, termenv.Ascii) }

func colourTheme() *ui.Theme { return ui.NewTheme(ui.ThemeDark, termenv.TrueColor) }
