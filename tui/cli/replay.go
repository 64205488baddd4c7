package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/tui/cli/config"
)

const replayLong = `Sends a saved run again: the same request with a new time and signature or, with
--exact, the very bytes of then, time and signature included.

It goes out with the profile of the run, or the one of --profile. RUN is an id, the
start of one, or "last".`

const replayExample = `  countersign replay last
  countersign replay 0193f2 --exact
  countersign replay last --profile staging`

func (a *app) replayCommand() *cobra.Command {
	var exact, noSave, yes bool
	cmd := &cobra.Command{
		Use: "replay RUN", Short: "Send a saved run again", Long: replayLong, Example: replayExample,
		Args:              args(1, 1, `one RUN: an id, the start of one, or "last"`),
		ValidArgsFunction: a.completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.replay(cmd.Context(), args[0], exact, noSave, yes)
		},
	}
	cmd.Flags().BoolVar(&exact, "exact", false, "send the same bytes: old time, old signature")
	cmd.Flags().BoolVar(&noSave, "no-save", false, "do not keep the new run in the history")
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask, even where the profile has confirm = true")
	return cmd
}

func (a *app) replay(ctx context.Context, id string, exact, noSave, yes bool) error {
	saved, err := a.run(ctx, id)
	if err != nil {
		return err
	}
	if err := a.useProfileOf(saved); err != nil {
		return err
	}
	p, err := a.connected(ctx)
	if err != nil {
		return err
	}
	client, err := a.client(p, noSave)
	if err != nil {
		return err
	}
	var draft apiclient.Draft
	if !exact {
		target, err := a.belowBase(ctx, saved, p)
		if err != nil {
			return err
		}
		draft = client.Again(saved, target)
	}
	if err := a.confirm(ctx, p, yes); err != nil {
		return err
	}
	var e apiclient.Exchange
	done := a.waiting("waiting for " + p.BaseURL)
	if exact {
		e = client.Resend(ctx, saved)
	} else {
		e = client.Send(ctx, draft, apiclient.FromReplay)
	}
	done()
	if e.Request.Line == "" {
		return unsendable(p, failed(e.Hint, "%s", e.Err))
	}
	endpoint, _, err := a.endpointByID(saved.Endpoint)
	if err != nil {
		return err
	}
	return a.printSent(endpoint, e, noSave)
}

// useProfileOf chooses the run's profile where the person chose none.
func (a *app) useProfileOf(e apiclient.Exchange) error {
	_, chosen, err := a.profileName()
	if err != nil {
		return err
	}
	byDefault := a.flags.profile == ""
	if env, ok := a.env("COUNTERSIGN_PROFILE"); ok && env != "" {
		byDefault = false
	}
	if chosen && !byDefault {
		return nil
	}
	c, err := a.config()
	if err != nil {
		return err
	}
	if _, ok := c.Profile(e.Profile); !ok && e.Profile != config.Sandbox {
		return usage("choose one with --profile", "the run's profile %q is not in the configuration", e.Profile)
	}
	a.flags.profile = e.Profile
	return nil
}

// belowBase is the path of a saved request below the base URL that it was sent
// to: what its profile has, or where that has changed, what its endpoint says.
func (a *app) belowBase(ctx context.Context, saved apiclient.Exchange, p apiclient.Profile) (string, error) {
	path := saved.Request.Path()
	bases := []apiclient.Profile{p}
	if saved.Profile != p.Name {
		if c, err := a.config(); err == nil {
			if old, ok := c.Profile(saved.Profile); ok {
				bases = append([]apiclient.Profile{old.Settings}, bases...)
			} else if saved.Profile == config.Sandbox {
				if old, err := a.sandboxProfile(); err == nil {
					bases = append([]apiclient.Profile{old}, bases...)
				}
			}
		}
	}
	for _, base := range bases {
		if below, ok := strings.CutPrefix(path, base.RequestTarget("")); ok && strings.HasPrefix(below, "/") {
			return below, nil
		}
	}
	if e, ok, err := a.endpointByID(saved.Endpoint); err == nil && ok {
		_, query, has := strings.Cut(path, "?")
		if has {
			return e.Path + "?" + query, nil
		}
		return e.Path, nil
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	err := fmt.Errorf("the run's path %s does not start with the path of base_url, %s", path, p.RequestTarget(""))
	return "", &codeError{exitFailed, err, "use --exact, or the profile that it was sent with"}
}
