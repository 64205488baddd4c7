package catalog

import (
	"net/http"
	"strings"
	"testing"
)

// Every result of every endpoint is explained, with what to do next; so is every
// HTTP status without a result.
func TestEachResultHasAdvice(t *testing.T) {
	t.Parallel()
	c := Builtin()
	for _, e := range c.Endpoints() {
		for _, status := range []string{"S", "F", "U", "A", "", "X"} {
			codes := []string{"", "NEVER_HEARD_OF"}
			for _, k := range e.Codes {
				codes = append(codes, k.Code)
			}
			for _, code := range codes {
				meaning, advice := e.Advice(status, code)
				if meaning == "" || advice == "" {
					t.Errorf("%s %s %s: %q, %q", e.ID, status, code, meaning, advice)
				}
			}
		}
		if _, advice := e.Advice("U", ""); !strings.Contains(advice, "Query") || !strings.Contains(advice, "Do not pay again") {
			t.Errorf("%s U: %q", e.ID, advice)
		}
		for _, l := range e.Links {
			if _, ok := c.Follow(e, l); !ok || l.Description == "" {
				t.Errorf("%s: the link %s leads to nothing: %+v", e.ID, l.Name, l)
			}
		}
	}
	for status := range 600 {
		meaning, advice := HTTPAdvice(status)
		if meaning == "" || advice == "" || status >= 500 && !strings.Contains(advice, "uery") {
			t.Errorf("HTTP %d %s: %q, %q", status, http.StatusText(status), meaning, advice)
		}
	}
}
