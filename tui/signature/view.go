package signature

import (
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/tui/ui"
)

// chainRows is how many rows the two chains take: the string and what became
// of it, for the request and for the response.
const chainRows = 4

// View draws both chains and, where there is room, the selected stage whole.
func (p *Pane) View() string {
	if p.h < chainRows {
		return ui.Block(p.briefLines(), p.w, p.h)
	}
	lines := append(p.requestLines(), p.responseLines()...)
	if p.h >= chainRows+3 && len(p.stages) > 0 {
		s := p.at()
		rule := fmt.Sprintf("── %s: %s · %s ", s.side, s.name, ui.Bytes(int64(len(s.bytes))))
		if s.fault != "" {
			rule += "· " + ui.Safe(s.mark()) + " "
		}
		rule = ui.Truncate(rule, p.w)
		lines = append(lines, p.theme.Muted.Render(rule+strings.Repeat("─", max(0, p.w-ui.Width(rule)))))
		lines = append(lines, strings.Split(p.viewer.View(), "\n")...)
	}
	return ui.Block(lines, p.w, p.h)
}

// briefLines is the pane where there is no room for the chains: each string
// with its verdict, and the request's chain between them if a row is left.
func (p *Pane) briefLines() []string {
	request, response := p.requestLines(), p.responseLines()
	if p.err != nil && p.live { // all of the reason that there is room for
		return append(p.firstRows(request, max(1, p.h-1)), response[0])
	}
	brief := []string{request[0], response[0]}
	if p.request != nil && len(p.proof.Canonical) > 0 {
		brief[0] = p.judged(apiclient.RequestSide, p.proof.Canonical, p.requestVerdict())
		if p.h == chainRows-1 {
			brief = []string{brief[0], indent(p.chain(apiclient.RequestSide, max(0, p.w-labelWidth))), brief[1]}
		}
	}
	if p.shown != nil && p.shown.Response != nil && p.shown.Received.OK() {
		brief[len(brief)-1] = p.judged(apiclient.ResponseSide, p.shown.Received.Canonical, p.theme.Good.Render("✓ verifies"))
	}
	return brief
}

// firstRows are the first n of the lines, which show where more would follow.
func (p *Pane) firstRows(lines []string, n int) []string {
	if len(lines) <= n {
		return lines
	}
	last := ui.Truncate(lines[n-1], max(0, p.w-2))
	if last == lines[n-1] {
		last += " …"
	}
	return append(lines[:n-1:n-1], last)
}

// judged is a canonical string with its verdict at the right.
func (p *Pane) judged(side apiclient.Side, canonical []byte, verdict string) string {
	room := max(0, p.w-ui.Width(verdict)-2)
	return ui.Fit(p.label(side)+p.canonical(canonical), room) + "  " + verdict
}

const labelWidth = 10

func (p *Pane) label(side apiclient.Side) string {
	text := ui.Fit(string(side), labelWidth)
	if p.focus && len(p.stages) > 0 && p.at().side == side {
		return p.theme.Accent.Render(text)
	}
	return p.theme.Muted.Render(text)
}

func (p *Pane) requestLines() []string {
	label := p.label(apiclient.RequestSide)
	switch {
	case p.err != nil && p.live:
		lines := ui.Prose(p.theme.Bad, "✗ cannot be signed: "+ui.Safe(p.err.Error()), p.w-labelWidth, ui.Whole)
		if fix := hint.Of(p.err); fix != "" {
			lines = append(lines, ui.Prose(p.theme.Muted, ui.Safe(fix), p.w-labelWidth, ui.Whole)...)
		}
		for i, l := range lines {
			lines[i] = label + l
			label = indent("")
		}
		return lines
	case p.request == nil:
		text := "the string that will be signed appears here as soon as the key is loaded"
		return []string{label + p.theme.Muted.Render(ui.Truncate(text, max(0, p.w-ui.Width(label))))}
	case len(p.proof.Canonical) == 0:
		return []string{label + p.theme.Bad.Render("✗ "+ui.Safe(p.request.Err))}
	}
	return []string{
		label + p.canonical(p.proof.Canonical),
		p.withVerdict(apiclient.RequestSide, p.requestVerdict()),
	}
}

