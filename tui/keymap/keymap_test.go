package keymap_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"countersign/tui"
	"countersign/tui/keymap"
)

func TestDefaultTableHasNoConflicts(t *testing.T) {
	if _, err := keymap.New(tui.Keys().All()...); err != nil {
		t.Fatal(err)
	}
}

func TestEveryActionIsTold(t *testing.T) {
	seen := map[keymap.ID]bool{}
	for _, a := range tui.Keys().All() {
		if seen[a.ID] {
			t.Errorf("%s stands twice", a.ID)
		}
		seen[a.ID] = true
		if a.Long == "" || a.Key() == "" {
			t.Errorf("%s has no help or no key", a.ID)
		}
		if a.Footer > 0 && a.Short == "" {
			t.Errorf("%s is in the footer without a word", a.ID)
		}
	}
}

// What works while text is typed has a key that is no text; one that is, is
// text there.
func TestAlwaysKeysAreNeverTyped(t *testing.T) {
	for _, a := range tui.Keys().All() {
		if a.Always && isText(a.Keys.Keys()[0]) {
			t.Errorf("%s works while typing, yet its first key, %q, is a character", a.ID, a.Keys.Keys()[0])
		}
		for _, k := range a.Keys.Keys() {
			if _, found := tui.Keys().Lookup(a.Scope, k, true); found && isText(k) {
				t.Errorf("%q does %s while text is typed", k, a.ID)
			}
		}
	}
}

func TestConflictsAreRefused(t *testing.T) {
	for name, actions := range map[string]keymap.Actions{
		"same scope":      {{ID: "a", Scope: keymap.Runs, Keys: keymap.On("x")}, {ID: "b", Scope: keymap.Runs, Keys: keymap.On("x")}},
		"against always":  {{ID: "a", Scope: keymap.Global, Keys: keymap.On("ctrl+r"), Always: true}, {ID: "b", Scope: keymap.Runs, Keys: keymap.On("ctrl+r")}},
		"always, later":   {{ID: "b", Scope: keymap.Runs, Keys: keymap.On("tab")}, {ID: "a", Scope: keymap.Global, Keys: keymap.On("tab"), Always: true}},
		"twice by itself": {{ID: "a", Scope: keymap.Runs, Keys: keymap.On("x", "x")}},
	} {
		if _, err := keymap.New(actions...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestLookup(t *testing.T) {
	table := tui.Keys()
	for _, c := range []struct {
		scope  keymap.Scope
		key    string
		typing bool
		want   keymap.ID
	}{
		{keymap.Runs, "enter", false, "runs.load"},
		{keymap.Endpoints, "enter", false, "endpoints.choose"},
		{keymap.Runs, "y", false, keymap.Copy},
		{keymap.Runs, "y", true, ""},
		{keymap.Request, "ctrl+r", true, keymap.Send},
		{keymap.Response, "t", false, ""},
		{keymap.Request, "t", false, "request.target"},
	} {
		got, _ := table.Lookup(c.scope, c.key, c.typing)
		if got.ID != c.want {
			t.Errorf("Lookup(%s, %q, %v) = %q, want %q", c.scope, c.key, c.typing, got.ID, c.want)
		}
	}
}

func TestFooterIsOfThisPaneAndSorted(t *testing.T) {
	last := 0
	for _, a := range tui.Keys().Footer(keymap.Runs, false) {
		if a.Scope != keymap.Runs && a.Scope != keymap.Global {
			t.Errorf("%s is in the footer of runs", a.ID)
		}
		if a.Footer < last {
			t.Errorf("%s is out of order", a.ID)
		}
		last = a.Footer
	}
	for _, a := range tui.Keys().Footer(keymap.Request, true) {
		if !a.Always && !a.Text && !a.Typing {
			t.Errorf("%s is offered while typing", a.ID)
		}
	}
}

func TestSpell(t *testing.T) {
	a := keymap.Action{Keys: keymap.On(" ", "up", "ctrl+x")}
	if got := a.AllKeys(); got != "space ↑ ctrl+x" {
		t.Errorf("AllKeys() = %q", got)
	}
	if got := (keymap.Action{}).Key(); got != "" {
		t.Errorf("Key() of nothing = %q", got)
	}
	if strings.TrimSpace(a.Key()) != "space" {
		t.Errorf("Key() = %q", a.Key())
	}
}

func isText(key string) bool { return utf8.RuneCountInString(key) == 1 }
