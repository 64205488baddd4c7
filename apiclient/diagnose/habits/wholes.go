package habits

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
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
	around(add)
	rewritten(add)
	prehashed(add)
	for _, c := range bodies.Charsets() {
		add(c.Cost+1, func(dst, src []byte) ([]byte, bool) {
			out, ok := c.Encode(src)
			return append(dst, out...), ok
		}, habit{"content_charset", fmt.Sprintf("The whole string was signed in %s.", c.Name), c.Habit})
	}
	return list
}

type adder func(cost int, apply func(dst, src []byte) ([]byte, bool), h habit)

// around puts something before or behind the string.
func around(add adder) {
	newline := func(says string) habit {
		return habit{"content_trailing_newline", says, "`println`, `echo` or a text block, which end in a line feed"}
	}
	blank := func(says string) habit {
		return habit{"content_whitespace", says, "string concatenation, or a text block"}
	}
	for _, s := range []struct {
		text string
		cost int
		h    habit
	}{
		{"\n", common, newline("with a line feed at its end")},
		{"\r\n", usual, newline("with CR LF at its end")},
		{"\n\n", plausible, newline("with two line feeds at its end")},
		{"\r", plausible, newline("with a CR at its end")},
		{" ", usual, habit{"content_trailing_blank", "with a space at its end", "string concatenation, or a text block"}},
		{"\x00", usual, habit{"content_trailing_nul",
			"with a NUL byte at its end", "a C buffer signed with its terminator: `sizeof` in place of `strlen`"}},
		{".", usual, habit{"separator_trailing", "with a dot at its end", "a loop that writes a dot behind each part"}},
		{`\n`, plausible, newline(`with the two characters \n at its end`)},
		{"\t", rare, habit{"content_trailing_blank", "with a tab at its end", "string concatenation, or a text block"}},
		{";", rare, blank("with a semicolon at its end")},
		{"&", rare, blank("with & at its end")},
		{",", rare, blank("with a comma at its end")},
		{"|", rare, blank("with | at its end")},
		{".null", rare, habit{"content_extra_field", "with .null at its end", "one more part that is not set"}},
		{".undefined", rare, habit{"content_extra_field", "with .undefined at its end", "one more part that is not set"}},
		{"null", rare, habit{"content_extra_field", "with null at its end", "one more part that is not set"}},
		{"undefined", rare, habit{"content_extra_field", "with undefined at its end", "one more part that is not set"}},
	} {
		add(s.cost, func(dst, src []byte) ([]byte, bool) { return append(append(dst, src...), s.text...), true }, s.h)
	}
	for _, s := range []struct {
		text string
		cost int
		h    habit
	}{
		{bomText, usual, habit{"content_bom", "with a byte order mark in front of it",
			"a text file or stream writer with a preamble: `new StreamWriter(…, Encoding.UTF8)`"}},
		{"\n", usual, habit{"content_leading_newline", "with a line feed in front of it", "a text block that starts on a new line"}},
		{"\r\n", plausible, habit{"content_leading_newline", "with CR LF in front of it", "a text block that starts on a new line"}},
		{" ", usual, blank("with a space in front of it")},
		{"\t", rare, blank("with a tab in front of it")},
		{".", rare, habit{"separator_leading", "with a dot in front of it", "a loop that writes a dot before each part"}},
		{"HTTP/1.1 ", rare, habit{"content_http_version", "with HTTP/1.1 in front of it", "signing the request line"}},
	} {
		add(s.cost, func(dst, src []byte) ([]byte, bool) { return append(append(dst, s.text...), src...), true }, s.h)
	}
	quote := habit{"content_quoted", "in quotes", "quotes from a shell, or a debugging print"}
	for _, q := range []string{`"`, "'", "`"} {
		add(plausible, text(func(s string) string { return q + s + q }), quote)
	}
}

// rewriting changes the characters of the string.
type rewriting struct {
	cost              int
	how               func(string) string
	cause, says, code string
}

