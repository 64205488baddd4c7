package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
)

// files lists a folder with the modes of what is in it.
func files(t *testing.T, dir string) map[string]fs.FileMode {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]fs.FileMode{}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = info.Mode().Perm()
	}
	return out
}

func TestOnlyTheOwnerCanRead(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := openAt(t, filepath.Join(dir, "history.db"))
	add(t, s, 1)
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if info, err := os.Stat(d); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v %v", d, info.Mode(), err)
		}
	}
	got := files(t, dir)
	for _, name := range []string{"history.db", "history.db-wal", "history.db-shm"} {
		if got[name] != 0o600 {
			t.Errorf("%s: %v", name, got)
		}
	}
	if len(got) != 3 {
		t.Errorf("files: %v", got)
	}
}

// TestFilesThatOthersCanReadAreMadePrivate, and a log that was left read-only
// writable again.
func TestFilesThatOthersCanReadAreMadePrivate(t *testing.T) {
	t.Parallel()
	first := openNew(t)
	add(t, first, 1)
	for suffix, mode := range map[string]fs.FileMode{"": 0o644, "-wal": 0o666, "-shm": 0o400} {
		if err := os.Chmod(first.Path()+suffix, mode); err != nil {
			t.Fatal(err)
		}
	}
	s := openAt(t, first.Path())
	add(t, s, 2)
	if got := files(t, filepath.Dir(s.Path())); len(got) != 3 || got["history.db"] != 0o600 || got["history.db-wal"] != 0o600 || got["history.db-shm"] != 0o600 {
		t.Errorf("modes: %v", got)
	}
}

func TestOddPaths(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b.db", "per%20cent.db", "what?mode=ro.db", "number#1.db", "支付.db", "semi;colon&.db", "quote'\".db", "plus+.db"} {
		path := filepath.Join(t.TempDir(), name)
		s := openAt(t, path)
		add(t, s, 1)
		if !exists(path) {
			t.Errorf("%s was made elsewhere: %v", name, files(t, filepath.Dir(path)))
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	exec := func(path string, statements ...string) {
		t.Helper()
		db, err := sql.Open("sqlite", path)
		must(err)
		for _, s := range statements {
			_, err := db.Exec(s)
			must(err)
		}
		must(db.Close())
	}
	must(os.Mkdir(at("folder"), 0o700))
	must(os.Symlink(at("elsewhere.db"), at("link")))
	must(os.WriteFile(at("file"), nil, 0o600))
	exec(at("foreign"), "CREATE TABLE t (x)")
	exec(at("foreign-id"), "PRAGMA application_id = 5", "PRAGMA user_version = 1")
	s, _, err := Open(ctx, at("newer"))
	must(err)
	add(t, s, 2)
	must(s.Close())
	exec(at("newer"), fmt.Sprintf("PRAGMA user_version = %d", schemaVersion+1))

	for name, says := range map[string]string{
		"folder": "it is a folder", "link": "symbolic link", "file/below": "not a directory",
		"foreign": "another program", "foreign-id": "another program", "newer": "another version of Countersign made it",
	} {
		var before []byte
		if info, err := os.Stat(at(name)); err == nil && info.Mode().IsRegular() {
			before, _ = os.ReadFile(at(name))
		}
		s, notice, err := Open(ctx, at(name))
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), at(name)) || hint.Of(err) == "" {
			t.Errorf("%s: %v (hint %q)", name, err, hint.Of(err))
		}
		if s != nil || notice != "" {
			t.Errorf("%s: %v %q", name, s, notice)
		}
		if len(before) > 0 {
			if after, err := os.ReadFile(at(name)); err != nil || string(after) != string(before) {
				t.Errorf("%s was changed", name)
			}
		}
	}
	if exists(at("elsewhere.db")) {
		t.Error("the link was followed")
	}
	if _, _, err := Open(ctx, ""); hint.Of(err) == "" {
		t.Errorf("no path: %v", err)
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	if _, _, err := Open(canceled, at("late")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestDurability: what Begin promises rests on these settings.
func TestDurability(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "fullfsync": "1", "auto_vacuum": "2",
		"busy_timeout": fmt.Sprint(busyTimeout.Milliseconds())} {
		var got string
		if err := s.db().QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, want %q, %v", pragma, got, want, err)
		}
	}
}

func TestErrorsSayHowToMend(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	full := openNew(t)
	full.db().SetMaxOpenConns(1)
	readonly := openNew(t)
	readonly.db().SetMaxOpenConns(1)
	busy := openNew(t)
	busy.db().SetMaxOpenConns(1)
	other := openAt(t, busy.Path())
	for s, pragma := range map[*Store]string{full: "max_page_count = 1", readonly: "query_only = 1", busy: "busy_timeout = 1"} {
		if _, err := s.db().Exec("PRAGMA " + pragma); err != nil {
			t.Fatal(err)
		}
	}
	tx, err := other.db().BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	big := exchangeOf(1)
	big.Request.Body = make([]byte, 1<<20)
	for name, c := range map[string]struct {
		err  error
		says string
		hint string
	}{
		"full":      {full.Begin(ctx, big), "the disk is full", "room"},
		"read-only": {readonly.Begin(ctx, exchangeOf(1)), "cannot be written", "COUNTERSIGN_DATA"},
		"busy":      {busy.Begin(ctx, exchangeOf(1)), "another program", "close the other program"},
		"no right":  {explain("cannot be opened", "/h", &fs.PathError{Op: "open", Path: "/h", Err: syscall.EACCES}), "may not be opened", "writable"},
		"no space":  {explain("cannot be opened", "/h", &fs.PathError{Op: "open", Path: "/h", Err: syscall.ENOSPC}), "disk is full", "room"},
		"read-only file system": {explain("cannot be opened", "/h", &fs.PathError{Op: "open", Path: "/h", Err: syscall.EROFS}),
			"cannot be written", "COUNTERSIGN_DATA"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.says) || !strings.Contains(hint.Of(c.err), c.hint) {
			t.Errorf("%s: %v (hint %q)", name, c.err, hint.Of(c.err))
		}
	}
	if n, err := full.Count(ctx); n != 0 || err != nil {
		t.Errorf("half a run was left: %d, %v", n, err)
	}
	if err := explain("x", "/h", nil); err != nil {
		t.Error(err)
	}
	patient, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	waiting := openAt(t, busy.Path())
	if err := waiting.Begin(patient, exchangeOf(3)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Begin waited for the other program in spite of its context: %v", err)
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
		if err := s.Complete(ctx, oldRun(fmt.Sprint("run", i))); err != nil {
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

// A file in which triggers counted added runs, as earlier builds made it, counts them
// once.
func TestTriggersOfEarlierBuildsGo(t *testing.T) {
	t.Parallel()
	path, runs := version1(t)
	db, err := dial(path, "NORMAL", 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TRIGGER run_added AFTER INSERT ON runs BEGIN
		UPDATE state SET changes = changes + 1, live = live + 1; INSERT INTO pending VALUES (NEW.seq, 1); END;
		CREATE TRIGGER kind_added AFTER INSERT ON runs BEGIN UPDATE kinds SET n = n + 1; END`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path)
	for n := range 2 {
		if err := s.Begin(t.Context(), exchangeOf(n)); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.CountOf(t.Context(), Query{}); n != len(runs)+2 || err != nil {
		t.Errorf("%d runs, %v", n, err)
	}
}
