package request

import "countersign/apiclient/catalog"

// OpenStep opens a request that follows another, filled in from it, as a draft
// of its own: key tells it from others, title names it. What a person has
// written in it before is kept, and so is the endpoint's own draft.
func (p *Pane) OpenStep(key, title string, endpoint catalog.Endpoint, target string, body []byte) {
	if d, ok := p.drafts[key]; !ok || !d.edited() {
		d = p.draft(body)
		d.endpoint, d.known, d.title = endpoint, true, title
		d.method, d.target, d.began = endpoint.Method, target, target
		p.drafts[key] = d
	}
	p.show(key)
}
