package shell

import (
	"cmp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// quote returns the plain form of the quote that comes next, and its length:
// PowerShell takes those of typography for the same.
func (p *power) quote() (plain byte, length int) {
	rest := p.rest()
	if rest == "" {
		return 0, 0
	}
	if rest[0] == '"' || rest[0] == '\'' {
		return rest[0], 1
	}
	return curlyQuote(rest)
}

// pieces reads quoted and other pieces up to the end of a word.
func (p *power) pieces(w Word, text *strings.Builder, inner bool) Word {
	for p.at < len(p.src) && p.out.Err == nil {
		rest := p.rest()
		quote, n := p.quote()
		stop := " \t\r\n;|)}"
		if inner {
			stop += "+,=]"
		}
		switch {
		case strings.IndexByte(stop, rest[0]) >= 0 || wikiSpace(rest) > 0 || lineJoin(rest, '`') > 0:
			w.Text = text.String()
			return w
		case quote != 0 && p.at == w.At && n == 1 && p.meant(text):
		case quote == '"':
			p.at += n
			p.double(&w, text, p.at-n)
		case quote == '\'':
			p.at += n
			p.single(text, p.at-n)
		case rest[0] == '$':
			if text.Len() > 0 {
				p.interpolate(&w, text)
				continue
			}
			v := p.dollar()
			text.WriteString(v.Text)
			w.Unknown = cmp.Or(v.Unknown, w.Unknown)
			if w.Table = v.Table; w.Table != nil {
				return w
			}
		case rest[0] == '`' && len(rest) > 1:
			p.at += p.backtick(text)
		default:
			if inner && (rest[0] == '.' || rest[0] == '[') && text.Len() > 0 && !isNumber(text.String()) {
				w.Text = text.String()
				return w
			}
			text.WriteByte(rest[0])
			p.at++
		}
	}
	w.Text = text.String()
	return w
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// meant reads a quoted word as it is meant, where PowerShell would not.
func (p *power) meant(text *strings.Builder) bool {
	quote := p.rest()[:1]
	body, n := p.out.meant(p.src, p.at, func(body string) bool {
		return strings.Contains(body, quote) && (quote != "'" || strings.Contains(strings.ReplaceAll(body, "''", ""), quote))
	})
	text.WriteString(body)
	p.at += n
	return n > 0
}

// single reads '…', in which only ” is special.
func (p *power) single(text *strings.Builder, start int) {
	for p.at < len(p.src) {
		q, n := p.quote()
		if q != '\'' {
			text.WriteByte(p.src[p.at])
			p.at++
			continue
		}
		p.at += n
		if next, length := p.quote(); next == '\'' {
			text.WriteString(p.src[p.at : p.at+length])
			p.at += length
			continue
		}
		return
	}
	p.unclosed("'", start)
}

// double reads "…", with variables and backticks; where start is below 0 the text of
// a here-string, up to its end.
func (p *power) double(w *Word, text *strings.Builder, start int) {
	for p.at < len(p.src) && p.out.Err == nil {
		rest := p.rest()
		q, n := p.quote()
		switch {
		case q == '"' && start >= 0:
			p.at += n
			next, length := p.quote()
			if next != '"' {
				return
			}
			text.WriteString(p.src[p.at : p.at+length])
			p.at += length
		case rest[0] == '`' && len(rest) > 1:
			p.at += p.backtick(text)
		case rest[0] == '$':
			p.interpolate(w, text)
		default:
			text.WriteByte(rest[0])
			p.at++
		}
	}
	if start >= 0 {
		p.unclosed(`"`, start)
	}
}

// hereString reads @"…"@ or @'…'@.
func (p *power) hereString(w Word) Word {
	quote := p.src[p.at+1 : p.at+2]
	start := p.at
	p.at += 2 + lineEnd(p.src[p.at+2:])
	end := strings.Index(p.src[p.at-1:], "\n"+quote+"@")
	if end < 0 {
		p.unclosed("@"+quote, start)
		return w
	}
	inside := p.src[p.at:max(p.at, p.at-1+end)]
	inside = strings.TrimSuffix(inside, "\r")
	next := p.at - 1 + end + 3
	if quote == `"` {
		inner := *p
		inner.src, inner.at = inside, 0
		var text strings.Builder
		inner.double(&w, &text, -1)
		p.steps = inner.steps
		inside = text.String()
	}
	w.Text = inside
	p.at = next
	return w
}

// backtick writes what a backtick and the characters after it stand for.
func (p *power) backtick(text *strings.Builder) int {
	rest := p.rest()
	letters := map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', '0': 0, 'a': 7, 'b': 8, 'e': 27, 'f': 12, 'v': 11}
	if n := lineEnd(rest[1:]); n > 0 {
		text.WriteString(rest[1 : 1+n])
		return 1 + n
	}
	if strings.HasPrefix(rest, "`u{") {
		if end := strings.IndexByte(rest, '}'); end > 3 && end < 10 {
			if n, err := strconv.ParseUint(rest[3:end], 16, 32); err == nil {
				text.WriteRune(rune(n)) //nolint:gosec // six digits at most
				return end + 1
			}
		}
	}
	if c, ok := letters[rest[1]]; ok {
		text.WriteByte(c)
	} else {
		text.WriteByte(rest[1])
	}
	return 2
}

// interpolate writes the value of what begins with $ in a text.
func (p *power) interpolate(w *Word, text *strings.Builder) {
	var units []uint16
	for {
		unit, n := character(p.rest())
		if n == 0 {
			break
		}
		units = append(units, unit)
		p.at += n
	}
	if units != nil {
		text.WriteString(string(utf16.Decode(units)))
		return
	}
	v := p.dollar()
	if text.WriteString(v.Text); v.Unknown != "" && w.Unknown == "" {
		w.Unknown = v.Unknown
	}
}

// character reads $([char]233), as browsers write what is not ASCII.
func character(s string) (unit uint16, length int) {
	rest, ok := strings.CutPrefix(s, "$([char]")
	if !ok {
		return 0, 0
	}
	end := strings.IndexByte(rest[:min(len(rest), 8)], ')')
	if end < 0 {
		return 0, 0
	}
	n, err := strconv.ParseUint(rest[:end], 0, 16)
	if err != nil {
		return 0, 0
	}
	return uint16(n), len(s) - len(rest) + end + 1
}

// dollar reads a variable or $( … ), of which the $ comes next; a $ before
// anything else is itself.
func (p *power) dollar() Word {
	start := p.at
	p.at++
	name := ""
	switch {
	case p.take("("):
		if p.depth++; p.depth > maxDepth {
			p.at = len(p.src)
			return Word{Unknown: "…"}
		}
		defer func() { p.depth-- }()
		return p.parenthesis(start)
	case p.take("{"):
		n := strings.IndexByte(p.rest()[:min(len(p.rest()), 200)], '}')
		if n < 0 {
			return Word{Text: "${", At: start}
		}
		name = p.src[p.at : p.at+n]
		p.at += n + 1
	default:
		name = p.name()
	}
	switch v, ok := p.vars[strings.ToLower(name)]; {
	case name == "":
		return Word{Text: "$", At: start}
	case ok:
		p.out.grow(len(v.Text) + 64*len(v.Table))
		return v
	case strings.EqualFold(name, "null"):
		return Word{}
	case strings.EqualFold(name, "true") || strings.EqualFold(name, "false"):
		return Word{Text: name}
	}
	return Word{Text: p.src[start:p.at], Unknown: p.src[start:p.at], At: start}
}
