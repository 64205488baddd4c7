package endpoints

import (
	"strings"

	"countersign/apiclient/catalog"
	"countersign/tui/ui"
)

// label is an endpoint's name as the list shows it: the last part, or all of
// it where a filter may have matched anywhere.
func label(e catalog.Endpoint) string { return e.Name }

// short is the last part of a name, with the part before it where it is only a
// parameter, or where another endpoint of the group and version ends the same.
func (p *Pane) short(i int) string {
	e := p.all[i]
	last := e.Name[strings.LastIndexByte(e.Name, '/')+1:]
	for strings.HasPrefix(last, "{") && len(last) < len(e.Name) {
		last = e.Name[strings.LastIndexByte(strings.TrimSuffix(e.Name, "/"+last), '/')+1:]
	}
	for j, o := range p.all {
		if j != i && o.Group == e.Group && o.Version == e.Version && strings.HasSuffix(o.Name, "/"+last) {
			return strings.TrimSuffix(e.Name, "/"+last) + "/" + last
		}
	}
	return last
}

// View draws the list.
func (p *Pane) View() string {
	lines := make([]string, 0, p.h)
	if p.filtering() && p.h > 0 {
		lines = append(lines, ui.Fit(p.theme.Accent.Render("/ ")+p.filter.View(), p.w))
	}
	if len(p.rows) == 0 {
		lines = append(lines, ui.Fit(p.theme.Muted.Render(p.empty()), p.w))
	}
	return ui.Block(append(lines, p.list.Lines(p.line)...), p.w, p.h)
}

func (p *Pane) empty() string {
	if len(p.all) == 0 {
		return "The catalogue is empty"
	}
	return p.theme.Words("Nothing matches; {cancel} clears")
}

func (p *Pane) line(i int) string {
	r := p.rows[i]
	if r.group != "" {
		return ui.Fit(p.theme.Muted.Render(ui.Safe(r.group)), p.w)
	}
	e := p.all[r.endpoint]
	name := " " + p.short(r.endpoint)
	if p.filtering() {
		name = " " + label(e)
	}
	right := e.Version
	if e.Direction == catalog.Callback {
		right += " ←"
	}
	if len(e.Faults) > 0 {
		right += " !"
	}
	mark := " "
	if e.ID == p.marked {
		mark = "▌"
	}
	right = " " + right
	room := max(0, p.w-1-ui.Width(right)-1)
	text := ui.Fit(ui.Truncate(ui.Safe(name), room), room)
	if i == p.list.Cursor && (p.focus || p.typing) {
		return p.theme.Selection.Render(ui.Fit(mark+text+right+" ", p.w))
	}
	return p.theme.Accent.Render(mark) + p.theme.Text.Render(text) + p.theme.Muted.Render(right) + " "
}

// Targets are the endpoints on the screen.
func (p *Pane) Targets() []ui.Target { return p.list.Targets(p.h-p.list.Height, p.choose) }
