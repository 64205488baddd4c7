package bodies

import (
	"crypto/md5"  // #nosec G501 -- recognises what others hashed with
	"crypto/sha1" // #nosec G505 -- the same
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	neturl "net/url"
	"strings"
)

// Digest is a hash function by name.
type Digest struct {
	Name string // "SHA-256"
	Word string // "sha256"
	Sum  func(b []byte) []byte
	Cost int
}

// Digests lists the hashes that people put into a string to be signed.
var Digests = []Digest{
	{"SHA-256", "sha256", func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }, common},
	{"MD5", "md5", func(b []byte) []byte { s := md5.Sum(b); return s[:] }, usual},     // #nosec G401
	{"SHA-1", "sha1", func(b []byte) []byte { s := sha1.Sum(b); return s[:] }, usual}, // #nosec G401
	{"SHA-512", "sha512", func(b []byte) []byte { s := sha512.Sum512(b); return s[:] }, plausible},
	{"SHA-384", "sha384", func(b []byte) []byte { s := sha512.Sum384(b); return s[:] }, rare},
	{"SHA-224", "sha224", func(b []byte) []byte { s := sha256.Sum224(b); return s[:] }, rare},
}

func hashed(d Digest, how string, base64ed bool) habit {
	cause := "body_hash_hex_signed"
	if base64ed {
		cause = "body_hash_base64_signed"
	}
	return habit{cause, fmt.Sprintf("The %s of the body, %s, was signed instead of the body.", d.Name, how),
		"the signature rule of another platform, which signs a digest of the body"}
}

