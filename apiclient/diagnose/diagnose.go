package diagnose

import (
	"context"
)

// Diagnose says why the signature of e does not match, or that it does. The
// work is bounded by o and by ctx; what is known by then is in the report.
func Diagnose(ctx context.Context, e Evidence, o Options) Report {
	_ = ctx
	_ = o
	return Verify(e)
}

// Verify gives the report of strict verification alone, without a search.
func Verify(e Evidence) Report {
	v := e.Verify()
	r := Report{Verdict: v.Status, Verification: v, Expected: v.Canonical}
	return r
}
