package shell

import (
	"countersign/apiclient/hint"
	"strings"
)

// blanks passes over blanks, joined lines and what a wiki makes of them.
func (p *posix) blanks() {
	for p.at < len(p.src) {
		if n := lineJoin(p.src[p.at:], '\\'); n > 0 {
			if n > 3 || n == 3 && p.src[p.at+1] != '\r' {
				p.out.note(noteBlanks)
			}
			p.at += n
		} else if n := wikiSpace(p.src[p.at:]); n > 0 {
			if p.at > 0 {
				p.out.note(noteSpaces)
			}
			p.at += n
		} else if c := p.src[p.at]; c == ' ' || c == '\t' {
			p.at++
		} else {
			return
		}
	}
}

// lineJoin returns the length of a line join that s begins with: the character,
// blanks that should not be there, and the line's end.
func lineJoin(s string, join byte) int {
	if s == "" || s[0] != join {
		return 0
	}
	n := 1
	for n < len(s) {
		if s[n] == ' ' || s[n] == '\t' {
			n++
		} else if w := wikiSpace(s[n:]); w > 0 {
			n += w
		} else {
			break
		}
	}
	if end := lineEnd(s[n:]); end > 0 {
		return n + end
	}
	return 0
}

func lineEnd(s string) int {
	switch {
	case strings.HasPrefix(s, "\r\n"):
		return 2
	case strings.HasPrefix(s, "\n"):
		return 1
	}
	return 0
}

// lineLength is how many bytes stand before the end of the line.
func lineLength(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}

// optionNext reports whether a line begins with an option.
func optionNext(s string) bool {
	s = strings.TrimLeft(s, " \t\u00a0")
	rest := strings.TrimLeft(s, "-–—")
	return len(s) > len(rest) && len(s)-len(rest) < 5 && rest != "" && isLower(rest[0]|0x20)
}

// word reads one word.
func (p *posix) word() Word {
	w := Word{At: p.at}
	var text strings.Builder
	for p.out.Err == nil && p.at < len(p.src) {
		rest := p.src[p.at:]
		c := rest[0]
		if strings.IndexByte(" \t\r\n|;()<>", c) >= 0 || wikiSpace(rest) > 0 || lineJoin(rest, '\\') > 1 && p.at == w.At {
			break
		}
		if c == '&' && !p.inURL(text.String()) {
			break
		}
		if n := lineJoin(rest, '\\'); n > 0 {
			if isBlank(rest[1]) {
				break
			}
			p.at += n
			continue
		}
		p.piece(&w, &text)
	}
	w.Text = text.String()
	return w
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// inURL reports whether the & that comes next stands in an address.
func (p *posix) inURL(text string) bool {
	next := p.src[p.at+1:]
	if !strings.Contains(text, "://") || next == "" || strings.IndexByte(" \t\r\n&|>", next[0]) >= 0 {
		return false
	}
	p.out.note("an & stands in the address without quotes: it was read as part of it, where a shell would end the command")
	return true
}

// piece reads one quoted piece or one character of a word.
func (p *posix) piece(w *Word, text *strings.Builder) {
	rest := p.src[p.at:]
	plain, n := curlyQuote(rest)
	switch {
	case rest[0] == '\'' || rest[0] == '"':
		if p.at == w.At && p.meant(text) {
			return
		}
		if rest[0] == '\'' {
			p.single(text)
			return
		}
		p.at++
		p.double(w, text, `"`)
	case strings.HasPrefix(rest, "$'"):
		p.ansi(text)
	case strings.HasPrefix(rest, `$"`):
		p.at += 2
		p.double(w, text, `"`)
	case plain != 0 && (p.at == w.At || strings.HasSuffix(text.String(), "=")):
		p.out.note(noteQuotes)
		p.at += n
		p.curly(plain, text)
	case rest[0] == '\\' && len(rest) > 1:
		text.WriteByte(rest[1])
		p.at += 2
	case rest[0] == '$' || rest[0] == '`':
		p.expand(w, text)
	default:
		text.WriteByte(rest[0])
		p.at++
	}
}

// meant reads a quoted word as it is meant, where a shell would not.
func (p *posix) meant(text *strings.Builder) bool {
	if p.out.repairs >= maxRepairs || !isBody(p.src[p.at+1:]) {
		return false
	}
	asIs := posix{src: p.src, at: p.at, vars: p.vars, out: &Script{repairs: maxRepairs}, depth: maxDepth}
	if w := asIs.word(); asIs.out.Err == nil && (w.Unknown != "" || isJSON(w.Text)) {
		return false
	}
	body, n := p.out.meant(p.src, p.at, func(body string) bool { return body != "" })
	if n == 0 {
		p.out.repairs++ // which bounds the work
		p.out.suspect(p.src, p.at)
	}
	text.WriteString(body)
	p.at += n
	return n > 0
}

func (p *posix) single(text *strings.Builder) {
	end := strings.IndexByte(p.src[p.at+1:], '\'')
	if end < 0 {
		p.out.Err = unclosed(p.src, "'", p.at)
		return
	}
	text.WriteString(p.src[p.at+1 : p.at+1+end])
	p.at += end + 2
}

// curly reads what stands in typographic quotes, up to one that closes or the
// plain one.
func (p *posix) curly(plain byte, text *strings.Builder) {
	start := p.at
	for p.at < len(p.src) {
		q, n := curlyQuote(p.src[p.at:])
		if p.src[p.at] == plain {
			q, n = plain, 1
		}
		next := p.src[min(len(p.src), p.at+max(1, n)):]
		if q == plain && (next == "" || strings.IndexByte(" \t\r\n;|)", next[0]) >= 0 || wikiSpace(next) > 0) {
			body := p.src[start:p.at]
			if straight := straighten(body); !isJSON(body) && isJSON(straight) {
				body = straight
			}
			text.WriteString(body)
			p.at += n
			return
		}
		p.at++
	}
	p.out.Err = hint.Errorf("type the quotes again, plain: ' or \"",
		"the command has a typographic quote (“ ” ‘ ’) that is not closed: it opens in %s", place(p.src, start))
}

// straighten makes plain quotes of typographic ones.
func straighten(s string) string {
	return strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "‘", "'", "’", "'", "‚", "'").Replace(s)
}
