package cli

import (
	"context"
	"crypto/tls"
	"net/url"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/capture"
	"countersign/apiclient/watch"
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
