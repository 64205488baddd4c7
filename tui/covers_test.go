package tui

import (
	"testing"

	"countersign/tui/box"
	"countersign/tui/keymap"
	"countersign/tui/layout"
)

// q closes what covers the screen, one thing at a time, and then quits.
func TestQuitClosesWhatCoversFirst(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		open []string
		back keymap.Scope
	}{
		"diagnosis":        {[]string{"ctrl+r", "4", "d"}, keymap.Signature},
		"comparison":       {[]string{"ctrl+r", "ctrl+r", "6", "c"}, keymap.Runs},
		"zoom":             {[]string{"z"}, keymap.Request},
		"a whole text":     {[]string{"ctrl+r", "4", "enter"}, keymap.Signature},
		"help":             {[]string{"?"}, keymap.Request},
		"a box of choices": {[]string{"3", "s"}, keymap.Headers},
	} {
		t.Run(name, func(t *testing.T) {
			x := explore(t, 140, 40)
			x.Key(c.open...)
			x.Key("q")
			if x.Quit() || x.app.box != nil || layout.Covers(x.app.focus) || x.app.zoomed || x.app.focus != c.back {
				t.Fatalf("quit %v, box %T, focus %s, zoomed %v", x.Quit(), x.app.box, x.app.focus, x.app.zoomed)
			}
			if x.Key("q"); !x.Quit() {
				t.Error("the second q does not quit")
			}
		})
	}
}

// A zoom that makes no difference on a narrow screen costs no key.
func TestQuitOnANarrowScreen(t *testing.T) {
	t.Parallel()
	x := explore(t, 60, 20)
	x.Key("z", "q")
	if !x.Quit() {
		t.Error("q did not quit")
	}
}

// : opens the palette wherever no text is typed.
func TestColonOpensThePalette(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{
		"endpoints": {"1"}, "request": {"2"}, "fields": {"2", "]"}, "headers": {"3"}, "signature": {"4"}, "response": {"5"}, "runs": {"6"},
		"diagnosis": {"d"}, "comparison": {"ctrl+r", "6", "c"}, "a whole text": {"4", "enter"}, "help": {"?"}, "a box of choices": {"3", "s"},
	} {
		t.Run(name, func(t *testing.T) {
			x := explore(t, 140, 40)
			x.Key("ctrl+r")
			x.Key(keys...)
			x.Key(":")
			p, open := x.app.box.(*box.Palette)
			if !open {
				t.Fatalf("it opened a %T", x.app.box)
			}
			x.Type(":") // here it is text
			if x.app.box != box.Box(p) || p.Input.Value() != ":" {
				t.Errorf("the palette has %q", p.Input.Value())
			}
		})
	}
}

func TestColonIsTextWhereTextIsTyped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		keys []string
		text func(x *world) string // nil: it is not looked at
	}{
		"body":           {[]string{"e"}, func(x *world) string { return string(x.app.draft().Body[:1]) }},
		"prompt":         {[]string{"t", "ctrl+a"}, func(x *world) string { return x.app.box.(*box.Prompt).Input.Value() }},
		"find":           {[]string{"/"}, nil},
		"search of runs": {[]string{"6", "/"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			x := explore(t, 140, 40)
			x.Key(c.keys...)
			x.Key(":")
			if _, open := x.app.box.(*box.Palette); open {
				t.Fatal("it opened the palette")
			}
			if c.text == nil {
				return
			}
			if got := c.text(x); got != ":" {
				t.Errorf("the text is %q", got)
			}
		})
	}
}

// A question stands until it is answered.
func TestColonAnswersNoQuestion(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) { x.profile.Confirm = true })
	x.Key("ctrl+r", ":")
	x.shows(t, "y yes")
}
