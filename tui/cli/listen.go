package cli

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/capture"
	"countersign/apiclient/watch"
)

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
