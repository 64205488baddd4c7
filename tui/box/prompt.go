package box

import (
	tea "github.com/charmbracelet/bubbletea"

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
	p := &Prompt{title: title, done: done, Input: ui.NewInput(theme)}
	p.frame = frame{theme: theme, typing: true, keys: "enter takes it · {cancel} leaves it as it was"}
	p.Input.SetValue(text)
	p.Input.Focus()
	return p
}

// Resize implements Box.
func (p *Prompt) Resize(w, h int) {
	p.within(w, h, 100, 4)
	p.Input.Resize(p.w - 4)
	p.notes = p.noted(p.err, p.Keys(), max(1, h-5))
	p.within(w, h, 100, 3+len(p.notes))
}

// Key implements Box.
func (p *Prompt) Key(msg tea.KeyMsg) (cmd tea.Cmd, done bool) {
	switch {
	case p.leaves(msg):
		return nil, true
	case msg.String() == "enter":
		cmd, p.err = p.done(p.Input.Value())
		done = p.err == nil
	case p.Input.Update(msg):
		p.err = nil
	}
	p.Resize(p.screen.w, p.screen.h)
	return cmd, done
}

// View implements Box.
func (p *Prompt) View() string {
	return p.bordered(ui.Safe(p.title), "", append([]string{" " + p.Input.View()}, p.notes...))
}
