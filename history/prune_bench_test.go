package history

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkPruneOf100000 removes all but 1000 runs of a long history, while
// another program records one after the other: max-begin-ms is how long it was
// held up at worst.
//
//	go test ./history -run '^$' -bench PruneOf -benchtime 1x
func BenchmarkPruneOf100000(b *testing.B) {
	ctx := context.Background()
	data, err := os.ReadFile(many(b))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.StopTimer()
		copied := filepath.Join(b.TempDir(), "history.db")
		writeSynced(b, copied, data)
		s, other := openAt(b, copied), openAt(b, copied)
		recording, stop := context.WithCancel(ctx)
		longest, recorded := make(chan time.Duration), 0
		go func() {
			worst := time.Duration(0)
			for ; recording.Err() == nil; recorded++ {
				start := time.Now()
				if err := other.Begin(ctx, exchangeOf(manyRuns+recorded)); err != nil {
					b.Error(err)
				}
				worst = max(worst, time.Since(start))
				time.Sleep(5 * time.Millisecond)
			}
			longest <- worst
		}()
		b.StartTimer()
		n, err := s.Prune(ctx, 1000, time.Time{}, nil)
		b.StopTimer()
		stop()
		b.ReportMetric(float64((<-longest).Microseconds())/1000, "max-begin-ms")
		b.ReportMetric(float64(recorded), "begun")
		if err != nil || n < manyRuns-1000 {
			b.Fatal(n, err)
		}
		b.StartTimer()
	}
}

// writeSynced writes a file and waits until it is on the disk: else the first
// commit measured would have to.
func writeSynced(b *testing.B, path string, data []byte) {
	b.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		b.Fatal(err)
	}
}
