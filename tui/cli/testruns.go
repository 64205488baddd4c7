package cli

import (
	"context"

	"countersign/apiclient"
	"countersign/apiclient/expect"
	"countersign/apiclient/suite"
)

// testRuns holds expectations against saved runs; nothing is sent.
func (a *app) testRuns(ctx context.Context, o testOptions, expects []*expect.Expectation, report *testReport) error {
	runs, err := a.found(ctx, o.runs, a.flags.profile, o.limit)
	if err != nil {
		return err
	}
	store, err := a.store()
	if err != nil {
		return err
	}
	profiles := a.quietProfiles(ctx)
	var results []suite.Result
	for _, run := range runs {
		if err := ctx.Err(); err != nil {
			return report.end(results, err)
		}
		e, err := store.Get(ctx, run.ID)
		if err != nil {
			return err
		}
		begun := a.now()
		if p, ok := profiles[e.Profile]; ok {
			if client, err := apiclient.New(p, apiclient.Options{Now: a.now}); err == nil {
				client.Recheck(&e) // what was recorded is not repeated as if it were so now
			}
		}
		endpoint, _, err := a.endpointByID(e.Endpoint)
		if err != nil {
			return err
		}
		failures := suite.Judge(ctx, &e, endpoint, suite.Rules{Expect: expects, Mask: a.masking(&e)})
		r := suite.OfRun(run.ID, &e, failures, a.masking)
		r.Took = a.now().Sub(begun)
		report.observe(r)
		r.Exchange = slim(r.Exchange)
		results = append(results, r)
	}
	return report.end(results, nil)
}

// slim is an exchange without its bodies: of many runs only the rest is reported.
func slim(e *apiclient.Exchange) *apiclient.Exchange {
	s := *e
	s.Request.Body = nil
	if s.Response != nil {
		m := *s.Response
		m.Body, m.Decoded = nil, nil
		s.Response = &m
	}
	s.Sent.Canonical, s.Received.Canonical = nil, nil
	return &s
}
