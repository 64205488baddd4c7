package ui

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"countersign/tui/tuitest"
)

func TestDetectDark(t *testing.T) {
	t.Parallel()
	const white, black = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\", "\x1b]11;rgb:0000/0000/0000\a"
	for _, c := range []struct {
		env, reply string
		err        error
		want       bool
	}{
		{"15;0", white, nil, true},
		{"0;15", black, nil, false},
		{"0;default;15", black, nil, false},
		{"12;8", white, nil, true},
		{"", white, nil, false},
		{"", black, nil, true},
		{"", "\x1b]11;rgb:fa/fb/f0\a\x1b[?62c", nil, false},
		{"", "\x1b]11;rgba:1e1e/1e1e/2e2e/ffff\x1b\\", nil, true},
		{"", "\x1b]11;rgb:zz/00/00\a", nil, true},
		{"", "\x1b]11;rgb:ffff\a", nil, true},
		{"", "\x1b[?62c", nil, true},
		{"", white, errors.New("silent"), true},
		{"15;default", white, nil, false},
		{"nonsense", white, nil, false},
		{"15;99", black, nil, true},
	} {
		got := DetectDark(func(string) string { return c.env }, func(limit time.Duration) (string, error) {
			tuitest.Must(t, "limit", limit, 150*time.Millisecond)
			return c.reply, c.err
		})
		tuitest.Must(t, c.env+" "+c.reply, got, c.want)
	}
	tuitest.Must(t, "no query", DetectDark(func(string) string { return "" }, nil), true)
}

// terminal is the other side of a pty that answers, or not.
func terminal(t *testing.T, answer string) (query func(time.Duration) (string, error), asked <-chan string) {
	t.Helper()
	outer, inner, err := pty.Open()
	if err != nil {
		t.Fatalf("a pty is needed: %v", err)
	}
	t.Cleanup(func() { _ = outer.Close(); _ = inner.Close() })
	got := make(chan string, 1)
	go func() {
		buf := make([]byte, len("\x1b]11;?\x1b\\\x1b[c"))
		if _, err := io.ReadFull(outer, buf); err != nil {
			return
		}
		got <- string(buf)
		_, _ = io.WriteString(outer, answer)
	}()
	return func(limit time.Duration) (string, error) { return queryTTY(inner, limit) }, got
}

func TestQueryAnswered(t *testing.T) {
	t.Parallel()
	query, asked := terminal(t, "\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;22c")
	reply, err := query(10 * time.Second)
	tuitest.Must(t, "error", err, nil)
	tuitest.Must(t, "question", <-asked, "\x1b]11;?\x1b\\\x1b[c")
	dark, ok := darkByReply(reply)
	tuitest.Must(t, "understood", ok, true)
	tuitest.Must(t, "dark", dark, false)
}

// A terminal that knows no colours still ends the wait at once.
func TestQueryNotKnown(t *testing.T) {
	t.Parallel()
	query, _ := terminal(t, "\x1b[?1;2c")
	reply, err := query(10 * time.Minute)
	tuitest.Must(t, "error", err, nil)
	if _, ok := darkByReply(reply); ok {
		t.Errorf("a colour in %q", reply)
	}
}

func TestQuerySilent(t *testing.T) {
	t.Parallel()
	query, asked := terminal(t, "")
	_, err := query(20 * time.Millisecond)
	if !errors.Is(err, errNoAnswer) {
		t.Errorf("a silent terminal: %v", err)
	}
	if q := <-asked; !strings.HasPrefix(q, "\x1b]11;?") {
		t.Errorf("asked %q", q)
	}
}
