package requests

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/expect"
	"countersign/apiclient/hint"
	"countersign/apiclient/variables"
)

// Session is one pass over a file: it knows the values of the file's variables,
// those that answers have set, and the answers themselves. A value that is made up
// for a variable of the file, as in @id = {{uuid}}, stays the same in a session. It
// is safe for concurrent use.
type Session struct {
	File    *File
	Read    ReadFile
	Catalog *catalog.Catalog
	Vars    map[string]string // given by the person: they replace what the file and the profile say
	// History finds the newest answered exchange of an endpoint, for a value of a
	// request that was not sent in this session; nil: there is none.
	History func(ctx context.Context, endpoint string) (*apiclient.Exchange, error)
	// Dry stands in for values of answers, to find faults before anything is sent.
	Dry bool

	mu      sync.Mutex
	kept    map[string]string              // values of the file's variables
	set     map[string]variables.Value     // by # @set
	missing map[string]*Missing            // names that no answer has set
	answers map[string]*apiclient.Exchange // by request name
	within  []string                       // variables whose values are being found
	base    *variables.Resolver
}

// Missing is the error for a value of a request that failed, or was not sent.
type Missing struct {
	Variable string
	Request  string // that should have given it
	Line     int
	Why      string // "failed", "was skipped"
}

func (e *Missing) Error() string {
	return fmt.Sprintf("%s comes from %s in line %d, which %s", e.Variable, e.Request, e.Line, e.Why)
}

// Hint says what to do.
func (e *Missing) Hint() string {
	if e.Why == "was not sent" {
		return "send " + e.Request + " first"
	}
	return "see why " + e.Request + " " + e.Why
}

// Resolver returns a resolver that knows the variables of the session too. base is
// not changed.
func (s *Session) Resolver(base *variables.Resolver) *variables.Resolver {
	r := base.Fresh()
	r.Values = func(ctx context.Context, name string) (variables.Value, bool, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.base, s.within = base, s.within[:0]
		return s.value(ctx, name)
	}
	return r
}

// value returns the value of a variable; ok is false where it is not the
// session's.
func (s *Session) value(ctx context.Context, name string) (v variables.Value, ok bool, err error) {
	if text, ok := s.Vars[name]; ok {
		v.Text, err = s.expanded(ctx, "--var "+name, text)
		return v, true, err
	}
	if below, ok := strings.CutPrefix(name, "vars."); ok {
		if text, ok := s.Vars[below]; ok {
			v.Text, err = s.expanded(ctx, "--var "+below, text)
			return v, true, err
		}
	}
	if v, ok := s.set[name]; ok {
		return v, true, nil
	}
	if m := s.missing[name]; m != nil {
		return v, false, m
	}
	if s.Dry && strings.HasPrefix(name, "last.") {
		return stand, true, nil
	}
	for _, variable := range slices.Backward(s.File.Variables) {
		if variable.Name == name {
			v.Text, err = s.expanded(ctx, name, variable.Value)
			return v, true, err
		}
	}
	for _, r := range s.File.Requests {
		if slices.Contains(r.setNames(), name) {
			return s.fromHistory(ctx, r, name)
		}
	}
	return s.reference(ctx, name)
}

// maxWithin is how deep variables may lead to others.
const maxWithin = 20

// enter notes that the value of a variable is being found; leave ends that. It fails
// where the value leads back to itself.
func (s *Session) enter(name string) (leave func(), err error) {
	if slices.Contains(s.within, name) || len(s.within) == maxWithin {
		return nil, &hint.Error{Says: "it leads back to itself: " + strings.Join(append(s.within, name), " → "),
			Fix: "give one of them a value"}
	}
	s.within = append(s.within, name)
	return func() { s.within = s.within[:len(s.within)-1] }, nil
}

// inner is a resolver for use while the session is locked.
func (s *Session) inner() *variables.Resolver {
	inner := s.base.Fresh()
	inner.Values = s.value
	return inner
}

// expanded replaces the variables of a value, once in a session. What is of a
// profile is another value for each.
func (s *Session) expanded(ctx context.Context, name, text string) (string, error) {
	if !variables.Has([]byte(text)) {
		return text, nil
	}
	key := name
	if strings.Contains(text, "profile.") || strings.Contains(text, "vars.") {
		key = s.base.Profile.Name + "\x00" + name
	}
	if value, ok := s.kept[key]; ok {
		return value, nil
	}
	leave, err := s.enter(name)
	if err != nil {
		return "", err
	}
	defer leave()
	out, err := s.inner().Expand(ctx, []byte(text))
	if err != nil {
		return "", err
	}
	if len(out) > maxValue {
		return "", &hint.Error{Says: fmt.Sprintf("its value is longer than %d kB", maxValue>>10),
			Fix: "put it into a body file"}
	}
	if s.kept == nil {
		s.kept = map[string]string{}
	}
	s.kept[key] = string(out)
	return string(out), nil
}

// maxValue bounds the value of a variable: those that hold others grow fast.
const maxValue = 1 << 20

