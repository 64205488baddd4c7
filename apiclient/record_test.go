package apiclient

import (
	"bytes"
	"hash/crc32"
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
	long := wholeExchange()
	long.Request.Header = []Field{{Name: "Signature", Value: "signature=" + strings.Repeat("0123456789", 30)}}
	long.SentVerdict.Header.Value = long.Request.Header[0].Value[10:]
	long.SentVerdict.Reason = long.Request.Header[0].Value[20:80]
	for name, e := range map[string]Exchange{"whole": wholeExchange(), "bare": bare, "zero": {}, "bodies": bodies, "long": long} {
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

// The numbers of the usual texts stand in files.
func TestUsualTextsStay(t *testing.T) {
	t.Parallel()
	const known, sum = 135, 0x7d0a9d36
	if len(usualNumbers()) != len(usualTexts) {
		t.Error("a text is there twice")
	}
	if got := crc32.ChecksumIEEE([]byte(strings.Join(usualTexts[:known], "\n"))); got != sum {
		t.Errorf("the first %d texts have the sum %#x: only append to them", known, got)
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

// FuzzReadRecord: what is no record is refused, and takes no more memory than it is
// long; what is one is written as it stands.
func FuzzReadRecord(f *testing.F) {
	for _, e := range []Exchange{{}, wholeExchange()} {
		record, _, err := e.AppendRecord(nil, 1<<20)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(record)
		f.Add(record[:len(record)/2])
	}
	f.Add([]byte{recordForm, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte(`{"request":{"line":"GET / HTTP/1.1"},"sent":{"quoted":{"body":9}}}`))
	f.Fuzz(func(t *testing.T, record []byte) {
		var e Exchange
		if e.ReadRecord(record, &Bodies{}) != nil {
			return
		}
		once := recorded(t, &e, 1<<20) // without what no exchange has, such as half a verdict
		if twice := recorded(t, &once, 1<<20); !reflect.DeepEqual(twice, once) {
			t.Errorf("%q is read as\n%+v\nand comes back as\n%+v", record, once, twice)
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
