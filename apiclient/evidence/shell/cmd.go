package shell

import (
	"strings"

	"countersign/apiclient/lazyregexp"
)

// cmd reads a script of Windows' cmd. cmd takes carets and operators out of a
// line; what is left is split by the program that it starts.
type cmd struct {
	src   string
	at    int
	vars  map[string]string // by name in capital letters
	batch bool              // a percent sign is written twice
	files Files
	out   *Script
	pipe  *Input

	line    strings.Builder // the command so far, carets taken out
	escaped map[int]bool    // where in it quotes were written ^"
	met     map[string]bool // %NAME% that have no value
}

func readCMD(text string, files Files, out *Script) {
	single := strings.ReplaceAll(text, "%%", "")
	c := &cmd{src: text, vars: map[string]string{}, files: files, out: out, escaped: map[int]bool{}, met: map[string]bool{},
		batch: len(single) < len(text) && !strings.Contains(names.ReplaceAllString(single, ""), "%")}
	c.script()
}

// script reads commands up to the end.
func (c *cmd) script() {
	quoted := false
	for c.at < len(c.src) {
		rest := c.src[c.at:]
		switch b := rest[0]; {
		case b == '"':
			if n := oldForm(rest); n > 0 {
				c.old(rest[:n])
				continue
			}
			quoted = !quoted
			c.emit(1)
		case b == '%':
			c.percent(rest)
		case b == '^' && !quoted:
			c.caret(rest)
		case quoted:
			c.emit(1)
		case b == '\n' || b == '\r':
			c.at += max(1, lineEnd(rest))
			if c.line.Len() > 0 && optionNext(c.src[c.at:]) {
				c.out.note(noteJoins)
				c.line.WriteByte(' ')
				continue
			}
			c.finish(false)
		case strings.IndexByte("&|", b) >= 0:
			c.at++
			c.finish(b == '|' && !strings.HasPrefix(c.src[c.at:], "|"))
		case b == '<' || b == '>':
			c.redirect()
		default:
			c.emit(max(1, wikiSpace(rest)))
		}
		if c.out.Err != nil {
			return
		}
	}
	c.finish(false)
}

// emit passes on n bytes as they are.
func (c *cmd) emit(n int) {
	c.line.WriteString(c.src[c.at : c.at+n])
	c.at += n
}

// caret reads a caret and what it escapes: behind a joined line, the line's
// first character.
func (c *cmd) caret(rest string) {
	if n := lineJoin(rest, '^'); n > 0 {
		if isBlank(rest[1]) {
			c.out.note(noteBlanks)
		}
		c.at += n
		if n = lineEnd(c.src[c.at:]); n > 0 {
			c.line.WriteByte('\n')
			c.at += n
		}
		return
	}
	if c.at++; c.at >= len(c.src) {
		return
	}
	switch c.src[c.at] {
	case '"':
		c.escaped[c.line.Len()] = true
		c.emit(1)
	case '%': // left to be read as what it is
	default:
		c.emit(1)
	}
}

// oldForm returns the length of a quoted word in which quotes are written ^\^":
// older browsers wrote so, and cmd itself cannot read it.
func oldForm(s string) int {
	for i := 1; i < len(s) && s[i] != '\n'; i++ {
		if s[i] == '"' && s[i-1] != '^' && s[i-1] != '\\' {
			if strings.Contains(s[:i], `^\^"`) {
				return i + 1
			}
			return 0
		}
	}
	return 0
}

func (c *cmd) old(word string) {
	c.out.note(`quotes in quotes are written ^\^", as older browsers do for cmd: they were read as meant, ` +
		`which cmd does not do`)
	c.escaped[c.line.Len()] = true
	for i := 0; i < len(word); i++ {
		if word[i] == '^' && i+1 < len(word) {
			i++
		}
		c.line.WriteByte(word[i])
	}
	c.at += len(word)
}

var (
	variable = lazyregexp.New(`^%([A-Za-z_][A-Za-z0-9_]*)%`)
	names    = lazyregexp.New(`%[A-Za-z_][A-Za-z0-9_]*%`)
)

// percent reads %%, %NAME%, or a percent sign that is none of them.
func (c *cmd) percent(rest string) {
	if c.batch && strings.HasPrefix(rest, "%%") {
		c.line.WriteByte('%')
		c.at += 2
		return
	}
	m := variable.FindStringSubmatch(rest[:min(len(rest), 100)])
	if m == nil {
		c.emit(1)
		return
	}
	name := m[1]
	if value, ok := c.vars[strings.ToUpper(name)]; ok {
		if c.out.grow(len(value)) {
			c.line.WriteString(value)
		}
		c.at += len(m[0])
		return
	}
	c.met[m[0]] = true
	c.emit(1)
}

// unfilled finds a variable of cmd that has no value, and is neither an escape of
// an address such as %2B% nor written %^NAME%.
func (c *cmd) unfilled(word string) string {
	for i := 0; i < len(word); i++ {
		if word[i] != '%' {
			continue
		}
		m := variable.FindStringSubmatch(word[i:min(len(word), i+100)])
		if m != nil && c.met[m[0]] && (!isHex(m[1][0]) || len(m[1]) < 2 || !isHex(m[1][1])) {
			return m[0]
		}
	}
	return ""
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

// redirect passes over a redirection; a file that is read is the command's
// input.
func (c *cmd) redirect() {
	reads := c.src[c.at] == '<'
	c.at++
	for c.at < len(c.src) && strings.IndexByte(">& \t", c.src[c.at]) >= 0 {
		c.at++
	}
	start := c.at
	for c.at < len(c.src) && strings.IndexByte(" \t\r\n&|<>", c.src[c.at]) < 0 {
		c.at++
	}
	if reads {
		c.pipe = c.out.open(strings.Trim(c.src[start:c.at], `"`), c.files)
	}
}

// finish adds the command of the line.
func (c *cmd) finish(piped bool) {
	line := strings.TrimLeft(c.line.String(), " \t@(")
	dropped := c.line.Len() - len(line)
	defer func() {
		c.line.Reset()
		clear(c.escaped)
	}()
	if line == "" {
		return
	}
	done := Command{Stdin: c.pipe}
	c.pipe = nil
	name, rest, _ := strings.Cut(line, " ")
	switch strings.ToLower(name) {
	case "rem", "::":
		return
	case "set":
		rest = strings.TrimSpace(rest)
		if len(rest) > 1 && rest[0] == '"' {
			rest = strings.Trim(rest, `"`)
		}
		key, value, _ := strings.Cut(rest, "=")
		c.vars[strings.ToUpper(key)] = value
		return
	case "echo":
		if piped {
			c.pipe = &Input{Data: []byte(rest + "\r\n")}
			return
		}
	}
	s := crt{src: line, from: dropped, escaped: c.escaped, out: c.out}
	done.Words = s.words()
	for i := range done.Words {
		done.Words[i].Unknown = c.unfilled(done.Words[i].Text)
	}
	if len(done.Words) == 0 {
		return
	}
	c.out.Commands = append(c.out.Commands, done)
	if piped {
		c.pipe = produce(done, c.files, c.out)
	}
}
