package terminal

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// What is read, and what is sent, is together what the terminal sent, in
// order, however it comes in pieces.
func TestPastesAreTakenOut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("{\"a\": \"世\"}\r\n", 4000)
	for _, c := range []string{
		"abc", "\x1b[200~small\x1b[201~x", "a\x1b[200~" + long + "\x1b[201~b", "\x1b[200~" + long + "\x1b[201~\x1b[200~" + long + "\x1b[201~",
		"\x1b[200~" + long + "\x1b[20\x1b[201\x1b[201~\x1b[200~s\x1b[201~q\x1b[200~" + long + "\x1b[201~",
	} {
		for seed := range uint64(20) {
			r := rand.New(rand.NewPCG(seed, 3))
			var got bytes.Buffer
			reader := &pasteReader{send: func(m tea.Msg) {
				key, ok := m.(tea.KeyMsg)
				if !ok || !key.Paste {
					t.Fatalf("sent %v", m)
				}
				got.WriteString("\x1b[200~" + string(key.Runes) + "\x1b[201~")
			}}
			for in := []byte(c); len(in) > 0; {
				p := make([]byte, 256)
				n := copy(p, in[:min(len(in), 1+r.IntN(256))])
				in = in[n:]
				got.Write(p[:reader.sift(p, n)])
			}
			if got.String() != c {
				t.Fatalf("%.60q, seed %d: %d bytes became %d", c, seed, len(c), got.Len())
			}
		}
	}
}

// BenchmarkPaste: 5 MB come out of the terminal in one piece.
func BenchmarkPaste(b *testing.B) {
	text := []byte("\x1b[200~" + strings.Repeat("{\"a\": \"value\"},\n", 5<<20/16) + "\x1b[201~")
	for b.Loop() {
		reader := &pasteReader{send: func(tea.Msg) {}}
		p := make([]byte, 256)
		for in := text; len(in) > 0; {
			n := copy(p, in)
			in = in[n:]
			reader.sift(p, n)
		}
	}
}

// TestLateAnswersOfTheTerminalAreNoKeys: however they are cut into reads.
func TestLateAnswersOfTheTerminalAreNoKeys(t *testing.T) {
	t.Parallel()
	const stream = "a\x1b]11;rgb:ffff/ffff/ffff\x1b\\b\x1b]10;rgb:0/0/0\x07c\x1b]d\x1b[A"
	for size := 3; size <= len(stream); size++ {
		r, got := &pasteReader{}, ""
		for rest := []byte(stream); len(rest) > 0; {
			n := min(size, len(rest))
			if i := bytes.LastIndexByte(rest[:n], 0x1b); i > 0 && n-i < 3 && n < len(rest) {
				n = i // terminals write the beginning of an answer at once
			}
			p := bytes.Clone(rest[:n])
			got += string(p[:r.dropReplies(p, n)])
			rest = rest[n:]
		}
		if got != "abc\x1b]d\x1b[A" {
			t.Errorf("in reads of %d: %q", size, got)
		}
	}
}

// An answer that never ends does not take the keyboard away: ctrl+c comes through.
func TestAnAnswerWithoutItsEndLeavesTheKeyboard(t *testing.T) {
	t.Parallel()
	r, got := &pasteReader{}, ""
	for _, in := range []string{"\x1b]11;rgb:ffff", "abc", "\x03", "d"} {
		p := []byte(in)
		got += string(p[:r.dropReplies(p, len(p))])
	}
	if got != "\x03d" {
		t.Errorf("what comes through is %q", got)
	}
}
