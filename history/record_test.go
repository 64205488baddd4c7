package history

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// fill sets everything below v to a value that occurs nowhere else.
func fill(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d \x00\xff\u2028<&>", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint, reflect.Uint8:
		v.SetUint(uint64(*n%255 + 1))
	case reflect.Slice:
		size := 2
		if v.Type().Elem().Kind() == reflect.Uint8 {
			size = 100
		}
		v.Set(reflect.MakeSlice(v.Type(), size, size))
		for i := range size {
			fill(t, v.Index(i), n)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 4, 21, 14, 58, 10, 199_000_000+*n, time.FixedZone("", 8*3600))))
			return
		}
		for i := range v.NumField() {
			fill(t, v.Field(i), n)
		}
	default:
		t.Fatalf("an Exchange has a %s: teach fill about it", v.Kind())
	}
}

// same compares two exchanges; only the pointer to the zone may differ.
func same(t *testing.T, got, want apiclient.Exchange) {
	t.Helper()
	if got.StartedAt.Format(time.RFC3339Nano) != want.StartedAt.Format(time.RFC3339Nano) {
		t.Errorf("StartedAt is %s, want %s", got.StartedAt, want.StartedAt)
	}
	got.StartedAt = want.StartedAt
	differ(t, "Exchange", reflect.ValueOf(got), reflect.ValueOf(want))
}

// differ names the innermost field that differs.
func differ(t *testing.T, name string, got, want reflect.Value) {
	t.Helper()
	if reflect.DeepEqual(got.Interface(), want.Interface()) {
		return
	}
	switch {
	case want.Kind() == reflect.Struct && want.Type() != reflect.TypeFor[time.Time]():
		for i := range want.NumField() {
			differ(t, name+"."+want.Type().Field(i).Name, got.Field(i), want.Field(i))
		}
	case want.Kind() == reflect.Pointer && !got.IsNil() && !want.IsNil():
		differ(t, name, got.Elem(), want.Elem())
	case want.Kind() == reflect.Slice && got.Len() == want.Len() && want.Len() > 0 && want.Type().Elem().Kind() == reflect.Struct:
		for i := range want.Len() {
			differ(t, fmt.Sprintf("%s[%d]", name, i), got.Index(i), want.Index(i))
		}
	default:
		t.Errorf("%s came back as %#v, want %#v", name, got.Interface(), want.Interface())
	}
}

func roundTrip(t *testing.T, e apiclient.Exchange) apiclient.Exchange {
	t.Helper()
	s := openNew(t)
	if err := s.Complete(context.Background(), &e); err != nil {
		t.Fatal(err)
	}
	got, err := s.Get(context.Background(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestEveryFieldComesBack fills each field there is, so that a new one fails
// here until the record knows it.
func TestEveryFieldComesBack(t *testing.T) {
	t.Parallel()
	var e apiclient.Exchange
	n := 0
	fill(t, reflect.ValueOf(&e).Elem(), &n)
	same(t, roundTrip(t, e), e)
}

func TestNilAndEmptyComeBack(t *testing.T) {
	t.Parallel()
	none := apiclient.Exchange{ID: idOf(1)}
	empty := apiclient.Exchange{
		ID:       idOf(2),
		Request:  apiclient.Message{Header: []apiclient.Field{}, Head: []byte{}, Body: []byte{}, Decoded: []byte{}},
		Response: &apiclient.Message{Header: []apiclient.Field{}, Body: []byte{}, Decoded: []byte{}},
		Sent:     signing.Proof{Canonical: []byte{}, Signature: []byte{}},
		Received: signing.Verdict{Canonical: []byte{}, Signature: []byte{}, Warnings: []signing.Warning{}, Recovered: &signing.Recovered{}},
		Findings: []apiclient.Finding{},
	}
	for _, e := range []apiclient.Exchange{none, empty} {
		same(t, roundTrip(t, e), e)
	}
}

// TestHostileBodies keeps bytes that no text would survive.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for name, body := range map[string][]byte{
		"empty": {}, "NUL": {0}, "every byte": every, "invalid UTF-8": []byte("\xff\xfe{\xc3\x28}"),
		"CRLF at the end": []byte("{}\r\n"), "BOM": []byte("\xef\xbb\xbf{}"), "GBK": []byte("\xd6\xd0\xce\xc4"),
		"20 MB": bytes.Repeat(every, 20<<20/256),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := *answer(exchangeOf(1))
			e.Request.Body, e.Response.Body = body, append([]byte("r"), body...)
			e.Sent.Canonical = append([]byte("POST /x\nc.1."), body...)
			e.Received.Canonical = append(append([]byte("POST /x\nc.1."), e.Response.Body...), "\ntail"...)
			got := roundTrip(t, e)
			if !reflect.DeepEqual(got, e) {
				t.Error("the exchange came back otherwise")
			}
		})
	}
}

// TestBodiesAreKeptOnce: the signed strings quote the bodies.
func TestBodiesAreKeptOnce(t *testing.T) {
	t.Parallel()
	e := answer(exchangeOf(1))
	data, err := encode(e, partsOf(e))
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range [][]byte{e.Request.Body, e.Response.Body} {
		escaped, err := text(body).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, escaped[1:len(escaped)-1]) {
			t.Errorf("the record holds the body %s again: %s", body, data)
		}
	}
}

// FuzzQuote: whatever bodies occur in a string, it comes back.
func FuzzQuote(f *testing.F) {
	body := bytes.Repeat([]byte("x"), quoteFrom)
	f.Add([]byte("head"), body, []byte("tail"), []byte(nil))
	f.Add([]byte{0xff}, []byte("short"), []byte{}, body)
	f.Add(body, body, body, body)
	f.Fuzz(func(t *testing.T, before, body, after, other []byte) {
		whole := append(append(append([]byte{}, before...), body...), after...)
		bodies := parts{requestBody: other, responseDecoded: body}
		if got := quoteOf(whole, bodies).bytes(bodies); !bytes.Equal(got, whole) {
			t.Errorf("%q came back as %q", whole, got)
		}
	})
}
