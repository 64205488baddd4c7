package wire

import (
	"bytes"
	"compress/gzip"
	"testing"
)

// FuzzDecodeBody holds that no content coding gives more than the limit, or
// something from nothing.
func FuzzDecodeBody(f *testing.F) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(bytes.Repeat([]byte("a"), 1000))
	_ = w.Close()
	f.Add("gzip", b.Bytes(), false)
	f.Add("deflate, br", []byte{1, 2, 3}, true)
	f.Fuzz(func(t *testing.T, codings string, body []byte, partial bool) {
		const limit = 1000
		m := Message{Header: []Field{{Name: "Content-Encoding", Value: codings}}, Body: body, Partial: partial}
		decoded, err := DecodeBody(&m, limit)
		if len(decoded) > limit || err != nil && decoded != nil || len(body) == 0 && decoded != nil {
			t.Fatalf("%q: %d bytes, %v", codings, len(decoded), err)
		}
	})
}
