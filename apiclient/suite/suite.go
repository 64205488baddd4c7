// Package suite runs request files: files in order, requests in order, with the
// values that one answer sets for the next, and holds what must hold against every
// answer. It tells each result as it comes and knows nothing of who shows it.
//
// Without being told, a request expects that both signatures verify and that the
// answer follows its schema; one that is tampered with, that it is refused; one
// that is not signed on purpose, that a signature of the answer, if it has one,
// verifies.
package suite

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/english"
	"countersign/apiclient/expect"
	"countersign/apiclient/hint"
	"countersign/apiclient/requests"
	"countersign/apiclient/variables"
)

// File is a request file to run, and where its body files are.
type File struct {
	*requests.File
	Read requests.ReadFile
}

// Target sends with one profile.
type Target struct {
	Client   *apiclient.Client
	Resolver *variables.Resolver // its variables; that of the client's profile
}

// Options say how files are run.
type Options struct {
	Catalog *catalog.Catalog
	// Target returns what sends with a profile, "" for the one in use. It is called
	// often, and by several at once.
	Target func(ctx context.Context, profile string) (Target, error)
	Vars   map[string]string // they replace variables of files and profiles
	// Only are the requests of this name, * and ? as in file names, and those whose
	// values they need; "": all.
	Only     string
	Expect   []*expect.Expectation                         // of every answer, beside those in the files
	Bail     bool                                          // nothing more is sent after the first failure
	Repeat   int                                           // how often all is run; 0 means once
	Parallel int                                           // how many files at once; 0 means one
	Mask     func(*apiclient.Exchange) func(string) string // returns what masks an answer's values in what is told; nil: nothing is masked
	Allow    func(apiclient.Draft) error                   // refuses what must not be sent; nil: nothing is refused
	Observe  func(Result)                                  // called for each request as it begins and ends, one call at a time; nil: not
	Now      func() time.Time                              // nil: the real one
}

// runner is one run of all files.
type runner struct {
	Options
	files  []File
	chosen []map[*requests.Request]bool // of each file; nil: all
	faulty map[*requests.Request]bool   // whose expectations cannot be compiled
	failed atomic.Bool
	mu     sync.Mutex // of Observe
}

// Check finds what cannot be used in files, before anything is sent: what stands
// in the files themselves, variables without a value, body files that are not
// there, targets beyond the base URL. Requests that are not run do not count.
func Check(ctx context.Context, files []File, o Options) []error {
	r, list := newRunner(files, o)
	for i, f := range files {
		s := &requests.Session{File: f.File, Read: f.Read, Catalog: o.Catalog, Vars: o.Vars, Dry: true}
		for _, q := range f.Requests {
			if q.Disabled || q.Foreign != "" {
				s.Passed(q) // those that need its values are skipped
			}
			if !r.runs(i, q) {
				continue
			}
			t, err := o.Target(ctx, f.ProfileName(q))
			if err != nil {
				list = append(list, fmt.Errorf("%s: %w", place(f, q), err))
				continue
			}
			resolver := s.Resolver(t.Resolver)
			if _, _, err := s.Draft(ctx, q, resolver); err != nil {
				list = append(list, err)
			}
			if _, ok := r.faulty[q]; !ok {
				if _, err := s.Expectations(ctx, q, resolver); err != nil {
					list = append(list, err)
				} else if _, err := s.Assignments(ctx, q, resolver); err != nil {
					list = append(list, err)
				}
			}
			s.Passed(q)
		}
	}
	return list
}

func place(f File, q *requests.Request) string { return fmt.Sprintf("%s:%d", f.Name, q.Line) }

// newRunner chooses the requests and compiles their expectations.
func newRunner(files []File, o Options) (*runner, []error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	r := &runner{Options: o, files: files, faulty: map[*requests.Request]bool{}}
	var list []error
	found := o.Only == ""
	var names []string
	for _, f := range files {
		for _, e := range f.Check(o.Catalog) {
			list = append(list, e)
		}
		var chosen map[*requests.Request]bool
		if o.Only != "" {
			chosen = map[*requests.Request]bool{}
			for _, q := range f.Requests {
				names = append(names, q.Label())
				if matches(o.Only, q.Name) || matches(o.Only, q.Title) {
					f.Needed(q, chosen, f.Read)
					found = true
				}
			}
		}
		r.chosen = append(r.chosen, chosen)
		for _, q := range f.Requests {
			if _, err := f.Expectations(q); err != nil {
				r.faulty[q] = true // Check of the file tells it
			}
		}
	}
	if !found {
		fix := "its requests are " + strings.Join(names[:min(len(names), 20)], ", ")
		if near := english.Nearest(o.Only, names); near != "" {
			fix = fmt.Sprintf("did you mean %q?", near)
		}
		list = append(list, &hint.Error{Says: fmt.Sprintf("no request has the name %q", o.Only), Fix: fix})
	}
	return r, list
}

