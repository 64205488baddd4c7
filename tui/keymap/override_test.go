package keymap

import (
	"errors"
	"strings"
	"testing"
)

func TestKeysAreSet(t *testing.T) {
	table, err := Default().With(map[ID][]string{Send: {"ctrl+s", "F5"}, RequestEdit: {"E"}, Zoom: {}})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]ID{"ctrl+s": Send, "f5": Send, "E": RequestEdit} {
		if a, ok := table.Lookup(Request, key, false); !ok || a.ID != want {
			t.Errorf("%s does %q, want %s", key, a.ID, want)
		}
	}
	for _, key := range []string{"ctrl+r", "e", "z"} {
		if a, ok := table.Lookup(Request, key, false); ok {
			t.Errorf("%s still does %s", key, a.ID)
		}
	}
	if a, ok := Default().Lookup(Request, "ctrl+r", false); !ok || a.ID != Send {
		t.Error("the default table changed")
	}
}

func TestKeysThatCannotBeSet(t *testing.T) {
	for name, c := range map[string]struct {
		set  map[ID][]string
		id   ID
		says string
		fix  string
	}{
		"unknown action":     {map[ID][]string{"nonsense": {"x"}}, "nonsense", "no action", "config.toml.example"},
		"no such key":        {map[ID][]string{Send: {"ctrl+enter"}}, Send, `no terminal sends a key "ctrl+enter"`, "f5"},
		"shift and a letter": {map[ID][]string{Zoom: {"shift+x"}}, Zoom, "no terminal sends", `write "X"`},
		"the same as tab":    {map[ID][]string{Zoom: {"ctrl+i"}}, Zoom, "same as tab", "tab"},
		"empty":              {map[ID][]string{Zoom: {""}}, Zoom, "no terminal sends", "write keys like"},
		"text where typed":   {map[ID][]string{Send: {"s"}}, Send, "while text is typed", "ctrl"},
		"only text":          {map[ID][]string{RequestFind: {"?"}}, RequestFind, "works while text is typed too, where ? is text", "too"},
		"ctrl+c":             {map[ID][]string{Zoom: {"ctrl+c"}}, Zoom, "always stops", "another key"},
		"interrupt":          {map[ID][]string{Interrupt: {"x"}}, Interrupt, "cannot be set", "remove"},
		"the text field's":   {map[ID][]string{"edit.word": {"ctrl+u"}}, "edit.word", "cannot be set", "remove"},
		"taken in its pane":  {map[ID][]string{RequestTarget: {"e"}}, RequestTarget, "the key e of request.target is the key of request.edit too", "give request.edit another"},
		"both set":           {map[ID][]string{RequestTarget: {"9"}, RequestEdit: {"9"}}, RequestEdit, "the key 9", "one of the two"},
		"taken everywhere":   {map[ID][]string{RunsLoad: {"ctrl+p"}}, RunsLoad, "is the key of palette too", "give palette another"},
		"hides a global":     {map[ID][]string{RunsLoad: {"q"}}, RunsLoad, "is the key of quit too", "give quit another"},
		"hidden by a pane":   {map[ID][]string{Zoom: {"e"}}, Zoom, "the key e of zoom is the key of", "another one too"},
	} {
		_, err := Default().With(c.set)
		var f *Fault
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
	table, err := Default().With(map[ID][]string{Send: {"f5"}, Zoom: {}})
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
