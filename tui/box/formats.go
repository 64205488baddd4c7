package box

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Choice is a form in which the request can be copied.
type Choice struct{ Name, Title string }

// Chosen is what a person does with a form.
type Chosen struct {
	Name   string // of the form
	Reveal bool   // mask nothing
	Save   bool   // to a file, not to the clipboard
}

// Formats chooses a form to copy or save an exchange in.
type Formats struct {
	listed
	all    []Choice
	reveal bool
	chosen func(Chosen) tea.Cmd
}

// NewFormats makes the box. chosen takes what is chosen.
func NewFormats(theme *ui.Theme, all []Choice, chosen func(Chosen) tea.Cmd) *Formats {
	f := &Formats{listed: listed{frame: frame{theme: theme}}, all: all, chosen: chosen}
	f.List.Len = len(all)
	return f
}

// Resize implements Box.
func (f *Formats) Resize(w, h int) {
	f.within(w, h, 76, len(f.all)+4)
	f.List.Height = max(1, f.h-4)
	f.List.To(f.List.Cursor)
}

// Key implements Box.
func (f *Formats) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if f.List.Act(f.motion(msg, false)) {
		return nil, false
	}
	switch msg.String() {
	case "enter", "y":
		return f.choose(false), true
	case "s":
		return f.choose(true), true
	case "r":
		f.reveal = !f.reveal
		return nil, false
	}
	return nil, f.leaves(msg, keymap.Export, false)
}

func (f *Formats) choose(save bool) tea.Cmd {
	return f.chosen(Chosen{Name: f.all[f.List.Cursor].Name, Reveal: f.reveal, Save: save})
}

// Click points at a form; a second click copies it.
func (f *Formats) Click(_, y int) (tea.Cmd, bool) {
	before := f.List.Cursor
	if !f.List.Click(y) || f.List.Cursor != before {
		return nil, false
	}
	return f.choose(false), true
}

// Keys implements Box.
func (f *Formats) Keys() string {
	return f.theme.Words("enter copies · s saves · r secrets · {cancel} closes")
}

// View implements Box.
func (f *Formats) View() string {
	says := "Secrets are masked: r writes them too"
	style := f.theme.Muted
	if f.reveal {
		says, style = "! Secrets are written as they are: r masks them", f.theme.Warn
	}
	lines := append(f.above(f.line), " "+style.Render(ui.Truncate(says, max(0, f.w-4))))
	return f.bordered("Copy as", fmt.Sprintf("%d · ", len(f.all))+f.theme.Words("enter copies · s saves"), lines)
}

func (f *Formats) line(i int) string {
	c := f.all[i]
	nameW := min(12, max(4, f.w/3))
	text := " " + ui.Fit(ui.Truncate(c.Name, nameW), nameW) + " " + ui.Truncate(c.Title, max(0, f.w-nameW-5))
	if i == f.List.Cursor {
		return f.theme.Selection.Render(ui.Fit(text, max(0, f.w-2)))
	}
	return f.theme.Text.Render(text)
}
