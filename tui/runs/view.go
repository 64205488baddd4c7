package runs

import (
	"fmt"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/history"
	"countersign/tui/ui"
)

// View draws the list.
func (p *Pane) View() string {
	var lines []string
	if p.searching() {
		lines = append(lines, ui.Fit(p.theme.Accent.Render("/ ")+p.search.View(), p.w))
	}
	if remark := p.remark(); remark != "" {
		style := p.theme.Muted
		if remark[0] == '!' {
			style = p.theme.Warn
		}
		lines = append(lines, style.Render(ui.Fit(remark, p.w)))
	}
	if len(p.runs) == 0 {
		for _, l := range ui.Words(p.empty(), p.w) {
			lines = append(lines, p.theme.Muted.Render(l))
		}
	}
	from, to := p.list.Window()
	for i := from; i < min(to, len(p.runs)); i++ {
		lines = append(lines, p.line(i))
	}
	return ui.Block(lines, p.w, p.h)
}

func (p *Pane) empty() string {
	switch {
	case p.err != nil:
		return "The runs cannot be read: " + ui.Safe(p.err.Error())
	case p.store == nil && p.absent != "":
		return p.absent
	case p.store == nil:
		return "Opening the history…"
	case p.search.Value() != "":
		return p.theme.Words("No run is like this. {cancel} shows all again.")
	default:
		return p.theme.Words("Nothing sent yet. {send} sends the request; every run is kept here.")
	}
}

// roomy is the width from which a line says more than the least.
const roomy = 76

// line is one run: time, endpoint, result, request verified, response
// verified, duration.
func (p *Pane) line(i int) string {
	r := p.runs[i]
	when := r.StartedAt.Local()
	clock := when.Format("15:04:05")
	if n := p.now().Local(); when.YearDay() != n.YearDay() || when.Year() != n.Year() {
		clock = when.Format("02 Jan  ")
	}
	took := duration(r.Total)
	if p.w < 30 {
		took = "" // the endpoint's name is worth more
	}
	sign := " "
	if p.markedAt(r.ID) >= 0 {
		sign = mark
	}
	tail := " " + outcome(r) + " " + check(r.Sent) + " " + check(r.Received) + took
	room := max(0, p.w-ui.Width(clock)-1-ui.Width(tail))
	signs, name, more := p.words(r, room)
	if i == p.list.Cursor && p.focus {
		return p.theme.Selection.Render(ui.Fit(clock+sign+signs+name+more+tail, p.w))
	}
	return p.theme.Muted.Render(clock) + p.theme.Accent.Render(sign) + p.theme.Warn.Render(signs) + p.theme.Text.Render(name) +
		p.theme.Muted.Render(more) + " " +
		p.tone(r).Render(outcome(r)) + " " + p.verdict(r.Sent) + " " + p.verdict(r.Received) +
		p.theme.Muted.Render(took)
}

// Signs of a run: marked, pinned, and tampered on purpose. The words follow where there is
// room for them.
const (
	mark         = "◆"
	pinSign      = "⚑"
	tamperedSign = "↯"
)

// words fills a room with the signs of a run, its name and, where there is
// room, more of it.
func (p *Pane) words(r history.Run, room int) (signs, name, more string) {
	if r.Pinned {
		signs = pinSign
	}
	if r.Tampered != "" {
		signs += tamperedSign
	}
	if signs != "" {
		signs += " "
	}
	signs = ui.Truncate(signs, room)
	room -= ui.Width(signs)
	endpoint := r.Endpoint
	if endpoint == "" {
		endpoint = r.Path
	}
	name = r.Name
	if name == "" {
		name = endpoint[strings.LastIndexByte(endpoint, '/')+1:]
	}
	name = ui.Truncate(ui.Safe(name), room)
	var rest []string
	if r.Tampered != "" {
		rest = append(rest, "tampered")
	}
	if p.w >= roomy {
		if r.Tampered != "" {
			rest[0] += ": " + r.Tampered
		}
		if r.Pinned {
			rest = append(rest, "pinned")
		}
		rest = append(rest, endpoint, r.Result.Code, r.Profile, string(r.Origin))
	}
	for _, word := range rest {
		if word = ui.Safe(word); word != "" && ui.Width(name)+ui.Width(more)+2+ui.Width(word) <= room {
			more += "  " + word
		}
	}
	return signs, name, ui.Fit(more, max(0, room-ui.Width(name)))
}

// outcome is the result's status, or a sign for how far the run got: "?" where
// the request may have arrived and nobody knows.
func outcome(r history.Run) string {
	switch {
	case r.Result.Status != "":
		return ui.Fit(ui.Safe(r.Result.Status), 1)
	case r.Outcome == apiclient.Unknown, r.Outcome == apiclient.Lost, r.Outcome == apiclient.Canceled:
		return "?"
	default:
		return "–"
	}
}

func check(status string) string {
	switch status {
	case "":
		return "–"
	case "verified":
		return "✓"
	default:
		return "✗"
	}
}

func duration(d time.Duration) string {
	switch {
	case d <= 0:
		return fmt.Sprintf("%7s", "–")
	case d < 10*time.Second:
		return fmt.Sprintf("%5dms", d.Milliseconds())
	default:
		return fmt.Sprintf("%6ds", int(d.Seconds()))
	}
}
