package evidence

import (
	"encoding/hex"
	"strings"
)

// value is a part of what a program printed: JSON, or what Node, Python, Ruby
// and PHP make of their objects.
type value struct {
	kind    valueKind
	text    string // of a string, or of a bare word such as null or [Object]
	members []printedMember
	source  string // of an object or a list, as it stands
	lost    bool   // its printer left out a part
}

type valueKind byte

const (
	bareValue valueKind = iota
	stringValue
	bytesValue
	listValue
	objectValue
)

type printedMember struct {
	name string // "" in a list
	value
}

// get returns the first member with one of the names, which are in lower case
// and without - and _.
func (v *value) get(names ...string) *value {
	for _, want := range names {
		for i := range v.members {
			if simpleName(v.members[i].name) == want {
				return &v.members[i].value
			}
		}
	}
	return nil
}

var unjoined = strings.NewReplacer("-", "", "_", "", " ", "")

func simpleName(s string) string { return unjoined.Replace(strings.ToLower(s)) }

// none reports null, undefined, None and nil.
func (v *value) none() bool {
	return v.kind == bareValue && (v.text == "null" || v.text == "undefined" || v.text == "None" || v.text == "nil" ||
		v.text == "NULL")
}

// dumpParser reads a value by the marks that all of the printers share.
type dumpParser struct {
	s     string
	at    int
	steps int // how many values may still be read
	php   bool
}

// maxDumpDepth is how deep values may be nested.
const maxDumpDepth = 200

func (p *dumpParser) space() {
	for p.at < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.at]) >= 0 {
		p.at++
	}
}

func (p *dumpParser) peek() byte {
	if p.at < len(p.s) {
		return p.s[p.at]
	}
	return 0
}

// value reads one value; ok is false where there is none, or it has no end.
func (p *dumpParser) value(depth int) (v value, ok bool) {
	p.space()
	if p.steps--; depth > maxDumpDepth || p.steps < 0 {
		return v, false
	}
	switch c := p.peek(); {
	case c == '{':
		return p.list(depth, '}', objectValue)
	case c == '(':
		return p.list(depth, ')', listValue)
	case c == '[' && p.bracketed() == "":
		return p.list(depth, ']', listValue)
	case c == '"' || c == '\'' || c == '`':
		return p.strings(false)
	case (c == 'b' || c == 'B') && p.at+1 < len(p.s) && (p.s[p.at+1] == '\'' || p.s[p.at+1] == '"'):
		p.at++
		return p.strings(true)
	case c == '<':
		return p.angle(depth)
	case c == 0 || strings.IndexByte("}]),>", c) >= 0:
		return v, false
	}
	return p.word(depth)
}

