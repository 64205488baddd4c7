package terminal

import (
	"bytes"
	"os"
	"sync"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/term"
)

// rescue lets a second ctrl+c end the explorer while its loop is busy. In raw
// mode ctrl+c is a byte, and Bubble Tea reads no further one before the loop has
// taken the last key: so somebody else must look.
type rescue struct {
	tty     *os.File
	send    func(tea.Msg)
	abandon func() // ends the process
	now     func() time.Time
	ready   func(*os.File) bool // there is something to read; nil: nobody can tell, and nothing is done

	timer *time.Timer  // runs while the loop works on a message; nil: nobody looks
	began atomic.Int64 // when the loop began with a message, in ns; 0: it waits for one

	mu    sync.Mutex // one reads at a time
	asked bool       // a ctrl+c was read that the loop has not come to
	ahead []byte     // what was typed meanwhile, for the next Read
}

// Patience of the rescue.
const (
	busyAfter   = time.Second            // a loop that works on one message for longer may hang
	busyGlances = 200 * time.Millisecond // how often it is looked at from then on
)

const ctrlC = 0x03

// begin notes that the loop works on a message, done that it waits again.
func (r *rescue) begin() {
	r.began.Store(r.now().UnixNano())
	if r.timer != nil {
		r.timer.Reset(busyAfter)
	}
}

func (r *rescue) done() {
	r.began.Store(0)
	if r.timer != nil {
		r.timer.Stop()
	}
	r.mu.Lock()
	r.asked = false
	r.mu.Unlock()
}

// watch looks at the loop whenever it is busy for long, until stop is called.
func (r *rescue) watch() (stop func() bool) {
	r.timer = time.AfterFunc(busyAfter, func() {
		if r.began.Load() != 0 {
			r.glance()
			r.timer.Reset(busyGlances)
		}
	})
	return r.timer.Stop
}

// glance reads what is typed while the loop hangs: the first ctrl+c is for the
// loop, should it come back; the second ends the process.
func (r *rescue) glance() {
	began := r.began.Load()
	if began == 0 || r.now().Sub(time.Unix(0, began)) < busyAfter {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.ready(r.tty) {
		b := make([]byte, 256)
		n, err := r.tty.Read(b)
		if err != nil || n == 0 {
			return
		}
		for range bytes.Count(b[:n], []byte{ctrlC}) {
			if r.asked {
				r.abandon()
			}
			r.asked = true
			go r.send(tea.KeyMsg{Type: tea.KeyCtrlC})
		}
		r.ahead = append(r.ahead, bytes.ReplaceAll(b[:n], []byte{ctrlC}, nil)...)
	}
}

// Read reads the terminal: what was typed while the loop hung comes first. 0
// bytes mean that somebody else has read what there was.
func (r *rescue) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.ahead) > 0 {
		n := copy(p, r.ahead)
		r.ahead = r.ahead[n:]
		return n, nil
	}
	if r.ready != nil && r.began.Load() != 0 && !r.ready(r.tty) {
		return 0, nil
	}
	n, err := r.tty.Read(p)
	r.asked = r.asked || bytes.IndexByte(p[:max(n, 0)], ctrlC) >= 0
	return n, err
}

// leaveScreen ends what the explorer asked of the terminal: bracketed paste,
// the mouse, the hidden cursor, the other screen.
const leaveScreen = "\x1b[?2004l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?25h\x1b[?1049l\r\n"

// restorer returns what puts the terminal back as it is now. It waits for
// nobody: who needs it cannot.
func restorer(in, out *os.File) func() {
	state, err := term.GetState(int(in.Fd())) //nolint:gosec // descriptors are small
	return func() {
		_, _ = out.WriteString(leaveScreen)
		if err == nil {
			_ = term.Restore(int(in.Fd()), state) //nolint:gosec // descriptors are small
		}
	}
}
