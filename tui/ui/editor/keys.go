package editor

import (
	"bytes"
	"strings"

	"countersign/tui/ui/rows"

	tea "github.com/charmbracelet/bubbletea"
)

// Update takes a key. It reports whether the text changed. Keys that do
// nothing in a text are ignored.
func (e *Editor) Update(msg tea.KeyMsg) (changed bool) {
	before := e.rev
	if !e.editKey(msg) && e.moveKey(msg) {
		e.past.sealed = true
	}
	return e.rev != before
}

func (e *Editor) editKey(msg tea.KeyMsg) bool {
	switch msg.Type {
	case tea.KeyRunes, tea.KeySpace:
		switch {
		case msg.Paste:
			e.put(e.pasted(string(msg.Runes)), changeOther)
		case msg.Alt:
			return false
		default:
			e.put([]byte(string(msg.Runes)), changeTyping)
		}
	case tea.KeyTab:
		if e.TabInserts {
			e.put([]byte(e.indent), changeTyping)
		}
	case tea.KeyEnter:
		e.enter()
	case tea.KeyCtrlA:
		e.SelectAll()
	case tea.KeyCtrlZ:
		e.Undo()
	case tea.KeyCtrlY:
		e.Redo()
	default:
		return e.eraseKey(msg)
	}
	return true
}

// eraseKey takes bytes away: the selection, where there is one.
func (e *Editor) eraseKey(msg tea.KeyMsg) bool {
	from, to, kind := e.cursor, e.cursor, changeOther
	switch msg.Type {
	case tea.KeyBackspace, tea.KeyCtrlH:
		from, kind = e.left(e.cursor), changeErase
		if msg.Alt {
			from = e.wordLeft(e.cursor)
		}
	case tea.KeyDelete:
		to, kind = e.right(e.cursor), changeErase
		if msg.Alt {
			to = e.wordRight(e.cursor)
		}
	case tea.KeyCtrlW:
		from = e.wordLeft(e.cursor)
	case tea.KeyCtrlU:
		from = e.buf.LineStart(e.cursor)
	case tea.KeyCtrlK:
		if to = e.textEnd(e.cursor); to == e.cursor {
			to = e.right(e.cursor)
		}
	default:
		return false
	}
	if e.Selecting() {
		from, to = e.Selection()
		kind = changeOther
	}
	e.edit(from, to-from, nil, kind)
	return true
}

// put writes bytes at the cursor, over the selection where there is one.
func (e *Editor) put(b []byte, kind changeKind) {
	from, to := e.Selection()
	e.edit(from, to-from, b, kind)
}

// pasted returns the bytes of a paste as they came, but for one thing: many
// terminals send a lone CR for each line end of what is pasted. A text that
// has CR and no LF at all is taken for that.
func (e *Editor) pasted(s string) []byte {
	if strings.Contains(s, "\r") && !strings.Contains(s, "\n") {
		s = strings.ReplaceAll(s, "\r", e.eol)
	}
	return []byte(s)
}

// enter breaks the line and indents the new one like it, a level deeper
// after an opening bracket; a closing one behind the cursor goes on a new line.
func (e *Editor) enter() {
	from, to := e.Selection()
	start := e.buf.LineStart(from)
	line := e.buf.Slice(max(start, from-rows.SegmentBytes), from)
	lead := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
	if from-start > len(line) || len(lead) > 256 {
		lead = nil // not a line that a person indented
	}
	insert := e.eol + string(lead)
	back := 0
	if text := bytes.TrimRight(line, " \t"); len(text) > 0 && (text[len(text)-1] == '{' || text[len(text)-1] == '[') {
		insert += e.indent
		if next := e.buf.Slice(to, min(to+1, e.buf.Size())); len(next) > 0 && next[0] == text[len(text)-1]+2 {
			closing := e.eol + string(lead)
			insert += closing
			back = len(closing)
		}
	}
	e.edit(from, to-from, []byte(insert), changeOther)
	if back > 0 {
		e.moveTo(e.cursor - back)
	}
}
