package apiclient

import (
	"strings"
	"testing"
)

func TestSignatureFault(t *testing.T) {
	for text, want := range map[string]Fault{
		"INVALID_SIGNATURE": FaultInvalid, "SIGNATURE_INVALID": FaultInvalid, "INVALID_SIGN": FaultInvalid, "SIGN_ERROR": FaultInvalid, "VERIFY_SIGN_FAIL": FaultInvalid,
		"SIGN_VERIFY_FAILED": FaultInvalid, "SignatureDoesNotMatch": FaultInvalid, "SIGNATURE_NOT_MATCH": FaultInvalid, "isv.invalid-signature": FaultInvalid, "ILLEGAL_SIGN": FaultInvalid,
		"SIGNATURE_VERIFICATION_FAILED": FaultInvalid, "SIGNATURE_MISSING": FaultMissing, "MISSING_SIGNATURE": FaultMissing, "SIGNATURE_EXPIRED": FaultExpired, "invalidSignature": FaultInvalid,
		"The signature is invalid.": FaultInvalid, "signature is not valid": FaultInvalid, "The request's signature does not match": FaultInvalid, "the signature doesn't match": FaultInvalid,
		"Could not verify the signature of the request": FaultInvalid, "Failed to verify signature": FaultInvalid, "Signature verification failed": FaultInvalid, "unable to validate signature": FaultInvalid,
		"illegal param: signature header is empty": FaultMissing, "Signature required": FaultMissing, "no signature": FaultMissing, "sign check fail": FaultInvalid, "verify sign error": FaultInvalid,
		"验签失败": FaultInvalid, "Chữ ký không hợp lệ": FaultInvalid, "PARAM_ILLEGAL: bad signature": FaultInvalid, "The signature could not be verified": FaultInvalid, "signature was rejected": FaultInvalid,

		"PARAM_ILLEGAL": "", "ACCESS_DENIED": "", "PROCESS_FAIL": "", "INVALID_CLIENT": "", "UNAUTHORIZED": "", "Illegal parameters": "", "CONTRACT_NOT_SIGNED": "", "USER_NOT_SIGNED_UP": "",
		"SIGN_IN_FAILED": "", "DESIGN_ERROR": "", "ASSIGN_FAILED": "", "signature verified, but the amount is invalid": "", "Signature ok. Amount invalid": "", "failed to sign the response": "",
		"The signature is valid": "", "verification failed": "", "invalid amount": "", "signature": "", "": "", "The signatory is missing": "", "Internal error: failed to sign": "",
		"signature is correct but the user is wrong": "",
	} {
		got, ok := signatureFault(text)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, wanted %q", text, got, ok, want)
		}
	}
}

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

// BenchmarkRefusal is the longest message that is read, of words that all may be
// the signature.
func BenchmarkRefusal(b *testing.B) {
	text := strings.Repeat("sign ", maxRefusal/5)
	for b.Loop() {
		if _, ok := signatureFault(text); ok {
			b.Fatal("a fault")
		}
	}
}
