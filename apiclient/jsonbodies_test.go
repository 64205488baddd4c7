package apiclient

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"
)

// recorded is e as it comes back from a record.
func recorded(t testing.TB, e *Exchange, inside int) Exchange {
	t.Helper()
	record, beside, err := e.AppendRecord([]byte("x"), inside)
	if err != nil {
		t.Fatal(err)
	}
	var back Exchange
	if err := back.ReadRecord(record[1:], &beside); err != nil {
		t.Fatalf("%v in %q", err, record)
	}
	return back
}

// Exchanges come back from a record, wherever their bodies stand.
func TestRecord(t *testing.T) {
	t.Parallel()
	bare := wholeExchange()
	bare.Response, bare.Received = nil, Exchange{}.Received
	bodies := wholeExchange()
	bodies.Request.Body = []byte(strings.Repeat(hostile(), 9))
	bodies.Response.Body, bodies.Response.Decoded = bytes.Repeat([]byte("x"), shareFrom), []byte{}
	bodies.Sent.Canonical = append([]byte("POST /\n"), bodies.Request.Body...)
	bodies.Received.Canonical = append([]byte("POST /\n"), bodies.Response.Body...)
	for name, e := range map[string]Exchange{"whole": wholeExchange(), "bare": bare, "zero": {}, "bodies": bodies} {
		for _, inside := range []int{0, 100, 1 << 30} {
			if got := recorded(t, &e, inside); !reflect.DeepEqual(got, e) {
				t.Errorf("%s, %d: came back as\n%+v\nnot\n%+v", name, inside, got, e)
			}
		}
	}
	if _, _, err := (&Exchange{StartedAt: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}).AppendRecord(nil, 0); err == nil {
		t.Error("a year of five digits is recorded, and its JSON form could not be read")
	}
}

// FuzzQuote: whatever bodies occur in a signed string, it comes back.
func FuzzQuote(f *testing.F) {
	body := bytes.Repeat([]byte("x"), quoteFrom)
	f.Add([]byte("head"), body, []byte("tail"), []byte(nil))
	f.Add([]byte{0xff}, []byte("short"), []byte{}, body)
	f.Add(body, body, body, body)
	f.Fuzz(func(t *testing.T, before, body, after, other []byte) {
		whole := append(append(append([]byte{}, before...), body...), after...)
		e := Exchange{Request: Message{Body: other}, Response: &Message{Decoded: body}}
		e.Sent.Canonical = whole
		for _, inside := range []int{0, 80, 1 << 20} {
			if back := recorded(t, &e, inside); !bytes.Equal(back.Sent.Canonical, whole) {
				t.Errorf("%q came back as %q", whole, back.Sent.Canonical)
			}
		}
	})
}

func BenchmarkAppendRecord(b *testing.B) {
	e := wholeExchange()
	b.ReportAllocs()
	var record []byte
	for b.Loop() {
		var err error
		if record, _, err = e.AppendRecord(record[:0], 2<<10); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadRecord(b *testing.B) {
	e := wholeExchange()
	record, beside, err := e.AppendRecord(nil, 2<<10)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := e.ReadRecord(record, &beside); err != nil {
			b.Fatal(err)
		}
	}
}
