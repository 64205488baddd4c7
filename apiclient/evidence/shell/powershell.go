package shell

import (
	"strings"

	"countersign/apiclient/hint"
)

// power reads a script of PowerShell.
type power struct {
	src   string
	at    int
	vars  map[string]Word // by name in small letters
	files Files
	out   *Script
	pipe  *Input
	depth int
	steps int // that may still be taken
}

func readPowerShell(text string, files Files, out *Script) {
	p := &power{src: text, vars: map[string]Word{}, files: files, out: out, steps: 16*len(text) + 100}
	for p.at < len(p.src) && p.out.Err == nil && p.steps > 0 {
		p.statement()
	}
}

func (p *power) rest() string { return p.src[p.at:] }

// blanks passes over blanks, joined lines and comments; lines says that line
// ends are passed over too.
func (p *power) blanks(lines bool) {
	for p.at < len(p.src) {
		rest := p.rest()
		if n := lineJoin(rest, '`'); n > 0 {
			if isBlank(rest[1]) {
				p.out.note(noteBlanks)
			}
			p.at += n
		} else if n := wikiSpace(rest); n > 0 {
			p.out.note(noteSpaces)
			p.at += n
		} else if strings.HasPrefix(rest, "<#") {
			if n := strings.Index(rest, "#>"); n > 0 {
				p.at += n + 2
			} else {
				p.at = len(p.src)
			}
		} else if rest[0] == '#' {
			p.at += lineLength(rest)
		} else if isBlank(rest[0]) || lines && (rest[0] == '\n' || rest[0] == '\r') {
			p.at++
		} else {
			return
		}
	}
}

// statement reads an assignment or a command.
func (p *power) statement() {
	p.steps--
	p.blanks(true)
	if p.at >= len(p.src) {
		return
	}
	start := p.at
	if p.src[p.at] == '$' {
		if p.assignment() {
			return
		}
		p.at = start
	}
	if strings.IndexByte(";|&{}()[],.=", p.src[p.at]) >= 0 {
		if p.at++; p.src[start] == '[' { // a type, such as [void]
			p.at += max(0, strings.IndexAny(p.rest(), "]\n"))
		}
		return
	}
	if !p.command() || p.at == start {
		p.at = max(p.at, start+1)
	}
}

// assignment reads $name = value, $name.member = value, $name["member"] = value
// and $name.Add("member", value).
func (p *power) assignment() bool {
	p.at++
	name := strings.ToLower(p.name())
	if name == "" {
		return false
	}
	var key Word
	keyed, add := false, false
	switch {
	case strings.HasPrefix(p.rest(), "["):
		p.at++
		key, keyed = p.value(true), true
		p.blanks(true)
		if !p.take("]") {
			return false
		}
	case strings.HasPrefix(p.rest(), "."):
		p.at++
		key, keyed = Word{Text: p.name()}, true
		if strings.EqualFold(key.Text, "Add") && p.take("(") {
			key, add = p.expression(), true
			p.blanks(true)
			if !p.take(",") {
				return false
			}
		}
	}
	p.blanks(false)
	plus := strings.HasPrefix(p.rest(), "+=")
	if !add && !p.take("+=") && !p.take("=") {
		return false
	}
	p.blanks(true)
	value := p.assigned()
	if add {
		p.blanks(true)
		p.take(")")
	}
	v := p.vars[name]
	switch {
	case keyed && (v.Table != nil || v.Text == "" && v.Unknown == ""):
		if v.Table == nil {
			v.Table = []Pair{}
		}
		v.Table = put(v.Table, Pair{key.Text, value})
		p.vars[name] = v
	case keyed:
	case plus:
		p.vars[name] = p.plus(v, value)
	default:
		p.vars[name] = value
	}
	return true
}

func put(table []Pair, pair Pair) []Pair {
	for i := range table {
		if strings.EqualFold(table[i].Name, pair.Name) {
			table[i].Value = pair.Value
			return table
		}
	}
	return append(table, pair)
}

