package diagnose_test

import (
	"bytes"
	"strings"
	"testing"

	"countersign/apiclient/diagnose"
)

func TestSpans(t *testing.T) {
	t.Parallel()
	show := func(spans []diagnose.Span) string {
		var b strings.Builder
		for _, s := range spans {
			if s.Same {
				b.WriteString(string(s.Signed))
			} else {
				b.WriteString("[" + string(s.Signed) + "|" + string(s.Expected) + "]")
			}
		}
		return b.String()
	}
	for _, tt := range []struct{ signed, expected, want string }{
		{"", "", ""},
		{"same", "same", "same"},
		{"a", "", "[a|]"},
		{`{"a": 1, "b": 2}`, `{"a":1,"b":2}`, `{"a":[ |]1,[ |]"b":[ |]2}`},
		{"POST /v2/pay", "POST /api/v2/pay", "POST /[|api/]v2/pay"},
		{"x\xff\xfey", "x\xff\xfdy", "x\xff[\xfe|\xfd]y"},
		{"caf\xc3\xa9", "cafe\xcc\x81", "caf[\xc3\xa9|e\xcc\x81]"},
	} {
		if got := show(diagnose.Spans([]byte(tt.signed), []byte(tt.expected))); got != tt.want {
			t.Errorf("%q against %q: %q, want %q", tt.signed, tt.expected, got, tt.want)
		}
	}
}

// FuzzSpans: each byte of both sides is in exactly one span, in order.
func FuzzSpans(f *testing.F) {
	f.Add([]byte("POST /a\n1.2.{}"), []byte("POST /b\n1.2.{ }"))
	f.Add([]byte("\xff\x00"), []byte("\xfe"))
	f.Fuzz(func(t *testing.T, signed, expected []byte) {
		var s, e []byte
		for _, span := range diagnose.Spans(signed, expected) {
			s, e = append(s, span.Signed...), append(e, span.Expected...)
			if span.Same && !bytes.Equal(span.Signed, span.Expected) {
				t.Fatalf("%q and %q are said to be the same", span.Signed, span.Expected)
			}
		}
		if !bytes.Equal(s, signed) || !bytes.Equal(e, expected) {
			t.Fatalf("%q and %q became %q and %q", signed, expected, s, e)
		}
	})
}
