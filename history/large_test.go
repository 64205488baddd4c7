package history

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"countersign/apiclient"
)

// nothingDangles: each large body is whole, and is that of a run.
func nothingDangles(t *testing.T, s *Store) {
	t.Helper()
	for what, condition := range map[string]string{
		"bodies of no run":   "bodies WHERE key > 0 AND key / 4 NOT IN (SELECT seq FROM runs)",
		"shares of no run":   "shares WHERE key / 4 NOT IN (SELECT seq FROM runs)",
		"shares of no body":  "shares WHERE large NOT IN (SELECT key FROM bodies) OR large NOT IN (SELECT key FROM large)",
		"large ones unused":  "large WHERE key NOT IN (SELECT large FROM shares)",
		"bodies not shared":  "bodies WHERE key < 0 AND key NOT IN (SELECT key FROM large)",
		"pieces of no body":  "more WHERE id >> 16 NOT IN (SELECT key FROM bodies WHERE size IS NOT NULL)",
		"records of no run":  "records WHERE seq NOT IN (SELECT seq FROM runs)",
		"runs of no records": "runs WHERE seq NOT IN (SELECT seq FROM records)",
	} {
		if n := count(t, s, condition); n > 0 {
			t.Errorf("%s: %d", what, n)
		}
	}
}

// whole reads runs and compares them.
func whole(t *testing.T, s *Store, list ...*apiclient.Exchange) {
	t.Helper()
	for _, e := range list {
		if got, err := s.Get(t.Context(), e.ID); err != nil || !reflect.DeepEqual(got, *e) {
			t.Errorf("%s came back otherwise: %v", e.ID, err)
		}
	}
}

// A large body is in the file once, however often a run or several have it, and for
// as long as one of them does.
func TestLargeBodiesAreThereOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, size := range []int{largeBody, pieceSize, 2*pieceSize + 5} {
		s := openNew(t)
		first, second, third := large(1, size, size, size), large(2, size, -1, size), large(3, 3, -1, largeBody-1)
		first.Response.Body = first.Request.Body // an echo
		first.Received.Canonical = append([]byte("POST /x\nc.1."), first.Response.Body...)
		second.Response.Body, second.Received.Canonical = first.Response.Body, first.Received.Canonical
		if err := s.Record(ctx, []*apiclient.Exchange{first}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Import(ctx, []Entry{{Exchange: *second}, {Exchange: *third}}); err != nil {
			t.Fatal(err)
		}
		if got := count(t, s, "large"); got != 3 { // the echo, what it is decoded, the second request
			t.Errorf("%d bytes: %d large bodies", size, got)
		}
		if got, want := count(t, s, "more"), 3*((size-1)/pieceSize); got != want {
			t.Errorf("%d bytes: %d pieces, not %d", size, got, want)
		}
		nothingDangles(t, s)
		whole(t, s, first, second, third)
		if _, err := s.Delete(ctx, first.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.remove(ctx, nil, "deleted IS NOT NULL"); err != nil {
			t.Fatal(err)
		}
		whole(t, s, second, third)
		if got := count(t, s, "large"); got != 2 {
			t.Errorf("%d bytes: %d large bodies once a run is gone", size, got)
		}
		nothingDangles(t, s)
		if _, err := s.Prune(ctx, 0, time.Time{}, nil); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"large", "shares", "bodies", "more"} {
			if n := count(t, s, table); n > 0 {
				t.Errorf("%d bytes: %d rows are left in %s", size, n, table)
			}
		}
	}
}

// What is completed with other bodies than it was begun with has those alone.
func TestLargeBodiesChange(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	other := large(9, largeBody, -1, largeBody)
	if err := s.Complete(ctx, other); err != nil {
		t.Fatal(err)
	}
	for _, sizes := range [][3]int{{largeBody, -1, 5000}, {5000, largeBody, 2 * pieceSize}, {2 * pieceSize, -1, 3}, {3, 5000, largeBody}} {
		e := large(1, sizes[0], sizes[1], sizes[2])
		if err := s.Begin(ctx, unanswered(e)); err != nil && sizes[0] == largeBody {
			t.Fatal(err) // later ones are completed again
		}
		if err := s.Complete(ctx, e); err != nil {
			t.Fatal(err)
		}
		whole(t, s, e, other)
		nothingDangles(t, s)
		want := 2 // of the other
		for _, size := range sizes {
			if size >= largeBody {
				want++
			}
		}
		if got := count(t, s, "large"); got != want {
			t.Errorf("%v: %d large bodies, not %d", sizes, got, want)
		}
	}
}

// A large body that is damaged is damaged in each run that has it, and whole again in
// all of them once it is recorded again.
func TestDamagedLargeBody(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, statement := range map[string]string{
		"other bytes":  "UPDATE bodies SET bytes = zeroblob(length(bytes)) WHERE key < 0",
		"gone":         "DELETE FROM bodies WHERE key < 0",
		"not shared":   "UPDATE shares SET large = -99",
		"pieces gone":  "DELETE FROM more",
		"pieces moved": "UPDATE more SET id = id + 9",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openNew(t)
			e, again, third, small := large(1, 5, -1, pieceSize+9), large(1, 5, -1, pieceSize+9), large(1, 5, -1, pieceSize+9), answer(exchangeOf(4))
			again.ID, third.ID = idOf(2), idOf(3)
			if err := s.Record(ctx, []*apiclient.Exchange{e, again, small}); err != nil {
				t.Fatal(err)
			}
			if res, err := s.db().Exec(statement); err != nil {
				t.Fatal(res, err)
			}
			for _, e := range []*apiclient.Exchange{e, again} {
				if got, err := s.Get(ctx, e.ID); !errors.Is(err, errRunDamaged) || got.Response != nil {
					t.Errorf("%s: %v", e.ID, err)
				}
			}
			whole(t, s, small)
			if h, err := s.Check(ctx, nil); err != nil || h.Bad != 2 || len(h.File) > 0 {
				t.Errorf("%+v, %v", h, err)
			}
			if err := s.Record(ctx, []*apiclient.Exchange{third}); err != nil {
				t.Fatal(err)
			}
			if whole(t, s, third); name != "not shared" { // nobody knows any more whose it was
				whole(t, s, e, again)
				nothingDangles(t, s)
			}
		})
	}
}

