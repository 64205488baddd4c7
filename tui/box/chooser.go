package box

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// chooser ticks ways in which something goes wrong, listed under headings. Each
// choice counts at once, for what is sent from then on.
type chooser struct {
	listed
	Chosen []string // names
	Rows   []chooserRow
	words  chooserWords
	bottom int // rows that explain the one under the cursor
	done   func(chosen []string) tea.Cmd
	send   func() tea.Cmd
}

// chooserRow is one way, or a heading of some.
type chooserRow struct {
	Name     string // "" of a heading
	text     string
	aside    string // the name or the meaning, muted, where there is room
	right    bool   // aside stands at the end of the row
	explains string
	cannot   bool                   // it cannot be chosen here
	excludes func(name string) bool // reports what it cannot be chosen with; nil: nothing
}

// chooserWords are what a chooser is called.
type chooserWords struct {
	title, chosen string // chosen: the title once something is chosen
	clear         string // what taking all back is called
	opener        keymap.ID
	explain       int // rows that explain, where there is room
}

func (b *chooser) fill(rows []chooserRow) {
	b.Rows = rows
	b.List.Len = len(rows)
	b.List.Heading = func(i int) bool { return rows[i].Name == "" }
	b.List.Move(0)
}

// Resize implements Box.
func (b *chooser) Resize(w, h int) {
	b.within(w, h, 96, len(b.Rows)+2+b.words.explain+1)
	b.bottom = b.words.explain
	if b.h < 14 {
		b.bottom = min(2, b.bottom)
	}
	b.List.Height = max(1, b.h-2-b.bottom-1)
	b.List.To(b.List.Cursor)
}

// Key implements Box.
func (b *chooser) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if b.theme.Keys().Has(keymap.Send, msg.String()) {
		return b.send(), true
	}
	does := b.motion(msg, false)
	switch {
	case b.List.Act(does):
		return nil, false
	case does == keymap.ListsTick, msg.String() == "enter":
		return b.toggle(), false
	case does == keymap.ListsClear:
		b.Chosen = nil
		return b.done(nil), false
	}
	return nil, b.leaves(msg, b.words.opener, false)
}

// Click chooses what is under the mouse, or takes it back.
func (b *chooser) Click(_, y int) (tea.Cmd, bool) {
	if i := b.List.Offset + y; i >= len(b.Rows) || b.Rows[i].Name == "" || !b.List.Click(y) {
		return nil, false
	}
	return b.toggle(), false
}

// toggle chooses what is under the cursor, or takes it back; what it excludes is
// taken back with the choice.
func (b *chooser) toggle() tea.Cmd {
	r := b.Rows[b.List.Cursor]
	switch {
	case r.Name == "" || r.cannot:
		return nil
	case slices.Contains(b.Chosen, r.Name):
		b.Chosen = slices.DeleteFunc(slices.Clone(b.Chosen), func(name string) bool { return name == r.Name })
	default:
		b.Chosen = slices.DeleteFunc(slices.Clone(b.Chosen),
			func(name string) bool { return r.excludes != nil && r.excludes(name) })
		b.Chosen = append(b.Chosen, r.Name)
	}
	return b.done(b.Chosen)
}

// Keys implements Box.
func (b *chooser) Keys() string {
	return b.theme.Words("{lists.up}{lists.down} · {lists.tick} chooses · {lists.clear} " + b.words.clear +
		" · {send} sends · {cancel} closes")
}

// View implements Box.
func (b *chooser) View() string {
	title := b.words.title
	if n := len(b.Chosen); n > 0 {
		title = fmt.Sprintf("%s · %d chosen", b.words.chosen, n)
	}
	lines := b.above(b.line)
	for _, l := range ui.Prose(b.theme.Text, ui.Safe(b.Rows[b.List.Cursor].explains), b.w-4, b.bottom) {
		lines = append(lines, " "+l)
	}
	footer := b.theme.Words(" · {lists.tick} chooses · {lists.clear} " + b.words.clear + " · {cancel} closes")
	return b.bordered(title, b.place()+footer, lines)
}

// place says which of how many the cursor is on: the list is longer than most
// screens.
func (b *chooser) place() string {
	at, all := 0, 0
	for i, r := range b.Rows {
		if r.Name != "" {
			if all++; i <= b.List.Cursor {
				at++
			}
		}
	}
	return fmt.Sprintf("%d of %d", at, all)
}

func (b *chooser) line(i int) string {
	r, w := b.Rows[i], b.w-2
	if r.Name == "" {
		return " " + b.theme.Title.Render(ui.Truncate(r.text, max(0, w-1)))
	}
	sign, style := "○ ", b.theme.Text
	switch {
	case slices.Contains(b.Chosen, r.Name):
		sign, style = "● ", b.theme.Warn
	case r.cannot:
		sign, style = "– ", b.theme.Muted
	}
	text, aside := r.fit(max(0, w-3-ui.Width(sign)))
	if i == b.List.Cursor {
		return b.theme.Selection.Render("   " + sign + text + aside)
	}
	return "   " + style.Render(sign+text) + b.theme.Muted.Render(aside)
}

// fit returns a row's text and what stands beside it, w cells together.
func (r chooserRow) fit(w int) (text, aside string) {
	if r.right {
		aside = "  " + r.aside + " "
		if ui.Width(r.text)+ui.Width(aside) > w {
			aside = ""
		}
		room := w - ui.Width(aside)
		return ui.Fit(ui.Truncate(r.text, room), room), aside
	}
	text = ui.Truncate(r.text, w)
	room := w - ui.Width(text)
	return text, ui.Fit(ui.Truncate("  "+r.aside, room), room)
}
