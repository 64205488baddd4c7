package history

import (
	"bytes"
	"context"
	"crypto"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// ours are fields whose text is made here, so that it is UTF-8.
var ours = []string{"Cause", "Causes", "Tampered", "SentKey", "ID"}

// fill sets everything below v to a value that occurs nowhere else.
func fill(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d \x00\xff\u2028<&>", *n))
		if v.Type() != reflect.TypeFor[string]() { // names of ours, such as an outcome
			v.SetString(fmt.Sprintf("text %d \x00\u2028<&>", *n))
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint:
		v.SetUint(uint64(*n)%uint64(crypto.BLAKE2b_512) + 1) // a crypto.Hash
	case reflect.Uint8:
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
			if slices.Contains(ours, v.Type().Field(i).Name) {
				v.Field(i).Set(asUTF8(v.Field(i)))
			}
		}
	default:
		t.Fatalf("an Exchange has a %s: teach fill about it", v.Kind())
	}
}

func asUTF8(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.String {
		return reflect.ValueOf(strings.ToValidUTF8(v.String(), "?"))
	}
	list := slices.Clone(v.Interface().([]string))
	for i := range list {
		list[i] = strings.ToValidUTF8(list[i], "?")
	}
	return reflect.ValueOf(list)
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

// A body that is empty is not one that is not there.
func TestNilAndEmptyComeBack(t *testing.T) {
	t.Parallel()
	none := apiclient.Exchange{ID: idOf(1)}
	empty := apiclient.Exchange{
		ID:       idOf(2),
		Request:  apiclient.Message{Head: []byte{}, Body: []byte{}, Decoded: []byte{}},
		Response: &apiclient.Message{Body: []byte{}, Decoded: []byte{}},
		Sent:     signing.Proof{Signature: []byte{}},
		Received: signing.Verdict{Status: signing.Unsigned, Signature: []byte{}, Recovered: &signing.Recovered{}},
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
		"pieces": bytes.Repeat(every, 2*pieceSize/256),
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
	r, err := newRow(answer(exchangeOf(1)))
	if err != nil {
		t.Fatal(err)
	}
	record, err := unpack(r.record)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range [][]byte{answer(exchangeOf(1)).Request.Body, answer(exchangeOf(1)).Response.Body} {
		escaped, err := apiclient.Text(body).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(record, escaped); n != 1 {
			t.Errorf("the record holds the body %s %d times: %s", body, n, record)
		}
	}
}

// TestDamagedRecordIsRefused: no more memory is taken than a record may need.
func TestDamagedRecordIsRefused(t *testing.T) {
	t.Parallel()
	r, err := newRow(answer(exchangeOf(1)))
	if err != nil {
		t.Fatal(err)
	}
	for name, packed := range map[string][]byte{
		"empty": {}, "cut": r.record[:len(r.record)/2], "too large": {0xff, 0xff, 0xff, 0xff, 0x0f, 0}, "no JSON": pack([]byte("{")),
	} {
		if _, err := decode(packed, apiclient.Bodies{}); err == nil {
			t.Errorf("%s: it is read", name)
		}
	}
}
