package tui

import (
	"strings"
	"testing"

	"countersign/tui/keymap"
)

// What countersign help tells is read in the explorer too.
func TestPaletteOpensATopic(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30, func(x *world) {
		x.config.Topics = func(*keymap.Table) []Topic {
			return []Topic{{Name: "variables", Title: "Variables in the body", Text: "THEY WORK\n\n  {{uuid}}  a new one\n"}}
		}
	})
	x.Key("ctrl+p")
	x.Type("help var")
	x.shows(t, "Help: Variables in the body")
	x.Key("enter")
	x.shows(t, "Variables in the body", "THEY WORK", "  {{uuid}}  a new one")
	x.Key("q")
	x.lacks(t, "THEY WORK")
}

// A line of a topic that does not fit is broken between words, and keeps its indent.
func TestTopicOnASmallScreen(t *testing.T) {
	t.Parallel()
	long := "  " + strings.TrimSpace(strings.Repeat("explained ", 12))
	x := explore(t, 60, 20, func(x *world) {
		x.config.Topics = func(*keymap.Table) []Topic { return []Topic{{Name: "a", Title: "Of words", Text: long}} }
	})
	x.Key("ctrl+p")
	x.Type("of words")
	x.Key("enter")
	if n := strings.Count(x.Screen(), "explained"); n != 12 {
		t.Errorf("%d of 12 words are whole", n)
	}
	if n := strings.Count(x.Screen(), "│  explained"); n < 2 {
		t.Errorf("%d lines have the indent:\n%s", n, x.Screen())
	}
}
