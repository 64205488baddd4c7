package shell

import "strings"

// hereDoc is a here-document whose lines are still to come.
type hereDoc struct {
	end     string // the line that ends it
	literal bool   // nothing in it is expanded
	tabs    bool   // the tabs that lines begin with are taken away
	to      *Input
}

// redirects reports whether a redirection comes next, such as <, 2>&1 or >>.
func (p *posix) redirects() bool {
	rest := strings.TrimLeft(p.src[p.at:min(len(p.src), p.at+3)], "0123456789&")
	return rest != "" && (rest[0] == '<' || rest[0] == '>')
}

// redirect reads a redirection of a command.
func (p *posix) redirect(c *Command) {
	p.at += strings.IndexAny(p.src[p.at:], "<>")
	rest := p.src[p.at:]
	switch {
	case strings.HasPrefix(rest, "<<<"):
		p.at += 3
		w := p.target()
		c.Stdin = &Input{Data: []byte(w.Text + "\n"), Unknown: w.Unknown}
	case strings.HasPrefix(rest, "<<"):
		p.at += 2
		d := hereDoc{to: &Input{}}
		if strings.HasPrefix(p.src[p.at:], "-") {
			p.at++
			d.tabs = true
		}
		p.blanks()
		start := p.at
		d.end = p.word().Text
		d.literal = strings.ContainsAny(p.src[start:p.at], `'"\`)
		c.Stdin = d.to
		p.pending = append(p.pending, d)
	case strings.HasPrefix(rest, "<("):
		start := p.at
		p.at += 2
		var text strings.Builder
		w := Word{At: start}
		if p.command(&text, true) {
			name := "/dev/fd/" + clip(p.src[start:p.at]) // a name that no other file has
			p.out.Files[name] = &Input{Data: []byte(text.String())}
			w.Text = name
		} else {
			w.Text, w.Unknown = p.src[start:p.at], clip(p.src[start:p.at])
		}
		c.Words = append(c.Words, w)
	case rest[0] == '<':
		p.at++
		if w := p.target(); w.Unknown != "" {
			c.Stdin = &Input{Unknown: w.Unknown}
		} else {
			c.Stdin = p.out.open(w.Text, p.files)
		}
	default:
		p.at += len(rest) - len(strings.TrimLeft(rest, ">&|"))
		c.output = p.target().Text
	}
}

// target reads the word behind a redirection.
func (p *posix) target() Word {
	p.blanks()
	return p.word()
}

// hereDocs reads those that begin in the line that is over.
func (p *posix) hereDocs() {
	for _, d := range p.pending {
		var lines strings.Builder
		for p.at < len(p.src) {
			n := lineLength(p.src[p.at:])
			line := p.src[p.at : p.at+n]
			p.at = min(len(p.src), p.at+n+1)
			if d.tabs {
				line = strings.TrimLeft(line, "\t")
			}
			if strings.TrimSuffix(line, "\r") == d.end {
				break
			}
			lines.WriteString(line + "\n")
		}
		if d.literal {
			d.to.Data = []byte(lines.String())
			continue
		}
		inner := *p
		inner.src, inner.at, inner.pending = lines.String(), 0, nil
		var w Word
		var text strings.Builder
		inner.double(&w, &text, "")
		d.to.Data, d.to.Unknown = []byte(text.String()), w.Unknown
	}
	p.pending = nil
	p.settleReads()
}
