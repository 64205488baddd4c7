package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/crc32"

	"countersign/apiclient"
	"countersign/apiclient/hint"
)

// pieceSize is how many bytes of a body one statement writes or reads: a larger
// body stands in pieces, the first where a small body does, the others in the
// table more. size and crc (Castagnoli's CRC-32) are then of the whole body, so
// that a piece that is missing is found; they are NULL for one piece. SQLite
// holds a value whole, more than once, and the process keeps what that took: a
// body of 20 MB in one value costs 40 MB for the life of the explorer.
const pieceSize = 512 << 10

// pieceBits are the low bits of an id in the table more: which piece it is.
// They are enough for 32 GB, and SQLite ends at 1 GB for what it is bound.
const pieceBits = 16

// errRunDamaged is wrapped by the error of a Get that does not find what was
// written.
var errRunDamaged = errors.New("the run is damaged")

var bodyNames = [partCount]string{"the request's body", "the decoded body of the request", "the response's body",
	"the decoded body of the response"}

func bodyDamage(part int64, format string, args ...any) error {
	return runDamage(bodyNames[part] + " is damaged in the history: " + fmt.Sprintf(format, args...))
}

func runDamage(says string) error {
	return &hint.Error{
		Says: says,
		Fix:  "the whole file is checked at the next start; this run can be sent again, and the others read as before",
		Err:  errRunDamaged,
	}
}

// pieceID is where piece n of the body with this key stands in more.
func pieceID(key int64, n int) int64 { return key<<pieceBits | int64(n) }

