package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
)

// Pane is one rectangle of the explorer. The root decides which action a key
// means and calls down; a pane answers with commands and past-tense messages
// of its own package. It draws exactly the size that Resize gave it.
type Pane interface {
	Title() string
	Resize(width, height int)
	View() string
	// Update takes messages that are not keys or mouse: answers to the pane's
	// own commands. It ignores what it does not know.
	Update(msg tea.Msg) tea.Cmd
	// Actions are the rows of the pane's scope, and those of global actions that
	// concern what a pane shows (copy, cancel).
	Actions() keymap.Actions
}

// Typist is a pane that takes text at times.
type Typist interface {
	Typing() bool
	Type(msg tea.KeyMsg) tea.Cmd
}

// Pointed is a pane that takes the mouse. Coordinates are zero-based and
// inside the pane.
type Pointed interface {
	Click(x, y int) tea.Cmd
	Wheel(lines int) tea.Cmd
}

// Target is a place in a pane that a person can jump to: a tab, a row.
type Target struct {
	X, Y int // of its first cell, inside the pane
	Go   func() tea.Cmd
}

// Jumped is a pane that has more places to jump to than itself.
type Jumped interface{ Targets() []Target }

// Dragged is a pane in which the mouse selects. Coordinates are zero-based and
// inside the pane; those of a drag may be outside of it.
type Dragged interface {
	// Drag follows a click in the pane, with the button still held down.
	Drag(x, y int) tea.Cmd
	// DoubleClick follows a click at the same cell, in place of another click.
	DoubleClick(x, y int) tea.Cmd
}

// Told is what a pane says to the person through the status line.
type Told struct {
	Text string
	Bad  bool
}

// Tell makes a command that says something in the status line.
func Tell(text string) tea.Cmd { return func() tea.Msg { return Told{Text: text} } }

// Complain makes a command that says what went wrong in the status line.
func Complain(text string) tea.Cmd { return func() tea.Msg { return Told{Text: text, Bad: true} } }

// Copied asks the root to put text on the clipboard. What names it in words.
type Copied struct {
	Text string
	What string
	Note string // said behind it; "" where there is nothing to say
}

// CopyText makes a command that copies text.
func CopyText(what, text string) tea.Cmd {
	return func() tea.Msg { return Copied{Text: text, What: what} }
}

// Emit makes a command of a message.
func Emit(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }

// Just makes what an action does of a function that asks for nothing further.
func Just(f func()) func() tea.Cmd {
	return func() tea.Cmd { f(); return nil }
}