func matches(pattern, name string) bool {
	if name == "" {
		return false
	}
	ok, err := path.Match(pattern, name)
	return pattern == name || ok && err == nil
}

// runs reports whether a request of a file is to be run.
func (r *runner) runs(file int, q *requests.Request) bool {
	return !q.Disabled && q.Foreign == "" && (r.chosen[file] == nil || r.chosen[file][q])
}

// Run runs the files and returns the results in the order of the files, round by
// round. It does not check them first: see Check.
func Run(ctx context.Context, files []File, o Options) []Result {
	r, _ := newRunner(files, o)
	rounds, workers := max(1, o.Repeat), max(1, o.Parallel)
	all := make([][]Result, rounds*len(files))
	for round := range rounds {
		var wg sync.WaitGroup
		next := make(chan int)
		for range min(workers, len(files)) {
			wg.Go(func() {
				for i := range next {
					all[round*len(files)+i] = r.file(ctx, i, round+1)
				}
			})
		}
		for i := range files {
			next <- i
		}
		close(next)
		wg.Wait()
	}
	return slices.Concat(all...)
}

// file runs the requests of a file.
func (r *runner) file(ctx context.Context, i, round int) []Result {
	f := r.files[i]
	s := &requests.Session{File: f.File, Read: f.Read, Catalog: r.Catalog, Vars: r.Vars}
	var results []Result
	for _, q := range f.Requests {
		if r.chosen[i] != nil && !r.chosen[i][q] {
			continue
		}
		out := Result{File: f.Name, Name: q.Label(), Line: q.Line, Round: round, Status: Running}
		r.tell(out)
		begun := r.Now()
		r.request(ctx, f, s, q, &out)
		out.Took = r.Now().Sub(begun)
		out.mask(r.Mask)
		switch out.Status {
		case Failed:
			r.failed.Store(true)
			s.Failed(q, "failed")
		case Skipped:
			s.Failed(q, "was skipped")
		}
		r.tell(out)
		results = append(results, out)
	}
	return results
}

func (r *runner) tell(out Result) {
	if r.Observe == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Observe(out)
}

// request sends one request and judges its answer.
func (r *runner) request(ctx context.Context, f File, s *requests.Session, q *requests.Request, out *Result) {
	skip := func(format string, args ...any) { out.Status, out.Why = Skipped, fmt.Sprintf(format, args...) }
	switch {
	case ctx.Err() != nil:
		skip("canceled")
		return
	case r.Bail && r.failed.Load():
		skip("another request failed before")
		return
	case q.Disabled:
		skip("it is disabled")
		return
	case q.Foreign != "":
		skip("not known here: %s", q.Foreign)
		return
	}
	fail := func(err error) {
		out.Status = Failed
		out.Failures = append(out.Failures, Failure{Unusable, err.Error(), hint.Of(err)})
	}
	t, err := r.Target(ctx, f.ProfileName(q))
	if err != nil {
		fail(err)
		return
	}
	resolver := s.Resolver(t.Resolver)
	d, endpoint, err := s.Draft(ctx, q, resolver)
	var expects []*expect.Expectation
	if err == nil {
		expects, err = s.Expectations(ctx, q, resolver)
	}
	var missing *requests.Missing
	if errors.As(err, &missing) {
		skip("%v", missing)
		return
	}
	if err != nil {
		fail(err)
		return
	}
	if r.Allow != nil {
		if err := r.Allow(d); err != nil {
			fail(err)
			return
		}
	}
	e := t.Client.Send(ctx, d, apiclient.FromTest)
	if e.Request.Line == "" {
		fail(&hint.Error{Says: e.Err, Fix: e.Hint})
		return
	}
	out.Exchange = &e
	out.Failures = r.judge(ctx, q, endpoint, &e, expects)
	if out.Status = Passed; len(out.Failures) == 0 {
		if err := s.Took(ctx, q, &e, resolver); err != nil {
			out.Failures = append(out.Failures, Failure{Unmet, err.Error(), hint.Of(err)})
		}
	}
	if len(out.Failures) > 0 {
		out.Status = Failed
	}
}
