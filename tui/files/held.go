package files

import (
	"context"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/expect"
	"countersign/apiclient/redact"
	"countersign/apiclient/requests"
	"countersign/apiclient/suite"
	"countersign/apiclient/workspace"
)

// Held holds the expectations of a request against its answer.
type Held struct {
	file     *workspace.File
	request  *requests.Request
	endpoint catalog.Endpoint
	before   []expect.Result // how they stood when it was sent
	mask     Mask
}

// Mask returns what masks the secrets of an exchange in what is reported of it; of nil,
// where nothing was sent.
type Mask func(*apiclient.Exchange) func(string) string

// Masking returns the Mask of what is to be redacted.
func Masking(r redact.Redactor) Mask {
	return func(e *apiclient.Exchange) func(string) string {
		m := r.Masker()
		if e != nil {
			m.Learn(e)
		}
		return m.Text
	}
}

// Hold returns what is expected of a request, whose endpoint is e; nil where it
// expects nothing. before is how that stood when it was sent.
func (f *Files) Hold(at Place, before []expect.Result, e catalog.Endpoint, mask Mask) *Held {
	file, r := f.Find(at)
	if r == nil || len(r.Get("expect")) == 0 {
		return nil
	}
	return &Held{file: file, request: r, endpoint: e, before: before, mask: mask}
}

// Sent returns how the expectations stand with an answer that has just come, with
// the values that variables had when its request went out.
func (h *Held) Sent(ctx context.Context, p *Pass, e *apiclient.Exchange) []expect.Result {
	if h == nil || e.Request.Line == "" {
		return nil
	}
	list, err := p.session.Expectations(ctx, h.request, p.resolver)
	if err != nil {
		return []expect.Result{{Expression: "# @expect", Err: err}}
	}
	return h.check(ctx, list, e)
}

// Against returns how the expectations stand with a saved answer. Those that have
// variables stand as they did when it came.
func (h *Held) Against(ctx context.Context, e *apiclient.Exchange) []expect.Result {
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

func (h *Held) check(ctx context.Context, list []*expect.Expectation, e *apiclient.Exchange) []expect.Result {
	value, mask := expect.Value(e, suite.SchemaFaults(h.endpoint, e)), h.mask(e)
	results := make([]expect.Result, len(list))
	for i, x := range list {
		if results[i] = x.Check(ctx, value); !results[i].Holds {
			results[i] = results[i].Masked(mask)
		}
	}
	return results
}

// Sent is a run of a request of a file.
type Sent struct {
	Place
	Results []expect.Result // how its expectations stood then
}

// mostSent bounds the runs of which it is known which request they were.
const mostSent = 10_000

// Note remembers which request a run was, by the ID of the run.
func (f *Files) Note(run string, at Place, results []expect.Result) {
	if run == "" || at == (Place{}) {
		return
	}
	if f.sent == nil || len(f.sent) >= mostSent {
		f.sent = map[string]Sent{}
	}
	f.sent[run] = Sent{at, results}
}

// SentAs returns which request a run was, where that is known.
func (f *Files) SentAs(run string) (Sent, bool) {
	s, ok := f.sent[run]
	return s, ok
}
