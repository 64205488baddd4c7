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

	"countersign/apiclient/hint"
)

// damageError is damage that SQLite itself would not call so.
type damageError string

func (e damageError) Error() string { return string(e) }

// smallestPage is the size in bytes of the smallest page there is.
const smallestPage = 512

// lostContent finds a file that was cut to nothing, or nearly, of which SQLite
// would make a new one, and delete a write-ahead log that still holds runs.
func lostContent(path string) error {
	main, err := os.Stat(path)
	if err != nil {
		return err
	}
	switch size := main.Size(); {
	case size >= smallestPage:
		return nil
	case size > 0:
		return damageError(fmt.Sprintf("it has only %d bytes", size))
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
			return hint.Errorf("set COUNTERSIGN_DATA to a folder on a local disk",
				"the file system cannot hold SQLite's write-ahead log (journal mode %s)", mode)
		}
		if primary(err) != sqlite3.SQLITE_BUSY || time.Now().After(deadline) {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// needed are statements that together name every table, column and trigger.
var needed = []string{
	"INSERT INTO runs (" + columnNames + ") VALUES (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17)",
	"UPDATE runs SET outcome = '', deleted = 1, name = '', pinned = 1",
	"DELETE FROM runs WHERE deleted < 1 AND profile = '' AND endpoint = ''",
	"SELECT 1 FROM kinds JOIN runs INDEXED BY runs_kind ON runs.deleted IS NULL AND runs.profile = kinds.profile " +
		"WHERE n > 0",
	"INSERT INTO search (rowid, text) VALUES (1, '')",
	"SELECT seq, record, sum, bodies.key, bodies.bytes, size, crc, id, more.bytes, shares.key, large, sha256 " +
		"FROM records, bodies, more, shares, large",
}

// look compiles the statements that the store lives by and reads a little of
// each table; after an earlier sign of damage it reads every page.
func look(ctx context.Context, db *sql.DB, path string) error {
	for _, statement := range needed {
		prepared, err := db.PrepareContext(ctx, statement)
		if err != nil {
			return err
		}
		if err := prepared.Close(); err != nil {
			return err
		}
	}
	var live, newest sql.NullInt64
	err := db.QueryRowContext(ctx, `SELECT (SELECT live FROM state),
		(SELECT runs.seq FROM runs LEFT JOIN records USING (seq) LEFT JOIN bodies ON key = 4 * runs.seq
		 LEFT JOIN pending ON pending.seq = runs.seq ORDER BY runs.seq DESC LIMIT 1)`).Scan(&live, &newest)
	if err != nil {
		return err
	}
	if !live.Valid {
		return damageError("its counters are missing")
	}
	mark := path + suspectSuffix
	if !exists(mark) {
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
	if err := create(path); err != nil {
		return nil, "", err
	}
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
	notice := fmt.Sprintf("the history was damaged (%s): it was set aside as %s and a new one was begun", reason(why),
		aside)
	return db, Notice(notice), nil
}

// renew exchanges the pool old, in which the damage why came up, for one on a
// new file, or on the one that another program has begun. Connections to
// the file that is set aside are closed only afterwards: SQLite then sees that
// it was moved, and leaves it and its log as they are.
func (s *Store) renew(ctx context.Context, old *sql.DB, why error) error {
	opening.Lock()
	defer opening.Unlock()
	for _, turn := range []chan struct{}{s.index.turn, s.writing} { // in the order in which indexing takes them
		if err := take(ctx, turn); err != nil {
			return err
		}
		defer func() { <-turn }()
	}
	if s.db() != old {
		return nil // somebody else has done it
	}
	db, notice, err := replace(ctx, s.path, s.now, why)
	if err != nil {
		return err
	}
	s.pool.Store(db)
	if notice != "" {
		s.note(notice)
	}
	_ = old.Close() // its file is not ours any more
	if s.index.db != nil {
		_ = s.index.db.Close()
		s.index.db = nil
	}
	return nil
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
// the file. Whoever waited then has a file without a name, and tries again.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	for deadline := time.Now().Add(busyTimeout); ; {
		unlock, err = tryLock(ctx, path)
		if err == nil || !moved(err) || time.Now().After(deadline) {
			return unlock, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
}

// pause is how long to wait for another program where SQLite does not.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(5 * time.Millisecond):
		return nil
	}
}

func tryLock(ctx context.Context, path string) (unlock func(), err error) {
	if err := create(path); err != nil {
		return nil, err
	}
	db, err := dial(path, "OFF", 1)
	if err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		_ = db.Close() // the reason is the other error
		return nil, err
	}
	return func() {
		_ = os.Remove(path)
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
