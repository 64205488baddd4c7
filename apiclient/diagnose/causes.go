package diagnose

import (
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/variant"
)

// families finds the family of a cause by the beginning of its name, the
// longest first.
var families = []struct {
	prefix string
	family Family
}{
	{"method_space", FamilyTemplate}, {"method_newline", FamilyTemplate}, {"method_missing", FamilyTemplate}, {"method_", FamilyMethod},
	{"time_omitted", FamilyTemplate}, {"time_", FamilyTime},
	{"client_id_omitted", FamilyTemplate}, {"client_id_and_time_omitted", FamilyTemplate}, {"client_id_unknown_value", FamilyResponse},
	{"client_id_", FamilyClientID},
	{"path_", FamilyPath}, {"query_", FamilyPath},
	{"body_omitted", FamilyTemplate}, {"body_lost", FamilyTamper}, {"request_time_missing", FamilyTime}, {"request_", FamilyContent},
	{"body_changed_in_transit", FamilyTamper}, {"body_truncated", FamilyTamper}, {"body_replaced_by_proxy", FamilyTamper},
	{"body_gzip_not_decoded", FamilyResponse}, {"body_", FamilyBody},
	{"response_signed_with_request_time", FamilyTime}, {"response_", FamilyResponse},
	{"newline_", FamilyTemplate}, {"separator_", FamilyTemplate}, {"order_", FamilyTemplate}, {"template_", FamilyTemplate},
	{"prehashed_", FamilyTemplate},
	{"content_mismatch", FamilyContent}, {"content_not_hashed", FamilyPadding}, {"content_", FamilyTemplate},
	{"hash_", FamilyHash}, {"padding_", FamilyPadding}, {"digestinfo_", FamilyPadding}, {"digest_", FamilyPadding},
	{"wrong_key", FamilyKey}, {"key_", FamilyKey}, {"verified_with", FamilyKey}, {"test_key", FamilyKey}, {"not_rsa", FamilyPadding},
	{"wrong_signature", FamilyValue},
	{"signature_missing", FamilyResponse}, {"signature_header", FamilyHeader}, {"signature_in_trailer", FamilyHeader},
	{"signature_trailer_lost", FamilyHeader}, {"signature_of_", FamilyContent}, {"signature_", FamilyValue}, {"jws_", FamilyValue},
	{"algorithm_", FamilyHeader},
}

func familyOf(cause string) Family {
	for _, f := range families {
		if strings.HasPrefix(cause, f.prefix) {
			return f.family
		}
	}
	return FamilyContent
}

// advice is what to do: for who signs the message, and for who verifies it.
type advice struct{ sign, verify string }

// rules say for each family what to do; the habit that causes it follows.
var rules = map[Family]advice{
	FamilyBody: {"Serialise once, and sign exactly the bytes that are sent",
		"Verify the raw bytes of the body as they arrived, before anything parses them; if these are they, " +
			"the other side does " +
			"not sign what it sends"},
	FamilyTime: {"Put the time into one variable, and use it for the header and the string to sign",
		"Build the string with the header's time as it stands; the other side has to sign the time that it sends"},
	FamilyPath: {"Sign the path and query exactly as they stand in the request line",
		"Build the string with the path and query that were really requested; if it is so built, ask the other side which path it signs"},
	FamilyMethod: {"Sign the method exactly as it is sent",
		"Build the string with the request's method; the other side has to sign the same one"},
	FamilyTemplate: {"Build the string as the rule says, METHOD SP URI LF Client-Id . Time . Body, in UTF-8 and " +
		"with nothing around it",
		"The other side has to build the string as the rule says, METHOD SP URI LF Client-Id . Time . Body"},
	FamilyClientID: {"Sign the value of the Client-Id header, character for character",
		"Build the string with the value of the Client-Id header; the other side has to sign the id that it sends"},
	FamilyResponse: {"Sign the response's own time and body with the request's method and path",
		"The other side has to sign the response's own time and body with the request's method and path"},
	FamilyContent: {"Compare the string that was signed with this one byte for byte",
		"Compare the string that the other side signed with this one byte for byte"},
}

// gzipped is the advice where a body was signed without its content coding.
var gzipped = advice{"Compress first, then sign the bytes that are sent; or send without Content-Encoding",
	"Verify over the body after its Content-Encoding is undone, or have it sent without one"}

// fixOf is what to do about a change, in one sentence, for who reads it.
func (e *Evidence) fixOf(c variant.Change) string {
	family := familyOf(c.Cause)
	a, ok := rules[family]
	switch {
	case strings.HasPrefix(c.Cause, "body_gzip"):
		a = gzipped
	case family == FamilyTamper:
		a = advice{e.whoChanges(), e.whoChanges()}
	case !ok || family == FamilyResponse && e.Side != apiclient.ResponseSide:
		a = rules[FamilyContent]
	}
	fix, reason := a.sign, "the usual reason is "
	if !e.weSign() {
		fix, reason = a.verify, "the usual reason at the side that signs is "
	}
	if c.Habit != "" {
		fix += "; " + reason + c.Habit
	}
	return fix + "."
}
