package jsonstream_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"countersign/apiclient/jsonstream"
)

type document struct {
	Text   string
	Binary []byte
	Left   []byte `json:"-"`
	Same   []byte
}

// What is written in pieces is what encoding/json writes at once.
func TestWrite(t *testing.T) {
	t.Parallel()
	wide := strings.Repeat("支付 <&>\u2028\x00\" \\ ", 20_000)
	for name, text := range map[string]string{"wide": wide, "small": "{}", "empty": "", "odd length": wide + "x", "at the limit": strings.Repeat("é", jsonstream.WideFrom/2)} {
		var want, got bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(document{text, []byte(text), []byte(text), []byte(text)}); err != nil {
			t.Fatal(err)
		}
		v := jsonstream.New()
		d := document{Binary: v.Binary([]byte(text)), Left: v.Binary([]byte(text)), Same: v.Binary([]byte(text))}
		d.Text, _ = v.Put([]byte(text))
		if err := v.Write(&got, d); err != nil || !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("%s: %v, %d bytes where %d are due", name, err, got.Len(), want.Len())
		}
	}
	var none *jsonstream.Values
	if text, binary := none.Put([]byte(wide)); text != wide || binary != nil {
		t.Error("nil takes values")
	}
}

// BenchmarkWrite is a content of 32 MB in base64.
func BenchmarkWrite(b *testing.B) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 2<<20)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		v := jsonstream.New()
		if err := v.Write(discard{}, document{Binary: v.Binary(content)}); err != nil {
			b.Fatal(err)
		}
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
