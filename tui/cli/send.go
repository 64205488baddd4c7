package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/expect"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/wire"
)

type sendOptions struct {
	body       given
	headers    []string
	edits      []string
	method     string
	dryRun     bool
	noSave     bool
	noVariable bool
	yes        bool
	force      bool
	tampers    []string
	params     []string
	expect     []string
}

func (a *app) sendCommand() *cobra.Command {
	var o sendOptions
	cmd := &cobra.Command{
		Use: "send ENDPOINT|FILE.http[#NAME]", Short: "Sign, send, verify and save a request",
		Args: func(cmd *cobra.Command, list []string) error {
			if len(list) == 0 && slices.Contains(o.tampers, "list") {
				return nil
			}
			return args(1, 1, "one ENDPOINT, such as payments/pay, or FILE.http#NAME")(cmd, list)
		},
		ValidArgsFunction: a.completeEndpoints,
		RunE: func(cmd *cobra.Command, args []string) error {
			if slices.Contains(o.tampers, "list") {
				return a.listTampers()
			}
			return a.send(cmd.Context(), args[0], o)
		},
	}
	f := cmd.Flags()
	f.VarP(&o.body, "data", "d", "send this `BODY`, @FILE, or - for stdin")
	f.StringArrayVarP(&o.headers, "header", "H", nil, "set a header `'K: V'`; 'K:' leaves it out")
	f.StringArrayVar(&o.edits, "set", nil, "set one value of the body: `path=text` or path:=json; a field of a form: "+
		"name=text")
	f.StringArrayVar(&o.params, "param", nil, "a parameter of the path, the query, or a header, as `NAME=value`; "+
		"repeatable")
	f.StringVarP(&o.method, "method", "X", "", "use this `METHOD` instead of the endpoint's")
	f.BoolVar(&o.dryRun, "dry-run", false, "show what would be sent, and send nothing")
	f.BoolVar(&o.noSave, "no-save", false, "do not keep the run in the history")
	f.BoolVar(&o.noVariable, "no-variables", false, "leave {{…}} as it is")
	f.StringArrayVar(&o.tampers, "tamper", nil, "make it wrong on purpose in the way of that `NAME`; list names them; "+
		"repeatable")
	complete(cmd, "tamper", completeTampers)
	f.StringArrayVar(&o.expect, "expect", nil, "expect this of the answer, a `JQ` expression; repeatable")
	f.BoolVar(&o.force, "force", false, "send the body even where it holds a private key")
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask, even where the profile has confirm = true")
	return cmd
}

func (a *app) send(ctx context.Context, endpoint string, o sendOptions) error {
	// What takes longest starts first: most commands end before they need it.
	if !o.dryRun && !o.noSave {
		go func() { _, _ = a.store() }()
	}
	go func() { _, _ = a.material() }()
	go catalog.Builtin()
	expects, err := compileExpectations(o.expect)
	if err != nil {
		return err
	}
	prepare := a.prepare
	if _, _, ok := cutRequest(endpoint); ok {
		prepare = a.prepareRequest
	}
	draft, found, p, own, err := prepare(ctx, endpoint, o)
	if err != nil {
		return err
	}
	expects = append(own, expects...)
	if err := refuseKey(draft.Body, o.force); err != nil {
		return err
	}
	// The schema is compared while the request is under way, unless a person is
	// about to decide whether to send it.
	faults := sync.OnceValue(func() []string { return a.faults(p, found, draft) })
	go faults()
	if o.dryRun || p.Confirm {
		a.warnAll(faults())
	}
	if o.dryRun {
		return a.preview(p, draft)
	}
	if err := a.confirm(ctx, p, o.yes); err != nil {
		return err
	}
	client, err := a.client(p, o.noSave)
	if err != nil {
		return err
	}
	done := a.waiting("waiting for " + p.BaseURL)
	e := client.Send(ctx, draft, apiclient.FromCLI)
	done()
	if e.Request.Line == "" {
		return unsendable(p, failed(e.Hint, "%s", e.Err))
	}
	if !p.Confirm {
		a.warnAll(faults())
	}
	err = a.printSent(found, e, o.noSave)
	return a.holdExpectations(ctx, found, e, expects, err)
}

