package tui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/expect"
	"countersign/apiclient/requests"
	"countersign/apiclient/suite"
	"countersign/apiclient/workspace"
)

// sentRun is a run of a request of a file.
type sentRun struct {
	place
	results []expect.Result // how its expectations stood then
}

// holding holds the expectations of a request against its answer.
type holding struct {
	place
	file     *workspace.File
	request  *requests.Request
	endpoint catalog.Endpoint
	before   []expect.Result // how they stood when it was sent
	mask     func(*apiclient.Exchange) func(string) string
}

// holdingOf is what is expected of a request; nil where it expects nothing.
func (a *App) holdingOf(at place, before []expect.Result) *holding {
	file := a.files.snapshot.Find(at.path)
	if file == nil {
		return nil
	}
	r := file.Find(at.id)
	if r == nil || len(r.Get("expect")) == 0 {
		return nil
	}
	e, _ := a.panes.request.Endpoint()
	return &holding{place: at, file: file, request: r, endpoint: e, before: before, mask: a.masking()}
}

// expected are expectations, held against an answer.
type expected struct {
	run     string // the ID of the run
	results []expect.Result
}

// masking masks the secrets of an exchange in what is told of it.
func (a *App) masking() func(*apiclient.Exchange) func(string) string {
	r := a.config.Redact
	return func(e *apiclient.Exchange) func(string) string {
		m := r.Masker()
		m.Learn(e)
		return m.Text
	}
}

// sent returns how the expectations stand with an answer that has just come, with
// the values that variables had when its request went out.
func (h *holding) sent(ctx context.Context, p *pass, e *apiclient.Exchange) []expect.Result {
	if h == nil || e.Request.Line == "" {
		return nil
	}
	list, err := p.session.Expectations(ctx, h.request, p.resolver)
	if err != nil {
		return []expect.Result{{Expression: "# @expect", Err: err}}
	}
	return h.check(ctx, list, e)
}

// against returns how the expectations stand with a saved answer. Those that have
// variables stand as they did when it came.
func (h *holding) against(ctx context.Context, e *apiclient.Exchange) []expect.Result {
	if h == nil || e.Request.Line == "" {
		return nil
	}
	list, err := h.file.Expectations(h.request)
	if err != nil {
		return []expect.Result{{Expression: "# @expect", Err: err}}
	}
	var results []expect.Result
	for _, x := range list {
		if len(x.Variables()) == 0 {
			results = append(results, h.check(ctx, []*expect.Expectation{x}, e)...)
			continue
		}
		for _, r := range h.before {
			if r.Expression == x.String() {
				results = append(results, r)
			}
		}
	}
	return results
}

func (h *holding) check(ctx context.Context, list []*expect.Expectation, e *apiclient.Exchange) []expect.Result {
	value, mask := expect.Value(e, suite.SchemaFaults(h.endpoint, e)), h.mask(e)
	results := make([]expect.Result, len(list))
	for i, x := range list {
		if results[i] = x.Check(ctx, value); !results[i].Holds {
			results[i] = results[i].Masked(mask)
		}
	}
	return results
}

// holdAgain holds the expectations against the answer that is shown, as they have
// changed.
func (a *App) holdAgain() tea.Cmd {
	e := a.desk.shown
	if e == nil {
		return nil
	}
	was, ok := a.files.sent[e.ID]
	h := a.holdingOf(was.place, was.results)
	if !ok || h == nil {
		a.panes.response.SetExpectations(nil)
		return nil
	}
	return func() tea.Msg { return expected{e.ID, h.against(context.Background(), e)} }
}

func (msg expected) handle(a *App) tea.Cmd {
	if a.desk.shown != nil && a.desk.shown.ID == msg.run {
		a.panes.response.SetExpectations(msg.results)
	}
	return nil
}

// mostSent bounds the runs of which it is known which request they were.
const mostSent = 10_000

// notePlace remembers which request a run was.
func (a *App) notePlace(run string, at place, results []expect.Result) {
	if run == "" || at == (place{}) {
		return
	}
	if a.files.sent == nil || len(a.files.sent) >= mostSent {
		a.files.sent = map[string]sentRun{}
	}
	a.files.sent[run] = sentRun{at, results}
}
