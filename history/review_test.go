package history

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"countersign/apiclient"
)

// Bytes that are no UTF-8 stay as they are, in headers and paths too.
func TestDraftsKeepEveryByte(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, _, err := Open(ctx, filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	d := Draft{Key: "run:1", Title: "run \xff", Original: []byte{}, Cursor: 1, Draft: apiclient.Draft{
		Endpoint: "v\xfe", Method: "POST", Target: "/a\xff?{{x}}<", Body: []byte("\xff"),
		Header: []apiclient.Field{{Name: "X\xfd", Value: "caf\xe9"}, {Name: "Y", Value: "&"}}, Omit: []string{"Z\xff"}, Tamper: []string{"wrong_key"},
	}}
	if err := s.SaveDrafts(ctx, "p\xff", []Draft{d}, &Place{Key: d.Key, Tab: "Body"}); err != nil {
		t.Fatal(err)
	}
	got, place, err := s.Drafts(ctx, "p\xff")
	if err != nil || len(got) != 1 || place.Key != d.Key {
		t.Fatal(got, place, err)
	}
	if !reflect.DeepEqual(got[0].Draft, d.Draft) || got[0].Title != d.Title {
		t.Errorf("%+v\nwant %+v", got[0].Draft, d.Draft)
	}
}

// Everything that the store writes is its owner's alone, whatever the umask:
// also what SQLite makes beside the file, and what was there before.
func TestFilesAreTheOwnersAlone(t *testing.T) {
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "data")
	s, _, err := Open(ctx, filepath.Join(dir, "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for i := range 3 {
		if err := s.Complete(ctx, reviewRun(fmt.Sprint("run", i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SaveDrafts(ctx, "a", []Draft{{Key: "k", Draft: apiclient.Draft{Body: []byte("secret")}}}, nil); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) < 3 {
		t.Fatal(entries, err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %v, %v", e.Name(), info.Mode(), err)
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is %v, %v", info.Mode(), err)
	}
}

func reviewRun(id string) *apiclient.Exchange {
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
	for i := range n {
		if err := first.Complete(ctx, reviewRun(fmt.Sprint("run", i))); err != nil {
			t.Fatal(err)
		}
	}
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
