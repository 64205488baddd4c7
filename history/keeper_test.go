package history

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// A capture keeps its newest runs of either kind, what is pinned, and what is none
// of its own.
func TestKeeper(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	add(t, s, 3) // of somebody else: Seq 1 to 3
	k, err := s.Keeper(2, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	record := func(n int, bad bool) {
		t.Helper()
		e := answer(exchangeOf(n))
		if bad {
			e.Received.Status = signing.Mismatch
		}
		if err := k.Record(ctx, []*apiclient.Exchange{e}); err != nil {
			t.Fatal(err)
		}
	}
	record(10, true) // 4
	record(11, false)
	if _, err := s.Pin(ctx, true, idOf(11)); err != nil {
		t.Fatal(err)
	}
	for n := 12; n < 20; n++ {
		record(n, false) // 6 to 13
	}
	record(20, true)
	record(21, true)
	if got, want := seqs(t, s, Query{}), []int64{15, 14, 13, 12, 5, 3, 2, 1}; !slices.Equal(got, want) {
		t.Errorf("kept %v, not %v", got, want)
	}
	if n := s.Notices(); len(n) > 0 {
		t.Errorf("%v", n)
	}
}

// The index rests while many runs are recorded at once; a search finds them all.
func TestKeeperHoldsTheIndex(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	k, err := s.Keeper(1000, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	pending := func() (n int) {
		if err := s.db().QueryRowContext(ctx, "SELECT count(*) FROM pending").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const batches = 4
	for i := range batches {
		list := make([]*apiclient.Exchange, crowd)
		for n := range list {
			list[n] = answer(exchangeOf(i*crowd + n))
		}
		if err := k.Record(ctx, list); err != nil {
			t.Fatal(err)
		}
	}
	if s.index.held.Load() == 0 {
		t.Error("the index does not rest")
	}
	s.index.held.Store(time.Now().Add(time.Hour).UnixNano())
	had := pending()
	time.Sleep(2 * indexDelay)
	if n := pending(); n != had || n == 0 {
		t.Errorf("%d of %d runs are pending still", n, had)
	}
	if n, err := s.CountOf(ctx, Query{Search: "POST"}); n != batches*crowd || err != nil {
		t.Errorf("a search finds %d, %v", n, err)
	}
}

// What is masked is kept nowhere, whichever way a run is recorded.
func TestMaskedHoweverRecorded(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	s.Mask(func(e apiclient.Exchange) apiclient.Exchange {
		e.URL, e.Masked = "masked", true
		return e
	})
	k, err := s.Keeper(1000, 64<<20)
	if err != nil {
		t.Fatal(err)
	}
	for name, record := range map[string]func(context.Context, *apiclient.Exchange) error{
		"begin": s.Begin, "complete": s.Complete,
		"record": func(ctx context.Context, e *apiclient.Exchange) error { return s.Record(ctx, []*apiclient.Exchange{e}) },
		"keeper": func(ctx context.Context, e *apiclient.Exchange) error { return k.Record(ctx, []*apiclient.Exchange{e}) },
	} {
		e := answer(exchangeOf(len(name) * 10))
		e.ID = "run of " + name
		if err := record(ctx, e); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Get(ctx, e.ID); err != nil || got.URL != "masked" || !got.Masked || e.URL == "masked" {
			t.Errorf("%s: %q is kept, %v", name, got.URL, err)
		}
	}
}

func TestKeeperOfBytes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	k, err := s.Keeper(1000, 64<<10)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		e := answer(exchangeOf(n))
		e.Response.Body = noise(20<<10, byte(n))
		if err := k.Record(ctx, []*apiclient.Exchange{e}); err != nil {
			t.Fatal(err)
		}
	}
	if n, _ := s.Count(ctx); n < 1 || n > 3 {
		t.Errorf("%d runs of 20 kB are kept in 64 kB", n)
	}
	if n := s.Notices(); len(n) != 1 || !strings.Contains(string(n[0]), "the oldest are removed") {
		t.Errorf("%v", n)
	}
	if _, err := s.Keeper(0, 1); err == nil {
		t.Error("none can be kept")
	}
}

// BenchmarkKeeper records batches of a hundred: with room, and with a removal for
// each run that comes.
func BenchmarkKeeper(b *testing.B) {
	for name, keep := range map[string]int{"room": 1 << 30, "full": 500} {
		b.Run(name, func(b *testing.B) {
			s := openNew(b)
			k, err := s.Keeper(keep, 1<<40)
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for b.Loop() {
				var list []*apiclient.Exchange
				for range 100 {
					n++
					list = append(list, answer(exchangeOf(n)))
				}
				if err := k.Record(context.Background(), list); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "runs/s")
		})
	}
}
