package tui

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
}

// Read gives what is not in a large paste; 0 bytes while one goes on.
func (r *pasteReader) Read(p []byte) (int, error) {
	n, err := r.rescue.Read(p)
	return r.sift(p, n), err
}

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

// runes decodes a paste. Bytes that are no UTF-8 cannot be told in a key: they
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
