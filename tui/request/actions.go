package request

import (
	"countersign/tui/ui/editor"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Actions are what can be done in the request pane: with the draft, in the text
// of its body, and with its fields.
func (p *Pane) Actions() keymap.Actions {
	all := keymap.In(keymap.Request, p.draftActions(), p.paramActions(), p.textActions(),
		ui.Moves(keymap.Request, "Go", "the start", "the end", p.move), p.fieldActions(), p.stepActions())
	for i, a := range all {
		if a.Do != nil {
			all[i].Do = func() tea.Cmd { return p.withWork(a.Do()) }
		}
	}
	return all
}

func (p *Pane) draftActions() keymap.Actions {
	on := keymap.On
	return keymap.Actions{
		{ID: "request.edit", Keys: on("e", "enter", "i"), Short: "edit", Footer: 15, Long: "Edit the body",
			Do: ui.Just(p.startEditing), Cannot: p.noDraft},
		{ID: "request.tab-next", Keys: on("]", "right", "l"), Short: "fields, docs", Footer: 18,
			Long: "Show the next of Body, Fields, Docs", Do: p.turn(1)},
		{ID: "request.tab-previous", Keys: on("[", "left", "h"), Long: "Show the previous of Body, Fields, Docs", Do: p.turn(-1)},
		{ID: "request.target", Keys: on("t"), Short: "path", Footer: 19, Now: p.targetWord,
			Long: "Edit the path and query that are requested, or of a callback the URL it goes to",
			Do:   func() tea.Cmd { return ui.Emit(TargetAsked{Target: p.open().target, Callback: p.Callback()}) }},
		{ID: "request.expanded", Keys: on("v", "alt+v"), Short: "expanded", Footer: 20, Typing: true,
			Long: "Show the body with its variables expanded, as it will be signed and sent; beside it where there is room",
			Do:   ui.Just(p.toggleExpanded), Cannot: p.cannotExpand},
		{ID: "request.editor", Keys: on("ctrl+o"), Short: "$EDITOR", Footer: 21, Always: true,
			Long: "Open the body in $EDITOR, byte for byte", Do: p.askEditor},
		{ID: "request.format", Keys: on("F", "alt+p"), Typing: true,
			Long: "Pretty-print the body (changes its white space, nothing else)", Do: p.prettyPrint},
		{ID: "request.compact", Keys: on("C", "alt+l"), Typing: true,
			Long: "Compact the body to one line (changes its white space, nothing else)", Do: p.compact},
		{ID: "request.example", Keys: on("x"), Long: "Put the endpoint's example back", Do: p.putBack, Cannot: p.unedited},
		{ID: keymap.Copy, Do: p.copy},
		{ID: keymap.Cancel, Do: p.cancel, Cannot: p.nothingToLeave},
	}
}

func (p *Pane) noDraft() string {
	return keymap.When(p.open().target == "", "Choose an endpoint first")
}

func (p *Pane) unedited() string { return keymap.When(!p.Edited(), "Nothing was edited") }

func (p *Pane) cannotExpand() string {
	if p.expandErr != nil {
		return "The variables have no value yet: " + p.expandErr.Error()
	}
	return ""
}

func (p *Pane) nothingToLeave() string {
	typing := p.editing || p.params.input != nil || p.bar.open()
	some := p.job.Running() || typing || p.showExpanded || p.shown().Query() != "" || p.leavesForm()
	return keymap.When(!some, "There is nothing to leave")
}

// withWork adds what the texts that are shown have to do beside Update.
func (p *Pane) withWork(cmd tea.Cmd) tea.Cmd {
	return tea.Batch(cmd, p.editor.Work(), p.beside.Work())
}

func (p *Pane) turn(by int) func() tea.Cmd {
	return func() tea.Cmd { return p.turnTab((p.tab + tab(len(tabs)+by)) % tab(len(tabs))) }
}

func (p *Pane) askEditor() tea.Cmd {
	d := p.open()
	return ui.Emit(EditorAsked{Body: p.editor.Bytes(), Done: func(body []byte) tea.Cmd { return p.replaceIn(d, body) }})
}

// putBack begins the draft again.
func (p *Pane) putBack() tea.Cmd {
	d := p.open()
	d.target = d.firstTarget()
	clear(d.params)
	old := p.editor.Bytes()
	_, _, cursor := p.editor.Cursor()
	return tea.Batch(ui.Emit(Edited{}), p.rewrite("putting it back", func(func() bool) rewritten {
		return rewritten{at: -1, body: editor.NewRewrite(old, d.original, cursor)}
	}))
}

// cancel stops a rewrite of the body, or leaves what was opened last.
func (p *Pane) cancel() tea.Cmd {
	if p.stopRewriting() {
		return ui.Tell("Stopped: the body is as it was")
	}
	p.leave()
	return nil
}

// leave goes back by one step: out of the bar, the selection, the editor, the
// search, the expanded body.
func (p *Pane) leave() {
	if p.complete.close() || p.leaveParams() || p.leaveForm() {
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

// move moves the cursor over the fields, or scrolls what else is shown.
func (p *Pane) move(m ui.Move) tea.Cmd {
	p.scrollBy(m.Rows(p.contentHeight()))
	return nil
}

func (p *Pane) scrollBy(lines int) {
	switch {
	case p.tab == fieldsTab:
		p.moveField(lines)
	case p.tab == docsTab:
		p.scrollDocs(lines)
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
	rows := p.paramRows()
	switch {
	case y <= rows:
		return p.typeParam(p.params.list.Offset + y - 1)
	case p.tab == fieldsTab:
		p.leaveParams()
		return p.clickField(y - 1 - rows)
	case p.tab == bodyTab && p.overEditor(x, y):
		p.startEditing()
		p.editor.Click(x, y-p.bodyRow())
	}
	return nil
}

// Wheel scrolls.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.scrollBy(lines)
	return nil
}

// Targets are the tabs.
func (p *Pane) Targets() []ui.Target {
	return ui.TabTargets(tabs, 0, func(i int) tea.Cmd { return p.turnTab(tab(i)) })
}
