package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"countersign/apiclient/hint"
)

// suspectSuffix names the mark that asks the next Open for a check of every
// page: something read or written later found damage that the quick look on
// opening does not see.
const suspectSuffix = ".suspect"

// busyTimeout is how long a writer waits for another program's transaction.
const busyTimeout = 10 * time.Second

// opening makes Open one at a time in this program. Closing any descriptor of
// a file drops all of the process's POSIX locks on it, SQLite's too: so the
// file is created before any connection of this program can have it open.
var opening sync.Mutex

// errForeign says that the file is a sound database that is not ours.
var errForeign = errors.New("it is an SQLite database of another program")

// newerError says that the file has a schema that this program does not know.
type newerError struct{ has, known int }

func (e newerError) Error() string {
	return fmt.Sprintf("its schema is version %d and this program knows %d: another version of Countersign made it", e.has,
		e.known)
}

// Open opens or makes the history file at path: 0600, in a folder that is made
// 0700 if it is not there. A damaged file is set aside as
// path.damaged-<time>, together with its write-ahead log, and said in the
// notice; nothing is ever deleted. A file with another schema, a database of
// another program, a folder and a symbolic link are refused, with a hint. Where
// the file can be read and not written, as in a read-only folder or on a full
// disk, the store can only be read: the notice says so, and so does the error of whatever writes.
func Open(ctx context.Context, path string) (*Store, Notice, error) {
	return open(ctx, path, time.Now)
}

func open(ctx context.Context, path string, now func() time.Time) (*Store, Notice, error) {
	opening.Lock()
	defer opening.Unlock()
	path, err := prepare(path)
	var db *sql.DB
	notice := Notice("")
	if err == nil {
		db, err = connect(ctx, path)
		if damaged(err) || moved(err) && writable(path) {
			db, notice, err = replace(ctx, path, now, err)
		}
	}
	if err != nil && (unwritable(err) || full(err)) {
		if db, notice, e := connectReadOnly(ctx, path, full(err)); e == nil {
			return newStore(path, db, now, fmt.Errorf("%w: %w", errReadOnly, err)), notice, nil
		}
	}
	if err != nil {
		return nil, "", explainOpen(path, err)
	}
	return newStore(path, db, now, nil), notice, nil
}

func explainOpen(path string, err error) error {
	var newer newerError
	fix := ""
	switch {
	case errors.As(err, &newer):
		fix = "use that version, move the file away, or set COUNTERSIGN_DATA to another folder for this one"
	case errors.Is(err, errForeign):
		fix = "set COUNTERSIGN_DATA to a folder of its own; this file was not touched"
	default:
		return explain("cannot be opened", path, err)
	}
	return &hint.Error{Says: fmt.Sprintf("history %s: %s", path, err), Fix: fix, Err: err}
}

// prepare makes the folder and an empty file, and refuses what is no plain file.
func prepare(path string) (string, error) {
	if path == "" {
		return path, &hint.Error{Says: "the history has no path", Fix: "give a file name such as history.db"}
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return path, err
	}
	dir := filepath.Dir(abs)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return abs, err
	}
	info, err := os.Lstat(abs)
	if errors.Is(err, fs.ErrNotExist) {
		return abs, create(abs)
	}
	if err != nil {
		return abs, err
	}
	what := ""
	switch mode := info.Mode(); {
	case mode.IsDir():
		what = "a folder"
	case mode&fs.ModeSymlink != 0:
		what = "a symbolic link"
	case !mode.IsRegular():
		what = "not a regular file"
	}
	if what != "" {
		return abs, hint.Errorf("move it away, or set COUNTERSIGN_DATA to the folder where the history really is",
			"history %s: it is %s, not a file", abs, what)
	}
	return abs, protect(abs, info.Mode().Perm())
}

// protect takes the file, whose mode is perm, away from everyone else. SQLite
// gives the write-ahead log the mode of the file when it makes one; one that
// is there already may have another.
func protect(path string, perm fs.FileMode) error {
	private := perm &^ 0o077
	if perm != private {
		if err := os.Chmod(path, private); err != nil {
			return err
		}
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		info, err := os.Lstat(path + suffix)
		if err != nil || !info.Mode().IsRegular() || info.Mode().Perm() == private {
			continue // mostly there is none
		}
		if err := os.Chmod(path+suffix, private); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// create makes the empty file, whatever the umask, and its name durable:
// SQLite syncs the folder only for files that it makes itself.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil // another program was quicker
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		_ = dir.Sync() // not every system can sync a folder
		_ = dir.Close()
	}
	return nil
}

// source is the data source name for path with these settings. SQLite never
// makes the file: it would do so with the mode of the umask.
func source(path, mode, synchronous string) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // a drive letter
	}
	u := url.URL{Scheme: "file", Path: slashed}
	return u.String() + fmt.Sprintf("?%s&_txlock=immediate&_dqs=0&_error_rc=1&_busy_timeout=%d&_synchronous=%s&_pragma=fullfsync(1)",
		mode, busyTimeout.Milliseconds(), synchronous) + forMany
}

// forMany is what recording many runs at once needs: what a statement undoes
// where it fails stays in memory, and not in a file that each later statement writes to;
// and the write-ahead log is folded into the file after 16 MB, not after each batch.
const forMany = "&_pragma=temp_store(memory)&_pragma=wal_autocheckpoint(4000)"

// dial makes a pool; it does no I/O yet.
func dial(path, synchronous string, conns int) (*sql.DB, error) {
	return dialMode(path, "mode=rw", synchronous, conns)
}

func dialMode(path, mode, synchronous string, conns int) (*sql.DB, error) {
	c, err := sqlite.NewConnector(source(path, mode, synchronous))
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// connect opens the file, and makes its tables where it is empty. An error for which
// damaged is true means that the content is at fault.
func connect(ctx context.Context, path string) (*sql.DB, error) {
	db, err := dial(path, "FULL", 4)
	if err != nil {
		return nil, err
	}
	if err := check(ctx, db, path); err != nil {
		_ = db.Close() // the reason is the other error
		if primary(err) == sqlite3.SQLITE_ERROR {
			err = damageError("its schema is not what it should be") // each statement is right for a sound file
		}
		return nil, err
	}
	return db, nil
}

// check is the quick look: is it ours, is the schema known, do the tables and
// the newest run read.
func check(ctx context.Context, db *sql.DB, path string) error {
	if err := lostContent(path); err != nil {
		return err
	}
	var version, app, tables int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app); err != nil {
		return err
	}
	switch known := schemaVersion; {
	case version == 0 && app == 0:
		if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
			return err
		}
		if tables > 0 {
			return errForeign
		}
		if err := setUp(ctx, db); err != nil {
			return err
		}
	case app != applicationID:
		return errForeign
	case version < 1:
		return damageError("its schema has no version") // both are set in one transaction
	case version > known:
		return newerError{has: version, known: known}
	}
	if version < schemaVersion {
		if err := makeTables(ctx, db); err != nil {
			return err
		}
	}
	return look(ctx, db, path)
}