// encodings are the body in another form.
func encodings() []byteOp {
	always := func(f func(b []byte) []byte) func([]byte) ([]byte, bool) {
		return func(b []byte) ([]byte, bool) { return f(b), true }
	}
	ops := make([]byteOp, 0, 60)
	for _, d := range Digests {
		ops = append(ops,
			byteOp{always(func(b []byte) []byte { return []byte(hex.EncodeToString(d.Sum(b))) }), hashed(d, "in hexadecimal", false), d.Cost},
			byteOp{always(func(b []byte) []byte { return []byte(strings.ToUpper(hex.EncodeToString(d.Sum(b)))) }), hashed(d, "in upper-case hexadecimal", false), min(d.Cost+2, exotic)},
			byteOp{always(func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(d.Sum(b))) }), hashed(d, "in base64", true), min(d.Cost+1, exotic)},
			byteOp{always(func(b []byte) []byte { return []byte(base64.RawURLEncoding.EncodeToString(d.Sum(b))) }), hashed(d, "in base64url", true), min(d.Cost+4, exotic)},
			byteOp{always(func(b []byte) []byte { return []byte(base64.URLEncoding.EncodeToString(d.Sum(b))) }), hashed(d, "in base64url", true), min(d.Cost+5, exotic)},
			byteOp{always(func(b []byte) []byte {
				return []byte(base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(d.Sum(b)))))
			}), hashed(d, "in hexadecimal and then base64", true), min(d.Cost+4, exotic)},
			byteOp{always(func(b []byte) []byte {
				return []byte(strings.ToUpper(d.Word) + "=" + base64.StdEncoding.EncodeToString(d.Sum(b)))
			}), hashed(d, "as a Digest header", true), min(d.Cost+4, exotic)},
			byteOp{always(func(b []byte) []byte { return []byte(d.Name + "=" + base64.StdEncoding.EncodeToString(d.Sum(b))) }), hashed(d, "as a Digest header", true), min(d.Cost+4, exotic)},
			byteOp{always(d.Sum), habit{"body_hash_raw_signed", fmt.Sprintf("The bytes of the %s of the body were signed instead of the body.", d.Name), "the signature rule of another platform"}, min(d.Cost+2, exotic)},
		)
	}
	text := func(f func(s string) string) func([]byte) ([]byte, bool) {
		return func(b []byte) ([]byte, bool) { return []byte(f(string(b))), len(b) > 0 }
	}
	url := func(says, code string) habit { return habit{"body_urlencoded_signed", says, code} }
	b64 := func(says, code string) habit { return habit{"body_base64_signed", says, code} }
	double := func(says, code string) habit { return habit{"body_double_stringified", says, code} }
	return append(ops,
		byteOp{text(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }), b64("The base64 of the body was signed.", "`Buffer.from(body).toString('base64')` before signing"), common},
		byteOp{text(func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) }), b64("The base64url of the body was signed.", "`Base64.getUrlEncoder()`"), plausible},
		byteOp{text(func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }), b64("The base64url of the body, without padding, was signed.", "a JWS, or `base64url`"), plausible},
		byteOp{text(func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) }), b64("The base64 of the body, without padding, was signed.", "a base64 function that leaves out the padding"), rare},
		byteOp{text(func(s string) string { return Wrap(base64.StdEncoding.EncodeToString([]byte(s)), 76, "\r\n", false) }), b64("The base64 of the body, in lines of 76, was signed.", "`Base64.getMimeEncoder()`"), plausible},
		byteOp{text(func(s string) string { return Wrap(base64.StdEncoding.EncodeToString([]byte(s)), 76, "\r\n", true) }), b64("The base64 of the body, in lines of 76, was signed.", "PHP's `chunk_split`"), plausible},
		byteOp{text(func(s string) string { return Wrap(base64.StdEncoding.EncodeToString([]byte(s)), 76, "\n", true) }), b64("The base64 of the body, in lines of 76, was signed.", "`base64` without -w0, or Python's `encodebytes`"), plausible},
		byteOp{text(func(s string) string { return Wrap(base64.StdEncoding.EncodeToString([]byte(s)), 76, "\n", false) }), b64("The base64 of the body, in lines of 76, was signed.", "`base64` without -w0"), plausible},
		byteOp{text(func(s string) string { return Wrap(base64.StdEncoding.EncodeToString([]byte(s)), 64, "\n", true) }), b64("The base64 of the body, in lines of 64, was signed.", "`openssl base64`"), plausible},
		byteOp{text(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) + "\n" }), b64("The base64 of the body, with a line feed, was signed.", "`echo \"$body\" | base64`"), rare},
		byteOp{func(b []byte) ([]byte, bool) {
			out, err := base64.StdEncoding.DecodeString(string(b))
			return out, err == nil && len(out) > 0
		}, b64("The body was signed as it was before it was put into base64.", "encoding after signing"), usual},
		byteOp{text(func(s string) string { return hex.EncodeToString([]byte(s)) }), habit{"body_hex_signed", "The hexadecimal of the body was signed.", "`bytes.hex()` before signing"}, plausible},
		byteOp{text(func(s string) string { return Wrap(hex.EncodeToString([]byte(s)), 60, "\n", true) }), habit{"body_hex_signed", "The hexadecimal of the body, in lines of 60, was signed.", "`xxd -p`"}, rare},
		byteOp{text(func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) }), habit{"body_hex_signed", "The upper-case hexadecimal of the body was signed.", "`BitConverter.ToString` before signing"}, rare},
		byteOp{text(queryEscape), url("The body was signed percent-encoded, with + for spaces.", "`urllib.parse.quote_plus(body)`, `url.QueryEscape` or `urlencode` of PHP"), common},
		byteOp{text(PercentAll), url("The body was signed percent-encoded, with %20 for spaces.", "`rawurlencode` of PHP, or `quote(body, safe='')`"), common},
		byteOp{text(EncodeURIComponent), url("The body was signed percent-encoded by encodeURIComponent.", "`encodeURIComponent(body)`"), common},
		byteOp{text(neturl.PathEscape), url("The body was signed percent-encoded as a path.", "`url.PathEscape`"), plausible},
		byteOp{text(EncodeURI), url("The body was signed percent-encoded by encodeURI.", "`encodeURI(body)`"), usual},
		byteOp{text(func(s string) string { return Percent(s, Unreserved+"/", false) }), url("The body was signed percent-encoded but for slashes.", "Python's `urllib.parse.quote(body)`"), usual},
		byteOp{text(func(s string) string { return strings.ReplaceAll(Percent(s, Unreserved[:62]+"-_.* ", false), " ", "+") }), url("The body was signed percent-encoded by Java.", "`URLEncoder.encode(body, UTF_8)`"), usual},
		byteOp{text(func(s string) string {
			return strings.ReplaceAll(Percent(s, Unreserved[:62]+"-_.!*() ", true), " ", "+")
		}), url("The body was signed percent-encoded by .NET, with lower-case hex.", "`HttpUtility.UrlEncode(body)`"), usual},
		byteOp{text(func(s string) string { return strings.ReplaceAll(Percent(s, Unreserved[:62]+"-_. ", false), " ", "+") }), url("The body was signed percent-encoded by PHP.", "`urlencode($body)`"), usual},
		byteOp{text(func(s string) string { return Percent(s, Unreserved, true) }), url("The body was signed percent-encoded, with lower-case hex.", "a percent-encoder with lower-case hex"), plausible},
		byteOp{text(func(s string) string { return PercentAll(PercentAll(s)) }), url("The body was signed percent-encoded twice.", "encoding what is encoded already"), rare},
		byteOp{text(func(s string) string { return string(stringify([]byte(s), escaping{})) }), double("The body was signed as a JSON string: JSON in quotes.", "`JSON.stringify(body)` where body is a string already"), common},
		byteOp{text(func(s string) string { return string(stringify([]byte(s), escaping{nonASCII: lowerUnits})) }), double("The body was signed as a JSON string with \\uXXXX escapes.", "`json.dumps(body)` where body is a string already"), usual},
		byteOp{text(func(s string) string {
			return string(stringify([]byte(s), escaping{slash: true, nonASCII: lowerUnits}))
		}), double("The body was signed as a JSON string with \\uXXXX escapes and \\/.", "`json_encode($body)` where $body is a string already"), plausible},
		byteOp{text(func(s string) string { return string(stringify([]byte(s), escaping{ascii: goHTML, lines: true})) }), double("The body was signed as a JSON string with < > & escaped.", "`json.Marshal(string(body))`"), usual},
		byteOp{text(func(s string) string { return string(stringify([]byte(s), *gsonText)) }), double("The body was signed as a JSON string by Gson.", "`gson.toJson(body)` where body is a string already"), usual},
		byteOp{text(func(s string) string { return string(stringify([]byte(s), *netText)) }), double("The body was signed as a JSON string by .NET.", "`JsonSerializer.Serialize(body)` where body is a string already"), plausible},
		byteOp{text(func(s string) string { return string(stringify([]byte(s), escaping{slash: true})) }), double("The body was signed as a JSON string with \\/.", "json-simple, or `json_encode($body, JSON_UNESCAPED_UNICODE)`"), plausible},
		byteOp{text(func(s string) string { return string(stringify(stringify([]byte(s), escaping{}), escaping{})) }), double("The body was signed as a JSON string in a JSON string.", "`JSON.stringify` called three times"), rare},
		byteOp{undoString, habit{"body_double_stringified", "The body was signed as it was before it was put into a JSON string.", "`JSON.stringify(body)` for sending, where body is a string already"}, common},
		byteOp{text(func(s string) string { return `"` + s + `"` }), habit{"body_quoted", "The body was signed in double quotes.", "quotes from a shell or a configuration file"}, plausible},
		byteOp{text(func(s string) string { return "'" + s + "'" }), habit{"body_quoted", "The body was signed in single quotes.", "quotes from a shell or a configuration file"}, plausible},
		byteOp{text(func(s string) string { return "b'" + strings.ReplaceAll(pyBytes(s), "'", `\'`) + "'" }), habit{"body_python_repr_signed", "The body was signed as Python prints bytes: b'…'.", "`str(body)` where body is bytes; use `body.decode()`"}, usual},
		byteOp{text(func(s string) string { return "b'" + pyBytes(s) + "'" }), habit{"body_python_repr_signed", "The body was signed as Python prints bytes: b'…'.", "`str(body)` where body is bytes; use `body.decode()`"}, usual},
		byteOp{text(numberList(" ", "[", "]")), habit{"body_byte_list_signed", "The body was signed as the list of its bytes in decimal.", "`fmt.Sprint(body)` of a []byte in Go; use `string(body)`"}, plausible},
		byteOp{text(numberList(",", "", "")), habit{"body_byte_list_signed", "The body was signed as the list of its bytes in decimal.", "`String(uint8Array)` of JavaScript; use `TextDecoder`"}, plausible},
		byteOp{text(numberList(", ", "[", "]")), habit{"body_byte_list_signed", "The body was signed as the list of its bytes in decimal.", "`Arrays.toString(bytes)` of Java"}, rare},
	)
}

