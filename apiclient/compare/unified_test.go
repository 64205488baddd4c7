package compare

import (
	"strings"
	"testing"
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
