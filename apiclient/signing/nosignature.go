package signing

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// form is one kind of value that is no signature at all: what shows it, what
// it is and what the sender must do.
type form struct {
	shape            func() *regexp.Regexp
	cause, says, fix string
}

const (
	encodeBytes = "encode the bytes of the signature in base64, not the object that holds them"
	fillIn      = "look why the variable was not filled in: its name, its scope, and the order of the scripts"
	rawValue    = "get the value as it was sent, or turn the masking off for this header: a signature is no secret"
	signFirst   = "look at what the signing code returns: this was put into the header in place of a signature"
)

// forms are tried in order against the whole value, trimmed and decoded.
var forms = []form{
	{compiled(`\*{3,}|#{4,}|^[-_=]{4,}$|[•●█]{2,}|(?i)^x{6,}$|^\.{6,}$|(?i)^[<\[({*]*\s*(redacted|masked|filtered|hidden|secret` +
		`|sensitive|removed|scrubbed|secured|omitted|private|confidential|protected|data not shown|not shown)\b.*$`), "signature_masked",
		"the value is masked: a log or a tool hid it", rawValue},
	{compiled(`(?is)^[\[({<"']*(\w+\.)*(\w*(error|exception)|err_\w+|traceback|fatal|warning|panic|failure|failed|unable to|cannot` +
		`|could not|couldn't|invalid|unauthorized|forbidden|access denied|command not found|no such file|permission denied` +
		`|bad decrypt|usage)\b.*|.*\b(\w+error|\w+exception|error:[0-9A-F]{6,}|not found|is not a function|is not defined` +
		`|stack trace)\b.*`), "signature_error_text",
		"the value is the text of an error: signing failed, and the message was sent as if it were a signature",
		"find that error in the signing code, and stop where signing fails"},
	{compiled(`(?is)^(promise\b.*|\[object promise\]|<?coroutine\b.*|<coroutine object.*|<(async|_asyncio|task|future)\b.*` +
		`|.*\bcompletablefuture@.*|.*threading\.tasks\.task.*|deferred\b.*|mono\w*|future\(.*|instance of '?_?future.*)$`),
		"signature_printed_object", "the value is a promise, printed as text: the signature was not awaited",
		"await the asynchronous call that signs, then encode the bytes that it returns"},
	{compiled(`(?s)^<(Slow)?Buffer\b.*|^\{?"?type"?:\s*"Buffer".*|^(Uint8Array|Int8Array|ArrayBuffer|SharedArrayBuffer|DataView)\b.*` +
		`|^\[object .*|^\[Function.*|^(async )?function\b.*|^\(.*\)\s*=>.*|^CryptoKey\b.*|^(KeyObject|Sign|Hmac|Hash` +
		`|PrivateKeyObject|SignatureObject)\s*\{.*|^\[class .*|^Symbol\(.*`), "signature_printed_object",
		"the value is an object of JavaScript, printed as text",
		"encode the bytes of the signature, for example with `Buffer.from(signature).toString('base64')`"},
	{compiled(`^\[+[BCIJSZ]@[0-9a-f]+$|^\[?L?[A-Za-z_$][\w.$/]*;?@[0-9a-f]{1,16}\b.*|^Signature object:.*|^java(x)?\.[\w.$]+.*` +
		`|^Optional(\[.*|\.empty$)|^HeapByteBuffer\b.*|^java\.nio\..*`), "signature_printed_object",
		"the value is an object of Java, printed by toString",
		"encode the bytes of the signature, for example with `Base64.getEncoder().encodeToString(signature)`"},
	{compiled(`^([A-Za-z_][\w:]*=)?(HASH|ARRAY|SCALAR|CODE|GLOB|REF|LVALUE|IO|Regexp)\(0x[0-9a-fA-F]+\)$`), "signature_printed_object",
		"the value is a reference of Perl, printed as text",
		"take what it points to, and encode the bytes of the signature, for example with `encode_base64($signature, '')`"},
	{compiled(`(?s)^Optional\(.*`), "signature_printed_object", "the value is an Optional of Swift, printed as text",
		"unwrap it with `guard let`, then encode the bytes, for example with `signature.base64EncodedString()`"},
	{compiled(`(?s)^(Some|Ok|Err)\(b?["'\[].*`), "signature_printed_object", "the value is an Option or Result of Rust, printed with {:?}",
		"unwrap it with `?` or `match`, then encode the bytes of the signature"},
	{compiled(`(?s)^(Some|Right|Left|Success|Failure|Ok|Err|None)\b\s*\(.*`), "signature_printed_object",
		"the value is an Option, Either or Try of Scala or another language, printed as text",
		"unwrap it, then encode the bytes of the signature"},
	{compiled("^(System|Microsoft|Org|Newtonsoft|BouncyCastle)\\.[\\w.`+\\[\\]<>, " +
		"]+$|^(System\\.)?Byte\\[\\]$|^byte\\[\\]$|^Byte\\[\\d*\\]$"), "signature_printed_object",
		"the value is the name of a type of .NET, printed by ToString",
		"encode the bytes of the signature, for example with `Convert.ToBase64String(signature)`"},
	{compiled(`(?s)^[bB]['"].*|^bytearray\(.*|^<memory at .*|^<.* at 0x[0-9a-fA-F]+>?$|^<(bound|unbound|built-in)\b.*|^<(function` +
		`|class|module|generator|object)\b.*|^<[\w.]+ object\b.*|^<[\w.]+ instance\b.*`), "signature_printed_object",
		"the value is an object of Python, printed as text",
		"encode the bytes of the signature, for example with `base64.b64encode(signature).decode()`"},
	{compiled(`(?s)^(Array|Object|Closure|OpenSSLAsymmetricKey|Resource)$|^Resource id #\d+$|^Array\s*\(.*` +
		`|(?i)^object\([\w\\]+\)#\d+.*|^(string|resource|array|bool|int)\(\d+\).*|^OpenSSL key$`), "signature_printed_object",
		"the value is an array or object, as PHP and other languages print it",
		"encode the signature that `openssl_sign` put into its second argument"},
	{compiled(`(?s)^#<[\w:]+.*>?$|^#(Reference|PID|Function|Port)<.*|^#object\[.*|^<<.*>>$|^:\w+$|^\{:ok,.*`), "signature_printed_object",
		"the value is an object, printed as Ruby, Elixir or Clojure do it", encodeBytes},
	{compiled(`(?s)^&?\[\]?(byte|uint8)?[\[{(]?\s*-?(0x)?[0-9a-fA-F]{1,3}([ ,]+-?(0x)?[0-9a-fA-F]{1,3})*.*|^0x[0-9a-f]{6,16}$|^&\{.*` +
		`|^%![a-zA-Z]\(.*|^map\[.*|^\[\]byte\b.*|^\[\]uint8\b.*|^func\(.*|^\{\[.*`), "signature_printed_object",
		"the value is a list of bytes, an object or an address, printed as text", encodeBytes},
	{compiled(`(?s)^\d+ bytes$|^[<(\[{]?\s*(\d+ bytes|binary( data)?|blob|bytes|buffer|length\s*=\s*\d+, bytes.*)\s*[>)\]}]?$` +
		`|^<?NSData\b.*|^Data\b.*|^<[0-9a-f ]{8,}>$|^Just\b.*\(.*|^Instance of '.*'$|^Signature\s*[({].*`), "signature_printed_object",
		"the value is an object that holds bytes, printed as text", encodeBytes},
	{compiled(`(?s)^<[%?#].*[%?#]>$|^\{%.*%\}$|^\{#.*#\}$|^\[%.*%\]$|^#\(.*\)$|^@[({].*|^@(Model|ViewBag|ViewData|ViewContext` +
		`|TempData|Html|Url|Request|Response|Context|Configuration|User|model|item|this)[.\[(].*|^@[A-Z]\w*(\.[A-Z]\w*)+\b.*`),
		"signature_placeholder", "the value is code of a template that was not rendered",
		"look why the template was not rendered: what its file is called, and whether it stands inside quotes that keep it as text"},
	{compiled(`^%[-+ #0]*\d*(\d\$)?[sdvqxXfT@]$|^%\([A-Za-z_]\w*\)[sdr]$|^\{\d*\}$`), "signature_placeholder",
		"the value is a directive of a format string that got no value",
		"give the signature to the function that formats, and use what it returns"},
	{compiled(`(?s)^\{\{.*\}\}$|^[$#%!]!?\{.*\}$|^\$\(.*\)$|^\$+[A-Za-z_][\w.:$>-]*$|^%[A-Za-z_]\w*%$|^\{!?[\w.: ]*\}$` +
		`|^@@?[A-Za-z_]\w*(@@?)?$|^__[A-Za-z_]\w*__$|^\[\[.*\]\]$|^<[A-Za-z][\w .:-]*>$|^\[[A-Za-z][\w .:-]*\]$|^:[A-Za-z_]\w*:?$` +
		`|^#[A-Za-z_]\w*#$|^~[A-Za-z_]\w*~$|^` + "`.*`$"), "signature_placeholder",
		"the value is a placeholder or variable that was not filled in", fillIn},
	{compiled(`(?i)^([a-z]+[ ._-]?)*(your|my|the|insert|put|add|enter|replace|paste|generated|calculated|computed|dummy|fake|sample` +
		`|example|test|todo|tbd|changeme|placeholder|lorem)([ ._-]?[a-z0-9]+)*$|^(the[ _-]?)?(signature|sign|sig)([ _-]?(value|here` +
		`|string|data|goes|text|base64|header))*$|^(todo|tbd|fixme|xxx|foo|bar|foobar|dummy|placeholder|string|text|value)$`),
		"signature_placeholder", "the value is a placeholder of a template or of the documentation, not filled in",
		"put the signature that your code makes in its place"},
	{compiled(`(?i)^(true|false|yes|no|ok|success|1|0|-1|t|f)$`), "signature_boolean",
		"the value is what the signing function returned, a true or false (PHP prints true as \"1\"), not the signature",
		"take the signature from where the function puts it: `openssl_sign` returns a boolean and writes the signature into " +
			"its second argument"},
	{compiled(`(?i)^(null|undefined|none|nil|nan|infinity|-infinity|void|empty|n/a|\(null\)|<nil>|\(nil\)|\[\]|\{\}|\(\)|""|''|unset` +
		`|unknown|not set|no signature|unsigned)$`), "signature_empty", "the value is a word for a variable that is not set",
		"send the signature after signature=; the variable was not set"},
	{compiled(`(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`), "signature_is_uuid",
		"the value is a UUID", signFirst},
	{compiled(`(?i)^(bearer|basic|digest|token|apikey|hmac|aws4-hmac-sha256)\s+\S.*`), "signature_is_credential",
		"the value is a credential of another scheme, not an RSA signature", "sign the canonical string with the RSA private key"},
	{compiled(`(?i)^(rsa[-_ ]?(sha)?[-_ ]?256|sha[-_ ]?(1|256|384|512)(with(rsa)?(encryption)?)?|rs256|ps256|hs256|hmac[-_ ]?sha\d+` +
		`|rsassa[-_ ]pkcs1[-_ ]v1[-_.]5|md5|rsa2?)$`), "signature_is_algorithm",
		"the value is the name of an algorithm, not a signature made by it", signFirst},
	{compiled(`(?i)^(@\S+|file:.*|https?:.*|[.~]{0,2}/[\w./~-]*\.\w{1,5}|[a-z]:[\\/].*|[\w-]+\.(sig|bin|txt|b64|base64|pem|der|key` +
		`|sign|out|tmp))$`), "signature_is_file_name", "the value is the name of a file or an address, not what is in it",
		"put the content of the file there"},
	{compiled(`(?s)-----BEGIN .*`), "signature_is_key", "the value is a key or a certificate in PEM, not a signature",
		"sign with the private key; a key itself never belongs into a header"},
	{compiled(`^\d{4}-\d\d-\d\d[T ].*|^\d{10}(\d{3}){0,2}(\.\d+)?$`), "signature_is_time", "the value is a time", signFirst},
	{compiled(`^-?\d{1,30}(\.\d+)?([eE][+-]?\d+)?$`), "signature_is_number", "the value is a number", signFirst},
	{compiled(`(?s)^.{4,}(\.\.\.|…|\[\.\.\.\]|\(truncated\)|\[truncated\]|<truncated>|\.\.\.\s*\(\d+.*\)|\.\.\. \d+ more.*` +
		`|\(\d+ more.*\)|\+\d+ more)$|^.{2,}(\.\.\.|…).{2,}$`), "signature_elided",
		"the value was shortened for display, with dots for what was left out",
		"get the whole value: a log, a screen or a table column shortened it"},
	{compiled(`(?s)^(GET|POST|PUT|DELETE|PATCH) /.*\n.*|^\s*[{\[]\s*".*`), "signature_is_text",
		"the value is text that may have been meant to be signed, not its signature", signFirst},
}

