package cli

import (
	"cmp"
	"context"
	"crypto/rsa"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/apiclient/localcert"
	"countersign/apiclient/sandbox"
	"countersign/apiclient/watch"
	"countersign/tui/cli/config"
	"countersign/tui/ui"
)

type sandboxOptions struct {
	listen, preset                  string
	secure                          tlsOptions
	clientKey, clientID, merchantID string
	faults                          []string
	notify, beyond, save, fail      bool
	tokenLife                       time.Duration
}

func (a *app) sandboxCommand() *cobra.Command {
	var o sandboxOptions
	cmd := &cobra.Command{
		Use: "sandbox", Short: "Run a Super App for your own client",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if slices.Contains(o.faults, "list") {
				return a.listFaults()
			}
			return a.serve(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:0", "listen on this `ADDRESS`; port 0 takes a free one")
	o.secure.flags(f)
	f.StringVar(&o.preset, "preset", "", "play the platform of this `NAME`: "+strings.Join(sandbox.Presets(), ", "))
	f.StringVar(&o.clientKey, "client-key", "",
		"your client's key in this `FILE`; of a private key only the public half is used")
	f.StringVar(&o.clientID, "client-id", "", "your client's `ID`, or any")
	f.StringVar(&o.merchantID, "merchant-id", "", "your merchant's `ID`")
	f.StringArrayVar(&o.faults, "fault", nil, "misbehave in the way of this `NAME`, again and again; list explains each")
	f.BoolVar(&o.notify, "notify", false, "tell a payment's notify URL what became of it, on this machine only")
	f.BoolVar(&o.beyond, "notify-beyond-loopback", false, "as --notify, on other machines too")
	f.DurationVar(&o.tokenLife, "token-lifetime", 0, "refuse an access token after this `TIME`, such as 30s (default 1h)")
	f.BoolVar(&o.save, "save", false, "keep each exchange in the history")
	f.BoolVar(&o.fail, "fail", false, "end with exit code 3 if a signature failed")
	complete(cmd, "fault", oneOf(append([]string{"list"}, sandbox.FaultNames()...)...))
	complete(cmd, "preset", oneOf(sandbox.Presets()...))
	cmd.AddCommand(a.approveCommand())
	return cmd
}

// faultDoc is a row of sandbox --fault list --json.
type faultDoc struct {
	Name       string `json:"name,omitempty"`
	Endpoint   string `json:"endpoint,omitempty"`
	ProvokedBy string `json:"provokedBy,omitempty"` // field and value of a request
	Result     string `json:"result,omitempty"`
	Diagnosed  string `json:"diagnosed,omitempty"` // how countersign diagnose names it
	Says       string `json:"says"`
}

func (a *app) listFaults() error {
	var list []faultDoc
	for _, f := range sandbox.Faults() {
		list = append(list, faultDoc{f.Name, f.Endpoint, strings.TrimSpace(f.Field + " " + f.Value),
			strings.TrimSpace(f.Status + " " + f.Code), f.Cause, f.Says})
	}
	var out printer
	out.line("By name: --fault NAME, faults in config.toml, or ctrl+p in the explorer. By a value: send it.")
	group := "-"
	for _, f := range list {
		if next := cmp.Or(f.Endpoint, "all interfaces"); next != group {
			group = next
			out.line("\n%s", a.paint(faint, group))
		}
		out.line("  %-30s %s", cmp.Or(f.Name, "-"), f.Says)
		if f.ProvokedBy != "" {
			out.line("  %-30s %s", "", a.paint(faint, f.Result+", by "+f.ProvokedBy))
		}
		if f.Diagnosed != "" {
			out.line("  %-30s %s", "", a.paint(faint, "diagnosed as "+f.Diagnosed))
		}
	}
	return a.tell(list, &out)
}

func (a *app) serve(ctx context.Context, o sandboxOptions) error {
	c, k, err := a.sandboxConfig(ctx, o)
	if err != nil {
		return err
	}
	w, err := a.sandboxWatch(o.save)
	if err != nil {
		return err
	}
	c.Observe = w.Take
	listener, caFile, err := a.listenOn(o.listen, o.secure)
	if err != nil {
		return err
	}
	if len(o.faults) == 0 {
		settings, err := a.config()
		if err != nil {
			return err
		}
		o.faults = settings.Sandbox.Faults
	}
	s, err := a.makeSandbox(c, o.faults)
	if err != nil {
		_ = listener.Close()
		return err
	}
	server := s.Serve(listener, o.secure.scheme() == "https")
	if !server.Loopback() {
		a.warn(fmt.Sprintf("the sandbox listens on %s: anyone who reaches this machine can call it, and decide on its "+
			"checkout pages; "+
			"without --listen, or with 127.0.0.1, only programs of this machine can", server.Addr))
	}
	forget, err := a.announce(s)
	if err != nil {
		a.warn("countersign sandbox approve will not find this sandbox: " + err.Error())
	}
	defer forget()
	if err := a.printDetails(newDetails(server, c, k, s.ActiveFaults(), caFile)); err != nil {
		_ = server.Close()
		return err
	}
	started()
	<-ctx.Done()
	err = server.Close()
	counts := w.Close(0)
	if o.save && counts.Unsaved > 0 {
		a.warn(fmt.Sprintf("%d exchanges are not in the history: it could not keep up or be written", counts.Unsaved))
	}
	if err == nil && o.fail && counts.Failed > 0 {
		return said(exitUnverified)
	}
	return err
}

// makeSandbox makes a sandbox with these faults in force.
func (a *app) makeSandbox(c sandbox.Config, faults []string) (*sandbox.Sandbox, error) {
	s, err := sandbox.New(c)
	if err == nil {
		err = s.SetFaults(faults...)
	}
	if err != nil {
		return nil, unreadable(err)
	}
	return s, nil
}

// sandboxConfig is the sandbox that the options and config.toml ask for.
func (a *app) sandboxConfig(ctx context.Context, o sandboxOptions) (sandbox.Config, sandbox.Keys, error) {
	fail := func(err error) (sandbox.Config, sandbox.Keys, error) { return sandbox.Config{}, sandbox.Keys{}, err }
	if o.tokenLife < 0 {
		return fail(usage("give it as 30s or 5m", "--token-lifetime %s is not a time to live", o.tokenLife))
	}
	c, k, err := a.sandboxDefaults()
	if err != nil {
		return fail(err)
	}
	if err := a.asProfile(ctx, &c, o); err != nil {
		return fail(err)
	}
	if o.clientKey != "" {
		key, err := a.keyLoader("").Public(ctx, keys.Source{File: o.clientKey})
		if err != nil {
			return fail(unreadable(fmt.Errorf("--client-key: %w", err)))
		}
		for _, w := range key.Warnings {
			if w != keys.PrivateToo { // it is the client's own
				a.warn("--client-key: " + w)
			}
		}
		c.ClientKeys = map[string]*rsa.PublicKey{sandbox.KeyVersion: key.Key}
		c.AnyVersion = true
	}
	c.AnyClient = o.clientID == "any"
	if !c.AnyClient {
		c.ClientID = cmp.Or(o.clientID, c.ClientID)
	}
	c.MerchantID = cmp.Or(o.merchantID, c.MerchantID)
	c.Preset, c.TokenLife = o.preset, cmp.Or(o.tokenLife, c.TokenLife)
	if o.notify || o.beyond {
		beyond := o.beyond || c.Notify != nil && c.Notify.Beyond
		if c.Notify, err = a.notifying(beyond); err != nil {
			return fail(err)
		}
	}
	return c, k, nil
}

// asProfile takes ids, public key and manners of a profile that was chosen.
func (a *app) asProfile(ctx context.Context, c *sandbox.Config, o sandboxOptions) error {
	name := cmp.Or(a.flags.profile, a.getenv("COUNTERSIGN_PROFILE"))
	if name == "" || name == config.Sandbox {
		return nil
	}
	p, err := a.namedProfile(ctx, name)
	if err != nil {
		return err
	}
	c.ClientID, c.MerchantID, c.Client = p.ClientID, p.MerchantID, p
	switch {
	case p.Key != nil:
		c.ClientKeys = map[string]*rsa.PublicKey{cmp.Or(p.KeyVersion, sandbox.KeyVersion): &p.Key.PublicKey}
	case o.clientKey == "":
		return failed("set private_key in it, or give --client-key FILE",
			"the profile %s has no key to verify its requests with", name)
	}
	if p.PlatformKey != nil {
		c.Key, c.KeyVersion = p.PlatformKey, cmp.Or(p.PlatformVersion(), sandbox.KeyVersion)
	}
	return nil
}

// notifying is how merchants are notified: those that listen here with a
// certificate of ours are trusted.
func (a *app) notifying(beyond bool) (*sandbox.Notify, error) {
	dir, err := config.DataDir(a.env)
	if err != nil {
		return nil, err
	}
	return &sandbox.Notify{Beyond: beyond, RootCAs: localcert.Trusted(dir)}, nil
}

// sandboxWatch prints what a sandbox served, and keeps it where that is wanted.
func (a *app) sandboxWatch(save bool) (*watch.Watch, error) {
	c := watch.Config{Judge: func(*apiclient.Exchange) {}, Tell: a.tellServed}
	if save {
		store, err := a.store()
		if err != nil {
			return nil, err
		}
		c.Record = store.Record
	}
	return watch.New(c), nil
}

// tellServed prints an exchange of the sandbox: a line, and what is to be known
// beside it.
func (a *app) tellServed(s watch.Seen) {
	to := a.out
	if a.flags.json {
		to = a.err // stdout has its one document
	}
	var out printer
	what := s.Request.Method() + " " + s.Request.Target()
	if strings.HasSuffix(s.Endpoint, "/notifyPayment") {
		what = "notified " + s.URL
	}
	out.line("%s  %s  %s", s.StartedAt.Local().Format(time.TimeOnly), ui.Safe(what), a.summary(s.Exchange))
	if s.Hint != "" {
		out.line("          hint: %s", ui.Safe(s.Hint))
	}
	for _, f := range s.Findings {
		if f.Severity == apiclient.Good || f.Cause == "signature_not_checked" {
			continue
		}
		mark := a.paint(faint, "·")
		if f.Severity == apiclient.Problem {
			mark = a.paint(bad, "●")
		}
		out.line("          %s %s", mark, ui.Safe(f.Says))
		if f.Hint != "" {
			out.line("            %s", ui.Safe(f.Hint))
		}
	}
	_, _ = fmt.Fprint(to, out.String())
	if s.Unsaved != nil {
		a.warnOnce("not kept: " + hint.Sentence(s.Unsaved))
	}
}
