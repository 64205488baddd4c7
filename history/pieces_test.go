package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
)

// noise is a body of so many bytes with no piece like another.
func noise(size int, seed byte) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(b)
	return b
}

// large is an answered exchange with bodies of these sizes, -1 for none, that are like
// those of no other.
func large(n int, request, decoded, response int) *apiclient.Exchange {
	e := exchangeOf(n)
	e.Request.Body = noise(request, byte(4*n+1))
	e = answer(e)
	e.Response.Body = noise(response, byte(4*n+2))
	if decoded >= 0 {
		e.Response.Decoded = noise(decoded, byte(4*n+3))
	}
	e.Received.Canonical = append([]byte("POST /x\nc.1."), e.Response.Body...)
	return e
}

// unanswered is e as it is before it is sent.
func unanswered(e *apiclient.Exchange) *apiclient.Exchange {
	begun := *e
	begun.Response, begun.Received, begun.Result = nil, signing.Verdict{}, apiclient.Result{}
	return &begun
}

func TestPiecesComeBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	n := 0
	for _, size := range []int{0, 1, pieceSize - 1, pieceSize, pieceSize + 1, 2*pieceSize - 1, 2 * pieceSize, 2*pieceSize + 1} {
		for _, e := range []*apiclient.Exchange{large(n, size, -1, 3), large(n+1, 3, size, size)} {
			if err := s.Complete(ctx, e); err != nil {
				t.Fatal(err)
			}
			got, err := s.Get(ctx, e.ID)
			if err != nil || !reflect.DeepEqual(got, *e) {
				t.Errorf("%d bytes came back otherwise: %v", size, err)
			}
		}
		n += 2
	}
	var longest int
	if err := s.db().QueryRow("SELECT max(length(bytes)) FROM (SELECT bytes FROM bodies UNION ALL SELECT bytes FROM more)").Scan(&longest); err != nil || longest != pieceSize {
		t.Errorf("the longest piece has %d bytes, %v", longest, err)
	}
}

// TestABodyShrinks: what is completed twice leaves no piece of the first time,
// and a body that is there already is not written again.
func TestABodyShrinks(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	for _, sizes := range [][3]int{{2 * pieceSize, 3 * pieceSize, 4 * pieceSize}, {2 * pieceSize, pieceSize + 1, 2 * pieceSize}, {2 * pieceSize, -1, 10}, {10, -1, 3 * pieceSize}} {
		e := large(0, sizes[0], sizes[1], sizes[2])
		if err := s.Complete(ctx, e); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Get(ctx, e.ID); err != nil || !reflect.DeepEqual(got, *e) {
			t.Errorf("%v came back otherwise: %v", sizes, err)
		}
		want := 0
		for _, size := range sizes {
			want += max(0, (size-1)/pieceSize)
		}
		if got := count(t, s, "more"); got != want {
			t.Errorf("%v: %d pieces are kept, want %d", sizes, got, want)
		}
	}
}

