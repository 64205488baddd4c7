package cli

import (
	"fmt"
	"math"
	"strings"
	"time"

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
	for _, line := range safeEach(compare.Unified(parts, diffName(x), diffName(y))) {
		tone := tone("")
		switch {
		case line == "":
		case line[0] == '-':
			tone = bad
		case line[0] == '+':
			tone = good
		case line[0] == '#':
			tone = bold
		case line[0] == '@', line[0] == '\\':
			tone = faint
		}
		if tone != "" {
			line = a.paint(tone, line)
		}
		out.line("%s", line)
	}
	return a.write([]byte(out.String()))
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

func (a *app) historyPruneCommand() *cobra.Command {
	var keep int
	var olderThan string
	var dry bool
	cmd := &cobra.Command{
		Use: "prune", Short: "Remove old runs",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("keep") && olderThan == "" {
				return usage("give --keep NUMBER, --older-than AGE, or both", "prune needs to know what may go")
			}
			var before time.Time
			if olderThan != "" {
				age, err := parseAge(olderThan)
				if err != nil {
					return err
				}
				before = time.Now().Add(-age)
			}
			return a.prune(cmd, keep, before, dry)
		},
	}
	cmd.Flags().IntVar(&keep, "keep", 0, "keep this `NUMBER` of the newest runs")
	cmd.Flags().StringVar(&olderThan, "older-than", "", "remove only runs of at least this `AGE`: 30d, 12h, 90m")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "remove nothing, say what would go")
	return cmd
}

// parseAge reads a duration; d stands for days of 24 hours, w for weeks.
func parseAge(text string) (time.Duration, error) {
	days := map[byte]time.Duration{'d': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	var n int
	if unit, ok := days[text[len(text)-1]]; ok {
		if _, err := fmt.Sscanf(text[:len(text)-1]+" ", "%d ", &n); err == nil && n >= 0 &&
			fmt.Sprint(n) == text[:len(text)-1] && n <= int(math.MaxInt64/unit) {
			return time.Duration(n) * unit, nil
		}
	}
	age, err := time.ParseDuration(text)
	if err != nil || age < 0 {
		return 0, usage("write it as 30d, 2w, 12h or 90m", "--older-than %q is not an age", text)
	}
	return age, nil
}

// pruned is the document of history prune.
type pruned struct {
	Removed int  `json:"removed"`
	Pinned  int  `json:"pinned"` // that stay because they are pinned
	Left    int  `json:"left"`
	DryRun  bool `json:"dryRun"`
}

func (a *app) prune(cmd *cobra.Command, keep int, before time.Time, dry bool) error {
	ctx := cmd.Context()
	store, err := a.store()
	if err != nil {
		return err
	}
	if keep < 0 {
		return usage("give 0 or more", "--keep is %d", keep)
	}
	n, pinned, err := store.Prunable(ctx, keep, before)
	if err != nil {
		return err
	}
	if !dry {
		progress, done := a.counting("removed", n)
		n, err = store.Prune(ctx, keep, before, progress)
		done()
		if err != nil {
			return err
		}
	}
	left, err := store.Count(ctx)
	if err != nil {
		return err
	}
	if dry {
		left -= n
	}
	if a.flags.json {
		return a.printJSON(pruned{n, pinned, left, dry})
	}
	verb := "removed"
	if dry {
		verb = "would remove"
	}
	text := fmt.Sprintf("%s %s; %d left", verb, runCount(n), left)
	if pinned > 0 {
		text += fmt.Sprintf(", %d of them kept because pinned", pinned)
	}
	return a.write([]byte(text + "\n"))
}

func runCount(n int) string {
	if n == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", n)
}

// safeEach makes the lines of a text fit for a terminal.
func safeEach(text []byte) []string {
	lines := splitLines(text)
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = ui.Safe(l)
	}
	return out
}

func splitLines(text []byte) []string {
	if len(text) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}
