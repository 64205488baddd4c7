package request

import (
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
		Draft: apiclient.Draft{Method: d.method, Target: d.target, Callback: d.received, Body: d.editor.Bytes()}}
	for _, name := range slices.Sorted(maps.Keys(d.params)) {
		k.Draft.Params = append(k.Draft.Params, apiclient.Param{Name: name, Value: d.params[name]})
	}
	if d.known {
		k.Draft.Endpoint = d.endpoint.ID
	}
	if d.title != "" {
		k.Original, k.OriginalTarget = d.original, d.began // only the run has them, and runs are deleted
	}
	return k, d.edited()
}

// Restore puts a kept draft back, unless something is typed in its place. It
// reports whether it did. A draft of an endpoint that the catalogue no longer
// has is left out.
func (p *Pane) Restore(k history.Draft, e catalog.Endpoint, known bool) bool {
	if d, ok := p.drafts[k.Key]; ok && d.edited() || !known && k.Title == "" {
		return false
	}
	original := e.Example
	if k.Title != "" {
		original = k.Original
	}
	d := p.draft(original)
	d.endpoint, d.known, d.title, d.method, d.target = e, known, k.Title, k.Draft.Method, k.Draft.Target
	if d.received = k.Draft.Callback; d.callback() && isURL(d.target) {
		p.server = d.target // they come with the newest last
	}
	for _, q := range k.Draft.Params {
		if d.params == nil {
			d.params = map[string]string{}
		}
		d.params[q.Name] = q.Value
	}
	if d.began = k.OriginalTarget; d.began == "" { // an earlier version did not keep it
		d.began = d.target
	}
	d.inFile = k.Base != nil
	d.editor.SetBytes(k.Draft.Body)
	d.editor.SetCursor(k.Cursor)
	p.drafts[k.Key] = d
	if k.Key == p.key {
		p.show(k.Key)
	}
	return true
}

// Return goes to the place that was left: a draft that is there, or an
// endpoint.
func (p *Pane) Return(place history.Place, e catalog.Endpoint, known bool) {
	switch _, ok := p.drafts[place.Key]; {
	case ok && place.Key != "" && place.Key != p.key:
		p.show(place.Key)
	case !ok && known:
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
