package shell

import (
	"strconv"
	"strings"
	"unicode/utf16"
)

// expression reads values that are joined by +.
func (p *power) expression() Word {
	p.depth++
	defer func() { p.depth-- }()
	if p.steps--; p.depth > maxDepth || p.steps < 0 {
		p.at = len(p.src)
		return Word{Unknown: "…"}
	}
	start := p.at
	w := p.value(true)
	w.At = start
	for p.out.Err == nil {
		before := p.at
		p.blanks(p.depth > 1)
		if !p.take("+") {
			p.at = before
			return w
		}
		p.blanks(true)
		w = p.plus(w, p.value(true))
	}
	return w
}

func (p *power) plus(a, b Word) Word {
	if a.Unknown == "" {
		a.Unknown = b.Unknown
	}
	a.Text += b.Text
	return a
}

// value reads one value: of an expression, or an argument of a command, which
// may be a word without quotes.
func (p *power) value(inner bool) Word {
	if p.blanks(inner); p.at >= len(p.src) {
		return Word{}
	}
	start := p.at
	w := Word{At: start}
	rest := p.rest()
	switch quote, _ := p.quote(); {
	case strings.HasPrefix(rest, "@{"):
		p.at++
		w = p.table(w)
	case strings.HasPrefix(rest, "[ordered]") || strings.HasPrefix(rest, "[string]") || strings.HasPrefix(rest, "[pscustomobject]"):
		p.at += strings.IndexByte(rest, ']') + 1
		return p.value(inner)
	case rest[0] == '[' && inner:
		return p.call(w)
	case rest[0] == '(' || strings.HasPrefix(rest, "@("):
		p.at += strings.IndexByte(rest, '(') + 1
		w = p.parenthesis(start)
	case rest[0] == '@' && len(rest) > 1 && (rest[1] == '"' || rest[1] == '\'') && lineEnd(rest[2:]) > 0:
		w = p.hereString(w)
	case rest[0] == '@' && len(rest) > 1 && isNameByte(rest[1], 0):
		p.at++
		w = p.vars[strings.ToLower(p.name())]
		w.Splat, w.At = true, start
	case quote != 0 || rest[0] == '$':
		var text strings.Builder
		w = p.pieces(w, &text, inner)
	case inner && rest[0]|0x20 >= 'a' && rest[0]|0x20 <= 'z': // a command in parentheses
		first := len(p.out.Commands)
		p.command()
		w.Text = p.src[start:p.at]
		w.Unknown = clip(w.Text)
		if len(p.out.Commands) == first+1 {
			if in := produce(p.out.Commands[first], p.files, p.out); in.Unknown == "" {
				w.Text, w.Unknown = strings.TrimRight(string(in.Data), "\r\n"), ""
			}
		}
	default:
		var text strings.Builder
		w = p.pieces(w, &text, inner)
	}
	return p.members(w, start)
}

// members passes over .Name, .Method() and [index] behind a value: what they
// give is not known, but for the bytes of a text.
func (p *power) members(w Word, start int) Word {
	for strings.HasPrefix(p.rest(), ".") && len(p.rest()) > 1 && isNameByte(p.rest()[1], 0) && (w.Table != nil || p.src[start] == '(' || p.src[start] == '$') {
		p.at++
		name := p.name()
		if w.Table != nil && !strings.HasPrefix(p.rest(), "(") {
			w = member(w, name)
			continue
		}
		if p.take("(") {
			p.parenthesis(start)
		}
		if !strings.EqualFold(name, "Trim") && !strings.EqualFold(name, "ToString") {
			w.Unknown = clip(p.src[start:p.at])
		}
	}
	return w
}

func member(w Word, name string) Word {
	for _, pair := range w.Table {
		if strings.EqualFold(pair.Name, name) {
			return pair.Value
		}
	}
	return Word{Unknown: "." + name, Text: "." + name}
}

