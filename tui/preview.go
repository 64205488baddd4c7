package tui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// To sign and check a large body takes longer than to type a character, and
// keeps a core busy that the next key needs. So it waits for a pause.
const (
	largeBody   = 64 << 10 // bytes
	typingPause = 150 * time.Millisecond
	mostPauses  = 6 // a person who types on and on sees a preview about once a second
)

// rested says that the pause after an edit of a large body is over.
type rested struct {
	revision int // the draft's when the pause began
	pauses   int // how many there were before the preview
}

// previewNews handles the messages of previews.
func (a *App) previewNews(msg tea.Msg) (tea.Cmd, bool) {
	m, ok := msg.(rested)
	if !ok {
		return nil, false
	}
	if m.revision != a.desk.revision && m.pauses < mostPauses {
		if cmd := a.rest(m.pauses + 1); cmd != nil {
			return cmd, true
		}
	}
	return a.preview(a.draft(), a.desk.revision), true
}

// rest waits for a pause in the typing; nil where there is no clock to wait by.
func (a *App) rest(pauses int) tea.Cmd {
	revision := a.desk.revision
	return a.config.After(typingPause, func(time.Time) tea.Msg { return rested{revision, pauses} })
}

// nextPreview has the draft signed as it stands, unless that is under way.
func (a *App) nextPreview() tea.Cmd {
	if a.services == nil || a.desk.previewing {
		return nil
	}
	a.desk.previewing = true
	if a.panes.request.Size() > largeBody {
		if cmd := a.rest(0); cmd != nil {
			return cmd
		}
	}
	return a.preview(a.draft(), a.desk.revision)
}
