package history

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// The index of words is filled off the write path: a run is first only listed
// as pending. A goroutine works the list off in small transactions, and a
// search does so before it looks.
const (
	indexDelay = 300 * time.Millisecond // after a write: by then most runs are complete and need indexing once
	indexPause = 10 * time.Millisecond  // between transactions, for other programs that wait to write
	indexHold  = time.Second            // after many runs at once: more will come
	batchRuns  = 64                     // runs in one transaction
	batchBytes = 512 << 10              // bytes of text in one transaction, about
)

// indexer fills the index of a store.
type indexer struct {
	store *Store
	turn  chan struct{} // held while indexing, and guards db
	db    *sql.DB       // synchronous=NORMAL: after a power cut runs are pending again, so nothing need be synced

	kick   chan struct{}
	held   atomic.Int64 // Unix nanoseconds until when the background work rests
	cancel context.CancelFunc
	ended  sync.WaitGroup
}

func (x *indexer) start(s *Store) {
	x.store, x.turn, x.kick = s, make(chan struct{}, 1), make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(context.Background())
	x.cancel = cancel
	x.ended.Go(func() { x.run(ctx) })
	x.wake() // another program may have left some
}

// wake says that there is something to index.
func (x *indexer) wake() {
	select {
	case x.kick <- struct{}{}:
	default:
	}
}

// hold lets the background work rest for a while: the time is needed to record. A
// search still adds what is missing before it looks.
func (x *indexer) hold() { x.held.Store(time.Now().Add(indexHold).UnixNano()) }

// pause waits, and longer where the work is held; it reports whether ctx still goes on.
func (x *indexer) pause(ctx context.Context, d time.Duration) bool {
	for ; d > 0; d = time.Until(time.Unix(0, x.held.Load())) {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(d):
		}
	}
	return true
}

// stop ends the background work and waits for it; a transaction that has begun
// is rolled back.
func (x *indexer) stop() {
	x.cancel()
	x.ended.Wait()
	x.turn <- struct{}{} // a search may still be indexing
	defer func() { <-x.turn }()
	if x.db != nil {
		_ = x.db.Close() // holds nothing that the other pool does not
	}
}

func (x *indexer) run(ctx context.Context) {
	for first := true; ; first = false {
		select {
		case <-ctx.Done():
			return
		case <-x.kick:
		}
		delay := indexDelay
		for more := true; more; delay = indexPause {
			if !x.pause(ctx, delay) {
				return
			}
			if first {
				_ = x.store.removeDeleted(ctx) // the next start or Prune tries again
				_ = x.tidy(ctx)
				first = false
			}
			// After an error the next write or search tries again, and a search says so.
			var err error
			if more, err = x.batch(ctx); err != nil {
				more = false
			}
		}
	}
}

// catchUp indexes all that is pending.
func (x *indexer) catchUp(ctx context.Context) error {
	for {
		more, err := x.batch(ctx)
		if err != nil || !more {
			return err
		}
	}
}

// entry is a pending run with its text.
type entry struct {
	seq, stamp int64
	text       string
}

// batch indexes a few runs and says whether there may be more.
func (x *indexer) batch(ctx context.Context) (more bool, err error) {
	if err := take(ctx, x.turn); err != nil {
		return false, err
	}
	defer func() { <-x.turn }()
	entries, more, err := x.read(ctx)
	if err != nil || len(entries) == 0 {
		return false, err
	}
	if err := x.dial(); err != nil {
		return false, err
	}
	err = x.put(ctx, entries)
	if indexDamaged(err) || primary(err) == sqlite3.SQLITE_CONSTRAINT { // only the index can contradict what put does
		return true, x.rebuild(ctx)
	}
	return more, err
}

// renew makes a new index.
func (x *indexer) renew(ctx context.Context) error {
	if err := take(ctx, x.turn); err != nil {
		return err
	}
	err := x.dial()
	if err == nil {
		err = x.rebuild(ctx)
	}
	<-x.turn
	if err != nil {
		return err
	}
	return x.catchUp(ctx)
}

func (x *indexer) dial() (err error) {
	if x.db == nil {
		x.db, err = dial(x.store.path, "NORMAL", 1)
	}
	return err
}

