package request

import (
	"bytes"
	"encoding/json"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/catalog"
	"countersign/apiclient/variables"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// shown is the text that is looked at and searched: the body, or the expanded
// one where it stands in the body's place.
func (p *Pane) shown() *ui.Editor {
	if p.showExpanded && !p.both() {
		return p.beside
	}
	return p.editor
}

// whileEditing are the actions that change the text at the cursor.
var whileEditing = map[keymap.ID]bool{
	keymap.EditCopy: true, keymap.EditCut: true, keymap.EditPaste: true, keymap.EditSelectAll: true, keymap.EditDeleteLine: true,
	keymap.EditDuplicate: true, keymap.EditLineUp: true, keymap.EditLineDown: true,
}

// refusesText says why an action on the text is not possible now.
func (p *Pane) refusesText(id keymap.ID) string {
	if whileEditing[id] && !p.editing {
		return p.theme.Words("It works while the body is edited: {request.edit}")
	}
	switch id {
	case keymap.RequestReplAll:
		if p.bar.kind != keymap.RequestReplace {
			return p.theme.Words("{request.replace} asks first what to replace, and with what")
		}
	case keymap.RequestFault, keymap.RequestFaultPrev:
		if len(p.editor.Marks()) == 0 {
			return "No fault was found in the body"
		}
	case keymap.RequestUndo:
		if !p.editor.CanUndo() {
			return "There is nothing to undo"
		}
	case keymap.RequestRedo:
		if !p.editor.CanRedo() {
			return "There is nothing to do again"
		}
	case keymap.EditPaste:
		if p.clip == nil {
			return "Nothing was cut or copied here: paste with the key of your terminal"
		}
	}
	return ""
}

// actOnText does the actions of the body's text. It reports whether it is one
// of them.
func (p *Pane) actOnText(id keymap.ID) (cmd tea.Cmd, mine bool) {
	before := p.editor.Revision()
	switch id {
	case keymap.RequestExpanded:
		p.toggleExpanded()
	case keymap.RequestUndo:
		p.editor.Undo()
	case keymap.RequestRedo:
		p.editor.Redo()
	case keymap.RequestFormat:
		cmd = p.layOut("pretty-printing", "pretty-printed", indent)
	case keymap.RequestCompact:
		cmd = p.layOut("compacting", "compacted", json.Compact)
	case keymap.RequestFind, keymap.RequestReplace, keymap.RequestLine:
		p.tab = bodyTab
		p.openBar(id)
	case keymap.RequestReplAll:
		return p.replaceAll(), true
	case keymap.RequestFindNext:
		cmd = p.step(1)
	case keymap.RequestFindPrev:
		cmd = p.step(-1)
	case keymap.RequestFault:
		p.stepFault(1)
	case keymap.RequestFaultPrev:
		p.stepFault(-1)
	case keymap.RequestBracket:
		p.tab = bodyTab
		if !p.shown().JumpBracket() {
			cmd = ui.Tell("There is no bracket at the cursor that has another one")
		}
	default:
		if !whileEditing[id] {
			return nil, false
		}
		cmd = p.actOnLines(id)
	}
	return p.after(before, cmd), true
}

// after tells of an edit, if one was made.
func (p *Pane) after(before int, cmd tea.Cmd) tea.Cmd {
	if p.editor.Revision() == before {
		return cmd
	}
	return tea.Batch(cmd, ui.Emit(Edited{}))
}

func (p *Pane) actOnLines(id keymap.ID) tea.Cmd {
	switch e := p.editor; id {
	case keymap.EditCopy, keymap.EditCut:
		what := "line"
		if e.Selecting() {
			what = "selection"
		}
		text := e.Selected()
		if len(text) == 0 {
			return ui.Tell("The line is empty")
		}
		p.clip = text
		if id == keymap.EditCut {
			e.Cut()
		}
		return ui.CopyText(what, string(text))
	case keymap.EditPaste:
		e.Insert(p.clip)
	case keymap.EditSelectAll:
		e.SelectAll()
	case keymap.EditDeleteLine:
		e.DeleteLines()
	case keymap.EditDuplicate:
		e.DuplicateLines()
	case keymap.EditLineUp:
		e.MoveLines(-1)
	case keymap.EditLineDown:
		e.MoveLines(1)
	}
	return nil
}

// Drag selects text with the mouse.
func (p *Pane) Drag(x, y int) tea.Cmd {
	if p.tab == bodyTab && p.editing && p.shown() == p.editor {
		p.editor.Drag(x, y-p.bodyRow())
	}
	return nil
}

// DoubleClick selects a word.
func (p *Pane) DoubleClick(x, y int) tea.Cmd {
	if p.tab == bodyTab && p.editing && p.overEditor(x, y) {
		p.editor.ClickWord(x, y-p.bodyRow())
		return nil
	}
	return p.Click(x, y)
}

// step goes to the next or previous match; without a search, to a fault.
func (p *Pane) step(direction int) tea.Cmd {
	e := p.shown()
	switch _, count := e.Matches(); {
	case e.Query() != "" && count == 0 && !e.Counting():
		return ui.Tell(fmt.Sprintf("%q is not in the body", e.Query()))
	case e.Query() != "":
		e.FindNext(direction)
	case len(p.editor.Marks()) > 0:
		p.stepFault(direction)
	default:
		return ui.Tell(p.theme.Words("No search and no fault: {request.find} finds a text"))
	}
	return nil
}

func (p *Pane) stepFault(direction int) {
	p.tab = bodyTab
	p.showExpanded = p.showExpanded && p.both()
	p.editor.NextMark(direction)
}

// layOut rewrites the white space of the body, because the person asked for
// it: nothing else ever does.
func (p *Pane) layOut(doing, name string, lay func(out *bytes.Buffer, text []byte) error) tea.Cmd {
	body := p.editor.Bytes()
	_, _, cursor := p.editor.Cursor()
	eol, unit := p.editor.Habits()
	return p.rewrite(doing, func(stop func() bool) (m rewritten) {
		m.at = -1
		text, mark := body, 0
		if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
			mark, text = 3, text[3:] // a byte order mark stays where it is
		}
		out, err := variables.Format(text, func(out *bytes.Buffer, text []byte) error { return lay(out, text) })
		if err != nil {
			m.refused, m.says = true, "Only JSON can be "+name+": "+err.Error()
			if faults := (catalog.Endpoint{}).Check(variables.Mask(text)); len(faults) > 0 {
				f := faults[0]
				m.says, m.at = fmt.Sprintf("Only JSON can be %s: line %d, column %d: %s", name, f.Line, f.Column, f.Message), f.Offset+mark
			}
			return m
		}
		if stop() {
			return m
		}
		if name == "pretty-printed" {
			out = inHabit(out, eol, unit)
		}
		out = append(body[:mark:mark], out...)
		if m.body = ui.NewRewrite(body, out, follow(body, out, cursor)); m.body == nil {
			m.says = "The body is laid out like this already"
		}
		return m
	})
}

