package tui

import (
	"bytes"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

// frameTime is the least time between two frames. A key that comes after a
// pause is drawn at once.
const frameTime = 4 * time.Millisecond

// rendererRate is how often Bubble Tea's own renderer looks for something to
// draw, each second. It has nothing: see drawnModel.
const rendererRate = 1

// nothing is what Bubble Tea's renderer is given to draw: a string for the
// application, which no terminal shows. By it the terminal knows its frames.
const nothing = "\x1b_countersign\x1b\\"

// drawnModel is the explorer, whose frames the terminal draws itself. Bubble Tea's
// renderer looks for a new frame at fixed times, 120 times a second at most:
// a key waits for it, and it costs CPU while nothing happens.
type drawnModel struct {
	*App
	screen *terminal
	busy   *rescue
}

// Init implements tea.Model.
func (m drawnModel) Init() tea.Cmd {
	return tea.Batch(m.App.Init(), tea.Tick(blank, func(time.Time) tea.Msg { return waitedFor{} }))
}

// Update implements tea.Model.
func (m drawnModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.busy.begin() // until its frame is made
	switch msg.(type) {
	case waitedFor:
		m.screen.waited = true
		return m, nil
	case tea.WindowSizeMsg:
		m.screen.forget() // what a terminal makes of its rows then is its own affair
	default:
		m.screen.waited = true
	}
	_, cmd := m.App.Update(msg)
	return m, cmd
}

// View hands the frame to the terminal.
func (m drawnModel) View() string {
	defer m.busy.done()
	if m.screen.waited || !m.loading() {
		m.screen.show(m.App.View())
	}
	return nothing
}

// blank is how long the screen may stay empty at the start. Mostly the services
// are there before, and the first frame is the whole one: one that says no more
// than that they come is only in its way.
const blank = 100 * time.Millisecond

// waitedFor says that blank is over.
type waitedFor struct{}

// painter draws frames, the newest only, as soon as there is one.
type painter struct {
	open   bool     // the alternate screen is there to draw on
	next   string   // the newest frame; "": it is drawn
	rows   []string // what is on the screen; nil: not known
	blank  bool     // there is nothing on it
	wake   chan struct{}
	buffer bytes.Buffer

	drawn chan struct{} // closed once a frame is on the screen
	first sync.Once     // closes it
}

// show has a frame drawn; it does not wait for the terminal.
func (t *terminal) show(frame string) {
	t.pending.Lock()
	t.paint.next = frame
	t.pending.Unlock()
	select {
	case t.paint.wake <- struct{}{}:
	default: // it is awake
	}
}

// forget has the next frame drawn whole.
func (t *terminal) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.paint.rows = nil
}

// run draws until done.
func (t *terminal) run(done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-t.paint.wake:
		}
		t.drawNext()
		select {
		case <-done:
			return
		case <-time.After(frameTime):
		}
	}
}

// drawNext writes the rows of the newest frame that differ from those on the
// screen.
func (t *terminal) drawNext() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.paint.open {
		return // it is drawn when the screen is there
	}
	t.pending.Lock()
	frame := t.paint.next
	t.paint.next = ""
	t.pending.Unlock()
	if frame == "" {
		return
	}
	rows := strings.Split(frame, "\n")
	if len(rows) != len(t.paint.rows) {
		t.paint.rows = nil // the size is another
	}
	b := &t.paint.buffer
	b.Reset()
	slim := slimmer{out: b}
	for i, row := range rows {
		if t.paint.rows == nil || row != t.paint.rows[i] {
			b.WriteString(ansi.CursorPosition(1, i+1))
			slim.row(row, t.paint.blank)
		}
	}
	t.paint.rows, t.paint.blank = rows, false
	if b.Len() > 0 {
		_, _ = t.File.Write(b.Bytes()) // a terminal that is gone ends the program by its input
	}
	t.paint.first.Do(func() { close(t.paint.drawn) })
}

// Write writes what Bubble Tea sends: all but the frames of its renderer. It
// leaves the alternate screen for an editor, and comes back to an empty one.
func (t *terminal) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if bytes.Contains(b, []byte(nothing)) {
		return len(b), nil
	}
	switch {
	case bytes.Contains(b, []byte(ansi.SetModeAltScreenSaveCursor)):
		t.paint.open, t.paint.rows, t.paint.blank = true, nil, false
	case bytes.Contains(b, []byte(ansi.ResetModeAltScreenSaveCursor)):
		t.paint.open = false
	case bytes.Contains(b, []byte(ansi.EraseEntireScreen)):
		t.paint.rows = nil
	}
	if bytes.Contains(b, []byte(ansi.EraseEntireScreen)) {
		t.paint.blank = true
	}
	return t.File.Write(b)
}

// WriteString is Write: that of the file would go past it.
func (t *terminal) WriteString(s string) (int, error) { return t.Write([]byte(s)) }
