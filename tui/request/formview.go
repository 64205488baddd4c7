package request

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/jsontext"
	"countersign/tui/ui"
)

// formHead is how many rows stand above the list.
func (p *Pane) formHead() int {
	if p.form.filter != "" || p.form.edit != nil && p.form.edit.purpose == forFilter || p.form.tree != nil &&
		p.form.tree.Fault != nil {
		return 1
	}
	return 0
}

// formFootMost is how many rows explain a field where there is room.
const formFootMost = 4

// formFoot is how many rows below the list explain the field under the cursor.
func formFoot(h int) int {
	switch {
	case h >= 12:
		return formFootMost
	case h >= 8:
		return 2
	case h >= 5:
		return 1
	}
	return 0
}

// leastFoot is how many rows explain a field even where the fields need them:
// what is wrong with it, or what the keys do while its value is typed. All else
// gives way to the fields.
func (p *Pane) leastFoot() int {
	r, ok := p.currentRow()
	switch {
	case p.form.edit != nil:
		return formFootMost
	case ok && r.fault != "":
		return 3
	}
	return 1
}

// fieldLines draws the form in h rows.
func (p *Pane) fieldLines(h int) []string {
	rows := p.formRows()
	if why := p.noForm(); why != "" {
		return []string{p.theme.Muted.Render(ui.Truncate(why+p.theme.Words(". Edit it as text: {request.tab-previous}"),
			p.w))}
	}
	head := p.formHead()
	foot := p.formFootLines(min(formFoot(h), max(p.leastFoot(), h-head-len(rows))))
	foot = foot[:min(len(foot), max(0, h-head-1))] // the field itself stays in sight
	p.form.list.Height = max(0, h-head-len(foot))
	p.form.list.To(p.form.list.Cursor)
	var lines []string
	if head > 0 {
		lines = append(lines, p.formHeadLine(len(rows)))
	}
	if e := p.form.edit; len(rows) == 0 && e != nil && e.purpose == forName {
		e.input.Resize(max(1, p.w-13))
		lines = append(lines, p.theme.Accent.Render("a new field ")+e.input.View())
	} else if len(rows) == 0 {
		lines = append(lines, p.theme.Muted.Render(ui.Truncate(p.noRows(), p.w)))
	}
	lines = append(lines, p.form.list.Lines(func(i int) string { return p.fieldLine(rows[i], i) })...)
	return append(ui.Rows(lines, h-len(foot)), foot...)
}

// noForm says why the body has no fields to show; "" where it may have some.
func (p *Pane) noForm() string {
	switch d := p.open(); {
	case p.editor.Len() > maxForm:
		return fmt.Sprintf("The body has %s: the form takes %s at most", ui.Bytes(int64(p.editor.Len())), ui.Bytes(maxForm))
	case d.endpoint.Media != "":
		return "The body is " + ui.Safe(d.endpoint.Media) + ", not JSON"
	}
	return ""
}

func (p *Pane) noRows() string {
	switch d := p.open(); {
	case d.endpoint.Bodiless && d.editor.Len() == 0:
		return p.theme.Words("This interface takes no body · {request.tab-previous} goes to its text")
	case p.form.filter != "":
		return p.theme.Words("No field has this in its path · {cancel} shows all")
	case p.form.tree != nil && p.form.tree.Fault != nil:
		return p.theme.Words("The body cannot be read as JSON: {request.tab-previous} goes to its text")
	}
	return p.theme.Words("The body has no fields, and the catalogue lists none for this path · {fields.add} adds one · " +
		"{request.tab-previous} goes to its text")
}

func (p *Pane) formHeadLine(found int) string {
	e := p.form.edit
	switch {
	case e != nil && e.purpose == forFilter:
		e.input.Resize(max(1, p.w-20))
		return p.theme.Accent.Render("/ ") + e.input.View() + p.theme.Muted.Render(fmt.Sprintf(" %d found", found))
	case p.form.filter != "":
		tail := fmt.Sprintf(" · %d found", found) + p.theme.Words(" · {cancel} shows all")
		typed := ui.Safe(p.form.filter[:min(len(p.form.filter), 4*p.w)])
		return p.theme.Muted.Render(ui.Truncate("/ "+ui.Truncate(typed, max(1, p.w-2-ui.Width(tail)))+tail, p.w))
	}
	f := p.form.tree.Fault
	return p.theme.Warn.Render(ui.Truncate(fmt.Sprintf("! line %d: %s. What follows is not shown", f.Line,
		ui.Safe(f.Says)), p.w))
}

