package request

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Focus ends editing when the focus leaves.
func (p *Pane) Focus(on bool) {
	p.focus = on
	if !on {
		p.bar.shut()
		p.leaveParams()
		if p.editing {
			p.stopEditing()
		}
	}
	p.editor.Quiet(on) // shows the place while it is read: what n, % and e start from
}

// Typing reports whether keys go into the body, or into the bar below it.
func (p *Pane) Typing() bool {
	return p.editing || p.bar.open() || p.params.input != nil || p.tab == fieldsTab && p.form.edit != nil
}

// Type edits the body.
func (p *Pane) Type(msg tea.KeyMsg) tea.Cmd { return p.withWork(p.typed(msg)) }

func (p *Pane) typed(msg tea.KeyMsg) tea.Cmd {
	if cmd, mine := p.completeKey(msg); mine {
		return cmd
	}
	if p.params.input != nil {
		return p.paramKey(msg)
	}
	if p.form.edit == nil { // a paste is spelled in brackets, as no key is
		if action, ok := p.theme.Keys().Typed(keymap.Request, msg.String()); ok && (!p.bar.open() || besideBar[action.ID]) {
			if why := action.Refuses(); why != "" {
				return ui.Tell(why)
			}
			return action.Do()
		}
	}
	if p.bar.open() {
		return p.typeInBar(msg)
	}
	if p.form.edit != nil {
		return tea.Batch(p.typeForm(msg), p.completed())
	}
	if p.editor.Update(msg) {
		return tea.Batch(ui.Emit(Edited{}), p.completed())
	}
	return nil
}

// keyNow names the key of an action that works now: while text is typed, one
// that types no character.
func (p *Pane) keyNow(id keymap.ID) string {
	a, _ := p.theme.Keys().Get(id)
	if p.Typing() {
		return a.KeyWhile(true)
	}
	return p.theme.Keys().KeyName(id)
}

func (p *Pane) startEditing() {
	p.form.edit = nil
	p.leaveParams()
	p.tab, p.editing = bodyTab, true
	p.showExpanded = p.showExpanded && p.both()
	p.editor.OnScreen()
	p.editor.Focus()
	p.refit()
}

func (p *Pane) stopEditing() {
	if p.complete.close() {
		defer p.refit()
	}
	p.editing = false
	p.editor.Unselect()
	p.editor.Blur()
}
