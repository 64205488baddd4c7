package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"countersign/tui/ui"
)

func (a *app) historyCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Is the history sound?",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.checkHistory(cmd) },
	}
}

// healthDoc is the document of history check.
type healthDoc struct {
	Sound   bool     `json:"sound"`
	File    string   `json:"file"`
	Runs    int      `json:"runs"`
	Bad     int      `json:"bad"`
	Damaged []string `json:"damaged"`
	Faults  []string `json:"faults"` // of the file itself
}

func (a *app) checkHistory(cmd *cobra.Command) error {
	store, err := a.store()
	if err != nil {
		return err
	}
	all, err := store.Count(cmd.Context())
	if err != nil {
		return err
	}
	progress, done := a.counting("read", all)
	h, err := store.Check(cmd.Context(), progress)
	done()
	if err != nil {
		return err
	}
	if a.flags.json {
		doc := healthDoc{h.Sound(), store.Path(), h.Runs, h.Bad, append([]string{}, h.Damaged...),
			append([]string{}, h.File...)}
		if err := a.printJSON(doc); err != nil || h.Sound() {
			return err
		}
		return said(exitFailed)
	}
	if h.Sound() {
		return a.write([]byte(fmt.Sprintf("sound: %s read, each as it was written (%s)\n", runCount(h.Runs),
			ui.Safe(store.Path()))))
	}
	var says []string
	if h.Bad > 0 {
		says = append(says, fmt.Sprintf("%d of %s damaged: %s", h.Bad, runCount(h.Runs), strings.Join(h.Damaged, " ")))
	}
	for _, f := range h.File {
		says = append(says, "the file: "+ui.Safe(f))
	}
	return failed("countersign history delete RUN removes a damaged run; history export saves those that can be read",
		"%s", strings.Join(says, "; "))
}

func (a *app) historyCompactCommand() *cobra.Command {
	return &cobra.Command{
		Use: "compact", Short: "Give free space back to the disk",
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, err := a.store()
			if err != nil {
				return err
			}
			before, after, err := store.Compact(cmd.Context())
			if err != nil {
				return err
			}
			var out printer
			out.line("%s before, %s now", ui.Bytes(before), ui.Bytes(after))
			return a.tell(struct {
				Before int64 `json:"before"` // bytes
				After  int64 `json:"after"`
			}{before, after}, &out)
		},
	}
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
	if unit, ok := days[text[len(text)-1]]; ok {
		n, err := strconv.ParseUint(text[:len(text)-1], 10, 63)
		if err == nil && n <= uint64(math.MaxInt64/unit) {
			return time.Duration(n) * unit, nil //nolint:gosec // it fits
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
	verb, kept := "removed", ""
	if dry {
		verb = "would remove"
	}
	if pinned > 0 {
		kept = fmt.Sprintf(", %d of them kept because pinned", pinned)
	}
	var out printer
	out.line("%s %s; %d left%s", verb, runCount(n), left, kept)
	return a.tell(pruned{n, pinned, left, dry}, &out)
}

func runCount(n int) string {
	if n == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", n)
}
