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
	err   error              // why the text was not taken
	notes []string           // that, or what the keys do; wrapped
	over  struct{ w, h int } // the screen
}

func (a *App) ask(p prompt) tea.Cmd {
	in := ui.NewInput(a.theme)
	in.SetValue(p.text)
	in.Focus()
	a.open(&promptBox{box: box{theme: a.theme}, prompt: p, input: in})
	return nil
}

func (p *promptBox) resize(w, h int) {
	p.over.w, p.over.h = w, h
	p.within(w, h, 100, 4)
	p.input.Resize(p.w - 4)
	style, note := p.theme.Muted, p.keys()
	if p.err != nil {
		style, note = p.theme.Bad, "✗ "+ui.Safe(sentence(p.err))
	}
	p.notes = nil
	for _, l := range ui.AtMost(ui.Words(note, max(1, p.w-4)), max(1, h-5), max(1, p.w-4)) {
		p.notes = append(p.notes, " "+style.Render(l))
	}
	p.within(w, h, 100, 3+len(p.notes))
}

// fail says why the text was not taken; nil: nothing is wrong with it.
func (p *promptBox) fail(err error) {
	p.err = err
	p.resize(p.over.w, p.over.h)
}

func (p *promptBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case p.leaves(msg, "", true):
		return nil, true
	case msg.String() == "enter":
		cmd, err := p.done(p.input.Value())
		p.fail(err)
		return cmd, err == nil
	}
	if p.input.Update(msg) {
		p.fail(nil)
	}
	return nil, false
}

func (p *promptBox) mouse(tea.MouseMsg) tea.Cmd { return nil }

func (p *promptBox) view() string {
	return p.frame(ui.Safe(p.title), "", append([]string{" " + p.input.View()}, p.notes...))
}

func (p *promptBox) keys() string {
	return p.theme.Words("enter takes it · {cancel} leaves it as it was")
}

func (p *promptBox) typing() bool { return true }
