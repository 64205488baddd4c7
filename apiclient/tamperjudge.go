package apiclient

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Reaction is what the other side did with a tampered request.
type Reaction string

// Reactions to a tampered request.
const (
	NoReaction       Reaction = ""         // nothing was tampered, or nothing was answered
	Refused          Reaction = "refused"  // for a reason that fits
	RefusedOtherwise Reaction = "other"    // refused, but with a code that need not be about what was tampered
	Undecided        Reaction = "unclear"  // the answer says neither
	Accepted         Reaction = "accepted" // it was carried out all the same: the other side does not check
)

// Reaction tells how the other side took a tampered request. Only an answer can
// tell; a code of the interface itself, such as ORDER_NOT_EXIST, shows that the
// request was looked at, and nothing about the check.
func (e *Exchange) Reaction() Reaction {
	if len(e.Tampered) == 0 || e.Response == nil || e.Response.Line == "" {
		return NoReaction
	}
	http := e.Response.Status()
	switch e.Result.Status {
	case "S", "A":
		return Accepted
	case "F":
		if e.refusalFits() || http >= 400 && http < 500 {
			return Refused
		}
		return RefusedOtherwise
	case "U":
		return Undecided
	}
	if http >= 400 && http < 500 {
		return Refused
	}
	return Undecided
}

// TamperedOnPurpose reports whether a tamper made the request wrong, so that a
// refusal is what is wanted. Headers that were set or left out are no such tamper.
func (e *Exchange) TamperedOnPurpose() bool {
	return slices.ContainsFunc(e.Tampered, func(name string) bool { return !strings.Contains(name, ":") })
}

func (e *Exchange) refusalFits() bool {
	code := strings.ToUpper(strings.TrimSpace(e.Result.Code))
	return slices.ContainsFunc(e.Tampered, func(name string) bool {
		return slices.Contains(TamperOf(name).Codes, code) || strings.Contains(code, "SIGN")
	})
}

// tamperedFindings say on the request what was made wrong on purpose.
func tamperedFindings(names []string) []Finding {
	findings := make([]Finding, 0, len(names))
	for _, name := range names {
		s := TamperOf(name)
		findings = append(findings, Finding{Side: RequestSide, Cause: "tampered_" + causePart(name), Severity: Warn,
			Says: "Tampered with on purpose: " + s.Says, Hint: "Expected: " + s.Expect})
	}
	return findings
}

// causePart keeps a cause free of what a header's name may hold.
func causePart(name string) string {
	name, _, _ = strings.Cut(name, ":")
	return name
}

// judgeTampered says on the answer whether the other side noticed.
func judgeTampered(e *Exchange) []Finding {
	checks := make([]string, 0, len(e.Tampered))
	for _, name := range e.Tampered {
		if c := TamperOf(name).Checks; !slices.Contains(checks, c) {
			checks = append(checks, c)
		}
	}
	unchecked := strings.Join(checks, ", nor ")
	code := strings.TrimSpace(e.Result.Status + " " + e.Result.Code)
	f := Finding{Side: ResponseSide}
	other, tell := "The other side", "Tell the other side, with this run: what it does not check, anybody can forge. "+
		"If money moved, undo it."
	if e.Origin.AsPlatform() {
		other, tell = "Your server", "What it does not check, anybody can forge: let it verify the signature over the "+
			"bytes that arrived, before all else."
	}
	switch e.Reaction() {
	case Accepted:
		f.Cause, f.Severity = "tampered_accepted", Problem
		f.Says = fmt.Sprintf("%s ACCEPTED a request that was tampered with (%s): it does not check %s.", other,
			TamperTitles(e.Tampered), unchecked)
		f.Hint = tell
		if !slices.ContainsFunc(e.Tampered, func(name string) bool { return name != TamperedOmission+HeaderMerchantID }) {
			f.Severity, f.Hint = Warn, "Some Super Apps do not want it, and it is not signed: ask whether that is so here."
		}
	case Refused:
		f.Cause, f.Severity = "tampered_refused", Good
		f.Says = fmt.Sprintf("%s refused it, as it should (%s).", other,
			cmp.Or(code, "HTTP "+statusCode(e.Response.Line)))
	case RefusedOtherwise:
		f.Cause, f.Severity = "tampered_refused_otherwise", Warn
		f.Says = fmt.Sprintf("It was refused with %s, which need not be about what was tampered with: %s "+
			"may not check %s.", e.Result.Code, lowerFirst(other), unchecked)
		f.Hint = "Send the same request as it should be: where it is refused in the same way, the tampering was not noticed."
	case Undecided:
		f.Cause, f.Severity = "tampered_undecided", Warn
		f.Says = fmt.Sprintf("The answer (%s) does not say whether %s noticed what was tampered.",
			cmp.Or(code, "HTTP "+statusCode(e.Response.Line)), lowerFirst(other))
		f.Hint = "Query the outcome: it may have been carried out."
	default:
		return nil
	}
	return []Finding{f}
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
