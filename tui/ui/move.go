package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
)

// Move is a step in a list or a text: by lines or pages, down where it is
// positive, or to the start (-1) or the end (1).
type Move struct{ Lines, Pages, End int }

// Rows are the steps on pages of so many rows as lines; an end is further than
// any list or text is long.
func (m Move) Rows(page int) int { return m.Lines + m.Pages*max(1, page-1) + m.End*(1<<30) }

// Moves are the actions that move in a pane. verb says what they do, first and
// last what its ends are: "Go", "the newest run", "the oldest run".
func Moves(scope keymap.Scope, verb, first, last string, do func(Move) tea.Cmd) keymap.Actions {
	row := func(name string, m Move, long string, keys ...string) keymap.Action {
		return keymap.Action{
			ID: keymap.ID(scope) + keymap.ID("."+name), Scope: scope, Keys: keymap.On(keys...), Long: verb + " " + long,
			Do: func() tea.Cmd { return do(m) },
		}
	}
	return keymap.Actions{
		row("up", Move{Lines: -1}, "up", "up", "k"),
		row("down", Move{Lines: 1}, "down", "down", "j"),
		row("page-up", Move{Pages: -1}, "up a page", "pgup"),
		row("page-down", Move{Pages: 1}, "down a page", "pgdown"),
		row("top", Move{End: -1}, "to "+first, "home", "g"),
		row("bottom", Move{End: 1}, "to "+last, "end", "G"),
	}
}

// Scrolls are Moves where one reads: b and the space bar turn pages too.
func Scrolls(scope keymap.Scope, verb string, do func(Move) tea.Cmd) keymap.Actions {
	rows := Moves(scope, verb, "the start", "the end", do)
	rows[2].Keys, rows[3].Keys = keymap.On("pgup", "b"), keymap.On("pgdown", " ")
	return rows
}

// moves are the actions of the scope keymap.Lists.
var moves = map[keymap.ID]Move{
	keymap.ListsUp: {Lines: -1}, keymap.ListsDown: {Lines: 1}, keymap.ListsPageUp: {Pages: -1},
	keymap.ListsPageDn: {Pages: 1},
	keymap.ListsTop:    {End: -1}, keymap.ListsBottom: {End: 1},
}

// MoveOf returns how an action of the scope keymap.Lists moves. It reports
// whether it does.
func MoveOf(id keymap.ID) (m Move, moved bool) {
	m, moved = moves[id]
	return m, moved
}

// Turned is how far the wheel was turned: 1 is down, 0 is another message.
func Turned(msg tea.MouseMsg) int {
	switch msg.Button {
	case tea.MouseButtonWheelUp:
		return -1
	case tea.MouseButtonWheelDown:
		return 1
	}
	return 0
}
