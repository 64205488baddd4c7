package box

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

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
	f := &Form{frame: frame{theme: theme, typing: true}, title: title, fields: fields, done: done, err: err}
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
	f.notes = append([]string{f.rule()}, f.noted(f.err, f.fields[f.at].Note, max(1, h-5-len(f.fields)))...)
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
	if f.leaves(msg) {
		return nil, true
	}
	switch key, keys := msg.String(), f.theme.Keys(); {
	case key == "enter":
		values := make([]string, len(f.inputs))
		for i, in := range f.inputs {
			values[i] = in.Value()
		}
		cmd, f.err = f.done(values)
		done = f.err == nil
	case key == "down" || keys.Has(keymap.Next, key):
		f.to(f.at + 1)
	case key == "up" || keys.Has(keymap.Previous, key):
		f.to(f.at - 1)
	default:
		f.update(msg)
	}
	f.Resize(f.screen.w, f.screen.h)
	return cmd, done
}

// update changes the value of a field: of one that has choices to the next of them.
func (f *Form) update(msg tea.KeyMsg) {
	in, all := f.inputs[f.at], f.fields[f.at].Choices
	by := map[string]int{" ": 1, "right": 1, "left": -1}[msg.String()]
	switch {
	case all != nil && by != 0:
		in.SetValue(all[(slices.Index(all, in.Value())+by+len(all))%len(all)])
	case all != nil || !in.Update(msg):
		return
	}
	f.err = nil
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
