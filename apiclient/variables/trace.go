package variables

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"sort"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/jsontext"
)

// Span is a variable in a text, and what stands in its place in the expanded
// one. \{{ and {{'\{{'}}, which stand for braces, are spans without a name.
type Span struct {
	From, To int // bytes of the text
	At, End  int // bytes of the expanded text
	Name     string
	Value    string // "" where Err says why there is none
	Err      *Error
}

// Expansion is a text with its variables replaced, and where each of them
// stood.
type Expansion struct {
	// Text is the expanded text. A variable without a value stands there for
	// itself in a string, and as null elsewhere: so the rest can be checked, but
	// it must not be sent.
	Text  []byte
	Spans []Span // in the order of the text
	Err   error  // of the first variable without a value: an *Error
}

// Origin returns the offset in the text of what stands at an offset of the
// expanded one. Everything inside of a value comes from its variable's first
// brace.
func (x Expansion) Origin(offset int) int {
	i := sort.Search(len(x.Spans), func(i int) bool { return x.Spans[i].End > offset })
	if i < len(x.Spans) && offset >= x.Spans[i].At {
		return x.Spans[i].From
	}
	if i == 0 {
		return offset
	}
	last := x.Spans[i-1]
	return last.To + offset - last.End
}

// Place is Origin the other way.
func (x Expansion) Place(offset int) int {
	i := sort.Search(len(x.Spans), func(i int) bool { return x.Spans[i].To > offset })
	if i < len(x.Spans) && offset >= x.Spans[i].From {
		return x.Spans[i].At
	}
	if i == 0 {
		return offset
	}
	last := x.Spans[i-1]
	return last.End + offset - last.To
}

// trace replaces the variables of a text; stop ends it at the first one that
// has no value.
func (x *expansion) trace(text []byte, stop bool) Expansion {
	if !Has(text) {
		return Expansion{Text: text}
	}
	var out Expansion
	at, where := 0, jsontext.Lines{Doc: text}
	each(text, func(p spot) bool {
		out.Text = append(out.Text, text[at:p.from]...)
		s := Span{From: p.from, To: p.to, At: len(out.Text), Name: p.name}
		at = p.to
		switch {
		case p.literal != nil:
			s.Value = string(p.literal)
			out.Text = append(out.Text, p.literal...)
		case p.open:
			p.name = firstWord(text[p.from+2 : min(len(text), p.from+2+maxName)])
			s.Err = unclosedName()
			out.Text = append(out.Text, text[p.from:p.to]...)
		default:
			var foreign bool
			s.Value, foreign, s.Err = x.value(p.name)
			if s.Err != nil && strings.ContainsAny(p.name, "\"{") { // the braces that close it are another's
				p.name = firstWord([]byte(p.name))
				s.Err = unclosedName()
			}
			if s.Err == nil && p.bare && foreign && !json.Valid([]byte(s.Value)) {
				s.Value, s.Err = "", &Error{Says: "is text, and stands where JSON wants a value",
					Fix: hint.Fix(`put it in quotes: "{{` + p.name + `}}"`)}
			}
			if s.Err == nil && len(out.Text)+len(s.Value) > maxExpanded {
				s.Value, s.Err = "", &Error{Says: fmt.Sprintf("makes the text longer than %d MB", maxExpanded>>20),
					Fix: "use shorter values"}
			}
			switch {
			case s.Err != nil && p.bare:
				out.Text = append(out.Text, "null"...)
			case s.Err != nil:
				out.Text = append(out.Text, text[p.from:p.to]...)
			case x.form:
				out.Text = append(out.Text, url.QueryEscape(s.Value)...)
			default:
				out.Text = append(out.Text, escaped(s.Value, p.depth)...)
			}
		}
		if s.Err != nil {
			s.Err.Name = p.name
			s.Err.Line, s.Err.Column = where.Of(p.from)
			if out.Err == nil {
				out.Err = s.Err
			}
		}
		s.End = len(out.Text)
		out.Spans = append(out.Spans, s)
		return s.Err == nil || !stop
	})
	out.Text = append(out.Text, text[at:]...)
	return out
}

// maxExpanded bounds what variables make of a text, in bytes.
const maxExpanded = 128 << 20

const notClosed = "is not closed"

func unclosedName() *Error {
	return &Error{Says: notClosed, Fix: `end it with }}, or write \{{ for the braces themselves`}
}

// escaped writes a value for the inside of so many strings, one in the other.
func escaped(value string, depth int) string {
	for range depth {
		q := jsontext.Quote(value)
		value = string(q[1 : len(q)-1])
	}
	return value
}

// spot is a place in a text at which Expand does something: [from, to).
type spot struct {
	from, to int
	name     string
	depth    int    // how many JSON strings it is in
	bare     bool   // it stands where a JSON text has a value
	literal  []byte // what \{{ and {{'\{{'}} stand for; nil: it is a variable
	open     bool   // without an end
}

