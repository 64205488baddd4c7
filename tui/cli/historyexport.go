package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"countersign/apiclient/redact"
	"countersign/history"
	"countersign/tui/ui"
)

func (a *app) historyExportCommand() *cobra.Command {
	var out string
	var reveal bool
	cmd := &cobra.Command{
		Use: "export [WORD...]", Short: "Write runs as JSON, one on a line",
		Args: args(0, 1<<16, ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := parseQuery(strings.Join(args, " "))
			if err != nil {
				return err
			}
			if a.flags.profile != "" {
				q.Profile = a.flags.profile
			}
			return a.exportRuns(cmd.Context(), q, out, reveal)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write into this new `FILE`, for you alone")
	cmd.Flags().BoolVar(&reveal, "reveal", false, "leave secrets as they are")
	return cmd
}

// exportRuns writes the runs of a query, those that cannot be read left out and told.
func (a *app) exportRuns(ctx context.Context, q history.Query, name string, reveal bool) error {
	masks, err := a.redactor(reveal)
	if err != nil {
		return err
	}
	store, err := a.store()
	if err != nil {
		return err
	}
	to := a.out
	if name != "" {
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // a name that a person gave
		if errors.Is(err, os.ErrExist) {
			return usage("move it away first, or give another name", "%s exists and is not overwritten", ui.Safe(name))
		}
		if err != nil {
			return failed("", "%w", err)
		}
		defer func() { _ = file.Close() }()
		to = file
	}
	w := bufio.NewWriterSize(to, 1<<16)
	written, broken, err := a.writeRuns(ctx, store, q, masks, w)
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return fmt.Errorf("the export is not whole: %w", err)
	}
	says := fmt.Sprintf("exported %s", runCount(written))
	if !reveal {
		says += "; secrets are masked: --reveal writes the very bytes"
	}
	_, _ = fmt.Fprintln(a.err, says)
	if len(broken) > 0 {
		return failed("countersign history check looks through all of them", "%s could not be read: %s",
			runCount(len(broken)), strings.Join(broken[:min(len(broken), 5)], " "))
	}
	return nil
}

func (a *app) writeRuns(
	ctx context.Context, store *history.Store, q history.Query, masks redact.Redactor, w io.Writer,
) (written int, broken []string, err error) {
	q.Oldest, q.Limit = true, 200
	for {
		page, err := store.List(ctx, q) // newest first
		if err != nil || len(page) == 0 {
			return written, broken, err
		}
		for i := len(page) - 1; i >= 0; i-- {
			r := page[i]
			e, err := store.Get(ctx, r.ID)
			if ctx.Err() != nil {
				return written, broken, ctx.Err()
			}
			if err != nil {
				broken = append(broken, r.ID)
				continue
			}
			if err := writeEntry(w, history.Entry{Exchange: masks.Masker().Exchange(e), Name: r.Name,
				Pinned: r.Pinned}); err != nil {
				return written, broken, err
			}
			written++
		}
		q.After = page[0].Seq
	}
}

// entryMarks are what a person gave a run, beside the members of its exchange.
type entryMarks struct {
	Name   string `json:"name,omitempty"`
	Pinned bool   `json:"pinned,omitempty"`
}

// writeEntry writes a run on a line: its exchange, and what a person gave it behind it.
func writeEntry(w io.Writer, e history.Entry) error {
	line, err := e.Exchange.MarshalJSON()
	if err != nil {
		return err
	}
	marks, err := json.Marshal(entryMarks{e.Name, e.Pinned})
	if err != nil {
		return err
	}
	if len(marks) > 2 {
		line = append(append(line[:len(line)-1], ','), marks[1:]...)
	}
	_, err = w.Write(append(line, '\n'))
	return err
}
