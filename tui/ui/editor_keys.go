package ui

import (
	"bytes"
	"strings"

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
			e.edit(e.cursor, 0, e.pasted(string(msg.Runes)), changeOther)
		case msg.Alt:
			return false
		default:
			e.edit(e.cursor, 0, []byte(string(msg.Runes)), changeTyping)
		}
	case tea.KeyTab:
		if e.TabInserts {
			e.edit(e.cursor, 0, []byte(e.indent), changeTyping)
		}
	case tea.KeyEnter:
		e.enter()
	case tea.KeyBackspace, tea.KeyCtrlH:
		from := e.left(e.cursor)
		if msg.Alt {
			from = e.wordLeft(e.cursor)
		}
		e.edit(from, e.cursor-from, nil, changeErase)
	case tea.KeyDelete:
		e.edit(e.cursor, e.right(e.cursor)-e.cursor, nil, changeErase)
	case tea.KeyCtrlW:
		from := e.wordLeft(e.cursor)
		e.edit(from, e.cursor-from, nil, changeOther)
	case tea.KeyCtrlU:
		from := e.buf.lineStart(e.cursor)
		e.edit(from, e.cursor-from, nil, changeOther)
	case tea.KeyCtrlK:
		to := e.textEnd(e.cursor)
		if to == e.cursor {
			to = e.right(e.cursor)
		}
		e.edit(e.cursor, to-e.cursor, nil, changeOther)
	case tea.KeyCtrlZ:
		e.Undo()
	case tea.KeyCtrlY:
		e.Redo()
	default:
		return false
	}
	return true
}

// pasted gives the bytes of a paste as they came, but for one thing: many
// terminals send a lone CR for each line end of what is pasted. A text that
// has CR and no LF at all is taken for that.
func (e *Editor) pasted(s string) []byte {
	if strings.Contains(s, "\r") && !strings.Contains(s, "\n") {
		s = strings.ReplaceAll(s, "\r", e.eol)
	}
	return []byte(s)
}

// enter breaks the line and indents the new one like it, a level deeper
// after an opening bracket; a closing one behind the cursor gets a line of its own.
func (e *Editor) enter() {
	start := e.buf.lineStart(e.cursor)
	line := e.buf.slice(max(start, e.cursor-segmentBytes), e.cursor)
	lead := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
	if e.cursor-start > len(line) || len(lead) > 256 {
		lead = nil // not a line that a person indented
	}
	insert := e.eol + string(lead)
	back := 0
	if text := bytes.TrimRight(line, " \t"); len(text) > 0 && (text[len(text)-1] == '{' || text[len(text)-1] == '[') {
		insert += e.indent
		if next := e.buf.slice(e.cursor, min(e.cursor+1, e.buf.size())); len(next) > 0 && next[0] == text[len(text)-1]+2 {
			closing := e.eol + string(lead)
			insert += closing
			back = len(closing)
		}
	}
	e.edit(e.cursor, 0, []byte(insert), changeOther)
	if back > 0 {
		e.moveTo(e.cursor - back)
	}
}
