package habits

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
)

// Whole is a change of the whole string, and the habit that makes it.
type Whole struct {
	search.Whole
	Change variant.Change
}

func text(f func(string) string) func(dst, src []byte) ([]byte, bool) {
	return func(dst, src []byte) ([]byte, bool) { return append(dst, f(string(src))...), true }
}

// Wholes returns the string as it is and what may have become of it before it
// was signed.
func Wholes() []Whole {
	list := []Whole{{}}
	add := func(cost int, apply func(dst, src []byte) ([]byte, bool), h habit) {
		list = append(list, Whole{search.Whole{Apply: apply, Cost: min(cost, exotic)}, variant.Change(h)})
	}
	for _, s := range surroundings {
		add(s.cost, func(dst, src []byte) ([]byte, bool) {
			return append(append(append(dst, s.front...), src...), s.end...), true
		}, habit{s.cause, s.says, s.code})
	}
	rewritten(add)
	prehashed(add)
	for _, c := range bodies.Charsets() {
		add(c.Cost+1, func(dst, src []byte) ([]byte, bool) {
			out, ok := c.Encode(src)
			return append(dst, out...), ok
		}, habit{"content_charset", fmt.Sprintf("in %s", c.Name), c.Habit})
	}
	return list
}

type adder func(cost int, apply func(dst, src []byte) ([]byte, bool), h habit)

// surrounding is what stands before and behind the string.
type surrounding struct {
	cost              int
	front, end        string
	cause, says, code string
}

const (
	endsLine  = "`println`, `echo` or a text block, which end in a line feed"
	startLine = "a text block that starts on a new line"
	joined    = "string concatenation, or a text block"
	unsetPart = "one more part that is not set"
	printed   = "quotes from a shell, or a debugging print"
)

var surroundings = []surrounding{
	{common, "", "\n", "content_trailing_newline", "with a line feed at its end", endsLine},
	{usual, "", "\r\n", "content_trailing_newline", "with CR LF at its end", endsLine},
	{plausible, "", "\n\n", "content_trailing_newline", "with two line feeds at its end", endsLine},
	{plausible, "", "\r", "content_trailing_newline", "with a CR at its end", endsLine},
	{usual, "", " ", "content_trailing_blank", "with a space at its end", joined},
	{usual, "", "\x00", "content_trailing_nul", "with a NUL byte at its end",
		"a C buffer signed with its terminator: `sizeof` in place of `strlen`"},
	{usual, "", ".", "separator_trailing", "with a dot at its end", "a loop that writes a dot behind each part"},
	{plausible, "", `\n`, "content_trailing_newline", `with the two characters \n at its end`, endsLine},
	{rare, "", "\t", "content_trailing_blank", "with a tab at its end", joined},
	{rare, "", ";", "content_whitespace", "with a semicolon at its end", joined},
	{rare, "", "&", "content_whitespace", "with & at its end", joined},
	{rare, "", ",", "content_whitespace", "with a comma at its end", joined},
	{rare, "", "|", "content_whitespace", "with | at its end", joined},
	{rare, "", ".null", "content_extra_field", "with .null at its end", unsetPart},
	{rare, "", ".undefined", "content_extra_field", "with .undefined at its end", unsetPart},
	{rare, "", "null", "content_extra_field", "with null at its end", unsetPart},
	{rare, "", "undefined", "content_extra_field", "with undefined at its end", unsetPart},
	{usual, bomText, "", "content_bom", "with a byte order mark in front of it",
		"a text file or stream writer with a preamble: `new StreamWriter(…, Encoding.UTF8)`"},
	{usual, "\n", "", "content_leading_newline", "with a line feed in front of it", startLine},
	{plausible, "\r\n", "", "content_leading_newline", "with CR LF in front of it", startLine},
	{usual, " ", "", "content_whitespace", "with a space in front of it", joined},
	{rare, "\t", "", "content_whitespace", "with a tab in front of it", joined},
	{rare, ".", "", "separator_leading", "with a dot in front of it", "a loop that writes a dot before each part"},
	{rare, "HTTP/1.1 ", "", "content_http_version", "with HTTP/1.1 in front of it", "signing the request line"},
	{plausible, `"`, `"`, "content_quoted", "in quotes", printed},
	{plausible, "'", "'", "content_quoted", "in quotes", printed},
	{plausible, "`", "`", "content_quoted", "in quotes", printed},
}

// rewriting changes the characters of the string.
type rewriting struct {
	cost              int
	how               func(string) string
	cause, says, code string
}

const (
	base64Says   = "The base64 of the string was signed."
	encodedFirst = "encoding the string before signing it"
)

