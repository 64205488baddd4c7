package cli

import (
	"fmt"
	"strings"

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
			if a.flags.json {
				return a.printJSON(struct {
					Before int64 `json:"before"` // bytes
					After  int64 `json:"after"`
				}{before, after})
			}
			return a.write([]byte(fmt.Sprintf("%s before, %s now\n", ui.Bytes(before), ui.Bytes(after))))
		},
	}
}
