package response

import (
	"strings"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// tampered says first, of a request that was made wrong on purpose, how the other
// side took it: that it was accepted is what the test was for.
func (p *Pane) tampered() []string {
	e := p.exchange
	if len(e.Tampered) == 0 {
		return nil
	}
	style := map[apiclient.Reaction]ui.Style{apiclient.Accepted: p.theme.Bad, apiclient.Refused: p.theme.Good}
	sign := map[apiclient.Reaction]string{apiclient.Accepted: "✗ ", apiclient.Refused: "✓ "}
	lines := []string{p.theme.Warn.Render(ui.Truncate("● Tampered on purpose: "+ui.Safe(apiclient.TamperTitles(e.Tampered)), p.w))}
	for _, f := range e.Findings {
		if f.Side != apiclient.ResponseSide || !strings.HasPrefix(f.Cause, "tampered_") {
			continue
		}
		r := e.Reaction()
		s, known := style[r]
		if !known {
			s = p.theme.Warn
		}
		mark := sign[r]
		if mark == "" {
			mark = "! "
		}
		text := strings.TrimSpace(f.Says + " " + f.Hint)
		for _, l := range ui.AtMost(ui.Words(mark+ui.Safe(text), p.w), max(2, p.h/4), p.w) {
			lines = append(lines, s.Render(l))
		}
	}
	return lines
}
