package jsliteral

import (
	"strings"
	"unicode/utf8"

	"countersign/apiclient/escapes"
)

// quoted reads a string in '…' or "…", or up to a ${ a template, whose opening
// quote is at p.at.
func (p *parser) quoted() (string, bool) {
	quote := p.src[p.at]
	p.at++
	return p.until(quote)
}

// until reads the text of a string up to its end, which is passed over. In a
// template it stops at ${, and returns false without passing over it.
func (p *parser) until(quote byte) (string, bool) {
	var b strings.Builder
	defer func(start int) { p.steps -= p.at - start }(p.at)
	for p.at < len(p.src) {
		c := p.src[p.at]
		switch {
		case c == quote:
			p.at++
			return joinHalves(b.String()), true
		case quote == '`' && c == '$' && strings.HasPrefix(p.src[p.at:], "${"):
			return joinHalves(b.String()), false
		case quote != '`' && c == '\n':
			return b.String(), false
		case quote == '`' && c == '\r': // a template has line feeds alone
			p.at++
			if !p.starts("\n") {
				b.WriteByte('\n')
			}
		case c == '\\' && p.at+1 < len(p.src):
			p.at++
			p.escape(&b)
		default:
			b.WriteByte(c)
			p.at++
		}
	}
	return b.String(), false
}

// escape reads what follows a backslash.
func (p *parser) escape(b *strings.Builder) {
	rest := p.src[p.at:]
	switch {
	case strings.HasPrefix(rest, "\r\n"):
		p.at += 2
		return
	case strings.IndexByte("123456789aU", rest[0]) >= 0: // which JavaScript does not know
		b.WriteByte(rest[0])
		p.at++
		return
	}
	if r, n := escapes.Read(p.src[p.at-1:]); n > 0 {
		writeUnit(b, r)
		p.at += n - 1
		return
	}
	if rest[0] != '\n' {
		b.WriteByte(rest[0])
	}
	p.at++
}

// writeUnit writes a character, half a surrogate pair in three bytes.
func writeUnit(b *strings.Builder, r rune) {
	if r < 0xD800 || r > 0xDFFF {
		b.WriteRune(r)
		return
	}
	b.Write([]byte{0xE0 | byte(r>>12), 0x80 | byte(r>>6&63), 0x80 | byte(r&63)}) //nolint:gosec // six bits each
}

// joinHalves makes one character of two halves of a surrogate pair.
func joinHalves(s string) string {
	if !strings.Contains(s, "\xED") || utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if i+5 < len(s) && s[i] == 0xED && s[i+1] >= 0xA0 && s[i+1] < 0xB0 && s[i+3] == 0xED && s[i+4] >= 0xB0 {
			b.WriteRune(0x10000 + (half(s[i:])-0xD800)<<10 + half(s[i+3:]) - 0xDC00)
			i += 5
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
