package box

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/hint"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Field is a line of a form.
type Field struct {
	Label, Value string
	Note         string   // what it means
	Choices      []string // the values that there are; nil: any text
}

// Form asks for several lines of text at once.
type Form struct {
	frame
	title  string
	fields []Field
	inputs []*ui.Input
	at     int
	done   func(values []string) (tea.Cmd, error)
	err    error
	notes  []string // about the field that is typed in; wrapped
}

// NewForm makes the box. done takes the values in the order of the fields, or says
// why not; err is why they were not taken before.
func NewForm(theme *ui.Theme, title string, fields []Field, err error, done func([]string) (tea.Cmd, error)) *Form {
	f := &Form{frame: frame{theme: theme}, title: title, fields: fields, done: done, err: err}
	for _, field := range fields {
		in := ui.NewInput(theme)
		in.SetValue(field.Value)
		f.inputs = append(f.inputs, in)
	}
	f.to(0)
	return f
}

func (f *Form) to(i int) {
	f.inputs[f.at].Blur()
	f.at = (i + len(f.inputs)) % len(f.inputs)
	f.inputs[f.at].Focus()
}

// noteRows is the least room for what is said of a field, so that the box stays
// as it is from one to the next.
const noteRows = 3

// Resize implements Box.
func (f *Form) Resize(w, h int) {
	f.within(w, h, 90, h)
	for _, in := range f.inputs {
		in.Resize(f.w - 5 - f.labels())
	}
	style, note := f.theme.Muted, f.fields[f.at].Note
	if f.err != nil {
		style, note = f.theme.Bad, "✗ "+ui.Safe(hint.Sentence(f.err))
	}
	f.notes = []string{f.rule()}
	for _, l := range ui.AtMost(ui.Words(note, max(1, f.w-4)), max(1, h-5-len(f.fields)), max(1, f.w-4)) {
		f.notes = append(f.notes, " "+style.Render(l))
	}
	f.within(w, h, 90, 2+len(f.fields)+max(1+noteRows, len(f.notes)))
}

func (f *Form) labels() int {
	w := 0
	for _, field := range f.fields {
		w = max(w, ui.Width(field.Label))
	}
	return w
}

// Key implements Box.
func (f *Form) Key(msg tea.KeyMsg) (cmd tea.Cmd, done bool) {
	if f.leaves(msg, "", true) {
		return nil, true
	}
	defer func() { f.Resize(f.screen.w, f.screen.h) }()
	switch key, keys := msg.String(), f.theme.Keys(); {
	case msg.Paste:
	case key == "enter":
		values := make([]string, len(f.inputs))
		for i, in := range f.inputs {
			values[i] = in.Value()
		}
		cmd, f.err = f.done(values)
		return cmd, f.err == nil
	case key == "down" || keys.Has(keymap.Next, key):
		f.to(f.at + 1)
		return nil, false
	case key == "up" || keys.Has(keymap.Previous, key):
		f.to(f.at - 1)
		return nil, false
	case f.choose(key):
		return nil, false
	}
	if f.fields[f.at].Choices == nil && f.inputs[f.at].Update(msg) {
		f.err = nil
	}
	return nil, false
}

// choose takes the next value of a field that has some.
func (f *Form) choose(key string) bool {
	all, by := f.fields[f.at].Choices, map[string]int{" ": 1, "right": 1, "left": -1}[key]
	if all == nil || by == 0 {
		return false
	}
	i := slices.Index(all, f.inputs[f.at].Value())
	f.inputs[f.at].SetValue(all[(i+by+len(all))%len(all)])
	f.err = nil
	return true
}

// Click goes to a field.
func (f *Form) Click(_, y int) (tea.Cmd, bool) {
	if y < len(f.inputs) {
		f.to(y)
		f.Resize(f.screen.w, f.screen.h)
	}
	return nil, false
}

// View implements Box.
func (f *Form) View() string {
	var lines []string
	for i, field := range f.fields {
		style := f.theme.Muted
		if i == f.at {
			style = f.theme.Accent
		}
		lines = append(lines, " "+style.Render(ui.Fit(field.Label, f.labels()))+"  "+f.inputs[i].View())
	}
	return f.bordered(ui.Safe(f.title), f.Keys(), append(lines, f.notes...))
}

// Keys implements Box.
func (f *Form) Keys() string {
	keys := "enter starts · {focus.next} next"
	if f.fields[f.at].Choices != nil {
		keys += " · space another"
	}
	return f.theme.Words(keys + " · {cancel} closes")
}

// Typing implements Box.
func (f *Form) Typing() bool { return true }
