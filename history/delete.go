package history

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"countersign/apiclient/hint"
)

// UndoFor is how long Restore can bring a deleted run back: after it, the next
// Prune or the next start removes the run for good.
const UndoFor = 24 * time.Hour

// Delete hides runs from List, Get and Count, by their whole IDs, and says how
// many there were. Restore brings them back for UndoFor.
func (s *Store) Delete(ctx context.Context, ids ...string) (int, error) {
	return s.mark(ctx, "the runs cannot be deleted",
		"UPDATE runs SET deleted = ? WHERE id = ? AND deleted IS NULL", s.now().Unix(), ids)
}

// Restore brings deleted runs back, each at its old place in the list, and
// says how many there were.
func (s *Store) Restore(ctx context.Context, ids ...string) (int, error) {
	return s.mark(ctx, "the runs cannot be restored",
		"UPDATE runs SET deleted = ? WHERE id = ? AND deleted IS NOT NULL", nil, ids)
}

// Pin keeps runs from Prune, or no longer, by their whole IDs, and says how
// many that changed.
func (s *Store) Pin(ctx context.Context, on bool, ids ...string) (int, error) {
	return s.mark(ctx, "the runs cannot be pinned",
		"UPDATE runs SET pinned = ?1 WHERE id = ?2 AND pinned IS NOT ?1 AND deleted IS NULL", on, ids)
}

// Rename returns a run a name, by its whole ID; "" takes it away. It reports
// whether there is such a run.
func (s *Store) Rename(ctx context.Context, id, name string) (bool, error) {
	n, err := s.mark(ctx, "the run cannot be named", "UPDATE runs SET name = ? WHERE id = ? AND deleted IS NULL",
		strings.ToValidUTF8(strings.TrimSpace(name), "\uFFFD"), []string{id})
	return n > 0, err
}

