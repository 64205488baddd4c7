package history

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// The benchmarks on a long history share one file of manyRuns runs with 4 kB
// of bodies each, made at first use and removed by TestMain.
//
//	go test ./history -run '^$' -bench . -benchmem
const manyRuns = 100_000

var (
	manyDir  string
	manyOnce sync.Once
)

// many returns the path of the long history.
func many(b *testing.B) string {
	b.Helper()
	manyOnce.Do(func() {
		dir, err := os.MkdirTemp("", "history-bench-")
		if err != nil {
			b.Fatal(err)
		}
		manyDir = dir
		s, _, err := Open(context.Background(), filepath.Join(dir, "history.db"))
		if err != nil {
			b.Fatal(err)
		}
		addMany(b, s)
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	})
	return filepath.Join(manyDir, "history.db")
}

func addMany(b *testing.B, s *Store) {
	b.Helper()
	for n := 0; n < manyRuns; n += 1000 {
		addQuickly(b, s, n, n+1000, fat)
	}
	if err := s.index.catchUp(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// fat is a completed exchange with 4 kB of bodies, all words of some of which
// are its own.
func fat(n int) *apiclient.Exchange {
	e := answer(exchangeOf(n))
	e.Endpoint = fmt.Sprintf("v2/payments/%d", n%20)
	switch { // what is filtered by: some of it frequent, some rare, some only long ago
	case n%10 == 3:
		e.Result.Status, e.Result.Code = "F", "PARAM_ILLEGAL"
	case n%1000 == 7:
		e.Received.Status, e.Origin = signing.Unsigned, apiclient.FromReplay
	case n < 50:
		e.Tampered, e.Profile = []string{"wrong time"}, "staging"
	}
	var body bytes.Buffer
	body.WriteString(`{"orders":[`)
	for i := 0; body.Len() < 3700; i++ {
		fmt.Fprintf(&body, `{"orderId":"%d","note":"goods item%d of a common kind","sku":"s%dx%d"},`, n*1000+i, n%5000, n, i)
	}
	body.WriteString(`{}]}`)
	e.Response.Body = body.Bytes()
	return e
}

func BenchmarkBegin(b *testing.B) {
	s := openNew(b)
	ctx := context.Background()
	for n := 0; b.Loop(); n++ {
		if err := s.Begin(ctx, fat(n)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkComplete(b *testing.B) {
	s := openNew(b)
	ctx := context.Background()
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		if err := s.Begin(ctx, exchangeOf(n)); err != nil {
			b.Fatal(err)
		}
		e := fat(n)
		b.StartTimer()
		if err := s.Complete(ctx, e); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpenBeginCompleteClose is what the history adds to one send of the command line.
func BenchmarkOpenBeginCompleteClose(b *testing.B) {
	path := filepath.Join(b.TempDir(), "history.db")
	ctx := context.Background()
	for n := 0; b.Loop(); n++ {
		s, _, err := Open(ctx, path)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Begin(ctx, exchangeOf(n)); err != nil {
			b.Fatal(err)
		}
		if err := s.Complete(ctx, fat(n)); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenAndNewest200Of100000(b *testing.B) {
	path := many(b)
	ctx := context.Background()
	for b.Loop() {
		s, _, err := Open(ctx, path)
		if err != nil {
			b.Fatal(err)
		}
		if runs, err := s.List(ctx, Query{}); err != nil || len(runs) != 200 {
			b.Fatal(len(runs), err)
		}
		b.StopTimer()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func BenchmarkListOf100000(b *testing.B) {
	for _, bench := range []struct {
		name string
		q    Query
	}{
		{"newest", Query{}},
		{"deep page", Query{Before: 1000}},
		{"endpoint", Query{Endpoint: "v2/payments/7"}},
		{"search one run", Query{Search: "req-077777"}},
		{"search in 20 runs", Query{Search: "item4321"}},
		{"search common word", Query{Search: "common kind"}},
		{"search common prefix", Query{Search: "com"}},
		{"search one letter", Query{Search: "s"}},
		{"search many numbers", Query{Search: "1"}},
		{"search nothing", Query{Search: "nowhere"}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			s := openAt(b, many(b))
			for b.Loop() {
				if _, err := s.List(context.Background(), bench.q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkFilterOf100000: the newest 200 for what a person types.
func BenchmarkFilterOf100000(b *testing.B) {
	for _, text := range []string{
		"endpoint:7", "status:F", "status:S", "status:U", "status:200", "status:4xx", "status:lost", "verdict:unsigned", "verdict:bad",
		"request:verified", "response:unsigned", "profile:staging", "profile:sandbox", "origin:replay", "origin:cli", "pinned", "tampered", "named",
		"endpoint:7 status:F origin:cli", "endpoint:payments verdict:unsigned", "origin:cli profile:staging", "status:F item4321",
	} {
		b.Run(text, func(b *testing.B) {
			s := openAt(b, many(b))
			q, _ := ParseQuery(text)
			for b.Loop() {
				if _, err := s.List(context.Background(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("oldest page", func(b *testing.B) {
		s := openAt(b, many(b))
		for b.Loop() {
			if runs, err := s.List(context.Background(), Query{Oldest: true}); err != nil || len(runs) != 200 {
				b.Fatal(len(runs), err)
			}
		}
	})
	b.Run("count of a page from the end", func(b *testing.B) {
		s := openAt(b, many(b))
		for b.Loop() {
			if _, err := s.CountOf(context.Background(), Query{After: 200}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("facets", func(b *testing.B) {
		s := openAt(b, many(b))
		for b.Loop() {
			if _, err := s.Facets(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkGetOf100000(b *testing.B) {
	s := openAt(b, many(b))
	for n := 0; b.Loop(); n++ {
		if _, err := s.Get(context.Background(), idOf(n * 7919 % manyRuns)[:36]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVersion(b *testing.B) {
	s := openNew(b)
	for b.Loop() {
		if _, err := s.Version(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkIndex adds runs of 4 kB to the index; each transaction holds up
// another writer for the time that longest-ms says at most.
func BenchmarkIndex(b *testing.B) {
	s := openNew(b)
	ctx := context.Background()
	s.index.stop() // only the benchmark indexes
	longest, total := time.Duration(0), 0
	for n := 0; b.Loop(); n += batchRuns {
		b.StopTimer()
		for i := n; i < n+batchRuns; i++ {
			if err := s.Complete(ctx, fat(i)); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		began := time.Now()
		if err := s.index.catchUp(ctx); err != nil {
			b.Fatal(err)
		}
		longest = max(longest, time.Since(began))
		total += batchRuns
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(total), "µs/run")
	b.ReportMetric(float64(longest.Microseconds())/1000, "longest-ms")
}

// BenchmarkMemory lists all of a long history at once and says how much of
// the heap a line takes.
func BenchmarkMemory(b *testing.B) {
	s := openAt(b, many(b))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var runs []Run
	for b.Loop() {
		var err error
		if runs, err = s.List(context.Background(), Query{Limit: manyRuns}); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(runs)), "B/run")
	info, err := os.Stat(many(b))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/manyRuns, "file-B/run")
	runtime.KeepAlive(runs)
}
