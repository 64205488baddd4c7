package shell

import (
	"encoding/base64"
	"strings"

	"countersign/apiclient/lazyregexp"
)

// castMark is a cast that changes no text.
var castMark = lazyregexp.New(`(?i)^\[(?:ordered|string|pscustomobject)\]`)

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
	case castMark.MatchString(rest[:min(len(rest), 30)]):
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
		name := p.name()
		w = p.vars[strings.ToLower(name)]
		if w.Splat, w.At = true, start; w.Table == nil {
			w.Unknown = "@" + name
		}
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
	may := w.Table != nil || p.src[start] == '(' || p.src[start] == '$'
	for may && strings.HasPrefix(p.rest(), ".") && len(p.rest()) > 1 && isNameByte(p.rest()[1], 0) {
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
// argument is the value, and of Convert's FromBase64String what it holds.
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
	if b, err := base64.StdEncoding.DecodeString(w.Text); err == nil && strings.HasSuffix(name, "convert]::frombase64string") {
		w.Text = string(b)
		return w
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