// putBody writes what is new of a body: one that is there already, as the
// request's is when a run completes, is compared and left. It says how many
// pieces stand in more.
func putBody(ctx context.Context, tx execer, key int64, body []byte) (pieces int, err error) {
	var size, crc any
	first, rest := body, []byte(nil)
	if len(body) > pieceSize {
		first, rest = body[:pieceSize:pieceSize], body[pieceSize:]
		size, crc = len(body), int64(crc32.Checksum(body, castagnoli))
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO bodies (key, bytes, size, crc) VALUES (?, ?, ?, ?)
		ON CONFLICT(key) DO UPDATE SET bytes = excluded.bytes, size = excluded.size, crc = excluded.crc
		WHERE size IS NOT excluded.size OR crc IS NOT excluded.crc OR bytes IS NOT excluded.bytes`, key, first, size, crc)
	for err == nil && len(rest) > 0 {
		pieces++
		piece := rest[:min(pieceSize, len(rest))]
		rest = rest[len(piece):]
		_, err = tx.ExecContext(ctx, `INSERT INTO more VALUES (?, ?)
			ON CONFLICT(id) DO UPDATE SET bytes = excluded.bytes WHERE bytes IS NOT excluded.bytes`, pieceID(key, pieces), piece)
	}
	return pieces, err
}

// replaceBodies writes the bodies of a run that had others before.
func replaceBodies(ctx context.Context, tx *sql.Tx, seq int64, bodies apiclient.Bodies) error {
	had, err := sizesBeyond(ctx, tx, seq)
	if err != nil {
		return err
	}
	for n, body := range bodies {
		pieces := 0
		if body == nil {
			_, err = tx.ExecContext(ctx, "DELETE FROM bodies WHERE key = ?", key(seq, n))
		} else {
			pieces, err = putBody(ctx, tx, key(seq, n), body)
		}
		if err == nil && had[n] > 0 {
			_, err = tx.ExecContext(ctx, "DELETE FROM more WHERE id BETWEEN ? AND ?", pieceID(key(seq, n), pieces+1),
				pieceID(key(seq, n+1), 0)-1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// promise is what the first piece says of the body that it begins.
type promise struct{ size, crc sql.NullInt64 }

// loadStarts reads the first limit bytes of each body of a run.
func loadStarts(ctx context.Context, tx querier, seq int64, limit int) (apiclient.Bodies, error) {
	var bodies apiclient.Bodies
	err := eachRow(ctx, tx, func(rows *sql.Rows) error {
		var k int64
		var b sql.RawBytes
		if err := rows.Scan(&k, &b); err != nil {
			return err
		}
		bodies[k-key(seq, 0)] = append([]byte{}, b...) // one that is nil has no row
		return nil
	}, "SELECT key, substr(bytes, 1, ?) FROM bodies WHERE key BETWEEN ? AND ?", limit, key(seq, 0), key(seq, partCount-1))
	return bodies, err
}

// loadBodies reads the bodies of a run whole.
func loadBodies(ctx context.Context, tx *sql.Tx, seq int64) (apiclient.Bodies, error) {
	var bodies apiclient.Bodies
	var promised [partCount]promise
	beyond, err := sizesBeyond(ctx, tx, seq)
	if err != nil {
		return bodies, err
	}
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var k int64
		var b sql.RawBytes
		var p promise
		if err := rows.Scan(&k, &b, &p.size, &p.crc); err != nil {
			return err
		}
		part := k - key(seq, 0)
		if have := int64(len(b)) + beyond[part]; p.size.Valid && have != p.size.Int64 {
			return bodyDamage(part, "%d of its %d bytes are there", have, p.size.Int64)
		}
		// One allocation for all of it: by now its size is known to be true.
		bodies[part] = append(make([]byte, 0, int64(len(b))+beyond[part]), b...)
		promised[part] = p
		return nil
	}, "SELECT key, bytes, size, crc FROM bodies WHERE key BETWEEN ? AND ?", key(seq, 0), key(seq, partCount-1))
	if err != nil {
		return bodies, err
	}
	for part, size := range beyond {
		if size > 0 && !promised[part].size.Valid {
			return bodies, bodyDamage(int64(part), "its first piece is missing")
		}
	}
	if beyond != [partCount]int64{} {
		err = addPieces(ctx, tx, seq, &bodies)
	}
	for part, p := range promised {
		if err == nil && p.crc.Valid && p.crc.Int64 != int64(crc32.Checksum(bodies[part], castagnoli)) {
			err = bodyDamage(int64(part), "its bytes are not those that were written")
		}
	}
	return bodies, err
}

// sizesBeyond says how many bytes of each body of a run stand in more. It reads
// none of them.
func sizesBeyond(ctx context.Context, tx *sql.Tx, seq int64) (sizes [partCount]int64, err error) {
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var id, size int64
		if err := rows.Scan(&id, &size); err != nil {
			return err
		}
		sizes[id>>pieceBits-key(seq, 0)] += size
		return nil
	}, "SELECT id, length(bytes) FROM more WHERE id BETWEEN ? AND ?", pieceID(key(seq, 0), 0), pieceID(key(seq,
		partCount), 0)-1)
	return sizes, err
}

// addPieces appends the other pieces to the first ones.
func addPieces(ctx context.Context, tx *sql.Tx, seq int64, bodies *apiclient.Bodies) error {
	n, before := 0, int64(-1)
	return eachRow(ctx, tx, func(rows *sql.Rows) error {
		var id int64
		var b sql.RawBytes
		if err := rows.Scan(&id, &b); err != nil {
			return err
		}
		part := id>>pieceBits - key(seq, 0)
		if part != before {
			n, before = 0, part
		}
		if n++; id != pieceID(key(seq, int(part)), n) {
			return bodyDamage(part, "piece %d is missing", n+1)
		}
		bodies[part] = append(bodies[part], b...)
		return nil
	}, "SELECT id, bytes FROM more WHERE id BETWEEN ? AND ? ORDER BY id", pieceID(key(seq, 0), 0), pieceID(key(seq,
		partCount), 0)-1)
}

// querier asks: a transaction does, and prepared.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// eachRow calls do at each row of a query.
func eachRow(ctx context.Context, tx querier, do func(*sql.Rows) error, query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
