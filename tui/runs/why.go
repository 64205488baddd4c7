package runs

// WhyAsked asks why the signatures of a run do not match.
type WhyAsked struct{ ID string }

// Unverified reports whether the run under the cursor has a signature that
// does not verify.
func (p *Pane) Unverified() bool {
	r, ok := p.current()
	return ok && (check(r.Sent) == "✗" || check(r.Received) == "✗")
}
