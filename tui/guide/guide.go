// Package guide leads a newcomer from the first send to the first explained fault
// and back, a step at a time.
package guide

import (
	"slices"

	"countersign/tui/keymap"
)

// Facts are what a step depends on.
type Facts struct {
	Ready     bool         // requests can be sent
	Sandboxed bool         // requests go to the built-in Super App
	BaseURL   string       // else where they go
	Focus     keymap.Scope // the pane that is looked at
	Typing    bool         // keys are text

	Missing string // parameters that have no value yet, in words

	Sent        bool // an exchange is on the screen
	Signed      bool // both of its signatures verify
	Verified    bool // and nothing else is wrong with it
	Unexplained bool // it has a signature that can be explained

	Tampers int  // how many ways the request is tampered in
	Same    bool // the exchange was tampered in the same ways
	Changed bool // the headers were changed on purpose

	Misbehaves bool // the built-in Super App was asked to
}

// Steps that a newcomer is shown, once each.
const (
	Send     = "send"
	Break    = "break"
	Diagnose = "diagnose"
	Fix      = "fix"
	More     = "more"
)

// step is one thing that a newcomer is shown. Keys are named by their actions.
type step struct {
	name string
	due  func(Facts) bool
	says func(Facts) string
}

// steps are in their order: the first that is neither done nor too early is
// shown.
var steps = []step{
	{Send, func(f Facts) bool { return f.Ready }, func(f Facts) string {
		where := "to the built-in Super App: nothing leaves this machine"
		if !f.Sandboxed {
			where = "to " + f.BaseURL
		}
		if f.Missing != "" {
			return "{request.parameters} in the request fills in " + f.Missing + "; then {send} signs and sends it " + where
		}
		return "{send} signs this request and sends it " + where
	}},
	{Break, func(f Facts) bool { return f.Sandboxed && f.Signed }, func(f Facts) string {
		switch {
		case f.Tampers > 0 && f.Same:
			return "This fault leaves the signature right: {focus.headers}, then {headers.reset} takes it back and " +
				"{headers.tamper} chooses another, such as path signed without prefix"
		case f.Tampers > 0:
			return "The request is tampered with on purpose: {send} sends it so, to the built-in Super App"
		case f.Typing:
			return "It verifies, both ways. Now break it: {cancel}, then {focus.headers} goes to the headers, " +
				"where {headers.tamper} tampers with the request"
		case f.Focus == keymap.Headers:
			return "{headers.tamper} lists ways to make the request wrong: {lists.tick} chooses the first " +
				"(path signed without prefix), {send} sends it"
		}
		return "It verifies, both ways. Now break it: {focus.headers} goes to the headers, where {headers.tamper} tampers " +
			"with the request"
	}},
	{Diagnose, func(f Facts) bool { return f.Unexplained }, func(Facts) string {
		return "{diagnose} says why a signature is refused, and proves it"
	}},
	{Fix, func(f Facts) bool { return f.Sandboxed && f.Sent && !f.Verified }, func(f Facts) string {
		switch {
		case f.Misbehaves:
			return "The Super App misbehaves as it was asked to: {faults}, then {lists.clear} ends that, and {send} sends again"
		case f.Focus == keymap.Diagnosis:
			return "{cancel} leaves the diagnosis; then {headers.reset} in the headers takes the fault back, and {send} sends " +
				"again"
		case !f.Changed:
			return "{send} sends the request again, as it should be"
		case f.Focus != keymap.Headers:
			return "{focus.headers} goes to the headers, where {headers.reset} takes the fault back; then {send} sends again"
		}
		return "{headers.reset} takes back what was tampered with; then {send} sends again"
	}},
	{More, func(f Facts) bool { return f.Verified }, func(Facts) string {
		return "{palette} runs anything by its name, {help} shows the keys of each place, {hints-off} ends these hints"
	}},
}

// Guide knows which steps are done.
type Guide struct{ done []string }

// New begins after the steps that were done before.
func New(done []string) Guide { return Guide{slices.Clone(done)} }

// Done lists the steps that are done.
func (g *Guide) Done() []string { return slices.Clone(g.done) }

// Learn notes that a step is done. It reports whether that is new.
func (g *Guide) Learn(name string) bool {
	if slices.Contains(g.done, name) {
		return false
	}
	g.done = append(g.done, name)
	return true
}

// LearnAll notes that all steps are done.
func (g *Guide) LearnAll() {
	for _, s := range steps {
		g.Learn(s.name)
	}
}

// LearnFrom notes the steps that an exchange shows to be done. It reports whether
// any is new.
func (g *Guide) LearnFrom(f Facts) bool {
	learned := g.Learn(Send)
	switch {
	case !f.Signed:
		learned = g.Learn(Break) || learned
	case f.Verified && slices.Contains(g.done, Diagnose):
		learned = g.Learn(Fix) || learned
	}
	return learned
}

// Next returns the text of the next step; "" where there is none, or it is too
// early for it.
func (g *Guide) Next(f Facts) string {
	for _, s := range steps {
		if slices.Contains(g.done, s.name) {
			continue
		}
		if s.due(f) {
			return s.says(f)
		}
		return ""
	}
	return ""
}
