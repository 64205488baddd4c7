package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// damageError is damage that SQLite itself would not call so.
type damageError string

func (e damageError) Error() string { return string(e) }

// lostContent finds a file that was cut to nothing while its write-ahead log
// still holds runs: SQLite would start afresh and delete the log.
func lostContent(path string) error {
	main, err := os.Stat(path)
	if err != nil {
		return err
	}
	if main.Size() > 0 {
		return nil
	}
	if wal, err := os.Stat(path + "-wal"); err == nil && wal.Size() > 0 {
		return damageError("the file is empty but its write-ahead log is not")
	}
	return nil
}

// setUp chooses what can be chosen only for an empty file.
func setUp(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	// Incremental, so that pruning can give space back without rewriting the file.
	if _, err := conn.ExecContext(ctx, "PRAGMA auto_vacuum = INCREMENTAL"); err != nil {
		return err
	}
	// Two programs that do this at once make one of them busy without any
	// waiting, because the change needs the file alone.
	for deadline := time.Now().Add(busyTimeout); ; {
		var mode string
		err := conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
		if err == nil && mode != "wal" {
			return &hintError{
				says: "the file system cannot hold SQLite's write-ahead log (journal mode " + mode + ")",
				hint: "set COUNTERSIGN_DATA to a folder on a local disk",
			}
		}
		if primary(err) != sqlite3.SQLITE_BUSY || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// look reads a little of each table that a start needs; after an earlier sign
// of damage it reads every page.
func look(ctx context.Context, db *sql.DB, path string) error {
	var live, newest sql.NullInt64
	err := db.QueryRowContext(ctx, `SELECT (SELECT live FROM state),
		(SELECT runs.seq FROM runs LEFT JOIN records USING (seq) LEFT JOIN bodies ON key = 4 * runs.seq
		 LEFT JOIN pending ON pending.seq = runs.seq ORDER BY runs.seq DESC LIMIT 1)`).Scan(&live, &newest)
	if primary(err) == sqlite3.SQLITE_ERROR {
		return damageError("a table is missing: " + err.Error()) // the version promises it
	}
	if err != nil {
		return err
	}
	if !live.Valid {
		return damageError("its counters are missing")
	}
	mark := path + suspectSuffix
	if _, err := os.Lstat(mark); err != nil {
		return nil
	}
	var says string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&says); err != nil {
		return err
	}
	if says != "ok" {
		return damageError(strings.ReplaceAll(says, "\n", " "))
	}
	return os.Remove(mark)
}

// replace sets the damaged file aside and opens a new one. Of several programs
// that find the damage at once, one does so: each looks again under a lock,
// which is SQLite's own, because the system drops it when a program dies.
func replace(ctx context.Context, path string, now func() time.Time, why error) (*sql.DB, Notice, error) {
	unlock, err := lock(ctx, path+".lock")
	if err != nil {
		return nil, "", err
	}
	defer unlock()
	db, err := connect(ctx, path)
	if !damaged(err) {
		return db, "", err
	}
	aside, err := setAside(path, now())
	if err != nil {
		return nil, "", err
	}
	if err := create(path); err != nil {
		return nil, "", err
	}
	db, err = connect(ctx, path)
	if err != nil {
		return nil, "", err
	}
	notice := fmt.Sprintf("the history was damaged (%s): it was set aside as %s and a new one was begun", reason(why), aside)
	return db, Notice(notice), nil
}

// reason is why in words.
func reason(why error) string {
	var d damageError
	switch {
	case errors.As(why, &d):
		return string(d)
	case primary(why) == sqlite3.SQLITE_NOTADB:
		return "it is not an SQLite file"
	default:
		return "its content contradicts itself"
	}
}

// lock holds an exclusive lock on the file at path until unlock, which removes
// the file.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	db, err := dial(path, "OFF", 1)
	if err != nil {
		return nil, err
	}
	if err := create(path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return func() {
		_ = os.Remove(path) // whoever waits for it holds the same file, by descriptor
		_ = tx.Rollback()
		_ = db.Close()
	}, nil
}

// setAside renames the file and what belongs to it, the log first: a program
// that opens the file in between finds it damaged still, and waits.
func setAside(path string, at time.Time) (aside string, err error) {
	base := path + ".damaged-" + at.UTC().Format("20060102T150405Z")
	aside = base
	for n := 2; exists(aside) || exists(aside+"-wal"); n++ {
		aside = fmt.Sprintf("%s-%d", base, n)
	}
	for _, suffix := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(path+suffix, aside+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	if err := os.Remove(path + suspectSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return aside, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
