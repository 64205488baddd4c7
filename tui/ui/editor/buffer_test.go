package editor

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"countersign/tui/tuitest"
	"countersign/tui/ui/rows"
)

// The documents agree with what is counted by hand.
// indexStep is the distance of the entries of the index of a rows.Flat.
const indexStep = 64 << 10

func TestDocuments(t *testing.T) {
	t.Parallel()
	r := tuitest.Seeded(8)
	for range 15 {
		b := make([]byte, r.IntN(3*indexStep))
		dense := 1 + r.IntN(1000)
		for i := range b {
			b[i] = 'x'
			if r.IntN(dense) == 0 {
				b[i] = '\n'
			}
		}
		checkDocument(t, r, rows.NewFlat(b), b)
		buf := newBuffer(b)
		for range 40 {
			off := r.IntN(len(b) + 1)
			n := min(r.IntN(1+r.IntN(3*leafMax)), len(b)-off)
			ins := bytes.Repeat([]byte("y\nz"), r.IntN(1+r.IntN(2*leafMax/3)))
			buf.remove(off, n)
			buf.insert(off, ins)
			b = append(b[:off:off], append(bytes.Clone(ins), b[off+n:]...)...)
		}
		checkDocument(t, r, buf, b)
		if !bytes.Equal(buf.Slice(0, buf.Size()), b) {
			t.Fatal("the bytes differ")
		}
	}
}

func checkDocument(t *testing.T, r *rand.Rand, d rows.Document, b []byte) {
	t.Helper()
	tuitest.Must(t, "size", d.Size(), len(b))
	for range 60 {
		off := r.IntN(len(b) + 1)
		line := rows.CountLF(b[:off])
		start := bytes.LastIndexByte(b[:off], '\n') + 1
		end := len(b)
		if i := bytes.IndexByte(b[off:], '\n'); i >= 0 {
			end = off + i
		}
		tuitest.Must(t, "lineOf", d.LineOf(off), line)
		tuitest.Must(t, "lineStart", d.LineStart(off), start)
		tuitest.Must(t, "lineEnd", d.LineEnd(off), end)
		tuitest.Must(t, "lineAt", d.LineAt(line), start)
	}
	tuitest.Must(t, "after the last", d.LineAt(rows.CountLF(b)+5), len(b))
}
