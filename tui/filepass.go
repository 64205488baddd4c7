package tui

import (
	"context"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/redact"
	"countersign/apiclient/requests"
	"countersign/apiclient/variables"
	"countersign/apiclient/workspace"
	"countersign/tui/ui"
)

// pass is what has been sent of a file so far: its values go on to the next
// request.
type pass struct {
	file     *workspace.File
	session  *requests.Session
	resolver *variables.Resolver
	sent     map[string]bool // requests of this pass, by ID
}

// pass returns the values of a file; they begin again where the file has changed.
func (a *App) pass(file *workspace.File) *pass {
	if p := a.files.passes[file.Path]; p != nil && p.file.File == file.File {
		return p
	}
	p := &pass{file: file, sent: map[string]bool{}, session: &requests.Session{
		File: file.File, Read: a.files.space.Bodies(file.Path), Catalog: a.config.Catalog, History: a.services.Resolver.Last}}
	p.resolver = p.session.Resolver(a.services.Resolver)
	if a.files.passes == nil {
		a.files.passes = map[string]*pass{}
	}
	a.files.passes[file.Path] = p
	return p
}

// variables lists the variables that can be written in the open draft: those of
// its file first.
func (a *App) variables() func(context.Context, string) ([]variables.Known, error) {
	all := a.services.Variables
	f := a.openFile()
	if all == nil || f == nil {
		return all
	}
	file := a.files.snapshot.Find(f.path)
	if file == nil {
		return all
	}
	return func(ctx context.Context, of string) ([]variables.Known, error) {
		list, err := all(ctx, of)
		if of != "" {
			return list, err
		}
		return append(variablesOf(file.File), list...), err
	}
}

// variablesOf lists the variables that a file sets, itself and by its answers.
func variablesOf(f *requests.File) []variables.Known {
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

// expander fills in the variables of a draft.
type expander func(ctx context.Context, d apiclient.Draft) (apiclient.Draft, variables.Expansion, error)

// expand fills in the variables of the open draft: those of its file too.
func (a *App) expander() expander {
	f := a.openFile()
	if f == nil {
		return a.services.trace
	}
	file := a.files.snapshot.Find(f.path)
	if file == nil {
		return a.services.trace
	}
	return a.pass(file).expand
}

func (p *pass) expand(ctx context.Context, d apiclient.Draft) (apiclient.Draft, variables.Expansion, error) {
	d, x, err := p.resolver.TraceDraft(ctx, d)
	if err == nil && !d.Callback {
		d.Target, d.Header, err = requests.Below(p.resolver.Profile, d.Target, d.Header)
	}
	return d, x, err
}

// begin notes that a request is sent: where it was sent before in this pass,
// another one begins.
func (p *pass) begin(id string) {
	if p.sent[id] {
		p.session.Renew()
		clear(p.sent)
	}
	p.sent[id] = true
}
