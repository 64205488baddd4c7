package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/expect"
	"countersign/apiclient/requests"
	"countersign/apiclient/suite"
)

// prepareRequest makes a request of a request file, with what the flags change.
func (a *app) prepareRequest(ctx context.Context, arg string, o sendOptions) (d apiclient.Draft, e catalog.Endpoint,
	p apiclient.Profile, expects []*expect.Expectation, err error) {
	file, name, _ := cutRequest(arg)
	f, err := a.requestFile(file)
	if err != nil {
		return d, e, p, nil, err
	}
	r, err := theRequest(f.File, name)
	if err != nil {
		return d, e, p, nil, unreadable(err)
	}
	all, err := a.catalog()
	if err != nil {
		return d, e, p, nil, err
	}
	for _, fault := range f.Check(all) {
		return d, e, p, nil, unreadable(fault)
	}
	a.tellNotRun(f.File)
	if p, err = a.profileFor(ctx, f.ProfileName(r), o.dryRun); err != nil {
		return d, e, p, nil, err
	}
	base := a.resolver(p)
	s := &requests.Session{File: f.File, Read: f.Read, Catalog: all, History: base.Last}
	resolver := s.Resolver(base)
	if d, e, err = s.Draft(ctx, r, resolver); err != nil {
		return d, e, p, nil, unreadable(err)
	}
	if expects, err = s.Expectations(ctx, r, resolver); err != nil {
		return d, e, p, nil, unreadable(err)
	}
	flags := apiclient.Draft{Target: "/"}
	if o.body.set {
		if flags.Body, err = a.readBody(o.body.text, inputBody); err != nil {
			return d, e, p, nil, err
		}
	}
	if flags.Header, flags.Omit, err = parseHeaders(o.headers); err != nil {
		return d, e, p, nil, err
	}
	edits := o.edits
	if !o.noVariable {
		if flags, edits, err = resolver.ExpandDraftAnd(ctx, flags, o.edits...); err != nil {
			return d, e, p, nil, unreadable(err)
		}
	}
	err = override(&d, flags, edits, o)
	return d, e, p, expects, err
}

// theRequest finds the request of a file by its name; without one, the only one
// that there is.
func theRequest(f *requests.File, name string) (*requests.Request, error) {
	if name != "" {
		return f.Find(name)
	}
	switch len(f.Requests) {
	case 1:
		return f.Requests[0], nil
	case 0:
		if err := f.Err(); err != nil {
			return nil, err
		}
		return nil, usage("write one: POST /v2/payments/pay", "%s has no request", f.Name)
	}
	list := &listError{says: fmt.Sprintf("%s has %d requests; name one as %s#NAME:", f.Name, len(f.Requests), f.Name)}
	for i, r := range f.Requests[:min(len(f.Requests), maxListed)] {
		list.lines = append(list.lines, fmt.Sprintf("%s  (line %d, #%d)", r.Label(), r.Line, i+1))
	}
	return nil, list
}

// override makes the changes of the flags.
func override(d *apiclient.Draft, flags apiclient.Draft, edits []string, o sendOptions) error {
	if len(o.params) > 0 {
		return usage("write the value into the file, or as a variable", "--param is for endpoints, not for request files")
	}
	if o.body.set {
		d.Body = flags.Body
	}
	if err := cmp.Or(setMethod(d, o.method), knownTampers(o.tampers)); err != nil {
		return err
	}
	d.Tamper = append(d.Tamper, o.tampers...)
	named := func(f apiclient.Field) bool {
		same := func(g apiclient.Field) bool { return strings.EqualFold(f.Name, g.Name) }
		return slices.ContainsFunc(flags.Header, same) ||
			slices.ContainsFunc(flags.Omit, func(name string) bool { return strings.EqualFold(f.Name, name) })
	}
	d.Header = append(slices.DeleteFunc(slices.Clone(d.Header), named), flags.Header...)
	d.Omit = append(d.Omit, flags.Omit...)
	return setValues(d, edits)
}

// holdExpectations holds expectations against an exchange that was printed; err is
// how it stands by itself.
func (a *app) holdExpectations(ctx context.Context, endpoint catalog.Endpoint, e apiclient.Exchange,
	expects []*expect.Expectation, err error) error {
	var coded *codeError
	if len(expects) == 0 || err != nil && !errors.As(err, &coded) {
		return err
	}
	var failures []suite.Failure
	value, mask := expect.Value(&e, suite.SchemaFaults(endpoint, &e)), a.masking(&e)
	for _, x := range expects {
		if r := x.Check(ctx, value); !r.Holds {
			failures = append(failures, suite.Failure{Kind: suite.Unmet, Says: r.Masked(mask).String()})
		}
	}
	if len(failures) == 0 {
		return err
	}
	return failedExpectations(len(expects), failures, err)
}
