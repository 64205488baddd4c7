package desk

import (
	"reflect"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/history"
	"countersign/tui/files"
	"countersign/tui/services"
)

// Beginning holds what a desk begins with.
type Beginning struct {
	left  services.Left
	first signed // the draft that is shown first
}

// Begin returns what signs the first draft in the background, and then what waits for
// that: so the first full frame already shows what would be signed. What the schema
// says of it comes a moment later: to read a schema takes longer than to sign.
func (d *Desk) Begin() func(*services.Services) func(services.Left) Beginning {
	draft, revision, c := d.Draft(), d.revision, d.catalog
	return func(s *services.Services) func(services.Left) Beginning {
		done := make(chan signed, 1)
		go func() { done <- sign(s, s.Fill, draft, nil, revision) }() // mostly it is the one
		return func(left services.Left) Beginning {
			b := Beginning{left, <-done}
			if first := firstOf(left, c, draft); !reflect.DeepEqual(first, draft) {
				b.first = sign(s, s.Fill, first, nil, revision)
			}
			return b
		}
	}
}

// firstOf is the draft that is shown at the start: of the place that was left, else
// the one that is open.
func firstOf(left services.Left, c *catalog.Catalog, open apiclient.Draft) apiclient.Draft {
	for _, key := range []string{left.Place.Key, open.Endpoint} {
		e, ok := c.ByID(key)
		i := slices.IndexFunc(left.Drafts, func(k history.Draft) bool { return k.Key == key })
		switch {
		case i >= 0 && (ok || left.Drafts[i].Title != ""):
			draft := left.Drafts[i].Draft
			draft.Media, draft.Bodiless = e.Media, e.Bodiless // they are the catalogue's
			return draft
		case ok:
			return apiclient.Draft{Endpoint: e.ID, Method: e.Method, Target: e.Path, Body: e.Example, Media: e.Media,
				Bodiless: e.Bodiless}
		}
	}
	return open
}

// Start puts back what an earlier explorer left; what was typed meanwhile wins. It
// reports whether the place that was left is on the screen.
func (d *Desk) Start(s *services.Services, b Beginning) (cmd tea.Cmd, returned bool) {
	d.Attach(s)
	untouched := d.revision == b.first.revision
	d.restore(b.left.Drafts, untouched)
	if untouched {
		returned = d.returnTo(b.left.Place)
	}
	d.tellReady()
	cmds := []tea.Cmd{b.first.update(d), d.nextPreview()}
	if d.unwritten() { // typed while the history was opened
		cmds = append(cmds, d.SaveSoon())
	}
	return tea.Batch(cmds...), returned
}

// returnTo goes to the place that was left.
func (d *Desk) returnTo(place history.Place) bool {
	e, _ := d.endpoint(place.Key)
	d.request.Return(place, e)
	if at, is := files.PlaceOf(place.Key); is && d.request.Key() != place.Key {
		d.Unopened = at
	}
	d.showChanges()
	e, known := d.request.Endpoint()
	if known {
		d.response.SetEndpoint(e)
	}
	d.saver.place = d.request.Place()
	return known
}

// restore puts back drafts; the open one only where nothing was typed in it.
func (d *Desk) restore(drafts []history.Draft, untouched bool) {
	open := d.request.Key()
	for _, k := range drafts {
		e, _ := d.endpoint(k.Draft.Endpoint)
		typed := k.Key == open && !untouched || k.Key != open && d.changes[k.Key].Count() > 0
		if typed || !d.request.Restore(k, e) {
			continue
		}
		if at, is := files.PlaceOf(k.Key); is && k.Base != nil {
			d.files.Keep(files.Filed{Place: at, Base: *k.Base})
		}
		d.changes[k.Key] = changesOf(k.Draft)
		if k.Key == open {
			d.showChanges()
		}
	}
	d.saver.seen = d.edition()
}

// Switch works with other services. Those of another profile come with what was left
// with it; where left is nil they are of the same. What is typed stays and goes along,
// and what was left comes back, unless something is typed in its place: then that is
// kept there with the next edit.
func (d *Desk) Switch(s *services.Services, left *services.Left) tea.Cmd {
	var cmds []tea.Cmd
	if cmd := d.save(false); cmd != nil { // with the profile that they were typed for
		cmds = append(cmds, cmd)
	}
	d.services = s
	if left != nil {
		cmds = append(cmds, d.bringAlong(left.Drafts))
	}
	d.Attach(s)
	d.preview.underWay = false
	return tea.Batch(append(cmds, d.Changed())...)
}

// bringAlong brings the drafts that are edited to another profile, which has these.
func (d *Desk) bringAlong(theirs []history.Draft) tea.Cmd {
	d.restore(theirs, !d.request.Edited() && d.headers.Changes().Count() == 0)
	left := map[string]bool{}
	for _, k := range theirs {
		left[k.Key] = true
	}
	keys := d.request.EditedKeys()
	for key := range d.changes {
		if d.changesIn(key).Count() > 0 {
			keys = append(keys, key)
		}
	}
	if d.headers.Changed() {
		keys = append(keys, d.request.Key())
	}
	for _, key := range keys {
		if !left[key] {
			d.mark(key)
		}
	}
	if len(d.saver.dirty) == 0 {
		return nil
	}
	return d.SaveSoon()
}
