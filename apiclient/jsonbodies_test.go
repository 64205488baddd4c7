package apiclient

import (
	"bytes"
	"testing"
)

// FuzzQuote: whatever bodies occur in a string, it comes back.
func FuzzQuote(f *testing.F) {
	body := bytes.Repeat([]byte("x"), quoteFrom)
	f.Add([]byte("head"), body, []byte("tail"), []byte(nil))
	f.Add([]byte{0xff}, []byte("short"), []byte{}, body)
	f.Add(body, body, body, body)
	f.Fuzz(func(t *testing.T, before, body, after, other []byte) {
		whole := append(append(append([]byte{}, before...), body...), after...)
		bodies := Bodies{other, 3: body}
		e := Exchange{Request: Message{Body: other}, Response: &Message{Decoded: body}}
		e.Sent.Canonical = whole
		data, err := e.AppendWithout(nil, &bodies)
		if err != nil {
			t.Fatal(err)
		}
		var back Exchange
		if err := back.UnmarshalWith(data, &bodies); err != nil || !bytes.Equal(back.Sent.Canonical, whole) {
			t.Errorf("%q came back as %q, %v", whole, back.Sent.Canonical, err)
		}
	})
}
