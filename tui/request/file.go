package request

import (
	"countersign/apiclient"
	"countersign/apiclient/catalog"
)

// OpenFile opens a request that is in a file: key identifies it, title
// names it. What is written in it stays, unless it is to be fresh.
func (p *Pane) OpenFile(key, title string, endpoint catalog.Endpoint, known bool, as apiclient.Draft, fresh bool) {
	d, ok := p.drafts[key]
	if !ok || fresh {
		if !ok || key != p.key {
			d = p.draft(nil)
		}
		d.original, d.method, d.target, d.began, d.params = as.Body, as.Method, as.Target, as.Target, nil
		if !d.editor.Equal(as.Body) {
			d.editor.SetBytes(as.Body)
		}
		d.judged = judgement{}
	}
	d.endpoint, d.known, d.title, d.inFile = endpoint, known, title, true
	p.drafts[key] = d
	if key != p.key || !ok {
		p.show(key)
		return
	}
	p.form.tree = nil
	p.refit()
}

// Saved says that a draft stands in its file as it was given: it is edited where it
// differs from that.
func (p *Pane) Saved(key string, as apiclient.Draft) {
	d, ok := p.drafts[key]
	if !ok {
		return
	}
	if len(d.params) > 0 { // they stand in the path by now
		d.target, d.params = as.Target, nil
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