// assigned reads the value behind =, which may be a command.
func (p *power) assigned() Word {
	if p.at >= len(p.src) {
		return Word{}
	}
	if c := p.src[p.at]; c|0x20 >= 'a' && c|0x20 <= 'z' || c == '&' {
		start := p.at
		if c == '&' {
			p.at++
			p.blanks(false)
		}
		p.command()
		if n := len(p.out.Commands); n > 0 {
			if last := p.out.Commands[n-1].Words; strings.EqualFold(last[0].Text, "New-Object") {
				return Word{Table: []Pair{}}
			}
		}
		return Word{Text: p.src[start:p.at], Unknown: clip(p.src[start:p.at])}
	}
	w := p.expression()
	p.blanks(false)
	if strings.HasPrefix(p.rest(), "|") { // what commands make of it
		w.Unknown = clip(strings.TrimSpace(p.src[w.At:min(len(p.src), p.at+lineLength(p.rest()))]))
		if in := (Input{Data: []byte(w.Text)}); w.Table == nil {
			p.pipe = &in
		}
		w.Table, w.Text = nil, w.Unknown
	}
	return w
}

func (p *power) take(s string) bool {
	if strings.HasPrefix(p.rest(), s) {
		p.at += len(s)
		return true
	}
	return false
}

// name reads the name of a variable, with its scope.
func (p *power) name() string {
	start := p.at
	for p.at < len(p.src) {
		scope := p.src[p.at] == ':' && p.at+1 < len(p.src) && isNameByte(p.src[p.at+1], 1)
		if !scope && !isNameByte(p.src[p.at], 1) {
			break
		}
		p.at++
	}
	return p.src[start:p.at]
}

// command reads a command with its arguments.
func (p *power) command() bool {
	var c Command
	first := p.src[p.at]
	for p.at < len(p.src) && p.out.Err == nil {
		p.blanks(false)
		if p.at >= len(p.src) {
			break
		}
		b := p.src[p.at]
		if b == '\n' || b == '\r' {
			p.at += max(1, lineEnd(p.rest()))
			if len(c.Words) > 0 && optionNext(p.rest()) {
				p.out.note(noteJoins)
				continue
			}
			break
		}
		if strings.IndexByte(";|)}&", b) >= 0 {
			break
		}
		if b == '>' || b == '2' && strings.HasPrefix(p.rest(), "2>") {
			p.at += len(p.rest()) - len(strings.TrimLeft(p.rest(), "12>&"))
			p.blanks(false)
			p.value(false)
			continue
		}
		start := p.at
		w := p.value(false)
		w.Text = p.out.dashes(w.Text)
		if c.Words = append(c.Words, w); p.at == start {
			p.at++
		}
		if p.take(",") { // a list of values
			p.blanks(true)
		}
	}
	if len(c.Words) == 0 || p.out.Err != nil {
		return false
	}
	if len(c.Words) == 1 && strings.HasPrefix(p.rest(), "|") && strings.IndexByte("$\"'@", first) >= 0 { // a value is piped
		p.pipe = &Input{Data: []byte(c.Words[0].Text), Unknown: c.Words[0].Unknown}
		return true
	}
	c.Stdin, p.pipe = p.pipe, nil
	p.native(c.Words)
	p.out.Commands = append(p.out.Commands, c)
	if strings.HasPrefix(p.rest(), "|") {
		p.pipe = produce(c, p.files, p.out)
	}
	return true
}

// native makes of the arguments of a program what it gets: before version 7.3
// PowerShell leaves their quotes to the program, so that people write \".
func (p *power) native(words []Word) {
	for i, w := range words {
		if !isBody(w.Text) || w.Unknown != "" {
			continue
		}
		if plain := unescapeQuotes(w.Text); !isJSON(w.Text) && isJSON(plain) {
			words[i].Text = plain
			p.out.note(`quotes stand as \" in the body: they were read as Windows PowerShell hands them to a program`)
		} else if strings.HasSuffix(strings.ToLower(words[0].Text), "curl.exe") && strings.Contains(w.Text, `"`) && isJSON(w.Text) {
			p.out.note(`PowerShell before 7.3 takes the " out of this body when it starts curl.exe: there they are written \"`)
		}
	}
}

// unescapeQuotes reads the backslashes before quotes as the C runtime does.
func unescapeQuotes(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		n := len(s[i:]) - len(strings.TrimLeft(s[i:], `\`))
		if n > 0 && i+n < len(s) && s[i+n] == '"' {
			b.WriteString(s[i : i+n/2])
			if n%2 == 1 {
				b.WriteByte('"')
				n++
			}
			i += n
			continue
		}
		n = max(1, n)
		b.WriteString(s[i : i+n])
		i += n
	}
	return b.String()
}

func (p *power) unclosed(quote string, at int) {
	if p.out.Err == nil {
		p.out.Err = hint.Errorf("copy the whole command", "the command has a %s that is not closed: it opens in %s", quote,
			place(p.src, at))
	}
}
