package headers

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// Targets are the headers on the screen.
func (p *Pane) Targets() []ui.Target {
	var list []ui.Target
	from, to := p.list.Window()
	top := len(p.banner())
	for i := from; i < min(to, len(p.rows)); i++ {
		list = append(list, ui.Target{Y: top + i - from, Go: func() tea.Cmd {
			p.list.To(i)
			return nil
		}})
	}
	return list
}
