package request

import (
	"bytes"
	"cmp"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/jsontext"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Tab is the scope of the open tab, where it has its own keys.
func (p *Pane) Tab() keymap.Scope {
	if p.tab == fieldsTab {
		return keymap.Fields
	}
	return keymap.Request
}

// fieldActions are those on the field under the cursor of the Fields tab.
func (p *Pane) fieldActions() keymap.Actions {
	on, of := keymap.On, p.ofField
	return keymap.In(keymap.Fields, keymap.Actions{
		{ID: "fields.edit", Keys: on("enter", "e", "i"), Short: "edit", Footer: 13,
			Long: "Edit this value; add the field if it is missing; open or fold an object",
			Do:   of(p.openField), Cannot: p.unlessField(nil)},
		{ID: "fields.fold", Keys: on(" "), Short: "fold", Footer: 17, Long: "Fold or unfold this object; turn true into false",
			Do: of(p.foldField), Cannot: p.unlessField(unfoldable)},
		{ID: "fields.add", Keys: on("a"), Short: "add", Footer: 15,
			Long: "Add an item to this array, or a field of another name to this object", Do: of(p.addItem),
			Cannot: p.cannotAdd},
		{ID: "fields.remove", Keys: on("x", "delete"), Short: "remove", Footer: 14, Long: "Take this field out of the body",
			Do: of(p.removeField), Cannot: p.unlessField(p.unchangeable)},
		{ID: "fields.null", Keys: on("n"), Short: "null", Footer: 22, Long: "Set this field to null",
			Do:     of(func(r *formRow) tea.Cmd { return p.change(r.tree.Replace(r.node, []byte("null"))) }),
			Cannot: p.unlessField(p.unchangeable)},
		{ID: "fields.raw", Keys: on("r", "ctrl+t"), Short: "as JSON", Footer: 16, Typing: true,
			Long: "Edit this value as it stands in the body: any JSON, quotes and all; while typing it, turn between text and " +
				"JSON",
			Do: of(func(r *formRow) tea.Cmd { return p.editField(r, true) }), Cannot: p.unlessField(p.unchangeable)},
		{ID: "fields.undo", Keys: on("u", "ctrl+z"), Short: "undo", Footer: 18, Long: "Undo the last change of the body",
			Do: p.edits(func() { p.editor.Undo() }), Cannot: func() string { return cmp.Or(p.notFields(), p.nothingToUndo()) }},
		{ID: "fields.redo", Keys: on("U", "ctrl+y"), Long: "Do again what was undone",
			Do: p.edits(func() { p.editor.Redo() }), Cannot: func() string { return cmp.Or(p.notFields(), p.nothingToRedo()) }},
		{ID: "fields.filter", Keys: on("/"), Short: "filter", Footer: 19, Long: "Show only the fields whose path has what is typed",
			Do: ui.Just(func() { p.typeInto(&fieldEdit{purpose: forFilter}, p.form.filter) }), Cannot: p.noFields},
		{ID: "fields.go", Keys: on("o"), Short: "in the body", Footer: 20, Long: "Go to this field in the text of the body",
			Do: of(p.goToField), Cannot: p.unlessField(p.absent)},
		{ID: "fields.fold-all", Keys: on("f"), Long: "Fold all objects, or unfold them", Do: ui.Just(p.foldAll), Cannot: p.noFields},
	})
}

// ofField makes an action of what is done with the field under the cursor.
func (p *Pane) ofField(do func(*formRow) tea.Cmd) func() tea.Cmd {
	return func() tea.Cmd {
		r, ok := p.currentRow()
		if !ok {
			r = p.wholeBody()
		}
		return do(r)
	}
}

func (p *Pane) notFields() string {
	return keymap.When(p.tab != fieldsTab, p.theme.Words("It works on the Fields tab: {request.tab-next} opens it"))
}

func (p *Pane) noFields() string {
	_, ok := p.currentRow()
	return cmp.Or(p.notFields(), keymap.When(!ok && p.form.filter == "", "There are no fields"))
}

const noField = "There is no field here"

// unlessField makes a reason of why nothing can be done with the field under the
// cursor: what holds for any field, or what other says of it.
func (p *Pane) unlessField(other func(*formRow) string) func() string {
	return func() string {
		r, ok := p.currentRow()
		switch {
		case p.tab != fieldsTab:
			return p.notFields()
		case p.form.edit != nil:
			return p.theme.Words("enter takes what is typed, {cancel} leaves it")
		case p.noForm() != "":
			return p.noForm() + ": edit it as text"
		case !ok:
			return noField
		case other == nil:
			return ""
		}
		return other(r)
	}
}

// cannotAdd returns why nothing can be added. Where there is no field yet, the
// first one can be.
func (p *Pane) cannotAdd() string {
	why := p.unlessField(nil)()
	if why == noField && p.form.filter == "" {
		return p.refusesFirst()
	}
	return why
}

func unfoldable(r *formRow) string {
	return keymap.When(!r.container() && !r.boolean(), "There is nothing in this field to fold")
}

func (p *Pane) absent(r *formRow) string {
	return keymap.When(!r.present(), p.theme.Words("This field is not in the body: {fields.edit} adds it"))
}

func (p *Pane) unchangeable(r *formRow) string {
	if why := p.absent(r); why != "" {
		return why
	}
	if err := r.locked(); err != nil {
		return err.Error()
	}
	return ""
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

// foldField folds an object, or turns true into false.
func (p *Pane) foldField(r *formRow) tea.Cmd {
	if r.boolean() {
		return p.change(r.tree.Replace(r.node, []byte(map[string]string{"true": "false", "false": "true"}[r.value])))
	}
	p.fold(r.pointer, !r.folded)
	return nil
}

// goToField goes to the field in the text of the body.
func (p *Pane) goToField(r *formRow) tea.Cmd {
	p.editor.SetCursor(p.form.mark + r.tree.Place(r.node))
	p.startEditing()
	return nil
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
func (p *Pane) foldAll() {
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
