package compare

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"countersign/apiclient"
	"countersign/history"
)

// Runs loads the runs that a person chose, the older one first. Where only one is
// chosen, with is nil: it is compared with the one before it of the same endpoint.
func Runs(h *history.Store, run history.Run, with *history.Run) Load {
	return func(ctx context.Context) (x, y Side, why string, err error) {
		if y, err = loadSide(ctx, h, run.ID, run.Name); err != nil {
			return x, y, "", err
		}
		if with != nil {
			x, err = loadSide(ctx, h, with.ID, with.Name)
			return x, y, "", err
		}
		x, err = before(ctx, h, y.Exchange, run.Seq)
		return x, y, whyBefore, err
	}
}

// Shown loads the marked run, or the run before of the same endpoint, beside the
// exchange that is on the screen. A draft that is not sent counts as the newest.
func Shown(h *history.Store, e *apiclient.Exchange, sent bool, marked []history.Run) Load {
	return func(ctx context.Context) (Side, Side, string, error) {
		mine, seq := Side{Exchange: e, Name: "draft, not sent"}, int64(1)<<62
		if sent {
			mine.Name = NameOf(e, "")
			found, err := h.Find(ctx, e.ID)
			if err != nil && !errors.Is(err, history.ErrNotFound) {
				return mine, mine, "", err
			}
			if err == nil {
				seq, mine.Name = found.Seq, NameOf(e, found.Name)
			}
		}
		if len(marked) == 1 && marked[0].ID != e.ID {
			other, err := loadSide(ctx, h, marked[0].ID, marked[0].Name)
			return other, mine, "with the run that is marked in the list", err
		}
		other, err := before(ctx, h, e, seq)
		return other, mine, whyBefore, err
	}
}

const whyBefore = "with the run before it of the same endpoint: {runs.mark} marks another one to compare with"

func loadSide(ctx context.Context, h *history.Store, id, name string) (Side, error) {
	e, err := h.Get(ctx, id)
	return Side{Exchange: &e, Name: NameOf(&e, name)}, err
}

// before loads the run before a place of the list that went to the same
// endpoint, or to the same path where there is none.
func before(ctx context.Context, h *history.Store, e *apiclient.Exchange, seq int64) (Side, error) {
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
		return Side{}, err
	}
	return loadSide(ctx, h, found[0].ID, found[0].Name)
}
