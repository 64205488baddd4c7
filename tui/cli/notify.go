package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/followup"
	"countersign/tui/cli/config"
)

// callbackOptions say which callback is sent, and with what in it.
type callbackOptions struct {
	endpoint string
	body     given
	edits    []string
	from     string
	noSave   bool
	yes      bool
	tampers  []string
}

func (o *callbackOptions) flags(f *pflag.FlagSet) {
	f.VarP(&o.body, "data", "d", "send this `BODY`, @FILE, or - for stdin")
	f.StringArrayVar(&o.edits, "set", nil, "set one value of the body: `path=text` or path:=json")
	f.StringVar(&o.from, "from", "", "fill in ids and amount from this saved `RUN`, such as a payment")
	f.BoolVar(&o.noSave, "no-save", false, "do not keep what was sent in the history")
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask before it goes beyond this machine")
}

func (a *app) notifyCommand() *cobra.Command {
	var o callbackOptions
	cmd := &cobra.Command{
		Use: "notify URL [ENDPOINT]", Short: "Send your server a callback, signed as the Super App",
		Args: func(cmd *cobra.Command, list []string) error {
			if len(list) == 0 && slices.Contains(o.tampers, "list") {
				return nil
			}
			return args(1, 2, "the URL of your server, such as http://127.0.0.1:3000/notify")(cmd, list)
		},
		ValidArgsFunction: a.completeCallbacks,
		RunE: func(cmd *cobra.Command, args []string) error {
			if slices.Contains(o.tampers, "list") {
				return a.listTampers()
			}
			if len(args) > 1 {
				o.endpoint = args[1]
			}
			return a.notify(cmd.Context(), args[0], o)
		},
	}
	f := cmd.Flags()
	o.flags(f)
	f.StringArrayVar(&o.tampers, "tamper", nil, "make it wrong on purpose in the way of that `NAME`; list names them; "+
		"repeatable")
	complete(cmd, "tamper", completeTampers)
	complete(cmd, "from", a.completeRuns)
	return cmd
}

func (a *app) notify(ctx context.Context, target string, o callbackOptions) error {
	if err := knownTampers(o.tampers); err != nil {
		return err
	}
	p, u, err := a.platform(ctx, target)
	if err != nil {
		return err
	}
	draft, endpoint, err := a.callback(ctx, p, target, o)
	if err != nil {
		return err
	}
	draft.Tamper = o.tampers
	if err := a.confirmBeyond(ctx, u, o.yes, "Send a callback to"); err != nil {
		return err
	}
	client, err := a.client(p, o.noSave)
	if err != nil {
		return err
	}
	done := a.waiting("waiting for " + u.Host)
	e := client.Send(ctx, draft, apiclient.FromNotify)
	done()
	if e.Request.Line == "" {
		return unreadable(failed(e.Hint, "%s", e.Err))
	}
	a.warnAll(bodyFaults(endpoint, draft))
	return a.printSent(endpoint, e, o.noSave)
}

func knownTampers(names []string) error {
	for _, name := range names {
		if _, ok := apiclient.LookupTamper(name); !ok {
			return usage("--tamper list names them", "there is no tampering %q", name)
		}
	}
	return nil
}

// platform returns the profile in use, which must be able to sign callbacks, and
// the URL that they go to.
func (a *app) platform(ctx context.Context, target string) (apiclient.Profile, *url.URL, error) {
	p, err := a.sender(ctx, "")
	if err != nil {
		return p, nil, err
	}
	u, err := p.CallbackURL(target)
	if err != nil {
		return p, nil, unreadable(err)
	}
	if p.PlatformKey == nil {
		return p, u, failed("set platform_key in the profile to the private key that the Super App of a test system "+
			"signs with, or use --profile "+config.Sandbox, "the profile %s has no platform key to sign callbacks with", p.Name)
	}
	if !p.Knows(p.PlatformKey) {
		a.warn("platform_key is the private half of none of peer_keys: your server accepts it only if it has its public half")
	}
	return p, u, nil
}

