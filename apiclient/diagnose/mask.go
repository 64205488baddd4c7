package diagnose

import "bytes"

// Masked returns the report with what it quotes of the exchange masked. Digests and
// signatures stay: they still prove what was signed. r itself is not changed.
func (r *Report) Masked(mask func([]byte) []byte) Report {
	m := *r
	m.kept = &original{r.SignedSHA256(), len(r.Signed), len(r.Expected)}
	if r.kept != nil {
		m.kept = r.kept
	}
	text := func(s string) string { return string(mask([]byte(s))) }
	m.Expected, m.Verification.Canonical = mask(r.Expected), mask(r.Verification.Canonical)
	m.Verification.Reason = text(r.Verification.Reason)
	if r.Signed != nil {
		m.Signed = mask(bytes.Clone(r.Signed))
	}
	m.Findings, m.theirs = maskFindings(r.Findings, text), maskFindings(r.theirs, text)
	if r.Comparison != nil {
		c := *r.Comparison
		c.Says, c.Told = text(c.Says), mask(c.Told)
		m.Comparison = &c
	}
	if r.Refusal != nil {
		refusal := *r.Refusal
		refusal.Message = text(refusal.Message)
		m.Refusal = &refusal
	}
	if r.elsewhere != nil {
		m.elsewhere = &maskFindings([]Finding{*r.elsewhere}, text)[0]
	}
	return m
}

func maskFindings(list []Finding, text func(string) string) []Finding {
	var masked []Finding
	for _, f := range list {
		f.Says, f.Fix, f.Signed, f.Expected = text(f.Says), text(f.Fix), text(f.Signed), text(f.Expected)
		masked = append(masked, f)
	}
	return masked
}

// Lengths returns how many bytes were signed, and how many the rule gives, masked or
// not.
func (r *Report) Lengths() (signed, expected int) {
	if r.kept != nil {
		return r.kept.signed, r.kept.expected
	}
	return len(r.Signed), len(r.Expected)
}
