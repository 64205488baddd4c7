package compare

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/redact"
	"countersign/apiclient/signing"
)

func unified(t *testing.T, a, b string) string {
	t.Helper()
	return string(Unified([]Part{{Name: "body", Diff: texts(t, []byte(a), []byte(b), nil, nil)}}, "A", "B"))
}

// What differs in line ends alone must not look the same on both sides.
func TestUnifiedSaysLineEnds(t *testing.T) {
	t.Parallel()
	long := `{"paymentRequestId":"r-1","paymentAmount":{"currency":"USD","value":"10000"},"memo":"x"}`
	for name, c := range map[string]struct{ a, b, says string }{
		"only one line, with its end and without": {"a\n", "a", "\n-a\n+a\n\\ no newline at the end\n"},
		"the other way round":                     {"a", "a\n", "\n-a\n\\ no newline at the end\n+a\n"},
		"of several":                              {"a\nb\n", "a\nb", "\n a\n-b\n+b\n\\ no newline at the end\n"},
		"neither has one":                         {"a", "b", "\n-a\n+b\n"},
		"one goes on after it":                    {"x\ny", "x\ny\nz\n", "\n x\n-y\n\\ no newline at the end\n+y\n+z\n"},
		"a line end between the pieces of a line": {long, strings.Replace(long, `1",`, "1\",\n", 1), "\\ they differ in line ends alone\n"},
	} {
		if got := unified(t, c.a, c.b); !strings.Contains(got, c.says) {
			t.Errorf("%s:\n%s\nhas no %q", name, got, c.says)
		}
	}
	if got := unified(t, "a\nb\n", "a\nc\n"); strings.Contains(got, "\\") {
		t.Errorf("a remark without need:\n%s", got)
	}
}

// The numbers that anchors counts in are shared by all stretches of a
// comparison: what one leaves behind would change the next.
func TestAnchorsLeaveNothing(t *testing.T) {
	t.Parallel()
	a, b := []int{1, 2, 3, 4, 2, 5, 9}, []int{5, 4, 3, 2, 1, 7, 8}
	x := &aligner{ctx: context.Background(), a: a, b: b, seen: make([]places, 10)}
	if got := x.anchors(0, len(a), 0, len(b)); len(got) == 0 {
		t.Fatal("no anchors")
	}
	for n, p := range x.seen {
		if p != (places{}) {
			t.Errorf("%d is counted still: %+v", n, p)
		}
	}
}

// BenchmarkExchanges compares two exchanges with answers of 20 MB: the strings
// that were signed hold the bodies once more.
func BenchmarkExchanges(b *testing.B) {
	for name, c := range sizes(500_000) {
		var both [2]apiclient.Exchange
		for i, body := range c {
			canonical := append([]byte("POST /api/v2/payments/pay\n2188.1682060290199."), body...)
			both[i] = apiclient.Exchange{
				Request:  apiclient.Message{Line: "POST /api/v2/payments/pay HTTP/1.1", Body: []byte("{}")},
				Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: body},
				Received: signing.Verdict{Canonical: bytes.Clone(canonical)},
			}
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Exchanges(context.Background(), &both[0], &both[1], redact.Redactor{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