// parenthesis reads what stands in ( … ), of which the first byte comes next.
func (p *power) parenthesis(start int) Word {
	p.blanks(true)
	if p.take(")") {
		return Word{At: start}
	}
	w := p.expression()
	p.blanks(true)
	for p.out.Err == nil && !p.take(")") { // operators and commands, whose value is not known
		if p.steps--; p.at >= len(p.src) || p.steps < 0 {
			p.unclosed("(", start)
			return w
		}
		before := p.at
		if strings.IndexByte("|;&,-", p.src[p.at]) < 0 {
			p.expression()
		}
		if p.at == before {
			p.at++
		}
		w.Unknown = clip(p.src[start:min(p.at, len(p.src))])
		w.Text, w.Table = w.Unknown, nil
		p.blanks(true)
	}
	w.At = start
	return w
}

// call reads [Type]::Member.Method(argument): of an encoding's GetBytes the
// argument is the value.
func (p *power) call(w Word) Word {
	start := p.at
	n := strings.IndexAny(p.rest(), "]\n")
	if n < 0 {
		p.at = len(p.src)
		return w
	}
	p.at += n + 1
	if !p.take("::") {
		return p.value(true) // a cast
	}
	for p.at < len(p.src) && (isNameByte(p.src[p.at], 1) || p.src[p.at] == '.') {
		p.at++
	}
	name := strings.ToLower(p.src[start:p.at])
	if p.take("(") {
		w = p.parenthesis(start)
	}
	if !strings.HasSuffix(name, "utf8.getbytes") && !strings.HasSuffix(name, "utf8.getstring") {
		w.Text = p.src[start:p.at]
		w.Unknown = clip(w.Text)
	}
	return w
}

// table reads @{name = value; …}, of which the brace comes next.
func (p *power) table(w Word) Word {
	start := p.at
	p.at++
	w.Table = []Pair{}
	for p.out.Err == nil {
		p.blanks(true)
		if p.take(";") || p.take(",") {
			continue
		}
		if p.take("}") {
			break
		}
		if p.at >= len(p.src) {
			p.unclosed("@{", start)
			break
		}
		var name Word
		if q, _ := p.quote(); q != 0 || p.src[p.at] == '$' {
			name = p.value(true)
		} else {
			name.Text = p.key()
		}
		p.blanks(false)
		if !p.take("=") {
			p.unclosed("@{", start)
			break
		}
		p.blanks(true)
		w.Table = append(w.Table, Pair{name.Text, p.expression()})
	}
	return w
}

// key reads a name without quotes in a table.
func (p *power) key() string {
	start := p.at
	for p.at < len(p.src) && strings.IndexByte("= \t\r\n}", p.src[p.at]) < 0 {
		p.at++
	}
	return p.src[start:p.at]
}

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
		case quote == '"':
			if p.at == w.At && n == 1 && p.meant(text) {
				continue
			}
			p.at += n
			p.double(&w, text, p.at-n)
		case quote == '\'':
			if p.at == w.At && n == 1 && p.meant(text) {
				continue
			}
			p.at += n
			p.single(text, p.at-n)
		case rest[0] == '$':
			if before := text.Len(); before == 0 {
				if v := p.dollar(); v.Table != nil || v.Unknown != "" {
					w.Table, w.Unknown = v.Table, v.Unknown
					text.WriteString(v.Text)
				} else {
					text.WriteString(v.Text)
				}
				if w.Table != nil {
					return w
				}
				continue
			}
			p.interpolate(&w, text)
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
	src := p.rest()
	if p.repairs >= maxRepairs || !isBody(src[1:]) {
		return false
	}
	body, n := meant(src)
	if n < 3 || !strings.Contains(body, src[:1]) || src[0] == '\'' && !strings.Contains(strings.ReplaceAll(body, "''", ""), "'") {
		return false
	}
	p.repairs++
	p.out.repaired(p.src, p.at)
	text.WriteString(body)
	p.at += n
	return true
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

// double reads "…", with variables and backticks.
func (p *power) double(w *Word, text *strings.Builder, start int) {
	for p.at < len(p.src) && p.out.Err == nil {
		rest := p.rest()
		q, n := p.quote()
		switch {
		case q == '"':
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
	p.unclosed(`"`, start)
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
		for inner.at < len(inner.src) && p.out.Err == nil {
			switch rest := inner.rest(); {
			case rest[0] == '`' && len(rest) > 1:
				inner.at += inner.backtick(&text)
			case rest[0] == '$':
				inner.interpolate(&w, &text)
			default:
				text.WriteByte(rest[0])
				inner.at++
			}
		}
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
