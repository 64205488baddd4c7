package bodies

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"countersign/apiclient/jsontext"
)

// escaping is how a library spells the characters of a string.
type escaping struct {
	nonASCII string // format of a UTF-16 unit outside ASCII, such as `\u%04x`; "" leaves it as it is
	ascii    string // ASCII characters written as \uXXXX besides the control characters
	upper    bool   // hexadecimal in upper case
	slash    bool   // "/" as "\/"
	lines    bool   // U+2028 and U+2029 escaped, as those libraries do that keep JavaScript in mind
	long     bool   // \b and \f as \u0008 and \u000c
	bare     bool   // U+007F escaped
	blocks   bool   // U+0080 to U+009F and U+2000 to U+20FF escaped, as org.json and json-simple do
	tags     bool   // "/" as "\/" behind "<" only
	planes   bool   // characters beyond U+FFFF escaped
	lone     string // what half a surrogate pair becomes; "" keeps it as an escape
}

// roundTrip spells a string again, whatever escapes it had.
func (e escaping) roundTrip(dst []byte, v *value) []byte {
	dst = append(dst, '"')
	raw := v.raw[1 : len(v.raw)-1]
	for at := loneSurrogate(raw); at >= 0; at = loneSurrogate(raw) {
		dst = e.appendText(dst, jsontext.Text(quotes(raw[:at])))
		if e.lone != "" {
			dst = append(dst, e.lone...)
		} else {
			r, _ := jsontext.Escape(raw[at:])
			dst = e.unit(dst, uint16(r)) //nolint:gosec // a surrogate
		}
		raw = raw[at+6:]
	}
	return append(e.appendText(dst, jsontext.Text(quotes(raw))), '"')
}

func quotes(raw []byte) []byte { return append(append([]byte{'"'}, raw...), '"') }

// loneSurrogate returns where in the text of a JSON string half a surrogate pair is
// escaped; -1 where it is nowhere.
func loneSurrogate(raw []byte) int {
	for i := bytes.IndexByte(raw, '\\'); i >= 0 && i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		r, size := jsontext.Escape(raw[i:])
		if utf16.IsSurrogate(r) {
			return i
		}
		i += max(size, 1) - 1
	}
	return -1
}

// add escapes what is not escaped yet, and keeps the escapes that are there.
func (e escaping) add(dst []byte, v *value) []byte {
	raw := string(v.raw)
	for len(raw) > 0 {
		i := strings.IndexByte(raw, '\\')
		if i < 0 || i+1 >= len(raw) {
			return e.outside(dst, raw)
		}
		size := 2
		if raw[i+1] == 'u' && len(raw) >= i+6 {
			size = 6
		}
		dst = append(e.outside(dst, raw[:i]), raw[i:i+size]...)
		raw = raw[i+size:]
	}
	return dst
}

// outside spells what has no escapes and may have the quotes of the string.
func (e escaping) outside(dst []byte, s string) []byte {
	for _, r := range s {
		if r == '"' {
			dst = append(dst, '"')
			continue
		}
		dst = e.appendRune(dst, r)
	}
	return dst
}

func (e escaping) appendText(dst []byte, s string) []byte {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				dst = append(dst, s[i])
				continue
			}
		}
		dst = e.appendRune(dst, r)
	}
	return dst
}

