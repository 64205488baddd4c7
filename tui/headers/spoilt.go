package headers

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// spoiltNames are what is spoilt in the request that is shown: what is asked
// for, where it cannot be signed.
func (p *Pane) spoiltNames() []string {
	if p.request == nil {
		return p.spoil
	}
	return p.request.Spoilt
}

func (p *Pane) spoiltTitles() string { return apiclient.SpoilTitles(p.spoiltNames()) }

// banner is the row that marks a spoilt request; nothing where nothing is
// spoilt. A pane of few rows has the mark in its title only.
func (p *Pane) banner() []string {
	titles := p.spoiltTitles()
	if titles == "" || p.h < 5 {
		return nil
	}
	return []string{p.theme.Warn.Render(ui.Truncate("● Spoilt on purpose: "+ui.Safe(titles)+p.theme.Words(" · {headers.reset} undoes it"), p.w))}
}

// markSpoilt marks the headers that a spoil made wrong, and gives a row to
// those that one left out.
func (p *Pane) markSpoilt() {
	if p.request == nil {
		return
	}
	for _, name := range p.request.Spoilt {
		s := apiclient.SpoilOf(name)
		for i := range p.rows {
			r := &p.rows[i]
			if s.Header == "" || r.side != apiclient.RequestSide || !strings.EqualFold(r.name, s.Header) {
				continue
			}
			r.spoilt = true
			if r.missing && !r.omitted {
				r.omitted, r.severity, r.says, r.hint = true, apiclient.Warn, "left out on purpose", ""
			}
		}
	}
}

// setSpoils takes the ways to spoil the request.
func (p *Pane) setSpoils(names []string) tea.Cmd {
	if slices.Equal(names, p.spoil) {
		return nil
	}
	p.spoil = names
	return ui.Emit(Changed{})
}