// mark runs a statement of a value and an ID for each of the runs, in one
// transaction, and says how many rows it changed.
func (s *Store) mark(ctx context.Context, doing, statement string, value any, ids []string) (int, error) {
	count := 0
	err := s.write(ctx, s.db(), doing, func(tx *sql.Tx) error {
		for _, id := range ids {
			n, err := affected(tx.ExecContext(ctx, statement, value, id))
			if err != nil {
				return err
			}
			count += n
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	s.index.wake() // a name is searched for too
	return count, nil
}

func affected(res sql.Result, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// Prune removes runs for good and gives their space back to the disk: those
// that are neither pinned, nor among the newest keep, nor started at olderThan
// or later. A zero olderThan spares none for its age, and keep 0 none for its
// place. Runs whose undo has run out go as well. It says how many listed runs
// are gone, which is right even where it also returns an error. progress, where
// it is not nil, is called after each step with that number.
//
// It works in steps that hold up nobody who wants to record a run for longer
// than about stepTime.
func (s *Store) Prune(ctx context.Context, keep int, olderThan time.Time, progress func(removed int)) (int, error) {
	condition, args, err := s.prunable(ctx, keep, olderThan)
	if err != nil {
		return 0, err
	}
	if err := s.removeDeleted(ctx); err != nil {
		return 0, err
	}
	n, err := s.remove(ctx, progress, condition+" AND pinned = 0", args...)
	if err != nil {
		return n, err
	}
	if err := s.index.tidy(ctx); err != nil {
		return n, err
	}
	return n, s.shrink(ctx)
}

// Prunable says how many listed runs Prune would remove now, and how many
// more it would, were they not pinned. It removes nothing.
func (s *Store) Prunable(ctx context.Context, keep int, olderThan time.Time) (gone, pinned int, err error) {
	condition, args, err := s.prunable(ctx, keep, olderThan)
	if err != nil {
		return 0, 0, err
	}
	err = s.db().QueryRowContext(ctx, "SELECT count(*) FILTER (WHERE pinned = 0), count(*) FILTER (WHERE pinned = 1) FROM runs WHERE "+
		condition, args...).Scan(&gone, &pinned)
	return gone, pinned, s.explain("the runs cannot be counted", err)
}

// prunable returns the condition for which Prune removes a run that is not pinned.
func (s *Store) prunable(ctx context.Context, keep int, olderThan time.Time) (condition string, args []any, err error) {
	if keep < 0 {
		return "", nil, hint.Errorf("give 0 or more", "cannot keep %d runs", keep)
	}
	var bound int64 // the newest Seq that may go
	err = s.db().QueryRowContext(ctx,
		"SELECT coalesce(min(seq), 9223372036854775807) - 1 FROM (SELECT seq FROM runs WHERE deleted IS NULL ORDER BY "+
			"seq DESC LIMIT ?)", keep).Scan(&bound)
	if err != nil {
		return "", nil, s.explain("the runs cannot be counted", err)
	}
	condition, args = "seq <= ? AND deleted IS NULL", []any{bound}
	if !olderThan.IsZero() {
		condition, args = condition+" AND started < ?", append(args, olderThan.UnixNano())
	}
	return condition, args, nil
}

// removeDeleted removes the runs that can no longer be restored.
func (s *Store) removeDeleted(ctx context.Context) error {
	_, err := s.remove(ctx, nil, "deleted < ?", s.now().Add(-UndoFor).Unix())
	return err
}

// remove deletes the rows for which condition holds, from the oldest on. Their
// words stay in the index until it is tidied.
func (s *Store) remove(ctx context.Context, progress func(removed int), condition string, args ...any) (int, error) {
	const doing = "the runs cannot be removed"
	// Looked at first without the write lock: mostly there is nothing to do.
	some := false
	if err := s.db().QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM runs WHERE "+condition+")",
		args...).Scan(&some); err != nil || !some {
		return 0, s.explain(doing, err)
	}
	total, last := 0, int64(0)
	err := s.inSteps(ctx, doing, func(tx *sql.Tx) (more bool, err error) {
		const some = 20 // their bodies may be large
		var found int
		var to sql.NullInt64
		err = tx.QueryRowContext(ctx,
			"SELECT count(*), max(seq) FROM (SELECT seq FROM runs WHERE seq > ? AND "+condition+" ORDER BY seq LIMIT ?)",
			slices.Concat([]any{last}, args, []any{some})...).Scan(&found, &to)
		if err != nil || found == 0 {
			return false, err
		}
		n, err := affected(tx.ExecContext(ctx, "DELETE FROM runs WHERE seq > ? AND seq <= ? AND "+condition,
			slices.Concat([]any{last, to.Int64}, args)...))
		total, last = total+n, to.Int64
		return found == some, err
	}, func() {
		if progress != nil {
			progress(total)
		}
	})
	return total, err
}

// shrink returns free pages back to the disk. A page near the end of a large file
// takes the place of a free one, a few at a time.
func (s *Store) shrink(ctx context.Context) error {
	const doing = "the space cannot be given back"
	var free int
	if err := s.db().QueryRowContext(ctx, "PRAGMA freelist_count").Scan(&free); err != nil || free == 0 {
		return s.explain(doing, err)
	}
	return s.inSteps(ctx, doing, func(tx *sql.Tx) (more bool, err error) {
		before := free
		if _, err := tx.ExecContext(ctx, "PRAGMA incremental_vacuum(25)"); err != nil {
			return false, err
		}
		err = tx.QueryRowContext(ctx, "PRAGMA freelist_count").Scan(&free)
		return free > 0 && free != before, err
	}, nil)
}

// A step of long work holds the write lock for about stepTime, and leaves it to
// others for stepPause. Whoever waits for the lock looks every 25 ms at least for
// the first 100 ms (sqliteDefaultBusyCallback), so it finds one of the pauses.
const (
	stepTime  = 20 * time.Millisecond
	stepPause = 25 * time.Millisecond
)

// inSteps does long work in short transactions. do does a little of it and
// reports whether there is more to do; it is called again until the step's time
// is over. after, where it is not nil, is called behind each step. A power cut
// may undo the last steps.
func (s *Store) inSteps(ctx context.Context, doing string, do func(tx *sql.Tx) (more bool, err error),
	after func()) error {
	if s.readOnly != nil {
		return s.explain(doing, s.readOnly)
	}
	db, err := dial(s.path, "NORMAL", 1)
	if err != nil {
		return s.explain(doing, err)
	}
	defer func() { _ = db.Close() }()
	for more := true; ; {
		err := s.write(ctx, db, doing, func(tx *sql.Tx) (err error) {
			for start := time.Now(); err == nil && more && time.Since(start) < stepTime; {
				more, err = do(tx)
			}
			return err
		})
		if err != nil {
			return err
		}
		if after != nil {
			after()
		}
		if !more {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(stepPause):
		}
	}
}
