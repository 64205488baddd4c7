package tui

import (
	"cmp"
	"fmt"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/amount"
	"countersign/tui/ui"
)

// stakes is what a person must know before the draft is sent, as lines below a
// question: how much money it names, and what is known to be wrong with it.
func (a *App) stakes() string {
	body := a.panes.request.Draft().Body
	var faults []string
	for _, m := range a.panes.request.Marks() {
		faults = append(faults, m.Text)
	}
	if p := a.desk.preview; p != nil && a.desk.previewed == a.desk.revision {
		body = p.Request.Content() // with its variables expanded
		for _, f := range p.Findings {
			if f.Severity == apiclient.Problem {
				faults = append(faults, f.Says)
			}
		}
	}
	lines := amountsOf(body)
	if a.desk.previewErr != nil && a.desk.previewed == a.desk.revision {
		faults = append(faults, a.desk.previewErr.Error())
	}
	switch n := len(faults); n {
	case 0:
	case 1:
		lines += "\n1 fault: " + ui.Safe(faults[0])
	default:
		lines += fmt.Sprintf("\n%d faults: %s (and %d more)", n, ui.Safe(faults[0]), n-1)
	}
	return lines
}

// brief is a text of the body as a part of a line.
func brief(s string) string { return ui.Truncate(ui.Safe(s[:min(len(s), 400)]), 60) }

// amountsOf lists the money that a body names, a line each.
func amountsOf(body []byte) string {
	if len(body) > amount.MaxBody {
		return "\nThe body is large (" + ui.Bytes(int64(len(body))) + "): the amounts in it are not listed."
	}
	var b strings.Builder
	for _, a := range amount.Find(body) {
		fmt.Fprintf(&b, "\n%s %s, sent as %s", cmp.Or(brief(a.Name), "amount"), brief(a.String()), brief(a.Value))
	}
	return b.String()
}
