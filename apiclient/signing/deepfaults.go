package signing

import (
	"html"
	"net/url"
	"strconv"
	"strings"
)

// group takes the first group of an expression out of a text.
func group(expression string) func(string) (string, bool) {
	shape := compiled(expression)
	return func(s string) (string, bool) {
		m := shape().FindStringSubmatch(s)
		if m == nil {
			return s, false
		}
		return m[1], true
	}
}

// changed makes an undo of what changes a text.
func changed(undo func(string) string) func(string) (string, bool) {
	return func(s string) (string, bool) {
		t := undo(s)
		return t, t != s
	}
}

// deepFaults are the ways to misspell a value or the whole header.
var deepFaults = []fault{
	{"", "", "", percentOnce},
	{"", "", "", afterPair},
	{"signature_message_signature", "the value is an HTTP Message Signature (RFC 9421), sig1=:…:, which covers what Signature-Input lists",
		"sign the string of this protocol, and write algorithm=RSA256, keyVersion=1, signature=…",
		// the first byte sequence of a structured field (RFC 8941)
		group(`^\s*[a-z*][a-z0-9_.*-]*=:([A-Za-z0-9+/=]{32,}):\s*(?:[,;].*)?$`)},
	{"signature_printed_object", "the value is an object that holds bytes, printed as text", encodeBytes, insideBrackets},
	{"signature_header_json", "the Signature header is JSON, not pairs", writeHeader,
		group(`(?i)['"]?(?:signature|sign|sig)['"]?\s*:\s*['"]([^'"]{32,})['"]`)},
	{"signature_header_param_name", "the Signature header has its pair under another name", "call the pair signature",
		group(`[A-Za-z_-]{2,24}\s*=\s*([^,;\s&]{32,})`)},
	{"signature_header_separator", "the names and values of the Signature header are not joined by =", writeHeader,
		group(`(?i)(?:signature|sign|sig)\s*(?::|=>|->|~|\|)\s*([^,;\s]{32,})`)},
	{"signature_quoted", "the value is in quotes or brackets",
		"send the value without quotes; a language's bytes must be decoded first", unwrapQuotes},
	{"signature_escaped", "the value has backslash escapes of JSON", "send the value itself, not its JSON form", unescapeJSON},
	{"signature_html_escaped", "the value has HTML entities", "send the value itself, not its HTML form", changed(html.UnescapeString)},
	{"signature_line_wrapped", "the base64 of the value is wrapped into lines", "encode without line breaks",
		changed(strings.NewReplacer(`\r\n`, "", `\n`, "", `\r`, "").Replace)},
	{"signature_line_wrapped", "the base64 of the value is wrapped into lines", "encode without line breaks",
		changed(func(s string) string { return strings.Join(strings.Fields(s), "") })},
	{"signature_quoted_printable", "the value is in quoted-printable", "send plain base64",
		changed(strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=", "=3d", "=", "=2B", "+", "=2F", "/").Replace)},
	{"signature_whitespace", "the value has white space around it", "trim the value before it is sent",
		changed(func(s string) string { return strings.Trim(s, " \t\r\n\u00a0\ufeff\x00") })},
	{"signature_plus_became_space", "the value has spaces where base64 has plus signs",
		"percent-encode the base64 (+ as %2B), or do not decode it as a form", plusAgain},
	{"signature_trailing_garbage", "the value goes on after the signature", "end the value after its padding", cutGarbage},
	{"signature_prefixed", "the value has something in front of the signature", "send the signature alone after signature=", dropPrefix},
	{"signature_prefixed", "the value has a word in front of the signature", "send the signature alone after signature=", dropWord},
	{"signature_header_urlencoded", "the whole Signature header is percent-encoded", "percent-encode the value alone", encodedHeader},
	{"signature_escaped", "the value has backslashes in it",
		"send the value itself: a shell needs no backslashes inside single quotes",
		changed(func(s string) string { return strings.ReplaceAll(s, `\`, "") })},
	{"signature_pem_armoured", "the value has a PEM armour around it", "send the base64 alone", dropArmour},
	{"signature_html_escaped", "the value has XML around it", "send the value itself", longestRun},
}

func percentOnce(s string) (string, bool) {
	if !strings.Contains(s, "%") {
		return s, false
	}
	t, err := url.PathUnescape(s)
	return t, err == nil && t != s
}

// afterPair takes all that follows signature=: commas cut what is printed.
func afterPair(s string) (string, bool) {
	i := indexPair(s)
	if i < 0 {
		return s, false
	}
	return s[i+len("signature="):], true
}

// insideBrackets takes what stands in the outermost brackets, behind a name as
// a rule: Uint8Array(256) [ 75, … ], bytearray(b'…').
func insideBrackets(s string) (string, bool) {
	for _, pair := range []string{"[]", "{}", "()"} {
		from, to := strings.IndexByte(s, pair[0]), strings.LastIndexByte(s, pair[1])
		if from >= 0 && to-from > minSignature {
			return strings.TrimSpace(s[from+1 : to]), true
		}
	}
	return s, false
}

func encodedHeader(s string) (string, bool) {
	if !strings.Contains(strings.ToLower(s), "signature%3d") {
		return s, false
	}
	t, err := url.QueryUnescape(s)
	if err != nil {
		return s, false
	}
	i := indexPair(t)
	if i < 0 {
		return s, false
	}
	value, _, _ := strings.Cut(t[i+len("signature="):], ",")
	return value, true
}

func unwrapQuotes(s string) (string, bool) {
	t := strings.TrimSpace(s)
	for _, prefix := range []string{"b'", `b"`, "B'", "@'", `\"`, "&quot;"} {
		if rest, ok := strings.CutPrefix(t, prefix); ok {
			return strings.TrimRight(rest, `'"\`), true
		}
	}
	u := strings.Trim(t, `"'`+"`<>[](){}“”‘’")
	return u, u != t && u != ""
}

func unescapeJSON(s string) (string, bool) {
	if !strings.Contains(s, `\`) {
		return s, false
	}
	t, err := strconv.Unquote(`"` + strings.NewReplacer(`\/`, "/", `"`, `\"`).Replace(s) + `"`)
	return t, err == nil && t != s
}

func cutGarbage(s string) (string, bool) {
	if t, ok := cutAfterPadding(s); ok {
		return t, true
	}
	i := strings.IndexFunc(s, func(r rune) bool { return !isBase64(r) && r != '=' && r != '%' })
	if i < minSignature {
		return s, false
	}
	return s[:i], true
}

var armour = compiled(`-----[A-Z0-9 +]+-----`)

func dropArmour(s string) (string, bool) {
	t := strings.Join(strings.Fields(armour().ReplaceAllString(s, "")), "")
	return t, armour().MatchString(s)
}

var leadingWord = compiled(`^[A-Za-z0-9_-]{1,20}[\s:=]+`)

func dropWord(s string) (string, bool) {
	t := leadingWord().ReplaceAllString(s, "")
	return t, t != s && len(t) >= minSignature
}

var base64Run = compiled(`[A-Za-z0-9+/_=%-]{86,}`)

func longestRun(s string) (string, bool) {
	longest := ""
	for _, m := range base64Run().FindAllString(s, -1) {
		if len(m) > len(longest) {
			longest = m
		}
	}
	return longest, longest != "" && longest != s
}
