package diagnose

import (
	"fmt"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// valueFindings say what is wrong with the header and the spelling of its
// value.
func (e *Evidence) valueFindings(r *Report) []Finding {
	v := r.Verification
	switch v.Status {
	case signing.Unsigned:
		f := Finding{Cause: "signature_missing", Family: FamilyResponse, Proven: true, Says: v.Reason, Fix: v.Hint}
		if e.Side == apiclient.RequestSide {
			f.Family = FamilyHeader
		}
		for _, w := range v.Warnings {
			f.Cause = w.Cause
		}
		if e.Side == apiclient.ResponseSide && f.Cause == "signature_missing" {
			f.Fix = "Treat it as not verified, whatever it says: the signature is often left out where the request " +
				"itself was refused, so look at that first."
		}
		return []Finding{f}
	case signing.Undecodable:
		return e.misspelt(v)
	}
	return nil
}

// misspelt lists the faults of a value in the order in which they were undone.
func (e *Evidence) misspelt(v signing.Verdict) []Finding {
	var list []Finding
	if v.Repaired != nil {
		length := ""
		if n := len(v.Repaired.Signature); n > 0 {
			length = fmt.Sprintf("; read so, it has %d bytes", n)
		}
		for i, cause := range v.Repaired.Causes {
			says, fix := signing.Fault(cause)
			if i == 0 || says == "" {
				says, fix = v.Repaired.Says, v.Repaired.Fix
			}
			list = append(list, Finding{Cause: cause, Family: familyOf(cause), Proven: true,
				Says: upperFirst(says) + length + ".", Fix: e.toSigner(upperFirst(fix) + ".")})
		}
		return list
	}
	for _, w := range v.Warnings {
		if f := familyOf(w.Cause); f == FamilyValue || f == FamilyHeader {
			list = append(list,
				Finding{Cause: w.Cause, Family: f, Proven: true, Says: w.Says, Fix: e.toSigner(v.Hint)})
		}
	}
	if len(list) == 0 {
		list = append(list,
			Finding{Cause: "signature_corrupted", Family: FamilyValue, Says: v.Reason, Fix: e.toSigner(v.Hint)})
	}
	return list
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
