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
		lines = append(lines, ui.Prose(p.theme.Muted, p.empty(), p.w, p.h-len(lines))...)
	}
	from, to := p.list.Window()
	to = min(to, len(p.runs))
	p.fitCodes(min(from, to), to)
	for i := from; i < to; i++ {
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

// roomy is the width from which a line says more than the least. In a narrow
// list the time is shortened, and the duration goes, before the result is cut.
const (
	roomy      = 76
	noDuration = 48
)

// leastName is the room that the code of a result leaves to the name of a run.
const leastName = 7

// fitCodes works out how wide the codes of the runs in sight are, so that they
// stand in a column of their own, and whether the time has to make room for it.
func (p *Pane) fitCodes(from, to int) {
	widest := 0
	for _, r := range p.runs[from:to] {
		if r.Result.Code != "" {
			widest = max(widest, 1+ui.Width(ui.Safe(r.Result.Code)))
		}
	}
	widest = min(widest, longestCode)
	room := p.w - len("15:04:05") - 1 - leastName - len(" F + +")
	if p.w >= noDuration {
		room -= len("  100ms")
	}
	p.codes, p.short = widest, false
	if widest <= room {
		return
	}
	room += len("15:04:05") - len("15:04 ")
	if p.codes, p.short = min(widest, room), true; p.codes < min(widest, leastCode) {
		p.codes, p.short = 0, false // its first letters say nothing
	}
}

// What a column of codes takes: the other side makes them up.
const (
	leastCode   = 12
	longestCode = 30
)

// code is a result's code, in its column.
func (p *Pane) code(r history.Run) string {
	if p.codes == 0 {
		return ""
	}
	return ui.Fit(ui.Truncate(" "+ui.Safe(r.Result.Code), p.codes), p.codes)
}

// line is one run: time, endpoint, result, request verified, response
// verified, duration.
func (p *Pane) line(i int) string {
	r := p.runs[i]
	when := r.StartedAt.Local()
	clock := when.Format("15:04:05")
	if p.short {
		clock = when.Format("15:04 ")
	}
	if n := p.now().Local(); when.YearDay() != n.YearDay() || when.Year() != n.Year() {
		clock = ui.Fit(when.Format("02 Jan"), len(clock))
	}
	took := duration(r.Total)
	if p.w < 30 || p.w < noDuration && p.codes > 0 {
		took = ""
	}
	sign := " "
	if p.markedAt(r.ID) >= 0 {
		sign = mark
	}
	code := p.code(r)
	tail := " " + outcome(r) + code + " " + check(r.Sent) + " " + check(r.Received) + took
	room := max(0, p.w-ui.Width(clock)-1-ui.Width(tail))
	signs, name, more := p.words(r, room)
	if i == p.list.Cursor && p.focus {
		return p.theme.Selection.Render(ui.Fit(clock+sign+signs+name+more+tail, p.w))
	}
	return p.theme.Muted.Render(clock) + p.theme.Accent.Render(sign) + p.theme.Warn.Render(signs) +
		p.theme.Text.Render(name) +
		p.theme.Muted.Render(more) + " " +
		p.tone(r).Render(outcome(r)+code) + " " + p.verdict(r.Sent) + " " + p.verdict(r.Received) +
		p.theme.Muted.Render(took)
}

// Signs of a run: marked, seen in real traffic, pinned, and tampered on purpose. The words
// follow where there is room for them.
const (
	mark         = "◆"
	captureSign  = "⇄"
	listenSign   = "←"
	pinSign      = "⚑"
	tamperedSign = "↯"
)

// words fills a room with the signs of a run, its name and, where there is
// room, more of it.
func (p *Pane) words(r history.Run, room int) (signs, name, more string) {
	switch r.Origin {
	case apiclient.FromCapture:
		signs = captureSign
	case apiclient.FromListen:
		signs = listenSign
	}
	if r.Pinned {
		signs += pinSign
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
		rest = append(rest, endpoint, r.Profile, string(r.Origin))
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

// tone colours a result: U and an unknown outcome want a look before anything
// is paid again.
func (p *Pane) tone(r history.Run) ui.Style {
	switch r.Result.Status {
	case "S":
		return p.theme.Good
	case "A":
		return p.theme.Info
	case "F":
		return p.theme.Bad
	default:
		return p.theme.Warn
	}
}

func (p *Pane) verdict(status string) string {
	switch status {
	case "":
		return p.theme.Muted.Render(check(status))
	case "verified":
		return p.theme.Good.Render(check(status))
	default:
		return p.theme.Bad.Render(check(status))
	}
}