// sign shows the state of a field.
func (r *formRow) sign() string {
	switch {
	case r.missing():
		return "✗"
	case r.fault != "":
		return "!"
	case !r.present():
		return "·"
	case r.prop == nil:
		return "?"
	}
	return "✓"
}

// columns are the widths of name, kind and value.
func (p *Pane) columns() (name, kind, value int) {
	name = min(34, max(14, p.w*2/5))
	switch {
	case p.form.filter != "":
		name = p.w * 3 / 5 // whole paths
	case p.w >= 60:
		kind = min(22, p.w/5)
	}
	return name, kind, max(0, p.w-name-kind-4)
}

// fieldLine is: how the field stands, its name, whether it is required, type
// and length, and the value or what is wrong with it.
func (p *Pane) fieldLine(r *formRow, i int) string {
	cursor := i == p.form.list.Cursor
	nameW, kindW, valueW := p.columns()
	fold := "  "
	if r.container() {
		fold = map[bool]string{true: "▸ ", false: "▾ "}[r.folded]
	}
	name := strings.Repeat("  ", r.depth) + fold + ui.Safe(r.name)
	if p.form.filter != "" {
		name = ui.TruncateMiddle(ui.Safe(strings.ReplaceAll(strings.TrimPrefix(r.pointer, "/"), "/", ".")), nameW-1)
	}
	if r.prop != nil && r.prop.Required {
		name += "★"
	}
	name = ui.Fit(name, nameW)
	if e := p.form.edit; cursor && e != nil && e.purpose != forFilter {
		return p.theme.Accent.Render(r.sign()) + " " + p.theme.Text.Render(name) + " " + p.editCell(e, r, max(0, p.w-nameW-3))
	}
	kind := ui.Fit(ui.Safe(p.kindCell(r)), kindW)
	value, style := p.valueCell(r)
	if kindW == 0 && r.prop == nil && r.fault == "" {
		value += "  not in the schema"
	}
	t := p.theme
	signs := map[string]ui.Style{"✗": t.Bad, "!": t.Warn, "·": t.Muted, "?": t.Info, "✓": t.Good}
	return t.Row(cursor && p.focus, p.w, signs[r.sign()].On(r.sign()+" "), t.Text.On(name+" "), t.Muted.On(kind+" "),
		style.On(ui.Truncate(value, valueW)))
}

func (p *Pane) kindCell(r *formRow) string {
	switch {
	case r.prop == nil:
		return "not in the schema"
	case r.item && r.prop.Type == "":
		return "item"
	}
	return kindOf(*r.prop)
}

// valueCell is what a row says after its type.
func (p *Pane) valueCell(r *formRow) (string, ui.Style) {
	switch {
	case r.missing():
		return p.theme.Words("missing · {fields.edit} adds it"), p.theme.Bad
	case r.fault != "" && r.present() && !r.container():
		return ui.Safe(r.value) + "  " + ui.Safe(r.shortFault()), p.theme.Warn
	case r.fault != "":
		return ui.Safe(r.shortFault()), p.theme.Warn
	case !r.present() && r.prop != nil:
		return ui.Safe(r.prop.Description), p.theme.Faint
	case r.expanded != "":
		return ui.Safe(r.value) + " → " + ui.Safe(strings.Trim(r.expanded, `"`)), p.theme.Text
	case r.inner != nil:
		return "JSON, " + count(r.children, r.inner.Nodes[0].Kind), p.theme.Muted
	case r.container():
		return count(r.children, r.kind()), p.theme.Muted
	}
	return ui.Safe(r.value), p.theme.Text
}