// callback is the request that is sent to a URL, and its endpoint; one without ID
// where the body is given and nothing says which callback it is.
func (a *app) callback(ctx context.Context, p apiclient.Profile, target string, o callbackOptions) (
	apiclient.Draft, catalog.Endpoint, error,
) {
	d := apiclient.Draft{Callback: true, Target: target}
	all, err := a.catalog()
	if err != nil {
		return d, catalog.Endpoint{}, err
	}
	var run *apiclient.Exchange
	var of catalog.Endpoint
	if o.from != "" {
		e, err := a.run(ctx, o.from)
		if err != nil {
			return d, of, err
		}
		run = &e
		if of, _, err = a.endpointByID(e.Endpoint); err != nil {
			return d, of, err
		}
	}
	endpoint, err := a.callbackEndpoint(all, target, o, of)
	if err != nil {
		return d, endpoint, err
	}
	d.Endpoint, d.Method, d.Media, d.Body = endpoint.ID, endpoint.Method, endpoint.Media, endpoint.Example
	switch {
	case o.body.set:
		if d.Body, err = a.readBody(o.body.text, inputBody); err != nil {
			return d, endpoint, err
		}
	case run != nil:
		step := followup.CallbackTo(all, of, endpoint, run)
		if step.Missing != "" {
			return d, endpoint, usage("choose a run that has them, such as an answered payment, or give the body with -d",
				"%s cannot be filled in from run %s: %s", endpoint.ID, o.from, step.Missing)
		}
		d.Body = step.Body
	}
	if err := a.expand(ctx, p, &d, sendOptions{edits: o.edits}); err != nil {
		return d, endpoint, err
	}
	var compact bytes.Buffer
	if !o.body.set && json.Compact(&compact, d.Body) == nil { // as a Super App writes it, not as a person reads it
		d.Body = compact.Bytes()
	}
	return d, endpoint, nil
}

// callbackEndpoint finds the callback that is meant: the one that is named, the one
// that the run leads to, the one whose path the URL ends in, or the only one.
func (a *app) callbackEndpoint(all *catalog.Catalog, target string, o callbackOptions, of catalog.Endpoint) (
	catalog.Endpoint, error,
) {
	if o.endpoint != "" {
		e, err := all.Lookup(o.endpoint)
		switch {
		case err != nil:
			return e, unreadable(err)
		case e.Direction != catalog.Callback:
			return e, usage("countersign send "+o.endpoint+" sends it; callbacks are marked in countersign endpoints list",
				"%s is called by you, not by the Super App", e.ID)
		}
		return e, nil
	}
	if steps := followup.Callbacks(all, of, &apiclient.Exchange{}); len(steps) == 1 {
		return steps[0].Endpoint, nil
	}
	u, _ := url.Parse(target) // it was checked
	if e, ok := all.Match(u.EscapedPath()); ok && e.Direction == catalog.Callback {
		return e, nil
	}
	var newest []catalog.Endpoint
	var names []string
	for _, e := range all.Endpoints() {
		if e.Direction != catalog.Callback || slices.Contains(names, e.Name) {
			continue
		}
		if e, err := all.Lookup(e.Name); err == nil {
			newest, names = append(newest, e), append(names, e.Name)
		}
	}
	switch {
	case len(newest) == 1:
		return newest[0], nil
	case o.body.set:
		return catalog.Endpoint{Method: "POST"}, nil
	case len(newest) == 0:
		return catalog.Endpoint{}, usage("give the body with -d", "the catalogue has no callback")
	}
	return catalog.Endpoint{}, usage("name one behind the URL, such as "+names[0], "which callback? There are %s",
		strings.Join(names, ", "))
}

// confirmBeyond asks before something goes to another machine.
func (a *app) confirmBeyond(ctx context.Context, u *url.URL, yes bool, what string) error {
	if apiclient.Local(u) || yes {
		return nil
	}
	return a.askYes(ctx, fmt.Sprintf("%s %s, which is not this machine?", what, u.Host),
		fmt.Sprintf("%s is not this machine, and there is no terminal to ask on", u.Host))
}

// completeCallbacks completes the callback behind the URL.
func (a *app) completeCallbacks(_ *cobra.Command, args []string, typed string) (completions, directive) {
	all, err := a.catalog()
	if err != nil || len(args) != 1 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var list []cobra.Completion
	for _, e := range all.Endpoints() {
		if e.Direction == catalog.Callback && strings.HasPrefix(e.ID, typed) {
			list = append(list, cobra.CompletionWithDesc(e.ID, e.Summary))
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}
