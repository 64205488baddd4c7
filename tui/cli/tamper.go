package cli

import (
	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/signing"
	"countersign/tui/ui"
)

// tamperLine is a way to tamper a request in the document of --tamper list.
type tamperLine struct {
	Name   string   `json:"name"`
	Where  string   `json:"where"`
	Says   string   `json:"says"`
	Expect string   `json:"expect"`
	Codes  []string `json:"codes"`
}

// listTampers prints the ways to make a request wrong on purpose.
func (a *app) listTampers() error {
	list, names := apiclient.Tampers(), a.headerNames("")
	for i := range list {
		list[i] = list[i].Called(names)
	}
	var lines []tamperLine
	rows := [][]string{{"TAMPER", "WHERE", "WHAT IS WRONG"}}
	for _, s := range list {
		lines = append(lines, tamperLine{s.Name, string(s.Where), s.Says, s.Expect, s.Codes})
		rows = append(rows, []string{s.Name, string(s.Where), s.Says})
	}
	var out printer
	table(&out, rows)
	return a.tell(lines, &out)
}

func completeTampers(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, s := range apiclient.Tampers() {
		names = append(names, s.Name+"\t"+s.Says)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// refusedLine says that the other side refused a tampered request; nothing where
// it did not: that is a finding, and is reported with the others.
func (a *app) refusedLine(out *printer, e apiclient.Exchange) {
	for _, f := range e.Findings {
		if f.Cause == "tampered_refused" {
			out.line("%s  %s", a.paint(good, "✓ refused"), ui.Safe(f.Says))
		}
	}
}

// tamperedCode is the exit code for a tampered request that was answered: done
// where the other side refused it, failed where it did not, or does not say so;
// not verified where a refusal carries a signature that does not verify. Many
// refusals carry none. What need not be there may be left out: that is no failure.
// A refusal is what was wanted only where a tamper was.
func tamperedCode(e apiclient.Exchange) error {
	meant := e.TamperedOnPurpose()
	switch reaction := e.Reaction(); {
	case meant && (reaction == apiclient.Refused || reaction == apiclient.RefusedOtherwise):
		if e.Received.OK() || e.Received.Status == signing.Unsigned {
			return nil
		}
		return said(exitUnverified)
	case reaction == apiclient.Accepted || meant && reaction == apiclient.Undecided:
		for _, f := range e.Findings {
			if f.Cause == "tampered_accepted" && f.Severity == apiclient.Problem || f.Cause == "tampered_undecided" {
				return failed(f.Hint, "%s", f.Says)
			}
		}
	}
	return said(exchangeCode(e))
}
