package diagnose

import (
	"strings"

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
	{"client_id_omitted", FamilyTemplate}, {"client_id_and_time_omitted", FamilyTemplate}, {"client_id_unknown_value", FamilyResponse}, {"client_id_", FamilyClientID},
	{"path_", FamilyPath}, {"query_", FamilyPath},
	{"body_omitted", FamilyTemplate}, {"body_lost", FamilyTamper}, {"request_time_missing", FamilyTime}, {"request_", FamilyContent}, {"body_changed_in_transit", FamilyTamper}, {"body_truncated", FamilyTamper}, {"body_replaced_by_proxy", FamilyTamper}, {"body_gzip_not_decoded", FamilyResponse}, {"body_", FamilyBody},
	{"response_signed_with_request_time", FamilyTime}, {"response_", FamilyResponse},
	{"newline_", FamilyTemplate}, {"separator_", FamilyTemplate}, {"order_", FamilyTemplate}, {"template_", FamilyTemplate}, {"prehashed_", FamilyTemplate},
	{"content_mismatch", FamilyContent}, {"content_not_hashed", FamilyPadding}, {"content_", FamilyTemplate},
	{"hash_", FamilyHash}, {"padding_", FamilyPadding}, {"digestinfo_", FamilyPadding}, {"digest_", FamilyPadding},
	{"wrong_key", FamilyKey}, {"key_", FamilyKey}, {"verified_with", FamilyKey}, {"test_key", FamilyKey}, {"not_rsa", FamilyPadding}, {"wrong_signature", FamilyValue},
	{"signature_missing", FamilyResponse}, {"signature_header", FamilyHeader}, {"signature_of_", FamilyContent}, {"signature_", FamilyValue}, {"jws_", FamilyValue}, {"algorithm_", FamilyHeader},
}

func familyOf(cause string) Family {
	for _, f := range families {
		if strings.HasPrefix(cause, f.prefix) {
			return f.family
		}
	}
	return FamilyContent
}

// rules say for each family what to do; the habit that causes it follows.
var rules = map[Family]string{
	FamilyBody:     "Serialise once, and sign exactly the bytes that are sent",
	FamilyTime:     "Put the time into one variable, and use it for the header and the string to sign",
	FamilyPath:     "Sign the path and query exactly as they stand in the request line",
	FamilyMethod:   "Sign the method exactly as it is sent",
	FamilyTemplate: "Build the string as the rule says, METHOD SP URI LF Client-Id . Time . Body, in UTF-8 and with nothing around it",
	FamilyClientID: "Sign the value of the Client-Id header, character for character",
	FamilyResponse: "Sign the response's own time and body with the request's method and path",
	FamilyTamper:   "Find what stands between the two sides and changes bodies: a proxy, a gateway, a web application firewall",
	FamilyContent:  "Compare the string that the other side signed with this one byte for byte",
}

// fixOf is what to do about a change, in one sentence.
func fixOf(c variant.Change) string {
	fix := rules[familyOf(c.Cause)]
	if fix == "" {
		fix = rules[FamilyContent]
	}
	if c.Habit != "" {
		fix += "; the usual reason is " + c.Habit
	}
	return fix + "."
}