// prepare makes the request of an endpoint, its variables replaced.
func (a *app) prepare(ctx context.Context, endpoint string, o sendOptions) (apiclient.Draft, catalog.Endpoint,
	apiclient.Profile, []*expect.Expectation, error) {
	draft, found, err := a.draft(endpoint, o)
	if err != nil {
		return draft, found, apiclient.Profile{}, nil, err
	}
	p, err := a.profileFor(ctx, "", o.dryRun)
	if err != nil {
		return draft, found, p, nil, err
	}
	return draft, found, p, nil, a.expand(ctx, p, &draft, o)
}

// unsendable is the error for a draft that no request can be made of: the
// profile's fault where it has no key to sign with, else wrong usage.
func unsendable(p apiclient.Profile, err error) error {
	if p.Key == nil {
		return &codeError{exitFailed, err, ""}
	}
	return unreadable(err)
}

func (a *app) warnAll(texts []string) {
	for _, text := range texts {
		a.warn(text)
	}
}

// profileFor returns a profile, with a Super App behind it unless nothing is sent.
func (a *app) profileFor(ctx context.Context, name string, dryRun bool) (apiclient.Profile, error) {
	if dryRun {
		return a.sender(ctx, name)
	}
	return a.connectedAs(ctx, name)
}

// client makes a client for p that records its runs.
func (a *app) client(p apiclient.Profile, noSave bool) (*apiclient.Client, error) {
	o := apiclient.Options{Now: a.now, MakeKey: a.stranger, UserAgent: "countersign/" + version()}
	if !noSave {
		store, err := a.store()
		if err != nil {
			return nil, err
		}
		o.Journal = store
	}
	return apiclient.New(p, o)
}

// draft finds the endpoint and reads what the flags say. Variables are still
// in it.
func (a *app) draft(name string, o sendOptions) (apiclient.Draft, catalog.Endpoint, error) {
	var d apiclient.Draft
	e, target, err := a.endpoint(name)
	if err != nil {
		return d, e, err
	}
	d = apiclient.Draft{
		Endpoint: e.ID, Method: e.Method, Target: target, Body: e.Example, Tamper: o.tampers,
		Media: e.Media, Bodiless: e.Bodiless,
	}
	if d.Params, d.Header, err = parseParams(o.params, e, target); err != nil {
		return d, e, err
	}
	if err := knownTampers(o.tampers); err != nil {
		return d, e, err
	}
	if err := setMethod(&d, o.method); err != nil {
		return d, e, err
	}
	if o.noVariable || !strings.Contains(target, "{{") {
		if err := wire.CheckTarget(target); err != nil {
			return d, e, unreadable(err)
		}
	}
	if o.body.set {
		if d.Body, err = a.readBody(o.body.text, inputBody); err != nil {
			return d, e, err
		}
	}
	header, omit, err := parseHeaders(o.headers)
	d.Header, d.Omit = append(d.Header, header...), omit
	return d, e, err
}

// expand applies --set and replaces the variables.
func (a *app) expand(ctx context.Context, p apiclient.Profile, d *apiclient.Draft, o sendOptions) error {
	edits := o.edits
	if !o.noVariable {
		var err error
		if *d, edits, err = a.resolver(p).ExpandDraftAnd(ctx, *d, o.edits...); err != nil {
			return unreadable(err)
		}
	}
	if err := setValues(d, edits); err != nil {
		return err
	}
	_, err := d.Filled()
	var missing *apiclient.MissingParams
	if errors.As(err, &missing) {
		return usage("add --param "+strings.Join(missing.Names, "=… --param ")+"=…", "%w", err)
	}
	if err != nil {
		return unreadable(err)
	}
	return nil
}

