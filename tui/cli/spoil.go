package cli

import (
	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// spoilLine is a way to spoil a request in the document of --spoil list.
type spoilLine struct {
	Name   string   `json:"name"`
	Where  string   `json:"where"`
	Says   string   `json:"says"`
	Expect string   `json:"expect"`
	Codes  []string `json:"codes"`
}

// listSpoils prints the ways to make a request wrong on purpose.
func (a *app) listSpoils() error {
	if a.flags.json {
		var lines []spoilLine
		for _, s := range apiclient.Spoils() {
			lines = append(lines, spoilLine{s.Name, string(s.Where), s.Says, s.Expect, s.Codes})
		}
		return a.printJSON(lines)
	}
	rows := [][]string{{"SPOIL", "WHERE", "WHAT IS WRONG"}}
	for _, s := range apiclient.Spoils() {
		rows = append(rows, []string{s.Name, string(s.Where), s.Says})
	}
	var out printer
	table(&out, rows)
	return a.write([]byte(out.String()))
}

func completeSpoils(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, s := range apiclient.Spoils() {
		names = append(names, s.Name+"\t"+s.Says)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// refusedLine says that the other side refused a spoilt request; nothing where
// it did not: that is a finding, and is told with the others.
func (a *app) refusedLine(out *printer, e apiclient.Exchange) {
	for _, f := range e.Findings {
		if f.Cause == "spoilt_refused" {
			out.line("%s  %s", a.paint(good, "✓ refused"), ui.Safe(f.Says))
		}
	}
}

// acceptedSpoilt is the error for a spoilt request that was carried out.
func acceptedSpoilt(e apiclient.Exchange) error {
	for _, f := range e.Findings {
		if f.Cause == "spoilt_accepted" && f.Severity == apiclient.Problem {
			return failed(f.Hint, "%s", f.Says)
		}
	}
	return nil
}
