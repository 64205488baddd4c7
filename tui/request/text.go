package request

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"

	"countersign/tui/ui/editor"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/catalog"
	"countersign/apiclient/variables"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// shown is the text that is looked at and searched: the body, or the expanded
// one where it stands in the body's place.
func (p *Pane) shown() *editor.Editor {
	if p.showExpanded && !p.both() {
		return p.beside
	}
	return p.editor
}

// textActions are those in the body's text. Most work while it is read too.
func (p *Pane) textActions() keymap.Actions {
	on, e := keymap.On, func() *editor.Editor { return p.editor }
	editing := keymap.Actions{
		{ID: "edit.cut", Keys: on("ctrl+x"), Typing: true, Long: "Cut the selection, or the line, while editing", Do: p.cut},
		{ID: "edit.copy", Keys: on("alt+c"), Typing: true, Long: "Copy the selection, or the line, while editing", Do: p.copySelected},
		{ID: "edit.paste", Keys: on("ctrl+v"), Typing: true, Long: "Put in what was cut or copied in the body last, while editing",
			Do: p.edits(func() { e().Insert(p.clip) }), Cannot: p.noClip},
		{ID: "edit.select-all", Keys: on("ctrl+a"), Typing: true, Long: "Select the whole body, while editing",
			Do: ui.Just(func() { e().SelectAll() })},
		{ID: "edit.delete-line", Keys: on("alt+k"), Typing: true, Long: "Delete the line, or the selected ones, while editing",
			Do: p.edits(func() { e().DeleteLines() })},
		{ID: "edit.duplicate-line", Keys: on("alt+d"), Typing: true, Long: "Duplicate the line, or the selected ones, while editing",
			Do: p.edits(func() { e().DuplicateLines() })},
		{ID: "edit.line-up", Keys: on("alt+up"), Typing: true, Long: "Move the line, or the selected ones, up, while editing",
			Do: p.edits(func() { e().MoveLines(-1) })},
		{ID: "edit.line-down", Keys: on("alt+down"), Typing: true, Long: "Move the line, or the selected ones, down, while editing",
			Do: p.edits(func() { e().MoveLines(1) })},
		{ID: "edit.select", Text: true,
			Keys: on("shift+left", "shift+right", "shift+up", "shift+down", "shift+home", "shift+end"),
			Long: "Select, while editing; with ctrl a word, or to the start or the end; the mouse drags, a double click takes " +
				"a word"},
		{ID: "edit.word", Keys: on("ctrl+left", "ctrl+right"), Text: true, Long: "Go a word back or on, while editing"},
		{ID: "edit.ends", Keys: on("ctrl+home", "ctrl+end"), Text: true, Long: "Go to the start or the end, while editing"},
		{ID: "edit.delete-word", Keys: on("ctrl+w"), Text: true, Long: "Delete the word before the cursor, while editing"},
		{ID: "edit.delete-rest", Keys: on("ctrl+k", "ctrl+u"), Text: true,
			Long: "Delete the rest of the line, or what is before the cursor, while editing"},
	}
	return append(keymap.Actions{
		{ID: "request.fault", Keys: on("alt+n", "f8"), Short: "next fault", Footer: 16, Typing: true,
			Long: "Go to the next fault of the body", Do: ui.Just(func() { p.stepFault(1) }), Cannot: p.noFault},
		{ID: "request.fault-previous", Keys: on("alt+N"), Typing: true, Long: "Go to the fault before",
			Do: ui.Just(func() { p.stepFault(-1) }), Cannot: p.noFault},
		{ID: "request.undo", Keys: on("ctrl+z", "u"), Short: "undo", Footer: 22, Typing: true, Long: "Undo the last change of the body",
			Do: p.edits(func() { e().Undo() }), Cannot: p.nothingToUndo},
		{ID: "request.redo", Keys: on("ctrl+y", "U"), Typing: true, Long: "Do again what was undone",
			Do: p.edits(func() { e().Redo() }), Cannot: p.nothingToRedo},
		{ID: "request.find", Keys: on("/", "ctrl+f"), Short: "find", Footer: 45, Typing: true, Long: "Find a text in the body",
			Do: p.opensBar(barFind)},
		{ID: "request.find-next", Keys: on("n"), Long: "Go to the next match; without a search, to the next fault",
			Do: func() tea.Cmd { return p.step(1) }},
		{ID: "request.find-previous", Keys: on("N"), Long: "Go to the match before; without a search, to the fault before",
			Do: func() tea.Cmd { return p.step(-1) }},
		{ID: "request.replace", Keys: on("alt+r", "R"), Typing: true, Long: "Find a text in the body and replace it, one by one or all",
			Do: p.opensBar(barReplace)},
		{ID: "request.replace-all", Keys: on("alt+a"), Typing: true, Long: "Replace all that is found, while replacing",
			Do: p.replaceAll, Cannot: p.notReplacing},
		{ID: "request.line", Keys: on("ctrl+g"), Typing: true, Long: "Go to a line of the body", Do: p.opensBar(barLine)},
		{ID: "request.bracket", Keys: on("alt+m", "ctrl+]", "%"), Typing: true,
			Long: "Go to the bracket that belongs to the one at the cursor", Do: p.jumpBracket},
	}, editing.Unless(p.notEditing)...)
}

