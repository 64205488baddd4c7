package history

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
)

// sound returns the bytes of a history with some runs, and its path.
func sound(t *testing.T) []byte {
	t.Helper()
	s := openNew(t)
	add(t, s, 5)
	if err := s.index.catchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// tamper returns a copy of data with one byte turned over.
func tamper(data []byte, at int) []byte {
	out := bytes.Clone(data)
	out[at] ^= 0xff
	return out
}

func TestDamageIsSetAside(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	good := sound(t)
	// A migration leaves older copies of the schema in what is free of its pages.
	everywhere := func(text string) []byte {
		out := bytes.ReplaceAll(good, []byte(text), append([]byte{^text[0]}, text[1:]...))
		if bytes.Equal(out, good) {
			t.Fatal("the schema is not where it was")
		}
		return out
	}
	at := time.Date(2026, 4, 21, 6, 58, 10, 0, time.UTC)
	for name, content := range map[string][]byte{
		"garbage":            bytes.Repeat([]byte("garbage "), 4096),
		"zeros":              make([]byte, 8192),
		"text":               []byte("hello\n"),
		"wrong header":       tamper(good, 0),
		"wrong page size":    tamper(good, 16),
		"wrong format":       tamper(good, 47),
		"no version":         append(append(bytes.Clone(good[:60]), 0, 0, 0, 0), good[64:]...),
		"wrong first page":   tamper(good, 100),
		"wrong trigger":      everywhere("INSERT INTO pending SELECT NEW.seq"),
		"wrong column":       everywhere("result_code    TEXT"),
		"cut in the header":  good[:60],
		"cut after a page":   good[:4096],
		"cut in the middle":  good[:len(good)/2],
		"without last pages": good[:len(good)-8192],
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "history.db")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			s, notice, err := open(ctx, path, func() time.Time { return at })
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			aside := path + ".damaged-20260421T065810Z"
			if !strings.Contains(string(notice), aside) || !strings.Contains(string(notice), "damaged") {
				t.Errorf("notice %q", notice)
			}
			if got, err := os.ReadFile(aside); err != nil || !bytes.Equal(got, content) {
				t.Errorf("the damaged file is not as it was: %v", err)
			}
			add(t, s, 2)
			if got := seqs(t, s, Query{Search: "payment"}); len(got) != 2 {
				t.Errorf("the new history has %v", got)
			}
			if got := files(t, filepath.Dir(path)); len(got) != 4 {
				t.Errorf("files: %v", got)
			}
		})
	}
}