var rewritings = []rewriting{
	{usual, strings.ToLower, "content_case", "in lower case", "`toLowerCase()` on the string to sign"},
	{usual, strings.ToUpper, "content_case", "in upper case", "`toUpperCase()` on the string to sign"},
	{usual, strings.TrimSpace, "content_trimmed", "without the blanks at its ends", "`trim()` on the string to sign"},
	{usual, func(s string) string { return strings.Join(strings.Fields(s), "") }, "content_whitespace_removed",
		"without any white space", "a regular expression over the string to sign"},
	{plausible, bodies.Replaced(" ", ""), "content_whitespace_removed", "without spaces", "a replacement over the string to sign"},
	{plausible, bodies.Replaced("\r", "", "\n", ""), "content_newlines_removed",
		"without line breaks", "`tr -d '\\n'`, or a replacement over the string to sign"},
	{plausible, func(s string) string { return strings.Join(strings.Fields(s), " ") }, "content_whitespace_collapsed",
		"with runs of white space collapsed to one space", "`echo $string` without quotes"},
	{usual, func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n") }, "newline_crlf",
		"with CR LF for every line feed", "text mode on Windows, or a file checked out with CRLF"},
	{plausible, bodies.Replaced("\n", `\n`), "newline_literal_backslash_n",
		`with the two characters \n for every line feed`, "a string that was escaped for a log"},
	{plausible, bodies.Replaced("\n", " "), "newline_space", "with a space for every line feed", "`$(…)` without quotes in a shell"},
	{usual, norm.NFD.String, "content_unicode_normalisation", "with its accents decomposed (NFD)", "`Normalizer.normalize(s, NFD)`"},
	{usual, norm.NFC.String, "content_unicode_normalisation", "with its accents composed (NFC)", "`Normalizer.normalize(s, NFC)`"},
	{plausible, func(s string) string { return bodies.PercentDecode(s, false) }, "content_urldecoded_signed",
		"percent-decoded", "`decodeURIComponent(stringToSign)`"},
	{plausible, func(s string) string { return bodies.PercentDecode(s, true) }, "content_urldecoded_signed",
		"percent-decoded, with spaces for plus signs", "`URLDecoder.decode(stringToSign)`"},
	{plausible, func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }, "content_urlencoded_signed",
		"percent-encoded", "`encodeURIComponent(stringToSign)`"},
	{common, base64Of, "content_base64_signed", base64Says, encodedFirst},
	{plausible, base64By(base64.URLEncoding), "content_base64_signed", base64Says, encodedFirst},
	{plausible, base64By(base64.RawURLEncoding), "content_base64_signed", base64Says, encodedFirst},
	{rare, func(s string) string { return base64Of(s) + "\n" }, "content_base64_signed", base64Says, encodedFirst},
	{rare, inLines("\r\n", false), "content_base64_signed", base64Says, encodedFirst},
	{rare, inLines("\r\n", true), "content_base64_signed", base64Says, encodedFirst},
	{rare, inLines("\n", false), "content_base64_signed", base64Says, encodedFirst},
	{rare, inLines("\n", true), "content_base64_signed", base64Says, encodedFirst},
	{rare, bodies.Replaced("/", `\/`), "content_slash_escaped", `with \/ for /`, "a JSON serialiser over the string"},
	{rare, func(s string) string { return strings.ReplaceAll(bodies.Stringify(s, false), "/", `\/`) }, "content_stringified",
		"as a JSON string", "`json_encode($stringToSign)`"},
	{rare, func(s string) string { return strings.ReplaceAll(bodies.Stringify(s, true), "/", `\/`) }, "content_stringified",
		"as a JSON string", "`json_encode($stringToSign)`"},
	{plausible, hexOf, "content_hex_signed", "The hexadecimal of the string was signed.", encodedFirst},
	{rare, upperHex, "content_hex_signed", "The hexadecimal of the string was signed.", encodedFirst},
	{usual, func(s string) string { return bodies.Stringify(s, false) }, "content_stringified", "as a JSON string",
		"`JSON.stringify(stringToSign)`"},
	{plausible, func(s string) string { return bodies.Stringify(s, true) }, "content_stringified",
		"as a JSON string", "`JSON.stringify(stringToSign)`"},
	{plausible, bodies.Replaced(`\`, `\\`), "content_backslashes_doubled", "with its backslashes doubled", "escaping the string"},
	{plausible, bodies.Replaced(`\`, ""), "content_backslashes_removed", "without its backslashes", "`stripslashes`, or a shell"},
	{plausible, bodies.Replaced(`"`, `\"`), "content_quotes_escaped",
		"with backslashes before its quotes", "`addslashes`, or a shell string"},
	{plausible, bodies.Replaced(`"`, ""), "content_quotes_removed", "without its double quotes", "a shell command without single quotes"},
	{rare, func(s string) string { return s + s }, "content_repeated", "twice in a row", "`update()` called twice on the signature object"},
	{plausible, strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;").Replace, "content_html_escaped",
		"with HTML entities", "a template engine over the string to sign"},
	{rare, reverse, "content_reversed", "backwards", "a reversed string"},
}