// setValues applies --set.
func setValues(d *apiclient.Draft, edits []string) error {
	for _, s := range edits {
		if name, value, ok := strings.Cut(s, "="); ok && d.IsForm() {
			d.Body = apiclient.SetFormField(d.Body, strings.TrimSuffix(name, ":"), value)
			continue
		}
		edit, err := jsontext.ParseEdit(s)
		if err != nil {
			return unreadable(fmt.Errorf("--set: %w", err))
		}
		if d.Body, err = jsontext.Set(d.Body, edit); err != nil {
			return unreadable(fmt.Errorf("--set %s: %w", edit.Path, err))
		}
	}
	return nil
}

// setMethod applies -X.
func setMethod(d *apiclient.Draft, method string) error {
	if method == "" {
		return nil
	}
	if err := wire.CheckMethod(method); err != nil {
		return unreadable(err)
	}
	d.Method = strings.ToUpper(method)
	return nil
}

// faults says what the endpoint requires and the draft lacks, and where its body
// does not follow the schema. It is sent all the same: wrong requests are what a
// test sends.
func (a *app) faults(p apiclient.Profile, e catalog.Endpoint, d apiclient.Draft) []string {
	var texts []string
	client, err := apiclient.New(p, apiclient.Options{Now: a.now})
	target, targetErr := d.Filled()
	if err != nil || targetErr != nil {
		return nil // sending it says so
	}
	_, query, _ := strings.Cut(target, "?")
	values, _ := url.ParseQuery(query) // what can be read of it
	for _, q := range e.Parameters {
		switch {
		case !q.Required:
		case q.In == catalog.InQuery && !values.Has(q.Name):
			texts = append(texts, fmt.Sprintf("the query lacks %s, which %s requires: add --param %s=…", q.Name, e.ID, q.Name))
		case q.In == catalog.InHeader && !client.SendsHeader(d, q.Name):
			texts = append(texts, fmt.Sprintf("the header %s is missing, which %s requires: add --param %s=…", q.Name, e.ID,
				q.Name))
		}
	}
	return append(texts, bodyFaults(e, d)...)
}

// bodyFaults says where the body does not follow the endpoint's schema.
func bodyFaults(e catalog.Endpoint, d apiclient.Draft) []string {
	if e.ID == "" {
		return nil
	}
	var texts []string
	if e.Direction == catalog.Callback && !d.Callback {
		texts = append(texts, e.ID+" is called by the Super App, not by you: countersign notify URL "+e.Name+
			" sends it to your server, signed as the Super App signs")
	}
	for i, v := range e.Check(d.Body) {
		if i == maxWarnings {
			return append(texts, "the body has more faults by the schema")
		}
		where := ""
		if v.Line > 0 {
			where = fmt.Sprintf(" at line %d, column %d", v.Line, v.Column)
		}
		texts = append(texts, "the body"+where+": "+v.Message)
	}
	return texts
}

// maxWarnings keeps a wholly different body from filling the screen.
const maxWarnings = 8

// dryRun is the outcome in the document of send --dry-run.
const dryRun apiclient.Outcome = "dry-run"

// signed signs a draft as it would be sent now, and sends nothing.
func (a *app) signed(p apiclient.Profile, d apiclient.Draft) (apiclient.Exchange, error) {
	client, err := apiclient.New(p, apiclient.Options{Now: a.now, UserAgent: "countersign/" + version()})
	if err != nil {
		return apiclient.Exchange{}, err
	}
	e, err := client.Preview(d)
	if err != nil {
		return e, unsendable(p, err)
	}
	e.ID, e.Origin, e.Outcome = "", apiclient.FromCLI, dryRun // it is no run: no id finds it
	return e, nil
}

// preview prints the request that would be sent.
func (a *app) preview(p apiclient.Profile, d apiclient.Draft) error {
	e, err := a.signed(p, d)
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(e)
	}
	var out printer
	out.line("%s", a.paint(faint, "nothing was sent"))
	a.message(&out, e.Request)
	out.line("")
	a.proof(&out, e)
	return a.print(&out)
}
