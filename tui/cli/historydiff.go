package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/compare"
	"countersign/tui/ui"
)

func (a *app) historyDiffCommand() *cobra.Command {
	return &cobra.Command{
		Use: "diff RUN RUN", Short: "Compare two runs",
		Args:              args(2, 2, `two RUNs: ids, starts of ids, or "last"`),
		ValidArgsFunction: a.completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			var both [2]apiclient.Exchange
			for i, id := range args {
				var err error
				if both[i], err = a.listedRun(cmd.Context(), id); err != nil {
					return err
				}
			}
			masks, err := a.redactor(false)
			if err != nil {
				return err
			}
			parts, err := compare.Exchanges(cmd.Context(), &both[0], &both[1], masks)
			if err != nil {
				return err
			}
			if a.flags.json {
				return a.printJSON(diffDocument(&both[0], &both[1], parts))
			}
			return a.printDiff(&both[0], &both[1], parts)
		},
	}
}

// printDiff prints what differs, and in a line each what does not.
func (a *app) printDiff(x, y *apiclient.Exchange, parts []compare.Part) error {
	var out printer
	for _, p := range parts {
		if p.Equal() {
			out.line("= %s: the same, %s", p.Name, ui.Bytes(int64(len(p.A))))
		}
	}
	tones := map[byte]tone{'-': bad, '+': good, '#': bold, '@': faint, '\\': faint}
	for line := range strings.Lines(string(compare.Unified(parts, diffName(x), diffName(y)))) {
		out.line("%s", a.paint(tones[line[0]], ui.Safe(strings.TrimSuffix(line, "\n"))))
	}
	return a.print(&out)
}

func diffName(e *apiclient.Exchange) string {
	return fmt.Sprintf("%s %s %s", e.ID, e.StartedAt.Local().Format("2006-01-02 15:04:05.000"), apiclient.Summary(*e))
}

// diffPart is a part in the document of history diff.
type diffPart struct {
	Group       compare.Group `json:"group"`
	Name        string        `json:"name"`
	Same        bool          `json:"same"`
	Says        string        `json:"says"`
	Note        string        `json:"note,omitempty"`
	BytesA      int           `json:"bytesA"`
	BytesB      int           `json:"bytesB"`
	Differences []difference  `json:"differences"`
}

// difference is a stretch that differs: offsets in bytes, and both sides.
type difference struct {
	FromA    int    `json:"fromA"`
	FromB    int    `json:"fromB"`
	A        string `json:"a"` // what is no UTF-8 in it is replaced: the runs have it
	B        string `json:"b"`
	AsAlways bool   `json:"asAlways,omitempty"`
}

type diffJSON struct {
	A     string     `json:"a"`
	B     string     `json:"b"`
	Same  bool       `json:"same"` // but for what differs always
	Parts []diffPart `json:"parts"`
}

func diffDocument(x, y *apiclient.Exchange, parts []compare.Part) diffJSON {
	doc := diffJSON{A: x.ID, B: y.ID, Same: true, Parts: []diffPart{}}
	for _, p := range parts {
		part := diffPart{Group: p.Group, Name: p.Name, Same: p.Equal(), Says: p.Summary(), Note: p.Note,
			BytesA: len(p.A), BytesB: len(p.B), Differences: []difference{}}
		for _, e := range p.Edits() {
			part.Differences = append(part.Differences, difference{e.A.From, e.B.From,
				string(p.A[e.A.From:e.A.To]), string(p.B[e.B.From:e.B.To]), e.Always})
			doc.Same = doc.Same && e.Always
		}
		doc.Parts = append(doc.Parts, part)
	}
	return doc
}
