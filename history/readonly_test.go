package history

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"countersign/apiclient/hint"
)

// readOnlyAt opens the history at path as in a folder that may not be written.
func readOnlyAt(t *testing.T, path string) (*Store, Notice) {
	t.Helper()
	db, notice, err := connectReadOnly(t.Context(), path, false)
	if err != nil {
		t.Fatal(err)
	}
	s := newStore(path, db, time.Now, errReadOnly)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, notice
}

func TestReadOnlyHistoryIsReadAndNotWritten(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	written := openNew(t)
	add(t, written, 3)
	if _, err := written.List(ctx, Query{Search: "pay"}); err != nil {
		t.Fatal(err)
	}
	if err := written.Close(); err != nil {
		t.Fatal(err)
	}
	s, notice := readOnlyAt(t, written.Path())
	if !strings.Contains(string(notice), "can only be read") || strings.Contains(string(notice), "indexed") {
		t.Errorf("the notice is %q", notice)
	}
	if runs, err := s.List(ctx, Query{}); err != nil || len(runs) != 3 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
	if runs, err := s.List(ctx, Query{Search: idOf(1)}); err != nil || len(runs) != 1 {
		t.Errorf("%d runs are found by an ID, %v", len(runs), err)
	}
	if e, err := s.Get(ctx, "last"); err != nil || e.ID != idOf(2) {
		t.Errorf("the last run is %q, %v", e.ID, err)
	}
	for name, write := range map[string]func() error{
		"Begin":    func() error { return s.Begin(ctx, exchangeOf(9)) },
		"Complete": func() error { return s.Complete(ctx, answer(exchangeOf(1))) },
		"Delete":   func() error { _, err := s.Delete(ctx, idOf(1)); return err },
		"Prune":    func() error { _, err := s.Prune(ctx, 0, time.Time{}, nil); return err },
	} {
		if err := write(); !errors.Is(err, errReadOnly) || hint.Of(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadOnlyHistorySaysWhatItCannotSee(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	s.index.stop() // so that runs stay unindexed
	add(t, s, 2)
	if _, notice := readOnlyAt(t, s.Path()); !strings.Contains(string(notice), "does not find 2 runs, which are not indexed yet") {
		t.Errorf("the notice is %q", notice)
	}
	dir := t.TempDir()
	for _, suffix := range []string{"", "-wal"} { // as a program leaves them that was killed
		data, err := os.ReadFile(s.Path() + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "history.db"+suffix), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "history.db")
	if err := os.Symlink("nowhere", path+"-shm"); err != nil { // no index of the log can be made
		t.Fatal(err)
	}
	_, notice := readOnlyAt(t, path)
	if !strings.Contains(string(notice), "newest runs are missing") {
		t.Errorf("the notice is %q", notice)
	}
}

func TestOpenFallsBackToReading(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere")
	}
	ctx := context.Background()
	written := openNew(t)
	add(t, written, 3)
	if err := written.Close(); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(written.Path())
	for path, mode := range map[string]os.FileMode{written.Path(): 0o400, dir: 0o500} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	s, notice, err := Open(ctx, written.Path())
	if err != nil || notice == "" {
		t.Fatal(notice, err)
	}
	defer func() { _ = s.Close() }()
	if runs, err := s.List(ctx, Query{}); err != nil || len(runs) != 3 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}

func TestFullDiskIsNamed(t *testing.T) {
	t.Parallel()
	written := openNew(t)
	add(t, written, 1)
	db, notice, err := connectReadOnly(t.Context(), written.Path(), true)
	if err != nil || !strings.Contains(string(notice), "the disk is full") || strings.Contains(string(notice), "writable") {
		t.Fatal(notice, err)
	}
	s := newStore(written.Path(), db, time.Now, fmt.Errorf("%w: %w", errReadOnly, syscall.ENOSPC))
	defer func() { _ = s.Close() }()
	if runs, err := s.List(t.Context(), Query{}); err != nil || len(runs) != 1 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
	if err := s.Begin(t.Context(), exchangeOf(9)); !errors.Is(err, errReadOnly) || !strings.Contains(err.Error(), "the disk is full") || hint.Of(err) != "make room on the disk" {
		t.Errorf("Begin: %v", err)
	}
}