// digestNames name what is as long as a digest, by bytes.
var digestNames = map[int]string{
	16: "an MD5 or HMAC-MD5", 20: "a SHA-1 or HMAC-SHA1", 28: "a SHA-224 or HMAC-SHA224",
	32: "an HMAC-SHA256 or a SHA-256",
	48: "an HMAC-SHA384 or a SHA-384", 64: "an HMAC-SHA512 or a SHA-512",
}

const rsaInstead = "sign with the RSA private key, not with a shared secret and not with a hash alone"

// identify names a value that is no signature; false where it may be one.
// canonical is what should have been signed.
func identify(value string, canonical []byte) (form, bool) {
	text := value
	if decoded, use, err := percentDecode(value); err == nil && use != noEscapes {
		text = decoded
	}
	says := func(of, says string) string {
		if of == "" {
			return says
		}
		return strings.Replace(says, "the value is", "the value is "+of+": it is", 1)
	}
	of := ""
	for range 3 {
		text = unquoted(text)
		inner, ok := (Reading{}).looseBase64(text)
		// Forms are encoded with + for a space. Long base64 is none of the forms.
		for _, t := range []string{strings.ReplaceAll(text, "+", " "), text} {
			if ok && len(text) > 2*minSignature {
				break
			}
			if f, found := identifyText(t, canonical); found {
				return form{nil, f.cause, says(of, f.says), f.fix}, true
			}
		}
		if !ok {
			break
		}
		if f, ok := identifyBytes(inner, canonical, strings.HasSuffix(text, "=")); ok {
			return form{nil, f.cause, says(of, f.says), f.fix}, true
		}
		if !printable(inner) {
			break
		}
		text, of = string(inner), "the base64 of text"
	}
	return form{}, false
}

