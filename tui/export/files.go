// Package export makes what a person takes out of the explorer: an exchange in a
// form, an evidence page, and the new files that they are written to.
package export

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/tui/box"
	"countersign/tui/ui"
)

// Files writes new files for a person.
type Files struct {
	Folder string                               // of relative names; "" means the working folder
	Save   func(name string, data []byte) error // fails with fs.ErrExist in its chain where the file is there
}

// mostNumbered bounds the files of one name.
const mostNumbered = 100

// write writes a file that is not there yet, and returns its path.
func (f Files) write(name string, data []byte) (string, error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(f.Folder, name)
	}
	return name, f.Save(name, data)
}

// writeFree does the same, with a number before the extension where others have
// the name.
func (f Files) writeFree(stem, ext string, data []byte) (path string, err error) {
	for n := 1; n <= mostNumbered; n++ {
		name := stem + ext
		if n > 1 {
			name = fmt.Sprintf("%s-%d%s", stem, n, ext)
		}
		if path, err = f.write(name, data); !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	return path, err
}

// Ask makes the box that asks for the name of a file and writes it. One that is
// there is never written over. note is said once it is saved; "": nothing.
func (f Files) Ask(theme *ui.Theme, name string, data []byte, note string) box.Box {
	size := ui.Bytes(int64(len(data)))
	return box.NewPrompt(theme, "Save to a new file · "+size, name, func(name string) (tea.Cmd, error) {
		if strings.TrimSpace(name) == "" {
			return nil, &hint.Error{Says: "there is no name", Fix: "type the name of a file that is not there yet"}
		}
		return func() tea.Msg {
			if _, err := f.write(name, data); err != nil {
				return ui.Told{Text: "Not saved: " + hint.Sentence(err), Bad: true}
			}
			text := "Saved " + ui.Safe(name) + " (" + size + ")"
			if note != "" {
				text += " · " + note
			}
			return ui.Told{Text: text}
		}, nil
	})
}

// FileName is how a file with an exchange is called, without its extension.
func FileName(e *apiclient.Exchange) string {
	name, _, _ := strings.Cut(cmp.Or(e.Endpoint, e.Request.Path()), "?")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name = strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z' {
			return r
		}
		return -1
	}, name)
	if name = cmp.Or(name, "exchange"); !e.StartedAt.IsZero() {
		name += e.StartedAt.Local().Format("-150405")
	}
	return name
}
