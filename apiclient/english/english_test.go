package english

import (
	"strings"
	"testing"
)

func TestCountAndPlural(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"1 run": Count(1, "run"), "0 runs": Count(0, "run"), "2 runs": Count(2, "run"),
		"hypothesis": Plural(1, "hypothesis"), "hypotheses": Plural(7, "hypothesis"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"pay", "pay", 0}, {"pay", "pya", 1}, {"refund", "refnud", 1}, {"payy", "pay", 1},
		{"kitten", "sitting", 3}, {"é", "e", 1}, {strings.Repeat("x", 150), strings.Repeat("x", 300), 0},
	} {
		if got := Distance(c.a, c.b); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"base_url", "client_id", "key_version"}
	for s, want := range map[string]string{"base_ulr": "base_url", "clientid": "client_id", "zzzzzzz": "", "keyversion": "key_version"} {
		if got := Nearest(s, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestClipped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s    string
		most int
		want string
	}{{"abc", 3, "abc"}, {"abcd", 3, "abc…"}, {"aé", 2, "a…"}, {"", 0, ""}} {
		if got := Clipped(c.s, c.most); got != c.want {
			t.Errorf("%q: %q", c.s, got)
		}
	}
}
