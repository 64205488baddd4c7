package tui

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/request"
	"countersign/tui/ui"
)

// edited is what $EDITOR left.
type edited struct {
	body []byte
	done func([]byte) tea.Cmd
	err  error
}

// openEditor opens the body in $EDITOR: the bytes go out as they are and come
// back as they are. The file is the user's alone and goes away afterwards.
func (a *App) openEditor(msg request.EditorAsked) tea.Cmd {
	if len(a.config.Editor) == 0 {
		a.say("No editor is set: export EDITOR=vi, or the editor of your choice", warn)
		return nil
	}
	dir, err := os.MkdirTemp("", "countersign-")
	if err != nil {
		a.say("The body cannot be handed to the editor: "+err.Error(), bad)
		return nil
	}
	path := filepath.Join(dir, "body.json")
	if err := os.WriteFile(path, msg.Body, 0o600); err != nil {
		a.say("The body cannot be handed to the editor: "+err.Error(), bad)
		return nil
	}
	argv := append(append([]string{}, a.config.Editor...), path)
	command := exec.Command(argv[0], argv[1:]...)
	return tea.ExecProcess(command, func(err error) tea.Msg {
		body, readErr := os.ReadFile(path)
		if err = errors.Join(err, readErr); err != nil {
			// What was typed is worth more than a clean folder: the file stays.
			return edited{err: fmt.Errorf("%s: %w (the file is kept: %s)", argv[0], err, path)}
		}
		if err := os.RemoveAll(dir); err != nil {
			return edited{body: body, done: msg.Done, err: err}
		}
		return edited{body: body, done: msg.Done}
	})
}

// takeEdited puts what the editor left into the request.
func (a *App) takeEdited(msg edited) tea.Cmd {
	if msg.err != nil {
		a.say("The editor failed: "+msg.err.Error(), bad)
	}
	if msg.done == nil {
		return nil
	}
	if msg.err == nil {
		a.say("Body taken from the editor, "+ui.Bytes(int64(len(msg.body))), neutral)
	}
	return msg.done(msg.body)
}
