package suite

import (
	"time"

	"countersign/apiclient"
)

// Status is how a request stands.
type Status string

// Statuses of a request.
const (
	Running Status = "running"
	Passed  Status = "passed"
	Failed  Status = "failed"
	Skipped Status = "skipped"
)

// Result is how one request of a file ended.
type Result struct {
	File, Name string
	Line       int // of its request line
	Round      int // from 1, of Options.Repeat
	Status     Status
	Failures   []Failure           // why it failed
	Why        string              // why it was skipped
	Exchange   *apiclient.Exchange // nil where nothing was sent
	Took       time.Duration
}

// mask masks what is told of a request. Its bodies and headers stay as they are.
func (r *Result) mask(of func(*apiclient.Exchange) func(string) string) {
	if of == nil {
		return
	}
	mask := of(r.Exchange)
	for i, f := range r.Failures {
		r.Failures[i].Says, r.Failures[i].Hint = mask(f.Says), mask(f.Hint)
	}
	r.Why = mask(r.Why)
	if r.Exchange != nil {
		e := *r.Exchange
		e.Err, e.Hint, e.Result.Message = mask(e.Err), mask(e.Hint), mask(e.Result.Message)
		r.Exchange = &e
	}
}

// OfRun is the result for a saved run that was judged; of returns what masks what is
// told of it, nil: nothing is masked.
func OfRun(name string, e *apiclient.Exchange, failures []Failure,
	of func(*apiclient.Exchange) func(string) string) Result {
	r := Result{File: "runs", Name: name, Exchange: e, Failures: failures, Status: Passed}
	if len(failures) > 0 {
		r.Status = Failed
	}
	r.mask(of)
	return r
}

// Kind says what failed.
type Kind string

// Kinds of a failure, in the order in which they count for the whole.
const (
	Unusable   Kind = "unusable"   // the file says something that cannot be sent
	Unverified Kind = "unverified" // a signature that is due does not verify, or was refused
	Unmet      Kind = "expectation"
	Schema     Kind = "schema"
	Broken     Kind = "error" // no answer, or not the whole of it
)

// Failure is one reason why a request failed.
type Failure struct {
	Kind Kind
	Says string
	Hint string // how to fix it; "" where nothing is known
}
