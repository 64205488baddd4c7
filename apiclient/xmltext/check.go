package xmltext

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"countersign/apiclient/jsontext"
)

// MaxDepth is how deep elements may nest to be read.
const MaxDepth = 4000

// Error says what is not well formed, and where.
type Error struct {
	Offset int // in bytes, from 0
	Line   int // from 1
	Says   string
}

func (e *Error) Error() string { return e.Says }

// checker walks through a text whose faults count.
type checker struct {
	b    []byte
	open [][]byte // names
	root bool     // was met
}

// Check reports whether a text in UTF-8 is well formed XML 1.0: an *Error where
// it is not, nil where it is. Its work is linear.
func Check(b []byte) error {
	c := checker{b: b}
	at, says := c.check()
	if says == "" {
		return nil
	}
	return &Error{at, 1 + bytes.Count(b[:at], []byte{'\n'}), says}
}

func (c *checker) check() (at int, says string) {
	if at, says = characters(c.b); says != "" {
		return at, says
	}
	for at < len(c.b) {
		t := Next(c.b, at)
		if off, says := c.token(t); says != "" {
			return off, says
		}
		at = t.To
	}
	switch n := len(c.open); {
	case n > 0:
		return len(c.b), fmt.Sprintf("it ends and <%s> is not closed", clip(c.open[n-1]))
	case !c.root:
		return len(c.b), "it has no element"
	}
	return 0, ""
}

// characters finds the first one that XML does not have.
func characters(b []byte) (at int, says string) {
	if !utf8.Valid(b) {
		return jsontext.InvalidUTF8(b), "it is not UTF-8"
	}
	for i, c := range b {
		if class[c]&isForbidden != 0 {
			return i, fmt.Sprintf("it holds the control character %#02x", c)
		}
	}
	for _, none := range []string{"\uFFFE", "\uFFFF"} {
		if i := bytes.Index(b, []byte(none)); i >= 0 {
			return i, "it holds a code point that is no character"
		}
	}
	return 0, ""
}

func (c *checker) token(t Token) (at int, says string) {
	text := c.b[t.From:t.To]
	switch t.Kind {
	case Text:
		if len(c.open) == 0 && !blank(text) {
			return t.From + skipBlanks(text, 0), "text stands outside of the root element"
		}
		if i := bytes.Index(text, []byte("]]>")); i >= 0 {
			return t.From + i, "]]> stands in text"
		}
		return references(text, t.From)
	case CData:
		if len(c.open) == 0 {
			return t.From, "CDATA stands outside of the root element"
		}
	case Comment:
		inside := text[len("<!--") : len(text)-len("-->")]
		if i := bytes.Index(inside, []byte("--")); i >= 0 || bytes.HasSuffix(inside, []byte("-")) {
			return t.From, "-- stands in a comment"
		}
	case Instruction:
		return c.instruction(t)
	case Doctype:
		if c.root {
			return t.From, "the document type stands behind the root's beginning"
		}
	case Damaged:
		if t.To == len(c.b) && t.To > t.From+1 {
			return t.From, "it is cut off in the middle of this tag"
		}
		return t.From, "< begins no tag here; in text it is written &lt;"
	case Open, Empty:
		return c.opening(t)
	case Close:
		return c.closing(t)
	}
	return 0, ""
}

func (c *checker) instruction(t Token) (at int, says string) {
	from := t.From + len("<?")
	end := from
	for end < t.To && class[c.b[end]]&isName != 0 {
		end++
	}
	name := c.b[from:end]
	switch {
	case len(name) == 0 || class[name[0]]&isNameStart == 0:
		return t.From, "a processing instruction has no name"
	case bytes.EqualFold(name, []byte("xml")) && t.From > 0:
		return t.From, "the XML declaration is not at the beginning"
	}
	return 0, ""
}

func (c *checker) opening(t Token) (at int, says string) {
	if len(c.open) == 0 && c.root {
		return t.From, "there is more than one root element"
	}
	inside := attributesOf(c.b, t)
	from := t.From + 1 + len(t.Name(c.b))
	bad := ""
	end, ok := Attributes(inside, func(_, value []byte) bool {
		_, bad = references(value, 0)
		return bad == ""
	})
	switch {
	case bad != "":
		return from + end, bad
	case !ok:
		return from + end, "an attribute is not written name=\"value\""
	}
	c.root = true
	if t.Kind == Empty {
		return 0, ""
	}
	if len(c.open) == MaxDepth {
		return t.From, fmt.Sprintf("elements nest deeper than %d", MaxDepth)
	}
	c.open = append(c.open, t.Name(c.b))
	return 0, ""
}

func (c *checker) closing(t Token) (at int, says string) {
	name := t.Name(c.b)
	n := len(c.open) - 1
	switch {
	case n < 0:
		return t.From, fmt.Sprintf("</%s> closes nothing", clip(name))
	case !bytes.Equal(c.open[n], name):
		return t.From, fmt.Sprintf("</%s> stands where <%s> is to be closed", clip(name), clip(c.open[n]))
	case !blank(c.b[t.From+2+len(name) : t.To-1]):
		return t.From, fmt.Sprintf("</%s> has more than a name", clip(name))
	}
	c.open = c.open[:n]
	return 0, ""
}

// references finds the first & that begins none that is known.
func references(text []byte, base int) (at int, says string) {
	for i := 0; ; {
		n := bytes.IndexByte(text[i:], '&')
		if n < 0 {
			return 0, ""
		}
		i += n
		_, size := reference(text[i:])
		if size == 0 {
			return base + i, "& begins no reference that XML itself has; in text it is written &amp;"
		}
		i += size
	}
}

// clip shortens a name for an error.
func clip(name []byte) string {
	const most = 40
	if len(name) > most {
		return string(name[:most]) + "…"
	}
	return string(name)
}
