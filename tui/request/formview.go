package request

import (
	"fmt"
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
	from, to := p.form.list.Window()
	for i := from; i < to; i++ {
		lines = append(lines, p.fieldLine(rows[i], i == p.form.list.Cursor))
	}
	for len(lines) < h-len(foot) {
		lines = append(lines, "")
	}
	return append(lines[:max(0, h-len(foot))], foot...)
}

// noForm says why the body has no fields to show; "" where it may have some.
func (p *Pane) noForm() string {
	switch d := p.open(); {
	case p.editor.Len() > maxForm:
		return fmt.Sprintf("The body has %s: the form takes %s at most", ui.Bytes(int64(p.editor.Len())), ui.Bytes(maxForm))
	case d.known && d.endpoint.Media != "":
		return "The body is " + ui.Safe(d.endpoint.Media) + ", not JSON"
	}
	return ""
}

func (p *Pane) noRows() string {
	switch d := p.open(); {
	case d.known && d.endpoint.Bodiless && d.editor.Len() == 0:
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
func (p *Pane) fieldLine(r *formRow, cursor bool) string {
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
	name = ui.Fit(ui.Truncate(name, nameW), nameW)
	if e := p.form.edit; cursor && e != nil && e.purpose != forFilter {
		return p.theme.Accent.Render(r.sign()) + " " + p.theme.Text.Render(name) + " " + p.editCell(e, r, max(0, p.w-nameW-3))
	}
	kind := ui.Fit(ui.Truncate(ui.Safe(p.kindCell(r)), kindW), kindW)
	value, style := p.valueCell(r)
	if kindW == 0 && r.prop == nil && r.fault == "" {
		value += "  not in the schema"
	}
	value = ui.Fit(ui.Truncate(value, valueW), valueW)
	if cursor && p.focus {
		return p.theme.Selection.Render(ui.Fit(r.sign()+" "+name+" "+kind+" "+value, p.w))
	}
	sign := map[string]func(string) string{
		"✗": p.theme.Bad.Render, "!": p.theme.Warn.Render, "·": p.theme.Muted.Render, "?": p.theme.Info.Render,
		"✓": p.theme.Good.Render,
	}[r.sign()]
	return sign(r.sign()) + " " + p.theme.Text.Render(name) + " " + p.theme.Muted.Render(kind) + " " + style(value)
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
func (p *Pane) valueCell(r *formRow) (string, func(string) string) {
	switch {
	case r.missing():
		return p.theme.Words("missing · {fields.edit} adds it"), p.theme.Bad.Render
	case r.fault != "" && r.present() && !r.container():
		return ui.Safe(r.value) + "  " + ui.Safe(r.shortFault()), p.theme.Warn.Render
	case r.fault != "":
		return ui.Safe(r.shortFault()), p.theme.Warn.Render
	case !r.present() && r.prop != nil:
		return ui.Safe(r.prop.Description), p.theme.Faint.Render
	case r.expanded != "":
		return ui.Safe(r.value) + " → " + ui.Safe(strings.Trim(r.expanded, `"`)), p.theme.Text.Render
	case r.inner != nil:
		return "JSON, " + count(r.children, r.inner.Nodes[0].Kind), p.theme.Muted.Render
	case r.container():
		return count(r.children, r.kind()), p.theme.Muted.Render
	}
	return ui.Safe(r.value), p.theme.Text.Render
}

// shortFault is a fault without the field's name, which stands beside it.
func (r *formRow) shortFault() string {
	if _, rest, ok := strings.Cut(r.fault, ": "); ok && strings.HasSuffix(strings.Split(r.fault, ": ")[0], r.name) {
		return rest
	}
	return r.fault
}

func count(n int, k jsontext.Kind) string {
	noun := "field"
	if k == jsontext.Array {
		noun = "item"
	}
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// editCell draws the line that is typed, and the length that it has and may
// have.
func (p *Pane) editCell(e *fieldEdit, r *formRow, w int) string {
	note := ""
	if e.purpose == forValue && !e.raw && r.isText() {
		n := utf8.RuneCountInString(e.input.Value())
		note = fmt.Sprintf(" %d", n)
		style := p.theme.Muted
		if most := r.bounds(); most > 0 {
			note += fmt.Sprintf("/%d", most)
			if n > most {
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
	var lines []string
	if r.fault != "" {
		for _, l := range ui.AtMost(ui.Words("! "+ui.Safe(r.fault), p.w), max(1, h-1), p.w) {
			lines = append(lines, p.theme.Warn.Render(l))
		}
	} else if r.missing() {
		lines = append(lines, p.theme.Bad.Render(ui.Truncate("✗ required and missing", p.w)))
	}
	where := ui.Safe(r.pointer)
	if r.prop != nil && r.prop.Type != "" {
		where += "  " + ui.Safe(kindOf(*r.prop))
	}
	if r.prop != nil && r.prop.Required {
		where += " · required"
	}
	lines = append(lines, p.theme.Accent.Render(ui.Truncate(where, p.w)))
	about := ""
	if r.prop != nil {
		about = r.prop.Description
	} else {
		about = "The schema does not know this field; it is sent as it stands."
	}
	for _, l := range ui.Words(ui.Safe(about), p.w) {
		lines = append(lines, p.theme.Muted.Render(l))
	}
	lines = lines[:min(len(lines), h)]
	for len(lines) < h {
		lines = append(lines, "")
	}
	return lines
}

// editFoot says what the keys do while a value is typed, and what it can be
// chosen from.
func (p *Pane) editFoot(e *fieldEdit, h int) []string {
	var lines []string
	switch {
	case e.err != nil:
		room := h
		if len(e.options) > 0 {
			room = h / 2
		}
		for _, l := range ui.AtMost(ui.Words("✗ "+ui.Safe(e.err.Error()), p.w), max(1, room), p.w) {
			lines = append(lines, p.theme.Bad.Render(l))
		}
	case e.purpose == forName:
		lines = append(lines, p.theme.Muted.Render(ui.Truncate(p.theme.Words("The name of the new field · enter adds it · "+
			"{cancel} leaves"), p.w)))
	case len(e.options) > 0:
		lines = append(lines, p.theme.Muted.Render(ui.Truncate(p.theme.Words("{lists.up}{lists.down} choose · enter takes "+
			"it · {cancel} leaves it as it was"), p.w)))
	default:
		text := p.theme.Words("enter takes it · {cancel} leaves it as it was · " + p.keyNow("fields.raw") +
			" JSON · {{ variables")
		lines = append(lines, ui.Prose(p.theme.Muted, text, p.w, h)...)
	}
	at := max(0, optionAt(e))
	from := max(0, min(at-1, len(e.options)-max(1, h-1)))
	for i := from; i < len(e.options) && len(lines) < max(2, h); i++ {
		line := ui.Fit(ui.Truncate("  "+ui.Safe(e.options[i]), p.w), p.w)
		if i == optionAt(e) {
			line = p.theme.Selection.Render(line)
		}
		lines = append(lines, line)
	}
	for len(lines) < h {
		lines = append(lines, "")
	}
	return lines
}

func optionAt(e *fieldEdit) int {
	for i, o := range e.options {
		if o == e.input.Value() {
			return i
		}
	}
	return -1
}
