package signing_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

// TestNoSignature: what is no signature at all is named, percent-encoded or
// not, and is never said to be cut.
func TestNoSignature(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256(content)
	base64Of := base64.StdEncoding.EncodeToString
	for _, tt := range []struct {
		cause  string
		values []string
	}{
		{"signature_printed_object", []string{
			"[B@1a2b3c4d", "[B@5e2de80c", "[Ljava.lang.Byte;@6d06d69c", "java.util.concurrent.CompletableFuture@4f2410ac[Not completed]", "sun.security.rsa.RSASignature$SHA256withRSA@7852e922",
			"Signature object: SHA256withRSA<initialized for signing>", "java.nio.HeapByteBuffer[pos=0 lim=256 cap=256]", "Optional[abc]", "kotlin.Unit@1b2c3d",
			"System.Byte[]", "System.Threading.Tasks.Task`1[System.Byte[]]", "System.Object", "System.Security.Cryptography.RSACng", "byte[]", "Byte[]",
			"<Buffer 4b 28 e4 11 ... 206 more bytes>", "[object Object]", "[object Promise]", "[object ArrayBuffer]", "[object Uint8Array]", "Promise { <pending> }", "Promise{<pending>}", "[Function: sign]",
			"function sign(data) { return x }", "async function sign(data)", "ArrayBuffer { [Uint8Contents]: <4b 28>, byteLength: 256 }", "Uint8Array(256) [ 75, 40, 228, 17, ... 156 more items ]",
			"CryptoKey { type: 'private' }", "Sign { _options: undefined }", "<coroutine object sign at 0x7f3b2c>", "<function sign at 0x7f0c>", "<bound method Signer.sign of <Signer object at 0x7f>>", "<__main__.Signature object at 0x7fb8>",
			"<cryptography.hazmat.backends.openssl.rsa._RSASignatureContext object at 0x10>", "<built-in method hexdigest of _hashlib.HASH object at 0x10>", "<memory at 0x7f>", "b'abc'", "bytearray(b'abc')",
			"Array", "Object", "Resource id #5", "OpenSSL key", "Object(OpenSSLAsymmetricKey)#3 (0) {}", "#<OpenSSL::PKey::RSA:0x000055>", "#<Proc:0x00 (lambda)>", "#Reference<0.1.2.3>", "#object[\"[B\" 0x1 \"[B@1\"]",
			"&{0xc000010000 256}", "0xc000012345", "%!s(<nil>)", "map[a:b]", "[75 40 228 17]", "[75", "256 bytes", "<256 bytes>", "{length = 256, bytes = 0x4b28e411 ... 11223344 }", "Instance of 'Uint8List'",
		}},
		{"signature_masked", []string{"****", "*****", "ab****yz", "<redacted>", "[REDACTED]", "[FILTERED]", "(hidden)", "••••••", "XXXXXXXX", "[MASKED]", "***MASKED***", "..........", "REDACTED"}},
		{"signature_elided", []string{"K1xj9f0a...9sd0f", "abcdEFGH…", "abcdEFGHijkl[truncated]", "abcdEFGHijkl... 206 more bytes"}},
		{"signature_placeholder", []string{
			"{{signature}}", "{{ x-signature }}", "${signature}", "${sig:-}", "$(openssl dgst -sign k.pem)", "$SIGNATURE", "%SIGNATURE%", "%s", "%(signature)s", "#{signature}", "<%= sig %>", "<signature>", "<your signature here>",
			"YOUR_SIGNATURE", "your-signature-here", "signature", "SIGNATURE_VALUE", "{signature}", "{0}", "{}x"[:2], "[signature]", "TODO", "xxx", "__SIGNATURE__", "@signature@", "[[sig]]", "testing_signature", "generated_signature", "`sign`",
		}},
		{"signature_boolean", []string{"true", "True", "1", base64Of([]byte("1")), "false", base64Of([]byte("true")), "OK"}},
		{"signature_error_text", []string{"Error: Invalid PEM", "TypeError: Cannot read properties of undefined", "java.security.SignatureException: x", "error:0909006C:PEM routines:get_name", "Traceback (most recent call last)", "sign.sh: command not found"}},
		{"signature_is_uuid", []string{"123e4567-e89b-12d3-a456-426614174000"}},
		{"signature_is_credential", []string{"Bearer abc.def", "Basic dXNlcjpwYXNz"}},
		{"signature_is_algorithm", []string{"RSA256", "SHA256withRSA", "RS256", "RSA-SHA256"}},
		{"signature_is_file_name", []string{"@sig.b64", "/tmp/sig.bin", "sig.txt", "file:///tmp/sig"}},
		{"signature_is_time", []string{"1682060290199", "2024-01-10T12:00:00Z"}},
		{"signature_is_number", []string{"42", "-17", "1.5e+77"}},
		{"signature_is_key", []string{base64Of([]byte("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"))}},
		{"signature_is_content", []string{base64Of(content)}},
		{"digest_instead_of_signature", []string{hex.EncodeToString(sum[:]), strings.ToUpper(hex.EncodeToString(sum[:])), base64Of(sum[:]), base64Of([]byte(hex.EncodeToString(sum[:])))}},
		{"not_rsa_hmac", []string{
			strings.Repeat("ab", 16), strings.Repeat("0c", 20), strings.Repeat("1D", 28), strings.Repeat("1d", 32), strings.Repeat("e7", 48), strings.Repeat("9f", 64), base64Of([]byte(strings.Repeat("1d", 32))),
			base64Of(sum[:16]), base64Of(sum[:20]), base64Of(sum[:28]), base64Of(append(sum[1:], 7)), base64Of(append(sum[:], sum[:16]...)),
		}},
	} {
		for _, value := range tt.values {
			for _, spelt := range []string{value, url.QueryEscape(value), url.PathEscape(value)} {
				v := signing.Verify(signing.Check{Canonical: content, Headers: []string{"algorithm=RSA256, keyVersion=1, signature=" + spelt}, Expected: []signing.Key{publicKey(t, "client2048")}})
				if v.OK() || !hasWarning(v, []string{tt.cause}) {
					t.Errorf("%s: %s, %v: %s", spelt, v.Status, v.Warnings, v.Reason)
				}
				for _, false := range []string{"was cut", "lost", "key of ", "spaces where"} {
					if strings.Contains(v.Reason+fmt.Sprint(v.Warnings), false) {
						t.Errorf("%s: %s", spelt, v.Reason)
					}
				}
				if v.Hint == "" {
					t.Errorf("%s: no hint", spelt)
				}
			}
		}
	}
}

