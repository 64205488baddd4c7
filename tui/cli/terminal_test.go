//go:build !windows

package cli

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// terminal is the whole program behind a terminal emulator.
type terminal struct {
	t       *testing.T
	home    string
	mu      sync.Mutex
	screen  *vt.SafeEmulator // whose String takes no lock
	keys    *os.File
	command *exec.Cmd
	drawn   chan struct{} // a token for each read from the program
	ended   chan struct{} // closed when the program writes no more
}

// openTerminal starts the explorer at w x h. A silent terminal never answers
// what programs ask of it.
func openTerminal(t *testing.T, w, h int, silent bool) *terminal {
	t.Helper()
	abs, err := filepath.Abs(testKeys)
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	if err := seedSandbox(abs, filepath.Join(home, "data", "sandbox")); err != nil {
		t.Fatal(err)
	}
	return openTerminalAt(t, home, w, h, silent)
}

// openTerminalAt is openTerminal with a home that was there before, and more
// environment.
func openTerminalAt(t *testing.T, home string, w, h int, silent bool, env ...string) *terminal {
	t.Helper()
	c := exec.Command("countersign")
	c.Env = append(os.Environ(), "HOME="+home, "COUNTERSIGN_DATA="+filepath.Join(home, "data"), "XDG_CONFIG_HOME=",
		"TERM=xterm-256color", "COLORFGBG=", "TMUX=", "STY=", "NO_COLOR=", "CI=")
	c.Env = append(c.Env, env...)
	keys, err := pty.StartWithSize(c, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}) //nolint:gosec // small
	if err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, home: home, screen: vt.NewSafeEmulator(w, h), keys: keys, command: c, drawn: make(chan struct{}, 1), ended: make(chan struct{})}
	go x.read()
	// The emulator's answers must be taken from it, or it waits.
	answers := io.Writer(keys)
	if silent {
		answers = io.Discard
	}
	go func() { _, _ = io.Copy(answers, x.screen) }()
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		_ = keys.Close()
	})
	return x
}

func (x *terminal) read() {
	defer close(x.ended)
	buffer := make([]byte, 64<<10)
	for {
		n, err := x.keys.Read(buffer)
		if n > 0 {
			x.mu.Lock()
			_, _ = x.screen.Write(buffer[:n])
			x.mu.Unlock()
			select {
			case x.drawn <- struct{}{}:
			default:
			}
		}
		if err != nil {
			return
		}
	}
}

// text is what the screen shows.
func (x *terminal) text() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.screen.String()
}

// until waits for a text on the screen.
func (x *terminal) until(text string, limit time.Duration) {
	x.t.Helper()
	timeout := time.After(limit)
	for !strings.Contains(x.text(), text) {
		select {
		case <-x.drawn:
		case <-x.ended:
			if !strings.Contains(x.text(), text) {
				x.t.Fatalf("the program ended before it showed %q:\n%s", text, x.text())
			}
		case <-timeout:
			x.t.Fatalf("%q is not on the screen:\n%s", text, x.text())
		}
	}
}

func (x *terminal) press(keys string) {
	x.t.Helper()
	if _, err := io.WriteString(x.keys, keys); err != nil {
		x.t.Fatal(err)
	}
}

const patience = 30 * time.Second

func TestExplorerInATerminal(t *testing.T) {
	t.Parallel()
	x := openTerminal(t, 140, 40, false)
	x.until("Ready: ctrl+r", patience)
	x.press("\x12") // ctrl+r
	x.until("200 · A ACCEPT · request verified · response verified", patience)
	x.until("1 run", patience)
	x.press("e")
	x.until("esc leaves", patience)
	x.press("Z")
	x.until("● edited", patience)
	x.press("\x1b")
	x.until("? help", patience)
	if err := pty.Setsize(x.keys, &pty.Winsize{Cols: 70, Rows: 20}); err != nil {
		t.Fatal(err)
	}
	x.screen.Resize(70, 20)
	x.until("1 Endpoints 2 Request 3 Headers", patience)
	x.press("6")
	x.until("6 Runs ─", patience)
	x.press("q")
	select {
	case <-x.ended:
	case <-time.After(patience):
		t.Fatalf("q did not end the explorer:\n%s", x.screen.String())
	}
	if err := x.command.Wait(); err != nil {
		t.Errorf("the explorer ended with %v", err)
	}
	if x.screen.IsAltScreen() {
		t.Error("the terminal is left on the alternate screen")
	}
}

// What is typed survives kill -9, and a configuration that changes takes
// effect in the running explorer, or says what is wrong with it.
func TestCrashAndConfigurationInATerminal(t *testing.T) {
	t.Parallel()
	x := openTerminal(t, 140, 40, false)
	x.until("Ready: ctrl+r", patience)
	x.press("e")
	x.until("esc leaves", patience)
	x.press("SURVIVES")
	x.until("● edited", patience)
	time.Sleep(time.Second) // the draft is written after 300 ms
	if err := x.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	x = openTerminalAt(t, x.home, 140, 40, false)
	x.until("SURVIVES{", patience)

	file := filepath.Join(x.home, ".config", "countersign", "config.toml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("[keys]\nsend = 'e'\n")
	x.until("config.toml:2:8", patience)
	write("[keys]\nsend = 'f5'\n")
	x.until("f5 send", patience)
}

// Bubble Tea asks the terminal for its background in a package's init and
// waits five seconds for an answer that some terminals never give.
func TestNoStallInASilentTerminal(t *testing.T) {
	t.Parallel()
	x := openTerminal(t, 100, 30, true)
	x.until("countersign", 4500*time.Millisecond)
}
