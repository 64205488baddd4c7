package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
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
	told           bool
}

// kept are runs that may go, the oldest first.
type kept struct {
	runs  []keptRun
	bytes int64
}

type keptRun struct {
	seq   int64
	bytes int64
}

func (k *kept) add(r keptRun) {
	k.runs = append(k.runs, r)
	k.bytes += r.bytes
}

// take takes the oldest out.
func (k *kept) take() int64 {
	oldest := k.runs[0]
	k.runs, k.bytes = k.runs[1:], k.bytes-oldest.bytes
	return oldest.seq
}

// Keeper makes one that keeps so many runs of either kind, at least 1, and so many
// bytes of all of them.
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
	err = k.store.keep(ctx, func(tx *sql.Tx) error {
		// What is added stands behind the end of those, who stay as they are until it is committed.
		if passing, fails = k.passing, k.fails; k.store.db() != k.pool {
			passing, fails = kept{}, kept{}
		}
		many := prepared{tx: tx}
		var first int64
		for i, r := range rows {
			seq, err := r.put(ctx, &many)
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
			into.add(keptRun{seq, r.size()})
		}
		if len(rows) > 0 {
			if err := counted(ctx, tx, first); err != nil {
				return err
			}
		}
		gone, err := json.Marshal(k.surplus(&passing, &fails))
		if err != nil || string(gone) == "null" {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM runs WHERE pinned = 0 AND seq IN (SELECT value FROM json_each(?))", string(gone))
		return err
	})
	if err == nil {
		k.passing, k.fails, k.pool = passing, fails, k.store.db()
	}
	return err
}

// surplus takes out what is too much: what verifies goes first where it is bytes.
func (k *Keeper) surplus(passing, fails *kept) (gone []int64) {
	for len(passing.runs) > k.runs {
		gone = append(gone, passing.take())
	}
	for len(fails.runs) > k.runs {
		gone = append(gone, fails.take())
	}
	for passing.bytes+fails.bytes > k.bytes && len(passing.runs)+len(fails.runs) > 1 {
		if !k.told {
			k.told = true
			k.store.note(Notice(fmt.Sprintf("The runs of this capture have reached %d MB: from now on the oldest are removed for new ones. "+
				"Pin what is to stay, or raise --keep-mb.", k.bytes>>20)))
		}
		if len(passing.runs) > 0 {
			gone = append(gone, passing.take())
		} else {
			gone = append(gone, fails.take())
		}
	}
	return gone
}
