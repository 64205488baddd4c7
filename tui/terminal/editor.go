package terminal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// Edit has a text edited by $EDITOR: the bytes go out as they are and come back
// as they are. It is a tea.ExecCommand: the program gives up the screen while it
// runs.
type Edit struct {
	argv []string
	tty  *Terminal
	text []byte
}

// Edit makes the command for an editor, its words in argv, and a text.
func (t *Terminal) Edit(argv []string, text []byte) *Edit {
	return &Edit{argv: argv, tty: t, text: text}
}

// Text is the text: as it is now, once Run has returned nil.
func (e *Edit) Text() []byte { return e.text }

// Run runs the editor on a file that is the user's alone, and goes away
// afterwards. Where the editor failed and the file holds something new, the file
// stays: what was typed is worth more than a clean folder.
func (e *Edit) Run() error {
	dir, err := os.MkdirTemp("", "countersign-")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "body.json")
	if err := os.WriteFile(path, e.text, 0o600); err != nil {
		_ = os.RemoveAll(dir)
		return err
	}
	command := exec.Command(e.argv[0], append(e.argv[1:len(e.argv):len(e.argv)],
		path)...) //nolint:gosec // it is the person's own
	if e.tty.tty != nil {
		// The terminal itself: what is around it here would be a pipe to the
		// editor, and it would wait for its end.
		command.Stdin, command.Stdout, command.Stderr = e.tty.tty, e.tty.output.File, e.tty.output.File
	}
	failed := command.Run()
	body, err := os.ReadFile(path) //nolint:gosec // it was made above
	switch {
	case errors.Is(err, fs.ErrNotExist):
		_ = os.RemoveAll(dir)
		return errors.Join(failed, errors.New("the file is gone; the body stays as it was"))
	case err != nil:
		return fmt.Errorf("%s: %w (the file is kept: %s)", e.argv[0], errors.Join(failed, err), path)
	case failed != nil && !bytes.Equal(body, e.text):
		return fmt.Errorf("%s: %w (what you typed is kept in %s)", e.argv[0], failed, path)
	case failed != nil:
		_ = os.RemoveAll(dir)
		return fmt.Errorf("%s: %w (the body stays as it was)", e.argv[0], failed)
	}
	e.text = body
	return os.RemoveAll(dir)
}

// SetStdin implements tea.ExecCommand; the editor has the terminal itself.
func (e *Edit) SetStdin(io.Reader) {}

// SetStdout implements tea.ExecCommand.
func (e *Edit) SetStdout(io.Writer) {}

// SetStderr implements tea.ExecCommand.
func (e *Edit) SetStderr(io.Writer) {}
