package cli

import (
	"context"
	"net/url"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/capture"
)

const captureLong = `Stands between your backend and the Super App: what your backend sends to this
address goes to --upstream byte for byte, and the answer back. Each exchange is
verified with the keys of the profile and kept in the history; one that fails is
explained while the traffic goes on. ctrl+c ends it.

It is a reverse proxy, and speaks HTTP/1.1: point the base URL of your client at it.`

const captureExample = `  countersign capture --upstream https://superapp.example.com
  countersign capture --upstream https://superapp.example.com --profile staging --listen 127.0.0.1:8080
  countersign capture --upstream https://gw.example.com --strip-prefix /local --add-prefix /openapi`

type captureOptions struct {
	watchOptions
	upstream string
	mapping  capture.Mapping
}

func (a *app) captureCommand() *cobra.Command {
	var o captureOptions
	cmd := &cobra.Command{
		Use: "capture --upstream URL", Short: "Watch what your backend and the Super App say to each other",
		Long: captureLong, Example: captureExample, Args: args(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.capture(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.upstream, "upstream", "", "the Super App's `URL`: scheme, host and, if need be, a path before all others")
	f.StringVar(&o.mapping.StripPrefix, "strip-prefix", "", "take this `PREFIX` off the path")
	f.StringVar(&o.mapping.AddPrefix, "add-prefix", "", "put this `PREFIX` before the path")
	f.StringVar(&o.mapping.Host, "host", "", "the `HOST` that the upstream is told; without it, that of --upstream")
	o.flags(f)
	return cmd
}

func (a *app) capture(ctx context.Context, o captureOptions) error {
	if o.upstream == "" {
		return usage("give it: --upstream https://superapp.example.com", "--upstream is missing")
	}
	upstream, err := url.Parse(o.upstream)
	if err != nil {
		return usage("write it like https://superapp.example.com", "--upstream %q is no URL", o.upstream)
	}
	name, _, err := a.profileName()
	if err != nil {
		return err
	}
	p, err := a.namedProfile(ctx, name)
	if err != nil {
		return err
	}
	return a.watchTraffic(ctx, p, o.watchOptions, capture.Config{Upstream: upstream, Mapping: o.mapping,
		Origin: apiclient.FromCapture}, func(at string) [][2]string {
		at += o.mapping.StripPrefix
		return [][2]string{{"base URL of your backend", at}, {"in a container", inContainer(at)}}
	})
}