// TestNoSignatureIsNamed says what a value is, and nothing that it is not.
func TestNoSignatureIsNamed(t *testing.T) {
	t.Parallel()
	token := func(head string, parts int) string {
		encoded := []string{base64.RawURLEncoding.EncodeToString([]byte(head)), base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"1","iat":1516239022}`))}
		for len(encoded) < parts {
			encoded = append(encoded, base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("s", 32))))
		}
		return strings.Join(encoded, ".")
	}
	for _, tt := range []struct {
		cause, says string
		values      []string
	}{
		{"signature_printed_object", "a reference of Perl", []string{"HASH(0x55d0c8)", "ARRAY(0x55d0c8a0b1c2)", "SCALAR(0x55d0)", "CODE(0x1f)", "GLOB(0x55)", "REF(0x5)", "Crypt::OpenSSL::RSA=SCALAR(0x55d0c8)", "My::Signer=HASH(0x1a2b)"}},
		{"signature_printed_object", "an Optional of Swift", []string{"Optional(256 bytes)", `Optional("abc")`, "Optional(Foundation.Data)"}},
		{"signature_printed_object", "an Option or Result of Rust", []string{`Some("abc")`, "Some([75, 40, 228])", `Ok("abc")`, `Err("invalid key")`}},
		{"signature_printed_object", "an Option, Either or Try of Scala", []string{"Some(abc)", "Right(abc)", "Success(abc)", "Left(abc)"}},
		{"signature_printed_object", "an object of Java", []string{"Optional[abc]", "Optional.empty", "[B@1a2b3c4d"}},
		{"signature_masked", "masked", []string{"######", "ab######yz", "xxxxxx", "<redacted>", "[FILTERED]", "------", "[Filtered]", "<hidden>", "<masked:256>"}},
		{"jws_hmac", "a JSON Web Token (JWT) whose signature is an HMAC (HS256)", []string{token(`{"alg":"HS256"}`, 3), token(`{"typ":"JWT","alg":"HS256"}`, 3)}},
		{"jws_hmac", "(HS512)", []string{token(`{"alg":"HS512","kid":"1"}`, 3)}},
		{"jws_instead_of_signature", "a JSON Web Token (JWT) signed with ES256", []string{token(`{"alg":"ES256"}`, 3)}},
		{"jws_instead_of_signature", "a JSON Web Token (JWT) signed with RS256", []string{token(`{"alg":"RS256"}`, 3)}},
		{"jws_instead_of_signature", "a JSON Web Token (JWT) that is not signed", []string{token(`{"alg":"none"}`, 2) + "."}},
		{"jws_instead_of_signature", "an encrypted token (JWE)", []string{token(`{"alg":"RSA-OAEP","enc":"A256GCM"}`, 5)}},
		{"not_rsa_checksum", "8 hexadecimal digits, as a CRC-32 or a shortened digest is", []string{"deadbeef", "1A2B3C4D"}},
		{"not_rsa_checksum", "4 bytes in base64, as a CRC-32 or a shortened digest is", []string{base64.StdEncoding.EncodeToString([]byte{0xde, 0xad, 0xbe, 0xef})}},
		{"not_rsa_checksum", "hexadecimal digits, as a shortened digest or an id is", []string{"a1b2c3d4e5f60718", "a1b2c3d4e5f6"}},
		{"signature_placeholder", "code of a template that was not rendered", []string{
			"@Model.Signature", "@ViewBag.Sig", "@(sig)", "@{sig}", "@item.Signature;", "@Html.Raw(Model.Signature)", "@Request.Signature", "<%= sig %>", "<?= $sig ?>", "<?php echo $sig; ?>", "{% sig %}", "[% sig %]", "<#= sig #>", "#(sig)",
		}},
		{"signature_placeholder", "a directive of a format string that got no value", []string{"%s", "%v", "%(signature)s", "%1$s", "{0}"}},
		{"signature_placeholder", "a placeholder or variable that was not filled in", []string{"%SIGNATURE%", "{{{sig}}}", "$!{sig}", "$sig.value", "$sig->value", "$env:SIG", "$$sig$$", "!{sig}", "{!sig}", "@sig", "{sig}"}},
		{"signature_is_file_name", "the name of a file", []string{"@sig.b64", "@signature.txt", "@/tmp/sig.bin"}},
	} {
		for _, value := range tt.values {
			for _, spelt := range []string{value, url.QueryEscape(value)} {
				v := signing.Verify(signing.Check{Canonical: content, Headers: []string{"algorithm=RSA256, keyVersion=1, signature=" + spelt}, Expected: []signing.Key{publicKey(t, "client2048")}})
				if v.OK() || !hasWarning(v, []string{tt.cause}) || !strings.Contains(v.Reason, tt.says) || strings.Contains(v.Reason, "cut") || v.Hint == "" {
					t.Errorf("%s: %s, %v: %s", spelt, v.Status, v.Warnings, v.Reason)
				}
			}
		}
	}
	// What may be a signature that was cut is still said to be cut.
	for _, value := range []string{"K1xj9f0aQ", "abcd", "S1x/9f0a"} {
		v := signing.Verify(signing.Check{Canonical: content, Headers: []string{"algorithm=RSA256, keyVersion=1, signature=" + value}, Expected: []signing.Key{publicKey(t, "client2048")}})
		if !strings.Contains(v.Reason, "cut") {
			t.Errorf("%s: %s", value, v.Reason)
		}
	}
}

// TestPrintedBytes: where a printed object holds the very bytes of the
// signature, they are read.
func TestPrintedBytes(t *testing.T) {
	t.Parallel()
	key := privateKey(t, "client2048")
	proof, err := signing.Sign(key, content, signing.Style{})
	if err != nil {
		t.Fatal(err)
	}
	sig := proof.Signature
	list := func(format, separator string, signed bool) string {
		parts := make([]string, len(sig))
		for i, b := range sig {
			if parts[i] = fmt.Sprintf(format, b); signed {
				parts[i] = fmt.Sprintf(format, int8(b)) //nolint:gosec // as Java prints bytes
			}
		}
		return strings.Join(parts, separator)
	}
	python := `b'`
	for _, b := range sig {
		switch {
		case b == '\\' || b == '\'':
			python += `\` + string(rune(b))
		case b == '\n':
			python += `\n`
		case b == '\r':
			python += `\r`
		case b == '\t':
			python += `\t`
		case b >= ' ' && b < 0x7f:
			python += string(rune(b))
		default:
			python += fmt.Sprintf(`\x%02x`, b)
		}
	}
	for name, value := range map[string]string{
		"Go slice": "[" + list("%d", " ", false) + "]", "Go source": "[]byte{" + list("0x%x", ", ", false) + "}", "Java": "[" + list("%d", ", ", true) + "]",
		"Node Buffer": "<Buffer " + list("%02x", " ", false) + ">", "Node JSON": `{"type":"Buffer","data":[` + list("%d", ",", false) + "]}",
		"Uint8Array": "Uint8Array(256) [ " + list("%d", ", ", false) + " ]", "Python": python + "'", "bytearray": "bytearray(" + python + "')",
		"Erlang": "<<" + list("%d", ",", false) + ">>", "NSData": "<" + list("%02x", "", false) + ">", "BitConverter": list("%02X", "-", false), "Kotlin": "[" + list("%d", ", ", true) + "]",
		"Ruby": strconvQuoted(sig), "hex escapes": list(`\x%02x`, "", false),
	} {
		for _, spelt := range []string{value, url.PathEscape(value)} {
			v := signing.Verify(signing.Check{Canonical: content, Headers: []string{"algorithm=RSA256, keyVersion=1, signature=" + spelt}, Expected: []signing.Key{publicKey(t, "client2048")}})
			if v.Status != signing.Undecodable || v.Repaired == nil || v.Recovered == nil || !v.Recovered.Covers(content) {
				t.Errorf("%s: %s: %s", name, v.Status, v.Reason)
			}
		}
	}
}

func strconvQuoted(sig []byte) string { return fmt.Sprintf("%+q", string(sig)) }
