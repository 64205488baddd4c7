package history

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"countersign/apiclient/hint"
)

// ErrNotFound is wrapped by the error of Get when no run has that ID.
var ErrNotFound = errors.New("no such run")

// code is SQLite's result code of err, or 0.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// primary is the result code without its extension.
func primary(err error) int { return code(err) & 0xff }

// damaged says that the file is no database, or one that contradicts itself.
func damaged(err error) bool {
	var d damageError
	if errors.As(err, &d) {
		return true
	}
	c := primary(err)
	return c == sqlite3.SQLITE_CORRUPT && !indexDamaged(err) || c == sqlite3.SQLITE_NOTADB
}

// indexDamaged says that only the index of words contradicts itself.
func indexDamaged(err error) bool { return code(err) == sqlite3.SQLITE_CORRUPT_VTAB }

// moved says that opening failed as it does while another program sets the
// file aside.
func moved(err error) bool {
	c := primary(err)
	return c == sqlite3.SQLITE_IOERR || c == sqlite3.SQLITE_CANTOPEN || code(err) == sqlite3.SQLITE_READONLY_DBMOVED
}

// explain makes one sentence and a hint of what went wrong while doing.
func explain(doing, path string, err error) error {
	if err == nil {
		return nil
	}
	var already *hint.Error
	if errors.As(err, &already) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	says, fix := "", ""
	switch c := primary(err); {
	case c == sqlite3.SQLITE_BUSY || c == sqlite3.SQLITE_LOCKED:
		says = "another program is writing to it and did not finish in time"
		fix = "close the other program that uses this history, then try again"
	case full(err):
		says = "the disk is full"
		fix = "make room on the disk"
	case c == sqlite3.SQLITE_READONLY || errors.Is(err, syscall.EROFS) || errors.Is(err, errReadOnly):
		says = "it cannot be written"
		fix = "make the file and its folder writable for you, or set COUNTERSIGN_DATA to a folder that is"
	case c == sqlite3.SQLITE_CANTOPEN || c == sqlite3.SQLITE_PERM || errors.Is(err, fs.ErrPermission):
		says = "it may not be opened for writing"
		fix = "make the file and its folder writable for you, or set COUNTERSIGN_DATA to a folder that is"
	case c == sqlite3.SQLITE_CORRUPT || c == sqlite3.SQLITE_NOTADB:
		says = "the file is damaged"
		fix = "start countersign again: it checks the whole file and sets it aside if it is damaged"
	case c == sqlite3.SQLITE_CONSTRAINT:
		says = "a run with this ID is recorded already"
		fix = "give each exchange an ID of its own"
	case c == sqlite3.SQLITE_TOOBIG:
		says = "a message is larger than SQLite keeps (1 GB)"
		fix = "lower max_response in the profile"
	case c == sqlite3.SQLITE_IOERR:
		says = "the disk reported an error: " + err.Error()
		fix = "check the disk, or set COUNTERSIGN_DATA to a folder on another one"
	default:
		var p *os.PathError
		if errors.As(err, &p) {
			says = p.Err.Error()
		} else {
			says = err.Error()
		}
		fix = "set COUNTERSIGN_DATA to another folder if this one cannot be used"
	}
	return &hint.Error{Says: fmt.Sprintf("history %s: %s: %s", path, doing, says), Fix: fix, Err: err}
}