func (p *Pane) notEditing() string {
	return keymap.When(!p.editing, p.theme.Words("It works while the body is edited: {request.edit}"))
}

func (p *Pane) noClip() string {
	nothing := keymap.When(p.clip == nil, "Nothing was cut or copied here: paste with the key of your terminal")
	return cmp.Or(p.notEditing(), nothing)
}

func (p *Pane) notReplacing() string {
	return keymap.When(p.bar.kind != barReplace,
		p.theme.Words("{request.replace} asks first what to replace, and with what"))
}

func (p *Pane) noFault() string {
	return keymap.When(len(p.editor.Marks()) == 0, "No fault was found in the body")
}

func (p *Pane) nothingToUndo() string {
	return keymap.When(!p.editor.CanUndo(), "There is nothing to undo")
}

func (p *Pane) nothingToRedo() string {
	return keymap.When(!p.editor.CanRedo(), "There is nothing to do again")
}

// edits makes an action of an edit, which reports it where it changed the body.
func (p *Pane) edits(edit func()) func() tea.Cmd {
	return func() tea.Cmd {
		before := p.editor.Revision()
		edit()
		return p.after(before, nil)
	}
}

// after reports an edit, if one was made.
func (p *Pane) after(before int, cmd tea.Cmd) tea.Cmd {
	if p.editor.Revision() == before {
		return cmd
	}
	return tea.Batch(cmd, ui.Emit(Edited{}))
}

func (p *Pane) opensBar(kind barKind) func() tea.Cmd {
	return ui.Just(func() {
		p.tab = bodyTab
		p.openBar(kind)
	})
}

func (p *Pane) jumpBracket() tea.Cmd {
	p.tab = bodyTab
	if !p.shown().JumpBracket() {
		return ui.Tell("No matching bracket at the cursor")
	}
	return nil
}

func (p *Pane) cut() tea.Cmd {
	before, cmd := p.editor.Revision(), p.copySelected()
	if len(p.editor.Selected()) > 0 {
		p.editor.Cut()
	}
	return p.after(before, cmd)
}

// copySelected copies the selection, or the line.
func (p *Pane) copySelected() tea.Cmd {
	what, text := "line", p.editor.Selected()
	if p.editor.Selecting() {
		what = "selection"
	}
	if len(text) == 0 {
		return ui.Tell("The line is empty")
	}
	p.clip = text
	return ui.CopyText(what, string(text))
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

func (p *Pane) prettyPrint() tea.Cmd { return p.layOut("pretty-printing", "pretty-printed", indent) }

func (p *Pane) compact() tea.Cmd { return p.layOut("compacting", "compacted", json.Compact) }

// layOut rewrites the white space of the body, because the person asked for
// it: nothing else ever does.
func (p *Pane) layOut(doing, name string, lay func(out *bytes.Buffer, text []byte) error) tea.Cmd {
	body := p.editor.Bytes()
	_, _, cursor := p.editor.Cursor()
	eol, unit := p.editor.Habits()
	return p.rewrite(doing, func(stop func() bool) (m rewritten) {
		m.at = -1
		text := bytes.TrimPrefix(body, byteOrderMark) // which stays where it is
		mark := len(body) - len(text)
		out, err := variables.Format(text, lay)
		if err != nil {
			m.refused, m.says = true, "Only JSON can be "+name+": "+err.Error()
			if faults := (catalog.Endpoint{}).Check(variables.Mask(text)); len(faults) > 0 {
				f := faults[0]
				m.says, m.at = fmt.Sprintf("Only JSON can be %s: line %d, column %d: %s", name, f.Line, f.Column,
					f.Message), f.Offset+mark
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
		if m.body = editor.NewRewrite(body, out, follow(body, out, cursor)); m.body == nil {
			m.says = "Already formatted"
		}
		return m
	})
}

func indent(out *bytes.Buffer, b []byte) error { return json.Indent(out, b, "", "\t") }

// inHabit returns the lines of an indented text the line ends and the indentation
// that the body had. Strings of JSON hold neither line ends nor tabs.
func inHabit(b []byte, eol, unit string) []byte {
	text := bytes.TrimRight(b, " \t\r\n")
	tail := b[len(text):]
	if eol == "\n" && unit == "\t" {
		return b
	}
	text = bytes.ReplaceAll(text, []byte("\t"), []byte(unit))
	return append(bytes.ReplaceAll(text, []byte("\n"), []byte(eol)), tail...)
}

// follow returns the place in a text that has other white space than another at
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
