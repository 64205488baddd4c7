package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	sqlite3 "modernc.org/sqlite/lib"

	"countersign/apiclient"
)

// Entry is a run with what a person gave it: what export writes and import reads.
type Entry struct {
	Exchange apiclient.Exchange
	Name     string
	Pinned   bool
}

// Import records runs of another history as the newest, in one transaction, and
// says how many: those whose ID is here already, deleted or not, stay as they are.
func (s *Store) Import(ctx context.Context, list []Entry) (added int, err error) {
	rows := make([]row, len(list))
	for i := range list {
		if rows[i], err = newRow(&list[i].Exchange); err != nil {
			return 0, s.explain(doingBegin, err)
		}
	}
	err = s.keep(ctx, func(tx *sql.Tx) error {
		added = 0 // where it is done once more
		for i, r := range rows {
			id := list[i].Exchange.ID
			here := false
			if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM runs WHERE id = ?)", id).Scan(&here); err != nil {
				return err
			}
			if here {
				continue
			}
			if err := r.insert(ctx, tx); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE runs SET name = ?, pinned = ? WHERE id = ?", list[i].Name, list[i].Pinned,
				id); err != nil {
				return err
			}
			added++
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

// Health is what Check found.
type Health struct {
	Runs    int      // that were read, deleted ones that can be restored too
	Damaged []string // IDs of those whose bytes are not those that were written, maxDamaged at most
	Bad     int      // how many are damaged
	File    []string // what is wrong with the file itself, in SQLite's words
}

// Sound reports whether nothing is wrong.
func (h Health) Sound() bool { return h.Bad == 0 && len(h.File) == 0 }

// maxDamaged is how many damaged runs are named.
const maxDamaged = 20

// Check reads the whole file: its structure, and every run against its checksum.
// It changes nothing. progress, where it is not nil, is called with the number of runs
// that were read.
func (s *Store) Check(ctx context.Context, progress func(read int)) (Health, error) {
	const doing = "the history cannot be checked"
	var h Health
	says, err := texts(ctx, s.db(), fmt.Sprintf("PRAGMA integrity_check(%d)", maxDamaged))
	if err != nil {
		return h, s.explain(doing, err)
	}
	if len(says) != 1 || says[0] != "ok" {
		h.File = says
	}
	for last := int64(0); ; {
		seq, id, err := s.after(ctx, last)
		if err != nil || seq == 0 {
			return h, s.explain(doing, err)
		}
		err = s.read(ctx, func(tx *sql.Tx) error {
			_, err := load(ctx, tx, seq)
			return err
		})
		if ctx.Err() != nil {
			return h, ctx.Err()
		}
		if err != nil {
			if h.Bad++; len(h.Damaged) < maxDamaged {
				h.Damaged = append(h.Damaged, id)
			}
		}
		last = seq
		if h.Runs++; progress != nil {
			progress(h.Runs)
		}
	}
}

// after returns the next run behind a Seq; 0 where there is none.
func (s *Store) after(ctx context.Context, last int64) (seq int64, id string, err error) {
	err = s.db().QueryRowContext(ctx, "SELECT seq, id FROM runs WHERE seq > ? ORDER BY seq LIMIT 1", last).Scan(&seq, &id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return seq, id, err
}

// Compact gives free space back to the disk: that of runs which can no longer be
// restored, of the index of words, and of the write-ahead log. It returns the
// bytes that the history takes before and after. It works in steps, as Prune does.
func (s *Store) Compact(ctx context.Context) (before, after int64, err error) {
	before = s.size()
	if err := s.removeDeleted(ctx); err != nil {
		return before, before, err
	}
	if err := s.index.catchUp(ctx); err != nil {
		return before, before, s.explain("the runs cannot be indexed", err)
	}
	if err := s.index.tidy(ctx); err != nil {
		return before, before, err
	}
	if err := s.write(ctx, s.db(), "the index cannot be compacted", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO search(search) VALUES ('optimize')")
		return err
	}); err != nil {
		return before, s.size(), err
	}
	if err := s.shrink(ctx); err != nil {
		return before, s.size(), err
	}
	// Where another program reads, the log is emptied later.
	if _, err := s.db().ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil && primary(err) != sqlite3.SQLITE_BUSY {
		return before, s.size(), s.explain("the space cannot be given back", err)
	}
	return before, s.size(), nil
}

// size returns the bytes of the file and its write-ahead log.
func (s *Store) size() (n int64) {
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(s.path + suffix); err == nil {
			n += info.Size()
		}
	}
	return n
}