// rewritten changes the characters of the string.
func rewritten(add adder) {
	for _, r := range rewritings {
		add(r.cost, text(r.how), habit{r.cause, r.says, r.code})
	}
	for _, enc := range percentEncoders {
		add(enc.cost, text(enc.f), habit{"content_urlencoded_signed", "percent-encoded", "`encodeURIComponent(stringToSign)`"})
	}
	add(usual, func(dst, src []byte) ([]byte, bool) { return bodies.Forge(dst, string(src)) },
		habit{"content_charset", "as node-forge reads it without \"utf8\": UTF-16 units, their high bytes spilt",
			"`md.update(s)`; write `md.update(s, 'utf8')`"})
	for i, of := range []string{"printf", "printf of sh"} {
		add(usual+i, func(dst, src []byte) ([]byte, bool) {
			if bytes.IndexByte(src, '%') < 0 {
				return dst, false // what it does to escapes is told of the body
			}
			out, changed := bodies.Printf(string(src), i == 1)
			return append(dst, out...), changed
		}, habit{"content_percent_changed", "as " + of + " leaves it, which takes % for a directive",
			"`printf \"$content\"`; write `printf '%s' \"$content\"`"})
	}
	add(plausible, func(dst, src []byte) ([]byte, bool) {
		i := bytes.IndexByte(src, 0)
		return append(dst, src[:max(0, i)]...), i >= 0
	}, habit{"content_truncated", "up to its first NUL byte", "`strlen` of C"})
}

func hexOf(s string) string    { return hex.EncodeToString([]byte(s)) }
func upperHex(s string) string { return strings.ToUpper(hexOf(s)) }

func base64By(e *base64.Encoding) func(string) string {
	return func(s string) string { return e.EncodeToString([]byte(s)) }
}

var base64Of = base64By(base64.StdEncoding)

// inLines returns an encoder to base64 in lines of 76.
func inLines(newline string, last bool) func(string) string {
	return func(s string) string { return bodies.Wrap(base64Of(s), 76, newline, last) }
}

func reverse(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// hashForms are the ways in which a digest is signed in place of the string.
var hashForms = []struct {
	more        int // unlikelier than the digest
	cause, says string
	write       func(sum string) string
}{
	{0, "", "The bytes of the string's %s were signed: it was hashed twice.", func(sum string) string { return sum }},
	{0, "hex_", "The hexadecimal text of the string's %s was signed: it was hashed twice.", hexOf},
	{1, "hex_", "The upper-case hexadecimal text of the string's %s was signed: it was hashed twice.", upperHex},
	{1, "base64_", "The base64 text of the string's %s was signed: it was hashed twice.", base64Of},
	{5, "base64_", "The base64url text of the string's %s was signed: it was hashed twice.", base64By(base64.RawURLEncoding)},
	{5, "base64_", "The base64 of the hexadecimal text of the string's %s was signed: it was hashed twice.",
		func(sum string) string { return base64Of(hexOf(sum)) }},
}

// prehashed replaces the string by a digest of it: it is hashed twice then.
func prehashed(add adder) {
	for i, d := range bodies.Digests {
		sum := func(s string) string { return string(d.Sum([]byte(s))) }
		put := func(cost int, form, says string, f func(string) string) {
			cause := "prehashed_" + strings.TrimPrefix(d.Word+"_", "sha256_") + form + "signed"
			if cause == "prehashed_signed" {
				cause = "prehashed_twice"
			}
			add(cost, text(f), habit{cause, fmt.Sprintf(says, d.Name),
				"hashing by hand before calling a function that hashes, too: `sign(sha256(s))`; give it the string"})
		}
		for _, f := range hashForms {
			put(d.Cost+f.more, f.cause, f.says, func(s string) string { return f.write(sum(s)) })
		}
		if i < 3 {
			put(exotic, "", "The string was hashed with %s twice before it was signed.", func(s string) string { return sum(sum(s)) })
			put(exotic, "hex_", "The string was hashed with %s twice, in hexadecimal, before it was signed.",
				func(s string) string { return hexOf(sum(hexOf(sum(s)))) })
		}
	}
}
