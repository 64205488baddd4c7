package tui

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/request"
	"countersign/tui/ui"
)

// Messages around $EDITOR.
type (
	// handedOver says that the body is in a file for the editor.
	handedOver struct {
		path string
		body []byte
		done func([]byte) tea.Cmd
		err  error
	}
	// editorLeft says that the editor has ended.
	editorLeft struct {
		handedOver
		err error
	}
	// edited is what $EDITOR left.
	edited struct {
		body, before []byte
		done         func([]byte) tea.Cmd
		err          error
	}
)

// openEditor opens the body in $EDITOR: the bytes go out as they are and come
// back as they are. The file is the user's alone and goes away afterwards.
func (a *App) openEditor(msg request.EditorAsked) tea.Cmd {
	if len(a.config.Editor) == 0 {
		a.say("No editor is set: export EDITOR=vi, or the editor of your choice", warn)
		return nil
	}
	return func() tea.Msg {
		m := handedOver{body: msg.Body, done: msg.Done}
		dir, err := os.MkdirTemp("", "countersign-")
		if err == nil {
			m.path = filepath.Join(dir, "body.json")
			err = os.WriteFile(m.path, msg.Body, 0o600)
		}
		m.err = err
		return m
	}
}

// editorNews handles the messages around $EDITOR.
func (a *App) editorNews(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case handedOver:
		if m.err != nil {
			a.say("The body cannot be handed to the editor: "+m.err.Error(), bad)
			return nil, true
		}
		argv := append(append([]string{}, a.config.Editor...), m.path)
		command := exec.Command(argv[0], argv[1:]...)
		a.config.tty.give(command)
		return tea.ExecProcess(command, func(err error) tea.Msg { return editorLeft{m, err} }), true
	case editorLeft:
		name := a.config.Editor[0]
		return func() tea.Msg { return m.read(name) }, true
	case edited:
		return a.takeEdited(m), true
	}
	return nil, false
}

// read takes what the editor left. Where it failed and the file holds something
// new, the file stays: what was typed is worth more than a clean folder.
func (m editorLeft) read(editor string) edited {
	body, err := os.ReadFile(m.path)
	dir := filepath.Dir(m.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		_ = os.RemoveAll(dir)
		return edited{err: errors.Join(m.err, errors.New("the file is gone; the body stays as it was"))}
	case err != nil:
		return edited{err: fmt.Errorf("%s: %w (the file is kept: %s)", editor, errors.Join(m.err, err), m.path)}
	case m.err != nil && !bytes.Equal(body, m.body):
		return edited{err: fmt.Errorf("%s: %w (what you typed is kept in %s)", editor, m.err, m.path)}
	case m.err != nil:
		_ = os.RemoveAll(dir)
		return edited{err: fmt.Errorf("%s: %w (the body stays as it was)", editor, m.err)}
	}
	return edited{body: body, before: m.body, done: m.done, err: os.RemoveAll(dir)}
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
		a.say(editedWords(msg.before, msg.body), neutral)
	}
	return msg.done(msg.body)
}

// editedWords says what the editor made of the body. Many add a line end to
// the last line: it is signed like every other byte, so it is told.
func editedWords(before, after []byte) string {
	if bytes.Equal(before, after) {
		return "The editor left the body as it was"
	}
	text := "Body taken from the editor, " + ui.Bytes(int64(len(after)))
	if bytes.HasSuffix(after, []byte("\n")) && !bytes.HasSuffix(before, []byte("\n")) {
		text += "; it now ends in a line end, which is signed too (ctrl+z: as before)"
	}
	return text
}
