package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"sync"

	"countersign/apiclient"
	"countersign/apiclient/hint"
)

// Keeper records the runs of one capture, and removes its oldest ones beyond what is
// to be kept: those that verify and those that fail apart, so that many of the
// former push out none of the latter. A run that is pinned by then stays. Make one with
// Store.Keeper.
type Keeper struct {
	store *Store
	runs  int
	bytes int64

	mu             sync.Mutex
	pool           *sql.DB // of the file that the runs are in: damage may put another in its place
	passing, fails kept
	large          largeBodies
	told           bool
}

// kept are runs that may go, the oldest first.
type kept struct {
	runs  []keptRun
	bytes int64
}

type keptRun struct {
	seq   int64
	bytes int64 // without large bodies
	large larges
}

// largeBodies are those of the kept runs, each of which takes its place once.
type largeBodies struct {
	uses  map[int64]largeUse // by key
	bytes int64
}

type largeUse struct {
	runs  int // that have it; one that has it twice counts twice
	bytes int64
}

// use counts one more run that has a large body of that size; key 0 is none.
func (l *largeBodies) use(key int64, bytes int64) {
	if key == 0 {
		return
	}
	u := l.uses[key]
	if u.runs == 0 {
		u.bytes = bytes
		l.bytes += bytes
	}
	u.runs++
	l.uses[key] = u
}

// release counts one run less.
func (l *largeBodies) release(key int64) {
	u, ok := l.uses[key]
	if u.runs--; u.runs > 0 {
		l.uses[key] = u
	} else if ok {
		l.bytes -= u.bytes
		delete(l.uses, key)
	}
}

func (k *kept) add(r keptRun) {
	k.runs = append(k.runs, r)
	k.bytes += r.bytes
}

// take takes the oldest out, and returns its Seq.
func (k *kept) take(large *largeBodies) int64 {
	oldest := k.runs[0]
	k.runs, k.bytes = k.runs[1:], k.bytes-oldest.bytes
	for _, key := range oldest.large {
		large.release(key)
	}
	return oldest.seq
}

// Keeper makes one that keeps so many runs of either kind, at least 1, and so many
// bytes of all of them, of which a large body counts once.
func (s *Store) Keeper(runs int, bytes int64) (*Keeper, error) {
	if runs < 1 || bytes < 1 {
		return nil, hint.Errorf("give 1 or more; to keep none, do not record", "cannot keep %d runs in %d bytes", runs, bytes)
	}
	return &Keeper{store: s, runs: runs, bytes: bytes}, nil
}

// crowd is how many runs at once show that recording them is all that there is time for.
const crowd = 16

// Record records exchanges that have ended, as Store.Record does, and removes what
// is too much by then.
func (k *Keeper) Record(ctx context.Context, list []*apiclient.Exchange) error {
	rows, err := k.store.rows(list)
	if err != nil {
		return err
	}
	if len(rows) >= crowd {
		k.store.index.hold()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	var passing, fails kept
	var large largeBodies
	err = k.store.keep(ctx, func(tx *sql.Tx) error {
		// What is added stands behind the end of those, who stay as they are until it is committed.
		passing, fails, large = k.passing, k.fails, largeBodies{maps.Clone(k.large.uses), k.large.bytes}
		if k.store.db() != k.pool {
			passing, fails, large = kept{}, kept{}, largeBodies{uses: map[int64]largeUse{}}
		}
		many := prepared{tx: tx}
		var first int64
		for i, r := range rows {
			seq, has, err := r.put(ctx, &many)
			if err != nil {
				return err
			}
			if i == 0 {
				first = seq
			}
			into := &passing
			if sides := list[i].Sides(); sides.Request.Failed() || sides.Response.Failed() {
				into = &fails
			}
			into.add(keptRun{seq, r.size(), has})
			for n, key := range has {
				large.use(key, int64(len(r.bodies[n])))
			}
		}
		if len(rows) > 0 {
			if err := counted(ctx, tx, first); err != nil {
				return err
			}
		}
		gone, err := json.Marshal(k.surplus(&passing, &fails, &large))
		if err != nil || string(gone) == "null" {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM runs WHERE pinned = 0 AND seq IN (SELECT value FROM json_each(?))", string(gone))
		return err
	})
	if err == nil {
		k.passing, k.fails, k.large, k.pool = passing, fails, large, k.store.db()
	}
	return err
}

// surplus takes out what is too much: what verifies goes first where it is bytes.
func (k *Keeper) surplus(passing, fails *kept, large *largeBodies) (gone []int64) {
	for len(passing.runs) > k.runs {
		gone = append(gone, passing.take(large))
	}
	for len(fails.runs) > k.runs {
		gone = append(gone, fails.take(large))
	}
	for passing.bytes+fails.bytes+large.bytes > k.bytes && len(passing.runs)+len(fails.runs) > 1 {
		if !k.told {
			k.told = true
			k.store.note(Notice(fmt.Sprintf("The runs of this capture have reached %d MB: from now on the oldest are "+
				"removed for new ones. "+
				"Pin what is to stay, or raise --keep-mb.", k.bytes>>20)))
		}
		if len(passing.runs) > 0 {
			gone = append(gone, passing.take(large))
		} else {
			gone = append(gone, fails.take(large))
		}
	}
	return gone
}