var rewritings = []rewriting{
	{usual, strings.ToLower, "content_case", "The whole string was signed in lower case.", "`toLowerCase()` on the string to sign"},
	{usual, strings.ToUpper, "content_case", "The whole string was signed in upper case.", "`toUpperCase()` on the string to sign"},
	{usual, strings.TrimSpace, "content_trimmed",
		"The whole string was signed without the blanks at its ends.", "`trim()` on the string to sign"},
	{usual, func(s string) string { return strings.Join(strings.Fields(s), "") }, "content_whitespace_removed",
		"The whole string was signed without any white space.", "a regular expression over the string to sign"},
	{plausible, bodies.Replaced(" ", ""), "content_whitespace_removed",
		"The whole string was signed without spaces.", "a replacement over the string to sign"},
	{plausible, bodies.Replaced("\r", "", "\n", ""), "content_newlines_removed",
		"The whole string was signed without line breaks.", "`tr -d '\\n'`, or a replacement over the string to sign"},
	{plausible, func(s string) string { return strings.Join(strings.Fields(s), " ") }, "content_whitespace_collapsed",
		"The whole string was signed with runs of white space collapsed to one space.", "`echo $string` without quotes"},
	{usual, func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n") }, "newline_crlf",
		"The whole string was signed with CR LF for every line feed.", "text mode on Windows, or a file checked out with CRLF"},
	{plausible, bodies.Replaced("\n", `\n`), "newline_literal_backslash_n",
		`The whole string was signed with the two characters \n for every line feed.`, "a string that was escaped for a log"},
	{plausible, bodies.Replaced("\n", " "), "newline_space",
		"The whole string was signed with a space for every line feed.", "`$(…)` without quotes in a shell"},
	{usual, norm.NFD.String, "content_unicode_normalisation", "The whole string was signed with its accents decomposed (NFD).",
		"`Normalizer.normalize(s, NFD)`"},
	{usual, norm.NFC.String, "content_unicode_normalisation", "The whole string was signed with its accents composed (NFC).",
		"`Normalizer.normalize(s, NFC)`"},
	{plausible, func(s string) string { return bodies.PercentDecode(s, false) }, "content_urldecoded_signed",
		"The whole string was signed percent-decoded.", "`decodeURIComponent(stringToSign)`"},
	{plausible, func(s string) string { return bodies.PercentDecode(s, true) }, "content_urldecoded_signed",
		"The whole string was signed percent-decoded, with spaces for plus signs.", "`URLDecoder.decode(stringToSign)`"},
	{plausible, func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }, "content_urlencoded_signed",
		"The whole string was signed percent-encoded.", "`encodeURIComponent(stringToSign)`"},
	{common, standard, "content_base64_signed", "The base64 of the string was signed.", "encoding the string before signing it"},
	{plausible, func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) }, "content_base64_signed",
		"The base64 of the string was signed.", "encoding the string before signing it"},
	{plausible, func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }, "content_base64_signed",
		"The base64 of the string was signed.", "encoding the string before signing it"},
	{rare, func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) + "\n" }, "content_base64_signed",
		"The base64 of the string was signed.", "encoding the string before signing it"},
	{rare, inLines("\r\n", false), "content_base64_signed",
		"The base64 of the string was signed.", "encoding the string before signing it"},
	{rare, inLines("\r\n", true), "content_base64_signed", "The base64 of the string was signed.", "encoding the string before signing it"},
	{rare, inLines("\n", false), "content_base64_signed", "The base64 of the string was signed.", "encoding the string before signing it"},
	{rare, inLines("\n", true), "content_base64_signed", "The base64 of the string was signed.", "encoding the string before signing it"},
	{rare, bodies.Replaced("/", `\/`), "content_slash_escaped",
		`The whole string was signed with \/ for /.`, "a JSON serialiser over the string"},
	{rare, func(s string) string { return strings.ReplaceAll(bodies.Stringify(s, false), "/", `\/`) }, "content_stringified",
		"as a JSON string", "`json_encode($stringToSign)`"},
	{rare, func(s string) string { return strings.ReplaceAll(bodies.Stringify(s, true), "/", `\/`) }, "content_stringified",
		"as a JSON string", "`json_encode($stringToSign)`"},
	{plausible, func(s string) string { return hex.EncodeToString([]byte(s)) }, "content_hex_signed",
		"The hexadecimal of the string was signed.", "encoding the string before signing it"},
	{rare, func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) }, "content_hex_signed",
		"The hexadecimal of the string was signed.", "encoding the string before signing it"},
	{usual, func(s string) string { return bodies.Stringify(s, false) }, "content_stringified", "as a JSON string",
		"`JSON.stringify(stringToSign)`"},
	{plausible, func(s string) string { return bodies.Stringify(s, true) }, "content_stringified",
		"as a JSON string", "`JSON.stringify(stringToSign)`"},
	{plausible, bodies.Replaced(`\`, `\\`), "content_backslashes_doubled",
		"The whole string was signed with its backslashes doubled.", "escaping the string"},
	{plausible, bodies.Replaced(`\`, ""), "content_backslashes_removed",
		"The whole string was signed without its backslashes.", "`stripslashes`, or a shell"},
	{plausible, bodies.Replaced(`"`, `\"`), "content_quotes_escaped",
		"The whole string was signed with backslashes before its quotes.", "`addslashes`, or a shell string"},
	{plausible, bodies.Replaced(`"`, ""), "content_quotes_removed",
		"The whole string was signed without its double quotes.", "a shell command without single quotes"},
	{rare, func(s string) string { return s + s }, "content_repeated", "twice in a row", "`update()` called twice on the signature object"},
	{plausible, htmlEntities, "content_html_escaped",
		"The whole string was signed with HTML entities.", "a template engine over the string to sign"},
	{rare, reverse, "content_reversed", "backwards", "a reversed string"},
}

