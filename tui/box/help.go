package box

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Help lists all keys of the focused pane and of everywhere.
type Help struct {
	scroller
	sections []Section
}

// Section is a part of Help: a scope's actions, or signs.
type Section struct {
	Name string
	Rows []Row
}

// Row explains a key or a sign.
type Row struct {
	Keys, Long string
	Refused    string // why it cannot be done now; "" where it can
}

// NewHelp makes the box.
func NewHelp(theme *ui.Theme, sections []Section) *Help {
	h := &Help{sections: sections}
	h.frame = frame{theme: theme, opener: keymap.Help, keys: "{lists.up}{lists.down} scroll · {cancel} closes"}
	return h
}

// refusal says why a row cannot be done now: once below all those that stand
// together and cannot for the same reason.
func (s Section) refusal(i int) string {
	why := s.Rows[i].Refused
	if why == "" || i+1 < len(s.Rows) && s.Rows[i+1].Refused == why {
		return ""
	}
	n := 1
	for n <= i && s.Rows[i-n].Refused == why {
		n++
	}
	if n == 1 {
		return "not now: " + ui.Safe(why)
	}
	return fmt.Sprintf("these %d not now: %s", n, ui.Safe(why))
}

// helpKeys is the width of the column of keys.
const helpKeys = 20

// Resize implements Box.
func (h *Help) Resize(w, hgt int) {
	h.within(w, hgt, 90, hgt)
	var lines []string
	column := min(helpKeys, (h.w-4)/3)
	for _, s := range h.sections {
		lines = append(lines, " "+h.theme.Title.Render(s.Name))
		for i, r := range s.Rows {
			style := h.theme.Text
			if r.Refused != "" {
				style = h.theme.Muted
			}
			keys := ui.Fit(ui.Truncate(r.Keys, column), column)
			for _, l := range ui.Words(r.Long, h.w-6-column) {
				lines = append(lines, "  "+h.theme.Key.Render(keys)+" "+style.Render(l))
				keys = strings.Repeat(" ", column)
			}
			if why := s.refusal(i); why != "" {
				for _, l := range ui.Words(why, h.w-6-column) {
					lines = append(lines, strings.Repeat(" ", column+3)+h.theme.Muted.Render(l))
				}
			}
		}
		lines = append(lines, "")
	}
	h.within(w, hgt, 90, len(lines)+2)
	h.show(lines, h.h-2)
}

// Key implements Box.
func (h *Help) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if h.turn(msg) {
		return nil, false
	}
	key := msg.String()
	return nil, key == "enter" || h.theme.Keys().Has(keymap.HelpAnywhere, key) || h.leaves(msg)
}

// View implements Box.
func (h *Help) View() string {
	footer := h.theme.Words("{cancel} closes")
	if place := h.place(); place != "" {
		footer = place + " · " + footer
	}
	return h.bordered("Keys", footer, strings.Split(h.text.View(), "\n"))
}
