package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"countersign/history"
	"countersign/tui/ui"
)

func (a *app) historyDeleteCommand() *cobra.Command {
	var restore bool
	cmd := &cobra.Command{
		Use: "delete RUN...", Short: "Delete runs",
		Args:              args(1, 1<<16, "at least one RUN"),
		ValidArgsFunction: a.completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			if restore {
				return a.restoreRuns(cmd.Context(), args)
			}
			return a.deleteRuns(cmd.Context(), args)
		},
	}
	cmd.Flags().BoolVar(&restore, "restore", false, "bring deleted runs back")
	return cmd
}

// changedDoc is the document of delete, name and pin.
type changedDoc struct {
	Changed int      `json:"changed"`
	IDs     []string `json:"ids"`
	Left    int      `json:"left"` // runs that are listed
}

func (a *app) deleteRuns(ctx context.Context, args []string) error {
	store, ids, err := a.namedRuns(ctx, args)
	if err != nil {
		return err
	}
	n, err := store.Delete(ctx, ids...)
	if err != nil {
		return err
	}
	return a.changed(ctx, store, n, ids, fmt.Sprintf("deleted %s; {left} left\n"+
		"for 24 hours: countersign history delete --restore %s", runCount(n), strings.Join(ids, " ")))
}

func (a *app) restoreRuns(ctx context.Context, ids []string) error {
	store, err := a.store()
	if err != nil {
		return err
	}
	n, err := store.Restore(ctx, ids...)
	if err != nil {
		return err
	}
	if n == 0 {
		return usage("give the whole id, as history delete printed it", "no deleted run has such an id")
	}
	return a.changed(ctx, store, n, ids, fmt.Sprintf("restored %s; {left} left", runCount(n)))
}

func (a *app) historyNameCommand() *cobra.Command {
	return &cobra.Command{
		Use: "name RUN NAME", Short: "Give a run a name",
		Args:              args(2, 2, "a RUN and its NAME"),
		ValidArgsFunction: a.completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			store, ids, err := a.namedRuns(cmd.Context(), args[:1])
			if err != nil {
				return err
			}
			if _, err := store.Rename(cmd.Context(), ids[0], args[1]); err != nil {
				return err
			}
			text := fmt.Sprintf("named %s “%s”", ids[0], ui.Safe(strings.TrimSpace(args[1])))
			if strings.TrimSpace(args[1]) == "" {
				text = ids[0] + " has no name now"
			}
			return a.changed(cmd.Context(), store, 1, ids, text)
		},
	}
}

func (a *app) historyPinCommand() *cobra.Command {
	var off bool
	cmd := &cobra.Command{
		Use: "pin RUN...", Short: "Keep runs when old ones are removed",
		Args:              args(1, 1<<16, "at least one RUN"),
		ValidArgsFunction: a.completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			store, ids, err := a.namedRuns(cmd.Context(), args)
			if err != nil {
				return err
			}
			n, err := store.Pin(cmd.Context(), !off, ids...)
			if err != nil {
				return err
			}
			text := map[bool]string{true: "unpinned ", false: "pinned "}[off] + runCount(n)
			if already := len(ids) - n; already > 0 {
				text += fmt.Sprintf("; %s already", runCount(already))
			}
			return a.changed(cmd.Context(), store, n, ids, text)
		},
	}
	cmd.Flags().BoolVar(&off, "off", false, "unpin them")
	return cmd
}

// namedRuns finds the whole IDs of the runs that are named, each once: none is
// changed where one is not found.
func (a *app) namedRuns(ctx context.Context, names []string) (*history.Store, []string, error) {
	store, err := a.store()
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	for _, name := range names {
		e, err := a.listedRun(ctx, name)
		if err != nil {
			return nil, nil, err
		}
		if !slices.Contains(ids, e.ID) {
			ids = append(ids, e.ID)
		}
	}
	return store, ids, nil
}

// changed prints what was changed.
func (a *app) changed(ctx context.Context, store *history.Store, n int, ids []string, text string) error {
	left, err := store.Count(ctx)
	if err != nil {
		return err
	}
	var out printer
	out.line("%s", strings.ReplaceAll(text, "{left}", fmt.Sprint(left)))
	return a.tell(changedDoc{n, ids, left}, &out)
}
