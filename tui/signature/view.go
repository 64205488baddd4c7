package signature

import (
	"encoding/hex"
	"fmt"
	"strings"

	"countersign/apiclient"
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
		s := p.stages[p.selected]
		rule := fmt.Sprintf("── %s: %s · %s ", s.side, s.name, ui.Bytes(int64(len(s.bytes))))
		lines = append(lines, p.theme.Muted.Render(rule+strings.Repeat("─", max(0, p.w-ui.Width(rule)))))
		lines = append(lines, strings.Split(p.viewer.View(), "\n")...)
	}
	return ui.Block(lines, p.w, p.h)
}

// briefLines is the pane where there is no room for the chains: each string
// with its verdict, and the request's chain between them if a row is left.
func (p *Pane) briefLines() []string {
	request, response := p.requestLines(), p.responseLines()
	brief := []string{request[0], response[0]}
	if p.request != nil && len(p.request.Sent.Canonical) > 0 && (p.err == nil || !p.live) {
		brief[0] = p.judged(apiclient.RequestSide, p.request.Sent.Canonical, p.requestVerdict())
		if p.h == chainRows-1 {
			s := p.request.Sent
			chain := p.chain(s.Canonical, s.Digest, s.Signature, s.KeyVersion, s.Value)
			brief = []string{brief[0], indent(p.theme.Muted.Render(ui.Truncate(chain, max(0, p.w-labelWidth)))), brief[1]}
		}
	}
	if p.shown != nil && p.shown.Response != nil && p.shown.Received.OK() {
		brief[len(brief)-1] = p.judged(apiclient.ResponseSide, p.shown.Received.Canonical, p.theme.Good.Render("✓ verifies"))
	}
	return brief
}

// judged is a canonical string with its verdict at the right.
func (p *Pane) judged(side apiclient.Side, canonical []byte, verdict string) string {
	room := max(0, p.w-ui.Width(verdict)-2)
	return ui.Fit(p.label(side)+p.canonical(canonical), room) + "  " + verdict
}

const labelWidth = 10

func (p *Pane) label(side apiclient.Side) string {
	text := ui.Fit(string(side), labelWidth)
	if p.focus && len(p.stages) > 0 && p.stages[p.selected].side == side {
		return p.theme.Accent.Render(text)
	}
	return p.theme.Muted.Render(text)
}

func (p *Pane) requestLines() []string {
	label := p.label(apiclient.RequestSide)
	switch {
	case p.err != nil && p.live:
		lines := []string{label + p.theme.Bad.Render("✗ cannot be signed: "+ui.Safe(p.err.Error()))}
		if h, ok := p.err.(interface{ Hint() string }); ok {
			lines = append(lines, indent(p.theme.Muted.Render(ui.Safe(h.Hint()))))
		}
		return lines
	case p.request == nil:
		return []string{label + p.theme.Muted.Render("the string that will be signed appears here as soon as the key is loaded")}
	case len(p.request.Sent.Canonical) == 0:
		return []string{label + p.theme.Bad.Render("✗ "+ui.Safe(p.request.Err))}
	}
	return []string{
		label + p.canonical(p.request.Sent.Canonical),
		p.withVerdict(p.chain(p.request.Sent.Canonical, p.request.Sent.Digest, p.request.Sent.Signature,
			p.request.Sent.KeyVersion, p.request.Sent.Value), p.requestVerdict()),
	}
}

func (p *Pane) requestVerdict() string {
	v := p.request.SentVerdict
	switch {
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
		return []string{label + p.theme.Muted.Render("no response yet: ctrl+r sends the request")}
	case p.shown.Response == nil && p.shown.Err == "":
		return []string{label + p.theme.Warn.Render("? no response: the outcome is unknown")}
	case p.shown.Response == nil:
		return []string{label + p.theme.Bad.Render("✗ no response: "+ui.Safe(p.shown.Err))}
	}
	v := p.shown.Received
	if v.OK() {
		return []string{
			label + p.canonical(v.Canonical),
			p.withVerdict(p.chain(v.Canonical, v.Digest, v.Signature, v.Header.KeyVersion, v.Header.Value),
				p.theme.Good.Render("✓ verifies")),
		}
	}
	explains := p.explains()
	room := max(0, p.w-ui.Width(explains)-2)
	reason := label + p.theme.Bad.Render("✗ "+string(v.Status)+": ") + p.theme.Text.Render(ui.Safe(v.Reason))
	lines := []string{ui.Fit(reason, room) + "  " + explains}
	if v.Hint != "" {
		lines = append(lines, indent(p.theme.Muted.Render(ui.Safe(v.Hint))))
	}
	return lines
}

// explains names the key that says why.
func (p *Pane) explains() string { return p.theme.Key.Render("d") + p.theme.Muted.Render(" explains") }

func indent(s string) string { return strings.Repeat(" ", labelWidth) + s }

// canonical draws as much of a string as fits, line feeds and blanks as
// symbols. It is cut before it is drawn: a body may be megabytes.
func (p *Pane) canonical(b []byte) string {
	room := max(0, p.w-labelWidth)
	cut := b
	if limit := 4 * room; len(cut) > limit {
		cut = cut[:limit]
	}
	return p.theme.Text.Render(ui.Truncate(ui.Canonical(cut, true), room))
}

// chain writes what became of the string, stage by stage.
func (p *Pane) chain(canonical []byte, digest [32]byte, sig []byte, version, value string) string {
	key := fmt.Sprintf("RSA-%d key v%s", 8*len(sig), version)
	if version == "" {
		key = fmt.Sprintf("RSA-%d key", 8*len(sig))
	}
	spelling := "base64"
	if strings.Contains(value, "%") {
		spelling = "base64 → %-encoded"
	}
	parts := []string{
		ui.Bytes(int64(len(canonical))),
		"SHA-256 " + hex.EncodeToString(digest[:4]) + "…",
		key, spelling, ui.Safe(value),
	}
	return "└ " + strings.Join(parts, " → ")
}

// withVerdict puts the verdict at the right, whatever the width.
func (p *Pane) withVerdict(chain, verdict string) string {
	room := max(0, p.w-labelWidth-ui.Width(verdict)-2)
	return indent(p.theme.Muted.Render(ui.Fit(ui.Truncate(chain, room), room))) + "  " + verdict
}
