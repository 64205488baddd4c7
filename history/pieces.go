package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/crc32"

	"countersign/apiclient/hint"
)

// pieceSize is how many bytes of a body one statement writes or reads: a larger
// body stands in pieces, the first in the table bodies, the others in the
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

func bodyDamage(part int, format string, args ...any) error {
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
// request's is when a run completes, is compared and left.
func putBody(ctx context.Context, tx statements, key int64, body []byte) error {
	var size, crc any
	first, rest := body, []byte(nil)
	if len(body) > pieceSize {
		first, rest = body[:pieceSize:pieceSize], body[pieceSize:]
		size, crc = len(body), int64(crc32.Checksum(body, castagnoli))
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO bodies (key, bytes, size, crc) VALUES (?, ?, ?, ?)
		ON CONFLICT(key) DO UPDATE SET bytes = excluded.bytes, size = excluded.size, crc = excluded.crc
		WHERE size IS NOT excluded.size OR crc IS NOT excluded.crc OR bytes IS NOT excluded.bytes`, key, first, size, crc)
	n := 1
	for ; err == nil && len(rest) > 0; n++ {
		piece := rest[:min(pieceSize, len(rest))]
		rest = rest[len(piece):]
		_, err = tx.ExecContext(ctx, `INSERT INTO more VALUES (?, ?)
			ON CONFLICT(id) DO UPDATE SET bytes = excluded.bytes WHERE bytes IS NOT excluded.bytes`, pieceID(key, n), piece)
	}
	if err == nil && len(body) >= largeBody { // only these may have had other pieces: damaged ones
		_, err = tx.ExecContext(ctx, "DELETE FROM more WHERE id BETWEEN ? AND ?", pieceID(key, n), pieceID(key+1, 0)-1)
	}
	return err
}

// loadBody reads a body whole. part is which of the bodies of a run it is.
func loadBody(ctx context.Context, tx *sql.Tx, key int64, part int) (body []byte, err error) {
	var beyond int64 // bytes in more: looked up without reading them
	pieces := []any{pieceID(key, 1), pieceID(key+1, 0) - 1}
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(sum(length(bytes)), 0) FROM more WHERE id BETWEEN ? AND ?",
		pieces...).Scan(&beyond); err != nil {
		return nil, err
	}
	var size, crc sql.NullInt64
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var b sql.RawBytes
		if err := rows.Scan(&b, &size, &crc); err != nil {
			return err
		}
		if have := int64(len(b)) + beyond; size.Valid && have != size.Int64 {
			return bodyDamage(part, "%d of its %d bytes are there", have, size.Int64)
		}
		// One allocation for all of it: by now its size is known to be true.
		body = append(make([]byte, 0, int64(len(b))+beyond), b...)
		return nil
	}, "SELECT bytes, size, crc FROM bodies WHERE key = ?", key)
	if err == nil && (body == nil || beyond > 0 && !size.Valid) {
		err = bodyDamage(part, "its first piece is missing")
	}
	if err != nil || !size.Valid {
		return body, err
	}
	n := 0
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var id int64
		var b sql.RawBytes
		if err := rows.Scan(&id, &b); err != nil {
			return err
		}
		if n++; id != pieceID(key, n) {
			return bodyDamage(part, "piece %d is missing", n+1)
		}
		body = append(body, b...)
		return nil
	}, "SELECT id, bytes FROM more WHERE id BETWEEN ? AND ? ORDER BY id", pieces...)
	if err == nil && crc.Int64 != int64(crc32.Checksum(body, castagnoli)) {
		err = bodyDamage(part, "its bytes are not those that were written")
	}
	return body, err
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

// texts returns a column of texts.
func texts(ctx context.Context, tx querier, query string, args ...any) (list []string, err error) {
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var text string
		err := rows.Scan(&text)
		list = append(list, text)
		return err
	}, query, args...)
	return list, err
}
