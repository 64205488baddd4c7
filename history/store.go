package history

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"countersign/apiclient"
)

// Store is a history file. It implements apiclient.Journal and is safe for
// concurrent use.
type Store struct {
	path     string
	now      func() time.Time
	readOnly error // why whatever writes is refused, and nothing is indexed; nil where it is not

	pool    atomic.Pointer[sql.DB] // synchronous=FULL: what is committed here is on the disk
	writing chan struct{}          // held by the one writer of this program: waiting here is fair, SQLite's polling is not
	index   indexer

	mask func(apiclient.Exchange) apiclient.Exchange // of what is recorded; nil: it is kept as it is

	noticing sync.Mutex
	notices  []Notice

	close func() error
}

var _ apiclient.Journal = (*Store)(nil)

// Notice is something a person should be told about the history: that a
// damaged file was set aside, say. It is not an error: the store works.
type Notice string

func newStore(path string, db *sql.DB, now func() time.Time, readOnly error) *Store {
	s := &Store{path: path, now: now, readOnly: readOnly, writing: make(chan struct{}, 1)}
	s.pool.Store(db)
	if readOnly != nil {
		s.close = sync.OnceValue(db.Close)
		return s
	}
	s.index.start(s)
	s.close = sync.OnceValue(func() error {
		s.index.stop()
		// Whoever closes last folds the write-ahead log into the file; another
		// program that is still reading makes this a partial one, which is fine.
		_, err := s.db().Exec("PRAGMA wal_checkpoint(PASSIVE)")
		if primary(err) == sqlite3.SQLITE_READONLY {
			err = nil // then there is nothing of ours to fold
		}
		return errors.Join(s.explain("cannot be closed", err), s.db().Close())
	})
	return s
}

// Mask has every run changed by mask before it is recorded: what is secret in it is
// then in no file. It is called before the first run is.
func (s *Store) Mask(mask func(apiclient.Exchange) apiclient.Exchange) { s.mask = mask }

func (s *Store) masked(e apiclient.Exchange) apiclient.Exchange {
	if s.mask == nil {
		return e
	}
	return s.mask(e)
}

// Close stops the background work, folds the write-ahead log into the file and
// closes it. It may be called more than once.
func (s *Store) Close() error { return s.close() }

// db is the pool of connections to the file, which renew may exchange.
func (s *Store) db() *sql.DB { return s.pool.Load() }

// Notices returns what has come up since it was last called, oldest first:
// that damage was met while writing and the file set aside, say.
func (s *Store) Notices() []Notice {
	s.noticing.Lock()
	defer s.noticing.Unlock()
	list := s.notices
	s.notices = nil
	return list
}

func (s *Store) note(n Notice) {
	s.noticing.Lock()
	defer s.noticing.Unlock()
	s.notices = append(s.notices, n)
}

// Path returns the absolute path of the file.
func (s *Store) Path() string { return s.path }

// Count says how many runs there are, deleted ones not counted. It costs the
// same with any number of runs.
func (s *Store) Count(ctx context.Context) (int, error) {
	var n int
	err := s.db().QueryRowContext(ctx, "SELECT live FROM state").Scan(&n)
	return n, s.explain("cannot be read", err)
}

// Version changes whenever any program changes the file, this one included:
// poll it to keep a list live. It is a counter in the file, so it never goes
// back, and indexing for the search does not move it.
func (s *Store) Version(ctx context.Context) (int64, error) {
	var n int64
	err := s.db().QueryRowContext(ctx, "SELECT changes FROM state").Scan(&n)
	return n, s.explain("cannot be read", err)
}

// write runs do in one transaction that holds the write lock from its start.
func (s *Store) write(ctx context.Context, db *sql.DB, doing string, do func(*sql.Tx) error) error {
	if s.readOnly != nil {
		return s.explain(doing, s.readOnly)
	}
	if err := take(ctx, s.writing); err != nil {
		return err
	}
	defer func() { <-s.writing }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(doing, err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if err := do(tx); err != nil {
		return s.explain(doing, err)
	}
	return s.explain(doing, tx.Commit())
}

// read runs do in one transaction: what it reads is of one moment.
func (s *Store) read(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.db().BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	return do(tx)
}

// take waits for a turn, which is given back by receiving from it.
func take(ctx context.Context, turn chan<- struct{}) error {
	select {
	case turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// explain is the package's explain for this file. Damage that shows only now
// leaves a mark, so that the next Open looks through the whole file.
func (s *Store) explain(doing string, err error) error {
	if damaged(err) || errors.Is(err, errRunDamaged) {
		if f, e := os.OpenFile(s.path+suspectSuffix, os.O_CREATE|os.O_WRONLY, 0o600); e == nil {
			_ = f.Close() // without the mark only the early discovery is lost
		}
	}
	return explain(doing, s.path, err)
}
