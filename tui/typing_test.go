package tui

import (
	"testing"

	"countersign/tui/box"
)

// ctrl+a selects all wherever text is typed, so that a paste replaces it.
func TestSelectAllWhereverTextIsTyped(t *testing.T) {
	t.Parallel()
	const text = "pasted"
	for name, c := range map[string]struct {
		open []string
		text func(x *world) string
	}{
		"body":       {[]string{"e"}, func(x *world) string { return string(x.app.draft().Body) }},
		"path":       {[]string{"t"}, func(x *world) string { return x.app.box.(*box.Prompt).Input.Value() }},
		"header":     {[]string{"3", "e"}, func(x *world) string { return x.app.box.(*box.Prompt).Input.Value() }},
		"palette":    {[]string{"ctrl+p", "z"}, func(x *world) string { return x.app.box.(*box.Palette).Input.Value() }},
		"whole text": {[]string{"4", "enter", "/", "z"}, func(x *world) string { return x.app.box.(*box.Sheet).Search.Value() }},
		"told":       {[]string{"d", "p", "z"}, func(x *world) string { return string(x.app.box.(*box.Paste).Editor.Bytes()) }},
	} {
		t.Run(name, func(t *testing.T) {
			x := explore(t, 140, 40)
			x.Key("ctrl+r")
			x.Key(c.open...)
			x.Key("ctrl+a")
			x.Paste(text)
			if got := c.text(x); got != text {
				t.Errorf("the text is %q", got)
			}
		})
	}
	for name, keys := range map[string][]string{
		"filter of endpoints": {"1", "/"}, "search of the answer": {"5", "/"}, "jq": {"5", "|"}, "search of runs": {"6", "/"}, "find": {"2", "/"},
		"filter of fields": {"2", "]", "/"}, "value of a field": {"2", "]", "enter"},
	} {
		t.Run(name, func(t *testing.T) {
			x := explore(t, 140, 40)
			x.Key("ctrl+r")
			x.Key(keys...)
			x.Paste("earlier")
			x.Key("ctrl+a")
			x.Paste(text)
			x.shows(t, text)
			x.lacks(t, "earlier")
		})
	}
}

// What they signed is one thing: what is pasted next takes its place.
func TestToldIsReplaced(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "d")
	x.Paste("one")
	x.Key("enter")
	x.Paste("two")
	if got := string(x.app.box.(*box.Paste).Editor.Bytes()); got != "two" {
		t.Errorf("it is %q", got)
	}
}

// Replacing starts without what replaced the last time; what is found is that
// of the search, or the selection.
func TestReplaceStartsEmpty(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, "one two one")
	x.Key("ctrl+home", "alt+r")
	x.Type("one")
	x.Key("down")
	x.Type("three")
	x.Key("esc", "esc", "e", "alt+r")
	x.lacks(t, "three")
	x.Key("esc", "ctrl+home", "ctrl+shift+right", "alt+r", "down", "enter")
	x.is(t, " two one")
}

// From a search to replacing: the text to find stays, the other field is empty.
func TestReplaceFromFind(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, "one two one")
	x.Key("ctrl+home", "alt+r")
	x.Type("one")
	x.Key("down")
	x.Type("three")
	x.Key("ctrl+f", "alt+r")
	x.shows(t, "find    one")
	x.lacks(t, "three")
}

// Choosing an endpoint ends the filter: the list is whole again.
func TestEnterEndsTheFilterOfEndpoints(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("1", "/")
	x.Type("refund")
	x.lacks(t, "inquiryPayment ")
	x.Key("enter")
	x.shows(t, "inquiryPayment ", "/v1/payments/refund", "5/18")
	x.Key("1", "/")
	x.Type("nothing has this")
	x.Key("enter") // it chooses nothing, so there is nothing to end
	x.shows(t, "nothing has this")
}
