package box

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Chooser ticks ways in which something goes wrong, listed under headings. Each
// choice counts at once, for what is sent from then on.
type Chooser struct {
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
	explain       int    // rows that explain, where there is room
}

// newChooser makes the box. done takes each choice, send sends the request.
func newChooser(theme *ui.Theme, opener keymap.ID, words chooserWords, rows []chooserRow, chosen []string,
	done func([]string) tea.Cmd, send func() tea.Cmd) *Chooser {
	b := &Chooser{words: words, Rows: rows, Chosen: chosen, done: done, send: send}
	b.frame = frame{theme: theme, opener: opener, keys: "{lists.up}{lists.down} · {lists.tick} chooses · {lists.clear} " +
		words.clear + " · {send} sends · {cancel} closes"}
	b.choose = func() (tea.Cmd, bool) { return b.toggle(), false }
	b.List.Len = len(rows)
	b.List.Heading = func(i int) bool { return rows[i].Name == "" }
	b.List.Move(0)
	return b
}

// Resize implements Box.
func (b *Chooser) Resize(w, h int) {
	rows := len(b.Rows) + 3 + b.words.explain
	if b.bottom = b.words.explain; min(rows, h-2) < 14 {
		b.bottom = min(2, b.bottom)
	}
	b.fit(w, h, 96, rows, 3+b.bottom)
}

// Key implements Box.
func (b *Chooser) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if b.theme.Keys().Has(keymap.Send, msg.String()) {
		return b.send(), true
	}
	switch b.motion(msg) {
	case keymap.ListsTick:
		return b.choose()
	case keymap.ListsClear:
		b.Chosen = nil
		return b.done(nil), false
	}
	return b.listed.Key(msg)
}

// toggle chooses what is under the cursor, or takes it back; what it excludes is
// taken back with the choice.
func (b *Chooser) toggle() tea.Cmd {
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

// View implements Box.
func (b *Chooser) View() string {
	title := b.words.title
	if n := len(b.Chosen); n > 0 {
		title = fmt.Sprintf("%s · %d chosen", b.words.chosen, n)
	}
	lines := append(b.lines(b.line), b.rule())
	lines = append(lines, b.said(b.theme.Text, ui.Safe(b.Rows[b.List.Cursor].explains), b.bottom)...)
	footer := b.theme.Words(" · {lists.tick} chooses · {lists.clear} " + b.words.clear + " · {cancel} closes")
	return b.bordered(title, b.place()+footer, lines)
}

// place says which of how many the cursor is on: the list is longer than most
// screens.
func (b *Chooser) place() string {
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

func (b *Chooser) line(i int) string {
	r, w, t := b.Rows[i], b.w-2, b.theme
	if r.Name == "" {
		return " " + t.Title.Render(ui.Truncate(r.text, w-1))
	}
	sign, style := "○ ", t.Text
	switch {
	case slices.Contains(b.Chosen, r.Name):
		sign, style = "● ", t.Warn
	case r.cannot:
		sign, style = "– ", t.Muted
	}
	text, aside := r.fit(w - 3 - ui.Width(sign))
	return t.Row(i == b.List.Cursor, w, style.On("   "+sign+text), t.Muted.On(aside))
}

// fit returns a row's text and what stands beside it, in w cells together.
func (r chooserRow) fit(w int) (text, aside string) {
	aside = "  " + r.aside + " "
	switch {
	case !r.right:
		text = ui.Truncate(r.text, w)
		return text, ui.Truncate("  "+r.aside, w-ui.Width(text))
	case ui.Width(r.text)+ui.Width(aside) > w:
		aside = ""
	}
	return ui.Fit(r.text, w-ui.Width(aside)), aside
}

// Fault is a way in which the other side misbehaves when it is asked to, or the
// heading of some.
type Fault struct {
	Name, Says string
	Heading    bool
}

// NewFaults makes the box that chooses how the built-in Super App misbehaves.
func NewFaults(theme *ui.Theme, faults []Fault, chosen []string, done func([]string) tea.Cmd,
	send func() tea.Cmd) *Chooser {
	rows := make([]chooserRow, len(faults))
	for i, f := range faults {
		rows[i] = chooserRow{Name: f.Name, text: f.Name, aside: f.Says, explains: f.Says}
		if f.Heading {
			rows[i] = chooserRow{text: f.Name}
		}
	}
	return newChooser(theme, keymap.Faults, chooserWords{
		title:  "Let the built-in Super App misbehave, to test your code",
		chosen: "The built-in Super App misbehaves", clear: "ends all", explain: 2,
	}, rows, chosen, done, send)
}
