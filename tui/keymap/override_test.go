package keymap_test

import (
	"errors"
	"strings"
	"testing"

	"countersign/tui"
	"countersign/tui/keymap"
)

func TestKeysAreSet(t *testing.T) {
	table, err := tui.Keys().With(map[keymap.ID][]string{keymap.Send: {"f6", "F5"}, "request.edit": {"E"}, keymap.Zoom: {}})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]keymap.ID{"f6": keymap.Send, "f5": keymap.Send, "E": "request.edit"} {
		if a, ok := table.Lookup(keymap.Request, key, false); !ok || a.ID != want {
			t.Errorf("%s does %q, want %s", key, a.ID, want)
		}
	}
	for _, key := range []string{"ctrl+r", "e", "z"} {
		if a, ok := table.Lookup(keymap.Request, key, false); ok {
			t.Errorf("%s still does %s", key, a.ID)
		}
	}
	if a, ok := tui.Keys().Lookup(keymap.Request, "ctrl+r", false); !ok || a.ID != keymap.Send {
		t.Error("the default table changed")
	}
}

func TestKeysThatCannotBeSet(t *testing.T) {
	for name, c := range map[string]struct {
		set  map[keymap.ID][]string
		id   keymap.ID
		says string
		fix  string
	}{
		"unknown action":     {map[keymap.ID][]string{"nonsense": {"x"}}, "nonsense", "no action", "config.toml.example"},
		"no such key":        {map[keymap.ID][]string{keymap.Send: {"ctrl+enter"}}, keymap.Send, `no terminal sends a key "ctrl+enter"`, "f5"},
		"shift and a letter": {map[keymap.ID][]string{keymap.Zoom: {"shift+x"}}, keymap.Zoom, "no terminal sends", `write "X"`},
		"the same as tab":    {map[keymap.ID][]string{keymap.Zoom: {"ctrl+i"}}, keymap.Zoom, "same as tab", "tab"},
		"empty":              {map[keymap.ID][]string{keymap.Zoom: {""}}, keymap.Zoom, "no terminal sends", "write keys like"},
		"text where typed":   {map[keymap.ID][]string{keymap.Send: {"s"}}, keymap.Send, "while text is typed", "ctrl"},
		"only text":          {map[keymap.ID][]string{"request.find": {"?"}}, "request.find", "works while text is typed too, where ? is text", "too"},
		"ctrl+c":             {map[keymap.ID][]string{keymap.Zoom: {"ctrl+c"}}, keymap.Zoom, "always stops", "another key"},
		"interrupt":          {map[keymap.ID][]string{keymap.Interrupt: {"x"}}, keymap.Interrupt, "cannot be set", "remove"},
		"the text field's":   {map[keymap.ID][]string{"edit.word": {"ctrl+u"}}, "edit.word", "cannot be set", "remove"},
		"taken in its pane":  {map[keymap.ID][]string{"request.target": {"e"}}, "request.target", "the key e of request.target is the key of request.edit too", "give request.edit another"},
		"both set":           {map[keymap.ID][]string{"request.target": {"9"}, "request.edit": {"9"}}, "request.edit", "the key 9", "one of the two"},
		"taken everywhere":   {map[keymap.ID][]string{"runs.load": {"ctrl+p"}}, "runs.load", "is the key of palette too", "give palette another"},
		"hides a global":     {map[keymap.ID][]string{"runs.load": {"q"}}, "runs.load", "is the key of quit too", "give quit another"},
		"hidden by a pane":   {map[keymap.ID][]string{keymap.Zoom: {"e"}}, keymap.Zoom, "the key e of zoom is the key of", "another one too"},
	} {
		_, err := tui.Keys().With(c.set)
		var f *keymap.Fault
		if !errors.As(err, &f) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if f.ID != c.id || !strings.Contains(f.Says, c.says) || !strings.Contains(f.Hint(), c.fix) {
			t.Errorf("%s: %s: %s (%s)", name, f.ID, f.Says, f.Fix)
		}
	}
}

func TestWordsNameTheKeysThatAreSet(t *testing.T) {
	table, err := tui.Keys().With(map[keymap.ID][]string{keymap.Send: {"f5"}, keymap.Zoom: {}})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"{send} sends; {cancel} leaves": "f5 sends; esc leaves",
		"{zoom} it":                     "ctrl+p “Give this pane the whole screen, or take it back” it",
		"{unknown} {{uuid}} {":          "{unknown} {{uuid}} {",
		"{":                             "{",
	} {
		if got := table.Words(text); got != want {
			t.Errorf("%q gives %q", text, got)
		}
	}
}
