package response

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// View draws the result in words, the tabs, and the open tab.
func (p *Pane) View() string {
	if p.waiting != "" {
		return ui.Block([]string{p.theme.Info.Render(ui.Truncate(p.waiting, p.w))}, p.w, p.h)
	}
	if p.exchange == nil {
		return ui.Block(p.muted(p.theme.Words("No response yet. {send} signs this request and sends it; the answer and its "+
			"verification appear here.")), p.w, p.h)
	}
	lines := p.summary()
	if p.exchange.Response == nil {
		return ui.Block(lines, p.w, p.h)
	}
	lines = append(lines, p.tabLine())
	if p.filtering() {
		lines = append(lines, p.filterLine())
	}
	if p.searching() {
		lines = append(lines, p.searchLine())
	}
	if len(p.exchange.Response.Body) == 0 && (p.tab == bodyTab || p.tab == hexTab) {
		lines = append(lines, p.muted("The body is empty.")...)
	} else {
		lines = append(lines, p.contentLines()...)
	}
	return ui.Block(lines, p.w, p.h)
}

func (p *Pane) muted(text string) []string {
	return ui.Prose(p.theme.Muted, text, p.w, p.h)
}

// tabLine is the tabs, and what the open one shows where there is room.
func (p *Pane) tabLine() string {
	left, about := ui.Tabs(p.theme, tabs, int(p.tab)), p.about()
	if room := p.w - ui.Width(left) - 2; about == "" || ui.Width(about) > room {
		return left
	}
	return ui.Fit(left, p.w-ui.Width(about)) + p.theme.Muted.Render(about)
}

func (p *Pane) searchLine() string {
	return p.asked("/ ", p.search, p.shown().Found(), p.theme.Muted)
}

// summary is what is said of the answer, and what may follow it. Where there is
// no body below it, all is said.
func (p *Pane) summary() []string {
	if p.exchange == nil || p.w <= 0 {
		return nil
	}
	if p.exchange.Response != nil {
		return append(append(p.brief(), p.expectedLines()...), p.offer()...)
	}
	var lines []string
	for _, r := range p.remarks() {
		lines = append(lines, ui.Prose(r.Style, r.Text, p.w, ui.Whole)...)
	}
	return append(lines, p.offer()...)
}

// maxReason bounds a status with its reason, which the other side makes up.
const maxReason = 60

// statusWords takes the status code and reason from a status line.
func statusWords(line string) string {
	_, rest, _ := strings.Cut(line, " ")
	return ui.Truncate(ui.Safe(rest), maxReason)
}

// timing lists the phases that happened.
func timing(e *apiclient.Exchange) string {
	var b strings.Builder
	for _, phase := range []struct {
		name string
		took time.Duration
		what string
	}{
		{"sign", e.Timing.Sign, "canonical string and RSA signature"},
		{"DNS", e.Timing.DNS, "name looked up"},
		{"connect", e.Timing.Connect, "TCP connection"},
		{"TLS", e.Timing.TLS, "handshake and certificate"},
		{"write", e.Timing.Write, "request sent"},
		{"first byte", e.Timing.FirstByte, "from the end of the request to the first byte of the answer"},
		{"total", e.Timing.Total, "from start to the end of the answer"},
	} {
		took := "–"
		if phase.took > 0 {
			took = phase.took.Round(10 * time.Microsecond).String()
		}
		fmt.Fprintf(&b, "%-11s %10s  %s\n", phase.name, took, phase.what)
	}
	fmt.Fprintf(&b, "\nstarted     %s\nremote      %s\nrun         %s\n",
		e.StartedAt.Local().Format("2006-01-02 15:04:05.000 -0700"), e.Remote, e.ID)
	return b.String()
}

// Title names the pane and sums up the answer.
func (p *Pane) Title() string {
	e := p.exchange
	if e == nil || p.waiting != "" {
		return "Response"
	}
	if e.Response == nil {
		if p.age() == "" {
			return "Response"
		}
		return ui.Truncate("Response  none"+p.age(), p.w-titleMargin)
	}
	status := statusWords(e.Response.Line)
	code, _, _ := strings.Cut(status, " ")
	took, size, tail := "", " · "+ui.Bytes(int64(len(e.Response.Body))), ""
	if e.Timing.Total > 0 {
		took = " · " + ui.Millis(e.Timing.Total)
	}
	if e.Response.Partial {
		tail += " · cut off"
	}
	tail += p.age()
	// Where all does not fit, the size goes first, then the reason, which the code
	// implies, and the time at last.
	const name = "Response  "
	room := p.w - titleMargin
	title := ui.FirstFit(room, name+status+took+size+tail, name+status+took+tail, name+code+took+tail)
	return cmp.Or(title, ui.Truncate(name+code, room-ui.Width(tail))+tail)
}

// titleMargin is the room that the frame and the pane's number take in a title's row.
const titleMargin = 6

// TitleRight says where in the body one is.
func (p *Pane) TitleRight() string {
	if p.answer() == nil || !p.focus {
		return ""
	}
	return p.shown().Position()
}

// Footer says where in the JSON or XML the cursor is.
func (p *Pane) Footer() string {
	if p.answer() == nil || !p.focus || p.waiting != "" || p.tab != bodyTab {
		return ""
	}
	return ui.TruncateLeft(ui.Safe(p.shown().Path()), max(0, p.w-4))
}

// age says of what the answer is one, where it is not of the request as it
// stands.
func (p *Pane) age() string {
	switch of := p.exchange.Profile; {
	case of != "" && p.profile != "" && of != p.profile:
		return " · of profile " + ui.Safe(of)
	case p.stale:
		return " · before your edits"
	}
	return ""
}
