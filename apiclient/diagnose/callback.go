package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/keys"
	"countersign/apiclient/signing"
)

// recognise finds out whether the exchange is a callback: a request that the
// other side sent. One of its keys made the signature then, so that key is
// expected of it, and ours of the answer. What we sent ourselves is none. Where
// a person chose the keys, they stay.
func (e *Evidence) recognise() {
	if e.Chosen || !e.hasExchange() || e.Exchange.Origin.Ours() {
		return
	}
	all := slices.Concat(e.Expected, e.Known)
	request := *e
	request.Side, request.Headers = apiclient.RequestSide, e.Exchange.Request.Values(e.Names.Of(signing.HeaderName))
	request.Expected = slices.DeleteFunc(slices.Clone(all), func(k Key) bool { return k.Role != RolePeer })
	request.Known = nil
	if len(request.Expected) == 0 || len(request.Headers) == 0 {
		return
	}
	v := request.Verify()
	// Of an answer to a callback our key is expected only where the callback itself is beyond doubt.
	if v.OK() || e.Side == apiclient.RequestSide && v.Recovered != nil && v.Recovered.Certain() {
		e.caller, e.Expected, e.Known = v.Key, nil, nil
		e.setKeys(all)
	}
}

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
		Says: "This is a callback: the other side sent the request, signed by " + e.caller + "; our key signs the answer.",
	}}
}

// callbackChecks are what may be the reason for which our server refused a callback
// that verifies, the likeliest first.
func (e *Evidence) callbackChecks(r *Report) []Finding {
	key, rule := r.Signer.Key.ID, e.Rule()
	if k := r.Signer.Key.Public; k != nil {
		key += ", " + keys.Fingerprint(k)
	}
	return []Finding{
		{Cause: "key_not_configured", Family: FamilyKey, Says: "Our server may verify with another public key than " + key + ".",
			Fix: "Compare the fingerprint with that of the public key that our server verifies with: it is the one that the Super App gave out, not our own."},
		{Cause: "body_not_raw", Family: FamilyBody, Says: "Our server may verify a body that was parsed and written again.",
			Fix: "Verify the raw bytes of the body as they arrived, before anything parses them."},
		{Cause: "path_prefix_other", Family: FamilyPath, Says: fmt.Sprintf("Our server may build the string with another path than %s.", clipped(rule.Target, 200)),
			Fix: "Build it with the path that is requested from outside, prefix and query included."},
		{Cause: "template_other", Family: FamilyTemplate, Says: fmt.Sprintf("Our server may build the string by another template than %s.", strings.ReplaceAll(e.Template.String(), "\n", "␊")),
			Fix: "Let our server log the string that it builds, its SHA-256 or its length, and compare it with the one here."},
	}
}

// passed names what the message went through, as its headers tell; "" where
// they tell nothing.
func (e *Evidence) passed() string {
	for _, f := range e.message().Header {
		for _, name := range []string{"Via", "X-Forwarded-For", "Forwarded", "X-Cache", "CF-Ray", "X-Amz-Cf-Id", "X-Varnish", "X-Envoy-Upstream-Service-Time", "X-Sucuri-Id", "X-Akamai-Transformed"} {
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
		fix = "Verify the raw bytes of the body, before anything parses or logs them; if these are the raw bytes, compare them with what the other side sent"
	}
	if passed := e.passed(); passed != "" {
		fix += "; the message went through something that may change it (" + passed + ")"
	}
	return fix
}
