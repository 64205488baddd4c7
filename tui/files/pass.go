package files

import (
	"context"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/redact"
	"countersign/apiclient/requests"
	"countersign/apiclient/variables"
	"countersign/apiclient/workspace"
	"countersign/tui/ui"
)

// Pass is what has been sent of a file so far: its values go on to the next
// request.
type Pass struct {
	file     *workspace.File
	session  *requests.Session
	resolver *variables.Resolver
	sent     map[string]bool // requests of this pass, by ID
}

// Pass returns the values of a file; they begin again where the file has changed.
func (f *Files) Pass(file *workspace.File) *Pass {
	if p := f.passes[file.Path]; p != nil && p.file.File == file.File {
		return p
	}
	p := &Pass{file: file, sent: map[string]bool{}, session: &requests.Session{
		File: file.File, Read: f.Space.Bodies(file.Path), Catalog: f.catalog, History: f.resolver.Last}}
	p.resolver = p.session.Resolver(f.resolver)
	if f.passes == nil {
		f.passes = map[string]*Pass{}
	}
	f.passes[file.Path] = p
	return p
}

// Endpoint returns the endpoint of a request, where the catalogue has it.
func (p *Pass) Endpoint(ctx context.Context, r *requests.Request) (catalog.Endpoint, bool) {
	return p.session.Endpoint(ctx, r, p.resolver.Fresh())
}

// Variables lists the variables that a file sets, itself and by its answers.
func Variables(f *requests.File) []variables.Known {
	var list []variables.Known
	for _, v := range f.Variables {
		k := variables.Known{Name: v.Name, Value: ui.Truncate(v.Value, longestKnown)}
		if redact.Secret(v.Name) {
			k.Value, k.Note = "", "of this file, secret"
		}
		list = append(list, k)
	}
	for _, r := range f.Requests {
		for _, s := range r.Get("set") {
			if name, _, ok := strings.Cut(s, "="); ok {
				list = append(list, variables.Known{Name: strings.TrimSpace(name), Note: "from the answer of " + r.Label()})
			}
		}
	}
	return list
}

// longestKnown is how much of a variable's value is offered, in cells.
const longestKnown = 100

// Expand fills in the variables of a draft: those of its file too.
func (p *Pass) Expand(ctx context.Context, d apiclient.Draft) (apiclient.Draft, variables.Expansion, error) {
	d, x, err := p.resolver.TraceDraft(ctx, d)
	if err == nil && !d.Callback {
		d.Target, d.Header, err = requests.Below(p.resolver.Profile, d.Target, d.Header)
	}
	return d, x, err
}

// Begin notes that a request is sent: where it was sent before in this pass,
// another one begins.
func (p *Pass) Begin(id string) {
	if p.sent[id] {
		p.session.Renew()
		clear(p.sent)
	}
	p.sent[id] = true
}

// Took keeps what the answer of a request gives to the next ones of the file.
func (p *Pass) Took(ctx context.Context, r *requests.Request, e *apiclient.Exchange) {
	p.resolver.Renew()
	if e.Response != nil {
		_ = p.session.Took(ctx, r, e, p.resolver) // a value that is not there is missed where it is used
	}
}
