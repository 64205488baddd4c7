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

type captureOptions struct {
	watchOptions
	upstream string
	mapping  capture.Mapping
	resign   bool
}

func (a *app) captureCommand() *cobra.Command {
	var o captureOptions
	cmd := &cobra.Command{
		Use: "capture --upstream URL", Short: "Watch what your backend and the Super App say to each other",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.capture(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.upstream, "upstream", "", "the Super App's `URL`: scheme, host and, if need be, a path before all others")
	f.StringVar(&o.mapping.StripPrefix, "strip-prefix", "", "take this `PREFIX` off the path")
	f.StringVar(&o.mapping.AddPrefix, "add-prefix", "", "put this `PREFIX` before the path")
	f.StringVar(&o.mapping.Host, "host", "", "the `HOST` that the upstream is told; without it, that of --upstream")
	f.BoolVar(&o.resign, "resign", false, "sign each request again on the way, with the key of the profile")
	o.flags(f)
	return cmd
}

func (a *app) capture(ctx context.Context, o captureOptions) error {
	if o.upstream == "" {
		return usage("give it: --upstream https://superapp.example.com", "--upstream is missing")
	}
	p, err := a.namedProfile(ctx, "")
	if err != nil {
		return err
	}
	c, err := a.captureConfig(p, o)
	if err != nil {
		return err
	}
	return a.watchTraffic(ctx, p, o.watchOptions, c)
}

// captureConfig says what a proxy stands before.
func (a *app) captureConfig(p apiclient.Profile, o captureOptions) (c capture.Config, err error) {
	c.Origin, c.Mapping = apiclient.FromCapture, o.mapping
	if c.Upstream, err = url.Parse(o.upstream); err != nil {
		return c, usage("write it like https://superapp.example.com", "--upstream %q is no URL", o.upstream)
	}
	if p.RootCAs != nil {
		c.TLS = &tls.Config{RootCAs: p.RootCAs, MinVersion: tls.VersionTLS12}
	}
	if !o.resign {
		return c, nil
	}
	client, err := apiclient.New(p, apiclient.Options{Now: a.now})
	if err != nil {
		return c, err
	}
	c.Resign, err = watch.Resign(client, a.now)
	return c, err
}
