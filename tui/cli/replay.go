package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
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
	ids, err := a.replayed(ctx, ids, o)
	if err != nil {
		return err
	}
	jobs, err := a.replayJobs(ctx, ids, o)
	if err != nil {
		return err
	}
	if len(jobs) > 1 || o.count > 1 {
		return a.replayAll(ctx, jobs, o)
	}
	e, err := a.sendAgain(ctx, jobs[0])
	if err != nil {
		return err
	}
	err = a.printSent(jobs[0].endpoint, e, o.noSave)
	a.printDifference(againAndThen(jobs[0].endpoint, jobs[0].saved, e))
	return err
}

// replayJob is a saved run, and what sends it again.
type replayJob struct {
	saved    apiclient.Exchange
	endpoint catalog.Endpoint
	client   *apiclient.Client
	target   string // below the base URL; "": the very bytes are sent
}

// replayJobs finds what sends each run again: its profile, or the one in use. What
// cannot be sent is found before anything is asked.
func (a *app) replayJobs(ctx context.Context, ids []string, o replayOptions) (jobs []replayJob, err error) {
	clients, chosen := map[string]*apiclient.Client{}, a.flags.profile
	for _, id := range ids {
		j := replayJob{}
		if j.saved, err = a.run(ctx, id); err != nil {
			return nil, err
		}
		if j.client = clients[j.saved.Profile]; j.client == nil {
			a.flags.profile = chosen
			j.client, err = a.replayClient(ctx, j.saved, o.noSave)
			clients[j.saved.Profile] = j.client
		}
		if err == nil && !o.exact {
			j.target, err = a.belowBase(ctx, j.saved, j.client.Profile())
		}
		if err == nil {
			j.endpoint, _, err = a.endpointByID(j.saved.Endpoint)
		}
		if err != nil && len(ids) > 1 {
			err = fmt.Errorf("run %s: %w", id, err)
		}
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	for _, name := range slices.Sorted(maps.Keys(clients)) {
		if err := a.confirm(ctx, clients[name].Profile(), o.yes); err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

func (a *app) replayClient(ctx context.Context, saved apiclient.Exchange, noSave bool) (*apiclient.Client, error) {
	if err := a.useProfileOf(saved); err != nil {
		return nil, err
	}
	p, err := a.connected(ctx)
	if err != nil {
		return nil, err
	}
	return a.client(p, noSave)
}

func (a *app) sendAgain(ctx context.Context, j replayJob) (e apiclient.Exchange, err error) {
	p := j.client.Profile()
	done := a.waiting("waiting for " + p.BaseURL)
	if j.target == "" {
		e = j.client.Resend(ctx, j.saved)
	} else {
		e = j.client.Send(ctx, j.client.Again(j.saved, j.target), apiclient.FromReplay)
	}
	done()
	if e.Request.Line == "" {
		err = unsendable(p, failed(e.Hint, "%s", e.Err))
	}
	return e, err
}

// useProfileOf chooses the run's profile where the person chose none.
func (a *app) useProfileOf(e apiclient.Exchange) error {
	if _, _, err := a.profileName(); err != nil || a.flags.profile+a.getenv("COUNTERSIGN_PROFILE") != "" {
		return err
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
