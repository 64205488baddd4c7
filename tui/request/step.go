package request

import (
	"countersign/apiclient"
	"countersign/apiclient/catalog"
)

// OpenStep opens a request that follows another, filled in from it, as a new
// draft: key identifies it, title names it. What a person has written in it before
// is kept, and so is the draft of the endpoint.
func (p *Pane) OpenStep(key, title string, endpoint catalog.Endpoint, target string, body []byte) {
	p.OpenPasted(key, title, endpoint, true, apiclient.Draft{Method: endpoint.Method, Target: target, Body: body})
}

// OpenPasted opens somebody else's request as a new draft. What a person
// has written in it before is kept.
func (p *Pane) OpenPasted(key, title string, endpoint catalog.Endpoint, known bool, as apiclient.Draft) {
	if d, ok := p.drafts[key]; !ok || !d.edited() {
		d = p.draft(as.Body)
		d.endpoint, d.known, d.title = endpoint, known, title
		d.method, d.target, d.began = as.Method, as.Target, as.Target
		p.drafts[key] = d
	}
	p.show(key)
}