func indent(out *bytes.Buffer, b []byte) error { return json.Indent(out, b, "", "\t") }

// inHabit gives the lines of an indented text the line ends and the indentation
// that the body had. Strings of JSON hold neither line ends nor tabs.
func inHabit(b []byte, eol, unit string) []byte {
	text := bytes.TrimRight(b, " \t\r\n")
	tail := b[len(text):]
	if eol == "\n" && unit == "\t" {
		return b
	}
	var out bytes.Buffer
	out.Grow(len(b) + len(b)/4)
	for line := range bytes.Lines(text) {
		rest := bytes.TrimLeft(line, "\t")
		for range len(line) - len(rest) {
			out.WriteString(unit)
		}
		if cut, ok := bytes.CutSuffix(rest, []byte("\n")); ok {
			out.Write(cut)
			out.WriteString(eol)
		} else {
			out.Write(rest)
		}
	}
	out.Write(tail)
	return out.Bytes()
}

// follow gives the place in a text that has other white space than another at
// which the same byte stands.
func follow(from, to []byte, cursor int) int {
	n := 0
	for _, c := range from[:cursor] {
		if !blank(c) {
			n++
		}
	}
	for i, c := range to {
		if blank(c) {
			continue
		}
		if n == 0 {
			return i
		}
		n--
	}
	return len(to)
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
