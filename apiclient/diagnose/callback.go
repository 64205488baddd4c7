package diagnose

import (
	"fmt"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/apiclient/keys"
)

// weSign reports whether the message under test is one that our side signs: a
// request of ours, or the answer to a callback. Else the other side signs, and
// the reader of the report verifies.
func (e *Evidence) weSign() bool { return (e.Side != apiclient.ResponseSide) != (e.caller != "") }

// toSigner directs what the signer has to do to who reads it.
func (e *Evidence) toSigner(fix string) string {
	if e.weSign() || fix == "" {
		return fix
	}
	return "This is for the other side to change: " + strings.ToLower(fix[:1]) + fix[1:]
}

// callback says that this is one.
func (e *Evidence) callback() []Finding {
	if e.caller == "" {
		return nil
	}
	return []Finding{{
		Cause: "callback", Family: FamilyWarning, Proven: true,
		Says: apiclient.SaysCallback(e.caller),
	}}
}

// callbackChecks are what may be the reason for which our server refused a callback
// that verifies, the likeliest first.
func (e *Evidence) callbackChecks(r *Report) []Finding {
	key, rule := r.Signer.Key.ID, e.values()
	if k := r.Signer.Key.Public; k != nil {
		key += ", " + keys.Fingerprint(k)
	}
	return []Finding{
		{Cause: "key_not_configured", Family: FamilyKey,
			Says: "Our server may verify with another public key than " + key + ".",
			Fix: "Compare the fingerprint with that of the public key that our server verifies with: it is the one " +
				"that the Super App gave out, not our own."},
		{Cause: "body_not_raw", Family: FamilyBody,
			Says: "Our server may verify a body that was parsed and written again.",
			Fix:  "Verify the raw bytes of the body as they arrived, before anything parses them."},
		{Cause: "path_prefix_other", Family: FamilyPath,
			Says: fmt.Sprintf("Our server may build the string with another path than %s.",
				english.Clipped(rule.Target, 200)),
			Fix: "Build it with the path that is requested from outside, prefix and query included."},
		{Cause: "template_other", Family: FamilyTemplate,
			Says: fmt.Sprintf("Our server may build the string by another template than %s.",
				strings.ReplaceAll(e.template().String(), "\n", "␊")),
			Fix: "Let our server log the string that it builds, its SHA-256 or its length, and compare " +
				"it with the one here."},
	}
}

// passed names what the message went through, as its headers tell; "" where
// they tell nothing.
func (e *Evidence) passed() string {
	for _, f := range e.message().Header {
		for _, name := range []string{"Via", "X-Forwarded-For", "Forwarded", "X-Cache", "CF-Ray", "X-Amz-Cf-Id",
			"X-Varnish", "X-Envoy-Upstream-Service-Time", "X-Sucuri-Id", "X-Akamai-Transformed"} {
			if strings.EqualFold(f.Name, name) {
				return f.Name + ": " + legible([]byte(f.Value))
			}
		}
	}
	return ""
}

// whoChanges says what to do about a body that was changed after signing.
func (e *Evidence) whoChanges() string {
	fix := "Compare the body as it left the signer with the one that arrived"
	if !e.weSign() {
		fix = "Verify the raw bytes of the body, before anything parses or logs them; if these are the raw bytes, " +
			"compare them with what the other side sent"
	}
	if passed := e.passed(); passed != "" {
		fix += "; the message went through something that may change it (" + passed + ")"
	}
	return fix
}
