package refusal

import (
	"strings"
	"testing"
)

func TestFaultOf(t *testing.T) {
	for text, want := range map[string]Fault{
		"INVALID_SIGNATURE": Invalid, "SIGNATURE_INVALID": Invalid, "INVALID_SIGN": Invalid, "SIGN_ERROR": Invalid, "VERIFY_SIGN_FAIL": Invalid,
		"SIGN_VERIFY_FAILED": Invalid, "SignatureDoesNotMatch": Invalid, "SIGNATURE_NOT_MATCH": Invalid, "isv.invalid-signature": Invalid, "ILLEGAL_SIGN": Invalid,
		"SIGNATURE_VERIFICATION_FAILED": Invalid, "SIGNATURE_MISSING": Missing, "MISSING_SIGNATURE": Missing, "SIGNATURE_EXPIRED": Expired, "invalidSignature": Invalid,
		"The signature is invalid.": Invalid, "signature is not valid": Invalid, "The request's signature does not match": Invalid, "the signature doesn't match": Invalid,
		"Could not verify the signature of the request": Invalid, "Failed to verify signature": Invalid, "Signature verification failed": Invalid, "unable to validate signature": Invalid,
		"illegal param: signature header is empty": Missing, "Signature required": Missing, "no signature": Missing, "sign check fail": Invalid, "verify sign error": Invalid,
		"验签失败": Invalid, "Chữ ký không hợp lệ": Invalid, "PARAM_ILLEGAL: bad signature": Invalid, "The signature could not be verified": Invalid, "signature was rejected": Invalid,

		"PARAM_ILLEGAL": "", "ACCESS_DENIED": "", "PROCESS_FAIL": "", "INVALID_CLIENT": "", "UNAUTHORIZED": "", "Illegal parameters": "", "CONTRACT_NOT_SIGNED": "", "USER_NOT_SIGNED_UP": "",
		"SIGN_IN_FAILED": "", "DESIGN_ERROR": "", "ASSIGN_FAILED": "", "signature verified, but the amount is invalid": "", "Signature ok. Amount invalid": "", "failed to sign the response": "",
		"The signature is valid": "", "verification failed": "", "invalid amount": "", "signature": "", "": "", "The signatory is missing": "", "Internal error: failed to sign": "",
		"signature is correct but the user is wrong": "",
	} {
		got, ok := FaultOf(text)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, wanted %q", text, got, ok, want)
		}
	}
}

// BenchmarkFaultOf is the longest message that is read, of words that all may be
// the signature.
func BenchmarkFaultOf(b *testing.B) {
	text := strings.Repeat("sign ", MaxText/5)
	for b.Loop() {
		if _, ok := FaultOf(text); ok {
			b.Fatal("a fault")
		}
	}
}
