package bodies

import (
	// #nosec G501 -- recognises what others hashed with
	// #nosec G505 -- the same

	"encoding/base64"
	"encoding/hex"
	"fmt"
	neturl "net/url"
	"strconv"
	"strings"
	"unicode/utf16"

	"countersign/apiclient/lazyregexp"
)

// digested are the ways in which a digest is written in place of the body.
var digested = []struct {
	more       int // unlikelier than the digest itself
	cause, how string
	write      func(d Digest, sum []byte) string
}{
	{0, "body_hash_hex_signed", "in hexadecimal", func(_ Digest, sum []byte) string { return hex.EncodeToString(sum) }},
	{2, "body_hash_hex_signed", "in upper-case hexadecimal", func(_ Digest, sum []byte) string { return upperHex(sum) }},
	{1, "body_hash_base64_signed", "in base64", func(_ Digest, sum []byte) string { return standard(sum) }},
	{4, "body_hash_base64_signed", "in base64url", func(_ Digest, sum []byte) string { return base64.RawURLEncoding.EncodeToString(sum) }},
	{5, "body_hash_base64_signed", "in base64url", func(_ Digest, sum []byte) string { return base64.URLEncoding.EncodeToString(sum) }},
	{4, "body_hash_base64_signed",
		"in hexadecimal and then base64", func(_ Digest, sum []byte) string { return standard([]byte(hex.EncodeToString(sum))) }},
	{4, "body_hash_base64_signed",
		"as a Digest header", func(d Digest, sum []byte) string { return strings.ToUpper(d.Word) + "=" + standard(sum) }},
	{4, "body_hash_base64_signed", "as a Digest header", func(d Digest, sum []byte) string { return d.Name + "=" + standard(sum) }},
	{4, "body_hash_hex_signed", "in hexadecimal with a line feed", func(_ Digest, sum []byte) string {
		return hex.EncodeToString(sum) + "\n"
	}},
	{4, "body_hash_hex_signed", "as `sha256sum` prints it", func(_ Digest, sum []byte) string { return hex.EncodeToString(sum) + "  -\n" }},
	{4, "body_hash_hex_signed", "as `openssl dgst` prints it", func(d Digest, sum []byte) string {
		return opensslName(d) + "(stdin)= " + hex.EncodeToString(sum) + "\n"
	}},
	{5, "body_hash_hex_signed", "as an old `openssl dgst` prints it", func(_ Digest, sum []byte) string {
		return "(stdin)= " + hex.EncodeToString(sum) + "\n"
	}},
}

