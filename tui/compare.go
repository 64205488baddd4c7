package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	parts "countersign/apiclient/compare"
	"countersign/history"
	"countersign/tui/compare"
	"countersign/tui/keymap"
	"countersign/tui/runs"
)

// openComparison has two sides compared; a group is shown first.
func (a *App) openComparison(g parts.Group, load compare.Load) tea.Cmd {
	a.cover(keymap.Compare)
	return tea.Batch(a.panes.compare.Open(g, load), a.nextTick())
}

// loadRuns loads the runs that a person chose, the older one first. Where only
// one is chosen it is compared with the one before it of the same endpoint.
func loadRuns(h *history.Store, asked runs.CompareAsked) compare.Load {
	return func(ctx context.Context) (x, y compare.Side, why string, err error) {
		if y, err = loadSide(ctx, h, asked.Run.ID, asked.Run.Name); err != nil {
			return x, y, "", err
		}
		if asked.With != nil {
			x, err = loadSide(ctx, h, asked.With.ID, asked.With.Name)
			return x, y, "", err
		}
		x, err = before(ctx, h, y.Exchange, asked.Run.Seq)
		return x, y, whyBefore, err
	}
}

const whyBefore = "with the run before it of the same endpoint: {runs.mark} marks another one to compare with"

func loadSide(ctx context.Context, h *history.Store, id, name string) (compare.Side, error) {
	e, err := h.Get(ctx, id)
	return compare.Side{Exchange: &e, Name: compare.NameOf(&e, name)}, err
}

// before loads the run before a place of the list that went to the same
// endpoint, or to the same path where there is none.
func before(ctx context.Context, h *history.Store, e *apiclient.Exchange, seq int64) (compare.Side, error) {
	q := history.Query{Endpoint: e.Endpoint, Before: seq, Limit: 1}
	what := e.Endpoint
	if q.Endpoint == "" {
		q.Path, _, _ = strings.Cut(e.Request.Path(), "?")
		what = q.Path
	}
	found, err := h.List(ctx, q)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("there is no earlier run of %s: mark two runs to compare them", what)
	}
	if err != nil {
		return compare.Side{}, err
	}
	return loadSide(ctx, h, found[0].ID, found[0].Name)
}

// compareStrings compares the strings that are on the screen with those of the
// marked run, or of the run before of the same endpoint. A draft that is not
// sent counts as the newest.
func (a *App) compareStrings() tea.Cmd {
	e := a.desk.request()
	if e == nil || a.services == nil {
		return nil
	}
	mine := compare.Side{Exchange: e, Name: "draft, not sent"}
	sent := !a.desk.live()
	marked := a.panes.runs.Marked()
	h := a.services.History
	return a.openComparison(parts.Canonical, func(ctx context.Context) (compare.Side, compare.Side, string, error) {
		seq := int64(1) << 62
		if sent {
			mine.Name = compare.NameOf(e, "")
			found, err := h.Find(ctx, e.ID)
			if err != nil && !errors.Is(err, history.ErrNotFound) {
				return mine, mine, "", err
			}
			if err == nil {
				seq, mine.Name = found.Seq, compare.NameOf(e, found.Name)
			}
		}
		if len(marked) == 1 && marked[0].ID != e.ID {
			other, err := loadSide(ctx, h, marked[0].ID, marked[0].Name)
			return other, mine, "with the run that is marked in the list", err
		}
		other, err := before(ctx, h, e, seq)
		return other, mine, whyBefore, err
	})
}
