package headers

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// tamperedNames are what is tampered in the request that is shown: what is asked
// for, where it cannot be signed.
func (p *Pane) tamperedNames() []string {
	if p.request == nil {
		return p.tamper
	}
	return p.request.Tampered
}

func (p *Pane) tamperedTitles() string { return apiclient.TamperTitles(p.tamperedNames()) }

// banner is the row that marks a tampered request; nothing where nothing is
// tampered. A pane of few rows has the mark in its title only.
func (p *Pane) banner() []string {
	titles := p.tamperedTitles()
	if titles == "" || p.h < 5 {
		return nil
	}
	said, undo := ui.Safe(titles), p.theme.Words(" · {headers.reset} undoes it")
	text := "● Tampered on purpose: " + said + undo
	if ui.Width(text) > p.w {
		text = ui.Truncate("● Tampered: "+said, max(0, p.w-ui.Width(undo))) + undo
	}
	return []string{p.theme.Warn.Render(ui.Truncate(text, p.w))}
}

// markTampered marks the headers that a tamper made wrong, and gives a row to
// those that one left out.
func (p *Pane) markTampered() {
	if p.request == nil {
		return
	}
	for _, name := range p.request.Tampered {
		s := apiclient.TamperOf(name).Called(p.profile.HeaderNames)
		for i := range p.rows {
			r := &p.rows[i]
			if s.Header == "" || r.side != apiclient.RequestSide || !strings.EqualFold(r.name, s.Header) {
				continue
			}
			r.tampered = true
			if r.missing && !r.omitted {
				r.omitted, r.severity, r.says, r.hint = true, apiclient.Warn, "left out on purpose", ""
			}
		}
	}
}

// setTampers takes the ways to tamper the request.
func (p *Pane) setTampers(names []string) tea.Cmd {
	if slices.Equal(names, p.tamper) {
		return nil
	}
	p.tamper = names
	return ui.Emit(Changed{})
}
