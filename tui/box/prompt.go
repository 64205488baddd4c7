package box

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/hint"
	"countersign/tui/ui"
)

// Prompt asks for a line of text.
type Prompt struct {
	frame
	title string
	done  func(string) (tea.Cmd, error)
	Input *ui.Input
	err   error    // why the text was not taken
	notes []string // that, or what the keys do; wrapped
}

// NewPrompt makes the box, with the text that it begins with. done takes what is
// typed, or says why not.
func NewPrompt(theme *ui.Theme, title, text string, done func(string) (tea.Cmd, error)) *Prompt {
	p := &Prompt{frame: frame{theme: theme}, title: title, done: done, Input: ui.NewInput(theme)}
	p.Input.SetValue(text)
	p.Input.Focus()
	return p
}

// Resize implements Box.
func (p *Prompt) Resize(w, h int) {
	p.within(w, h, 100, 4)
	p.Input.Resize(p.w - 4)
	style, note := p.theme.Muted, p.Keys()
	if p.err != nil {
		style, note = p.theme.Bad, "✗ "+ui.Safe(hint.Sentence(p.err))
	}
	p.notes = nil
	for _, l := range ui.AtMost(ui.Words(note, max(1, p.w-4)), max(1, h-5), max(1, p.w-4)) {
		p.notes = append(p.notes, " "+style.Render(l))
	}
	p.within(w, h, 100, 3+len(p.notes))
}

// fail says why the text was not taken; nil: nothing is wrong with it.
func (p *Prompt) fail(err error) {
	p.err = err
	p.Resize(p.screen.w, p.screen.h)
}

// Key implements Box.
func (p *Prompt) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case p.leaves(msg, "", true):
		return nil, true
	case msg.String() == "enter":
		cmd, err := p.done(p.Input.Value())
		p.fail(err)
		return cmd, err == nil
	}
	if p.Input.Update(msg) {
		p.fail(nil)
	}
	return nil, false
}

// View implements Box.
func (p *Prompt) View() string {
	return p.bordered(ui.Safe(p.title), "", append([]string{" " + p.Input.View()}, p.notes...))
}

// Keys implements Box.
func (p *Prompt) Keys() string {
	return p.theme.Words("enter takes it · {cancel} leaves it as it was")
}

// Typing implements Box.
func (p *Prompt) Typing() bool { return true }