// TestDamageTwice: a second one in the same second overwrites nothing.
func TestDamageTwice(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 4, 21, 6, 58, 10, 0, time.UTC)
	path := filepath.Join(t.TempDir(), "history.db")
	for i := range 3 {
		if err := os.WriteFile(path, fmt.Appendf(nil, "garbage %d", i), 0o600); err != nil {
			t.Fatal(err)
		}
		s, notice, err := open(context.Background(), path, func() time.Time { return at })
		if err != nil || notice == "" {
			t.Fatal(notice, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for i, suffix := range []string{"", "-2", "-3"} {
		if got, err := os.ReadFile(path + ".damaged-20260421T065810Z" + suffix); err != nil || string(got) != fmt.Sprintf("garbage %d", i) {
			t.Errorf("%q: %q, %v", suffix, got, err)
		}
	}
}

// TestALogWithoutItsFileIsKept: SQLite would delete it.
func TestALogWithoutItsFileIsKept(t *testing.T) {
	t.Parallel()
	for _, removed := range []bool{true, false} {
		s := openNew(t)
		add(t, s, 3)
		wal, err := os.ReadFile(s.Path() + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "history.db")
		if err := os.WriteFile(path+"-wal", wal, 0o600); err != nil {
			t.Fatal(err)
		}
		if !removed {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		other, notice, err := Open(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		kept, err := filepath.Glob(path + ".damaged-*-wal")
		if err != nil || len(kept) != 1 || notice == "" {
			t.Fatalf("kept %v, %v, notice %q", kept, err, notice)
		}
		if got, err := os.ReadFile(kept[0]); err != nil || !bytes.Equal(got, wal) {
			t.Errorf("the log is not as it was: %v", err)
		}
	}
}

// TestDamageFoundLater: the quick look on opening cannot see it; the next start
// looks through the whole file.
func TestDamageFoundLater(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "history.db")
	if err := os.WriteFile(path, tamper(sound(t), 36), 0o600); err != nil { // the number of free pages
		t.Fatal(err)
	}
	s := openAt(t, path)
	big := exchangeOf(100) // needs new pages
	big.Request.Body = make([]byte, 100<<10)
	r, err := newRow(big)
	if err != nil {
		t.Fatal(err)
	}
	err = s.write(ctx, s.db(), "test", func(tx *sql.Tx) error { return r.insert(ctx, tx) }) // Begin does more
	if err == nil || !strings.Contains(err.Error(), "the file is damaged") || !strings.Contains(hint.Of(err), "start countersign again") {
		t.Fatalf("%v (hint %q)", err, hint.Of(err))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, notice, err := Open(ctx, path)
	if err != nil || notice == "" {
		t.Fatal(notice, err)
	}
	if err := again.Begin(ctx, exchangeOf(100)); err != nil {
		t.Error(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
	openAt(t, path) // and says nothing any more
}

// TestSuspicionWithoutDamage: the whole look finds nothing, once.
func TestSuspicionWithoutDamage(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	add(t, s, 3)
	if err := os.WriteFile(s.Path()+suspectSuffix, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := seqs(t, openAt(t, s.Path()), Query{}); len(got) != 3 {
		t.Errorf("runs %v", got)
	}
	if exists(s.Path() + suspectSuffix) {
		t.Error("the mark is still there")
	}
}

// TestMissingTables: a version without its tables is damage, not a crash later.
func TestMissingTables(t *testing.T) {
	t.Parallel()
	good := sound(t)
	for _, statement := range []string{"DROP TABLE runs", "DROP TABLE search", "DROP TABLE bodies", "DROP TABLE more", "DROP TABLE pending", "DELETE FROM state"} {
		path := filepath.Join(t.TempDir(), "history.db")
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		s, notice, err := Open(context.Background(), path)
		if err != nil || notice == "" {
			t.Errorf("%s: notice %q, %v", statement, notice, err)
			continue
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestDamageFoundWhileRecording: the run goes into a new file, and it is said.
func TestDamageFoundWhileRecording(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "history.db")
	bad := tamper(sound(t), 36) // the number of free pages: opening does not look at it
	if err := os.WriteFile(path, bad, 0o600); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path)
	big := exchangeOf(100) // needs new pages
	big.Request.Body = make([]byte, 100<<10)
	if err := s.Begin(ctx, big); err != nil {
		t.Fatal(err)
	}
	notices := s.Notices()
	if len(notices) != 1 || !strings.Contains(string(notices[0]), path+".damaged-") {
		t.Fatalf("notices %q", notices)
	}
	if again := s.Notices(); len(again) != 0 {
		t.Errorf("said twice: %q", again)
	}
	if err := s.Complete(ctx, answer(big)); err != nil {
		t.Fatal(err)
	}
	if got := seqs(t, s, Query{Search: "payment"}); len(got) != 1 {
		t.Errorf("the new history has %v", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := openAt(t, path).Get(ctx, "last"); err != nil || got.ID != big.ID || got.Outcome != apiclient.Answered {
		t.Errorf("%s %s, %v", got.ID, got.Outcome, err)
	}
	aside, err := filepath.Glob(path + ".damaged-*[0-9Z]")
	if err != nil || len(aside) != 1 {
		t.Fatalf("set aside: %q, %v", aside, err)
	}
	if got, err := os.ReadFile(aside[0]); err != nil || !bytes.Equal(got, bad) {
		t.Errorf("the damaged file is not as it was: %v", err)
	}
}
