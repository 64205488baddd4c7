package keymap

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/hint"
)

// Fault says why an action cannot have the keys that somebody wants for it.
type Fault struct {
	ID   ID // the action
	Says string
	hint.Fix
}

func (f *Fault) Error() string { return f.Says }

// Settable reports whether an action's keys can be set: those of the text
// field and ctrl+c mean the same for everybody.
func (a Action) Settable() bool { return !a.Text && a.ID != Interrupt }

// With returns a table in which actions have other keys; none takes the keys of
// an action away. The error is a *Fault: a key that no terminal sends, one
// that is text where text is typed, or one that another action has.
func (t *Table) With(keys map[ID][]string) (*Table, error) {
	actions := slices.Clone(t.actions)
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		i := slices.IndexFunc(actions, func(a Action) bool { return a.ID == id })
		switch {
		case i < 0:
			return nil, &Fault{id, fmt.Sprintf("there is no action %q", id), "config.toml.example lists the actions"}
		case !actions[i].Settable():
			return nil, &Fault{id, fmt.Sprintf("the keys of %s cannot be set", id),
				"remove it: this key means the same for everybody"}
		}
		names := make([]string, len(keys[id]))
		for n, k := range keys[id] {
			name, err := parseKey(k)
			if err != nil {
				err.ID = id
				return nil, err
			}
			names[n] = name
		}
		if (actions[i].Typing || actions[i].Always) && len(names) > 0 &&
			!slices.ContainsFunc(names, func(n string) bool { return !typed(n) }) {
			return nil, &Fault{id, fmt.Sprintf("%s works while text is typed too, where %s is text", id, Spell(names[0])),
				"give it a key with ctrl or alt, or a function key, too"}
		}
		actions[i].Keys = On(names...)
	}
	made, err := New(actions...)
	var c *Conflict
	if errors.As(err, &c) {
		return nil, c.fault(keys)
	}
	if err != nil {
		return nil, err
	}
	if c := made.hides(t, keys); c != nil {
		return nil, c.fault(keys)
	}
	return made, nil
}

// hides finds a key that was set and, in some pane, hides a key
// of everywhere: one of the two would do nothing there.
func (t *Table) hides(before *Table, set map[ID][]string) *Conflict {
	for _, scope := range Scopes {
		if scope == Global || scope == Lists || scope == Sheet { // a box has all keys: it hides none
			continue
		}
		for key, i := range t.byKey[scope] {
			j, both := t.byKey[Global][key]
			if !both {
				continue
			}
			pane, global := t.actions[i], t.actions[j]
			_, a := set[pane.ID]
			_, b := set[global.ID]
			if (a || b) && !before.Has(pane.ID, key) || b && !before.Has(global.ID, key) {
				return &Conflict{key, pane.ID, global.ID}
			}
		}
	}
	return nil
}

// Has reports whether a key is one of an action's.
func (t *Table) Has(id ID, key string) bool {
	a, _ := t.Get(id)
	return slices.Contains(a.Keys.Keys(), key)
}

// fault words a conflict for the one who set the keys.
func (c *Conflict) fault(set map[ID][]string) *Fault {
	mine, other := c.First, c.Second
	if _, ok := set[mine]; !ok {
		mine, other = other, mine
	}
	fix := fmt.Sprintf("choose another key, or give %s another one too", other)
	if _, ok := set[other]; ok {
		fix = "give one of the two another key"
	}
	return &Fault{mine, fmt.Sprintf("the key %s of %s is the key of %s too", Spell(c.Key), mine, other), hint.Fix(fix)}
}

// typed reports whether a key is a character that a person types.
func typed(name string) bool { return utf8.RuneCountInString(name) == 1 }

// named are the keys with names, as Bubble Tea spells them.
var named = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for t := tea.KeyType(-200); t < 200; t++ {
		if t != tea.KeyRunes {
			all[t.String()] = true
		}
	}
	delete(all, "") // of a number that is no key
	return all
})

// aliases are other spellings that people use.
var aliases = map[string]string{
	"space": " ", "escape": "esc", "return": "enter", "del": "delete", "ins": "insert", "page up": "pgup",
	"page down": "pgdown",
	"pageup":    "pgup", "pagedown": "pgdown", "↑": "up", "↓": "down", "←": "left", "→": "right",
}

// same are keys that a terminal cannot tell from others.
var same = map[string]string{"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "esc"}

// parseKey returns a key as Bubble Tea spells it.
func parseKey(s string) (string, *Fault) {
	rest, alt := strings.CutPrefix(s, "alt+")
	if typed(rest) && rest != "" {
		return s, nil
	}
	name := strings.ToLower(rest)
	if a, ok := aliases[name]; ok {
		name = a
	}
	if is, ok := same[name]; ok {
		return "", &Fault{Says: fmt.Sprintf("the key %s is the same as %s in a terminal", s, is),
			Fix: hint.Fix(fmt.Sprintf("write %q, or choose another key", is))}
	}
	if name == "ctrl+c" {
		return "", &Fault{Says: "ctrl+c always stops what is running", Fix: "choose another key"}
	}
	if !named()[name] {
		f := &Fault{Says: fmt.Sprintf("no terminal sends a key %q", s),
			Fix: `write keys like "x", "X", "ctrl+x", "alt+x", "f5", "space", "enter", "shift+tab"`}
		if c, ok := strings.CutPrefix(name, "shift+"); ok && typed(c) {
			f.Fix = hint.Fix(fmt.Sprintf("write %q for %s", strings.ToUpper(c), s))
		}
		return "", f
	}
	if alt {
		name = "alt+" + name
	}
	return name, nil
}
