package headers

import (
	"strings"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// View draws the fields of both messages and explains the one under the
// cursor.
func (p *Pane) View() string {
	if len(p.rows) == 0 {
		text := "The headers appear here once the request can be signed"
		if p.Changes().Count() > 0 {
			text += p.theme.Words("; {headers.reset} undoes what was changed on purpose")
		}
		lines := p.banner()
		lines = append(lines, ui.Prose(p.theme.Muted, text, p.w, p.h-len(lines))...)
		return ui.Block(lines, p.w, p.h)
	}
	lines := p.banner()
	from, to := p.list.Window()
	for i := from; i < to; i++ {
		lines = append(lines, p.line(i))
	}
	if rows := p.explainRows(); rows > 0 {
		for len(lines) < p.h-rows {
			lines = append(lines, "")
		}
		lines = append(lines, p.explain(rows)...)
	}
	return ui.Block(lines, p.w, p.h)
}

// explain says what the field under the cursor is for, or what is wrong and
// how to fix it.
func (p *Pane) explain(rows int) []string {
	r, ok := p.current()
	if !ok || !p.focus {
		return nil
	}
	return ui.Prose(p.theme.Muted, ui.Safe(strings.Join(p.words(r), " ")), p.w, rows)
}

func (p *Pane) line(i int) string {
	r := p.rows[i]
	arrow := "→ "
	if r.side == apiclient.ResponseSide {
		arrow = "← "
	}
	nameW := min(16, max(8, p.w/3))
	value := p.redactor.Header(r.name, r.value)
	value = ui.Safe(value[:min(len(value), 16*p.w)]) // what follows is not in sight
	if r.missing {
		value = "missing"
		if r.omitted {
			value = "left out"
		}
	}
	note := p.note(r)
	valueW := max(0, p.w-2-nameW-1-ui.Width(note)-1)
	if ui.Width(value) > valueW && valueW < 16 && p.w > 40 {
		note = glyph(r.severity)
		valueW = max(0, p.w-2-nameW-1-ui.Width(note)-1)
	}
	name := ui.Fit(ui.Truncate(ui.Safe(r.name), nameW), nameW)
	value = ui.Fit(ui.Truncate(value, valueW), valueW)
	if i == p.list.Cursor && p.focus {
		return p.theme.Selection.Render(ui.Fit(arrow+name+" "+value+" "+note, p.w))
	}
	valueStyle := p.theme.Text
	if r.changed || r.omitted || r.tampered {
		valueStyle = p.theme.Warn
	}
	noteStyle := p.theme.Good
	switch r.severity {
	case apiclient.Warn:
		noteStyle = p.theme.Warn
	case apiclient.Problem:
		noteStyle = p.theme.Bad
	case apiclient.Note, "":
		noteStyle = p.theme.Muted
	}
	return p.theme.Muted.Render(arrow) + p.theme.Text.Render(name) + " " + valueStyle.Render(value) + " " +
		noteStyle.Render(note)
}

// note is the judgement: a sign, and in words what there is to say.
func (p *Pane) note(r row) string {
	sign := glyph(r.severity)
	switch {
	case r.tampered && p.w < 44:
		sign = "● " + sign
	case r.tampered:
		sign = "● tampered " + sign
	case r.changed:
		sign = "● on purpose " + sign
	}
	if r.says == "" || p.w < 44 {
		return sign
	}
	return sign + " " + ui.Truncate(ui.Safe(r.says), p.w/2)
}

func glyph(s apiclient.Severity) string {
	switch s {
	case apiclient.Good:
		return "✓"
	case apiclient.Warn:
		return "!"
	case apiclient.Problem:
		return "✗"
	default:
		return "·"
	}
}
