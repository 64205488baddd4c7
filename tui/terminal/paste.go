package terminal

import (
	"bytes"
	"os"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
)

// The marks that a terminal puts around what is pasted.
var (
	pasteStart = []byte("\x1b[200~")
	pasteEnd   = []byte("\x1b[201~")
)

// pasteReader is the terminal's input, with large pastes taken out of it and
// sent as one message. Bubble Tea reads 256 bytes at a time and, until the end
// of a paste, copies and searches what has come so far with each read: 5 MB
// take it half a minute. It reads through Read only when the terminal has
// something to read, so nothing may be held back here: but for the start of a
// paste, whose end is still to come.
type pasteReader struct {
	*os.File
	rescue  *rescue
	send    func(tea.Msg)
	inPaste bool
	paste   []byte
	inReply bool // an answer of the terminal's goes on
	escaped bool // its last byte was ESC
}

// Read returns what is not in a large paste, nor an answer of the terminal's; 0
// bytes while one goes on.
func (r *pasteReader) Read(p []byte) (int, error) {
	n, err := r.rescue.Read(p)
	n = r.sift(p, n)
	return r.dropReplies(p, n), err
}

// dropReplies takes answers to questions such as that for the background's
// colour, which may come late, out of the n bytes in p: ESC ] NUMBER … BEL, or
// ESC \ at its end. Bubble Tea would take them for keys.
func (r *pasteReader) dropReplies(p []byte, n int) int {
	if r.inPaste {
		return n
	}
	kept := 0
	for i := 0; i < n; i++ {
		switch rest := p[i:n]; {
		case r.inReply && !endsReply(rest[0]):
			bel := rest[0] == 0x07
			r.inReply = !bel && !(rest[0] == '\\' && r.escaped)
			r.escaped = rest[0] == 0x1b
			continue
		case len(rest) > 2 && rest[0] == 0x1b && rest[1] == ']' && '0' <= rest[2] && rest[2] <= '9':
			r.inReply, r.escaped = true, false
			continue
		}
		r.inReply = false
		p[kept] = p[i]
		kept++
	}
	return kept
}

// endsReply reports a key that no answer holds, such as ctrl+c: an answer without
// its end must not take the keyboard away.
func endsReply(c byte) bool { return c < ' ' && c != 0x07 && c != 0x1b }

// sift takes pastes out of the n bytes in p.
func (r *pasteReader) sift(p []byte, n int) int {
	if !r.inPaste {
		i := bytes.LastIndex(p[:n], pasteStart)
		if i < 0 || bytes.Contains(p[i:n], pasteEnd) {
			return n // a small one is whole
		}
		r.inPaste = true
		r.paste = append(r.paste[:0], p[i+len(pasteStart):n]...)
		return i
	}
	from := max(0, len(r.paste)-len(pasteEnd)+1)
	had := len(r.paste)
	r.paste = append(r.paste, p[:n]...)
	i := bytes.Index(r.paste[from:], pasteEnd)
	if i < 0 {
		return 0
	}
	end := from + i
	rest := copy(p, p[end+len(pasteEnd)-had:n])
	r.inPaste = false
	r.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: runes(r.paste[:end]), Paste: true})
	r.paste = nil
	return r.sift(p, rest)
}

// runes decodes a paste. Bytes that are not UTF-8 cannot be in a key: they
// are drawn as the replacement character, which at least is seen.
func runes(b []byte) []rune {
	out := make([]rune, 0, utf8.RuneCount(b))
	for len(b) > 0 {
		c, n := utf8.DecodeRune(b)
		out = append(out, c)
		b = b[n:]
	}
	return out
}