// rewritten changes the characters of the string.
func rewritten(add adder) {
	for _, r := range rewritings {
		add(r.cost, text(r.how), habit{r.cause, r.says, r.code})
	}
	for _, enc := range percentEncoders {
		add(enc.cost, text(enc.f),
			habit{"content_urlencoded_signed", "The whole string was signed percent-encoded.", "`encodeURIComponent(stringToSign)`"})
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
		}, habit{"content_percent_changed", "The whole string was signed as " + of + " leaves it, which takes % for a directive.",
			"`printf \"$content\"`; write `printf '%s' \"$content\"`"})
	}
	add(plausible, func(dst, src []byte) ([]byte, bool) {
		i := bytes.IndexByte(src, 0)
		return append(dst, src[:max(0, i)]...), i >= 0
	}, habit{"content_truncated", "up to its first NUL byte", "`strlen` of C"})
}

func standard(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// inLines returns an encoder to base64 in lines of 76.
func inLines(newline string, last bool) func(string) string {
	return func(s string) string { return bodies.Wrap(standard(s), 76, newline, last) }
}

var htmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

func htmlEntities(s string) string { return htmlEscapes.Replace(s) }

func reverse(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// prehashed replaces the string by a digest of it: it is hashed twice then.
func prehashed(add adder) {
	const code = "hashing by hand before calling a function that hashes, too: `sign(sha256(s))`; give it the string"
	for _, d := range bodies.Digests {
		hexCause, rawCause, b64Cause := "prehashed_hex_signed", "prehashed_twice", "prehashed_base64_signed"
		if d.Word != "sha256" {
			hexCause, rawCause, b64Cause = "prehashed_"+d.Word+"_hex_signed", "prehashed_"+d.Word+"_signed",
				"prehashed_"+d.Word+"_base64_signed"
		}
		add(d.Cost, func(dst, src []byte) ([]byte, bool) { return append(dst, d.Sum(src)...), true },
			habit{rawCause, fmt.Sprintf("The bytes of the string's %s were signed: it was hashed twice.", d.Name), code})
		add(d.Cost, text(func(s string) string { return hex.EncodeToString(d.Sum([]byte(s))) }),
			habit{hexCause, fmt.Sprintf("The hexadecimal text of the string's %s was signed: it was hashed twice.", d.Name), code})
		add(d.Cost+1, text(func(s string) string { return strings.ToUpper(hex.EncodeToString(d.Sum([]byte(s)))) }), habit{hexCause,
			fmt.Sprintf("The upper-case hexadecimal text of the string's %s was signed: it was hashed twice.", d.Name), code})
		add(d.Cost+1, text(func(s string) string { return base64.StdEncoding.EncodeToString(d.Sum([]byte(s))) }),
			habit{b64Cause, fmt.Sprintf("The base64 text of the string's %s was signed: it was hashed twice.", d.Name), code})
		add(d.Cost+5, text(func(s string) string { return base64.RawURLEncoding.EncodeToString(d.Sum([]byte(s))) }),
			habit{b64Cause, fmt.Sprintf("The base64url text of the string's %s was signed: it was hashed twice.", d.Name), code})
		add(d.Cost+5, text(func(s string) string {
			return base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(d.Sum([]byte(s)))))
		}),
			habit{b64Cause,
				fmt.Sprintf("The base64 of the hexadecimal text of the string's %s was signed: it was hashed twice.",
					d.Name), code})
		for _, inner := range bodies.Digests[:3] {
			if inner.Word != d.Word {
				continue
			}
			add(exotic, func(dst, src []byte) ([]byte, bool) { return append(dst, d.Sum(d.Sum(src))...), true },
				habit{rawCause, fmt.Sprintf("The string was hashed with %s twice before it was signed.", d.Name), code})
			add(exotic, text(func(s string) string {
				return hex.EncodeToString(d.Sum([]byte(hex.EncodeToString(d.Sum([]byte(s))))))
			}),
				habit{hexCause, fmt.Sprintf("The string was hashed with %s twice, in hexadecimal, before it was signed.", d.Name), code})
		}
	}
}
