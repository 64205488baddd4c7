package tuitest

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// View returns the screen with its styles.
func (d *Driver) View() string { return d.model.View() }

// Screen returns the screen as text alone, blanks at line ends cut.
func (d *Driver) Screen() string { return Plain(d.model.View()) }

// Plain takes the styles and the blanks at line ends from a drawn text.
func Plain(view string) string {
	lines := strings.Split(ansi.Strip(view), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// Has fails the test unless the screen shows every one of the texts.
func (d *Driver) Has(texts ...string) {
	d.t.Helper()
	Shows(d.t, d.Screen(), texts...)
}

// Lacks fails the test if the screen shows one of the texts.
func (d *Driver) Lacks(texts ...string) {
	d.t.Helper()
	Lacks(d.t, d.Screen(), texts...)
}

// Shows fails the test unless a screen shows every one of the texts.
func Shows(t testing.TB, screen string, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if !strings.Contains(screen, s) {
			t.Errorf("the screen does not show %q:\n%s", s, screen)
		}
	}
}

// Lacks fails the test if a screen shows one of the texts.
func Lacks(t testing.TB, screen string, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if strings.Contains(screen, s) {
			t.Errorf("the screen shows %q:\n%s", s, screen)
		}
	}
}

// Exact fails the test unless the model draws exactly its screen. Rows that
// were found exact after the last message are not looked at again.
func (d *Driver) Exact(t testing.TB) {
	t.Helper()
	if d.w <= 0 || d.h <= 0 {
		return
	}
	if size := [2]int{d.w, d.h}; size != d.size {
		d.last, d.size = nil, size
	}
	rows := strings.Split(d.model.View(), "\n")
	exactRows(t, rows, d.last, d.w, d.h)
	d.last = rows
}

// Exact fails the test unless a drawn text has exactly w x h cells and no
// control character or escape sequence but those of colours and styles (SGR):
// so nothing in it moves the terminal's cursor.
func Exact(t testing.TB, view string, w, h int) {
	t.Helper()
	if w <= 0 || h <= 0 {
		if view != "" {
			t.Errorf("%d x %d cells have room for nothing, not for %q", w, h, view)
		}
		return
	}
	exactRows(t, strings.Split(view, "\n"), nil, w, h)
}

// exactRows is Exact for the rows that are not the same as before.
func exactRows(t testing.TB, rows, before []string, w, h int) {
	t.Helper()
	if len(rows) != h {
		t.Errorf("%d lines, not %d:\n%s", len(rows), h, Plain(strings.Join(rows, "\n")))
	}
	for i, row := range rows {
		if i < len(before) && row == before[i] {
			continue
		}
		if got := ansi.StringWidth(row); got != w {
			t.Errorf("line %d has %d cells, not %d: %q", i, got, w, row)
		}
		if r, found := control(row); found {
			t.Errorf("line %d has the control character %U: %q", i, r, row)
		}
	}
}

// control finds the first control character of a line but those of SGR
// sequences.
func control(line string) (rune, bool) {
	for i, r := range line {
		switch {
		case r == 0x1b && styles(line[i:]) > 0:
		case r < 0x20, r >= 0x7f && r < 0xa0:
			return r, true
		}
	}
	return 0, false
}

// styles is the length of the SGR sequence that a text begins with; 0 where it
// begins with none. Its parameters are no control characters.
func styles(s string) int {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == ';', c == ':':
		case c == 'm':
			return i + 1
		default:
			return 0
		}
	}
	return 0
}

// Sizes are screens worth trying: tiny, odd, usual, wide, huge.
var Sizes = [][2]int{
	{1, 1}, {2, 2}, {3, 3}, {10, 4}, {39, 11}, {40, 12}, {41, 13}, {60, 20}, {79, 24}, {80, 24}, {80, 43},
	{100, 30}, {120, 40}, {139, 40}, {140, 40}, {141, 41}, {200, 60}, {300, 100},
}
