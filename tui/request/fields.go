package request

import (
	"bytes"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/jsontext"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Tab is the scope of the open tab, where it has keys of its own.
func (p *Pane) Tab() keymap.Scope {
	if p.tab == fieldsTab {
		return keymap.Fields
	}
	return keymap.Request
}

// refusesField says why an action on the field under the cursor is not
// possible now.
func (p *Pane) refusesField(id keymap.ID) string {
	if p.tab != fieldsTab {
		return p.theme.Words("It works on the Fields tab: {request.tab-next} opens it")
	}
	r, ok := p.currentRow()
	switch id {
	case keymap.FieldsUndo, keymap.FieldsRedo:
		return ""
	case keymap.FieldsFilter, keymap.FieldsFoldAll:
		if !ok && p.form.filter == "" {
			return "There are no fields"
		}
		return ""
	}
	switch {
	case p.form.edit != nil:
		return p.theme.Words("enter takes what is typed, {cancel} leaves it")
	case p.editor.Len() > maxForm:
		return "The body is too large for a form: edit it as text"
	case !ok && id == keymap.FieldsAdd && p.form.filter == "":
		return p.refusesFirst()
	case !ok:
		return "There is no field here"
	case id == keymap.FieldsEdit, id == keymap.FieldsAdd:
		return ""
	case id == keymap.FieldsFold:
		if !r.container() && !r.boolean() {
			return "There is nothing in this field to fold"
		}
		return ""
	case !r.present():
		return p.theme.Words("This field is not in the body: {fields.edit} adds it")
	}
	if id == keymap.FieldsGo {
		return ""
	}
	if why := r.locked(); why != nil {
		return why.Error()
	}
	return ""
}

// actOnField does an action of the Fields tab. It reports whether it is one.
func (p *Pane) actOnField(id keymap.ID) (tea.Cmd, bool) {
	act, ok := fieldActs[id]
	if !ok {
		return nil, false
	}
	r, ok := p.currentRow()
	if !ok {
		r = p.wholeBody()
	}
	return act(p, r), true
}

// wholeBody is the row that stands for the body itself: where there is no field
// yet, the first one is added to it.
func (p *Pane) wholeBody() *formRow {
	p.formRows()
	r := &formRow{tree: p.form.tree, node: -1, within: -1}
	switch {
	case r.tree == nil || len(bytes.TrimSpace(r.tree.Doc)) == 0:
		r.tree = jsontext.Parse([]byte("{}")) // what the first field makes of it
	case len(r.tree.Nodes) > 0:
		r.node = 0
	}
	return r
}

// refusesFirst says why no first field can be added.
func (p *Pane) refusesFirst() string {
	r := p.wholeBody()
	if why := r.locked(); why != nil {
		return why.Error()
	}
	if k := r.tree.Nodes[0].Kind; k != jsontext.Object && k != jsontext.Array {
		return "The body is one value: it has no room for a field. Edit it as text"
	}
	return ""
}

var fieldActs = map[keymap.ID]func(*Pane, *formRow) tea.Cmd{
	keymap.FieldsEdit: (*Pane).openField,
	keymap.FieldsFold: func(p *Pane, r *formRow) tea.Cmd {
		if r.boolean() {
			return p.change(r.tree.Replace(r.node, []byte(map[string]string{"true": "false", "false": "true"}[r.value])))
		}
		p.fold(r.pointer, !r.folded)
		return nil
	},
	keymap.FieldsFoldAll: func(p *Pane, _ *formRow) tea.Cmd { return p.foldAll() },
	keymap.FieldsRemove:  (*Pane).removeField,
	keymap.FieldsNull: func(p *Pane, r *formRow) tea.Cmd {
		return p.change(r.tree.Replace(r.node, []byte("null")))
	},
	keymap.FieldsRaw: func(p *Pane, r *formRow) tea.Cmd { return p.editField(r, true) },
	keymap.FieldsAdd: (*Pane).addItem,
	keymap.FieldsUndo: func(p *Pane, _ *formRow) tea.Cmd {
		return p.stepped(p.editor.Undo(), "There is nothing to undo")
	},
	keymap.FieldsRedo: func(p *Pane, _ *formRow) tea.Cmd {
		return p.stepped(p.editor.Redo(), "There is nothing to do again")
	},
	keymap.FieldsFilter: func(p *Pane, _ *formRow) tea.Cmd {
		p.typeInto(&fieldEdit{purpose: forFilter}, p.form.filter)
		return nil
	},
	keymap.FieldsGo: func(p *Pane, r *formRow) tea.Cmd {
		p.editor.SetCursor(p.form.mark + r.tree.Place(r.node))
		p.startEditing()
		return nil
	},
}

// openField is the enter key: what it does depends on the field.
func (p *Pane) openField(r *formRow) tea.Cmd {
	switch {
	case !r.present():
		return p.addField(r)
	case r.container():
		p.fold(r.pointer, !r.folded)
		return nil
	}
	return p.editField(r, false)
}

func (p *Pane) stepped(did bool, otherwise string) tea.Cmd {
	if !did {
		return ui.Tell(otherwise)
	}
	return ui.Emit(Edited{})
}

// boolean reports whether a value is true or false.
func (r *formRow) boolean() bool {
	return r.kind() == jsontext.Literal && (r.value == "true" || r.value == "false")
}

func (p *Pane) fold(pointer string, folded bool) {
	p.form.folds[pointer] = folded
	p.form.turned++
}

func (p *Pane) unfold(r *formRow) { p.fold(r.pointer, false) }

// foldAll folds what is open, or opens all where nothing is.
func (p *Pane) foldAll() tea.Cmd {
	rows, open := p.formRows(), false
	for _, r := range rows {
		open = open || r.container() && r.present() && !r.folded
	}
	p.form.folds = map[string]bool{} // what is not there, and what is long, stays folded
	for _, r := range rows {
		if r.container() && r.present() && open {
			p.form.folds[r.pointer] = true
		}
	}
	p.form.turned++
	return nil
}

// copyField copies the value under the cursor, as it reads; of a field that is
// not there, its path.
func (p *Pane) copyField() tea.Cmd {
	r, ok := p.currentRow()
	switch {
	case !ok:
		return nil
	case r.present():
		return ui.CopyText("value of "+r.pointer, r.tree.Text(r.node))
	}
	return ui.CopyText("field path", r.pointer)
}

// moveField moves the cursor over the fields.
func (p *Pane) moveField(lines int) {
	n := len(p.formRows())
	if e := p.form.edit; e == nil || e.purpose == forFilter {
		p.form.list.Move(min(max(lines, -n), n))
	}
}

// clickField moves the cursor to the row of the mouse; a value that was being
// typed is taken.
func (p *Pane) clickField(y int) tea.Cmd {
	var cmd tea.Cmd
	if p.TakeTyped() {
		cmd = ui.Emit(Edited{})
	}
	if e := p.form.edit; e != nil && e.purpose != forFilter {
		p.form.edit = nil
	}
	p.formRows()
	p.form.list.Click(y - p.formHead())
	return cmd
}

// leavesForm reports whether esc has something to leave in the form, or the
// list of variables to close.
func (p *Pane) leavesForm() bool {
	return p.complete.open || p.tab == fieldsTab && (p.form.edit != nil || p.form.filter != "")
}