// unquoted returns text without blanks and without quotes around all of it.
func unquoted(text string) string {
	text = strings.Trim(text, " \t\r\n")
	for len(text) > 1 && text[0] == text[len(text)-1] && (text[0] == '"' || text[0] == '\'') {
		text = strings.Trim(text[1:len(text)-1], " \t\r\n")
	}
	return text
}

func identifyText(text string, canonical []byte) (form, bool) {
	for _, f := range forms {
		if f.shape().MatchString(text) {
			return f, true
		}
	}
	if f, ok := token(text); ok {
		return f, true
	}
	plain := strings.TrimPrefix(strings.NewReplacer("-", "", ":", "", " ", "").Replace(strings.ToLower(text)), "0x")
	digest, err := hex.DecodeString(plain)
	switch {
	case err != nil:
		return form{}, false
	case len(digest) >= checksumSize && len(digest) < 16:
		return checksum(fmt.Sprintf("%d hexadecimal digits", len(plain)), len(digest)), true
	case digestNames[len(digest)] == "":
		return form{}, false
	}
	if hash := digestOf(digest, canonical); hash != 0 {
		return form{nil, "digest_instead_of_signature",
			fmt.Sprintf("the value is the %s digest of the string in hexadecimal: it was hashed, and never signed",
				hash), rsaInstead}, true
	}
	return form{nil, "not_rsa_hmac",
		fmt.Sprintf("the value is %d hexadecimal digits, the length of %s digest: no RSA key made it", len(plain),
			digestNames[len(digest)]), rsaInstead}, true
}

