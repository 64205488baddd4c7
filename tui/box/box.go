// Package box holds what opens over the panes: the palette, help, texts,
// questions and choices. A box takes what it needs and knows nothing of the
// explorer; what a person decides comes back as a command or a call.
package box

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/hint"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Box has all keys and the mouse while it is open. Coordinates of the mouse are
// inside its border, from 0.
type Box interface {
	Resize(screenW, screenH int)
	// Key takes a key; done closes the box.
	Key(msg tea.KeyMsg) (cmd tea.Cmd, done bool)
	Wheel(turns int) tea.Cmd
	Inside(screenX, screenY int) (x, y int, inside bool)
	Click(x, y int) (cmd tea.Cmd, done bool)
	// Update takes answers to the box's own commands.
	Update(msg tea.Msg) tea.Cmd
	View() string
	Keys() string // for the footer
	// Typing reports whether keys are text.
	Typing() bool
}

// Draw draws a box over the rows of a screen of width w.
func Draw(b Box, rows []string, w int) []string {
	if j, ok := b.(*Jump); ok {
		return j.draw(rows, w)
	}
	lines := strings.Split(b.View(), "\n")
	boxW := 0
	for _, l := range lines {
		boxW = max(boxW, ui.Width(l))
	}
	x, y := corner(w, len(rows), boxW, len(lines))
	for i, l := range lines[:min(len(lines), len(rows)-y)] {
		base := rows[y+i]
		rows[y+i] = ui.Cells(base, 0, x) + ui.Fit(l, boxW) + ui.Cells(base, x+boxW, w)
	}
	return rows
}

// frame is the size and the border that boxes share. What a box does not take
// itself does nothing.
type frame struct {
	theme  *ui.Theme
	keys   string             // what they do, for the footer
	opener keymap.ID          // its key closes the box, too
	typing bool               // keys are text
	w, h   int                // outer
	x, y   int                // of its corner on the screen
	screen struct{ w, h int } // around it
}

// Wheel implements Box.
func (b *frame) Wheel(int) tea.Cmd { return nil }

// Click implements Box.
func (b *frame) Click(int, int) (tea.Cmd, bool) { return nil, false }

// Update implements Box.
func (b *frame) Update(tea.Msg) tea.Cmd { return nil }

// Keys implements Box.
func (b *frame) Keys() string { return b.theme.Words(b.keys) }

// Typing implements Box.
func (b *frame) Typing() bool { return b.typing }

// Inside implements Box.
func (b *frame) Inside(x, y int) (int, int, bool) {
	x, y = x-b.x-1, y-b.y-1
	return x, y, x >= 0 && y >= 0 && x < b.w-2 && y < b.h-2
}

// listed is a box with a list, below rows that lead to it.
type listed struct {
	frame
	List   ui.List
	lead   []string
	choose func() (cmd tea.Cmd, done bool) // what is under the cursor; done closes the box
	points bool                            // a click chooses only what the cursor is on already
}

// Wheel moves the cursor.
func (b *listed) Wheel(turns int) tea.Cmd {
	b.List.Move(turns)
	return nil
}

// Key moves the cursor; enter chooses.
func (b *listed) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case b.List.Act(b.motion(msg)):
		return nil, false
	case msg.String() == "enter":
		return b.choose()
	}
	return nil, b.leaves(msg)
}

// Click chooses what is under the mouse.
func (b *listed) Click(_, y int) (tea.Cmd, bool) {
	before := b.List.Cursor
	if !b.List.Click(y-len(b.lead)) || b.points && b.List.Cursor != before {
		return nil, false
	}
	return b.choose()
}

// fit sets a size of at most w x h, of which other rows than those of the list take
// some.
func (b *listed) fit(screenW, screenH, w, h, others int) {
	b.within(screenW, screenH, w, h)
	b.List.Height = max(1, b.h-others)
	b.List.To(b.List.Cursor)
}

// lines draws the list in all of its rows, and what leads to it.
func (b *listed) lines(draw func(i int) string) []string {
	return ui.Rows(slices.Concat(b.lead, b.List.Lines(draw)), len(b.lead)+b.List.Height)
}

// sliver is how many columns beside a box are worth showing: of fewer nobody
// can make anything.
const sliver = 4

// within sets a size of at most w x h that leaves a row of the screen above and
// below, and columns beside it where there are enough of them.
func (b *frame) within(screenW, screenH, w, h int) {
	b.screen.w, b.screen.h = screenW, screenH
	b.w, b.h = max(10, min(w, screenW)), max(4, min(h, screenH-2))
	if screenW-b.w < 2*sliver {
		b.w = max(10, screenW)
	}
	b.x, b.y = corner(screenW, screenH, b.w, b.h)
}

// corner places a box in the middle of the screen.
func corner(screenW, screenH, w, h int) (x, y int) {
	return max(0, (screenW-w)/2), max(0, (screenH-h)/2)
}

// motion is what a key does in the list or the text of a box, as the person has
// set it; "" where it does something else, as with a paste, which is spelled in
// brackets.
func (b *frame) motion(msg tea.KeyMsg) keymap.ID {
	return b.theme.Keys().InList(msg.String(), b.typing)
}

// leaves reports whether a key closes the box: esc, the key that has opened it,
// and that of lists.close where nobody types. While somebody types, a character
// is text.
func (b *frame) leaves(msg tea.KeyMsg) bool {
	key, keys := msg.String(), b.theme.Keys()
	text := b.typing && utf8.RuneCountInString(key) == 1
	return keys.Leaves(key) || keys.Has(b.opener, key) && !text || !b.typing && keys.Has(keymap.ListsClose, key)
}

// said wraps a text to at most n rows of the box, indented.
func (b *frame) said(style ui.Style, text string, n int) []string {
	lines := ui.Prose(style, text, b.w-4, n)
	for i, l := range lines {
		lines[i] = " " + l
	}
	return lines
}

// noted says why what is typed was not taken; else a note on it.
func (b *frame) noted(err error, note string, n int) []string {
	if err != nil {
		return b.said(b.theme.Bad, "✗ "+ui.Safe(hint.Sentence(err)), n)
	}
	return b.said(b.theme.Muted, note, n)
}

// rule is a line across the box.
func (b *frame) rule() string { return b.theme.Border.Render(strings.Repeat("─", b.w-2)) }

// bordered draws lines inside the border.
func (b *frame) bordered(title, footer string, lines []string) string {
	return ui.Frame(b.theme, ui.FrameOpts{Title: title, Footer: footer, Focused: true, Width: b.w, Height: b.h},
		ui.Block(lines, b.w-2, b.h-2))
}

// Host is the host and path of a base URL, as a box shows where requests go.
func Host(base string) string {
	if u, err := url.Parse(base); err == nil && u.Host != "" {
		return u.Host + u.Path
	}
	return base
}
