package headers

import (
	"strings"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// View draws the fields of both messages and explains the one under the
// cursor.
func (p *Pane) View() string {
	lines := p.banner()
	if len(p.rows) == 0 {
		text := "The headers appear here once the request can be signed"
		if p.Changed() {
			text += p.theme.Words("; {headers.reset} undoes what was changed on purpose")
		}
		return ui.Block(append(lines, ui.Prose(p.theme.Muted, text, p.w, p.h-len(lines))...), p.w, p.h)
	}
	lines = append(lines, p.list.Lines(p.line)...)
	if rows := p.explainRows(); rows > 0 {
		r, _ := p.current()
		explained := ui.Prose(p.theme.Muted, ui.Safe(strings.Join(p.words(r), " ")), p.w, rows)
		lines = append(ui.Rows(lines, p.h-rows), explained...)
	}
	return ui.Block(lines, p.w, p.h)
}

func (p *Pane) line(i int) string {
	r, t := p.rows[i], p.theme
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
	sign, noteStyle := p.judged(r)
	note := p.note(r)
	valueW := max(0, p.w-2-nameW-1-ui.Width(note)-1)
	if ui.Width(value) > valueW && valueW < 16 && p.w > 40 {
		note = sign
		valueW = max(0, p.w-2-nameW-1-ui.Width(note)-1)
	}
	valueStyle := t.Text
	if r.changed || r.omitted || r.tampered {
		valueStyle = t.Warn
	}
	return t.Row(i == p.list.Cursor && p.focus, p.w, t.Muted.On(arrow), t.Text.On(ui.Fit(ui.Safe(r.name), nameW)+" "),
		valueStyle.On(ui.Fit(value, valueW)+" "), noteStyle.On(note))
}

// note is the judgement: a sign, and in words what there is to say.
func (p *Pane) note(r row) string {
	sign, _ := p.judged(r)
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

// judged is how a row's severity is drawn.
func (p *Pane) judged(r row) (sign string, style ui.Style) {
	switch r.severity {
	case apiclient.Good:
		return "✓", p.theme.Good
	case apiclient.Warn:
		return "!", p.theme.Warn
	case apiclient.Problem:
		return "✗", p.theme.Bad
	}
	return "·", p.theme.Muted
}
