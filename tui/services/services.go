// Package services holds what the explorer works with for one profile: the client
// that signs and sends, the history, and what is known around an exchange.
package services

import (
	"context"
	"errors"
	"sync"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/followup"
	"countersign/apiclient/hint"
	"countersign/apiclient/redact"
	"countersign/apiclient/suite"
	"countersign/apiclient/variables"
	"countersign/history"
	"countersign/tui/box"
	"countersign/tui/request"
	"countersign/tui/traffic"
)

// Services are those of one profile.
type Services struct {
	Client  *apiclient.Client
	History *history.Store
	// Expand fills in the variables of a draft that is in no file. Values that are made
	// up, such as {{uuid}}, stay the same until the resolver's Renew.
	Expand Expander
	// Resolver knows the variables of the profile. Nil: the requests of files, which
	// have more, cannot be opened.
	Resolver *variables.Resolver
	// Variables lists the variables that there are, or what one such as
	// "last.payments/pay" holds. Nil: none are offered.
	Variables func(ctx context.Context, of string) ([]variables.Known, error)
	// Hide returns what masks the values of the environment that requests used, too.
	// Nil: there are none.
	Hide func(redact.Redactor) redact.Redactor
	// Recheck verifies a saved run again. Nil: it is shown as it was recorded.
	Recheck func(ctx context.Context, e *apiclient.Exchange)
	// Evidence gathers what is known around one signature of an exchange. Nil:
	// nothing can be diagnosed.
	Evidence func(ctx context.Context, e apiclient.Exchange, side apiclient.Side) (diagnose.Evidence, error)
	// Diagnose explains a signature; nil means diagnose.Diagnose.
	Diagnose func(ctx context.Context, e diagnose.Evidence, o diagnose.Options) diagnose.Report
	// Buyer is who decides on the pages that answers lead to, where the other
	// side is the built-in Super App. Nil: it is another.
	Buyer Buyer
	// Traffic starts capture and listen. Nil: they cannot be started.
	Traffic traffic.Starter
	// Faulty misbehaves in the ways of Faults, where the other side is the built-in
	// Super App. Nil: it is another.
	Faulty Faulty
	Faults []box.Fault
	// Triggers are the values that provoke a certain answer, where the other
	// side is the built-in Super App.
	Triggers []request.Trigger
	Notices  []string // worth saying at the start: a weak key, a damaged history set aside
}

// Faulty is a Super App that misbehaves when it is asked to.
type Faulty interface {
	ActiveFaults() []string
	// SetFaults has these in force from now on, and no others.
	SetFaults(names ...string) error
}

// Buyer decides on the page that an answer leads to.
type Buyer interface {
	// Asked says what the buyer could agree to: "approve it as the buyer"; ""
	// where nothing is open.
	Asked(answer []byte) string
	// Agree agrees, and returns what came of it.
	Agree(answer []byte) (outcome string, err error)
}

// Loader makes the services of a profile. Where it needs the terminal and does not
// have it, its error has ErrTerminalNeeded in its chain.
type Loader func(
	ctx context.Context, profile string, onTerminal bool, observe func(apiclient.Progress),
) (*Services, error)

// ErrTerminalNeeded is in the chain of an error of a Loader: the profile's keys can
// only be loaded where the terminal is free, because a pass phrase is asked for or
// another program asks.
var ErrTerminalNeeded = errors.New("the terminal is needed")

// Expander fills in the variables of a draft: of its body, its path and its headers. It
// says where those of the body went, and goes on after one without a value.
type Expander func(ctx context.Context, d apiclient.Draft) (apiclient.Draft, variables.Expansion, error)

// Examine gathers what is known around a signature, and explains it. told is what
// the other side is said to have signed.
func (s *Services) Examine(
	ctx context.Context, e apiclient.Exchange, side apiclient.Side, told []byte, o diagnose.Options,
) (diagnose.Report, error) {
	evidence, err := s.Evidence(ctx, e, side)
	if err != nil {
		return diagnose.Report{}, err
	}
	evidence.Told = told
	if s.Diagnose != nil {
		return s.Diagnose(ctx, evidence, o), nil
	}
	return diagnose.Diagnose(ctx, evidence, o), nil
}

// Steps finds what may follow an exchange: the buyer's part first, and last what
// the Super App would tell the merchant, where it can be sent in its place.
func (s *Services) Steps(c *catalog.Catalog) func(catalog.Endpoint, *apiclient.Exchange) []followup.Step {
	buyer, notifies := s.Buyer, s.Client.Profile().PlatformKey != nil
	return func(endpoint catalog.Endpoint, e *apiclient.Exchange) []followup.Step {
		var steps []followup.Step
		if buyer != nil && e.Response != nil {
			if says := buyer.Asked(e.Response.Content()); says != "" {
				steps = append(steps, followup.Step{Says: says, Buyer: true})
			}
		}
		steps = append(steps, followup.After(c, endpoint, e)...)
		if !notifies || e.Result.Status != "S" && e.Result.Status != "A" {
			return steps
		}
		for _, s := range followup.Callbacks(c, endpoint, e) {
			if s.Missing == "" {
				steps = append(steps, s)
			}
		}
		return steps
	}
}

// Targets returns what sends with the profiles that request files name: this one,
// or others, which load makes once for each run. load may be nil: there are none.
func (s *Services) Targets(load Loader) func(ctx context.Context, profile string) (suite.Target, error) {
	made := map[string]*Services{s.Client.Profile().Name: s, "": s}
	failed := map[string]error{}
	var one sync.Mutex
	return func(ctx context.Context, profile string) (suite.Target, error) {
		one.Lock()
		defer one.Unlock()
		s, err := made[profile], failed[profile]
		if s == nil && err == nil {
			if load == nil {
				err = &hint.Error{Says: "there is no profile " + profile, Fix: "use one from the configuration"}
			} else if s, err = load(ctx, profile, false, func(apiclient.Progress) {}); errors.Is(err, ErrTerminalNeeded) {
				err = &hint.Error{Says: "the key of the profile " + profile + " needs the terminal", Err: err,
					Fix: "countersign test runs it, or choose that profile here first"}
			}
			made[profile], failed[profile] = s, err
		}
		if err != nil {
			return suite.Target{}, err
		}
		return suite.Target{Client: s.Client, Resolver: s.Resolver}, nil
	}
}

// Left holds what an earlier explorer left with a profile.
type Left struct {
	Drafts []history.Draft
	Place  history.Place
}

// Left reads what was left with the profile. Why it cannot be read is among the
// notices then.
func (s *Services) Left(ctx context.Context) (left Left) {
	var err error
	if left.Drafts, left.Place, err = s.History.Drafts(ctx, s.Client.Profile().Name); err != nil {
		s.Notices = append(s.Notices, hint.Sentence(err))
	}
	return left
}
