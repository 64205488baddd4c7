package history

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
)

func TestDeleteAndRestore(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	add(t, s, 4)
	if n, err := s.Delete(ctx, idOf(1), idOf(3), idOf(3), "nobody"); n != 2 || err != nil {
		t.Fatalf("deleted %d, %v", n, err)
	}
	if got := seqs(t, s, Query{}); !reflect.DeepEqual(got, []int64{3, 1}) {
		t.Errorf("the list shows %v", got)
	}
	if got := seqs(t, s, Query{Search: "payment"}); !reflect.DeepEqual(got, []int64{3, 1}) {
		t.Errorf("the search shows %v", got)
	}
	if n, err := s.Count(ctx); n != 2 || err != nil {
		t.Errorf("count %d, %v", n, err)
	}
	for _, name := range []string{idOf(1), idOf(1)[:35] + "1"} {
		if _, err := s.Get(ctx, name); !errors.Is(err, ErrNotFound) {
			t.Errorf("a deleted run is shown: %v", err)
		}
	}
	if e, err := s.Get(ctx, "last"); err != nil || e.ID != idOf(2) {
		t.Errorf("last is %s, %v", e.ID, err)
	}
	if n, err := s.Restore(ctx, idOf(3), idOf(1), idOf(0)); n != 2 || err != nil {
		t.Errorf("restored %d, %v", n, err)
	}
	if got := seqs(t, s, Query{Search: "payment"}); !reflect.DeepEqual(got, []int64{4, 3, 2, 1}) {
		t.Errorf("after undo the list shows %v", got)
	}
	if n, err := s.Count(ctx); n != 4 || err != nil {
		t.Errorf("count %d, %v", n, err)
	}
}

// rows counts the rows of each table that holds something of a run.
func rows(t *testing.T, s *Store) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, table := range []string{"runs", "records", "bodies", "pending", "search_docsize"} {
		var n int
		if err := s.db().QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		out[table] = n
	}
	return out
}

func TestPrune(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	base := exchangeOf(0).StartedAt
	for name, c := range map[string]struct {
		keep      int
		olderThan time.Time
		want      []int64
	}{
		"all":                  {0, time.Time{}, []int64{}},
		"but the newest":       {2, time.Time{}, []int64{6, 5}},
		"keep more than all":   {100, time.Time{}, []int64{6, 5, 4, 3, 2, 1}},
		"old ones":             {0, base.Add(3), []int64{6, 5, 4}},
		"old ones but newest":  {5, base.Add(3), []int64{6, 5, 4, 3, 2}},
		"none is old":          {0, base, []int64{6, 5, 4, 3, 2, 1}},
		"the newest are older": {1, base.Add(time.Hour), []int64{6}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openNew(t)
			add(t, s, 6)
			if err := s.index.catchUp(ctx); err != nil {
				t.Fatal(err)
			}
			n, err := s.Prune(ctx, c.keep, c.olderThan, nil)
			if err != nil || n != 6-len(c.want) {
				t.Errorf("pruned %d, %v", n, err)
			}
			for _, search := range []string{"", "payment"} {
				if got := seqs(t, s, Query{Search: search}); !reflect.DeepEqual(got, c.want) {
					t.Errorf("%v are left, want %v", got, c.want)
				}
			}
			if n, err := s.Count(ctx); n != len(c.want) || err != nil {
				t.Errorf("count %d, %v", n, err)
			}
			left := len(c.want)
			want := map[string]int{"runs": left, "records": left, "bodies": 0, "pending": 0, "search_docsize": 6} // a few may stay
			if got := rows(t, s); !reflect.DeepEqual(got, want) {
				t.Errorf("rows %v, want %v", got, want)
			}
		})
	}
	if _, err := openNew(t).Prune(ctx, -1, time.Time{}, nil); hint.Of(err) == "" {
		t.Errorf("keep -1: %v", err)
	}
}

