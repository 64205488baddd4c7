package export

import (
	"strings"
	"testing"

	"countersign/apiclient/diagnose"
	"countersign/apiclient/redact"
)

// everyMark has a finding for each line that can be marked.
var everyMark = &diagnose.Report{Findings: []diagnose.Finding{
	{Cause: "body_compact_signed", Family: diagnose.FamilyBody, Proven: true, Says: "The body was signed compact.", Fix: "Sign it */ ?> as it is\u000a sent\nthen."},
	{Cause: "path_prefix_missing", Family: diagnose.FamilyPath, Proven: true, Says: "No prefix.", Signed: "/v2/x"},
	{Cause: "time_seconds_signed", Family: diagnose.FamilyTime, Proven: true, Says: "Seconds."},
	{Cause: "padding_pss", Family: diagnose.FamilyPadding, Proven: true, Says: "PSS."},
	{Cause: "newline_crlf", Family: diagnose.FamilyTemplate, Proven: true, Says: "CRLF."},
	{Cause: "method_case", Family: diagnose.FamilyMethod, Proven: true, Says: "Case."},
	{Cause: "client_id_empty", Family: diagnose.FamilyClientID, Proven: true, Says: "Client."},
	{Cause: "wrong_key", Family: diagnose.FamilyKey, Proven: true, Says: "Key."},
	{Cause: "signature_hex", Family: diagnose.FamilyValue, Proven: true, Says: "Hex."},
	{Cause: "signature_header_separator", Family: diagnose.FamilyHeader, Proven: true, Says: "Header."},
	{Cause: "response_time_missing", Family: diagnose.FamilyResponse, Proven: true, Says: "Answer."},
	{Cause: "body_truncated", Family: diagnose.FamilyTamper, Proven: true, Says: "On the way."},
}}

// After a diagnosis each program marks the line that a finding is about, in a comment
// that nothing in the finding can end.
func TestProgramsMarkTheLineAtFault(t *testing.T) {
	t.Parallel()
	report := everyMark
	says := map[string]string{"python": "json.dumps(body,", "go": "json.Marshal(body)", "java": "objectMapper.writeValueAsString", "node": "JSON.stringify(body)",
		"php": "json_encode($body)", "csharp": "JsonConvert.SerializeObject(body)", "postman": "JSON.stringify(body)"}
	for name, code := range says {
		f, err := FormatNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		e := vector{Method: "POST", URI: "/api/v2/x", ClientID: "C", Body: []byte("{}")}.exchange("http://h")
		out, err := f.Write(Input{Exchange: e, Profile: profile, Redactor: redact.Reveal(), Report: report})
		if err != nil {
			t.Fatal(name, err)
		}
		text := string(out.Data)
		for _, finding := range report.Findings {
			if name == "postman" && (finding.Family == diagnose.FamilyResponse || finding.Family == diagnose.FamilyKey || finding.Family == diagnose.FamilyTamper) {
				continue // it neither verifies nor sends nor reads the key's file
			}
			if strings.Count(text, "<<< "+finding.Cause+":") != 1 {
				t.Errorf("%s: %s is marked %d times", name, finding.Cause, strings.Count(text, "<<< "+finding.Cause+":"))
			}
		}
		if !strings.Contains(text, "yours probably says `"+code) && name != "postman" || name != "postman" && !strings.Contains(text, `"/v2/x"`) {
			t.Errorf("%s says nothing of %s", name, code)
		}
		if strings.Contains(text, "*/ ?>") || strings.Contains(text, `is\u000a`) {
			t.Errorf("%s: a finding can end its comment", name)
		}
	}
}
