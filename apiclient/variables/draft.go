package variables

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"countersign/apiclient"
	"countersign/apiclient/hint"
)

// ExpandDraft replaces the variables of a request: in its body, its path and
// query, its parameters, and the values of the headers that it sets. In a form the
// values are percent-encoded. d itself is not changed. An error names the part,
// where it is not the body.
func (r *Resolver) ExpandDraft(ctx context.Context, d apiclient.Draft) (apiclient.Draft, error) {
	d, _, err := r.ExpandDraftAnd(ctx, d)
	return d, err
}

// ExpandDraftAnd is ExpandDraft with further texts of the same request.
func (r *Resolver) ExpandDraftAnd(ctx context.Context, d apiclient.Draft, texts ...string) (apiclient.Draft, []string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	run := &expansion{Resolver: r, ctx: ctx}
	x := run.body(d, true)
	if x.Err != nil {
		return d, nil, x.Err
	}
	d.Body = x.Text
	d, err := run.head(d)
	more := make([]string, len(texts))
	for i, text := range texts {
		if err == nil {
			var out []byte
			out, err = run.expand([]byte(text))
			more[i] = string(out)
		}
	}
	return d, more, err
}

// LiteralDraft returns a request that went out once as a draft of which nothing is a
// template: expanded, it is that again.
func LiteralDraft(d apiclient.Draft) apiclient.Draft {
	d.Target, d.Body, d.Header = string(Literal([]byte(d.Target))), Literal(d.Body), slices.Clone(d.Header)
	for i, f := range d.Header {
		d.Header[i].Value = string(Literal([]byte(f.Value)))
	}
	return d
}

// body replaces the variables of a request's body.
func (x *expansion) body(d apiclient.Draft, stop bool) Expansion {
	x.form = d.Media == apiclient.MediaForm
	defer func() { x.form = false }()
	return x.trace(d.Body, stop)
}

// TraceDraft is ExpandDraft for who shows what it does: it says where each
// variable of the body went, and goes on after one that has no value. The
// error is the first, of the body's or of the rest.
func (r *Resolver) TraceDraft(ctx context.Context, d apiclient.Draft) (apiclient.Draft, Expansion, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	run := &expansion{Resolver: r, ctx: ctx}
	x := run.body(d, false)
	d.Body = x.Text
	d, err := run.head(d)
	if x.Err != nil {
		err = x.Err
	}
	return d, x, err
}

// head replaces the variables of all but the body.
func (x *expansion) head(d apiclient.Draft) (apiclient.Draft, error) {
	d.Params, d.Header = slices.Clone(d.Params), slices.Clone(d.Header)
	var first error
	replace := func(part string, text *string) {
		if first != nil {
			return
		}
		value, err := x.expand([]byte(*text))
		if err != nil {
			first = in(part, err)
			return
		}
		*text = string(value)
	}
	replace("the path", &d.Target)
	for i := range d.Params {
		replace("the parameter "+d.Params[i].Name, &d.Params[i].Value)
	}
	for i := range d.Header {
		replace("the header "+d.Header[i].Name, &d.Header[i].Value)
	}
	return d, first
}

// in says in which part of a request a variable has no value.
func in(part string, err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		e.Part = part
		return &hint.Error{Says: fmt.Sprintf("%s: the variable %s %s", part, e.written(), e.Says), Fix: e.Hint(), Err: e}
	}
	return err
}
