package request

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/jsontext"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// purpose says what the line that is typed in the form is for.
type purpose int

const (
	forValue  purpose = iota // the value of the field under the cursor
	forName                  // the name of a new field
	forFilter                // finding fields by name
)

// fieldEdit is what is being typed in the form.
type fieldEdit struct {
	purpose purpose
	pointer string // of the field
	input   *ui.Input
	began   string
	raw     bool     // the text is JSON as it stands
	options []string // what the value can be chosen from
	err     error    // why it was not taken
}

func (p *Pane) currentRow() (*formRow, bool) {
	rows := p.formRows()
	if i := p.form.list.Cursor; i >= 0 && i < len(rows) {
		return rows[i], true
	}
	return nil, false
}

// typeInto opens the line to type in.
func (p *Pane) typeInto(e *fieldEdit, text string) {
	e.input, e.began = ui.NewInput(p.theme), text
	e.input.SetValue(text)
	e.input.Focus()
	p.form.edit = e
	p.complete.close()
}

// editField opens the value under the cursor; raw shows it as it stands in
// the body, quotes and all.
func (p *Pane) editField(r *formRow, raw bool) tea.Cmd {
	if why := r.locked(); why != nil {
		return ui.Complain(why.Error())
	}
	text := string(r.tree.Raw(r.node))
	if !raw {
		text = r.tree.Text(r.node)
	}
	p.typeInto(&fieldEdit{pointer: r.pointer, raw: raw, options: optionsOf(r)}, text)
	return nil
}

// locked says why a field's value cannot be changed: a fault of the text is
// in it or before it.
func (r *formRow) locked() error {
	if len(r.tree.Nodes) == 0 { // the body is not JSON at all: it must not be lost
		return r.tree.Broken()
	}
	if r.present() && !r.tree.Nodes[r.node].Whole || !r.present() && r.within >= 0 && !r.tree.Nodes[r.within].Whole {
		return r.tree.Broken()
	}
	return nil
}

// optionsOf lists what a value is chosen from.
func optionsOf(r *formRow) []string {
	switch {
	case r.prop == nil:
		return nil
	case len(r.prop.Enum) > 0:
		return r.prop.Enum
	case strings.HasPrefix(r.prop.Type, "boolean"):
		return []string{"true", "false"}
	}
	return nil
}

// isText reports whether what is typed for a field is the text of a string.
func (r *formRow) isText() bool {
	if r.prop != nil && r.prop.Type != "" && r.prop.Type != "any" {
		return slices.Contains(strings.Split(r.prop.Type, " or "), "string")
	}
	return r.kind() == jsontext.String
}

// typeForm returns a key to the line that is typed.
func (p *Pane) typeForm(msg tea.KeyMsg) tea.Cmd {
	e := p.form.edit
	key := msg.String()
	keys := p.theme.Keys()
	by := map[keymap.ID]int{keymap.ListsUp: -1, keymap.ListsDown: 1}[keys.InList(key, true)]
	action, _ := keys.Typed(keymap.Fields, key)
	switch {
	case key == "enter":
		return p.takeEdit()
	case e.purpose == forValue && action.ID == "fields.raw":
		p.toggleRaw()
		return nil
	case by != 0 && e.purpose == forFilter:
		p.form.list.Move(by)
		return nil
	case by != 0 && len(e.options) > 0:
		e.choose(by)
		return nil
	}
	if !e.input.Update(msg) {
		return nil
	}
	e.err = nil
	if e.purpose == forFilter {
		p.form.filter = e.input.Value()
		p.form.list.To(0)
	}
	return nil
}

// choose puts the next option into the line.
func (e *fieldEdit) choose(by int) {
	i := slices.Index(e.options, e.input.Value())
	if i < 0 && by < 0 {
		i = 0 // the last one comes before the first
	}
	i = (i + by + len(e.options)) % len(e.options)
	e.input.SetValue(e.options[i])
	e.err = nil
}

// toggleRaw turns between the text of a string and the JSON that it is.
func (p *Pane) toggleRaw() {
	e := p.form.edit
	r, ok := p.currentRow()
	if !ok {
		return
	}
	text := e.input.Value()
	switch {
	case !e.raw && r.isText():
		e.input.SetValue(string(jsontext.Quote(text)))
	case e.raw && strings.HasPrefix(text, `"`):
		if t := jsontext.Parse([]byte(text)); t.Fault == nil {
			e.input.SetValue(t.Text(0))
		}
	}
	e.raw = !e.raw
}

// leaveForm leaves what is typed as it was. It reports whether there was
// anything to leave.
func (p *Pane) leaveForm() bool {
	switch e := p.form.edit; {
	case e != nil:
		if e.purpose == forFilter {
			p.form.filter = ""
		}
		p.form.edit = nil
	case p.tab == fieldsTab && p.form.filter != "":
		p.form.filter = ""
	default:
		return false
	}
	return true
}

// TakeTyped takes the value that is being typed in the form, if there is one:
// what is on the screen is what is sent. It reports whether the body changed.
func (p *Pane) TakeTyped() bool {
	if e := p.form.edit; e == nil || e.purpose != forValue || e.input.Value() == e.began {
		return false
	}
	return p.takeEdit() != nil && p.form.edit == nil
}

// takeEdit takes what was typed.
func (p *Pane) takeEdit() tea.Cmd {
	e := p.form.edit
	if e.purpose == forFilter {
		p.form.edit = nil
		return nil
	}
	r, ok := p.currentRow()
	if !ok && e.purpose == forName {
		r, ok = p.wholeBody(), true
	}
	if !ok || r.pointer != e.pointer {
		p.form.edit = nil
		return ui.Complain("The field is not there any more")
	}
	text := e.input.Value()
	t := jsontext.Parse([]byte(text))
	switch {
	case e.purpose == forName:
		return p.addNamed(r, text)
	case e.raw && t.Fault != nil && text != e.began:
		e.err = fmt.Errorf("this is not JSON: %s (%s: text)", t.Fault.Says, p.keyNow("fields.raw"))
		return nil
	}
	p.form.edit = nil
	switch {
	case text == e.began:
		return nil
	case e.raw, !r.isText() && t.Fault == nil:
		return p.change(r.tree.Replace(r.node, bytes.TrimSpace([]byte(text))))
	case r.isText():
		return p.change(r.tree.SetText(r.node, text))
	}
	warning := fmt.Sprintf("Taken as a string: %s takes %s", r.name, withArticle(kindName(r)))
	return tea.Batch(p.change(r.tree.SetText(r.node, text)), ui.Tell(warning))
}

func kindName(r *formRow) string {
	if r.prop != nil && r.prop.Type != "" {
		return r.prop.Type
	}
	return map[jsontext.Kind]string{jsontext.Number: "number", jsontext.Literal: "boolean or null",
		jsontext.Object: "object", jsontext.Array: "array"}[r.kind()]
}

func withArticle(noun string) string {
	if noun != "" && strings.IndexByte("aeio", noun[0]) >= 0 {
		return "an " + noun
	}
	return "a " + noun
}

// change changes the body by one step, which the editor's undo takes back.
func (p *Pane) change(c jsontext.Change) tea.Cmd {
	c.Offset += p.form.mark
	return p.replaceIn(p.open(), c.Apply(p.editor.Bytes()))
}

// tried changes the body, if it can be changed so.
func (p *Pane) tried(c jsontext.Change, err error) tea.Cmd {
	if err != nil {
		return ui.Complain(err.Error())
	}
	return p.change(c)
}
