package response

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// View draws the result in words, the tabs, and the open tab.
func (p *Pane) View() string {
	if p.waiting != "" {
		return ui.Block([]string{p.theme.Info.Render(ui.Truncate(p.waiting, p.w))}, p.w, p.h)
	}
	if p.exchange == nil {
		return ui.Block(p.muted(p.theme.Words("No response yet. {send} signs this request and sends it; the answer and its verification appear here.")), p.w, p.h)
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
		return ui.Block(lines, p.w, p.h)
	}
	lines = append(lines, p.contentLines()...)
	return ui.Block(lines, p.w, p.h)
}

func (p *Pane) muted(text string) []string {
	lines := ui.Words(text, max(1, p.w))
	for i, l := range lines {
		lines[i] = p.theme.Muted.Render(l)
	}
	return lines
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
	found := p.shown().Found()
	p.search.Resize(max(0, p.w-ui.Width(found)-3))
	left := p.theme.Accent.Render("/ ") + p.search.View()
	if found == "" {
		return ui.Fit(left, p.w)
	}
	return ui.Fit(left, max(0, p.w-ui.Width(found)-1)) + " " + p.theme.Muted.Render(found)
}

// summary is the result first, in words: what it means and what to do next, or
// why there is no answer.
func (p *Pane) summary() []string {
	e := p.exchange
	if e == nil || p.w <= 0 {
		return nil
	}
	lines := p.tampered()
	if e.Err != "" {
		style := p.theme.Bad
		for _, l := range ui.Words("✗ "+ui.Safe(e.Err), p.w) {
			lines = append(lines, style.Render(l))
		}
		if e.Hint != "" {
			lines = append(lines, p.muted(ui.Safe(capital(e.Hint)))...)
		}
	}
	if e.Response == nil {
		if e.Outcome == apiclient.Unknown {
			lines = append(lines, p.muted("The outcome is unknown: the program ended before an answer was recorded. The request may have reached the other side: inquire before you send it again.")...)
		}
		return append(lines, p.offer()...)
	}
	if v := e.Received; !v.OK() {
		words := "✗ Not verified, so do not rely on it: " + ui.Safe(v.Reason)
		for _, l := range ui.AtMost(ui.Words(words, p.w), max(1, p.h/5), p.w) {
			lines = append(lines, p.theme.Bad.Render(l))
		}
	}
	lines = append(lines, p.faults()...)
	if e.Result == (apiclient.Result{}) {
		return append(append(lines, p.httpAdvice()...), p.offer()...)
	}
	head := strings.TrimSpace(e.Result.Status + " " + e.Result.Code + "  " + e.Result.Message)
	style := p.theme.Warn
	switch e.Result.Status {
	case "S":
		style = p.theme.Good
	case "F":
		style = p.theme.Bad
	case "A":
		style = p.theme.Info
	}
	for _, l := range ui.AtMost(ui.Words(ui.Safe(head), p.w), max(1, p.h/5), p.w) {
		lines = append(lines, style.Render(l))
	}
	if p.h >= 8 && e.Received.OK() && !e.Response.Partial && e.Reaction() != apiclient.Refused {
		meaning, advice := p.endpoint.Advice(e.Result.Status, e.Result.Code)
		words := ui.Words(ui.Safe(strings.TrimSpace(meaning+" "+advice)), p.w)
		for _, l := range ui.AtMost(words, max(1, p.h/4), p.w) {
			lines = append(lines, p.theme.Muted.Render(l))
		}
	}
	return append(lines, p.offer()...)
}

// capital makes a sentence of a hint.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// faults are what is wrong with the answer besides its headers, which the
// headers pane judges: a redirect, no result, a body that is no JSON.
func (p *Pane) faults() []string {
	var lines []string
	for _, f := range p.exchange.Findings {
		if f.Side != apiclient.ResponseSide || f.AboutHeader() || strings.HasPrefix(f.Cause, "tampered_") {
			continue
		}
		sign, style := "! ", p.theme.Warn
		switch f.Severity {
		case apiclient.Problem:
			sign, style = "✗ ", p.theme.Bad
		case apiclient.Warn:
		default:
			continue
		}
		words := ui.Words(sign+ui.Safe(strings.TrimSpace(f.Says+" "+f.Hint)), p.w)
		for _, l := range ui.AtMost(words, max(1, p.h/6), p.w) {
			lines = append(lines, style.Render(l))
		}
	}
	return lines[:min(len(lines), max(1, p.h/3))]
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
	fmt.Fprintf(&b, "\nstarted     %s\nremote      %s\nrun         %s\n", e.StartedAt.Local().Format("2006-01-02 15:04:05.000 -0700"), e.Remote, e.ID)
	return b.String()
}
