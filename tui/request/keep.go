package request

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/history"
)

// EditedKeys names the drafts that differ from what they began with.
func (p *Pane) EditedKeys() []string {
	var keys []string
	for key, d := range p.drafts {
		if key != "" && d.edited() {
			keys = append(keys, key)
		}
	}
	return keys
}

// SavedRun reports whether the open draft is a run that was loaded.
func (p *Pane) SavedRun() bool { return strings.HasPrefix(p.key, savedRun) }

// Reopen opens a draft that was open before. It reports whether there is one.
func (p *Pane) Reopen(key string) bool {
	if _, ok := p.drafts[key]; !ok || key == "" {
		return false
	}
	p.show(key)
	return true
}

// Revision changes with every change of the open draft's body.
func (p *Pane) Revision() int { return p.editor.Revision() }

// Turned says that another tab was opened.
type Turned struct{}

// Place is where the person is: the open draft and its tab.
func (p *Pane) Place() history.Place { return history.Place{Key: p.key, Tab: tabs[p.tab]} }

// Keep returns a draft as it is kept for another day, without its headers, and
// whether it differs from what it began with.
func (p *Pane) Keep(key string) (history.Draft, bool) {
	d, ok := p.drafts[key]
	if !ok {
		return history.Draft{Key: key}, false
	}
	_, _, cursor := d.editor.Cursor()
	k := history.Draft{Key: key, Title: d.title, Cursor: cursor,
		Draft: apiclient.Draft{Endpoint: d.endpoint.ID, Method: d.method, Target: d.target, Callback: d.received,
			Body: d.editor.Bytes()}}
	for _, name := range slices.Sorted(maps.Keys(d.params)) {
		k.Draft.Params = append(k.Draft.Params, apiclient.Param{Name: name, Value: d.params[name]})
	}
	if d.title != "" {
		k.Original, k.OriginalTarget = d.original, d.began // only the run has them, and runs are deleted
	}
	return k, d.edited()
}

// Restore puts a kept draft back, unless something is typed in its place. It
// reports whether it did. A draft of an endpoint that the catalogue no longer
// has is left out.
func (p *Pane) Restore(k history.Draft, e catalog.Endpoint) bool {
	if d, ok := p.drafts[k.Key]; ok && d.edited() || e.ID == "" && k.Title == "" {
		return false
	}
	d := p.begin(e, k.Title, k.Draft)
	if d.original = e.Example; k.Title != "" {
		d.original = k.Original
	}
	if d.received = k.Draft.Callback; d.callback() && isURL(d.target) {
		p.server = d.target // they come with the newest last
	}
	for _, q := range k.Draft.Params {
		d.params[q.Name] = q.Value
	}
	d.began = cmp.Or(k.OriginalTarget, d.target) // an earlier version did not keep it
	d.inFile = k.Base != nil
	d.editor.SetCursor(k.Cursor)
	p.drafts[k.Key] = d
	if k.Key == p.key {
		p.show(k.Key)
	}
	return true
}

// Return goes to the place that was left: a draft that is there, or an
// endpoint.
func (p *Pane) Return(place history.Place, e catalog.Endpoint) {
	switch _, ok := p.drafts[place.Key]; {
	case ok && place.Key != "" && place.Key != p.key:
		p.show(place.Key)
	case !ok && e.ID != "":
		p.Open(e)
	case !ok:
		return
	}
	if i := slices.Index(tabs, place.Tab); i >= 0 && place.Key == p.key {
		p.openTab(tab(i))
	}
}

// Cursor returns the place in the body: line and column from 1, and the offset.
func (p *Pane) Cursor() (line, column, offset int) { return p.editor.Cursor() }

// SetBody replaces the body in one step that undo takes back.
func (p *Pane) SetBody(body []byte) { p.editor.Replace(body) }

// Field is the pointer of the field under the cursor of the Fields tab.
func (p *Pane) Field() string {
	if r, ok := p.currentRow(); ok {
		return r.pointer
	}
	return ""
}

// OpenFile opens a request that is in a file: key identifies it, title
// names it. What is written in it stays, unless it is to be fresh.
func (p *Pane) OpenFile(key, title string, endpoint catalog.Endpoint, as apiclient.Draft, fresh bool) {
	d, ok := p.drafts[key]
	switch {
	case !ok || fresh && key != p.key:
		d = p.begin(endpoint, title, as)
	case fresh: // the person is in it
		d.original, d.method, d.target, d.began = as.Body, as.Method, as.Target, as.Target
		clear(d.params)
		if !d.editor.Equal(as.Body) {
			d.editor.SetBytes(as.Body)
		}
		d.judged = judgement{}
	}
	d.endpoint, d.title, d.inFile = endpoint, title, true
	p.drafts[key] = d
	if key != p.key || !ok {
		p.show(key)
	} else {
		p.form.tree = nil
		p.refit()
	}
}

// Saved says that a draft stands in its file as it was given: it is edited where it
// differs from that.
func (p *Pane) Saved(key string, as apiclient.Draft) {
	d, ok := p.drafts[key]
	if !ok {
		return
	}
	if len(d.params) > 0 { // they stand in the path by now
		d.target = as.Target
		clear(d.params)
	}
	d.original, d.began, d.judged = as.Body, as.Target, judgement{}
	p.refit()
}

// Rekey gives a draft another key and title.
func (p *Pane) Rekey(from, to, title string) {
	d, ok := p.drafts[from]
	if !ok {
		return
	}
	d.title = title
	delete(p.drafts, from)
	p.drafts[to] = d
	if p.key == from {
		p.key = to
	}
}

// Drop forgets a draft that is not open.
func (p *Pane) Drop(key string) {
	if key != p.key {
		delete(p.drafts, key)
	}
}

// EditedIn reports whether a draft differs from what it began with.
func (p *Pane) EditedIn(key string) bool {
	d, ok := p.drafts[key]
	return ok && d.edited()
}

// SetUnsaved marks the open draft as one that differs from its file.
func (p *Pane) SetUnsaved(unsaved bool) { p.unsaved = unsaved }
