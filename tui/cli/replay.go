package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/tui/cli/config"
)

type replayOptions struct {
	exact, noSave, yes bool
	search             given
	count, limit       int
	every              time.Duration
}

func (a *app) replayCommand() *cobra.Command {
	var o replayOptions
	cmd := &cobra.Command{
		Use: "replay RUN...", Short: "Send saved runs again",
		Args: func(cmd *cobra.Command, list []string) error {
			if o.search.set {
				return args(0, 0, "")(cmd, list)
			}
			return args(1, 1<<16, `one RUN: an id, the start of one, or "last"; or --search QUERY`)(cmd, list)
		},
		ValidArgsFunction: a.completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.replay(cmd.Context(), args, o)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.exact, "exact", false, "send the same bytes: old time, old signature")
	f.Var(&o.search, "search", "the runs that this `QUERY` finds")
	f.IntVarP(&o.limit, "limit", "n", 100, "with --search: this `NUMBER` of runs at most, the newest")
	f.IntVar(&o.count, "count", 1, "send each this `NUMBER` of times")
	f.DurationVar(&o.every, "every", 0, "wait this `TIME` between two requests: 500ms")
	f.BoolVar(&o.noSave, "no-save", false, "do not keep the new runs in the history")
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask, even where a profile has confirm = true")
	return cmd
}

func (a *app) replay(ctx context.Context, ids []string, o replayOptions) error {
	runs, err := a.replayed(ctx, ids, o)
	if err != nil {
		return err
	}
	if len(runs) == 1 && o.count == 1 {
		saved, err := a.run(ctx, runs[0])
		if err != nil {
			return err
		}
		s, err := a.newSender(ctx, saved, o)
		if err != nil {
			return err
		}
		e, err := s.send(ctx, saved)
		if err != nil {
			return err
		}
		endpoint, _, err := a.endpointByID(saved.Endpoint)
		if err != nil {
			return err
		}
		err = a.printSent(endpoint, e, o.noSave)
		a.printDifference(againAndThen(endpoint, saved, e))
		return err
	}
	return a.replayAll(ctx, runs, o)
}

// sender sends saved runs again with one profile.
type sender struct {
	app    *app
	p      apiclient.Profile
	client *apiclient.Client
	exact  bool
}

// newSender makes what sends a run again: with its profile, or the one in use.
func (a *app) newSender(ctx context.Context, saved apiclient.Exchange, o replayOptions) (*sender, error) {
	if err := a.useProfileOf(saved); err != nil {
		return nil, err
	}
	p, err := a.connected(ctx)
	if err != nil {
		return nil, err
	}
	client, err := a.client(p, o.noSave)
	if err != nil {
		return nil, err
	}
	if !o.exact { // what cannot be sent is found before anything is asked
		if _, err := a.belowBase(ctx, saved, p); err != nil {
			return nil, err
		}
	}
	return &sender{a, p, client, o.exact}, a.confirm(ctx, p, o.yes)
}

func (s *sender) send(ctx context.Context, saved apiclient.Exchange) (apiclient.Exchange, error) {
	var e apiclient.Exchange
	var target string
	var err error
	if !s.exact {
		if target, err = s.app.belowBase(ctx, saved, s.p); err != nil {
			return e, err
		}
	}
	done := s.app.waiting("waiting for " + s.p.BaseURL)
	if s.exact {
		e = s.client.Resend(ctx, saved)
	} else {
		e = s.client.Send(ctx, s.client.Again(saved, target), apiclient.FromReplay)
	}
	done()
	if e.Request.Line == "" {
		return e, unsendable(s.p, failed(e.Hint, "%s", e.Err))
	}
	return e, nil
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