var pair = []byte("{{")

// each calls for every spot, in order, until told to stop.
func each(text []byte, call func(spot) bool) {
	quoted := newQuotes(text)
	for at := 0; ; {
		i := bytes.Index(text[at:], pair)
		if i < 0 {
			return
		}
		s := spot{from: at + i}
		if slashes := slashesBefore(text[:s.from]); slashes > 0 {
			// In a string two backslashes are one of its characters.
			if slashes%2 == 1 || !quoted.within(s.from-slashes) {
				s.depth, s.bare = quoted.depth(s.from - slashes)
				at = s.from + 2
				s.from, s.to, s.literal = s.from-1, at, pair
				if !call(s) {
					return
				}
				continue
			}
		}
		s.depth, s.bare = quoted.depth(s.from)
		if n := literalLen(text[s.from:]); n > 0 {
			at = s.from + n
			s.to, s.literal = at, text[s.from+3:at-3]
			if !call(s) {
				return
			}
			continue
		}
		n := bytes.Index(text[s.from:], []byte("}}"))
		if n >= 0 {
			s.name = strings.TrimSpace(string(text[s.from+2 : s.from+n]))
		}
		if n < 0 || len(s.name) > maxName || strings.Contains(s.name, "\n") {
			s.name, s.open, s.to = "", true, s.from+2
			call(s)
			return
		}
		at = s.from + n + 2
		s.to = at
		if !call(s) {
			return
		}
	}
}

// maxName is the longest name of a variable, in bytes: what is longer was not
// meant for one.
const maxName = 1000

func slashesBefore(text []byte) int {
	return len(text) - len(bytes.TrimRight(text, `\`))
}

// literalLen is the length of {{'…'}}, with nothing but backslashes and opening
// braces in it, at the start of b; 0: it is none.
func literalLen(b []byte) int {
	rest, ok := bytes.CutPrefix(b, []byte("{{'"))
	if !ok {
		return 0
	}
	rest = bytes.TrimLeft(rest, `\{`)
	if n := len(b) - len(rest); n > 3 && bytes.HasPrefix(rest, []byte("'}}")) {
		return n + 3
	}
	return 0
}

// Literal writes a text so that Expand gives exactly it back, whatever it is:
// every pair of opening braces in it gets a backslash. Where one is there
// already, {{'…'}} is put around both, as two backslashes have another meaning in
// a JSON string. It returns text itself where there are no braces.
//
// What went out once is opened so. Each pair means the same wherever it stands:
// the text can be edited like any other, and what is not edited stays as it was.
func Literal(text []byte) []byte {
	if !Has(text) {
		return text
	}
	var out []byte
	at := 0
	for {
		i := bytes.Index(text[at:], pair)
		if i < 0 {
			return append(out, text[at:]...)
		}
		open := at + i
		if slashesBefore(text[:open])%2 == 1 {
			// A brace before the backslashes would be read as one of the pair
			// that begins the literal.
			run := at + len(bytes.TrimRight(text[at:open], `\{`))
			out = append(append(out, text[at:run]...), "{{'"...)
			out = append(append(out, text[run:open+2]...), "'}}"...)
		} else {
			out = append(append(out, text[at:open]...), `\{{`...)
		}
		at = open + 2
	}
}

// Used lists the variables that a text has, as they are written between the
// braces, in their order.
func Used(text []byte) []string {
	if !Has(text) {
		return nil
	}
	var names []string
	each(text, func(s spot) bool {
		if s.literal == nil && !s.open {
			names = append(names, s.name)
		}
		return true
	})
	return names
}

// Mask returns a text of the same length in which every variable is stood in for
// by letters in a string and by a number elsewhere: what is JSON apart from
// its variables is JSON, with everything at its place.
func Mask(text []byte) []byte {
	if !Has(text) {
		return text
	}
	out := bytes.Clone(text)
	each(text, func(s spot) bool {
		fill := byte('1')
		if s.depth > 0 && !s.bare {
			fill = '_'
		}
		if !s.open {
			for i := s.from; i < s.to; i++ {
				out[i] = fill
			}
		}
		return true
	})
	return out
}

// Format lays a JSON text with variables out again, or takes its blanks away,
// by a function that changes nothing but white space between tokens. It fails
// as that does for what is no JSON apart from its variables.
func Format(text []byte, lay func(out *bytes.Buffer, text []byte) error) ([]byte, error) {
	masked := Mask(text)
	var out bytes.Buffer
	if err := lay(&out, masked); err != nil {
		return nil, err
	}
	b := out.Bytes()
	if !Has(text) {
		return b, nil
	}
	// White space apart, the bytes agree one to one.
	at := 0
	for i, c := range masked {
		if c == text[i] && white(c) {
			continue
		}
		for at < len(b) && b[at] != c {
			at++
		}
		if at == len(b) {
			break
		}
		b[at] = text[i]
		at++
	}
	return b, nil
}

func white(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
