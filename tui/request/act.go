package request

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Refuses says why an action is not possible now.
func (p *Pane) Refuses(id keymap.ID) string {
	switch id {
	case keymap.Cancel:
		if p.job == nil && !p.editing && !p.showExpanded && !p.bar.open() && p.shown().Query() == "" && !p.leavesForm() {
			return "There is nothing to leave"
		}
	case keymap.RequestExample:
		if !p.Edited() {
			return "Nothing was edited"
		}
	case keymap.RequestExpanded:
		if p.expandErr != nil {
			return "The variables have no value yet: " + p.expandErr.Error()
		}
	case keymap.RequestEdit:
		if p.open().target == "" {
			return "Choose an endpoint first"
		}
	}
	if _, field := fieldActs[id]; field {
		return p.refusesField(id)
	}
	return p.refusesText(id)
}

// Act does an action.
func (p *Pane) Act(id keymap.ID) tea.Cmd { return p.withWork(p.act(id)) }

// withWork adds what the texts that are shown have to do beside Update.
func (p *Pane) withWork(cmd tea.Cmd) tea.Cmd {
	return tea.Batch(cmd, p.editor.Work(), p.beside.Work())
}

func (p *Pane) act(id keymap.ID) tea.Cmd {
	if cmd, mine := p.actOnField(id); mine {
		return cmd
	}
	switch id {
	case keymap.RequestEdit:
		return p.edit()
	case keymap.Cancel:
		if p.stopRewriting() {
			return ui.Tell("Stopped: the body is as it was")
		}
		p.leave()
	case keymap.RequestTabNext:
		return p.turnTab((p.tab + 1) % tab(len(tabs)))
	case keymap.RequestTabPrev:
		return p.turnTab((p.tab + tab(len(tabs)) - 1) % tab(len(tabs)))
	case keymap.RequestTarget:
		return ui.Emit(TargetAsked{Target: p.open().target})
	case keymap.RequestEditor:
		d := p.open()
		return ui.Emit(EditorAsked{Body: p.editor.Bytes(), Done: func(body []byte) tea.Cmd { return p.replaceIn(d, body) }})
	case keymap.RequestExample:
		d := p.open()
		d.target = d.firstTarget()
		old := p.editor.Bytes()
		_, _, cursor := p.editor.Cursor()
		return tea.Batch(ui.Emit(Edited{}), p.rewrite("putting it back", func(func() bool) rewritten {
			return rewritten{at: -1, body: ui.NewRewrite(old, d.original, cursor)}
		}))
	case keymap.Copy:
		return p.copy()
	default:
		if cmd, mine := p.actOnText(id); mine {
			return cmd
		}
		p.scrollBy(id)
	}
	return nil
}

// edit goes into the body.
func (p *Pane) edit() tea.Cmd {
	p.startEditing()
	return nil
}

// leave goes back by one step: out of the bar, the selection, the editor, the
// search, the expanded body.
func (p *Pane) leave() {
	if p.complete.close() || p.leaveForm() {
		p.refit()
		return
	}
	switch {
	case p.bar.open():
		p.closeBar()
	case p.editing && p.editor.Unselect():
	case p.editing:
		p.stopEditing()
	case p.shown().Query() != "":
		p.shown().Find("")
	default:
		p.showExpanded = false
	}
}

// turnTab opens a tab. A value that is being typed in the form is taken first;
// while it cannot be, the form stays.
func (p *Pane) turnTab(t tab) tea.Cmd {
	cmd := ui.Emit(Turned{})
	if p.TakeTyped() {
		cmd = tea.Batch(ui.Emit(Edited{}), cmd)
	}
	if p.Untaken() {
		return nil
	}
	p.openTab(t)
	return cmd
}

// Untaken reports that a value is being typed in the form that is not in the
// body.
func (p *Pane) Untaken() bool {
	e := p.form.edit
	return e != nil && e.purpose == forValue && e.input.Value() != e.began
}

func (p *Pane) openTab(t tab) {
	p.tab = t
	p.showExpanded = false
	p.bar.shut()
	p.refit()
}

func (p *Pane) copy() tea.Cmd {
	switch {
	case p.tab == fieldsTab:
		return p.copyField()
	case p.tab == docsTab:
		return ui.CopyText("path", p.open().target)
	case p.expanded != nil:
		return ui.CopyText("request body", string(p.expanded))
	default:
		return ui.CopyText("request body", string(p.editor.Bytes()))
	}
}

// steps is how far each scrolling action goes: in lines, pages, or to an end.
var steps = map[keymap.ID]struct{ lines, pages, end int }{
	keymap.RequestUp: {lines: -1}, keymap.RequestDown: {lines: 1},
	keymap.RequestPageUp: {pages: -1}, keymap.RequestPageDn: {pages: 1},
	keymap.RequestTop: {end: -1}, keymap.RequestBottom: {end: 1},
}

func (p *Pane) scrollBy(id keymap.ID) {
	s, ok := steps[id]
	if !ok {
		return
	}
	lines := s.lines + s.pages*max(1, p.contentHeight()-1)
	if s.end != 0 {
		lines = s.end * (1 << 30)
	}
	p.move(lines)
}

// move scrolls what the open tab shows.
func (p *Pane) move(lines int) {
	switch {
	case p.tab == fieldsTab:
		p.moveField(lines)
	case p.tab == docsTab:
		p.scroll = max(0, min(p.scroll+lines, len(p.docLines())-p.contentHeight()))
	default:
		p.shown().ScrollBy(lines)
	}
}

// Click opens a tab, or puts the cursor where the mouse is.
func (p *Pane) Click(x, y int) tea.Cmd {
	if y == 0 {
		if i, ok := ui.TabAt(tabs, x); ok {
			return p.turnTab(tab(i))
		}
		return nil
	}
	switch {
	case p.tab == fieldsTab:
		return p.clickField(y - 1)
	case p.tab == bodyTab && p.overEditor(x, y):
		p.startEditing()
		p.editor.Click(x, y-p.bodyRow())
	}
	return nil
}

// Wheel scrolls.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.move(lines)
	return nil
}
