package viewer

import (
	"bytes"

	"countersign/apiclient/jsontext"
	"countersign/apiclient/xmltext"
	"countersign/tui/ui"
	"countersign/tui/ui/rows"
)

// xmlTokens appends the tokens of one line of XML, or what looks like it. Each
// line is coloured on its own; begun is not needed to guess what it begins in.
func xmlTokens(out []rows.Token, b []byte, _ bool) []rows.Token {
	at := 0
	if end, paint := begunBefore(b); end > 0 {
		out = append(out, rows.Token{From: 0, To: end, Paint: paint})
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
			out = append(out, rows.Token{From: t.From, To: from, Paint: ui.PaintPunct},
				rows.Token{From: from, To: to, Paint: ui.PaintString}, rows.Token{From: to, To: t.To, Paint: ui.PaintPunct})
		case xmltext.Open, xmltext.Close, xmltext.Empty:
			out = tagTokens(out, b, t)
		case xmltext.Damaged:
			if t.Name(b) != nil && t.To > t.From+1 {
				out = tagTokens(out, b, t)
			}
		default:
			out = append(out, rows.Token{From: t.From, To: t.To, Paint: ui.PaintFaint})
		}
	}
	return out
}

// begunBefore guesses the end of a comment or a tag in which a line begins.
func begunBefore(b []byte) (end int, paint ui.Paint) {
	first := bytes.IndexByte(b, '<')
	if first < 0 {
		first = len(b)
	}
	if i := bytes.Index(b[:first], []byte("-->")); i >= 0 {
		return i + len("-->"), ui.PaintFaint
	}
	if i := bytes.IndexByte(b[:first], '>'); i > 0 && bytes.IndexByte([]byte(`"'/?`), b[i-1]) >= 0 {
		return i + 1, ui.PaintLiteral
	}
	return 0, ui.PaintNone
}

// textTokens appends a text and its references.
func textTokens(out []rows.Token, b []byte, from, to int) []rows.Token {
	for from < to {
		amp := bytes.IndexByte(b[from:to], '&')
		if amp < 0 {
			break
		}
		if amp > 0 {
			out = append(out, rows.Token{From: from, To: from + amp, Paint: ui.PaintString})
		}
		from += amp
		end := from + 1
		if i := bytes.IndexByte(b[from:min(to, from+16)], ';'); i >= 0 {
			end = from + i + 1
		}
		out = append(out, rows.Token{From: from, To: end, Paint: ui.PaintLiteral})
		from = end
	}
	if from < to {
		out = append(out, rows.Token{From: from, To: to, Paint: ui.PaintString})
	}
	return out
}

// tagTokens appends the name of a tag, its attributes, and what is around them.
func tagTokens(out []rows.Token, b []byte, t xmltext.Token) []rows.Token {
	name := t.Name(b)
	from := t.From + 1 + bytes.Index(b[t.From+1:t.To], name)
	at := from + len(name)
	out = append(out, rows.Token{From: t.From, To: from, Paint: ui.PaintPunct},
		rows.Token{From: from, To: at, Paint: ui.PaintKey})
	for at < t.To {
		n := 1
		paint := ui.PaintLiteral
		switch c := b[at]; c {
		case '"', '\'':
			paint = ui.PaintString
			if i := bytes.IndexByte(b[at+1:t.To], c); i >= 0 {
				n = i + 2
			}
		case '=', '>', '/':
			paint = ui.PaintPunct
		default:
			if i := bytes.IndexAny(b[at:t.To], `"'=/>`); i > 0 {
				n = i
			}
		}
		out = append(out, rows.Token{From: at, To: at + n, Paint: paint})
		at += n
	}
	return out
}

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
			out = append(append(out, '\n'), ui.Spaces(blanks)...)
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
			if t.Kind == xmltext.Text && !text && jsontext.SkipSpace(b, t.From) >= t.To &&
				!bytes.HasPrefix(b[at:], []byte("<![CDATA[")) {
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
			if opened && at < len(b) && jsontext.SkipSpace(b, t.From) == t.To && rows.HasLF(b[t.From:t.To]) {
				return false
			}
		}
	}
	return opened
}
