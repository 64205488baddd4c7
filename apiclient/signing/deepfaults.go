package signing

import (
	"html"
	"net/url"
	"strconv"
	"strings"
)

const headerForm = "write algorithm=RSA256, keyVersion=1, signature=…"

// deepFaults are the ways to misspell a value or the whole header.
var deepFaults = []fault{
	{"", "", "", percentOnce},
	{"", "", "", afterPair},
	{"signature_message_signature", "the value is an HTTP Message Signature (RFC 9421), sig1=:…:, which covers what Signature-Input lists",
		"sign the string of this protocol, and write algorithm=RSA256, keyVersion=1, signature=…", messageSignature},
	{"signature_printed_object", "the value is an object that holds bytes, printed as text", encodeBytes, insideBrackets},
	{"signature_header_json", "the Signature header is JSON, not pairs", headerForm, fromJSONHeader},
	{"signature_header_param_name", "the Signature header has its pair under another name", "call the pair signature", misnamedPair},
	{"signature_header_separator", "the names and values of the Signature header are not joined by =", headerForm, colonPair},
	{"signature_quoted", "the value is in quotes or brackets",
		"send the value without quotes; a language's bytes must be decoded first", unwrapQuotes},
	{"signature_escaped", "the value has backslash escapes of JSON", "send the value itself, not its JSON form", unescapeJSON},
	{"signature_html_escaped", "the value has HTML entities", "send the value itself, not its HTML form", unescapeHTML},
	{"signature_line_wrapped", "the base64 of the value is wrapped into lines", "encode without line breaks", dropLiteralBreaks},
	{"signature_line_wrapped", "the base64 of the value is wrapped into lines", "encode without line breaks", dropBreaks},
	{"signature_quoted_printable", "the value is in quoted-printable", "send plain base64", quotedPrintable},
	{"signature_whitespace", "the value has white space around it", "trim the value before it is sent", trimBlanks},
	{"signature_plus_became_space", "the value has spaces where base64 has plus signs",
		"percent-encode the base64 (+ as %2B), or do not decode it as a form", plusAgain},
	{"signature_trailing_garbage", "the value goes on after the signature", "end the value after its padding", cutGarbage},
	{"signature_prefixed", "the value has something in front of the signature", "send the signature alone after signature=", dropPrefix},
	{"signature_prefixed", "the value has a word in front of the signature", "send the signature alone after signature=", dropWord},
	{"signature_header_urlencoded", "the whole Signature header is percent-encoded", "percent-encode the value alone", encodedHeader},
	{"signature_escaped", "the value has backslashes in it",
		"send the value itself: a shell needs no backslashes inside single quotes", dropBackslashes},
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

var dictionaryMember = compiled(`^\s*[a-z*][a-z0-9_.*-]*=:([A-Za-z0-9+/=]{32,}):\s*(?:[,;].*)?$`)

// messageSignature takes the first byte sequence of a structured field (RFC 8941).
func messageSignature(s string) (string, bool) {
	m := dictionaryMember().FindStringSubmatch(s)
	if m == nil {
		return s, false
	}
	return m[1], true
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

var jsonPair = compiled(`(?i)['"]?(?:signature|sign|sig)['"]?\s*:\s*['"]([^'"]{32,})['"]`)

func fromJSONHeader(s string) (string, bool) {
	m := jsonPair().FindStringSubmatch(s)
	if m == nil {
		return s, false
	}
	return m[1], true
}

var anyPair = compiled(`([A-Za-z_-]{2,24})\s*=\s*([^,;\s&]{32,})`)

func misnamedPair(s string) (string, bool) {
	m := anyPair().FindStringSubmatch(s)
	if m == nil {
		return s, false
	}
	return m[2], true
}

var colonPairs = compiled(`(?i)(?:signature|sign|sig)\s*(?::|=>|->|~|\|)\s*([^,;\s]{32,})`)

func colonPair(s string) (string, bool) {
	m := colonPairs().FindStringSubmatch(s)
	if m == nil {
		return s, false
	}
	return m[1], true
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

func unescapeHTML(s string) (string, bool) {
	t := html.UnescapeString(s)
	return t, t != s
}

func dropLiteralBreaks(s string) (string, bool) {
	t := strings.NewReplacer(`\r\n`, "", `\n`, "", `\r`, "").Replace(s)
	return t, t != s
}

func dropBreaks(s string) (string, bool) {
	t := strings.Join(strings.Fields(s), "")
	return t, t != s
}

func trimBlanks(s string) (string, bool) {
	t := strings.Trim(s, " \t\r\n\u00a0\ufeff\x00")
	return t, t != s
}

var softBreak = compiled(`=\r?\n`)

func quotedPrintable(s string) (string, bool) {
	t := softBreak().ReplaceAllString(s, "")
	t = strings.NewReplacer("=3D", "=", "=3d", "=", "=2B", "+", "=2F", "/").Replace(t)
	return t, t != s
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

func dropBackslashes(s string) (string, bool) {
	t := strings.ReplaceAll(s, `\`, "")
	return t, t != s
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
