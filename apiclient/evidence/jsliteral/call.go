package jsliteral

import (
	"net/url"
	"strings"
)

// Call is a call in a source, such as fetch("…", {…}).
type Call struct {
	Name string // as it is written, without white space: "axios.post"
	Args []Value
	At   int // where it begins
}

// Calls returns the calls of functions that are not in the language itself, those
// in the arguments of others first, with the values of variables that are known where
// they are called. What is no expression is passed over.
func Calls(src string) []Call {
	p := newParser(src)
	for p.at < len(p.src) && p.steps > 0 {
		p.statement()
	}
	return p.calls
}

// statement reads an assignment or an expression, or passes over one token.
func (p *parser) statement() {
	p.steps--
	c := p.peek()
	start := p.at
	switch {
	case c == 0:
	case c == '"' || c == '\'' || c == '`':
		if _, ok := p.value(); !ok {
			p.at = start + 1
		}
	case !isLetter(c):
		p.at++
	default:
		p.assignment()
	}
}

// assignment reads name = value, name.member = value, or a call.
func (p *parser) assignment() {
	start := p.at
	name := p.name()
	if isKeyword(name) {
		return
	}
	key := ""
	if p.space(); p.starts(".") {
		p.at++
		key = p.name()
	} else if p.starts("[") {
		p.at++
		if v, ok := p.expression(); ok && p.take("]") {
			key = v.String()
		}
	}
	if p.space(); p.starts("=") && !p.starts("==") && !p.starts("=>") {
		p.at++
		p.assign(name, key)
		return
	}
	p.at = start
	if _, ok := p.operand(); !ok || p.at == start {
		p.at = start + len(name)
	}
}

func (p *parser) assign(name, key string) {
	start := p.at
	v, ok := p.expression()
	if !ok {
		p.at = start
		v = Value{Kind: Unknown, Text: name}
	}
	if key == "" {
		p.vars[name] = &v
	} else if o := p.vars[name]; o != nil && o.Kind == Object {
		o.set(key, v)
	}
}

func isKeyword(name string) bool {
	return strings.Contains(" const let var return await async function if else try catch for while export default import ",
		" "+name+" ")
}

// arguments reads (a, b), of which the next byte is the parenthesis. At an
// argument that cannot be read they end, and the parser stands there.
func (p *parser) arguments() (args []Value, whole bool) {
	p.at++
	for !p.take(")") {
		start := p.at
		v, ok := p.expression()
		if next := p.peek(); !ok || next != ',' && next != ')' {
			p.at = start
			return args, false
		}
		args = append(args, v)
		p.take(",")
	}
	return args, true
}

// call reads the arguments of a function whose value is not known, and returns
// what it gives. Calls that the language itself has are done here.
func (p *parser) call(name string, start int) Value {
	if len(name) > maxName {
		name = "…"
	}
	name = strings.Join(strings.Fields(name), "")
	args, whole := p.arguments()
	unknown := Value{Kind: Unknown, Text: p.src[start:p.at]}
	if f := functions[name]; f != nil {
		if v, done := f(args); done && whole {
			return v
		}
		return unknown
	}
	p.calls = append(p.calls, Call{name, args, start})
	return unknown
}

// maxName is how long the name of a function may be: longer ones are chains of
// calls, whose first is already noted.
const maxName = 80

// method reads a call of a method of v.
func (p *parser) method(v Value, name string, start int) Value {
	if v.Kind == Unknown {
		return p.call(p.src[start:p.at], start)
	}
	args, _ := p.arguments()
	switch {
	case (name == "append" || name == "set") && len(args) == 2 && v.Kind == Object:
		variable, _, _ := strings.Cut(p.src[start:p.at], ".")
		p.put(variable, name, args)
		return v
	case name == "toString" && len(args) == 0:
		return Value{Kind: String, Text: v.String()}
	case name == "trim" && v.Kind == String:
		return Value{Kind: String, Text: strings.TrimSpace(v.Text)}
	}
	return Value{Kind: Unknown, Text: p.src[start:p.at]}
}

// put adds a header to the variable that a method is called on.
func (p *parser) put(variable, method string, args []Value) {
	if o := p.vars[strings.TrimSpace(variable)]; o != nil {
		if method == "append" {
			o.Members = append(o.Members, Member{args[0].String(), args[1]})
			return
		}
		o.set(args[0].String(), args[1])
	}
}

// functions are those of the language that give a body or headers.
var functions = map[string]func(args []Value) (Value, bool){
	"JSON.stringify":     stringify,
	"String":             func(a []Value) (Value, bool) { return text(a, func(s string) string { return s }) },
	"encodeURIComponent": func(a []Value) (Value, bool) { return text(a, escapeComponent) },
	"Headers":            first,
	"Buffer.from":        first,
	"URLSearchParams": func(a []Value) (Value, bool) {
		v, ok := first(a)
		if v.Kind == Object {
			v.Form = true
		}
		return v, ok
	},
	"URL": first,
}

func first(args []Value) (Value, bool) {
	if len(args) == 0 {
		return Value{Kind: Object}, true
	}
	v := args[0]
	if v.Kind != Array {
		return v, v.Kind == Object || v.Kind == String
	}
	o := Value{Kind: Object}
	for _, pair := range v.List {
		if len(pair.List) != 2 {
			return v, false
		}
		o.Members = append(o.Members, Member{pair.List[0].String(), pair.List[1]})
	}
	return o, true
}

func text(args []Value, f func(string) string) (Value, bool) {
	if len(args) != 1 || args[0].FirstUnknown() != "" {
		return Value{}, false
	}
	return Value{Kind: String, Text: f(args[0].String())}, true
}

func stringify(args []Value) (Value, bool) {
	if len(args) == 0 || len(args) > 3 || args[0].FirstUnknown() != "" {
		return Value{}, false
	}
	indent := ""
	if len(args) == 3 {
		switch args[2].Kind {
		case String:
			indent = args[2].Text[:min(10, len(args[2].Text))]
		case Number:
			for len(indent) < 10 && Format(float64(len(indent))) != args[2].Text {
				indent += " "
			}
		}
	}
	if len(args) > 1 && args[1].Kind != Null && args[1].Kind != Undefined {
		return Value{}, false
	}
	s, ok := args[0].Stringify(indent)
	return Value{Kind: String, Text: s}, ok
}

// escapeComponent is encodeURIComponent.
func escapeComponent(s string) string {
	s = strings.ReplaceAll(url.QueryEscape(UTF8(s)), "+", "%20")
	return strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*").Replace(s)
}

// form is what a URLSearchParams is sent as.
func (v Value) form() string {
	pairs := make([]string, len(v.Members))
	for i, m := range v.Members {
		pairs[i] = formEscape(m.Name) + "=" + formEscape(m.Value.String())
	}
	return strings.Join(pairs, "&")
}

func formEscape(s string) string {
	return strings.NewReplacer("%2A", "*", "~", "%7E").Replace(url.QueryEscape(UTF8(s)))
}