func standard(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func upperHex(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }

// inLines encodes in lines of that width.
func inLines(encode func([]byte) string, width int, newline string, last bool) func([]byte) string {
	return func(b []byte) string { return Wrap(encode(b), width, newline, last) }
}

// asString writes a body as a JSON string.
func asString(e escaping) func([]byte) string {
	return func(b []byte) string { return string(stringify(b, e)) }
}

// encodings returns the body in another form.
func encodings() []byteOp {
	ops := make([]byteOp, 0, 100)
	for _, d := range Digests {
		for _, f := range digested {
			ops = append(ops, byteOp{
				min(d.Cost+f.more, exotic),
				func(b []byte) ([]byte, bool) { return []byte(f.write(d, d.Sum(b))), true }, f.cause,
				fmt.Sprintf("The %s of the body, %s, was signed instead of the body.", d.Name, f.how),
				"the signature rule of another platform, which signs a digest of the body",
			})
		}
		ops = append(ops, byteOp{
			min(d.Cost+2, exotic), func(b []byte) ([]byte, bool) { return d.Sum(b), true }, "body_hash_raw_signed",
			fmt.Sprintf("The bytes of the %s of the body were signed instead of the body.", d.Name),
			"the signature rule of another platform",
		})
	}
	text := func(f func(s string) string) rewriter {
		return func(b []byte) ([]byte, bool) { return []byte(f(string(b))), len(b) > 0 }
	}
	coded := func(f func(b []byte) string) rewriter {
		return func(b []byte) ([]byte, bool) { return []byte(f(b)), len(b) > 0 }
	}
	plus := func(keep string, lower bool) rewriter { // + for spaces
		return text(func(s string) string {
			return strings.ReplaceAll(Percent(s, Unreserved[:62]+keep+" ", lower), " ", "+")
		})
	}
	return append(ops, []byteOp{
		{common, coded(standard), base64Signed, "The base64 of the body was signed.",
			"`Buffer.from(body).toString('base64')` before signing"},
		{plausible, coded(base64.URLEncoding.EncodeToString), base64Signed, "The base64url of the body was signed.",
			"`Base64.getUrlEncoder()`"},
		{plausible, coded(base64.RawURLEncoding.EncodeToString), base64Signed,
			"The base64url of the body, without padding, was signed.", "a JWS, or `base64url`"},
		{rare, coded(base64.RawStdEncoding.EncodeToString), base64Signed,
			"The base64 of the body, without padding, was signed.", "a base64 function that leaves out the padding"},
		{plausible, coded(inLines(standard, 76, "\r\n", false)), base64Signed,
			"The base64 of the body, in lines of 76, was signed.", "`Base64.getMimeEncoder()`"},
		{plausible, coded(inLines(standard, 76, "\r\n", true)), base64Signed,
			"The base64 of the body, in lines of 76, was signed.", "PHP's `chunk_split`"},
		{plausible, coded(inLines(standard, 76, "\n", true)), base64Signed,
			"The base64 of the body, in lines of 76, was signed.", "`base64` without -w0, or Python's `encodebytes`"},
		{plausible, coded(inLines(standard, 76, "\n", false)), base64Signed,
			"The base64 of the body, in lines of 76, was signed.", "`base64` without -w0"},
		{plausible, coded(inLines(standard, 64, "\n", true)), base64Signed,
			"The base64 of the body, in lines of 64, was signed.", "`openssl base64`"},
		{plausible, coded(inLines(standard, 60, "\n", true)), base64Signed,
			"The base64 of the body, in lines of 60, was signed.", "`Base64.encode64` of Ruby; `strict_encode64` has no lines"},
		{rare, coded(func(b []byte) string { return standard(b) + "\n" }), base64Signed,
			"The base64 of the body, with a line feed, was signed.", "`echo \"$body\" | base64`"},
		{plausible, coded(func(b []byte) string { return inLines(standard, 76, "\n", true)(lined(b)) }), base64Signed,
			"The base64 of the body and a line feed, in lines of 76, was signed.", "`echo \"$body\" | base64`"},
		{plausible, coded(func(b []byte) string { return standard(lined(b)) }), base64Signed,
			"The base64 of the body and a line feed was signed.", "`$(echo \"$body\" | base64 -w0)`"},
		{plausible, coded(func(b []byte) string { return `"` + standard(b) + `"` }), base64Signed,
			"The base64 of the body was signed in double quotes.", "`json.Marshal(body)` of Go, or Jackson, where body is bytes"},
		{usual, func(b []byte) ([]byte, bool) {
			out, err := base64.StdEncoding.DecodeString(string(b))
			return out, err == nil && len(out) > 0
		}, base64Signed, "as it was before it was put into base64",
			"encoding after signing"},
		{usual, onText(alphabet("+-", "/_", true)), "body_base64_alphabet",
			"with base64url where it has base64", "`Base64.getUrlEncoder()`, `urlsafe_b64encode`"},
		{plausible, onText(alphabet("+-", "/_", false)), "body_base64_alphabet",
			"with base64url without padding where it has base64", "`base64url` of Node, or `RawURLEncoding` of Go"},
		{usual, onText(alphabet("-+", "_/", true)), "body_base64_alphabet",
			"with base64 where it has base64url", "`Base64.getEncoder()`, `b64encode`"},
		{plausible, onText(alphabet("", "", false)), "body_base64_alphabet", "without the padding of its base64", "`withoutPadding()`"},
		{plausible, coded(hex.EncodeToString), "body_hex_signed",
			"The hexadecimal of the body was signed.", "`bytes.hex()` before signing"},
		{rare, coded(inLines(hex.EncodeToString, 60, "\n", true)), "body_hex_signed",
			"The hexadecimal of the body, in lines of 60, was signed.", "`xxd -p`"},
		{rare, coded(dashed), "body_hex_signed", "The upper-case hexadecimal of the body was signed, with a hyphen between bytes.",
			"`BitConverter.ToString(bytes)` of .NET"},
		{rare, coded(upperHex), "body_hex_signed", "The upper-case hexadecimal of the body was signed.",
			"`BitConverter.ToString` before signing"},
		{common, text(queryEscape), urlEncoded, "percent-encoded, with + for spaces",
			"`urllib.parse.quote_plus(body)`, `url.QueryEscape` or `urlencode` of PHP"},
		{common, text(PercentAll), urlEncoded, "percent-encoded, with %20 for spaces", "`rawurlencode` of PHP, or `quote(body, safe='')`"},
		{common, text(EncodeURIComponent), urlEncoded, "percent-encoded by encodeURIComponent", "`encodeURIComponent(body)`"},
		{plausible, text(neturl.PathEscape), urlEncoded, "percent-encoded as a path", "`url.PathEscape`"},
		{usual, text(EncodeURI), urlEncoded, "percent-encoded by encodeURI", "`encodeURI(body)`"},
		{usual, text(func(s string) string { return Percent(s, Unreserved+"/", false) }), urlEncoded,
			"percent-encoded but for slashes", "Python's `urllib.parse.quote(body)`"},
		{usual, plus("-_.*", false), urlEncoded, "percent-encoded by Java", "`URLEncoder.encode(body, UTF_8)`"},
		{usual, plus("-_.!*()", true), urlEncoded, "percent-encoded by .NET, with lower-case hex", "`HttpUtility.UrlEncode(body)`"},
		{usual, plus("-_.", false), urlEncoded, "percent-encoded by PHP", "`urlencode($body)`"},
		{plausible, text(func(s string) string { return Percent(s, Unreserved, true) }), urlEncoded,
			"percent-encoded, with lower-case hex", "a percent-encoder with lower-case hex"},
		{plausible, text(jsEscape), urlEncoded, "as JavaScript's escape() writes it: %XX and %uXXXX", "`escape(body)`"},
		{rare, text(func(s string) string { return PercentAll(PercentAll(s)) }), urlEncoded,
			"percent-encoded twice", "encoding what is encoded already"},
		{common, coded(asString(escaping{})), stringified, "as a JSON string: JSON in quotes",
			"`JSON.stringify(body)` where body is a string already"},
		{usual, coded(asString(escaping{nonASCII: lowerUnits})), stringified,
			"as a JSON string with \\uXXXX escapes", "`json.dumps(body)` where body is a string already"},
		{plausible, coded(asString(escaping{slash: true, nonASCII: lowerUnits})), stringified,
			"as a JSON string with \\uXXXX escapes and \\/", "`json_encode($body)` where $body is a string already"},
		{usual, coded(asString(escaping{ascii: goHTML, lines: true})), stringified,
			"as a JSON string with < > & escaped", "`json.Marshal(string(body))`"},
		{usual, coded(asString(*gsonText)), stringified, "as a JSON string by Gson", "`gson.toJson(body)` where body is a string already"},
		{plausible, coded(asString(*netText)), stringified, "as a JSON string by .NET",
			"`JsonSerializer.Serialize(body)` where body is a string already"},
		{plausible, coded(asString(escaping{slash: true})), stringified,
			"as a JSON string with \\/", "json-simple, or `json_encode($body, JSON_UNESCAPED_UNICODE)`"},
		{rare, text(func(s string) string { return string(stringify(stringify([]byte(s), escaping{}), escaping{})) }),
			stringified, "as a JSON string in a JSON string", "`JSON.stringify` called three times"},
		{common, undoString, stringified, "as it was before it was put into a JSON string",
			"`JSON.stringify(body)` for sending, where body is a string already"},
		{plausible, text(func(s string) string { return `"` + s + `"` }), "body_quoted",
			"in double quotes", "quotes from a shell or a configuration file"},
		{plausible, text(func(s string) string { return "'" + s + "'" }), "body_quoted",
			"in single quotes", "quotes from a shell or a configuration file"},
		{usual, text(func(s string) string { return "b'" + strings.ReplaceAll(pyBytes(s), "'", `\'`) + "'" }), pythonRepr,
			"as Python prints bytes: b'…'", "`str(body)` where body is bytes; use `body.decode()`"},
		{usual, text(func(s string) string { return "b'" + pyBytes(s) + "'" }), pythonRepr,
			"as Python prints bytes: b'…'", "`str(body)` where body is bytes; use `body.decode()`"},
		{plausible, text(numberList(" ", "[", "]")), "body_byte_list_signed",
			"as the list of its bytes in decimal", "`fmt.Sprint(body)` of a []byte in Go; use `string(body)`"},
		{plausible, text(numberList(",", "", "")), "body_byte_list_signed", "as the list of its bytes in decimal",
			"`String(uint8Array)` of JavaScript; use `TextDecoder`"},
		{rare, text(numberList(", ", "[", "]")), "body_byte_list_signed", "as the list of its bytes in decimal",
			"`Arrays.toString(bytes)` of Java, or `list(body)` of Python"},
		{plausible, text(signedBytes), "body_byte_list_signed", "as the list of its bytes in decimal, with signs",
			"`Arrays.toString(bytes)` of Java"},
		{plausible, text(numberList(",", `{"type":"Buffer","data":[`, "]}")), "body_byte_list_signed",
			"as JSON of a Buffer: the list of its bytes", "`JSON.stringify(buffer)` of Node; use `buffer.toString()`"},
		{plausible, text(numberList(",", "[", "]")), "body_byte_list_signed", "as a JSON list of its bytes",
			"`json_encode` or `JSON.stringify` of an array of bytes"},
		{rare, text(byteObject), "body_byte_list_signed", "as JSON of a Uint8Array",
			"`JSON.stringify(new Uint8Array(…))`; use `TextDecoder`"},
		{plausible, inside(escaping{slash: true, nonASCII: upperUnits, upper: true}), stringified,
			"escaped for a string of Java, with / as \\/", "`StringEscapeUtils.escapeJava` of commons-lang 2"},
		{plausible, inside(escaping{nonASCII: upperUnits, upper: true}), stringified,
			"escaped for a string of Java", "`StringEscapeUtils.escapeJava`"},
		{plausible, inside(escaping{ascii: "<>&'", lines: true}), stringified,
			"escaped for a string of JavaScript", "`HttpUtility.JavaScriptStringEncode` of .NET"},
		{rare, inside(escaping{ascii: "<>'", lines: true}), stringified,
			"escaped for a string of JavaScript, but for &", "`HttpUtility.JavaScriptStringEncode` of .NET"},
		{rare, text(strconv.QuoteToASCII), stringified, "as Go quotes a string in ASCII", "`%+q` of Go"},
		{rare, text(rubyDump), stringified, "as Ruby dumps a string", "`json.dump` of a String"},
		{usual, onText(fromPythonBytes), pythonRepr,
			"as it was before Python printed it as bytes: b'…' was sent", "`str(body)` where body is bytes; use `body.decode()`"},
		{plausible, text(nodeBuffer), "body_js_inspect_signed", "as Node prints a Buffer: <Buffer 7b 22 …>",
			"`util.inspect(buffer)`; use `buffer.toString()`"},
		{plausible, text(rubyQuote), stringified, "as Ruby prints a string", "`json.inspect`, or `p json`"},
		{plausible, text(pythonQuote), stringified, "as Python prints a string", "`repr(body)`, or `{body!r}`"},
		{plausible, text(strconv.Quote), stringified, "as Go quotes a string", "`%q` of Go; use `%s`"},
	}...)
}

// jsEscape is escape() of JavaScript.
func jsEscape(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		switch {
		case u < 0x80 && strings.IndexByte(Unreserved[:62]+"@*_+-./", byte(u)) >= 0:
			b.WriteByte(byte(u))
		case u < 0x100:
			fmt.Fprintf(&b, "%%%02X", u)
		default:
			fmt.Fprintf(&b, "%%u%04X", u)
		}
	}
	return b.String()
}

