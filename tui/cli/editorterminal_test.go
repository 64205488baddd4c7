//go:build !windows

package cli

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// An editor has the terminal itself, not a pipe that copies it: most refuse to
// work through one, and all would wait for a key after they are left.
func TestEditorHasTheTerminal(t *testing.T) {
	script := filepath.Join(t.TempDir(), "editor")
	text := "#!/bin/sh\nif test -t 0 && test -t 1 && test -t 2; then printf '{\"it\":\"is a terminal\"}' > \"$1\"; fi\n"
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	t.Setenv("VISUAL", "")
	t.Setenv("EDITOR", script)
	x := openTerminal(t, 100, 30, false)
	x.until("Ready", 20*time.Second)
	x.press("\x0f")
	x.until("Body taken from the editor", 10*time.Second)
	x.until(`"it":"is a terminal"`, 10*time.Second)
	x.press("q")
}
