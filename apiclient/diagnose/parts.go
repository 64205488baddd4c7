package diagnose

import (
	"countersign/apiclient/diagnose/variant"
)

// part collects what one part of the signed string may have been.
type part struct{ *variant.Set }

// partLimit is how many bytes the variants of a part other than the body may
// take.
const partLimit = 4 << 20

func newPart(sent string) part { return part{variant.NewSet([]byte(sent), partLimit)} }

// habit is a variant.Change as the tables write it.
type habit struct{ Cause, Says, Habit string }

// add puts in what one habit makes.
func (p part) add(text string, cost int, h habit) {
	p.Add(variant.Variant{Bytes: []byte(text), Changes: []variant.Change{variant.Change(h)}, Cost: min(cost, variant.Exotic)})
}

// add2 puts in what two habits make together.
func (p part) add2(text string, cost int, a, b habit) {
	p.Add(variant.Variant{Bytes: []byte(text), Changes: []variant.Change{variant.Change(a), variant.Change(b)}, Cost: cost})
}

// quotings are what string handling does to any short value.
func (p part) quotings(value, name string, blank, quoted, encoded string) {
	for i, s := range []string{" ", "\n", "\r\n", "\t", "\r", "\x00", "\u00a0", bomText, "\u200b"} {
		says := "The " + name + " was signed with " + blankWords[i] + " "
		p.add(value+s, variant.Common+i, habit{blank, says + "behind it.", "a value read from a file or a form without trimming"})
		p.add(s+value, variant.Common+i+1, habit{blank, says + "in front of it.", "a value read from a file or a form without trimming"})
	}
	p.add(" "+value+" ", variant.Plausible, habit{blank, "The " + name + " was signed with spaces around it.", "a value copied without trimming"})
	for _, q := range [][2]string{{`"`, `"`}, {"'", "'"}, {"`", "`"}, {"<", ">"}, {"[", "]"}, {"{", "}"}, {`\"`, `\"`}, {"b'", "'"}, {"“", "”"}, {"(", ")"}, {"${", "}"}, {"{{", "}}"}} {
		p.add(q[0]+value+q[1], variant.Plausible, habit{quoted, "The " + name + " was signed inside " + q[0] + q[1] + ".", "quotes from a configuration file, a shell or `JSON.stringify`"})
	}
	for _, enc := range percentEncoders {
		p.add(enc.f(value), enc.cost, habit{encoded, "The " + name + " was signed percent-encoded.", enc.code})
	}
}

const bomText = "\ufeff"

var blankWords = []string{"a space", "a line feed", "CR LF", "a tab", "a CR", "a NUL byte", "a no-break space", "a byte order mark", "a zero-width space"}

// placeholders are what is signed where a variable is not set.
var placeholders = []struct {
	text, word string
	cost       int
}{
	{"undefined", "the word undefined", variant.Common},
	{"null", "the word null", variant.Common},
	{"None", "the word None", variant.Usual},
	{"nil", "the word nil", variant.Plausible},
	{"<nil>", "<nil>", variant.Plausible},
	{"NaN", "the word NaN", variant.Usual},
	{"[object Object]", "[object Object]", variant.Usual},
	{"[]", "[]", variant.Rare},
	{"NULL", "the word NULL", variant.Plausible},
	{"Null", "the word Null", variant.Rare},
	{"false", "the word false", variant.Rare},
	{"true", "the word true", variant.Exotic},
	{"0", "0", variant.Plausible},
	{"-1", "-1", variant.Rare},
	{"%s", "%s", variant.Rare},
	{"{}", "{}", variant.Rare},
	{"{0}", "{0}", variant.Exotic},
	{"Invalid Date", "the words Invalid Date", variant.Plausible},
	{"%!s(<nil>)", "%!s(<nil>)", variant.Plausible},
	{"(null)", "(null)", variant.Plausible},
	{"Array", "the word Array", variant.Rare},
	{"?", "a question mark", variant.Exotic},
	{"-", "a hyphen", variant.Exotic},
}