// Wrap breaks s into lines of that width; last puts a line break behind the
// last one, too.
func Wrap(s string, width int, newline string, last bool) string {
	var b strings.Builder
	for len(s) > width {
		b.WriteString(s[:width] + newline)
		s = s[width:]
	}
	b.WriteString(s)
	if last {
		b.WriteString(newline)
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

func pyBytes(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\\':
			b.WriteString(`\\`)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
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
var constants = []struct {
	text   string
	change habit
	cost   int
}{
	{"", habit{"body_empty_signed", "An empty body was signed.", "a stream that was read before: the body is gone when it is signed"}, common},
	{"{}", habit{"body_empty_object_signed", "{} was signed instead of the body.", "`JSON.stringify(req.body)` where no body parser ran, or `new Foo()` serialised before its fields are set"}, common},
	{"[]", habit{"body_empty_array_signed", "[] was signed instead of the body.", "PHP's `json_encode([])`"}, usual},
	{"null", habit{"body_undefined_literal_signed", "null was signed instead of the body.", "`JSON.stringify(null)`, or string concatenation with null in Java"}, common},
	{"undefined", habit{"body_undefined_literal_signed", "The word undefined was signed instead of the body.", "a template string around a body that is not set: `${req.rawBody}`"}, common},
	{"None", habit{"body_undefined_literal_signed", "The word None was signed instead of the body.", "an f-string around a body that is None"}, usual},
	{"nil", habit{"body_undefined_literal_signed", "The word nil was signed instead of the body.", "a body that is not set"}, plausible},
	{"<nil>", habit{"body_undefined_literal_signed", "<nil> was signed instead of the body.", "`fmt.Sprint(body)` in Go, where body is nil"}, plausible},
	{"NULL", habit{"body_undefined_literal_signed", "NULL was signed instead of the body.", "a database's or a C null"}, plausible},
	{"Null", habit{"body_undefined_literal_signed", "Null was signed instead of the body.", "a null that was printed"}, rare},
	{"[object Object]", habit{"body_object_object_signed", "[object Object] was signed instead of the body.", "string concatenation with an object: `'' + req.body`; use the raw bytes"}, common},
	{"Array", habit{"body_object_object_signed", "The word Array was signed instead of the body.", "string concatenation with an array in PHP"}, usual},
	{"System.Object", habit{"body_object_object_signed", "A type name was signed instead of the body.", "`ToString()` of an object in .NET"}, plausible},
	{"System.Byte[]", habit{"body_object_object_signed", "System.Byte[] was signed instead of the body.", "`ToString()` of a byte array in .NET"}, plausible},
	{"System.Collections.Generic.Dictionary`2[System.String,System.Object]", habit{"body_object_object_signed", "A type name was signed instead of the body.", "`ToString()` of a dictionary in .NET"}, plausible},
	{"System.Collections.Generic.Dictionary`2[System.String,System.String]", habit{"body_object_object_signed", "A type name was signed instead of the body.", "`ToString()` of a dictionary in .NET"}, rare},
	{"[object Promise]", habit{"body_object_object_signed", "[object Promise] was signed instead of the body.", "a missing `await`"}, plausible},
	{"[object ReadableStream]", habit{"body_object_object_signed", "[object ReadableStream] was signed instead of the body.", "a body that was not read: `await req.text()`"}, plausible},
	{"[object ArrayBuffer]", habit{"body_object_object_signed", "[object ArrayBuffer] was signed instead of the body.", "string concatenation with a buffer"}, plausible},
	{"[object Uint8Array]", habit{"body_object_object_signed", "[object Uint8Array] was signed instead of the body.", "string concatenation with a buffer"}, rare},
	{`""`, habit{"body_empty_signed", "An empty string in quotes was signed instead of the body.", "`JSON.stringify('')`"}, usual},
	{"true", habit{"body_boolean_literal_signed", "true was signed instead of the body.", "the result of a comparison"}, rare},
	{"false", habit{"body_boolean_literal_signed", "false was signed instead of the body.", "`json_encode` that failed"}, rare},
	{"1", habit{"body_boolean_literal_signed", "1 was signed instead of the body.", "`print_r($data)` without its second argument"}, rare},
	{"0", habit{"body_boolean_literal_signed", "0 was signed instead of the body.", "a missing value"}, exotic},
	{"NaN", habit{"body_undefined_literal_signed", "NaN was signed instead of the body.", "arithmetic with a body: `a + +b`"}, exotic},
	{" ", habit{"body_empty_signed", "A space was signed instead of the body.", "a default value"}, rare},
	{"\n", habit{"body_empty_signed", "A line feed was signed instead of the body.", "`echo` of an empty variable"}, rare},
	{"@-", habit{"body_file_name_signed", "The text @- was signed instead of the body.", "curl's way of naming a file, which the signer did not resolve"}, exotic},
}

// Stringify writes s as a JSON string, with \uXXXX for characters outside
// ASCII where ascii says so.
func Stringify(s string, ascii bool) string {
	e := escaping{}
	if ascii {
		e.nonASCII = lowerUnits
	}
	return string(stringify([]byte(s), e))
}