// A keeper counts a large body once, and lets it go with the last run that has it.
func TestKeeperCountsLargeBodiesOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	k, err := s.Keeper(1000, 400<<10)
	if err != nil {
		t.Fatal(err)
	}
	record := func(ctx context.Context, n int, body []byte) error {
		e := answer(exchangeOf(n))
		e.Response.Body = body
		return k.Record(ctx, []*apiclient.Exchange{e})
	}
	same := noise(100<<10, 1)
	for n := range 50 {
		if err := record(ctx, n, same); err != nil {
			t.Fatal(err)
		}
	}
	if n, _ := s.Count(ctx); n != 50 || len(s.Notices()) > 0 {
		t.Errorf("%d runs with the same body are kept", n)
	}
	ended, end := context.WithCancel(ctx)
	end()
	if err := record(ended, 99, noise(300<<10, 9)); err == nil {
		t.Error("recorded, though nobody waits for it")
	}
	for n := range 10 { // of which three have room, with the old ones or without
		if err := record(ctx, 100+n, noise(100<<10, byte(n+2))); err != nil {
			t.Fatal(err)
		}
	}
	var size int64
	if err := s.db().QueryRow("SELECT sum(length(bytes)) FROM bodies").Scan(&size); err != nil || size != 300<<10 {
		t.Errorf("%d bytes of bodies are kept, %v", size, err)
	}
	if n, _ := s.Count(ctx); n != 3 || k.large.bytes != size || len(k.large.uses) != 3 {
		t.Errorf("%d runs are kept; counted are %+v", n, k.large)
	}
	nothingDangles(t, s)
}

// version1 writes a file of the first version and returns its runs in their JSON form:
// a usual one, one with every field set, one with a body in pieces, an empty body.
func version1(t *testing.T) (path string, runs []json.RawMessage) {
	t.Helper()
	unzipped := func(name string) []byte {
		f, err := os.Open(filepath.Join("testdata", name)) //nolint:gosec // of the test's own
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	path = filepath.Join(t.TempDir(), "history.db")
	if err := os.WriteFile(path, unzipped("version1.db.gz"), 0o600); err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(bytes.NewReader(unzipped("version1.json.gz"))); ; {
		var run json.RawMessage
		if err := d.Decode(&run); errors.Is(err, io.EOF) {
			return path, runs
		} else if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, run)
	}
}

// readsAs compares a history with runs in their JSON form, and returns them.
func readsAs(t *testing.T, s *Store, runs []json.RawMessage) (list []*apiclient.Exchange) {
	t.Helper()
	for _, run := range runs {
		var want apiclient.Exchange
		if err := json.Unmarshal(run, &want); err != nil {
			t.Fatal(err)
		}
		got, err := s.Get(t.Context(), want.ID)
		if err != nil {
			t.Fatal(err)
		}
		var printed bytes.Buffer
		if err := got.WriteJSON(&printed); err != nil || printed.String() != string(run)+"\n" {
			t.Errorf("%s reads otherwise, %v", want.ID, err)
		}
		list = append(list, &got)
	}
	return list
}

// Files of the first version are read as they always were, where they cannot be written
// too, and go on with new runs.
func TestVersion1(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path, runs := version1(t)
	reader, _ := readOnlyAt(t, path)
	readsAs(t, reader, runs)
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path)
	old := readsAs(t, s, runs)
	for n, e := range old { // and in the new form they are the same
		again := *e
		again.ID = fmt.Sprint("again ", n)
		if err := s.Record(ctx, []*apiclient.Exchange{&again}); err != nil {
			t.Fatal(err)
		}
		whole(t, s, &again)
	}
	if n := count(t, s, "runs"); n != 2*len(runs) || count(t, s, "large") != 1 {
		t.Errorf("%d runs, %d large bodies", n, count(t, s, "large"))
	}
	if err := s.Complete(ctx, old[2]); err != nil { // begun by the earlier build
		t.Fatal(err)
	}
	readsAs(t, s, runs)
	if h, err := s.Check(ctx, nil); err != nil || !h.Sound() {
		t.Errorf("%+v, %v", h, err)
	}
	if n, err := s.CountOf(ctx, Query{Search: "payments"}); n < 2 || err != nil {
		t.Errorf("a search finds %d, %v", n, err)
	}
	nothingDangles(t, s)
	if _, err := s.Prune(ctx, 0, time.Time{}, nil); err != nil || count(t, s, "more") > 0 || count(t, s, "bodies") > 0 {
		t.Errorf("something is left, %v", err)
	}
}

// A usual run takes a page of the file, of 4 kB.
func TestUsualRunTakesAPage(t *testing.T) {
	t.Parallel()
	_, runs := version1(t)
	var usual apiclient.Exchange
	if err := json.Unmarshal(runs[0], &usual); err != nil {
		t.Fatal(err)
	}
	r, err := newRow(&usual)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes", len(r.record))
	if most := 4096 - 100; len(r.record) > most || !reflect.DeepEqual(r.bodies, apiclient.Bodies{}) {
		t.Errorf("its record has %d bytes, more than %d", len(r.record), most)
	}
}
