package tui

import (
	"reflect"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/headers"
)

// edition tells one state of the open draft from another.
type edition struct {
	key      string
	revision int // of the body
	target   string
	changes  headers.Changes
}

func (a *App) edition() edition {
	r := a.panes.request
	return edition{r.Key(), r.Revision(), r.Target(), a.panes.headers.Changes()}
}

// notice marks the open draft where it was edited and the message of that is
// still on its way: quitting, or opening another draft, may come before it.
func (a *App) notice() {
	if now := a.edition(); !reflect.DeepEqual(now, a.keeper.seen) {
		a.mark(now.key)
		a.keeper.seen = now
	}
}

func (a *App) mark(key string) {
	if a.keeper.dirty == nil {
		a.keeper.dirty = map[string]bool{}
	}
	a.keeper.dirty[key] = true
	a.keeper.asked = false // that something may be lost was said of less
}

// restoreDrafts puts back drafts; the open one only where nothing was typed in
// it.
func (a *App) restoreDrafts(k keptBefore, untouched bool) {
	if a.desk.changes == nil {
		a.desk.changes = map[string]headers.Changes{}
	}
	open := a.panes.request.Key()
	for _, d := range k.drafts {
		e, known := endpointOf(a.config.Catalog, d.Draft.Endpoint)
		typed := d.Key == open && !untouched || d.Key != open && a.desk.changes[d.Key].Count() > 0
		if typed || !a.panes.request.Restore(d, e, known) {
			continue
		}
		a.desk.changes[d.Key] = headers.Changes{Set: d.Draft.Header, Omit: d.Draft.Omit, Tamper: d.Draft.Tamper}
		if d.Key == open {
			a.takeChanges()
		}
	}
	a.keeper.seen = a.edition()
}

// takeChanges shows what was changed on purpose in the open draft.
func (a *App) takeChanges() {
	c := a.desk.changes[a.panes.request.Key()]
	a.panes.headers.SetChanges(c)
	a.panes.request.SetHeaderChanges(c.Fields())
	a.keeper.seen = a.edition()
}

// moveIn brings the drafts to another profile. What is typed stays and goes
// along, and what was left with that profile comes back, unless something is
// typed in its place: then that is kept there with the next edit.
func (a *App) moveIn(k keptBefore) tea.Cmd {
	a.restoreDrafts(k, !a.panes.request.Edited() && a.panes.headers.Changes().Count() == 0)
	left := map[string]bool{}
	for _, d := range k.drafts {
		left[d.Key] = true
	}
	keys := a.panes.request.EditedKeys()
	for key, c := range a.desk.changes {
		if c.Count() > 0 && key != a.panes.request.Key() {
			keys = append(keys, key)
		}
	}
	if a.panes.headers.Changes().Count() > 0 {
		keys = append(keys, a.panes.request.Key())
	}
	for _, key := range keys {
		if !left[key] {
			a.mark(key)
		}
	}
	if len(a.keeper.dirty) == 0 {
		return nil
	}
	return a.keepSoon()
}
