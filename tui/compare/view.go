package compare

import (
	"fmt"
	"strings"

	"countersign/tui/ui"
)

// View draws the names of both sides, the tabs, and the open one.
func (p *Pane) View() string {
	lines := p.names()
	if p.reading != nil && p.reading.Why != "" {
		lines = append(lines, p.theme.Muted.Render(ui.Truncate(" "+ui.Safe(p.theme.Words(p.reading.Why)), p.w)))
	}
	lines = append(lines, " "+ui.Tabs(p.theme, p.tabNames(), p.tab), "")
	v := p.view()
	switch {
	case p.Comparing():
		lines = append(lines, "", p.theme.Info.Render(fmt.Sprintf(" %s comparing · %d s", p.job.Frame(),
			int(p.job.Elapsed().Seconds()))+p.theme.Words(" · {cancel} gives up")))
	case p.err != nil:
		text := "This cannot be compared: " + ui.Safe(p.err.Error())
		for _, l := range ui.Prose(p.theme.Bad, text, p.w-2, p.h-len(lines)) {
			lines = append(lines, " "+l)
		}
	case v != nil && len(p.reading.sections[tabs[p.tab].group]) == 0:
		lines = append(lines, p.theme.Muted.Render(" "+"Neither "+tabs[p.tab].missing))
	case v != nil:
		lines = append(lines, strings.Split(v.View(), "\n")...)
	}
	return ui.Block(lines, p.w, p.h)
}

// names are both sides with their signs: that of what only they have.
func (p *Pane) names() []string {
	if p.reading == nil {
		return []string{"", ""}
	}
	name := func(sign string, s Side) string {
		text := fmt.Sprintf(" %s %s", sign, ui.Safe(s.Name))
		if s.Exchange.Endpoint != "" {
			text += "  " + ui.Safe(s.Exchange.Endpoint)
		}
		return ui.Truncate(text, p.w)
	}
	return []string{
		p.theme.Bad.Render(name("-", p.reading.A)),
		p.theme.Good.Render(name("+", p.reading.B)),
	}
}

// tabNames are the tabs with how many differences are in each.
func (p *Pane) tabNames() []string {
	names := make([]string, len(tabs))
	for i, t := range tabs {
		name := t.name
		switch {
		case p.w < 66:
			name = t.short
		case p.w < 76:
			name, _, _ = strings.Cut(name, " ")
		}
		names[i] = fmt.Sprintf("%d %s", i+1, name)
		if p.reading == nil {
			continue
		}
		if n := p.reading.differences(t.group); n > 0 {
			names[i] += fmt.Sprintf(" (%d)", n)
		} else {
			names[i] += " ="
		}
	}
	return names
}
