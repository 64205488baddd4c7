package search

import (
	"bytes"
	"context"
	"crypto/sha256"
	"strconv"
	"testing"
	"time"
)

// usual is the string of the protocol, of 1 KB with its body.
func usual() *Space {
	space := &Space{Wholes: []Whole{{}}}
	for p, text := range []string{"POST", "/miniprogram/api/v2/payments/pay", "2088123456789012", "1760000000000"} {
		space.Variants[p] = []Variant{{Bytes: []byte(text)}}
	}
	l := Layout{}
	for p, literal := range []string{"", " ", "\n", ".", "."} {
		l.Pieces = append(l.Pieces, Piece{[]byte(literal), Part(p)})
	}
	space.Layouts = []Layout{l}
	head := len(space.Bytes(Hit{}, &Sequence{Body, 1, func(dst []byte, _ int) []byte { return dst }}))
	space.Variants[Body] = []Variant{{Bytes: bytes.Repeat([]byte{'x'}, 1024-head)}}
	return space
}

// millis sweeps the time, as the search for a time does.
func millis(n int) Sequence {
	return Sequence{Time, n, func(dst []byte, i int) []byte { return strconv.AppendInt(dst, 1760000000000+int64(i), 10) }}
}

const perLoop = 20000

func report(b *testing.B, s *Searcher) {
	b.ReportMetric(float64(s.Tried())/b.Elapsed().Seconds(), "hypotheses/s")
	b.ReportMetric(0, "ns/op")
}

func oneWorker() *Searcher {
	d := Digest{sha256.New, func() func([]byte) bool {
		want := sha256.Sum256([]byte("not there"))
		return func(d []byte) bool { return d[0] == want[0] && bytes.Equal(d, want[:]) }
	}}
	return New(context.Background(), d, 1, time.Now, time.Time{})
}

// BenchmarkHypotheses1KB sweeps the time in a string of 1 KB.
func BenchmarkHypotheses1KB(b *testing.B) {
	space, seq, s := usual(), millis(perLoop), oneWorker()
	b.ReportAllocs()
	for b.Loop() {
		s.FirstOf(space, seq, 0, 0)
	}
	report(b, s)
}

// BenchmarkHypothesesBody varies the body, which stands last.
func BenchmarkHypothesesBody(b *testing.B) {
	space, s := usual(), oneWorker()
	body := space.Variants[Body][0].Bytes
	for i := range perLoop / 10 {
		v := bytes.Clone(body)
		copy(v, strconv.Itoa(i))
		space.Variants[Body] = append(space.Variants[Body], Variant{v, 1})
	}
	b.ReportAllocs()
	for b.Loop() {
		s.First(space, 1, 1)
	}
	report(b, s)
}

// BenchmarkBareSHA256 hashes as many bytes without anything around it: the
// whole string, and what is left of it behind the point that a search keeps.
func BenchmarkBareSHA256(b *testing.B) {
	space := usual()
	content := space.Bytes(Hit{}, nil)
	for _, c := range []struct {
		name string
		text []byte
	}{{"whole", content}, {"from_the_time_on", content[len(content)-len(space.Variants[Body][0].Bytes)-len(".1760000000000"):]}} {
		b.Run(c.name, func(b *testing.B) {
			n, sum := 0, [32]byte{}
			for b.Loop() {
				for range perLoop {
					sum = sha256.Sum256(c.text)
				}
				n += perLoop
			}
			_ = sum
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "hypotheses/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}
