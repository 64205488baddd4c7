package tui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/keys"
	"countersign/apiclient/page"
	"countersign/tui/diagnosis"
	"countersign/tui/ui"
)

// writePage writes the evidence page of a report into a new file of the folder
// that the explorer was started in.
func (a *App) writePage(msg diagnosis.PageAsked) tea.Cmd {
	s, folder, o := a.services, a.config.Folder, page.Options{Now: a.config.Now(), Redact: a.config.Redact}
	if s == nil || s.Evidence == nil {
		return nil
	}
	e := *msg.Exchange
	return func() tea.Msg {
		evidence, err := s.Evidence(context.Background(), e, msg.Side)
		if err != nil {
			return ui.Told{Text: "No evidence page: " + err.Error(), Bad: true}
		}
		evidence.Told = msg.Told
		var b bytes.Buffer
		if err = page.Write(&b, evidence, msg.Report, o); err == nil {
			at := e.StartedAt
			if at.IsZero() {
				at = o.Now
			}
			var name string
			if name, err = newFile(folder, fmt.Sprintf("evidence-%s-%s", at.Local().Format("20060102-150405"), msg.Side), b.Bytes()); err == nil {
				return ui.Told{Text: "Evidence page with secrets masked: " + name + " · open it in a browser"}
			}
		}
		return ui.Told{Text: "No evidence page: " + err.Error(), Bad: true}
	}
}

// newFile writes a file that is not there yet, and returns its name: with a number
// where others have it.
func newFile(folder, name string, data []byte) (string, error) {
	for n := 1; ; n++ {
		path := filepath.Join(folder, name+".html")
		if n > 1 {
			path = filepath.Join(folder, fmt.Sprintf("%s-%d.html", name, n))
		}
		err := keys.WriteNew(path, data, 0o600)
		if !errors.Is(err, fs.ErrExist) || n == 100 {
			return path, err
		}
	}
}
