package cli

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net/url"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/capture"
	"countersign/apiclient/watch"
	"countersign/tui"
	"countersign/tui/cli/config"

	"github.com/spf13/cobra"
)

func (a *app) captureCommand() *cobra.Command {
	var o watchOptions
	o.Kind = apiclient.FromCapture
	cmd := &cobra.Command{
		Use: "capture --upstream URL", Short: "Watch what your backend and the Super App say to each other",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.capture(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Upstream, "upstream", "",
		"the Super App's `URL`: scheme, host and, if need be, a path before all others")
	f.StringVar(&o.StripPrefix, "strip-prefix", "", "take this `PREFIX` off the path")
	f.StringVar(&o.AddPrefix, "add-prefix", "", "put this `PREFIX` before the path")
	f.StringVar(&o.host, "host", "", "the `HOST` that the upstream is told; without it, that of --upstream")
	f.BoolVar(&o.Resign, "resign", false, "sign each request again on the way, with the key of the profile")
	o.flags(f)
	return cmd
}

func (a *app) capture(ctx context.Context, o watchOptions) error {
	if o.Upstream == "" {
		return usage("give it: --upstream https://superapp.example.com", "--upstream is missing")
	}
	return a.watchTraffic(ctx, o)
}

// captureConfig says what a proxy stands before.
func (a *app) captureConfig(p apiclient.Profile, o watchOptions) (c capture.Config, err error) {
	c.Origin = apiclient.FromCapture
	c.Mapping = capture.Mapping{StripPrefix: o.StripPrefix, AddPrefix: o.AddPrefix, Host: o.host}
	if c.Upstream, err = url.Parse(o.Upstream); err != nil {
		return c, usage("write it like https://superapp.example.com", "--upstream %q is no URL", o.Upstream)
	}
	if p.RootCAs != nil {
		c.TLS = &tls.Config{RootCAs: p.RootCAs, MinVersion: tls.VersionTLS12}
	}
	if !o.Resign {
		return c, nil
	}
	client, err := apiclient.New(p, apiclient.Options{Now: a.now})
	if err != nil {
		return c, err
	}
	c.Resign, err = watch.Resign(client, a.now)
	return c, err
}

func (a *app) listenCommand() *cobra.Command {
	var o watchOptions
	o.Kind = apiclient.FromListen
	names := watch.ReplyNames()
	cmd := &cobra.Command{
		Use: "listen", Short: "Receive the Super App's callbacks, and check them",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.listen(cmd.Context(), o) },
	}
	for _, r := range watch.Replies {
		cmd.Long += fmt.Sprintf("  %-10s %s\n", r.Name, r.Says)
	}
	f := cmd.Flags()
	f.StringVar(&o.Reply, "reply", "S", "answer with this `NAME`: "+strings.Join(names, ", "))
	f.StringVar(&o.ForwardTo, "forward-to", "", "hand each request to the handler at this `URL`, and its answer back")
	f.StringVar(&o.told, "told", "",
		"what your handler built or logged of the string: `TEXT`, or @FILE, which is read for each that fails")
	o.flags(f)
	complete(cmd, "reply", oneOf(names...))
	return cmd
}

func (a *app) listen(ctx context.Context, o watchOptions) error {
	if o.told != "" && o.ForwardTo == "" {
		return usage("give the handler too: --forward-to http://127.0.0.1:3000/hooks",
			"--told is what a handler built, and there is none")
	}
	return a.watchTraffic(ctx, o)
}

// listenConfig says how a callback address answers.
func (a *app) listenConfig(p apiclient.Profile, o watchOptions) (c capture.Config, err error) {
	c.Origin = apiclient.FromListen
	if o.ForwardTo == "" {
		if c.Reply, err = watch.Replier(p, cmp.Or(o.Reply, watch.Replies[0].Name), a.now); err != nil {
			return c, unreadable(err)
		}
		return c, nil
	}
	if c.Upstream, err = url.Parse(o.ForwardTo); err != nil {
		return c, usage("write it like http://127.0.0.1:3000/hooks", "--forward-to %q is no URL", o.ForwardTo)
	}
	c.Mapping.Path = c.Upstream.EscapedPath()
	return c, nil
}

// wishesFile of the data folder remembers how capture and listen were started last
// from the explorer: a line for each, KIND?KEY=VALUE&…
const wishesFile = "traffic"

// explorerTraffic starts capture and listen from the explorer, with a profile.
type explorerTraffic struct {
	app     *app
	profile apiclient.Profile
}

// Last implements traffic.Starter. What was last is of any profile, but for the
// upstream: that is the profile's own, unless it was chosen with it.
func (t explorerTraffic) Last(kind apiclient.Origin) tui.Wish {
	w := tui.Wish{Kind: kind, Listen: "127.0.0.1:0", Reply: watch.Replies[0].Name}
	if u, err := url.Parse(t.profile.BaseURL); err == nil {
		w.Upstream = (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
	}
	for _, line := range t.app.remembered(wishesFile) {
		name, query, _ := strings.Cut(line, "?")
		v, err := url.ParseQuery(query)
		if name != string(kind) || err != nil {
			continue
		}
		w.Listen, w.StripPrefix, w.AddPrefix = v.Get("listen"), v.Get("strip"), v.Get("add")
		w.ForwardTo, w.Reply, w.Resign = v.Get("forward"), v.Get("reply"), v.Get("resign") != ""
		if v.Get("profile") == t.profile.Name && t.profile.Name != config.Sandbox { // whose port is another each time
			w.Upstream = v.Get("upstream")
		}
	}
	return w
}

// keep remembers a wish beside that of the other kind.
func (t explorerTraffic) keep(w tui.Wish) {
	v := url.Values{"listen": {w.Listen}, "strip": {w.StripPrefix}, "add": {w.AddPrefix}, "forward": {w.ForwardTo},
		"reply": {w.Reply}, "upstream": {w.Upstream}, "profile": {t.profile.Name}}
	if w.Resign {
		v.Set("resign", "yes")
	}
	lines := []string{string(w.Kind) + "?" + v.Encode()}
	for _, line := range t.app.remembered(wishesFile) {
		if !strings.HasPrefix(line, string(w.Kind)+"?") {
			lines = append(lines, line)
		}
	}
	_ = t.app.remember(wishesFile, lines) // else it is asked for once more
}

// Start implements traffic.Starter.
func (t explorerTraffic) Start(w tui.Wish, tell func(watch.Seen), unspoken func(error)) (
	*watch.Running, watch.SetUp, error,
) {
	o := watchOptions{Wish: w, keep: defaultKeep, keepMB: defaultKeepMB}
	r, setUp, err := t.app.startTraffic(t.profile, o, tell, unspoken)
	if err == nil {
		t.keep(w)
	}
	return r, setUp, err
}
