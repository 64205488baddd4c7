package shell

import (
	"slices"
	"strings"

	"countersign/apiclient/lazyregexp"
)

// posix reads a script of a POSIX shell.
type posix struct {
	src     string
	at      int
	vars    map[string]Word
	arrays  map[string][]Word
	files   Files
	out     *Script
	pending []hereDoc
	reads   []Command // of read, whose input is not known yet
	pipe    *Input    // what the command before | gives
	depth   int
}

// maxDepth is how deep commands may stand in commands.
const maxDepth = 30

func readPOSIX(text string, files Files, out *Script) {
	lines := strings.Count(text, "\n")
	windows := strings.Contains(text, "\\\r\n") && strings.Count(text, "\r\n") == lines
	if windows { // no shell could have read it so: the file was saved on Windows
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	p := &posix{src: text, vars: map[string]Word{}, arrays: map[string][]Word{}, files: files, out: out}
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
	case "read": // read -r -d '' NAME <<EOF
		p.reads = append(p.reads, done)
		if len(p.pending) == 0 {
			p.settleReads()
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

// settleReads gives the variables of read what stands in their input, which a
// here-document has once its lines are read.
func (p *posix) settleReads() {
	for _, c := range p.reads {
		name := c.Words[len(c.Words)-1].Text
		if c.Stdin == nil || len(c.Words) < 2 || !isName(name) {
			continue
		}
		text := string(c.Stdin.Data)
		if !slices.ContainsFunc(c.Words, func(w Word) bool { return strings.HasPrefix(w.Text, "-d") || w.Text == "-rd" }) {
			text, _, _ = strings.Cut(text, "\n")
		}
		p.vars[name] = Word{Text: strings.Trim(text, " \t\n"), Unknown: c.Stdin.Unknown}
	}
	p.reads = nil
}

// addWord reads a word into c, or an assignment before it.
func (p *posix) addWord(c *Command) {
	start := p.at
	name, adds := assigned(p.src[p.at:])
	if name != "" && len(c.Words) == 0 {
		p.at += strings.IndexByte(p.src[p.at:], '=') + 1
		p.assign(name, adds)
		return
	}
	if m := wholeArray.FindStringSubmatch(p.src[p.at:min(len(p.src), p.at+100)]); m != nil {
		if list, known := p.arrays[m[1]]; known && p.out.grow(64*len(list)) {
			c.Words = append(c.Words, list...)
			p.at += strings.IndexByte(m[0], '}') + 1
			if p.at < len(p.src) && p.src[p.at] == '"' {
				p.at++
			}
			return
		}
	}
	w := p.word()
	if p.at == start {
		p.at++ // what no word can begin with
		return
	}
	if p.src[start] == '$' && isName(p.src[start+1:p.at]) && strings.HasPrefix(w.Text, "-") && w.Unknown == "" {
		for _, option := range strings.Fields(w.Text) { // a variable without quotes is split
			c.Words = append(c.Words, Word{Text: option, At: start})
		}
		return
	}
	w.Text = p.out.dashes(w.Text)
	c.Words = append(c.Words, w)
}

// wholeArray is the expansion of all elements of an array.
var wholeArray = lazyregexp.New(`^"?\$\{([A-Za-z_]\w*)\[[@*]\]\}"?(?:[ \t\r\n;|&)]|$)`)

// assign reads the value of a variable, or the elements of an array; adds says
// that they are added to those it has.
func (p *posix) assign(name string, adds bool) {
	if !strings.HasPrefix(p.src[p.at:], "(") {
		v := p.word()
		if old := p.vars[name]; adds && p.out.grow(len(old.Text)) {
			v.Text = old.Text + v.Text
		}
		p.vars[name] = v
		return
	}
	p.at++
	var c Command
	for p.out.Err == nil {
		p.blanks()
		if p.at >= len(p.src) || p.src[p.at] == ')' {
			p.at = min(len(p.src), p.at+1)
			break
		}
		switch p.src[p.at] {
		case '\n', '\r':
			p.at++
		case '#':
			p.at += lineLength(p.src[p.at:])
		default:
			before := p.at
			if w := p.word(); p.at > before {
				c.Words = append(c.Words, w)
			} else {
				p.at++
			}
		}
	}
	if adds {
		c.Words = append(slices.Clone(p.arrays[name]), c.Words...)
	}
	p.arrays[name] = c.Words
}

// assigned returns the name of the variable that s sets, as in NAME=… or
// NAME+=….
func assigned(s string) (name string, adds bool) {
	n := 0
	for n < len(s) && isNameByte(s[n], n) {
		n++
	}
	adds = strings.HasPrefix(s[n:], "+=")
	if n == 0 || !adds && !strings.HasPrefix(s[n:], "=") {
		return "", false
	}
	return s[:n], adds
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