// checksumSize is the length of a CRC-32 in bytes.
const checksumSize = 4

// checksum returns what is too short for any digest, of n bytes.
func checksum(value string, n int) form {
	what := "a shortened digest or an id"
	if n == checksumSize {
		what = "a CRC-32 or a shortened digest"
	}
	return form{nil, "not_rsa_checksum",
		"the value is " + value + ", as " + what + " is: no RSA key made it", rsaInstead}
}

// token names a JSON Web Token by what its header says of its signature (RFC
// 7515 and 7516).
func token(text string) (form, bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 && len(parts) != 5 {
		return form{}, false
	}
	head, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[0], "="))
	var header struct{ Alg string }
	if err != nil || json.Unmarshal(head, &header) != nil || header.Alg == "" {
		return form{}, false
	}
	alg := clippedName(header.Alg)
	cause, says := "jws_instead_of_signature", "a JSON Web Token (JWT) signed with "+alg
	switch {
	case len(parts) == 5:
		says = "an encrypted token (JWE)"
	case strings.EqualFold(alg, "none"):
		says = "a JSON Web Token (JWT) that is not signed"
	case strings.HasPrefix(alg, "HS"):
		cause, says = "jws_hmac", "a JSON Web Token (JWT) whose signature is an HMAC ("+alg+")"
	}
	return form{nil, cause, "the value is " + says + ", over its own header and payload",
		"sign the canonical string itself with the RSA private key, and send that signature, not a token"}, true
}

