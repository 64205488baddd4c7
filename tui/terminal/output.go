package terminal

import (
	"errors"
	"io"
	"os"
	"sync"

	"github.com/atotto/clipboard"
	"github.com/aymanbagabas/go-osc52/v2"
)

// output is the terminal's, with a lock, so that what is copied never lands in
// the middle of a frame.
type output struct {
	*os.File
	mu sync.Mutex
}

// Write writes what Bubble Tea sends: each frame in one call.
func (t *output) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.File.Write(b)
}

// WriteString is Write: that of the file would go past its lock.
func (t *output) WriteString(s string) (int, error) { return t.Write([]byte(s)) }

// copy puts text on the clipboard: of the terminal's own machine by OSC 52,
// which works over SSH, and of this one where it has a clipboard program, as
// not all terminals know OSC 52.
func (t *output) copy(text string) error {
	local := os.Getenv("SSH_CONNECTION") == "" && !clipboard.Unsupported
	if len(text) > maxTerminalCopy {
		if local {
			return clipboard.WriteAll(text)
		}
		return errors.New("it is too large for a terminal's clipboard: countersign history show prints it")
	}
	sequence := osc52.New(text)
	switch {
	case os.Getenv("TMUX") != "":
		sequence = sequence.Tmux()
	case os.Getenv("STY") != "":
		sequence = sequence.Screen()
	}
	_, err := io.WriteString(t, sequence.String())
	if local {
		// OSC 52 gave no answer to tell whether it worked: this is a second
		// way to the same end, and its failure needs no message.
		_ = clipboard.WriteAll(text)
	}
	return err
}

// maxTerminalCopy is what is handed to a terminal's clipboard at most, in
// bytes: many drop longer sequences, and all draw nothing meanwhile.
const maxTerminalCopy = 1 << 20
