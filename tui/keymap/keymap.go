// Package keymap is the one table of what a person can do in the explorer.
// Dispatch, footer, help, palette and the conflict check
// are all derived from it: a key that is not here does not exist.
package keymap

import (
	"fmt"
	"slices"
	"strings"
)

// ID names an action for good: config files and tests refer to it.
type ID string

// Scope is where an action works. Global actions work everywhere but in
// overlays; a pane's own win over them.
type Scope string

// Scopes, in the order of the panes on the screen.
const (
	Global    Scope = "global"
	Endpoints Scope = "endpoints"
	Request   Scope = "request"
	Headers   Scope = "headers"
	Signature Scope = "signature"
	Response  Scope = "response"
	Runs      Scope = "runs"
	Diagnosis Scope = "diagnosis"
	Compare   Scope = "compare"
)

// Scopes lists all scopes in the order in which help shows them.
var Scopes = []Scope{Endpoints, Request, Fields, Headers, Signature, Response, Runs, Diagnosis, Compare, Sheet, Lists, Global}

// Action is one row of the table.
type Action struct {
	ID    ID
	Scope Scope
	Keys  []string // as Bubble Tea spells them; the first is the one that is shown
	Short string   // for the footer: a word or two
	Long  string   // for help and palette: what it does, as an imperative

	// Footer orders the action in the footer; 0 keeps it out.
	Footer int
	// Always makes the keys that type no character work while a text field has
	// the focus too.
	Always bool
	// Typing makes the keys that type no character work while the pane's text is
	// edited too. The pane looks them up by Typed.
	Typing bool
	// Text marks a key of the text field, which acts on it by itself: the row is
	// here for help and footer.
	Text bool
}

// Table is a set of actions with a quick way from key to action.
type Table struct {
	actions []Action
	byKey   map[Scope]map[string]int
}

// Conflict is a key that two actions claim.
type Conflict struct {
	Key           string
	First, Second ID
}

func (c *Conflict) Error() string {
	return fmt.Sprintf("the key %s is claimed by both %s and %s", c.Key, c.First, c.Second)
}

// New makes a table. It fails with a *Conflict where two actions of one scope,
// or an always-on action and any other, claim the same key.
func New(actions []Action) (*Table, error) {
	t := &Table{actions: actions, byKey: map[Scope]map[string]int{}}
	always := map[string]ID{}
	for _, a := range actions {
		if !a.Always {
			continue
		}
		for _, k := range a.Keys {
			always[k] = a.ID
		}
	}
	for i, a := range actions {
		keys := t.byKey[a.Scope]
		if keys == nil {
			keys = map[string]int{}
			t.byKey[a.Scope] = keys
		}
		for _, k := range a.Keys {
			if j, taken := keys[k]; taken {
				return nil, &Conflict{k, actions[j].ID, a.ID}
			}
			if id, taken := always[k]; taken && id != a.ID {
				return nil, &Conflict{k, id, a.ID}
			}
			keys[k] = i
		}
	}
	return t, nil
}

// Default is the table of Actions. The test of this package holds it free of
// conflicts, so it cannot fail at run time.
func Default() *Table {
	t, err := New(Actions)
	if err != nil {
		panic(err)
	}
	return t
}

// Lookup finds the action of a key: the focused pane's first, then the global
// one. While a person types, only always-on actions count, and only by keys that
// type no character.
func (t *Table) Lookup(scope Scope, key string, typing bool) (Action, bool) {
	for _, s := range scope.chain() {
		i, ok := t.byKey[s][key]
		if ok && !t.actions[i].Text && (!typing || t.actions[i].Always && !typed(key)) {
			return t.actions[i], true
		}
	}
	return Action{}, false
}

// Typed finds the action of a key that is pressed while a pane's text is
// edited. A key that types a character never is one.
func (t *Table) Typed(scope Scope, key string) (Action, bool) {
	i, ok := t.byKey[scope][key]
	if !ok || !t.actions[i].Typing || typed(key) {
		return Action{}, false
	}
	return t.actions[i], true
}

// Get returns the action with this ID.
func (t *Table) Get(id ID) (Action, bool) {
	i := slices.IndexFunc(t.actions, func(a Action) bool { return a.ID == id })
	if i < 0 {
		return Action{}, false
	}
	return t.actions[i], true
}

// In returns the actions of a scope, in the order of the table.
func (t *Table) In(scope Scope) []Action {
	var in []Action
	for _, a := range t.actions {
		if a.Scope == scope {
			in = append(in, a)
		}
	}
	return in
}

// Footer returns what the footer offers for a focused pane, best first.
func (t *Table) Footer(scope Scope, typing bool) []Action {
	var row []Action
	chain := scope.chain()
	for _, a := range t.actions {
		if a.Footer == 0 || !slices.Contains(chain, a.Scope) || t.shadowed(a, chain) || (typing && !a.Always && !a.Text && !a.Typing) || (!typing && a.Text) {
			continue
		}
		row = append(row, a)
	}
	slices.SortStableFunc(row, func(a, b Action) int { return a.Footer - b.Footer })
	return row
}

// shadowed reports whether a scope further in claims an action's key, or has
// text fields of its own where the action belongs to another's.
func (t *Table) shadowed(a Action, chain []Scope) bool {
	inner := chain[:slices.Index(chain, a.Scope)]
	if a.Text && len(inner) > 0 {
		return true
	}
	for _, s := range inner {
		if i, ok := t.byKey[s][firstOf(a.Keys)]; ok && !t.actions[i].Text {
			return true
		}
	}
	return false
}

func firstOf(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return keys[0]
}

// Key spells an action's first key for people.
func (a Action) Key() string {
	if len(a.Keys) == 0 {
		return ""
	}
	return Spell(a.Keys[0])
}

// KeyWhile is Key; while a person types, the first key that types no
// character.
func (a Action) KeyWhile(typing bool) string {
	for _, k := range a.Keys {
		if !typing || !typed(k) {
			return Spell(k)
		}
	}
	return a.Key()
}

// Spell writes a key as people read it: "shift+tab", "space", "↑".
func Spell(key string) string {
	if s, ok := spellings[key]; ok {
		return s
	}
	return key
}

var spellings = map[string]string{
	" ": "space", "up": "↑", "down": "↓", "left": "←", "right": "→",
	"pgup": "page up", "pgdown": "page down",
}

// AllKeys spells all keys of an action, separated by spaces.
func (a Action) AllKeys() string {
	names := make([]string, len(a.Keys))
	for i, k := range a.Keys {
		names[i] = Spell(k)
	}
	return strings.Join(names, " ")
}

// KeyName names the key of an action, or how to do it without one.
func (t *Table) KeyName(id ID) string {
	action, ok := t.Get(id)
	switch {
	case !ok:
		return string(id)
	case len(action.Keys) > 0:
		return action.Key()
	}
	palette, _ := t.Get(Palette)
	return strings.TrimSpace(palette.Key() + " “" + action.Long + "”")
}

// Words puts the names of keys into a text: {send} becomes ctrl+r.
func (t *Table) Words(text string) string {
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(text, "{")
		id, after, closed := strings.Cut(rest, "}")
		if _, known := t.Get(ID(id)); !open || !closed || !known {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(before + t.KeyName(ID(id)))
		text = after
	}
}
