package box

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Fault is a way in which the other side misbehaves when it is asked to, or the
// heading of some.
type Fault struct {
	Name, Says string
	Heading    bool
}

// Faults chooses how the built-in Super App misbehaves.
type Faults struct{ chooser }

// NewFaults makes the box. done takes each choice, send sends the request.
func NewFaults(theme *ui.Theme, rows []Fault, chosen []string, done func([]string) tea.Cmd,
	send func() tea.Cmd) *Faults {
	b := &Faults{chooser{listed: listed{frame: frame{theme: theme}}, Chosen: chosen, done: done,
		send: send, words: chooserWords{
			title:  "Let the built-in Super App misbehave, to test your code",
			chosen: "The built-in Super App misbehaves", clear: "ends all", opener: keymap.Faults, explain: 2,
		}}}
	all := make([]chooserRow, len(rows))
	for i, r := range rows {
		all[i] = chooserRow{Name: r.Name, text: r.Name, aside: r.Says, explains: r.Says}
		if r.Heading {
			all[i] = chooserRow{text: r.Name}
		}
	}
	b.fill(all)
	return b
}
