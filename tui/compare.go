package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	parts "countersign/apiclient/compare"
	"countersign/history"
	"countersign/tui/compare"
	"countersign/tui/keymap"
	"countersign/tui/runs"
	"countersign/tui/signature"
)

// pair is the comparison that is open.
type pair struct {
	from   keymap.Scope // where esc goes back to
	seq    int          // grows with each comparison: a late answer is dropped
	cancel func()       // nil where none is being made
	since  time.Time
	frame  int // of the spinner
}

// compared is a comparison that is done.
type compared struct {
	seq     int
	reading *compare.Reading
	err     error
}

// loadPair gives the two sides of a comparison, and why these.
type loadPair func(ctx context.Context, h *history.Store) (a, b compare.Side, why string, err error)

// openComparison opens the pane and has the comparison made.
func (a *App) openComparison(g parts.Group, load loadPair) tea.Cmd {
	if a.focus != keymap.Compare {
		a.pair.from = a.focus
	}
	a.setFocus(keymap.Compare)
	a.panes.compare.Open(g)
	p := &a.pair
	ctx, cancel := context.WithCancel(context.Background())
	p.seq++
	p.cancel, p.since = cancel, a.config.Now()
	seq, store := p.seq, a.services.History
	work := func() tea.Msg {
		defer cancel()
		x, y, why, err := load(ctx, store)
		if err != nil {
			return compared{seq: seq, err: err}
		}
		reading, err := compare.Read(ctx, x, y, why)
		return compared{seq: seq, reading: reading, err: err}
	}
	return tea.Batch(work, a.nextTick())
}

// stopComparing gives up a comparison that nobody waits for any more.
func (a *App) stopComparing() {
	if a.pair.cancel != nil {
		a.pair.cancel()
		a.pair.cancel = nil
		a.pair.seq++
	}
}

func (a *App) tickPair(t time.Time) {
	a.pair.frame++
	a.panes.compare.Tick(spin.Frames[a.pair.frame%len(spin.Frames)], t.Sub(a.pair.since))
}

// compareNews handles what concerns the comparison.
func (a *App) compareNews(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case runs.CompareAsked:
		return a.openComparison(parts.Request, loadRuns(msg)), true
	case signature.CompareAsked:
		return a.compareStrings(), true
	case compare.Left:
		a.setFocus(a.pair.from)
	case compared:
		if msg.seq != a.pair.seq {
			break
		}
		a.pair.cancel = nil
		if msg.err != nil {
			a.panes.compare.Fail(msg.err)
			break
		}
		a.panes.compare.Show(msg.reading)
	default:
		return nil, false
	}
	return nil, true
}

// loadRuns loads the runs that a person chose, the older one first. Where only
// one is chosen it is compared with the one before it of the same endpoint.
func loadRuns(asked runs.CompareAsked) loadPair {
	return func(ctx context.Context, h *history.Store) (x, y compare.Side, why string, err error) {
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
	return a.openComparison(parts.Canonical, func(ctx context.Context, h *history.Store) (compare.Side, compare.Side, string, error) {
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
