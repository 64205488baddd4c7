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
// query, and the values of the headers that it sets. d itself is not changed.
// An error names the part, where it is not the body.
func (r *Resolver) ExpandDraft(ctx context.Context, d apiclient.Draft) (apiclient.Draft, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	run := &expansion{Resolver: r, ctx: ctx}
	body, err := run.expand(d.Body)
	if err != nil {
		return d, err
	}
	d.Body = body
	return run.head(d)
}

// TraceDraft is ExpandDraft for who shows what it does: it says where each
// variable of the body went, and goes on after one that has no value. The
// error is the first, of the body's or of the rest.
func (r *Resolver) TraceDraft(ctx context.Context, d apiclient.Draft) (apiclient.Draft, Expansion, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	run := &expansion{Resolver: r, ctx: ctx}
	x := run.trace(d.Body, false)
	d.Body = x.Text
	d, err := run.head(d)
	if x.Err != nil {
		err = x.Err
	}
	return d, x, err
}

// head replaces the variables of all but the body.
func (x *expansion) head(d apiclient.Draft) (apiclient.Draft, error) {
	target, err := x.expand([]byte(d.Target))
	if err != nil {
		return d, in("the path", err)
	}
	d.Target = string(target)
	d.Params = slices.Clone(d.Params)
	for i, p := range d.Params {
		value, err := x.expand([]byte(p.Value))
		if err != nil {
			return d, in("the parameter "+p.Name, err)
		}
		d.Params[i].Value = string(value)
	}
	d.Header = slices.Clone(d.Header)
	for i, f := range d.Header {
		value, err := x.expand([]byte(f.Value))
		if err != nil {
			return d, in("the header "+f.Name, err)
		}
		d.Header[i].Value = string(value)
	}
	return d, nil
}

// in says in which part of a request a variable has no value.
func in(part string, err error) error {
	var e *Error
	if errors.As(err, &e) {
		return &hint.Error{Says: fmt.Sprintf("%s: the variable %s %s", part, e.written(), e.Says), Fix: e.Hint(), Err: e}
	}
	return err
}