// shortFault is a fault without the field's name, which stands beside it.
func (r *formRow) shortFault() string {
	if _, rest, ok := strings.Cut(r.fault, ": "); ok && strings.HasSuffix(strings.Split(r.fault, ": ")[0], r.name) {
		return rest
	}
	return r.fault
}

func count(n int, k jsontext.Kind) string {
	if k == jsontext.Array {
		return ui.Count(n, "item")
	}
	return ui.Count(n, "field")
}

// editCell draws the line that is typed, and the length that it has and may
// have.
func (p *Pane) editCell(e *fieldEdit, r *formRow, w int) string {
	note := ""
	if e.purpose == forValue && !e.raw && r.isText() {
		n := utf8.RuneCountInString(e.input.Value())
		note = fmt.Sprintf(" %d", n)
		style := p.theme.Muted
		if r.prop != nil && r.prop.MaxLength > 0 {
			note += fmt.Sprintf("/%d", r.prop.MaxLength)
			if n > r.prop.MaxLength {
				style = p.theme.Warn
			}
		}
		note = style.Render(note)
	}
	if e.raw {
		note = p.theme.Muted.Render(" JSON")
	}
	e.input.Resize(max(1, w-ui.Width(note)))
	return e.input.View() + note
}

// formFootLines explain the field under the cursor, or offer what it can be.
func (p *Pane) formFootLines(h int) []string {
	r, ok := p.currentRow()
	e := p.form.edit
	if h == 0 || !ok && (e == nil || e.purpose != forName) {
		return nil
	}
	if e != nil && e.purpose != forFilter {
		if p.complete.open {
			return p.complete.lines(p.w)
		}
		return p.editFoot(e, h)
	}
	t := p.theme
	var lines []string
	if r.fault != "" {
		lines = ui.Prose(t.Warn, "! "+ui.Safe(r.fault), p.w, max(1, h-1))
	} else if r.missing() {
		lines = append(lines, t.Bad.Render(ui.Truncate("✗ required and missing", p.w)))
	}
	where, about := ui.Safe(r.pointer), "The schema does not know this field; it is sent as it stands."
	if r.prop != nil {
		about = r.prop.Description
		if r.prop.Type != "" {
			where += "  " + ui.Safe(kindOf(*r.prop))
		}
		if r.prop.Required {
			where += " · required"
		}
	}
	lines = append(lines, t.Accent.Render(ui.Truncate(where, p.w)))
	for _, l := range ui.Words(ui.Safe(about), p.w) {
		lines = append(lines, t.Muted.Render(l))
	}
	return ui.Rows(lines, h)
}

// editFoot says what the keys do while a value is typed, and what it can be
// chosen from.
func (p *Pane) editFoot(e *fieldEdit, h int) []string {
	hint := func(text string) []string {
		return []string{p.theme.Muted.Render(ui.Truncate(p.theme.Words(text), p.w))}
	}
	var lines []string
	switch {
	case e.err != nil:
		room := h
		if len(e.options) > 0 {
			room = h / 2
		}
		lines = ui.Prose(p.theme.Bad, "✗ "+ui.Safe(e.err.Error()), p.w, max(1, room))
	case e.purpose == forName:
		lines = hint("The name of the new field · enter adds it · {cancel} leaves")
	case len(e.options) > 0:
		lines = hint("{lists.up}{lists.down} choose · enter takes it · {cancel} leaves it as it was")
	default:
		text := p.theme.Words("enter takes it · {cancel} leaves it as it was · " + p.keyNow("fields.raw") +
			" JSON · {{ variables")
		lines = ui.Prose(p.theme.Muted, text, p.w, h)
	}
	chosen := slices.Index(e.options, e.input.Value())
	from := max(0, min(chosen-1, len(e.options)-max(1, h-1)))
	for i := from; i < len(e.options) && len(lines) < max(2, h); i++ {
		lines = append(lines, p.theme.Row(i == chosen, p.w, ui.Style{}.On("  "+ui.Safe(e.options[i]))))
	}
	return append(lines, make([]string, max(0, h-len(lines)))...)
}
