package shell

import (
	"strings"
)

// posix reads a script of a POSIX shell.
type posix struct {
	src     string
	at      int
	vars    map[string]Word
	files   Files
	out     *Script
	pending []hereDoc
	pipe    *Input // what the command before | gives
	depth   int
	repairs *int
}

// maxDepth is how deep commands may stand in commands.
const maxDepth = 30

func readPOSIX(text string, files Files, out *Script) {
	lines := strings.Count(text, "\n")
	windows := strings.Contains(text, "\\\r\n") && strings.Count(text, "\r\n") == lines
	if windows { // no shell could have read it so: the file was saved on Windows
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	p := &posix{src: text, vars: map[string]Word{}, files: files, out: out, repairs: new(int)}
	p.script(false)
	if windows && strings.Contains(joinWords(out.Commands), "\n") {
		out.note(noteLineEnds)
	}
}

// joinWords is the text of all words.
func joinWords(commands []Command) string {
	var b strings.Builder
	for _, c := range commands {
		b.WriteString(join(c.Words))
		if c.Stdin != nil {
			b.Write(c.Stdin.Data)
		}
	}
	return b.String()
}

// script reads commands up to the end, or up to the ) of a command in a word.
func (p *posix) script(inner bool) {
	outer := p.pipe
	p.pipe = nil
	defer func() { p.pipe = outer }()
	var c Command
	for p.out.Err == nil {
		p.blanks()
		if p.at >= len(p.src) {
			if inner {
				p.out.Err = unclosed(p.src, "$(", p.at)
			}
			break
		}
		switch b := p.src[p.at]; {
		case b == '#':
			p.at += lineLength(p.src[p.at:])
		case b == '\n' || b == '\r':
			p.at += max(1, lineEnd(p.src[p.at:]))
			p.hereDocs()
			if len(c.Words) > 0 && optionNext(p.src[p.at:]) {
				p.out.note(noteJoins)
				continue
			}
			p.finish(&c, false)
		case b == ')' && inner:
			p.at++
			p.finish(&c, false)
			return
		case strings.IndexByte("|;&()", b) >= 0:
			p.operator(&c)
		case p.redirects():
			p.redirect(&c)
		default:
			p.addWord(&c)
		}
	}
	if p.out.Err == nil {
		p.finish(&c, false)
	}
}

// operator ends a command.
func (p *posix) operator(c *Command) {
	rest := p.src[p.at:]
	switch {
	case strings.HasPrefix(rest, "&>"):
		p.at++ // the redirection follows
		return
	case strings.HasPrefix(rest, "||") || strings.HasPrefix(rest, "&&"):
		p.at += 2
	case rest[0] == '|':
		p.at++
		p.finish(c, true)
		return
	default:
		p.at++
	}
	p.finish(c, false)
}

// finish adds a command that is over; piped says that the next one reads what it
// gives.
func (p *posix) finish(c *Command, piped bool) {
	if len(c.Words) == 0 {
		return
	}
	done := *c
	*c = Command{}
	if done.Stdin == nil {
		done.Stdin = p.pipe
	}
	p.pipe = nil
	p.out.Commands = append(p.out.Commands, done)
	switch strings.TrimPrefix(done.Words[0].Text, "@") {
	case "export", "readonly", "declare", "local", "typeset":
		for _, w := range done.Words[1:] {
			if name, value, ok := strings.Cut(w.Text, "="); ok && isName(name) {
				p.vars[name] = Word{Text: value, Unknown: w.Unknown}
			}
		}
	case "set", "setenv": // of fish and csh: set -gx NAME VALUE
		words := done.Words[1:]
		for len(words) > 0 && strings.HasPrefix(words[0].Text, "-") {
			words = words[1:]
		}
		if len(words) == 2 && isName(words[0].Text) {
			p.vars[words[0].Text] = words[1]
		}
	}
	if piped || done.output != "" {
		in := produce(done, p.files, p.out)
		if piped {
			p.pipe = in
		} else {
			p.out.Files[done.output] = in
		}
	}
}

// addWord reads a word into c, or an assignment before it.
func (p *posix) addWord(c *Command) {
	start := p.at
	name := assigned(p.src[p.at:])
	if name != "" && len(c.Words) == 0 {
		p.at += len(name) + 1
		p.vars[name] = p.word()
		return
	}
	w := p.word()
	if p.at == start {
		p.at++ // what no word can begin with
		return
	}
	w.Text = p.out.dashes(w.Text)
	c.Words = append(c.Words, w)
}

// assigned returns the name of the variable that s sets: NAME=…
func assigned(s string) string {
	n := 0
	for n < len(s) && isNameByte(s[n], n) {
		n++
	}
	if n == 0 || n >= len(s) || s[n] != '=' {
		return ""
	}
	return s[:n]
}

func isNameByte(c byte, i int) bool {
	return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || i > 0 && c >= '0' && c <= '9'
}

func isName(s string) bool {
	for i := range len(s) {
		if !isNameByte(s[i], i) {
			return false
		}
	}
	return s != ""
}
