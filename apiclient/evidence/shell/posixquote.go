package shell

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// double reads what stands in "…", up to end; "" reads a here-document, up to
// the end of the text.
func (p *posix) double(w *Word, text *strings.Builder, end string) {
	start := p.at
	for p.at < len(p.src) {
		rest := p.src[p.at:]
		switch c := rest[0]; {
		case end != "" && c == end[0]:
			p.at++
			return
		case c == '\\' && len(rest) > 1 && (strings.IndexByte("$`\\", rest[1]) >= 0 || rest[1] == '"' && end != ""):
			text.WriteByte(rest[1])
			p.at += 2
		case c == '\\' && lineEnd(rest[1:]) > 0:
			p.at += 1 + lineEnd(rest[1:])
		case c == '$' || c == '`':
			if p.expand(w, text); p.out.Err != nil {
				return
			}
		default:
			n := strings.IndexAny(rest[1:], "\"\\$`") + 1
			if n == 0 {
				n = len(rest)
			}
			text.WriteString(rest[:n])
			p.at += n
		}
	}
	if end != "" {
		p.out.Err = unclosed(p.src, end, start-1)
	}
}

// expand reads what begins with $ or a backquote.
func (p *posix) expand(w *Word, text *strings.Builder) {
	rest, start := p.src[p.at:], p.at
	unknown := func() {
		source := p.src[start:p.at]
		text.WriteString(source)
		if w.Unknown == "" {
			w.Unknown = clip(source)
		}
	}
	switch {
	case rest[0] == '`':
		end := backquote(rest)
		if end < 0 {
			p.out.Err = unclosed(p.src, "`", p.at)
			return
		}
		p.at += end + 1
		inner := *p
		inner.pending = nil
		inner.src, inner.at = strings.ReplaceAll(rest[1:end], "\\`", "`"), 0
		if !inner.command(text, false) {
			unknown()
		}
	case strings.HasPrefix(rest, "$(("):
		n := strings.Index(rest, "))")
		if n < 0 {
			n = len(rest) - 2
		}
		p.at += n + 2
		unknown()
	case strings.HasPrefix(rest, "$("):
		p.at += 2
		if !p.command(text, true) && p.out.Err == nil {
			unknown()
		}
	case strings.HasPrefix(rest, "${"):
		n := strings.IndexByte(rest, '}')
		if n < 0 {
			p.out.Err = unclosed(p.src, "${", p.at)
			return
		}
		p.at += n + 1
		name, other, _ := strings.Cut(rest[2:n], ":-")
		p.variable(name, other, text, unknown)
	case len(rest) > 1 && isNameByte(rest[1], 0):
		n := 1
		for n < len(rest) && isNameByte(rest[n], n-1) {
			n++
		}
		p.at += n
		p.variable(rest[1:n], "", text, unknown)
	default:
		text.WriteByte(rest[0])
		p.at++
	}
}

// variable writes the value of a variable, or the other text that its expansion
// names.
func (p *posix) variable(name, other string, text *strings.Builder, unknown func()) {
	v, ok := p.vars[name]
	switch {
	case ok && v.Unknown == "":
		if p.out.grow(len(v.Text)) {
			text.WriteString(v.Text)
		}
	case !ok && other != "" && !strings.ContainsAny(other, "$`\"'\\"):
		text.WriteString(other)
	default:
		unknown()
	}
}

// backquote returns where the backquote that s begins with is closed, or -1.
func backquote(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '`':
			return i
		}
	}
	return -1
}

// command reads a command in a word, of which the next byte is the first, and
// writes what it prints, if that is known.
func (p *posix) command(text *strings.Builder, inner bool) bool {
	if p.depth >= maxDepth {
		p.out.Err = fmt.Errorf("the commands in commands are nested more than %d deep", maxDepth)
		return false
	}
	p.depth++
	first := len(p.out.Commands)
	p.script(inner)
	p.depth--
	if p.out.Err != nil || len(p.out.Commands) != first+1 {
		return false
	}
	in := produce(p.out.Commands[first], p.files, p.out)
	if in.Unknown != "" {
		return false
	}
	text.WriteString(strings.TrimRight(string(in.Data), "\n"))
	return true
}

func clip(s string) string {
	s, _, more := strings.Cut(s, "\n")
	if len(s) > 60 || more {
		return s[:min(len(s), 60)] + "…"
	}
	return s
}

// simpleEscapes are those of $'…', printf and echo -e.
var simpleEscapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'a': 7, 'b': 8, 'e': 27, 'E': 27, 'f': 12, 'v': 11, '\\': '\\',
	'\'': '\'', '"': '"', '?': '?'}

// ansi reads bash's $'…', which browsers use for bodies with quotes.
func (p *posix) ansi(text *strings.Builder) {
	start := p.at
	for p.at += 2; p.at < len(p.src); {
		switch c := p.src[p.at]; {
		case c == '\'':
			p.at++
			return
		case c == '\\' && p.at+1 < len(p.src):
			p.at += escape(text, p.src[p.at:], false)
		default:
			text.WriteByte(c)
			p.at++
		}
	}
	p.out.Err = unclosed(p.src, "$'", start)
}

// escape writes what a backslash and the characters after it stand for, and
// returns how many there are; printed says that it is printf's or echo's, where
// an octal number may have a 0 before its three digits.
func escape(b *strings.Builder, s string, printed bool) int {
	digits, base, at := 0, 16, 2
	switch s[1] {
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	case '0', '1', '2', '3', '4', '5', '6', '7':
		digits, base, at = 3, 8, 1
		if printed && s[1] == '0' {
			digits = 4
		}
	default:
		if plain, ok := simpleEscapes[s[1]]; ok {
			b.WriteByte(plain)
		} else {
			b.WriteString(s[:2])
		}
		return 2
	}
	n, used := number(s[at:], digits, base)
	switch {
	case used == 0:
		b.WriteString(s[:2])
	case base == 16 && digits > 3 && n <= utf8.MaxRune && utf8.ValidRune(rune(n)): //nolint:gosec // checked
		b.WriteRune(rune(n)) //nolint:gosec // checked
	default:
		b.WriteByte(byte(n)) //nolint:gosec // as shells do
	}
	return at + used
}

// number reads up to digits digits of the base.
func number(s string, digits, base int) (value uint64, used int) {
	for used < digits && used < len(s) {
		n, err := strconv.ParseUint(s[:used+1], base, 64)
		if err != nil {
			break
		}
		value, used = n, used+1
	}
	return value, used
}
