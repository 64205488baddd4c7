package apiclient

import (
	"strings"
	"testing"
)

func TestRefusal(t *testing.T) {
	for name, c := range map[string]struct {
		status, body, header string
		want                 bool
	}{
		"code":                {"200 OK", `{"result":{"resultStatus":"F","resultCode":"INVALID_SIGNATURE","resultMessage":"no"}}`, "", true},
		"message":             {"200 OK", `{"result":{"resultStatus":"F","resultCode":"PARAM_ILLEGAL","resultMessage":"the signature is invalid"}}`, "", true},
		"general code":        {"200 OK", `{"result":{"resultStatus":"F","resultCode":"ACCESS_DENIED","resultMessage":"Access denied"}}`, "", false},
		"unknown":             {"200 OK", `{"result":{"resultStatus":"U","resultCode":"UNKNOWN_EXCEPTION","resultMessage":"verify sign failed"}}`, "", true},
		"success":             {"200 OK", `{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"the signature is invalid"}}`, "", false},
		"error object":        {"401 Unauthorized", `{"error":{"code":"invalid_signature","message":"x"}}`, "", true},
		"code without result": {"200 OK", `{"code":"40001","msg":"sign check fail"}`, "", true},
		"other member":        {"200 OK", `{"help":"what to do where the signature is invalid"}`, "", false},
		"page":                {"403 Forbidden", `<html><body><h1>Forbidden</h1><p>Invalid signature.</p></body></html>`, "", true},
		"page that is fine":   {"200 OK", `<p>Invalid signature.</p>`, "", false},
		"page without words":  {"403 Forbidden", `<h1>Forbidden</h1>`, "", false},
		"challenge":           {"401 Unauthorized", ``, `Signature error="invalid_signature"`, true},
		"large":               {"401 Unauthorized", strings.Repeat("x ", 1<<20) + "invalid signature", "", false},
	} {
		e := Exchange{Response: &Message{Line: "HTTP/1.1 " + c.status, Body: []byte(c.body)}}
		if c.header != "" {
			e.Response.Header = []Field{{Name: "WWW-Authenticate", Value: c.header}}
		}
		if r, ok := e.Refusal(); ok != c.want {
			t.Errorf("%s: %v, %v", name, r, ok)
		}
	}
	if _, ok := (&Exchange{}).Refusal(); ok {
		t.Error("no answer refuses")
	}
}

// An answer in XML that was not judged yet refuses as one in JSON does.
func TestRefusalInXML(t *testing.T) {
	t.Parallel()
	e := Exchange{Response: &Message{Line: "HTTP/1.1 200 OK", Body: []byte("<response><result><resultStatus>F</resultStatus><resultCode>INVALID_SIGNATURE</resultCode></result></response>")}}
	if r, ok := e.Refusal(); !ok || r.Code != "INVALID_SIGNATURE" {
		t.Errorf("%+v, %v", r, ok)
	}
}
