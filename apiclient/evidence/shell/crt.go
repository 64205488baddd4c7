package shell

import (
	"strings"
)

// crt splits the line of a program on Windows as the C runtime does: only
// backslashes before a quote are special, and "" in quotes is a quote.
type crt struct {
	src     string
	at      int
	from    int // what stands before src in the line that escaped counts
	escaped map[int]bool
	out     *Script
}

func (s *crt) words() []Word {
	var words []Word
	for {
		for s.at < len(s.src) {
			n := wikiSpace(s.src[s.at:])
			if n > 0 {
				s.out.note(noteSpaces)
			} else if n = 1; !isBlank(s.src[s.at]) {
				break
			}
			s.at += n
		}
		if s.at >= len(s.src) || s.out.Err != nil {
			return words
		}
		w := s.word()
		w.Text = s.out.dashes(w.Text)
		words = append(words, w)
	}
}

func (s *crt) word() Word {
	w := Word{At: s.at}
	browser := s.src[s.at] == '"' && s.escaped[s.at+s.from]
	if s.src[s.at] == '"' && !browser {
		quotes := func(body string) bool { return strings.Contains(body, `"`) }
		if body, n := s.out.meant(s.src, s.at, quotes); n > 0 {
			w.Text = body
			s.at += n
			return w
		}
	}
	var text strings.Builder
	quoted, opened := false, 0
	for s.at < len(s.src) {
		rest := s.src[s.at:]
		slashes := len(rest) - len(strings.TrimLeft(rest, `\`))
		plain, curlyLength := curlyQuote(rest)
		switch {
		case slashes > 0 && slashes < len(rest) && rest[slashes] == '"':
			text.WriteString(rest[:slashes/2])
			if s.at += slashes; slashes%2 == 1 {
				text.WriteByte('"')
				s.at++
			}
		case slashes > 0:
			if browser && slashes%2 == 0 {
				s.out.note(`backslashes stand twice, as browsers write them for cmd: they were read as one, as the browser sent it`)
				text.WriteString(rest[:slashes/2])
			} else {
				text.WriteString(rest[:slashes])
			}
			s.at += slashes
		case quoted && strings.HasPrefix(rest, `""`):
			text.WriteByte('"')
			s.at += 2
		case rest[0] == '"':
			quoted, opened = !quoted, s.at
			s.at++
		case plain == '"' && (s.at == w.At || quoted):
			s.out.note(noteQuotes)
			quoted, opened = !quoted, s.at
			s.at += curlyLength
		case !quoted && (isBlank(rest[0]) || wikiSpace(rest) > 0):
			w.Text = text.String()
			return w
		default:
			text.WriteByte(rest[0])
			s.at++
		}
	}
	if w.Text = text.String(); quoted {
		s.out.Err = unclosed(s.src, `"`, opened)
	}
	return w
}
