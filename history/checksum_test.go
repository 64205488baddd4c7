package history

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"countersign/apiclient/hint"
)

// TestChangedRunIsRefused: whatever of a run is changed in the file, what was
// recorded about its signatures is not repeated.
func TestChangedRunIsRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, change := range map[string]string{
		"a verdict":            "mismatch -> verified",
		"a header":             "Client-Id -> Client-ld",
		"the record":           "UPDATE records SET record = substr(record, 1, length(record) - 1)",
		"the request's body":   "UPDATE bodies SET bytes = CAST(replace(CAST(bytes AS TEXT), '1', '2') AS BLOB) WHERE key % 4 = 0",
		"the response's body":  "UPDATE bodies SET bytes = CAST(bytes AS TEXT) || ' ' WHERE key % 4 = 2",
		"a body that is gone":  "DELETE FROM bodies WHERE key % 4 = 2",
		"a body that is empty": "UPDATE bodies SET bytes = x'' WHERE key % 4 = 2",
		"the other's body":     "UPDATE bodies SET bytes = (SELECT bytes FROM bodies WHERE key % 4 = 0) WHERE key % 4 = 2",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openNew(t)
			e := answer(exchangeOf(1))
			e.Received.Status = "mismatch"
			e.Request.Body = bytes.Repeat([]byte("1"), smallBody+1) // they are to stand beside the record
			e.Response.Body = bytes.Repeat([]byte("2"), smallBody+1)
			if err := s.Complete(ctx, e); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Get(ctx, e.ID); err != nil {
				t.Fatal(err)
			}
			var args []any
			if was, is, ok := strings.Cut(change, " -> "); ok { // in the record, which is compressed
				r, err := newRow(e)
				if err != nil {
					t.Fatal(err)
				}
				record, err := unpack(r.record)
				if err != nil {
					t.Fatal(err)
				}
				change, args = "UPDATE records SET record = ?", []any{pack(bytes.ReplaceAll(record, []byte(was), []byte(is)))}
			}
			res, err := s.db().Exec(change, args...)
			if n, e := affected(res, err); n != 1 || e != nil {
				t.Fatalf("%d rows changed, %v", n, e)
			}
			if got, err := s.Get(ctx, e.ID); !errors.Is(err, errRunDamaged) || hint.Of(err) == "" || got.Received.Status != "" {
				t.Errorf("got %q, %v", got.Received.Status, err)
			}
		})
	}
}