func (p *Pane) requestVerdict() string {
	v := p.request.SentVerdict
	switch {
	case !p.live && p.request.Sides().Request.Status == apiclient.SignatureRefused:
		return p.theme.Bad.Render("✗ refused by them ") + p.explains()
	case v.OK():
		return p.theme.Good.Render("✓ verifies")
	case v.Status == "":
		return p.theme.Muted.Render("· not checked")
	default:
		return p.theme.Bad.Render("✗ "+string(v.Status)+" ") + p.explains()
	}
}

func (p *Pane) responseLines() []string {
	label := p.label(apiclient.ResponseSide)
	switch {
	case p.shown == nil:
		return []string{label + p.theme.Muted.Render(p.theme.Words("no response yet: {send} sends the request"))}
	case p.shown.Response == nil && p.shown.Err == "":
		return []string{label + p.theme.Warn.Render("? no response: the outcome is unknown")}
	case p.shown.Response == nil:
		return []string{label + p.theme.Bad.Render("✗ no response: "+ui.Safe(p.shown.Err))}
	}
	v := p.shown.Received
	if v.OK() {
		return []string{
			label + p.canonical(v.Canonical),
			p.withVerdict(apiclient.ResponseSide, p.theme.Good.Render("✓ verifies")),
		}
	}
	explains := p.explains()
	room := max(0, p.w-ui.Width(explains)-2)
	reason := label + p.theme.Bad.Render("✗ "+string(v.Status)+": ") + p.theme.Text.Render(ui.Safe(v.Reason))
	lines := []string{ui.Fit(reason, room) + "  " + explains}
	if p.broken(apiclient.ResponseSide) && len(v.Signature) > 0 {
		return append(lines, indent(p.chain(apiclient.ResponseSide, max(0, p.w-labelWidth))))
	}
	if v.Hint != "" {
		lines = append(lines, indent(p.theme.Muted.Render(ui.Safe(v.Hint))))
	}
	return lines
}

// explains names the key that says why.
func (p *Pane) explains() string {
	return p.theme.Key.Render(p.theme.Words("{diagnose}")) + p.theme.Muted.Render(" explains")
}

func indent(s string) string { return strings.Repeat(" ", labelWidth) + s }

// canonical draws as much of a string as fits, line feeds and blanks as
// symbols. It is cut before it is drawn: a body may be megabytes.
func (p *Pane) canonical(b []byte) string {
	room := max(0, p.w-labelWidth)
	return p.theme.Text.Render(ui.Truncate(ui.Canonical(b[:min(len(b), 4*room)], true), room))
}

// broken reports whether the chain of a side breaks.
func (p *Pane) broken(side apiclient.Side) bool {
	return slices.ContainsFunc(p.stages, func(s stage) bool { return s.side == side && s.fault != "" && !s.sound })
}

// chain writes what became of the string, stage by stage, in at most w cells.
// The selected stage stands out; where the chain breaks, the stage says so.
func (p *Pane) chain(side apiclient.Side, w int) string {
	spans := []ui.Span{p.theme.Muted.On("└ ")}
	for i := range p.stages {
		s := &p.stages[i]
		if s.side != side || s.link == linkRecovered {
			continue
		}
		if s.link != linkString {
			spans = append(spans, p.theme.Muted.On(" → "))
		}
		style, text := p.theme.Muted, s.brief+s.more
		switch {
		case s.fault != "" && s.sound:
			style, text = p.theme.Warn, s.brief+" ● tampered: "+s.fault
		case s.fault != "":
			style, text = p.theme.Bad, s.brief+" ✗ breaks here: "+s.fault
		}
		if p.focus && i == p.selected {
			style = p.theme.Selection
		}
		spans = append(spans, style.On(text))
	}
	return ui.Render(spans, w)
}

// withVerdict puts the verdict at the right of a chain, whatever the width.
func (p *Pane) withVerdict(side apiclient.Side, verdict string) string {
	room := max(0, p.w-labelWidth-ui.Width(verdict)-2)
	return indent(p.chain(side, room)) + "  " + verdict
}
