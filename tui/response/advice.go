package response

import (
	"strings"

	"countersign/apiclient/catalog"
	"countersign/tui/ui"
)

// httpAdvice says what an answer without a result means by its HTTP status, and
// what to do next.
func (p *Pane) httpAdvice() []string {
	if p.h < 8 {
		return nil
	}
	meaning, advice := catalog.HTTPAdvice(p.exchange.Response.Status())
	words := ui.Words(ui.Safe(strings.TrimSpace(meaning+" "+advice)), p.w)
	lines := make([]string, 0, 3)
	for _, l := range ui.AtMost(words, max(1, p.h/4), p.w) {
		lines = append(lines, p.theme.Muted.Render(l))
	}
	return lines
}
