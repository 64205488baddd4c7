package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// prompt asks for a line of text. done takes it, or says why not.
type prompt struct {
	title string
	text  string
	done  func(string) (tea.Cmd, error)
}

type promptBox struct {
	box
	prompt
	input *ui.Input
	err   error // why the text was not taken
}

func (a *App) ask(p prompt) tea.Cmd {
	in := ui.NewInput(a.theme)
	in.SetValue(p.text)
	in.Focus()
	a.open(&promptBox{box: box{theme: a.theme}, prompt: p, input: in})
	return nil
}

func (p *promptBox) resize(w, h int) {
	p.within(w, h, 100, 4)
	p.input.Resize(p.w - 4)
}

func (p *promptBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case p.leaves(msg, "", true):
		return nil, true
	case msg.String() == "enter":
		cmd, err := p.done(p.input.Value())
		p.err = err
		return cmd, err == nil
	}
	if p.input.Update(msg) {
		p.err = nil
	}
	return nil, false
}

func (p *promptBox) mouse(tea.MouseMsg) tea.Cmd { return nil }

func (p *promptBox) view() string {
	note := p.theme.Muted.Render(" " + p.keys())
	if p.err != nil {
		note = p.theme.Bad.Render(" ✗ " + ui.Truncate(ui.Safe(sentence(p.err)), max(1, p.w-5)))
	}
	return p.frame(ui.Safe(p.title), "", []string{" " + p.input.View(), note})
}

func (p *promptBox) keys() string {
	return p.theme.Words("enter takes it · {cancel} leaves it as it was")
}

func (p *promptBox) typing() bool { return true }
