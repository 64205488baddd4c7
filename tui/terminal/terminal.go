// Package terminal holds what the explorer needs of the terminal itself: large
// pastes in one piece, the clipboard, $EDITOR, and a way out where the program
// hangs.
package terminal

import (
	"context"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// Terminal is where the explorer runs.
type Terminal struct {
	in     io.Reader
	tty    *os.File // in, where that is a terminal
	output *output
	rescue *rescue
}

// New takes the input and the output. abandon ends the process at once: ctrl+c
// was pressed twice, and nothing is taken from the terminal. Nil: it waits.
func New(in io.Reader, out *os.File, abandon func()) *Terminal {
	t := &Terminal{in: in, output: &output{File: out}, rescue: &rescue{abandon: abandon, now: time.Now, ready: readable}}
	t.tty, _ = in.(*os.File)
	return t
}

// Copy puts text on the clipboard.
func (t *Terminal) Copy(text string) error { return t.output.copy(text) }

// Ring sounds the bell, or has the terminal show that it would.
func (t *Terminal) Ring() { _, _ = t.output.Write([]byte{'\a'}) }

// Model is a program that runs on a terminal.
type Model interface {
	tea.Model
	// Loading reports whether there is nothing to show yet but that it starts.
	Loading() bool
}

// Run runs a program until it is left. restore gets what puts the terminal
// back as it was, while the program has it; nil: nobody asks.
func (t *Terminal) Run(ctx context.Context, m Model, restore *atomic.Pointer[func()]) error {
	pastes, in := &pasteReader{}, t.in
	if t.tty != nil {
		pastes.File, pastes.rescue, t.rescue.tty, in = t.tty, t.rescue, t.tty, pastes
		if back := restorer(t.tty, t.output.File); restore != nil {
			restore.Store(&back)
			defer restore.Store(nil)
		}
	}
	// Signals end ctx. The library's own handler takes them too, and hangs for
	// good where it is the later one.
	program := tea.NewProgram(&watched{Model: m, rescue: t.rescue}, tea.WithContext(ctx), tea.WithoutSignalHandler(),
		tea.WithAltScreen(), tea.WithMouseCellMotion(), tea.WithFPS(framesPerSecond),
		tea.WithInput(in), tea.WithOutput(t.output))
	pastes.send, t.rescue.send = program.Send, program.Send
	if t.tty != nil && t.rescue.abandon != nil && t.rescue.ready != nil {
		defer t.rescue.watch()()
	}
	_, err := program.Run()
	return err
}

// watched is a program as Bubble Tea runs it: with a rescue that notices when it
// hangs, and an empty screen for a moment at the start.
type watched struct {
	Model
	rescue *rescue
	waited bool // something has happened, or blank is over
	frames int  // that were made
}

// framesPerSecond is how often Bubble Tea looks for a frame to write: a key waits
// 8 ms at most. It is the most that the library allows.
const framesPerSecond = 120

// blank is how long the screen may stay empty at the start. Mostly everything is
// loaded before, and the first frame is the whole one: one that says no more than
// that it starts is only in its way.
const blank = 100 * time.Millisecond

// waitedFor says that blank is over.
type waitedFor struct{}

// Init implements tea.Model.
func (m *watched) Init() tea.Cmd {
	return tea.Batch(m.Model.Init(), tea.Tick(blank, func(time.Time) tea.Msg { return waitedFor{} }))
}

// Update implements tea.Model.
func (m *watched) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.rescue.begin() // until its frame is made
	switch msg.(type) {
	case waitedFor:
		m.waited = true
		return m, nil
	case tea.WindowSizeMsg: // it comes by itself
	default:
		m.waited = true
	}
	_, cmd := m.Model.Update(msg)
	return m, cmd
}

// View implements tea.Model.
func (m *watched) View() string {
	defer m.rescue.done()
	if !m.waited && m.Loading() {
		return ""
	}
	m.frames++
	return m.Model.View() + strings.Repeat(reset, m.frames%marks)
}

// Frames that follow each other differ in the resets at their end, which change
// nothing. Bubble Tea lets go of a frame once it has written it. One that equals what
// is on the screen it would keep, and copy and compare 120 times a second until another
// comes: more than all else that an idle explorer costs. So it writes the last line
// anew, and is done.
const (
	reset = "\x1b[m"
	marks = 16 // more than the frames that are made between two that are written
)
