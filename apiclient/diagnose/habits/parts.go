package habits

import (
	"strings"

	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/variant"
)

// part collects what one part of the signed string may have been.
type part struct{ *variant.Set }

// partLimit is how many bytes the variants of a part other than the body may
// take.
const partLimit = 4 << 20

// NewSet makes the set for a part that was sent so.
func NewSet(sent []byte) *variant.Set { return variant.NewSet(sent, partLimit) }

// takes reports whether what one habit of that cost makes is asked for.
func (p part) takes(cost int) bool { return p.Takes(min(cost, exotic)) }

// add puts in what one habit makes.
func (p part) add(text string, cost int, h habit) {
	p.AddText(text, min(cost, exotic), variant.Change(h))
}

// add2 puts in what two habits make together.
func (p part) add2(text string, cost int, a, b habit) {
	if p.Takes(cost) {
		changes := []variant.Change{variant.Change(a), variant.Change(b)}
		p.Add(variant.Variant{Bytes: []byte(text), Changes: changes, Cost: cost})
	}
}

// quotings adds what string handling does to any short value.
func (p part) quotings(value, name string, blank, quoted, encoded string) {
	for i, s := range []string{" ", "\n", "\r\n", "\t", "\r", "\x00", "\u00a0", bomText, "\u200b"} {
		says := "The " + name + " was signed with " + blankWords[i] + " "
		p.add(value+s, common+i, habit{blank, says + "behind it.", "a value read from a file or a form without trimming"})
		p.add(s+value, common+i+1, habit{blank, says + "in front of it.", "a value read from a file or a form without trimming"})
	}
	p.add(" "+value+" ", plausible, habit{blank, "The " + name + " was signed with spaces around it.", "a value copied without trimming"})
	for _, q := range [][2]string{{`"`, `"`}, {"'", "'"}, {"`", "`"}, {"<", ">"}, {"[", "]"}, {"{", "}"}, {`\"`, `\"`},
		{"b'", "'"}, {"“", "”"}, {"(", ")"}, {"${", "}"}, {"{{", "}}"}} {
		p.add(q[0]+value+q[1], plausible, habit{quoted,
			"The " + name + " was signed inside " + q[0] + q[1] + ".", "quotes from a configuration file, a shell or `JSON.stringify`"})
	}
	for _, enc := range percentEncoders {
		p.add(enc.f(value), enc.cost, habit{encoded, "The " + name + " was signed percent-encoded.", enc.code})
	}
}

const bomText = "\ufeff"

var blankWords = []string{"a space", "a line feed", "CR LF", "a tab", "a CR", "a NUL byte", "a no-break space",
	"a byte order mark", "a zero-width space"}

// placeholders are what is signed where a variable is not set.
var placeholders = []struct {
	text, word string
	cost       int
}{
	{"undefined", "the word undefined", common},
	{"null", "the word null", common},
	{"None", "the word None", usual},
	{"nil", "the word nil", plausible},
	{"<nil>", "<nil>", plausible},
	{"NaN", "the word NaN", usual},
	{"[object Object]", "[object Object]", usual},
	{"[]", "[]", rare},
	{"NULL", "the word NULL", plausible},
	{"Null", "the word Null", rare},
	{"false", "the word false", rare},
	{"true", "the word true", exotic},
	{"0", "0", plausible},
	{"-1", "-1", rare},
	{"%s", "%s", rare},
	{"{}", "{}", rare},
	{"{0}", "{0}", exotic},
	{"Invalid Date", "the words Invalid Date", plausible},
	{"%!s(<nil>)", "%!s(<nil>)", plausible},
	{"(null)", "(null)", plausible},
	{"Array", "the word Array", rare},
	{"?", "a question mark", exotic},
	{"-", "a hyphen", exotic},
}

// percentEncoders are the encoders of whole texts.
var percentEncoders = func() []percentEncoder {
	var list []percentEncoder
	for _, e := range encoders {
		if e.whole() {
			list = append(list, percentEncoder{e.encode, e.code, e.cost})
		}
	}
	return append(list, percentEncoder{func(s string) string { return bodies.PercentAll(bodies.PercentAll(s)) },
		"encoding what is encoded already", rare})
}()

type percentEncoder struct {
	f    func(string) string
	code string
	cost int
}

// lowerEscapes writes the hex of percent-escapes in lower case.
func lowerEscapes(s string) string { return mapEscapes(s, strings.ToLower) }

func upperEscapes(s string) string { return mapEscapes(s, strings.ToUpper) }

func mapEscapes(s string, f func(string) string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			b.WriteString(f(s[i : i+3]))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// unsetWords is how many placeholders are what languages write for a value that
// is not set.
const unsetWords = 7

// Methods adds what may have been signed in place of the method.
func (src *Source) Methods(set *variant.Set) {
	sent, p := src.values().Method, part{set}
	kase := habit{"method_case", "in another case", "the spelling of a library's constant, such as `post` or `Post`; write POST"}
	p.add(strings.ToLower(sent), common, kase)
	if sent != "" {
		p.add(strings.ToUpper(sent[:1])+strings.ToLower(sent[1:]), common, kase)
	}
	p.add(strings.ToUpper(sent), common, kase)
	for i, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE"} {
		cause := "method_other"
		if m == "GET" {
			cause = "method_get"
		}
		h := habit{cause, "The method " + m + " was signed where " + sent + " was sent.",
			"a default of the signing function, or code that was copied from another call"}
		p.add(m, common+i/2, h)
		p.add(strings.ToLower(m), plausible+i/3, h)
		p.add(m[:1]+strings.ToLower(m[1:]), rare, h)
	}
	p.quotings(sent, "method", "method_whitespace", "method_quoted", "method_urlencoded")
	for _, m := range []string{"HttpMethod.POST", "HTTP_POST", "Method.POST", "RequestMethod.POST", "HTTP POST",
		"POST_JSON", "http", "HTTP", "HTTPS"} {
		p.add(m, rare, habit{"method_other", "Instead of the method, " + m + " was signed.", "a constant that is printed with its class"})
	}
	for _, w := range placeholders {
		p.add(w.text, w.cost+2,
			habit{"method_undefined", "Instead of the method, " + w.word + " was signed.", "a variable that is not set"})
	}
	p.add("", usual, habit{"method_empty", "An empty method was signed.", "a variable that is not set"})
}
