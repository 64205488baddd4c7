package jsliteral

import "strings"

// value reads a literal, a variable or what stands in parentheses.
func (p *parser) value() (Value, bool) {
	if p.at >= len(p.src) {
		return Value{}, false
	}
	start := p.at
	switch c := p.src[p.at]; {
	case c == '"' || c == '\'':
		s, ok := p.quoted()
		return Value{Kind: String, Text: s}, ok
	case c == '`':
		return p.template()
	case c == '{':
		return p.object()
	case c == '[':
		return p.array()
	case c == '(':
		if p.function() {
			return Value{Kind: Unknown, Text: "function"}, true
		}
		p.at++
		v, ok := p.expression()
		return v, ok && p.take(")")
	case isDigit(c) || c == '.' || (c == '-' || c == '+') && p.at+1 < len(p.src) && isDigit(p.src[p.at+1]):
		p.at++
		for p.at < len(p.src) && (isLetter(p.src[p.at]) || isDigit(p.src[p.at]) || p.src[p.at] == '.' ||
			(p.src[p.at] == '+' || p.src[p.at] == '-') && p.src[p.at-1]|0x20 == 'e' && !strings.HasPrefix(p.src[start:], "0x")) {
			p.at++
		}
		n, ok := number(strings.TrimPrefix(p.src[start:p.at], "+"))
		return Value{Kind: Number, Text: n}, ok
	case isLetter(c):
		return p.named()
	}
	return Value{}, false
}

func (p *parser) named() (Value, bool) {
	start := p.at
	name := p.name()
	if v, ok := words[name]; ok {
		return v, true
	}
	switch name {
	case "await", "new", "typeof", "void", "async":
		return p.operand()
	case "function":
		p.at = start
		return Value{Kind: Unknown, Text: name}, p.function()
	}
	if v := p.vars[name]; v != nil {
		p.steps -= v.size(p.steps)
		return *v, p.steps > 0
	}
	return Value{Kind: Unknown, Text: p.src[start:p.at]}, true
}

func (p *parser) template() (Value, bool) {
	start, known := p.at, true
	p.at++
	var text strings.Builder
	for {
		part, end := p.until('`')
		text.WriteString(part)
		if end {
			break
		}
		if !p.starts("${") {
			return Value{}, false
		}
		p.at += 2
		v, ok := p.expression()
		if !ok || !p.take("}") {
			return Value{}, false
		}
		known = known && v.FirstUnknown() == ""
		text.WriteString(v.String())
	}
	if !known {
		return Value{Kind: Unknown, Text: p.src[start:p.at]}, true
	}
	return Value{Kind: String, Text: text.String()}, true
}

func (p *parser) array() (Value, bool) {
	v := Value{Kind: Array, List: []Value{}}
	p.at++
	for !p.take("]") {
		if p.take(",") {
			v.List = append(v.List, Value{Kind: Undefined})
			continue
		}
		spread := p.take("...")
		e, ok := p.expression()
		switch {
		case !ok:
			return v, false
		case spread && e.Kind == Array:
			v.List = append(v.List, e.List...)
		default:
			v.List = append(v.List, e)
		}
		if !p.take(",") && p.peek() != ']' {
			return v, false
		}
	}
	return v, true
}

func (p *parser) object() (Value, bool) {
	v := Value{Kind: Object}
	p.at++
	for !p.take("}") {
		if !p.property(&v) || !p.take(",") && p.peek() != '}' {
			return v, false
		}
	}
	return v, true
}

// property reads name: value, name alone, [name]: value or ...object.
func (p *parser) property(v *Value) bool {
	if p.take("...") {
		e, ok := p.expression()
		for _, m := range e.Members {
			v.set(m.Name, m.Value)
		}
		if ok && e.Kind == Unknown {
			v.Members = append(v.Members, Member{Name: "...", Value: e})
		}
		return ok
	}
	start := p.at
	var name string
	switch c := p.peek(); {
	case c == '"' || c == '\'':
		s, ok := p.quoted()
		if !ok {
			return false
		}
		name = s
	case c == '[':
		p.at++
		key, ok := p.expression()
		if !ok || !p.take("]") {
			return false
		}
		name = key.String()
	case isDigit(c):
		n, _ := p.value()
		name = n.Text
	default:
		if name = p.name(); name == "" {
			return false
		}
		if p.space(); p.starts("(") { // name() { … }
			v.Members = append(v.Members, Member{name, Value{Kind: Unknown, Text: "function"}})
			return p.group() && p.peek() == '{' && p.body()
		}
		if !p.starts(":") {
			p.at = start
			p.space()
			value, ok := p.value()
			v.Members = append(v.Members, Member{name, value})
			return ok
		}
	}
	if !p.take(":") {
		return false
	}
	value, ok := p.expression()
	v.Members = append(v.Members, Member{name, value})
	return ok
}
