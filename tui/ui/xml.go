package ui

import (
	"bytes"

	"countersign/apiclient/jsontext"
	"countersign/apiclient/xmltext"
)

// xmlTokens appends the tokens of one line of XML, or what looks like it. Each
// line is coloured on its own; begun is not needed to guess what it begins in.
func xmlTokens(out []token, b []byte, _ bool) []token {
	at := 0
	if end, paint := begunBefore(b); end > 0 {
		out = append(out, token{0, end, paint})
		at = end
	}
	for at < len(b) {
		t := xmltext.Next(b, at)
		at = t.To
		switch t.Kind {
		case xmltext.Text:
			out = textTokens(out, b, t.From, t.To)
		case xmltext.CData:
			from, to := t.From+len("<![CDATA["), t.To-len("]]>")
			out = append(out, token{t.From, from, paintPunct}, token{from, to, paintString}, token{to, t.To, paintPunct})
		case xmltext.Open, xmltext.Close, xmltext.Empty:
			out = tagTokens(out, b, t)
		case xmltext.Damaged:
			if t.Name(b) != nil && t.To > t.From+1 {
				out = tagTokens(out, b, t)
			}
		default:
			out = append(out, token{t.From, t.To, paintFaint})
		}
	}
	return out
}

// begunBefore guesses the end of a comment or a tag in which a line begins.
func begunBefore(b []byte) (end int, paint paintID) {
	first := bytes.IndexByte(b, '<')
	if first < 0 {
		first = len(b)
	}
	if i := bytes.Index(b[:first], []byte("-->")); i >= 0 {
		return i + len("-->"), paintFaint
	}
	if i := bytes.IndexByte(b[:first], '>'); i > 0 && bytes.IndexByte([]byte(`"'/?`), b[i-1]) >= 0 {
		return i + 1, paintLiteral
	}
	return 0, paintNone
}

// textTokens appends a text and its references.
func textTokens(out []token, b []byte, from, to int) []token {
	for from < to {
		amp := bytes.IndexByte(b[from:to], '&')
		if amp < 0 {
			break
		}
		if amp > 0 {
			out = append(out, token{from, from + amp, paintString})
		}
		from += amp
		end := from + 1
		if i := bytes.IndexByte(b[from:min(to, from+16)], ';'); i >= 0 {
			end = from + i + 1
		}
		out = append(out, token{from, end, paintLiteral})
		from = end
	}
	if from < to {
		out = append(out, token{from, to, paintString})
	}
	return out
}

// tagTokens appends the name of a tag, its attributes, and what is around them.
func tagTokens(out []token, b []byte, t xmltext.Token) []token {
	name := t.Name(b)
	from := t.From + 1 + bytes.Index(b[t.From+1:t.To], name)
	at := from + len(name)
	out = append(out, token{t.From, from, paintPunct}, token{from, at, paintKey})
	for at < t.To {
		n := 1
		paint := paintLiteral
		switch c := b[at]; c {
		case '"', '\'':
			paint = paintString
			if i := bytes.IndexByte(b[at+1:t.To], c); i >= 0 {
				n = i + 2
			}
		case '=', '>', '/':
			paint = paintPunct
		default:
			if i := bytes.IndexAny(b[at:t.To], `"'=/>`); i > 0 {
				n = i
			}
		}
		out = append(out, token{at, at + n, paint})
		at += n
	}
	return out
}

// PrettyXML is Pretty for XML: well-formed XML indented by two spaces for
// reading. Nothing but blanks between tags is added or left out. It reports
// false, and nil, for what is not well formed and for what would grow out of
// proportion.
func PrettyXML(b []byte) ([]byte, bool) { return xmlLanguage.pretty(b) }

func wellFormed(b []byte) bool {
	return xmltext.Check(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))) == nil
}

func appendIndentedXML(out, b []byte, most int) []byte {
	layoutXML(b, func(from, to int) {
		if len(out) <= most {
			out = append(out, b[from:to]...)
		}
	}, func(blanks int) {
		if len(out) <= most {
			out = append(append(out, '\n'), manySpaces[:blanks]...)
		}
	})
	return out
}

// layoutXML calls with the parts of a text and the line ends between them, each
// with the blanks behind it. An element that begins with text, or that keeps
// its blanks, stays as it is with all that is in it.
func layoutXML(b []byte, put func(from, to int), line func(blanks int)) {
	depth, verbatim := 0, 0 // verbatim: how deep one is in an element that stays as it is
	text, begun := false, false
	for at := 0; at < len(b); {
		t := xmltext.Next(b, at)
		at = t.To
		if verbatim > 0 {
			put(t.From, t.To)
			switch t.Kind {
			case xmltext.Open:
				verbatim++
			case xmltext.Close:
				verbatim--
			}
			continue
		}
		switch t.Kind {
		case xmltext.Text, xmltext.CData:
			if t.Kind == xmltext.Text && !text && jsontext.SkipSpace(b, t.From) >= t.To && !bytes.HasPrefix(b[at:], []byte("<![CDATA[")) {
				continue
			}
			put(t.From, t.To)
			text, begun = true, true
			continue
		case xmltext.Close:
			depth--
		}
		if begun && !text {
			line(max(0, min(2*depth, prettyIndent)))
		}
		put(t.From, t.To)
		text, begun = false, true
		if t.Kind == xmltext.Open {
			if staysAsItIs(b, t) {
				verbatim = 1
			} else {
				depth++
			}
		}
	}
}

// staysAsItIs reports an element that does not begin with another one: one of
// text, an empty one, or one whose blanks count.
func staysAsItIs(b []byte, open xmltext.Token) bool {
	if bytes.Contains(b[open.From:open.To], []byte("xml:space")) {
		return true
	}
	for at := open.To; at < len(b); {
		t := xmltext.Next(b, at)
		at = t.To
		switch t.Kind {
		case xmltext.Comment, xmltext.Instruction:
		case xmltext.Text:
			if jsontext.SkipSpace(b, t.From) < t.To {
				return true
			}
		default:
			return t.Kind != xmltext.Open && t.Kind != xmltext.Empty
		}
	}
	return true
}

// compactXML reports XML without line ends between its tags, as far as its
// beginning shows; the lines before the root do not count.
func compactXML(b []byte) bool {
	opened := false
	for at := 0; at < min(len(b), firstScreens); {
		t := xmltext.Next(b, at)
		at = t.To
		switch t.Kind {
		case xmltext.Open, xmltext.Empty:
			opened = true
		case xmltext.Text:
			if opened && at < len(b) && jsontext.SkipSpace(b, t.From) == t.To && hasLF(b[t.From:t.To]) {
				return false
			}
		}
	}
	return opened
}
