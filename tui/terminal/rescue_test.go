//go:build unix

package terminal

import (
	"os"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// While the loop hangs, the first ctrl+c waits for it and the second one ends
// the process; what else was typed is not lost.
func TestSecondInterruptEndsABusyLoop(t *testing.T) {
	t.Parallel()
	tty, typed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	defer typed.Close()
	now := time.Unix(1000, 0)
	sent, ended := make(chan tea.Msg, 10), 0
	r := &rescue{tty: tty, ready: readable, now: func() time.Time { return now },
		send: func(m tea.Msg) { sent <- m }, abandon: func() { ended++ }}
	press := func(keys string) {
		t.Helper()
		if _, err := typed.WriteString(keys); err != nil {
			t.Fatal(err)
		}
		r.glance()
	}

	press("\x03\x03")
	if ended != 0 || !readable(tty) {
		t.Fatal("keys are taken from a loop that waits for them")
	}
	b := make([]byte, 10)
	if n, err := r.Read(b); n != 2 || err != nil {
		t.Fatalf("%d bytes, %v", n, err)
	}
	r.done()

	r.begin()
	now = now.Add(busyAfter / 2)
	press("x")
	if _, _ = r.Read(b[:1]); b[0] != 'x' {
		t.Fatal("a loop that is hardly busy does not get its keys")
	}
	now = now.Add(busyAfter)
	press("ab\x03c")
	if ended != 0 {
		t.Fatal("one ctrl+c ends the process")
	}
	if key, ok := (<-sent).(tea.KeyMsg); !ok || key.Type != tea.KeyCtrlC {
		t.Errorf("the loop gets %v", key)
	}
	if n, err := r.Read(b); err != nil || string(b[:n]) != "abc" {
		t.Errorf("what was typed comes as %q, %v", b[:n], err)
	}
	if n, err := r.Read(b); n != 0 || err != nil {
		t.Errorf("nothing was typed, and %d bytes come, %v", n, err)
	}
	press("\x03")
	if ended != 1 {
		t.Error("the second ctrl+c does not end the process")
	}

	r.done()
	r.begin()
	now = now.Add(2 * busyAfter)
	press("\x03")
	if ended != 1 {
		t.Error("the ctrl+c of a message that is over still counts")
	}
}

// Somebody looks at a loop only while it is busy.
func TestBusyLoopIsWatched(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tty, typed, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer tty.Close()
		defer typed.Close()
		sent, ended := 0, 0
		r := &rescue{tty: tty, ready: readable, now: time.Now, send: func(tea.Msg) { sent++ }, abandon: func() { ended++ }}
		defer r.watch()()
		press := func() {
			if _, err := typed.Write([]byte{ctrlC}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(busyAfter + 2*busyGlances)
			synctest.Wait()
		}

		r.begin()
		press()
		press()
		if sent == 0 || ended != 1 {
			t.Errorf("of a busy loop %d keys are taken, and it is ended %d times", sent, ended)
		}
		r.done()
		press()
		if !readable(tty) || ended != 1 {
			t.Error("a key is taken from a loop that waits for it")
		}
	})
}
