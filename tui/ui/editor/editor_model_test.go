package editor

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"countersign/tui/tuitest"
	"countersign/tui/ui/rows"

	tea "github.com/charmbracelet/bubbletea"
)

// FuzzEditorModel makes random edits, selections among them, and compares the
// text with a flat slice of bytes that does the same in the plainest way. Then
// undo leads back to the first text, byte for byte, and redo to the last.
func FuzzEditorModel(f *testing.F) {
	f.Add([]byte("{\r\n\t\"a\": \"\x00\xff\"\r\n}"), []byte("\x00\x31\x42\x93\x04\xa5\x06\xf7\x08\x09\x1a\x0b\x2c\x0d\x0e\x0f\x10\x11"))
	f.Add([]byte("\xef\xbb\xbf{}\n\n世界👍🏽"), []byte("\x10\x21\x32\x43\x54\x65\x76\x87\x98\xa9\xba\xcb\xdc\xed\xfe\x0f"))
	f.Add([]byte("aXbxAx\naa\naaa"), []byte("\x0e\x0f\x0c\x0b\x0d\x0a\x09\x08\x07\x06\x05"))
	f.Fuzz(func(t *testing.T, text, steps []byte) {
		if len(text) > 1<<15 || len(steps) > 200 {
			return
		}
		fuzzModel(t, text, steps)
	})
}

func TestEditorModel(t *testing.T) {
	t.Parallel()
	r := tuitest.Seeded(21)
	for range 60 {
		steps := randomBytes(r, r.IntN(120))
		fuzzModel(t, tuitest.Jumble(r, r.IntN(200)), steps)
	}
	// Over many leaves of the buffer.
	for range 3 {
		steps := randomBytes(r, 60)
		fuzzModel(t, tuitest.Jumble(r, 9000), steps)
	}
}

// naive is a text with a cursor and a selection, and nothing clever.
type naive struct{ b []byte }

func (m *naive) splice(from, to int, with []byte) {
	m.b = slices.Concat(m.b[:from], with, m.b[to:])
}

// lines returns the lines with their line ends.
func (m *naive) lines() [][]byte {
	lines := slices.Collect(bytes.Lines(m.b))
	if len(m.b) == 0 || m.b[len(m.b)-1] == '\n' {
		lines = append(lines, nil)
	}
	return lines
}

// touched returns the first and last line of a selection; one that ends at the
// beginning of a line does not touch it.
func (m *naive) touched(from, to int) (first, last int) {
	if from < to && m.b[to-1] == '\n' {
		to--
	}
	return rows.CountLF(m.b[:from]), rows.CountLF(m.b[:to])
}

// ended parts a line from its line end.
func ended(line []byte) (text, end []byte) {
	for _, e := range []string{"\r\n", "\n"} {
		if bytes.HasSuffix(line, []byte(e)) {
			return line[:len(line)-len(e)], line[len(line)-len(e):]
		}
	}
	return line, nil
}

func fuzzModel(t *testing.T, text, steps []byte) {
	t.Helper()
	e := New(plainTheme())
	e.SetBytes(text)
	e.Resize(12+len(text)%40, 1+len(steps)%12)
	e.Focus()
	original := bytes.Clone(text)
	m := &naive{b: bytes.Clone(text)}
	for i, s := range steps {
		step(e, m, int(s), i)
		if !bytes.Equal(e.Bytes(), m.b) {
			t.Fatalf("%q, steps %v: after step %d the text is %q, not %q", original, steps[:i+1], s%modelSteps, e.Bytes(), m.b)
		}
		if !e.Equal(m.b) || len(m.b) > 0 && e.Equal(m.b[1:]) {
			t.Fatal("Equal is wrong")
		}
		if from, to := e.Selection(); from < 0 || to > len(m.b) || e.snap(from) != from || e.snap(to) != to {
			t.Fatalf("the selection is [%d, %d) of %d", from, to, len(m.b))
		}
		check(t, e)
		if t.Failed() {
			t.Fatalf("%q, steps %v", original, steps[:i+1])
		}
	}
	for e.Undo() {
	}
	if !bytes.Equal(e.Bytes(), original) {
		t.Fatalf("%q, steps %v: undo leads to %q", original, steps, e.Bytes())
	}
	for e.Redo() {
	}
	if !bytes.Equal(e.Bytes(), m.b) {
		t.Fatalf("%q, steps %v: redo leads to %q, not %q", original, steps, e.Bytes(), m.b)
	}
	if e.SetCursor(e.Len() / 2); len(e.Bytes()) > 0 {
		_ = e.View()
	}
}

const modelSteps = 20