// read gathers the text of some pending runs, without a lock.
func (x *indexer) read(ctx context.Context) (entries []entry, more bool, err error) {
	err = x.store.read(ctx, func(tx *sql.Tx) error {
		err := eachRow(ctx, tx, func(rows *sql.Rows) error {
			var e entry
			err := rows.Scan(&e.seq, &e.stamp)
			entries = append(entries, e)
			return err
		}, "SELECT seq, stamp FROM pending ORDER BY seq LIMIT ?", batchRuns)
		if err != nil {
			return err
		}
		more = len(entries) == batchRuns
		size, many := 0, prepared{tx: tx}
		for i := range entries {
			e := &entries[i]
			if e.text, err = documentOf(ctx, &many, e.seq); err != nil {
				return err
			}
			if size += len(e.text); size > batchBytes && i+1 < len(entries) {
				entries, more = entries[:i+1], true
				break
			}
		}
		return nil
	})
	return entries, more, err
}

// put adds entries to the index, but for those that changed since they were
// read: these are pending still, with another stamp.
func (x *indexer) put(ctx context.Context, entries []entry) error {
	return x.store.write(ctx, x.db, "the runs cannot be indexed", func(tx *sql.Tx) error {
		many := prepared{tx: tx}
		for _, e := range entries {
			n, err := affected(many.ExecContext(ctx, "DELETE FROM pending WHERE seq = ? AND stamp = ?", e.seq, e.stamp))
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			if _, err := many.ExecContext(ctx, "INSERT OR REPLACE INTO search(rowid, text) VALUES (?, ?)", e.seq,
				e.text); err != nil {
				return err
			}
		}
		return nil
	})
}

// fewOrphans is how many runs that are gone the index may have whatever else is in it.
const fewOrphans = 1000

// tidy makes a new index once more of its runs are gone than there: taking
// each out of it costs more than putting the others in.
func (x *indexer) tidy(ctx context.Context) error {
	if err := take(ctx, x.turn); err != nil {
		return err
	}
	defer func() { <-x.turn }()
	var orphans, live int
	err := x.store.db().QueryRowContext(ctx, "SELECT orphans, live FROM state").Scan(&orphans, &live)
	if err != nil {
		return x.store.explain("the index cannot be read", err)
	}
	if orphans > max(live, fewOrphans) {
		return x.rebuild(ctx)
	}
	return x.discard(ctx)
}

// rebuild begins a new index, lists all runs as pending, and throws the old one away.
func (x *indexer) rebuild(ctx context.Context) error {
	if err := x.discard(ctx); err != nil { // one from before, where a program died meanwhile
		return err
	}
	err := x.store.write(ctx, x.store.db(), "the runs cannot be indexed", func(tx *sql.Tx) error {
		// Reading also makes this connection see the tables that others dropped.
		if there, err := oldIndexIn(ctx, tx); err != nil || there { // another program has begun
			return err
		}
		_, err := tx.ExecContext(ctx, "ALTER TABLE search RENAME TO "+oldIndex+"; CREATE VIRTUAL TABLE search USING "+searchForm+`;
			INSERT INTO pending SELECT seq, 0 FROM runs WHERE true ON CONFLICT DO NOTHING;
			UPDATE state SET orphans = 0`)
		return err
	})
	if err != nil {
		return err
	}
	x.wake()
	return x.discard(ctx)
}

// oldIndex is the name of an index that is thrown away.
const oldIndex = "search_old"

// discard throws an old index away. Its rows, of the tables that FTS5 keeps it
// in, go a few at a time: dropping it at once would hold the write lock too long.
func (x *indexer) discard(ctx context.Context) error {
	const doing = "the old index cannot be removed"
	if there, err := oldIndexIn(ctx, x.store.db()); err != nil || !there {
		return x.store.explain(doing, err)
	}
	return x.store.inSteps(ctx, doing, func(tx *sql.Tx) (more bool, err error) {
		if there, err := oldIndexIn(ctx, tx); err != nil || !there { // another program has done it
			return false, err
		}
		for _, table := range []string{"_data", "_docsize"} {
			n, err := affected(tx.ExecContext(ctx,
				"DELETE FROM "+oldIndex+table+" WHERE id IN (SELECT id FROM "+oldIndex+table+" LIMIT 100)"))
			if err != nil || n > 0 {
				return true, err
			}
		}
		_, err = tx.ExecContext(ctx, "DROP TABLE "+oldIndex)
		return false, err
	}, nil)
}

// oldIndexIn reports whether there is an index to throw away.
func oldIndexIn(ctx context.Context, q interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (there bool, err error) {
	err = q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?)", oldIndex).Scan(&there)
	return there, err
}
