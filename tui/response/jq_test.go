package response

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestJQ(t *testing.T) {
	t.Parallel()
	const body = `{"id":12345678901234567890123,"amount":10.00,"big":1e2,"items":[{"n":1},{"n":2.50}],"s":"<ü\u0001>"}`
	for _, c := range []struct{ query, text, err string }{
		{".id", "12345678901234567890123", ""},
		{".amount, .big", "10.00\n1e2", ""},
		{".items[].n", "1\n2.50", ""},
		{".items | length", "2", ""},
		{".id + 1", "12345678901234567890124", ""},
		{"{amount}", "{\n  \"amount\": 10.00\n}", ""},
		{".s", `"<ü\u0001>"`, ""},
		{"empty", "", ""},
		{".items[", "", "it is not complete"},
		{".a | )", "", `")" is not expected at column 6`},
		{"nosuch", "", "function not defined: nosuch/0"},
		{".s.x", "", `expected an object but got: string ("<ü\u0001>")`},
		{".items[].n, error(\"no\")", "1\n2.50", "error: no"},
		{"$ENV | length", "0", ""},
		{"input", "", "input(s)/0 is not allowed"},
		{`import "x" as x; .`, "", `cannot load module: "x"`},
	} {
		got := jqUsual.jq(context.Background(), c.query, []byte(body))
		if string(got.text) != c.text || got.err != c.err {
			t.Errorf("%s: %q, %q", c.query, got.text, got.err)
		}
	}
	if got := jqUsual.jq(context.Background(), ".", []byte(`{"a":1} {`)); !strings.HasPrefix(got.err, "the body is not JSON") {
		t.Errorf("two values: %q", got.err)
	}
}

// Filters without an end are stopped: by their results, by memory, by the person.
func TestJQIsBounded(t *testing.T) {
	t.Parallel()
	if got := jqUsual.jq(context.Background(), "repeat(.)", []byte("1")); got.note == "" || got.results != jqUsual.results {
		t.Errorf("repeat: %d results, %q", got.results, got.note)
	}
	small := jqUsual
	small.Memory = 32 << 20 // the race detector takes long to fill the usual one
	if got := small.jq(context.Background(), "[range(1e9)]", []byte("1")); got.err != "it was stopped: it took more than 32 MB of memory" {
		t.Errorf("a large list: %q", got.err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	got := jqUsual.jq(ctx, "last(range(1e12))", []byte("1"))
	if time.Since(begun) > 5*time.Second || got.err == "" {
		t.Errorf("not cancelled: %q", got.err)
	}
}
