package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	sqlite3 "modernc.org/sqlite/lib"
)

// errReadOnly is wrapped by the error of whatever writes to a store that can
// only be read.
var errReadOnly = errors.New("the history can only be read")

// unwritable reports whether an error is that of a file or a folder that may
// not be written.
func unwritable(err error) bool {
	switch primary(err) {
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return true
	}
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// full reports whether an error is that of a full disk.
func full(err error) bool {
	return primary(err) == sqlite3.SQLITE_FULL || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// writable reports whether files can be made beside path.
func writable(path string) bool {
	f, err := os.CreateTemp(filepath.Dir(path), ".countersign-*")
	if err != nil {
		return false
	}
	_ = f.Close()
	return os.Remove(f.Name()) == nil
}

// connectReadOnly opens a file that is only to be read. SQLite reads it with
// its write-ahead log where another program keeps that open; else the file must
// be taken as it stands.
func connectReadOnly(ctx context.Context, path string, diskFull bool) (*sql.DB, Notice, error) {
	only := Notice("the history can only be read here, nothing is recorded: " +
		"make the file and its folder writable, or set COUNTERSIGN_DATA to a folder that is")
	if diskFull {
		only = "the disk is full: the history can only be read, nothing is recorded: make room on the disk and start again"
	}
	db, err := tryReadOnly(ctx, path, "mode=ro")
	if err == nil {
		return db, only + unindexed(ctx, db), nil
	}
	db, err = tryReadOnly(ctx, path, "mode=ro&immutable=1")
	if err != nil {
		return nil, "", err
	}
	notice := only + unindexed(ctx, db)
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		notice += "; the newest runs are missing, since their log cannot be read without writing"
	}
	return db, notice, nil
}

// unindexed says that a search by words does not find the runs that are not in
// the index yet: it cannot be written.
func unindexed(ctx context.Context, db *sql.DB) Notice {
	var n int
	switch err := db.QueryRowContext(ctx, "SELECT count(*) FROM pending").Scan(&n); {
	case err != nil || n == 0: // what is wrong with the file shows elsewhere
		return ""
	case n == 1:
		return "; a search for words does not find 1 run, which is not indexed yet"
	}
	return Notice(fmt.Sprintf("; a search for words does not find %d runs, which are not indexed yet", n))
}

func tryReadOnly(ctx context.Context, path, mode string) (*sql.DB, error) {
	db, err := dialMode(path, mode, "OFF", 4)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(ctx, db); err != nil {
		_ = db.Close() // the reason is the other error
		return nil, err
	}
	return db, nil
}

// checkVersion reports an error for a file that is not a history which this
// program knows.
func checkVersion(ctx context.Context, db *sql.DB) error {
	var version, app, runs int
	err := db.QueryRowContext(ctx,
		"SELECT user_version, application_id FROM pragma_user_version, pragma_application_id").Scan(&version, &app)
	switch {
	case err != nil:
		return err
	case app != applicationID:
		return errForeign
	case version < 1 || version > schemaVersion:
		return newerError{has: version, known: schemaVersion}
	}
	return db.QueryRowContext(ctx, "SELECT live FROM state").Scan(&runs)
}