// step does one thing on both.
func step(e *Editor, m *naive, s, i int) {
	from, to := e.Selection()
	n := len(m.b) + 1
	switch s % modelSteps {
	case 0, 1:
		e.Select((s*31+i*17)%n, (s*7+i*131)%n)
	case 2, 3:
		keys := []tea.KeyType{
			tea.KeyShiftLeft, tea.KeyShiftRight, tea.KeyShiftUp, tea.KeyShiftDown, tea.KeyShiftHome, tea.KeyShiftEnd,
			tea.KeyCtrlShiftLeft, tea.KeyCtrlShiftRight, tea.KeyCtrlShiftHome, tea.KeyCtrlShiftEnd, tea.KeyLeft, tea.KeyRight,
		}
		press(e, keys[(s/modelSteps+i)%len(keys)])
	case 4:
		e.SelectAll()
		e.reveal() // it leaves the screen where it was
		if i%3 > 0 {
			e.Unselect()
		}
	case 5:
		e.Drag(i%e.w, i%(e.h+2)-1)
	case 6:
		e.ClickWord(i%e.w, i%e.h)
	case 7, 8: // what is typed goes over the selection
		typed(e, "x")
		m.splice(from, to, []byte("x"))
	case 9:
		press(e, tea.KeyBackspace)
		if from == to {
			from -= len(m.b) - e.Len()
		}
		m.splice(from, to, nil)
	case 10:
		press(e, tea.KeyDelete)
		if from == to {
			to += len(m.b) - e.Len()
		}
		m.splice(from, to, nil)
	case 11:
		b := []byte("\xff\r\n\t\x00{" + strings.Repeat("long ", s*20))
		e.Insert(b)
		m.splice(from, to, b)
	case 12:
		before := e.Len()
		press(e, tea.KeyEnter)
		m.splice(from, to, e.Bytes()[from:from+e.Len()-before+to-from])
	case 13:
		cutLines(e, m, from, to)
	case 14:
		deleteLines(e, m, from, to)
	case 15:
		duplicateLines(e, m, from, to)
	case 16, 17:
		moveLines(e, m, from, to, 1-s%2*2)
	case 18:
		replaceAll(e, m, []string{"a", "x", "aa", "\n", "\r\n", "{", "long "}[i%7], []string{"", "yy", "\x00", "\r\n"}[s/modelSteps%4])
	default:
		b := append([]byte("[\n"), m.b...)
		if len(m.b) > 20 {
			b = append(m.b[10:20:20], "世]"...)
		}
		e.Replace(b)
		m.b = bytes.Clone(b)
	}
}

func cutLines(e *Editor, m *naive, from, to int) {
	taken := e.Selected()
	e.Cut()
	if from == to {
		line := rows.CountLF(m.b[:from])
		from = len(bytes.Join(m.lines()[:line], nil))
		to = from + len(m.lines()[line])
	}
	if !bytes.Equal(taken, m.b[from:to]) {
		m.b = []byte("what was cut is another text")
		return
	}
	m.splice(from, to, nil)
}

func deleteLines(e *Editor, m *naive, from, to int) {
	first, last := m.touched(from, to)
	lines := m.lines()
	rest := slices.Concat(slices.Clone(lines[:first]), lines[last+1:])
	if last == len(lines)-1 && first > 0 {
		rest[first-1], _ = ended(rest[first-1])
	}
	e.DeleteLines()
	m.b = bytes.Join(rest, nil)
}

func duplicateLines(e *Editor, m *naive, from, to int) {
	first, last := m.touched(from, to)
	lines := m.lines()
	block := bytes.Join(lines[first:last+1], nil)
	text, end := ended(block)
	if end == nil {
		end = []byte(e.eol)
	}
	at := len(bytes.Join(lines[:first], nil)) + len(text)
	e.DuplicateLines()
	m.splice(at, at, append(bytes.Clone(end), text...))
}

func moveLines(e *Editor, m *naive, from, to, direction int) {
	first, last := m.touched(from, to)
	lines := m.lines()
	moved := e.MoveLines(direction)
	if direction < 0 && first == 0 || direction > 0 && last == len(lines)-1 {
		if moved {
			m.b = []byte("there is nowhere to move to")
		}
		return
	}
	if direction < 0 {
		first--
	} else {
		last++
	}
	// The line end between the block and the other line stays between them, and
	// what ends the last of them stays there.
	group := lines[first : last+1]
	_, tail := ended(group[len(group)-1])
	var a, b []byte
	if direction < 0 {
		a, b = group[0], bytes.Join(group[1:], nil)
	} else {
		a, b = bytes.Join(group[:len(group)-1], nil), group[len(group)-1]
	}
	aText, aEnd := ended(a)
	bText, _ := ended(b)
	swapped := slices.Concat(bText, aEnd, aText, tail)
	m.b = slices.Concat(bytes.Join(lines[:first], nil), swapped, bytes.Join(lines[last+1:], nil))
}

func replaceAll(e *Editor, m *naive, what, with string) {
	e.Find(what)
	if r, _ := e.ReplaceWork([]byte(with))(func() bool { return false }); r != nil {
		e.Rewrite(r)
	}
	if what == strings.ToLower(what) && strings.ContainsAny(what, "al") { // it finds capitals too
		var out []byte
		for at := 0; at < len(m.b); {
			if at+len(what) <= len(m.b) && lowerIs(m.b[at:at+len(what)], what) {
				out = append(out, with...)
				at += len(what)
				continue
			}
			out = append(out, m.b[at])
			at++
		}
		m.b = out
		e.Find("")
		return
	}
	m.b = bytes.ReplaceAll(m.b, []byte(what), []byte(with))
	if what == "x" {
		m.b = bytes.ReplaceAll(m.b, []byte("X"), []byte(with))
	}
	e.Find("")
}

// lowerIs reports whether bytes are a text when A to Z are in lower case.
func lowerIs(b []byte, text string) bool {
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != text[i] {
			return false
		}
	}
	return true
}
