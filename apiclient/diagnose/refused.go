package diagnose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/apiclient/keys"
	"countersign/apiclient/refusal"
	"countersign/apiclient/signing"
)

// refuse turns the report on a request that verifies into one on its refusal,
// where the other side refused it for its signature. What is found in the answer
// stands first; what cannot be known from here follows as checks, the likeliest
// first.
func (r *Report) refuse(e *Evidence) {
	if r.Verdict != signing.Verified || e.Side != apiclient.RequestSide || !e.hasExchange() {
		return
	}
	refused, ok := e.Exchange.Refusal()
	if !ok {
		return
	}
	r.Verdict, r.Refusal = apiclient.SignatureRefused, &refused
	checks := e.checks(r, refused)
	if r.callback {
		checks = e.callbackChecks(r)
	}
	if c := r.Comparison; c != nil && !r.verifiedOnly {
		checks = slices.DeleteFunc(checks, func(f Finding) bool { return settled(c, f.Family) })
	}
	warnings := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Family == FamilyWarning })
	if warnings < 0 {
		warnings = len(r.Findings)
	}
	r.Findings = slices.Insert(r.Findings, warnings, checks...)
	r.dedupe()
}

// settled reports whether what the other side told answers a check: where their
// string is ours, only the key is left; where it is another one, that is the
// cause, and the key is not in question.
func settled(c *Comparison, family Family) bool {
	if c.Kind == ToldLength || c.Kind == ToldHeader {
		return false
	}
	if c.Matches {
		return family != FamilyKey
	}
	return family == FamilyKey || family == FamilyPath || family == FamilyTemplate
}

// certainOf says what is certain of a refused request.
func (r *Report) certainOf() string {
	what, who := "Our request", "the other side"
	if r.callback {
		what, who = "The callback", "our side"
	}
	says := what + " verifies with " + r.Signer.Key.ID
	if k := r.Signer.Key.Public; k != nil {
		says += ", " + keys.Fingerprint(k)
	}
	return says + ", and " + who + " refused its signature: " + said(*r.Refusal) + "."
}

func said(r apiclient.Refusal) string {
	message, _, more := strings.Cut(strings.TrimSpace(r.Message), "\n")
	if message = strings.TrimRight(english.Clipped(message, 120), ". "); more && !strings.HasSuffix(message, "…") {
		message += "…"
	}
	switch {
	case r.Code == "" || r.Code == r.Message:
		return "“" + message + "”"
	case message == "":
		return english.Clipped(r.Code, 80)
	}
	return english.Clipped(r.Code, 80) + ", “" + message + "”"
}

// checks returns what may be the reason for a refusal that cannot be seen from here,
// the likeliest first.
func (e *Evidence) checks(r *Report, refused apiclient.Refusal) []Finding {
	var list []Finding
	add := func(cause, says, fix string) { list = append(list, suspected(cause, says, fix)) }
	rule := e.values()
	switch refused.Fault {
	case refusal.Missing:
		add("signature_lost", "They say that there was no signature; ours was sent in the header "+signing.HeaderName+".",
			"Ask which header they read, and look whether something between the two sides removes or renames it.")
	case refusal.Expired:
		add("request_time_expired", "They say that it is too old; Request-Time was "+rule.Time+".",
			"Compare this computer's clock with theirs, and ask which form of time they read: milliseconds, seconds or ISO 8601.")
	case refusal.Invalid:
	}
	list = append(list, e.keyChecks(r, rule)...)
	if f, ok := e.pathCheck(rule); ok {
		list = append(list, f)
	}
	add("template_other", "They may build the string by another template than ours, "+e.drawnTemplate()+".",
		"Compare our string with the one that they build: ask them for it, its SHA-256 or its length. The profile's "+
			"content_template sets another one.")
	if via := e.Exchange.Response.Get("Via"); via != "" {
		add("changed_by_proxy", fmt.Sprintf("The answer came through a proxy (Via: %s), which may have changed path or body of the "+
			"request.", english.Clipped(via, 80)), "Ask them which path and which body arrived, and its SHA-256.")
	}
	return list
}

// keyChecks returns those of the public key that the other side holds.
func (e *Evidence) keyChecks(r *Report, rule signing.Content) []Finding {
	name := "our public key"
	if k := r.Signer.Key.Public; k != nil {
		name += " " + keys.Fingerprint(k)
	}
	version := "Our header names no keyVersion, so that they take the newest key that they have."
	if named := e.namedVersion(); named != "" {
		version = fmt.Sprintf("Our header names keyVersion %s, under which they may have another key.", named)
	}
	list := []Finding{
		suspected("key_not_registered", fmt.Sprintf("They may not have %s for Client-Id %s, or another key in its place.", name,
			cmp.Or(rule.ClientID, "(none)")),
			"Compare the fingerprint with that of the key which is registered there, and register this public key where it differs."),
		suspected("key_version_other", version, "Compare key_version in the profile with the version that they gave to our key."),
	}
	if host := hostOf(e.Exchange.URL); host != "" {
		list = append(list, suspected("environment_other", "The key or the Client-Id may belong to another environment than "+host+".",
			"Look whether both were made for this one: test with test, production with production."))
	}
	return list
}

// pathCheck names the other paths that they may sign: without the prefix, with
// a shorter one, and with those of other profiles.
func (e *Evidence) pathCheck(rule signing.Content) (Finding, bool) {
	if len(e.Prefixes) == 0 {
		return Finding{}, false
	}
	own := e.Prefixes[0]
	below, ok := strings.CutPrefix(rule.Target, own)
	requested := e.Exchange.Request.Path()
	if !ok {
		below, ok = strings.CutPrefix(requested, own)
	}
	if !ok || !strings.HasPrefix(below, "/") {
		return Finding{}, false
	}
	var paths, settings []string
	try := func(path, setting string) {
		if path != rule.Target && !slices.Contains(paths, path) && len(paths) < 4 {
			paths, settings = append(paths, path), append(settings, fmt.Sprintf("signed_path = %q", setting))
		}
	}
	try(below, "{path}")
	if at := strings.LastIndexByte(own, '/'); at > 0 {
		try(own[at:]+below, own[at:])
	}
	for _, prefix := range e.Prefixes[1:] {
		try(prefix+below, prefix)
	}
	try(requested, "")
	if len(paths) == 0 {
		return Finding{}, false
	}
	return suspected("path_prefix_other", fmt.Sprintf("They may sign another path than ours, %s: such as %s.",
		english.Clipped(rule.Target, 200), strings.Join(paths, " or ")),
		"Ask them which path they sign. In the profile, "+strings.Join(settings, " or ")+" makes it so."), true
}

// drawnTemplate returns the template of the string under test on one line.
func (e *Evidence) drawnTemplate() string {
	return strings.ReplaceAll(e.template().String(), "\n", "␊")
}

func hostOf(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}
