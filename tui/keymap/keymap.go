// Package keymap is the table of what a person can do in the explorer, made of
// the rows of the panes and of the root: a row is written where its action is
// done. Dispatch, footer, help, palette, config and the conflict check follow
// from it: a key that is in no row does not exist.
package keymap

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// ID names an action for good: config files and tests refer to it.
type ID string

// Action is one row of the table: what can be done, by which keys, and why it
// cannot be done now.
type Action struct {
	ID    ID
	Scope Scope
	Keys  key.Binding // as Bubble Tea spells them; the first is the one that is shown
	Short string      // for the footer: a word or two
	Long  string      // for help and palette: what it does, as an imperative

	// Do does it. It is called only where Cannot allows it.
	Do func() tea.Cmd
	// Cannot returns why it is not possible now, "" where it is; nil: it always is.
	Cannot func() string
	// Now returns what the footer calls it now; nil: Short.
	Now func() string

	// Footer orders the action in the footer; 0 keeps it out.
	Footer int
	// Always makes the keys that type no character work while a text field has
	// the focus too.
	Always bool
	// Typing makes the keys that type no character work while the pane's text is
	// edited too. The pane looks them up by Typed.
	Typing bool
	// Sends marks what sends a request: it cannot be done while one is under way.
	Sends bool
	// Text marks a key of the text field, which acts on it by itself: the row is
	// here for help and footer.
	Text bool
}

// On binds an action to keys.
func On(keys ...string) key.Binding { return key.NewBinding(key.WithKeys(keys...)) }

// When returns a reason for Cannot where something holds, and "" where it does not.
func When(holds bool, reason string) string {
	if holds {
		return reason
	}
	return ""
}

// Refuses returns why the action is not possible now; "" where it is.
func (a Action) Refuses() string {
	if a.Cannot == nil {
		return ""
	}
	return a.Cannot()
}

// Word returns what the footer calls the action now.
func (a Action) Word() string {
	if a.Now != nil {
		return a.Now()
	}
	return a.Short
}

// Actions are the rows of a pane. A row with the ID of an action that works
// everywhere says what that does in the pane: it has no keys of its own.
type Actions []Action

// In puts rows together as those of a scope, where they name no other.
func In(scope Scope, parts ...Actions) Actions {
	all := slices.Concat(parts...)
	for i := range all {
		all[i].Scope = cmp.Or(all[i].Scope, scope)
	}
	return all
}

// Unless refuses the actions that have no other reason, for the same one.
func (l Actions) Unless(cannot func() string) Actions {
	for i := range l {
		if l[i].Cannot == nil {
			l[i].Cannot = cannot
		}
	}
	return l
}

// Get returns the row of an action.
func (l Actions) Get(id ID) (Action, bool) {
	for i := range l { // rows are large: a screen asks for many of them
		if l[i].ID == id {
			return l[i], true
		}
	}
	return Action{}, false
}

// Act does an action; nothing where there is no such row.
func (l Actions) Act(id ID) tea.Cmd {
	if a, ok := l.Get(id); ok && a.Do != nil {
		return a.Do()
	}
	return nil
}

// Refuses returns why an action is not possible now; "" where it is.
func (l Actions) Refuses(id ID) string {
	a, _ := l.Get(id)
	return a.Refuses()
}

// Table is a set of actions with a quick way from key to action.
type Table struct {
	actions Actions
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

// New makes a table of rows, but for those that have neither keys nor help: they
// are for an action of another row. It fails with a
// *Conflict where two actions of one scope, or an always-on action and any
// other, claim the same key.
func New(actions ...Action) (*Table, error) {
	t := &Table{byKey: map[Scope]map[string]int{}}
	always := map[string]ID{}
	for _, a := range actions {
		if a.Long == "" && a.first() == "" {
			continue
		}
		t.actions = append(t.actions, a)
		for _, k := range a.Keys.Keys() {
			if a.Always {
				always[k] = a.ID
			}
		}
	}
	for i, a := range t.actions {
		keys := t.byKey[a.Scope]
		if keys == nil {
			keys = map[string]int{}
			t.byKey[a.Scope] = keys
		}
		for _, k := range a.Keys.Keys() {
			if j, taken := keys[k]; taken {
				return nil, &Conflict{k, t.actions[j].ID, a.ID}
			}
			if id, taken := always[k]; taken && id != a.ID {
				return nil, &Conflict{k, id, a.ID}
			}
			keys[k] = i
		}
	}
	return t, nil
}

// Bind returns the table of rows that have the keys of this one.
func (t *Table) Bind(rows Actions) *Table {
	for i := range rows {
		if a, ok := t.Get(rows[i].ID); ok && rows[i].Long != "" {
			rows[i].Keys = a.Keys
		}
	}
	bound, err := New(rows...)
	if err != nil {
		return t // it is of other rows
	}
	return bound
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
func (t *Table) Get(id ID) (Action, bool) { return t.actions.Get(id) }

// All returns the actions, in the order of the table.
func (t *Table) All() Actions { return t.actions }

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
		works := !typing && !a.Text || typing && (a.Always || a.Typing || a.Text)
		if works && a.Footer > 0 && slices.Contains(chain, a.Scope) && !t.shadowed(a, chain) {
			row = append(row, a)
		}
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
		if i, ok := t.byKey[s][a.first()]; ok && !t.actions[i].Text {
			return true
		}
	}
	return false
}

func (a Action) first() string {
	if keys := a.Keys.Keys(); len(keys) > 0 {
		return keys[0]
	}
	return ""
}

// Key spells an action's first key for people.
func (a Action) Key() string { return Spell(a.first()) }

// KeyWhile is Key; while a person types, the first key that types no
// character.
func (a Action) KeyWhile(typing bool) string {
	for _, k := range a.Keys.Keys() {
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
	var names []string
	for _, k := range a.Keys.Keys() {
		names = append(names, Spell(k))
	}
	return strings.Join(names, " ")
}

// KeyName names the key of an action, or how to do it without one.
func (t *Table) KeyName(id ID) string {
	action, ok := t.Get(id)
	switch {
	case !ok:
		return string(id)
	case action.first() != "":
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
		known := open && closed
		if known {
			_, known = t.Get(ID(id))
		}
		if !known {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(before + t.KeyName(ID(id)))
		text = after
	}
}