func count(t *testing.T, s *Store, table string) (n int) {
	t.Helper()
	if err := s.db().QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestDamagedPieces: a body is whole, or it is said that it is not; the other
// runs read, and the next start looks through the file.
func TestDamagedPieces(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	before, e, after := exchangeOf(0), large(1, 100, -1, 3*pieceSize+100), exchangeOf(2)
	for _, e := range []*apiclient.Exchange{before, e, after} {
		if err := s.Complete(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct{ statement, says string }{
		"the last is missing":    {"DELETE FROM more WHERE id = (SELECT max(id) FROM more)", "the response's body is damaged in the history: 1572864 of its 1572964 bytes are there"},
		"one is missing":         {"DELETE FROM more WHERE id = (SELECT min(id) + 1 FROM more)", "the response's body is damaged"},
		"all are missing":        {"DELETE FROM more", "524288 of its 1572964 bytes"},
		"the first is missing":   {"DELETE FROM bodies WHERE size IS NOT NULL", "its first piece is missing"},
		"one is shorter":         {"UPDATE more SET bytes = substr(bytes, 2) WHERE id = (SELECT min(id) FROM more)", "1572963 of its"},
		"one is moved":           {"UPDATE more SET id = id + 9 WHERE id = (SELECT min(id) FROM more)", "piece 2 is missing"},
		"one is longer":          {"UPDATE more SET bytes = zeroblob(length(bytes) + 1) WHERE id = (SELECT max(id) FROM more)", "1572965 of its"},
		"two are exchanged":      {"UPDATE more SET bytes = (SELECT bytes FROM more ORDER BY id LIMIT 1) WHERE id = (SELECT min(id) + 1 FROM more)", "not those that were written"},
		"one is of other bytes":  {"UPDATE more SET bytes = zeroblob(length(bytes)) WHERE id = (SELECT max(id) FROM more)", "not those that were written"},
		"the first is of others": {"UPDATE bodies SET bytes = zeroblob(length(bytes)) WHERE size IS NOT NULL", "not those that were written"},
		"the size is nonsense":   {"UPDATE bodies SET size = 1 << 60 WHERE size IS NOT NULL", "of its 1152921504606846976 bytes"},
		"the size is forgotten":  {"UPDATE bodies SET size = NULL", "its first piece is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := s.db().Exec(c.statement); err != nil {
				t.Fatal(err)
			}
			got, err := s.Get(ctx, e.ID)
			if !errors.Is(err, errRunDamaged) || !strings.Contains(err.Error(), c.says) || !strings.Contains(hint.Of(err), "next start") {
				t.Errorf("got %d bytes, %v (hint %q)", len(got.Request.Body), err, hint.Of(err))
			}
			if got.Response != nil {
				t.Error("a part of the body was handed out")
			}
			if os.Remove(s.Path()+suspectSuffix) != nil {
				t.Error("the next start would not look through the file")
			}
			for _, other := range []*apiclient.Exchange{before, after} {
				if got, err := s.Get(ctx, other.ID); err != nil || !bytes.Equal(got.Request.Body, other.Request.Body) {
					t.Errorf("another run: %v", err)
				}
			}
			if len(seqs(t, s, Query{})) != 3 {
				t.Error("the list does not show them all")
			}
			// What is recorded again is whole again.
			if err := s.Complete(ctx, e); err != nil {
				t.Fatal(err)
			}
			if got, err := s.Get(ctx, e.ID); err != nil || !reflect.DeepEqual(got, *e) {
				t.Errorf("recorded again: %v", err)
			}
		})
	}
}

// TestPiecesGoWithTheirRun: not when it is hidden, but when it is removed.
func TestPiecesGoWithTheirRun(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	keep, gone := large(0, 5, -1, 2*pieceSize), large(1, 3*pieceSize, 2*pieceSize, 2*pieceSize)
	for _, e := range []*apiclient.Exchange{keep, gone, large(2, 5, -1, 2*pieceSize)} {
		if err := s.Complete(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Delete(ctx, gone.ID); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Restore(ctx, gone.ID); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if got, err := s.Get(ctx, gone.ID); err != nil || !reflect.DeepEqual(got, *gone) {
		t.Errorf("after undo: %v", err)
	}
	if n, err := s.Delete(ctx, gone.ID); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := s.remove(ctx, nil, "deleted IS NOT NULL"); err != nil {
		t.Fatal(err)
	}
	if got := count(t, s, "more"); got != 2 {
		t.Errorf("%d pieces are left, want those of two runs", got)
	}
	if _, err := s.Pin(ctx, true, keep.ID); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Prune(ctx, 0, time.Time{}, nil); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if got, err := s.Get(ctx, keep.ID); err != nil || !reflect.DeepEqual(got, *keep) || count(t, s, "more") != 1 {
		t.Errorf("the pinned run: %v, and %d pieces", err, count(t, s, "more"))
	}
}

// TestSearchInPieces: the index takes the start of a large body, as of any.
func TestSearchInPieces(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	e := large(0, 5, -1, 0)
	e.Response.Body = []byte(`{"first":"nightingale",` + strings.Repeat(" ", 3*pieceSize) + `"last":"blackbird"}`)
	if err := s.Complete(ctx, e); err != nil {
		t.Fatal(err)
	}
	if got := seqs(t, s, Query{Search: "nightingale"}); len(got) != 1 {
		t.Errorf("a word at the start: %v", got)
	}
	if got := seqs(t, s, Query{Search: "blackbird"}); len(got) != 0 {
		t.Errorf("a word after SearchedBytes: %v", got)
	}
}

// TestFullDiskInALargeBody: a run whose answer finds no room is as it was
// before: sent, with the outcome unknown, and whole.
func TestFullDiskInALargeBody(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	s.db().SetMaxOpenConns(1)
	e := large(0, pieceSize+1, -1, 2<<20)
	if err := s.Begin(ctx, unanswered(e)); err != nil {
		t.Fatal(err)
	}
	var pages int
	if err := s.db().QueryRow("PRAGMA max_page_count = 400").Scan(&pages); err != nil || pages != 400 { // 1.6 MB
		t.Fatal(pages, err)
	}
	if err := s.Complete(ctx, e); err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Fatal(err)
	}
	got, err := s.Get(ctx, e.ID)
	if err != nil || got.Outcome != apiclient.Unknown || got.Response != nil || !bytes.Equal(got.Request.Body, e.Request.Body) {
		t.Errorf("%s, %v", got.Outcome, err)
	}
	if err := s.db().QueryRow("PRAGMA max_page_count = 1000000").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if err := s.Complete(ctx, e); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(ctx, e.ID); err != nil || !reflect.DeepEqual(got, *e) {
		t.Errorf("with room again: %v", err)
	}
}

// TestKill9InALargeBody kills a program at any moment while it records large
// answers: each run is whole, or its outcome is unknown.
func TestKill9InALargeBody(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	whole, unknown := 0, 0
	for round := range 5 {
		cmd, lines := startChild(t, "large", path, round*1000)
		acknowledged := map[string]bool{}
		for n := 0; n < 2+round && lines.Scan(); n++ {
			verb, id, _ := strings.Cut(lines.Text(), " ")
			if verb != "begun" && verb != "completed" {
				t.Fatal(lines.Text())
			}
			acknowledged[id] = verb == "completed"
		}
		time.Sleep(time.Duration(round*7) * time.Millisecond) // into the middle of a record
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed: that is its error
		s := openAt(t, path)
		runs, err := s.List(context.Background(), Query{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range runs {
			e, err := s.Get(context.Background(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			n, err := strconv.ParseInt(e.ID[len(e.ID)-12:], 16, 64)
			answer := ofChild(int(n)).Response.Body
			switch {
			case err != nil:
				t.Fatal(err)
			case e.Outcome == apiclient.Unknown && e.Response == nil && !acknowledged[e.ID]:
				unknown++
			case e.Outcome == apiclient.Answered && bytes.Equal(e.Response.Body, answer):
				whole++
			default:
				t.Errorf("%s is %s, acknowledged %t, and its answer is not whole", e.ID, e.Outcome, acknowledged[e.ID])
			}
			delete(acknowledged, e.ID)
		}
		if len(acknowledged) > 0 {
			t.Errorf("lost: %v", acknowledged)
		}
		nothingDangles(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if whole == 0 || unknown == 0 {
		t.Errorf("%d runs were whole and %d unknown: it was never killed in between", whole, unknown)
	}
}

// largeAnswer is the size of the answers of a child in the mode "large".
const largeAnswer = pieceSize + 100

// ofChild is the nth of these: two after each other have the same bodies.
func ofChild(n int) *apiclient.Exchange {
	e := large(n/2, 100, -1, largeAnswer)
	e.ID = idOf(n)
	return e
}

// recordLarge is what a child does in the mode "large", until it is killed.
func recordLarge(s *Store, first int) int {
	ctx := context.Background()
	for n := first; ; n++ {
		e := ofChild(n)
		if err := s.Begin(ctx, unanswered(e)); err != nil {
			fmt.Println("error:", err)
			return 1
		}
		fmt.Println("begun", e.ID)
		if err := s.Complete(ctx, e); err != nil {
			fmt.Println("error:", err)
			return 1
		}
		fmt.Println("completed", e.ID)
	}
}

// BenchmarkLarge: a run of 20 MB, recorded and read.
func BenchmarkLarge(b *testing.B) {
	ctx := context.Background()
	s := openNew(b)
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		e := large(n, 100, -1, 20<<20)
		b.StartTimer()
		began := time.Now()
		if err := s.Complete(ctx, e); err != nil {
			b.Fatal(err)
		}
		written := time.Since(began)
		if _, err := s.Get(ctx, e.ID); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(written.Microseconds())/1000, "write-ms")
		b.StopTimer()
		if _, err := s.Prune(ctx, 0, time.Time{}, nil); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