// TestPruneTidiesTheIndex: where most are gone, a new index takes the place of
// the old one, of which nothing is left, even where a program died meanwhile.
func TestPruneTidiesTheIndex(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	addQuickly(t, s, 0, fewOrphans+100, exchangeOf)
	if err := s.index.catchUp(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db().Exec("CREATE VIRTUAL TABLE " + oldIndex + " USING " + searchForm + "; INSERT INTO " + oldIndex + " (rowid, text) VALUES (1, 'left')"); err != nil {
		t.Fatal(err)
	}
	steps := []int{}
	n, err := s.Prune(ctx, 10, time.Time{}, func(removed int) { steps = append(steps, removed) })
	if err != nil || n != fewOrphans+90 || len(steps) < 2 || steps[len(steps)-1] != n || !slices.IsSorted(steps) {
		t.Fatalf("pruned %d, %v, in steps %v", n, err, steps)
	}
	if got := seqs(t, s, Query{Search: "payment"}); len(got) != 10 {
		t.Errorf("%d runs are found after it, want 10", len(got))
	}
	var tables int
	if err := s.db().QueryRow("SELECT count(*) FROM sqlite_schema WHERE name LIKE ?", oldIndex+"%").Scan(&tables); err != nil || tables != 0 {
		t.Errorf("%d tables of the old index are left, %v", tables, err)
	}
	if got := rows(t, s)["search_docsize"]; got != 10 {
		t.Errorf("the index holds %d runs, want 10", got)
	}
}

func TestPruneGivesSpaceBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	s.index.stop()
	addQuickly(t, s, 0, 3*150/2, func(n int) *apiclient.Exchange {
		e := exchangeOf(n)
		e.Request.Body = make([]byte, 20<<10)
		return e
	})
	if n, err := s.Prune(ctx, 10, time.Time{}, nil); n != 3*150/2-10 || err != nil {
		t.Fatalf("pruned %d, %v", n, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(s.Path())
	if err != nil || info.Size() > 1<<20 {
		t.Errorf("the file has %d bytes for 10 runs of 20 kB, %v", info.Size(), err)
	}
}

// TestUndoRunsOut: what was deleted long ago goes for good, at the next start.
func TestUndoRunsOut(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s, _, err := open(ctx, filepath.Join(t.TempDir(), "history.db"), func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	add(t, s, 2)
	if _, err := s.Delete(ctx, idOf(0)); err != nil {
		t.Fatal(err)
	}
	at = at.Add(UndoFor)
	if err := s.removeDeleted(ctx); err != nil {
		t.Fatal(err)
	}
	if got := rows(t, s)["runs"]; got != 2 {
		t.Errorf("a run went %s after Delete", UndoFor)
	}
	at = at.Add(time.Second)
	if err := s.removeDeleted(ctx); err != nil {
		t.Fatal(err)
	}
	if got := rows(t, s)["runs"]; got != 1 {
		t.Errorf("%d runs are left", got)
	}
	if n, err := s.Restore(ctx, idOf(0)); n != 0 || err != nil {
		t.Errorf("restored %d, %v", n, err)
	}
}

// TestSeqIsNeverUsedAgain: a cursor or an index entry of a run that is gone
// must not point to another.
func TestSeqIsNeverUsedAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	add(t, s, 3)
	if _, err := s.Prune(ctx, 0, time.Time{}, nil); err != nil {
		t.Fatal(err)
	}
	e := exchangeOf(9)
	e.Outcome, e.Err = apiclient.Failed, "refused"
	if err := s.Complete(ctx, e); err != nil {
		t.Fatal(err)
	}
	if got := seqs(t, s, Query{}); !reflect.DeepEqual(got, []int64{4}) {
		t.Errorf("the new run has %v", got)
	}
}

func oldRun(id string) *apiclient.Exchange {
	return &apiclient.Exchange{
		ID: id, Profile: "sandbox", Endpoint: "v2/payments/pay", StartedAt: time.Unix(1, 0), Outcome: apiclient.Answered,
		Request: apiclient.Message{Line: "POST /x HTTP/1.1", Body: []byte("{}")}, Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte("{}")},
	}
}

// Two programs mark, name and delete while a third removes what is old: what
// is pinned stays, and nothing is counted twice.
func TestPinWhileAnotherPrunes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "history.db")
	first, _, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Close() }()
	second, _, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = second.Close() }()
	const n = 400
	addQuickly(t, first, 0, n, func(i int) *apiclient.Exchange { return oldRun(fmt.Sprint("run", i)) })
	pinned := make([]bool, n)
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; i < n; i += 7 {
			id := fmt.Sprint("run", i)
			k, err := first.Pin(ctx, true, id)
			if err != nil {
				t.Error(err)
				return
			}
			pinned[i] = k == 1 // else it is gone by now
			if _, err := first.Rename(ctx, id, "kept"); err != nil {
				t.Error(err)
			}
			if _, err := first.Delete(ctx, id); err != nil {
				t.Error(err)
			}
			if _, err := first.Restore(ctx, id); err != nil {
				t.Error(err)
			}
		}
	})
	removed := 0
	wg.Go(func() {
		for range 20 {
			k, err := second.Prune(ctx, 10, time.Time{}, nil)
			if err != nil {
				t.Error(err)
				return
			}
			removed += k
		}
	})
	wg.Wait()
	runs, err := second.List(ctx, Query{Limit: 2 * n})
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{}
	for _, r := range runs {
		left[r.ID] = true
	}
	for i := range n {
		if pinned[i] && !left[fmt.Sprint("run", i)] {
			t.Errorf("run%d was pinned, and is gone", i)
		}
	}
	count, err := first.Count(ctx)
	if err != nil || count != len(runs) || count != n-removed {
		t.Errorf("%d counted, %d listed, %d of %d removed, %v", count, len(runs), removed, n, err)
	}
}
