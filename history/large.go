package history

import (
	"context"
	"crypto/sha256"
	"database/sql"

	"countersign/apiclient"
)

// largeBody is the size in bytes from which a body is in the file once, however many
// runs have it. It stands in the tables bodies and more under a key below 0, which the
// table large finds by its SHA-256; shares has the key for each body of a run that is
// such a one. It is written with the first run that has it, in the same transaction, and
// removed with the last one by a trigger: nobody counts.
const largeBody = 16 << 10

// larges are the keys of the large bodies of a run; 0: it is none.
type larges [partCount]int64

// putBodies writes what is new of the bodies of a run.
func putBodies(ctx context.Context, tx statements, seq int64, bodies apiclient.Bodies) (has larges, err error) {
	for n, body := range bodies {
		at := key(seq, n)
		if len(body) >= largeBody {
			if at, err = share(ctx, tx, at, body); err != nil {
				return has, err
			}
			has[n] = at
		}
		if body != nil {
			if err := putBody(ctx, tx, at, body); err != nil {
				return has, err
			}
		}
	}
	return has, nil
}

// share returns the key of a large body, and ties the body of a run to it. Equal bytes
// are compared all the same when they are written: one that is damaged in the
// file is whole again.
func share(ctx context.Context, tx statements, own int64, body []byte) (at int64, err error) {
	sum := sha256.Sum256(body)
	if _, err = tx.ExecContext(ctx, `INSERT INTO large (key, sha256) VALUES ((SELECT coalesce(min(key), 0) - 1 FROM large), ?)
		ON CONFLICT(sha256) DO NOTHING`, sum[:]); err != nil {
		return 0, err
	}
	if err = eachRow(ctx, tx, func(rows *sql.Rows) error { return rows.Scan(&at) },
		"SELECT key FROM large WHERE sha256 = ?", sum[:]); err != nil {
		return 0, err
	}
	if _, err = tx.ExecContext(ctx, "DELETE FROM shares WHERE key = ? AND large <> ?", own, at); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO shares (key, large) VALUES (?, ?) ON CONFLICT(key) DO NOTHING", own, at)
	return at, err
}

// replaceBodies writes the bodies of a run that had others before.
func replaceBodies(ctx context.Context, tx *sql.Tx, seq int64, bodies apiclient.Bodies) error {
	has, err := putBodies(ctx, tx, seq, bodies)
	if err != nil {
		return err
	}
	first, behind := key(seq, 0), key(seq+1, 0)
	own, shared := []any{first, behind}, []any{first, behind}
	for n, body := range bodies {
		var o, s any = -1, -1 // no key of a run
		switch at := key(seq, n); {
		case has[n] != 0:
			s = at
		case body != nil:
			o = at
		}
		own, shared = append(own, o), append(shared, s)
	}
	for _, d := range []struct {
		statement string
		args      []any
	}{
		{"DELETE FROM bodies WHERE key >= ? AND key < ? AND key NOT IN (?, ?, ?, ?)", own},
		{"DELETE FROM shares WHERE key >= ? AND key < ? AND key NOT IN (?, ?, ?, ?)", shared},
		{"DELETE FROM more WHERE id BETWEEN ? AND ?", []any{pieceID(first, 0), pieceID(behind, 0) - 1}}, // of earlier builds
	} {
		if _, err := tx.ExecContext(ctx, d.statement, d.args...); err != nil {
			return err
		}
	}
	return nil
}

// loadBodies reads the bodies of a run that stand beside its record, whole.
func loadBodies(ctx context.Context, tx *sql.Tx, seq int64) (bodies apiclient.Bodies, err error) {
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return bodies, err
	}
	places := "SELECT key, key FROM bodies WHERE key >= ?1 AND key < ?2"
	if version > 1 { // one that can only be read stays as it is
		places += " UNION ALL SELECT key, large FROM shares WHERE key >= ?1 AND key < ?2"
	}
	var at larges
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var own, place int64
		err := rows.Scan(&own, &place)
		at[own-key(seq, 0)] = place
		return err
	}, places, key(seq, 0), key(seq+1, 0))
	for part, place := range at {
		if err == nil && place != 0 {
			bodies[part], err = loadBody(ctx, tx, place, part)
		}
	}
	return bodies, err
}

// loadStarts reads the first limit bytes of each of them.
func loadStarts(ctx context.Context, tx querier, seq int64, limit int) (bodies apiclient.Bodies, err error) {
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var own int64
		var b sql.RawBytes
		if err := rows.Scan(&own, &b); err != nil {
			return err
		}
		bodies[own-key(seq, 0)] = append([]byte{}, b...) // one that is nil has no row
		return nil
	}, `SELECT key, substr(bytes, 1, ?1) FROM bodies WHERE key >= ?2 AND key < ?3 UNION ALL
		SELECT shares.key, substr(bytes, 1, ?1) FROM shares JOIN bodies ON bodies.key = large
		WHERE shares.key >= ?2 AND shares.key < ?3`, limit, key(seq, 0), key(seq+1, 0))
	return bodies, err
}
