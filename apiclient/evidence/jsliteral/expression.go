package jsliteral

import (
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep values may be nested, and effort how many steps a source
// may take for each of its bytes: more is no literal of a person, and reading ends.
const (
	maxDepth = 200
	effort   = 16
)

// parser reads expressions. Of one that it cannot read it stands where it gave
// up.
type parser struct {
	src   string
	at    int
	depth int
	steps int // that may still be taken
	vars  map[string]*Value
	calls []Call
}

func newParser(src string) *parser {
	return &parser{src: src, steps: effort*len(src) + 100, vars: map[string]*Value{}}
}

func (p *parser) starts(s string) bool { return strings.HasPrefix(p.src[p.at:], s) }

// take passes over s, where it stands next.
func (p *parser) take(s string) bool {
	p.space()
	if !p.starts(s) {
		return false
	}
	p.at += len(s)
	return true
}

// space passes over white space and comments.
func (p *parser) space() {
	for p.at < len(p.src) {
		switch c := p.src[p.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			p.at++
		case p.starts("\u00a0") || p.starts("\ufeff"):
			_, n := utf8.DecodeRuneInString(p.src[p.at:])
			p.at += n
		case p.starts("//"):
			p.after("\n")
		case p.starts("/*"):
			p.at += 2
			p.after("*/")
		default:
			return
		}
	}
}

// after goes behind the next s, or to the end.
func (p *parser) after(s string) {
	if i := strings.Index(p.src[p.at:], s); i >= 0 {
		p.at += i + len(s)
		return
	}
	p.at = len(p.src)
}

// expression reads values that are joined by +. What other operators give is
// not known.
func (p *parser) expression() (Value, bool) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		p.steps = 0
	}
	p.space()
	start := p.at
	v, ok := p.operand()
	for ok {
		p.space()
		operator := p.operator()
		if operator == "" {
			break
		}
		var next Value
		switch operator {
		case "+":
			if next, ok = p.operand(); ok {
				v = plus(v, next, p.src[start:p.at])
			}
		case "=>":
			ok = p.body()
			v = Value{Kind: Unknown, Text: "function"}
		default:
			_, ok = p.expression()
			if ok && operator == "?" && p.take(":") {
				_, ok = p.expression()
			}
			v = Value{Kind: Unknown, Text: p.src[start:p.at]}
		}
	}
	return v, ok
}

// operator passes over an operator that stands between two values.
func (p *parser) operator() string {
	start := p.at
	for p.at < len(p.src) && strings.IndexByte("+-*%/<>=!&|?^", p.src[p.at]) >= 0 && !p.starts("//") && !p.starts("/*") {
		p.at++
		if p.src[start:p.at] == "=>" || p.src[start:p.at] == "+" && !p.starts("+") && !p.starts("=") {
			break
		}
	}
	return p.src[start:p.at]
}

// function reads a function's parameters and body, if one begins here.
func (p *parser) function() bool {
	start := p.at
	if p.take("function") {
		p.space()
		p.name()
		if p.peek() == '(' && p.group() && p.peek() == '{' {
			return p.body()
		}
	} else if p.peek() == '(' && p.group() && p.take("=>") {
		return p.body()
	}
	p.at = start
	return false
}

// group passes over what stands in parentheses.
func (p *parser) group() bool {
	for depth := 0; p.steps > 0; p.steps-- {
		switch p.peek() {
		case 0:
			return false
		case '(':
			depth++
			p.at++
		case ')':
			depth--
			if p.at++; depth == 0 {
				return true
			}
		case '"', '\'':
			if _, ok := p.quoted(); !ok {
				return false
			}
		default:
			p.at++
		}
	}
	return false
}

// body reads the body of a function, for the calls in it.
func (p *parser) body() bool {
	if p.peek() != '{' {
		_, ok := p.expression()
		return ok
	}
	if p.depth++; p.depth > maxDepth {
		p.steps = 0
	}
	defer func() { p.depth-- }()
	for depth := 0; p.steps > 0; {
		switch p.peek() {
		case 0:
			return false
		case '{':
			depth++
			p.at++
		case '}':
			p.at++
			if depth--; depth == 0 {
				return true
			}
		default:
			p.statement()
		}
	}
	return false
}

func plus(a, b Value, source string) Value {
	switch {
	case a.Kind == Unknown || b.Kind == Unknown:
		return Value{Kind: Unknown, Text: source}
	case a.Kind == Number && b.Kind == Number:
		return Value{Kind: Unknown, Text: source}
	}
	return Value{Kind: String, Text: joinHalves(a.String() + b.String())}
}

// operand reads one value with the members and calls that follow it.
func (p *parser) operand() (Value, bool) {
	if p.steps--; p.steps < 0 {
		return Value{}, false
	}
	p.space()
	start := p.at
	v, ok := p.value()
	for ok {
		end := p.at
		p.space()
		switch {
		case p.starts("?.") || p.starts(".") && !p.starts("..."):
			p.at += strings.IndexByte(p.src[p.at:], '.') + 1
			p.space()
			name := p.name()
			if name == "" {
				return v, false
			}
			if p.space(); p.starts("(") {
				v = p.method(v, name, start)
				continue
			}
			v = p.member(v, name, start)
		case p.starts("[") && v.Kind != Unknown:
			p.at++
			key, read := p.expression()
			if !read || !p.take("]") {
				return v, false
			}
			v = p.member(v, key.String(), start)
		case p.starts("(") && v.Kind == Unknown:
			v = p.call(p.src[start:end], start)
		default:
			return v, true
		}
	}
	return v, ok
}

// member returns a member of v, whose source begins at start.
func (p *parser) member(v Value, name string, start int) Value {
	if v.Kind == Object {
		return v.Get(name)
	}
	return Value{Kind: Unknown, Text: p.src[start:p.at]}
}

// name reads an identifier.
func (p *parser) name() string {
	start := p.at
	for p.at < len(p.src) && (isLetter(p.src[p.at]) || p.at > start && isDigit(p.src[p.at])) {
		p.at++
	}
	return p.src[start:p.at]
}

func isLetter(c byte) bool {
	return c == '_' || c == '$' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// words are names with a value.
var words = map[string]Value{
	"true": {Kind: Bool, Text: "true"}, "false": {Kind: Bool, Text: "false"}, "null": {Kind: Null},
	"undefined": {Kind: Undefined}, "NaN": {Kind: Number, Text: "NaN"}, "Infinity": {Kind: Number, Text: "Infinity"},
}

// peek is the next byte behind white space; 0 at the end.
func (p *parser) peek() byte {
	if p.space(); p.at < len(p.src) {
		return p.src[p.at]
	}
	return 0
}
