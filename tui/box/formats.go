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
	f := &Formats{all: all, chosen: chosen}
	f.frame = frame{theme: theme, opener: keymap.Export, keys: "enter copies · s saves · r secrets · {cancel} closes"}
	f.List.Len, f.points = len(all), true
	f.choose = func() (tea.Cmd, bool) { return f.take(false), true }
	return f
}

// Resize implements Box.
func (f *Formats) Resize(w, h int) { f.fit(w, h, 76, len(f.all)+4, 4) }

// Key implements Box.
func (f *Formats) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if f.motion(msg) == "" {
		switch msg.String() {
		case "y":
			return f.choose()
		case "s":
			return f.take(true), true
		case "r":
			f.reveal = !f.reveal
		}
	}
	return f.listed.Key(msg)
}

func (f *Formats) take(save bool) tea.Cmd {
	return f.chosen(Chosen{Name: f.all[f.List.Cursor].Name, Reveal: f.reveal, Save: save})
}

// View implements Box.
func (f *Formats) View() string {
	says := "Secrets are masked: r writes them too"
	style := f.theme.Muted
	if f.reveal {
		says, style = "! Secrets are written as they are: r masks them", f.theme.Warn
	}
	lines := append(f.lines(f.line), f.rule(), " "+style.Render(ui.Truncate(says, f.w-4)))
	return f.bordered("Copy as", fmt.Sprintf("%d · ", len(f.all))+f.theme.Words("enter copies · s saves"), lines)
}

func (f *Formats) line(i int) string {
	c := f.all[i]
	nameW := min(12, max(4, f.w/3))
	text := " " + ui.Fit(c.Name, nameW) + " " + ui.Truncate(c.Title, f.w-nameW-5)
	return f.theme.Row(i == f.List.Cursor, f.w-2, f.theme.Text.On(text))
}
