package tui

import (
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// overlay is a box over the screen that has all keys while it is open.
type overlay interface {
	resize(w, h int)
	key(msg tea.KeyMsg) (cmd tea.Cmd, done bool)
	mouse(msg tea.MouseMsg) tea.Cmd
	view() string
	keys() string // for the footer
	typing() bool
}

// givesWay reports whether the palette may open in a box's place: a question
// must be answered, and what is typed is text.
func givesWay(o overlay) bool {
	switch o.(type) {
	case *confirmBox, *jumpBox:
		return false
	}
	return !o.typing()
}

func (a *App) open(o overlay) {
	a.overlay = o
	o.resize(a.layout.width, a.layout.height)
}

// overlayKey gives the key to the overlay. ctrl+c means the same everywhere.
func (a *App) overlayKey(msg tea.KeyMsg) tea.Cmd {
	if msg.String() == "ctrl+c" {
		a.overlay = nil
		return a.interrupt()
	}
	if msg.Type == tea.KeyRunes && len(msg.Runes) > 1 && !msg.Alt && !msg.Paste && !a.overlay.typing() {
		return a.eachRune(msg)
	}
	current := a.overlay
	if a.keys.Has(keymap.Palette, msg.String()) && givesWay(current) {
		a.overlay = nil
		return a.openPalette()
	}
	cmd, done := current.key(msg)
	if done && a.overlay == current {
		a.overlay = nil
	}
	return cmd
}

// box is the size and the frame that all overlays share.
type box struct {
	theme *ui.Theme
	w, h  int // outer
	x, y  int // of its corner on the screen
}

// sliver is how many columns beside a box are worth showing: of fewer nobody
// can make anything.
const sliver = 4

// within sets a size of at most w x h that leaves a row of the screen above and
// below, and columns beside it where there are enough of them.
func (b *box) within(screenW, screenH, w, h int) {
	b.w, b.h = max(10, min(w, screenW)), max(4, min(h, screenH-2))
	if screenW-b.w < 2*sliver {
		b.w = max(10, screenW)
	}
	b.x, b.y = corner(screenW, screenH, b.w, b.h)
}

// motion is what a key does in the list or the text of a box, as the person has
// set it; "" where it does something else.
func (b *box) motion(msg tea.KeyMsg, typing bool) keymap.ID {
	if msg.Paste {
		return ""
	}
	return b.theme.Keys().InList(msg.String(), typing)
}

// leaves reports whether a key closes the box: esc, the key that has opened it,
// and that of lists.close where nobody types. While somebody types, a character
// is text.
func (b *box) leaves(msg tea.KeyMsg, opener keymap.ID, typing bool) bool {
	key, keys := msg.String(), b.theme.Keys()
	if msg.Paste {
		return false
	}
	text := typing && utf8.RuneCountInString(key) == 1
	return keys.Leaves(key) || keys.Has(opener, key) && !text || !typing && keys.Has(keymap.ListsClose, key)
}

// corner places a box in the middle of the screen.
func corner(screenW, screenH, w, h int) (x, y int) {
	return max(0, (screenW-w)/2), max(0, (screenH-h)/2)
}

// clicked is an overlay that takes clicks. Coordinates are inside its frame,
// from 0.
type clicked interface {
	at(x, y int) (innerX, innerY int, inside bool)
	click(x, y int) (cmd tea.Cmd, done bool)
}

func (b *box) at(x, y int) (int, int, bool) {
	x, y = x-b.x-1, y-b.y-1
	return x, y, x >= 0 && y >= 0 && x < b.w-2 && y < b.h-2
}

// overlayMouse gives the mouse to the overlay; a click beside it leaves it, as
// esc does.
func (a *App) overlayMouse(msg tea.MouseMsg) tea.Cmd {
	current := a.overlay
	c, ok := current.(clicked)
	if !ok || msg.Action != tea.MouseActionPress || msg.Button != tea.MouseButtonLeft {
		return current.mouse(msg)
	}
	var cmd tea.Cmd
	var done bool
	if x, y, inside := c.at(msg.X, msg.Y); inside {
		cmd, done = c.click(x, y)
	} else {
		cmd, done = current.key(tea.KeyMsg{Type: tea.KeyEsc})
	}
	if done && a.overlay == current {
		a.overlay = nil
	}
	return cmd
}

// above draws a list in all of its rows, and a rule below them.
func (b *box) above(l *ui.List, draw func(i int) string) []string {
	lines := l.Lines(draw)
	for len(lines) < l.Height {
		lines = append(lines, "")
	}
	return append(lines, b.rule())
}

// rule is a line across the box.
func (b *box) rule() string { return b.theme.Border.Render(strings.Repeat("─", max(0, b.w-2))) }

func (b *box) frame(title, footer string, lines []string) string {
	return ui.Frame(b.theme, ui.FrameOpts{Title: title, Footer: footer, Focused: true, Width: b.w, Height: b.h},
		ui.Block(lines, b.w-2, b.h-2))
}