func undoString(b []byte) ([]byte, bool) {
	d := parse(b)
	if d == nil || d.root.kind != text {
		return nil, false
	}
	return []byte(d.root.decoded()), true
}

// signedBytes lists bytes as Java has them, from -128 to 127.
func signedBytes(s string) string {
	parts := make([]string, len(s))
	for i := range len(s) {
		parts[i] = itoa(int(int8(s[i]))) //nolint:gosec // as Java has them
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func byteObject(s string) string {
	parts := make([]string, len(s))
	for i := range len(s) {
		parts[i] = `"` + itoa(i) + `":` + itoa(int(s[i]))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func numberList(join, first, last string) func(string) string {
	return func(s string) string {
		parts := make([]string, len(s))
		for i := range len(s) {
			parts[i] = itoa(int(s[i]))
		}
		return first + strings.Join(parts, join) + last
	}
}

// constants are what is signed where the body is forgotten or lost.
var constants = []row[string]{
	{common, "", "body_empty_signed", "An empty body was signed.", "a stream that was read before: the body is gone when it is signed"},
	{common, "{}", "body_empty_object_signed", "{} was signed instead of the body.",
		"`JSON.stringify(req.body)` where no body parser ran, or `new Foo()` serialised before its fields are set"},
	{usual, "[]", "body_empty_array_signed", "[] was signed instead of the body.", "PHP's `json_encode([])`"},
	{common, "null", undefinedWord, "null was signed instead of the body.",
		"`JSON.stringify(null)`, or string concatenation with null in Java"},
	{common, "undefined", undefinedWord,
		"The word undefined was signed instead of the body.", "a template string around a body that is not set: `${req.rawBody}`"},
	{usual, "None", undefinedWord, "The word None was signed instead of the body.", "an f-string around a body that is None"},
	{plausible, "nil", undefinedWord, "The word nil was signed instead of the body.", "a body that is not set"},
	{plausible, "<nil>", undefinedWord, "<nil> was signed instead of the body.", "`fmt.Sprint(body)` in Go, where body is nil"},
	{plausible, "NULL", undefinedWord, "NULL was signed instead of the body.", "a database's or a C null"},
	{rare, "Null", undefinedWord, "Null was signed instead of the body.", "a null that was printed"},
	{common, "[object Object]", objectWord, "[object Object] was signed instead of the body.",
		"string concatenation with an object: `'' + req.body`; use the raw bytes"},
	{usual, "Array", objectWord, "The word Array was signed instead of the body.", "string concatenation with an array in PHP"},
	{plausible, "System.Object", objectWord, "A type name was signed instead of the body.", "`ToString()` of an object in .NET"},
	{plausible, "System.Byte[]", objectWord, "System.Byte[] was signed instead of the body.", "`ToString()` of a byte array in .NET"},
	{plausible, "System.Collections.Generic.Dictionary`2[System.String,System.Object]", objectWord,
		"A type name was signed instead of the body.", "`ToString()` of a dictionary in .NET"},
	{rare, "System.Collections.Generic.Dictionary`2[System.String,System.String]", objectWord,
		"A type name was signed instead of the body.", "`ToString()` of a dictionary in .NET"},
	{plausible, "[object Undefined]", objectWord, "[object Undefined] was signed instead of the body.",
		"`Object.prototype.toString.call(body)`"},
	{plausible, "[object Promise]", objectWord, "[object Promise] was signed instead of the body.", "a missing `await`"},
	{plausible, "[object ReadableStream]", objectWord, "[object ReadableStream] was signed instead of the body.",
		"a body that was not read: `await req.text()`"},
	{plausible, "[object ArrayBuffer]", objectWord, "[object ArrayBuffer] was signed instead of the body.",
		"string concatenation with a buffer"},
	{rare, "[object Uint8Array]", objectWord, "[object Uint8Array] was signed instead of the body.", "string concatenation with a buffer"},
	{usual, `""`, "body_empty_signed", "An empty string in quotes was signed instead of the body.", "`JSON.stringify('')`"},
	{rare, "true", "body_boolean_literal_signed", "true was signed instead of the body.", "the result of a comparison"},
	{rare, "false", "body_boolean_literal_signed", "false was signed instead of the body.", "`json_encode` that failed"},
	{rare, "1", "body_boolean_literal_signed", "1 was signed instead of the body.", "`print_r($data)` without its second argument"},
	{exotic, "0", "body_boolean_literal_signed", "0 was signed instead of the body.", "a missing value"},
	{exotic, "NaN", undefinedWord, "NaN was signed instead of the body.", "arithmetic with a body: `a + +b`"},
	{rare, " ", "body_empty_signed", "A space was signed instead of the body.", "a default value"},
	{rare, "\n", "body_empty_signed", "A line feed was signed instead of the body.", "`echo` of an empty variable"},
	{exotic, "@-", "body_file_name_signed",
		"The text @- was signed instead of the body.", "curl's way of naming a file, which the signer did not resolve"},
}

var base64Run = lazyregexp.New(`[A-Za-z0-9+/_-]{24,}={0,2}`)

// alphabet returns a function that writes the base64 of a text in another alphabet:
// the first letter of each pair becomes the second. Where padded says so, there is
// padding as is due, else none.
func alphabet(plus, slash string, padded bool) func(s string) string {
	var pairs []string
	for _, p := range []string{plus, slash} {
		if p != "" {
			pairs = append(pairs, p[:1], p[1:])
		}
	}
	letters := strings.NewReplacer(pairs...)
	return func(s string) string {
		return base64Run.ReplaceAllStringFunc(s, func(run string) string {
			bare := letters.Replace(strings.TrimRight(run, "="))
			if n := len(bare) % 4; padded && n > 1 {
				bare += "=="[n-2:]
			}
			return bare
		})
	}
}
