package diagnose

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/english"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/lazyregexp"
)

// trace is what a change behind the signature leaves in a body, where what was
// there before cannot be told any more.
type trace struct {
	find      func(m bodies.Member) bool
	cause     string
	says, fix string // with the member's name and text in says
}

var traces = []trace{
	{func(m bodies.Member) bool { return masked.MatchString(m.Text) }, "body_masked",
		"%s is %q, which looks masked or shortened, as logs have it: these are not the bytes that were signed.",
		"Take the raw message, before anything masks or shortens it."},
	{func(m bodies.Member) bool { return m.Number && rounded(m.Text) }, "body_number_precision_lost",
		"%s is %s, as a double prints a longer number: its last digits may have been lost behind the signature.",
		"Send long integers as strings, or the bytes that were signed: JavaScript keeps 53 bits, and so do Go and Lua."},
	{func(m bodies.Member) bool { return !m.Number && questioned(m.Text) }, "body_charset",
		"%s is %q, with ? where letters may have been: the body may have been written in a charset that lacks them.",
		"Write the body in UTF-8: `StringEntity` of Apache and `getBytes()` without a charset do not."},
	{func(m bodies.Member) bool { return strings.ContainsRune(m.Text, utf8.RuneError) }, "body_mojibake",
		"%s is %q, with U+FFFD where other bytes were: something read the body in another charset.",
		"Send the bytes that were signed, and name UTF-8 wherever bytes become text."},
}

var masked = lazyregexp.New(`(?i)\*{3,}|\bx{4,}\b|[\[<(](?:redacted|filtered|masked|hidden|truncated|omitted)|` +
	`\.\.\. ?\(?(?:truncated|\d+ more)|…$|\.\.\.$`)

// rounded reports a number as a double prints one that needs more than 53 bits.
func rounded(raw string) bool {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || f < 1<<53 && f > -1<<53 {
		return false
	}
	if mantissa, _, exponent := strings.Cut(strings.ToLower(raw), "e"); exponent {
		return len(mantissa) >= 12 // with fewer digits it was a round number
	}
	return raw == strconv.FormatFloat(f, 'f', -1, 64)
}

// questioned reports question marks that end no question and begin no query.
func questioned(s string) bool {
	return !strings.Contains(s, "://") && lettersLost.MatchString(s)
}

var lettersLost = lazyregexp.New(`\pL\?\p{Ll}|^\?+[ \pL]|\?{2,} ?\pL| \?\pL`)

// bodyTraces lists what the body shows of a change behind the signature.
func (e *Evidence) bodyTraces() []Finding {
	body := e.message().Content()
	switch strings.TrimSpace(string(body[:min(len(body), 20)])) {
	case "{}", "[]", "null", `""`, "[object Object]", "undefined":
		return []Finding{suspected("body_lost",
			fmt.Sprintf("The body is %s: its content may have been lost behind the signature.", body),
			"Look for a body that is read or parsed before it is sent: a body parser that does not know its Content-Type gives {}.")}
	}
	var list []Finding
	if i := notUTF8(body); i >= 0 {
		list = append(list, suspected("body_charset",
			fmt.Sprintf("The body is no UTF-8, as its byte %d (%02x) shows: it was sent in another charset, and a letter that this "+
				"lacks cannot be told any more.", i+1, body[i]),
			"Write the body in UTF-8: `getBytes(StandardCharsets.UTF_8)`, or no second argument to `Buffer.from(body)`."))
	}
	for _, t := range traces {
		if len(list) > 0 && t.cause == "body_mojibake" && list[0].Cause == "body_charset" {
			continue // the same bytes
		}
		for _, m := range bodies.Members(body, maxTraced) {
			if t.find(m) {
				says := fmt.Sprintf(t.says, cmp.Or(m.Name, "A value"), english.Clipped(m.Text, 60))
				list = append(list, suspected(t.cause, says, t.fix))
				break
			}
		}
	}
	return list
}

// notUTF8 returns where a text stops being UTF-8; -1 where it is, or is no text.
func notUTF8(body []byte) int {
	if at := jsontext.InvalidUTF8(body); at < len(body) && bodies.IsJSON(body) {
		return at
	}
	return -1
}

// mapped says that the body is in the order of a map; "" where it is not.
func (e *Evidence) mapped() string {
	switch bodies.MapOrder(e.message().Content()) {
	case bodies.Sorted:
		return "The keys of the body are sorted: something may have read it into a map and written it again, so that the order that " +
			"was signed cannot be told any more."
	case bodies.Hashed:
		return "The keys of the body are in the order of a HashMap: something may have read it into one and written it again, so that " +
			"the order that was signed cannot be told any more."
	}
	return ""
}

// maxTraced is how many values of a body are looked at.
const maxTraced = 1000

// rewritten says that the body is as the sender's stack writes JSON that it has
// parsed; "" where it is not, or nothing is known.
func (e *Evidence) rewritten() string {
	body := e.message().Content()
	for _, w := range []struct{ word, does string }{
		{"JSON.stringify", "which merges repeated keys, moves keys that are numbers and drops `undefined` and `__proto__`"},
		{"json.dumps", "which merges repeated keys, and writes numbers and escapes its own way"},
	} {
		if e.stack().has(w.word) && bodies.Writes(w.word, body) {
			return fmt.Sprintf("The body is exactly what `%s` makes of it: something may have parsed and rewritten it "+
				"behind the signature, %s.", w.word, w.does)
		}
	}
	return ""
}
