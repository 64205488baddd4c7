package quiet_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/creack/pty"

	_ "countersign/tui/quiet"
)

const (
	childEnv = "COUNTERSIGN_TEST_QUIET_CHILD"
	reached  = "reached main"
)

// TestMain is also the program under test: the same imports as the real one.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		_ = tea.Quit // the package is linked in for its init, as in the program
		_, _ = os.Stdout.WriteString(reached + "\n")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A terminal that never answers must neither be asked nor delay the start.
func TestSilentTerminal(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0]) //nolint:gosec // this very test binary
	cmd.Env = []string{childEnv + "=1", "TERM=xterm-256color", "COLORTERM=truecolor", "PATH=" + os.Getenv("PATH")}
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatalf("a pty is needed: %v", err)
	}
	t.Cleanup(func() {
		_ = tty.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})

	out := make(chan []byte, 1)
	go func() {
		// The read ends with an error once the child has gone; what came before counts.
		all, _ := io.ReadAll(tty)
		out <- all
	}()

	select {
	case all := <-out:
		if !bytes.Contains(all, []byte(reached)) {
			t.Errorf("main was not reached; the terminal got %q", all)
		}
		if i := bytes.IndexByte(all, 0x1b); i >= 0 {
			t.Errorf("the terminal was asked something before main: %q", all[i:])
		}
	case <-time.After(30 * time.Second):
		t.Fatal("main was not reached: something waits for the terminal to answer")
	}
}
