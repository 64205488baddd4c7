package export

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/export"
	"countersign/apiclient/hint"
	"countersign/apiclient/redact"
	"countersign/tui/box"
	"countersign/tui/ui"
)

// Made is an exchange in the form that was chosen, to be saved.
type Made struct {
	Name string // that is offered for the file
	Data []byte
	Note string // said once it is saved; "": nothing
}

// pageForm is the evidence page among the forms.
const pageForm = "html"

// NewForms makes the box that chooses a form. in returns what is made of it then.
// page writes the evidence page into a new file; nil: there is no exchange to prove
// something of.
func NewForms(theme *ui.Theme, in func() export.Input, page func(reveal bool) tea.Cmd) box.Box {
	var all []box.Choice
	for _, f := range export.Formats() {
		all = append(all, box.Choice{Name: f.Name, Title: f.Title})
	}
	if page != nil {
		all = append(all, box.Choice{Name: pageForm, Title: "evidence page, proves itself in a browser; to a new file"})
	}
	return box.NewFormats(theme, all, func(c box.Chosen) tea.Cmd {
		if c.Name == pageForm {
			return page(c.Reveal)
		}
		return write(in(), c)
	})
}

// write makes the form outside of Update, as a body may be large: the answer is
// ui.Copied or Made.
func write(in export.Input, c box.Chosen) tea.Cmd {
	if c.Reveal {
		in.Redactor = redact.Reveal()
	}
	return func() tea.Msg {
		f, err := export.FormatNamed(c.Name)
		if err != nil {
			return ui.Told{Text: hint.Sentence(err), Bad: true}
		}
		out, err := f.Write(in)
		if err != nil {
			return ui.Told{Text: hint.Sentence(err), Bad: true}
		}
		note := ""
		if len(out.Notes) > 0 {
			note = out.Notes[0]
		}
		if c.Save {
			return Made{FileName(&in.Exchange) + f.Ext, out.Data, note}
		}
		return ui.Copied{What: f.Title, Text: string(out.Data), Note: note}
	}
}
