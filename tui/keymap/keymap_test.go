package keymap

import (
	"strings"
	"testing"
)

func TestDefaultTableHasNoConflicts(t *testing.T) {
	if _, err := New(Actions); err != nil {
		t.Fatal(err)
	}
}

func TestEveryActionIsTold(t *testing.T) {
	seen := map[ID]bool{}
	for _, a := range Actions {
		if seen[a.ID] {
			t.Errorf("%s stands twice", a.ID)
		}
		seen[a.ID] = true
		if a.Long == "" || len(a.Keys) == 0 {
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
	for _, a := range Actions {
		if a.Always && typed(a.Keys[0]) {
			t.Errorf("%s works while typing, yet its first key, %q, is a character", a.ID, a.Keys[0])
		}
		for _, k := range a.Keys {
			if _, found := Default().Lookup(a.Scope, k, true); found && typed(k) {
				t.Errorf("%q does %s while text is typed", k, a.ID)
			}
		}
	}
}

func TestConflictsAreRefused(t *testing.T) {
	for name, actions := range map[string][]Action{
		"same scope":      {{ID: "a", Scope: Runs, Keys: []string{"x"}}, {ID: "b", Scope: Runs, Keys: []string{"x"}}},
		"against always":  {{ID: "a", Scope: Global, Keys: []string{"ctrl+r"}, Always: true}, {ID: "b", Scope: Runs, Keys: []string{"ctrl+r"}}},
		"always, later":   {{ID: "b", Scope: Runs, Keys: []string{"tab"}}, {ID: "a", Scope: Global, Keys: []string{"tab"}, Always: true}},
		"twice by itself": {{ID: "a", Scope: Runs, Keys: []string{"x", "x"}}},
	} {
		if _, err := New(actions); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestLookup(t *testing.T) {
	table := Default()
	for _, c := range []struct {
		scope  Scope
		key    string
		typing bool
		want   ID
	}{
		{Runs, "enter", false, RunsLoad},
		{Endpoints, "enter", false, EndpointsChoose},
		{Runs, "y", false, Copy},
		{Runs, "y", true, ""},
		{Request, "ctrl+r", true, Send},
		{Response, "t", false, ""},
		{Request, "t", false, RequestTarget},
	} {
		got, _ := table.Lookup(c.scope, c.key, c.typing)
		if got.ID != c.want {
			t.Errorf("Lookup(%s, %q, %v) = %q, want %q", c.scope, c.key, c.typing, got.ID, c.want)
		}
	}
}

func TestFooterIsOfThisPaneAndSorted(t *testing.T) {
	last := 0
	for _, a := range Default().Footer(Runs, false) {
		if a.Scope != Runs && a.Scope != Global {
			t.Errorf("%s is in the footer of runs", a.ID)
		}
		if a.Footer < last {
			t.Errorf("%s is out of order", a.ID)
		}
		last = a.Footer
	}
	for _, a := range Default().Footer(Request, true) {
		if !a.Always && !a.Text && !a.Typing {
			t.Errorf("%s is offered while typing", a.ID)
		}
	}
}

func TestSpell(t *testing.T) {
	a := Action{Keys: []string{" ", "up", "ctrl+x"}}
	if got := a.AllKeys(); got != "space ↑ ctrl+x" {
		t.Errorf("AllKeys() = %q", got)
	}
	if got := (Action{}).Key(); got != "" {
		t.Errorf("Key() of nothing = %q", got)
	}
	if strings.TrimSpace(a.Key()) != "space" {
		t.Errorf("Key() = %q", a.Key())
	}
}