// bracketed is a printer's [Function: f], [Object] or [Object: null prototype];
// "" for a list.
func (p *dumpParser) bracketed() string {
	rest := p.s[p.at:]
	end := strings.IndexByte(rest[:min(len(rest), 200)], ']')
	if end < 2 || !isLetter(rest[1]) || strings.ContainsAny(rest[:end], "'\"`,\n{") {
		return ""
	}
	return rest[:end+1]
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// word reads a bare word and, where it is the name of a class, the value that it
// belongs to.
func (p *dumpParser) word(depth int) (value, bool) {
	start := p.at
	if b := p.bracketed(); b != "" {
		p.at += len(b)
	} else {
		for p.at < len(p.s) && strings.IndexByte(" \t\r\n,()[]{}<>'\"`=", p.s[p.at]) < 0 {
			p.at++
		}
	}
	if p.at == start {
		return value{}, false
	}
	word := p.s[start:p.at]
	if !isLetter(word[0]) && word[0] != '[' {
		return value{kind: bareValue, text: word}, true
	}
	after := p.at
	if p.space(); strings.IndexByte("{[(<", p.peek()) >= 0 && p.peek() != 0 && !strings.Contains(p.s[after:p.at], "\n") || p.php {
		if v, ok := p.value(depth + 1); ok {
			if c := v.text; len(v.members) == 1 && v.members[0].name == "" && v.kind == listValue && p.s[after] == '(' && c == "" {
				v = v.members[0].value // CaseInsensitiveDict({…})
			}
			if p.space(); v.kind == bareValue || v.kind == listValue && len(v.members) < 2 { // Object [AxiosHeaders] {…}, Map(2) {…}
				if c := p.peek(); c == '{' || c == '[' {
					return p.value(depth + 1)
				}
			}
			return v, true
		}
	}
	p.at = after
	return value{kind: bareValue, text: word, lost: word[0] == '[' && !strings.HasPrefix(word, "[Function") &&
		!strings.HasPrefix(word, "[class")}, true
}

// angle reads <Buffer 7b 22>, <ref *1> before a value, and other things in angle
// brackets.
func (p *dumpParser) angle(depth int) (value, bool) {
	end := strings.IndexByte(p.s[p.at:], '>')
	if end < 0 {
		return value{}, false
	}
	text := p.s[p.at+1 : p.at+end]
	p.at += end + 1
	if digits, ok := strings.CutPrefix(text, "Buffer"); ok {
		digits, _, lost := strings.Cut(digits, "...")
		b, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
		return value{kind: bytesValue, text: string(b), lost: lost || err != nil}, true
	}
	if strings.HasPrefix(text, "ref ") {
		return p.value(depth + 1)
	}
	return value{kind: bareValue, text: "<" + text + ">", lost: true}, true
}

// strings reads a string, and those that are joined to it by +.
func (p *dumpParser) strings(binary bool) (v value, ok bool) {
	v.kind = stringValue
	if binary {
		v.kind = bytesValue
	}
	for {
		quote := p.peek()
		start := p.at + 1
		for p.at++; p.at < len(p.s) && p.s[p.at] != quote; p.at++ {
			if p.s[p.at] == '\\' {
				p.at++
			}
		}
		if p.at >= len(p.s) {
			return v, false
		}
		v.text += p.unescape(p.s[start:p.at], quote, binary)
		p.at++
		after := p.at
		p.space()
		if p.peek() != '+' {
			rest := p.s[p.at:]
			if strings.HasPrefix(rest, "... ") || strings.HasPrefix(rest, "… ") {
				v.lost = true // 'abc'... 20 more characters
				if end := strings.IndexAny(rest, ",}\n"); end >= 0 {
					p.at += end
				}
				return v, true
			}
			p.at = after
			return v, true
		}
		p.at++
		if p.space(); strings.IndexByte("'\"`", p.peek()) < 0 || p.peek() == 0 {
			return v, false
		}
	}
}

func (p *dumpParser) unescape(s string, quote byte, binary bool) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	if p.php {
		return strings.NewReplacer(`\\`, `\`, `\'`, `'`).Replace(s)
	}
	return string(unescape(s, binary || quote == '"')) // in other quotes \xNN is a character
}

// list reads the members up to the closing mark.
func (p *dumpParser) list(depth int, end byte, kind valueKind) (v value, ok bool) {
	v.kind = kind
	start := p.at
	for p.at++; ; {
		p.space()
		switch rest := p.s[p.at:]; {
		case rest == "":
			return v, false
		case rest[0] == end:
			p.at++
			v.source = p.s[start:p.at]
			return v, true
		case rest[0] == ',' || rest[0] == ';':
			p.at++
			continue
		case strings.HasPrefix(rest, "...") || strings.HasPrefix(rest, "… "):
			v.lost = true
			if n := strings.IndexAny(rest, ",\n"+string(end)); n >= 0 {
				p.at += n
				continue
			}
			return v, false
		}
		m, ok := p.member(depth)
		if !ok {
			return v, false
		}
		if m.name != "" && kind == listValue {
			v.kind = objectValue
		}
		v.members = append(v.members, m)
	}
}

// member reads a value, or a name and its value.
func (p *dumpParser) member(depth int) (m printedMember, ok bool) {
	if name, ok := p.name(); ok {
		m.name = name
	}
	start := p.at
	m.value, ok = p.value(depth + 1)
	if !ok || m.name != "" {
		return m, ok
	}
	after := p.at
	if p.space(); strings.HasPrefix(p.s[p.at:], "=>") || p.peek() == ':' && m.kind == stringValue {
		p.at++
		if p.peek() == '>' {
			p.at++
		}
		m.name = strings.TrimPrefix(m.text, ":")
		if m.name == "" {
			m.name = " "
		}
		m.value, ok = p.value(depth + 1)
		return m, ok
	}
	p.at = after
	return m, p.at > start
}

// name reads a bare name with its colon: data:, [Symbol(x)]:, not the word true.
func (p *dumpParser) name() (string, bool) {
	rest := p.s[p.at:]
	rest = rest[:min(len(rest), 200)]
	n := 0
	if rest[0] == '[' {
		if n = strings.IndexByte(rest, ']') + 1; n == 0 || p.bracketed() == "" {
			return "", false
		}
	}
	for n < len(rest) && (isLetter(rest[n]) || rest[n] == '_' || rest[n] == '$' || rest[n] >= '0' && rest[n] <= '9' && n > 0) {
		n++
	}
	if n == 0 || n == len(rest) || rest[n] != ':' || strings.HasPrefix(rest[n:], "::") {
		return "", false
	}
	p.at += n + 1
	return rest[:n], true
}