func (e escaping) appendRune(dst []byte, r rune) []byte {
	switch {
	case r >= 0x80:
		if e.nonASCII != "" || e.lines && (r == 0x2028 || r == 0x2029) || e.planes && r > 0xffff ||
			e.blocks && (r < 0xa0 || r >= 0x2000 && r < 0x2100) {
			return e.units(dst, r)
		}
		return utf8.AppendRune(dst, r)
	case strings.IndexByte(e.ascii, byte(r)) >= 0:
		return e.unit(dst, uint16(r)) //nolint:gosec // below 0x80
	}
	switch r {
	case '"':
		return append(dst, `\"`...)
	case '\\':
		return append(dst, `\\`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	case '\b':
		if !e.long {
			return append(dst, `\b`...)
		}
	case '\f':
		if !e.long {
			return append(dst, `\f`...)
		}
	case '/':
		if e.slash || e.tags && len(dst) > 0 && dst[len(dst)-1] == '<' {
			return append(dst, `\/`...)
		}
	}
	if r < ' ' || r == 0x7f && e.bare {
		return e.unit(dst, uint16(r)) //nolint:gosec // below 0x80
	}
	return append(dst, byte(r)) //nolint:gosec // below 0x80
}

func (e escaping) units(dst []byte, r rune) []byte {
	if r > 0xffff && !strings.Contains(e.nonASCII, "U") {
		a, b := utf16.EncodeRune(r)
		return e.unit(e.unit(dst, uint16(a)), uint16(b)) //nolint:gosec // surrogates
	}
	if strings.Contains(e.nonASCII, "U") {
		return fmt.Appendf(dst, strings.Replace(e.nonASCII, "U", "u", 1), r)
	}
	return e.unit(dst, uint16(r)) //nolint:gosec // below 0x10000
}

func (e escaping) unit(dst []byte, u uint16) []byte {
	if u >= 0x80 {
		switch e.nonASCII {
		case "":
		case lowerUnits:
			return appendUnit(dst, u, "0123456789abcdef")
		case upperUnits:
			return appendUnit(dst, u, "0123456789ABCDEF")
		default:
			return fmt.Appendf(dst, e.nonASCII, u)
		}
	}
	if e.upper {
		return appendUnit(dst, u, "0123456789ABCDEF")
	}
	return appendUnit(dst, u, "0123456789abcdef")
}

func appendUnit(dst []byte, u uint16, digits string) []byte {
	return append(dst, '\\', 'u', digits[u>>12], digits[u>>8&15], digits[u>>4&15], digits[u&15])
}

// Characters that libraries escape for the sake of HTML.
const (
	goHTML     = "<>&"
	gsonHTML   = "<>&='"
	netHTML    = "<>&'+\"`"
	phpHTML    = "<>&'\""
	lowerUnits = `\u%04x`
	upperUnits = `\u%04X`
)

// escapings are the spellings of libraries, with the words for each.
var escapings = []row[escaping]{
	{common, escaping{}, "body_unicode_unescaped_signed", "with plain characters where it was sent with \\ escapes",
		"`json.loads` and `json.dumps(…, ensure_ascii=False)`, or `JSON.stringify(JSON.parse(body))`"},
	{common, escaping{nonASCII: lowerUnits}, unicodeEscaped,
		"with \\uXXXX escapes (lower-case hex) where it was sent with plain characters",
		"Python's `json.dumps` with its default `ensure_ascii=True`"},
	{usual, escaping{nonASCII: upperUnits, upper: true}, unicodeEscaped,
		"with \\uXXXX escapes (upper-case hex) where it was sent with plain characters",
		"`JsonSerializer` of .NET, or Jackson's `ESCAPE_NON_ASCII`"},
	{common, escaping{ascii: goHTML, lines: true}, htmlEscaped,
		"with < > & written as \\u003c \\u003e \\u0026",
		"Go's `json.Marshal`, which escapes for HTML unless `SetEscapeHTML(false)` is called"},
	{common, escaping{ascii: gsonHTML, lines: true}, htmlEscaped,
		"with < > & = ' written as \\u003c \\u003e \\u0026 \\u003d \\u0027", "Gson without `disableHtmlEscaping()`"},
	{rare, escaping{ascii: "&", lines: true}, htmlEscaped, "with & written as \\u0026", "a serialiser that escapes ampersands"},
	{plausible, escaping{ascii: goHTML, upper: true}, htmlEscaped,
		"with < > & written as \\u003C \\u003E \\u0026", "PHP's `JSON_HEX_TAG | JSON_HEX_AMP`"},
	{rare, escaping{ascii: phpHTML, upper: true}, htmlEscaped, "with < > & ' \" written as \\uXXXX",
		"PHP's `JSON_HEX_TAG | JSON_HEX_AMP | JSON_HEX_APOS | JSON_HEX_QUOT`"},
	{usual, escaping{ascii: netHTML, nonASCII: upperUnits, upper: true, lines: true, bare: true}, unicodeEscaped,
		"with everything outside ASCII, and < > & ' + \" `, written as \\uXXXX",
		"`System.Text.Json` with its default encoder; `UnsafeRelaxedJsonEscaping` leaves characters as they are"},
	{plausible, escaping{ascii: netHTML, upper: true, lines: true, bare: true}, htmlEscaped,
		"with < > & ' + \" ` written as \\uXXXX", "`JavaScriptEncoder.Create(UnicodeRanges.All)` of .NET"},
	{rare, escaping{ascii: "<>&'", lines: true, nonASCII: lowerUnits}, unicodeEscaped,
		"with everything outside ASCII, and < > & ', written as \\uXXXX",
		"Newtonsoft's `StringEscapeHandling.EscapeHtml`"},
	{plausible, escaping{ascii: "<>&'"}, htmlEscaped, "with < > & ' written as \\uXXXX", "Newtonsoft's `StringEscapeHandling.EscapeHtml`"},
	{common, escaping{slash: true}, "body_slash_escaped_signed", "with / written as \\/",
		"PHP's `json_encode` without `JSON_UNESCAPED_SLASHES`"},
	{usual, escaping{slash: true, nonASCII: lowerUnits}, unicodeEscaped,
		"with \\uXXXX escapes, and / written as \\/",
		"PHP's `json_encode` without `JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES`"},
	{plausible, escaping{upper: true}, unicodeEscaped,
		"with upper-case hex where its \\uXXXX escapes were sent in lower case",
		"`JSON.stringify`, which writes half a surrogate pair in lower case"},
	{plausible, escaping{lone: "\ufffd"}, "body_unicode_unescaped_signed",
		"with U+FFFD for half a surrogate pair", "body-parser, Go, or any code that makes UTF-8 of it"},
	{rare, escaping{lone: "?"}, "body_charset", "with ? for half a surrogate pair", "`getBytes(UTF_8)` of Java"},
	{rare, escaping{slash: true, ascii: "<>&"}, htmlEscaped,
		"with < > & as \\uXXXX, and / written as \\/", "a serialiser that makes JSON safe for HTML"},
	{rare, escaping{slash: true, nonASCII: upperUnits, upper: true}, unicodeEscaped,
		"with \\uXXXX escapes (upper-case hex), and / written as \\/",
		"json-simple, or an old `DataContractJsonSerializer`"},
	{plausible, escaping{tags: true}, "body_slash_escaped_signed", "with / written as \\/ behind <",
		"`json_encode` of Tornado, or another serialiser that makes JSON safe for a script element"},
	{rare, escaping{lines: true}, unicodeEscaped,
		"with U+2028 and U+2029 written as \\uXXXX", "a serialiser that keeps JavaScript in mind"},
	{plausible, escaping{nonASCII: lowerUnits, ascii: goHTML, lines: true}, unicodeEscaped,
		"with everything outside ASCII, and < > &, written as \\uXXXX",
		"Rails' `to_json`, or Go's `json.Marshal` behind an ASCII filter"},
	{rare, escaping{nonASCII: lowerUnits, ascii: gsonHTML, lines: true}, unicodeEscaped,
		"with everything outside ASCII, and < > & = ', written as \\uXXXX", "Gson behind an ASCII filter"},
	{usual, escaping{planes: true}, unicodeEscaped,
		"with characters beyond U+FFFF written as two \\uXXXX escapes",
		"Jackson on its UTF-8 generator, or a library that knows surrogates"},
	{usual, escaping{planes: true, upper: true}, unicodeEscaped,
		"with characters beyond U+FFFF written as two \\uXXXX escapes (upper-case hex)",
		"Jackson on its UTF-8 generator"},
	{exotic, escaping{nonASCII: `\U{%x}`}, unicodeEscaped,
		"with characters outside ASCII written as \\u{…}", "an escape of newer languages"},
	{plausible, escaping{ascii: "<>"}, htmlEscaped, "with < > written as \\u003c \\u003e", "a serialiser that makes JSON safe for HTML"},
	{plausible, escaping{ascii: "<>", upper: true}, htmlEscaped, "with < > written as \\u003C \\u003E", "PHP's `JSON_HEX_TAG`"},
	{rare, escaping{ascii: "'", upper: true}, htmlEscaped, "with ' written as \\u0027", "PHP's `JSON_HEX_APOS`"},
	{rare, escaping{ascii: "\"", upper: true}, htmlEscaped, "with quotes inside strings written as \\u0022", "PHP's `JSON_HEX_QUOT`"},
	{exotic, escaping{nonASCII: `\U%x`}, unicodeEscaped,
		"with characters outside ASCII written as \\u and as many digits as they need",
		"an escape function written by hand"},
	{exotic, escaping{nonASCII: `\\u%04x`}, unicodeEscaped,
		"with characters outside ASCII written as \\\\uXXXX: escaped twice",
		"escaping a string that is escaped already"},
	{exotic, escaping{nonASCII: `%%u%04X`}, unicodeEscaped, "with characters outside ASCII written as %uXXXX", "JavaScript's `escape()`"},
	{rare, escaping{nonASCII: `&#%d;`}, htmlEscaped, "with characters outside ASCII written as &#NNN;",
		"a form or template that replaces what its charset lacks by HTML entities"},
}