// clippedName returns a name from outside as far as it fits into a sentence.
func clippedName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
	return s[:min(len(s), 20)]
}

// identifyBytes names what a value decodes to. ended is whether padding shows
// that it is whole.
func identifyBytes(b, canonical []byte, ended bool) (form, bool) {
	hash := digestOf(b, canonical)
	switch {
	case len(canonical) > 0 && bytes.Equal(b, canonical):
		return form{nil, "signature_is_content",
			"the value is the string itself in base64: it was encoded, and never signed", rsaInstead}, true
	case hash != 0:
		return form{nil, "digest_instead_of_signature",
			fmt.Sprintf("the value is the %s digest of the string in base64: it was hashed, and never signed",
				hash), rsaInstead}, true
	case bytes.HasPrefix(b, []byte{0x30, 0x82}) && bytes.Contains(b[:min(len(b), 64)], rsaOID):
		return form{nil, "signature_is_key", "the value is a key or a certificate, not a signature",
			"sign with the private key; a key itself never belongs into a header"}, true
	case len(b) == checksumSize && ended && !printable(b):
		return checksum("4 bytes in base64", len(b)), true
	case len(b) == 16 || len(b) == 20 || len(b) == 28:
		return form{nil, "not_rsa_hmac",
			fmt.Sprintf("the value is %d bytes in base64, the length of %s digest: no RSA key made it", len(b),
				digestNames[len(b)]), rsaInstead}, true
	}
	return form{}, false
}

// rsaOID is the object identifier rsaEncryption, which keys begin with.
var rsaOID = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01}

// digestOf returns the hash by which digest is that of content; 0 where it is none.
func digestOf(digest, content []byte) crypto.Hash {
	for _, h := range pssHashes {
		if h.Size() != len(digest) {
			continue
		}
		sum := h.New()
		sum.Write(content)
		if bytes.Equal(sum.Sum(nil), digest) {
			return h
		}
	}
	return 0
}

// lineCut returns the width at which base64 was broken into lines, where the value
// is as long as its first line; else 0: what read the value stopped there.
func lineCut(sig []byte) int {
	switch width := base64.RawStdEncoding.EncodedLen(len(sig)); {
	case len(sig)%3 == 0 && (width == 60 || width == 64 || width == 72 || width == 76):
		return width
	}
	return 0
}

// compiled compiles an expression when it is first used: every start of the
// program would wait for it.
func compiled(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
