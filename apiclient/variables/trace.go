package variables

import (
	"bytes"
	"context"
	"encoding/json"
	"sort"
	"strings"

	"countersign/apiclient/jsonedit"
)

// Span is a variable in a text, and what stands in its place in the expanded
// one. The braces that a backslash keeps, \{{, are a span without a name.
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

// Trace is Expand for whoever shows what it does: it goes on after a variable
// that has no value.
func (r *Resolver) Trace(ctx context.Context, text []byte) Expansion {
	r.mu.Lock()
	defer r.mu.Unlock()
	run := &expansion{Resolver: r, ctx: ctx}
	return run.trace(text, false)
}

// Origin gives the offset in the text of what stands at an offset of the
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
	at := 0
	each(text, func(p spot) bool {
		out.Text = append(out.Text, text[at:p.from]...)
		s := Span{From: p.from, To: p.to, At: len(out.Text), Name: p.name}
		at = p.to
		switch {
		case p.escaped:
			out.Text = append(out.Text, "{{"...)
		case p.open:
			s.Err = &Error{Name: firstWord(text[p.from+2:]), Says: "is not closed", Fix: `end it with }}, or write \{{ for the braces themselves`}
			out.Text = append(out.Text, text[p.from:p.to]...)
		default:
			s.Value, s.Err = x.value(p.name)
			if s.Err == nil && p.bare && strings.HasPrefix(p.name, "last.") && !json.Valid([]byte(s.Value)) {
				s.Value, s.Err = "", &Error{Says: "is text, and stands where JSON wants a value", Fix: `put it in quotes: "{{` + p.name + `}}"`}
			}
			switch {
			case s.Err != nil && p.quoted:
				out.Text = append(out.Text, text[p.from:p.to]...)
			case s.Err != nil:
				out.Text = append(out.Text, "null"...)
			case p.quoted:
				q := jsonedit.Quote(s.Value)
				out.Text = append(out.Text, q[1:len(q)-1]...)
			default:
				out.Text = append(out.Text, s.Value...)
			}
		}
		if s.Err != nil {
			if !p.open {
				s.Err.Name = p.name
			}
			s.Err = place(s.Err, text, p.from)
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

// spot is a place in a text at which Expand does something: [from, to).
type spot struct {
	from, to int
	name     string
	quoted   bool // inside of a JSON string
	bare     bool // in a JSON text, outside of its strings
	escaped  bool // \{{
	open     bool // without an end
}

// each calls for every spot, in order, until told to stop.
func each(text []byte, call func(spot) bool) {
	quoted := newQuotes(text)
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte("{{"))
		if i < 0 {
			return
		}
		open := at + i
		if slashes := slashesBefore(text[:open]); slashes > 0 {
			inside := quoted.at(open - slashes)
			// In a string two backslashes are one of its characters.
			if !inside || slashes%2 == 1 {
				at = open + 2
				if !call(spot{from: open - 1, to: at, escaped: true, quoted: inside}) {
					return
				}
				continue
			}
		}
		s := spot{from: open, quoted: quoted.at(open)}
		s.bare = !s.quoted && quoted.text != nil
		n := bytes.Index(text[open:], []byte("}}"))
		if n < 0 {
			s.open, s.to = true, open+2
			call(s)
			return
		}
		at = open + n + 2
		s.to, s.name = at, strings.TrimSpace(string(text[open+2:open+n]))
		if !call(s) {
			return
		}
	}
}

func slashesBefore(text []byte) int {
	return len(text) - len(bytes.TrimRight(text, `\`))
}

// Literal writes a text so that Expand gives it back: every pair of opening
// braces in it gets a backslash. It returns text itself where there are none.
// A pair inside of a JSON string with a backslash before it, which is no JSON,
// cannot be written so: it gets one backslash more.
func Literal(text []byte) []byte {
	if !Has(text) {
		return text
	}
	var out []byte
	quoted := newQuotes(text)
	at := 0
	for {
		i := bytes.Index(text[at:], []byte("{{"))
		if i < 0 {
			return append(out, text[at:]...)
		}
		open := at + i
		out = append(append(out, text[at:open]...), '\\')
		if slashes := slashesBefore(text[:open]); slashes%2 == 1 && quoted.at(open-slashes) {
			out = append(out, '\\')
		}
		out = append(out, "{{"...)
		at = open + 2
	}
}

// Mask gives a text of the same length in which every variable is stood in for
// by letters in a string and by a number elsewhere: what is JSON apart from
// its variables is JSON, with everything at its place.
func Mask(text []byte) []byte {
	if !Has(text) {
		return text
	}
	out := bytes.Clone(text)
	each(text, func(s spot) bool {
		fill := byte('1')
		if s.quoted {
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

// Format lays a JSON text with variables out anew, or takes its blanks away,
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