// fromHistory evaluates a # @set of a request on its newest saved answer.
func (s *Session) fromHistory(ctx context.Context, r *Request, name string) (variables.Value, bool, error) {
	e, err := s.saved(ctx, r, name)
	if err != nil {
		return variables.Value{}, false, err
	}
	leave, err := s.enter("# @set " + name)
	if err != nil {
		return variables.Value{}, false, err
	}
	defer leave()
	list, err := s.Assignments(ctx, r, s.inner())
	if err != nil {
		return variables.Value{}, false, err
	}
	for _, x := range list {
		if x.Name == name {
			v, err := x.Value(ctx, e)
			return v, err == nil, err
		}
	}
	return variables.Value{}, false, nil
}

// saved is the newest answer of a request that was not sent in this session.
func (s *Session) saved(ctx context.Context, r *Request, name string) (*apiclient.Exchange, error) {
	not := &Missing{Variable: name, Request: r.Label(), Line: r.Line, Why: "was not sent"}
	if s.History == nil {
		return nil, not
	}
	endpoint, err := s.File.endpoint(r, r.Target, s.Catalog)
	if err != nil || endpoint.ID == "" {
		return nil, not
	}
	e, err := s.History(ctx, endpoint.ID)
	if err != nil {
		return nil, err
	}
	if e == nil {
		return nil, not
	}
	return e, nil
}

// Took takes the answer of a request whose expectations hold: what it sets is known
// from now on. The error is of a # @set that finds nothing.
func (s *Session) Took(ctx context.Context, r *Request, e *apiclient.Exchange, resolver *variables.Resolver) error {
	list, err := s.Assignments(ctx, r, resolver)
	if err != nil {
		return err
	}
	found := map[string]variables.Value{}
	for _, x := range list {
		v, err := x.Value(ctx, e)
		if err != nil {
			return err
		}
		found[x.Name] = v
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(r, found, e)
	return nil
}

// keep keeps what a request set, and its answer.
func (s *Session) keep(r *Request, set map[string]variables.Value, e *apiclient.Exchange) {
	if s.set == nil {
		s.set, s.answers = map[string]variables.Value{}, map[string]*apiclient.Exchange{}
	}
	for name, v := range set {
		s.set[name] = v
		delete(s.missing, name)
	}
	for _, name := range []string{r.Name, r.Title} {
		if name != "" {
			s.answers[name] = e
			delete(s.missing, name)
		}
	}
}

// Expectations returns those of a request with the values of their variables. The
// error is an *Error, or wraps a *Missing.
func (s *Session) Expectations(ctx context.Context, r *Request,
	resolver *variables.Resolver) ([]*expect.Expectation, error) {
	list, err := s.File.Expectations(r)
	if err != nil {
		return nil, err
	}
	for i, x := range list {
		if list[i], err = s.bound(ctx, x, resolver); err != nil {
			return nil, s.File.causedAt(s.File.directiveAt(r, "expect", i), "", err)
		}
	}
	return list, nil
}

// Assignments returns the # @set of a request with the values of their variables.
// The error is an *Error, or wraps a *Missing.
func (s *Session) Assignments(ctx context.Context, r *Request, resolver *variables.Resolver) ([]Assignment, error) {
	list, err := s.File.Sets(r)
	if err != nil {
		return nil, err
	}
	for i, x := range list {
		if list[i].Expression, err = s.bound(ctx, x.Expression, resolver); err != nil {
			return nil, s.File.causedAt(s.File.directiveAt(r, "set", i), "", err)
		}
	}
	return list, nil
}

// bound binds the variables of an expression to their values.
func (s *Session) bound(ctx context.Context, x *expect.Expectation,
	resolver *variables.Resolver) (*expect.Expectation, error) {
	names := x.Variables()
	if len(names) == 0 {
		return x, nil
	}
	values := make([]string, len(names))
	for i, name := range names {
		text, err := resolver.Expand(ctx, []byte("{{"+name+"}}"))
		var unset *variables.Error
		if errors.As(err, &unset) {
			return nil, &hint.Error{Says: fmt.Sprintf("the variable {{%s}} %s", name, unset.Says), Fix: unset.Hint(),
				Err: err}
		}
		if err != nil {
			return nil, err
		}
		values[i] = string(text)
	}
	return x.With(values), nil
}

// directiveAt is where the value of the nth directive of a name stands.
func (f *File) directiveAt(r *Request, name string, n int) int {
	for _, d := range r.Directives {
		if d.Name == name {
			if n == 0 {
				return d.value
			}
			n--
		}
	}
	return r.line.From
}

// Passed is Took for a dry session: what the request would set stands for
// something.
func (s *Session) Passed(r *Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	set := map[string]variables.Value{}
	for _, name := range r.setNames() {
		set[name] = stand
	}
	s.keep(r, set, &apiclient.Exchange{})
}

// stand stands in for a value of an answer.
var stand = variables.Value{Text: "0", Foreign: true}

// Failed says that a request has no answer to take values from, and why: those
// that need them have an error, a *Missing.
func (s *Session) Failed(r *Request, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.missing == nil {
		s.missing = map[string]*Missing{}
	}
	for _, name := range append(r.setNames(), r.Name, r.Title) {
		if name != "" {
			s.missing[name] = &Missing{Variable: name, Request: r.Label(), Line: r.Line, Why: why}
			delete(s.set, name)
			delete(s.answers, name)
		}
	}
}
