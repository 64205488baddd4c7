package request

import (
	"strconv"
	"strings"

	"countersign/apiclient/catalog"
	"countersign/apiclient/jsonedit"
	"countersign/tui/ui"
)

// field is one line of the Fields tab.
type field struct {
	catalog.Property
	depth   int
	present bool
	value   string // as in the body, cut
	fault   string // what the schema says against it
}

// fieldsOf lists a schema's fields, nested ones under their parent.
func fieldsOf(e catalog.Endpoint) []field {
	var out []field
	var walk func(list []catalog.Property, depth int)
	walk = func(list []catalog.Property, depth int) {
		for _, q := range list {
			out = append(out, field{Property: q, depth: depth})
			walk(q.Properties, depth+1)
		}
	}
	walk(e.Request, 0)
	return out
}

// judgeFields looks up each field's value in the body and what is wrong with
// it.
func (p *Pane) judgeFields() {
	body := p.expanded
	if body == nil { // a variable has no value: the text as it is written
		body = p.editor.Bytes()
	}
	for i := range p.fields {
		f := &p.fields[i]
		f.present, f.value, f.fault = false, "", ""
		if path, err := jsonedit.ParsePath(f.Pointer); err == nil {
			if v, ok := jsonedit.Get(body, path); ok {
				f.present = true
				f.value = ui.Safe(string(v[:min(len(v), 64)]))
			}
		}
		for _, v := range p.faults {
			if v.Pointer == f.Pointer {
				f.fault = v.Message
			}
		}
	}
}

func (p *Pane) currentField() (field, bool) {
	if p.list.Cursor < 0 || p.list.Cursor >= len(p.fields) {
		return field{}, false
	}
	return p.fields[p.list.Cursor], true
}

// offsetOf finds a field's value in the text of the editor.
func (p *Pane) offsetOf(f field) (int, bool) {
	path, err := jsonedit.ParsePath(f.Pointer)
	if err != nil {
		return 0, false
	}
	start, _, ok := jsonedit.Find(p.editor.Bytes(), path)
	return start, ok
}

func (p *Pane) fieldLines() []string {
	if len(p.fields) == 0 {
		return []string{p.theme.Muted.Render("The catalogue lists no fields for this path")}
	}
	var lines []string
	from, to := p.list.Window()
	for i := from; i < to; i++ {
		lines = append(lines, p.fieldLine(i))
	}
	if f, ok := p.currentField(); ok && p.list.Height < p.contentHeight() {
		for len(lines) < p.list.Height {
			lines = append(lines, "")
		}
		lines = append(lines, p.theme.Muted.Render(ui.Truncate(ui.Safe(f.Pointer+"  "+f.Description), p.w)))
	}
	return lines
}

// fieldLine is: present or not, name, required, type and length, and the value
// or what the field means.
func (p *Pane) fieldLine(i int) string {
	f := p.fields[i]
	sign, style := "·", p.theme.Muted
	switch {
	case f.fault != "":
		sign, style = "!", p.theme.Warn
	case f.present:
		sign, style = "✓", p.theme.Good
	case f.Required && (f.depth == 0):
		sign, style = "✗", p.theme.Bad
	}
	name := strings.Repeat("  ", f.depth) + f.Name
	if f.Required {
		name += "*"
	}
	nameW := min(28, max(12, p.w*2/5))
	kindW := min(22, max(8, p.w/4))
	rest := f.Description
	switch {
	case f.fault != "":
		rest = f.fault
	case f.present && !strings.HasPrefix(f.Type, "object"):
		rest = f.value
	}
	restW := max(0, p.w-2-nameW-1-kindW-1)
	name = ui.Fit(ui.Truncate(ui.Safe(name), nameW), nameW)
	kind := ui.Fit(ui.Truncate(kindOf(f.Property), kindW), kindW)
	rest = ui.Fit(ui.Truncate(ui.Safe(rest), restW), restW)
	if i == p.list.Cursor && p.focus {
		return p.theme.Selection.Render(ui.Fit(sign+" "+name+" "+kind+" "+rest, p.w))
	}
	return style.Render(sign) + " " + p.theme.Text.Render(name) + " " + p.theme.Muted.Render(kind) + " " + p.theme.Muted.Render(rest)
}

// kindOf writes a type with its bounds: "string ≤64", "A|B|C".
func kindOf(q catalog.Property) string {
	if len(q.Enum) > 0 {
		return strings.Join(q.Enum, "|")
	}
	kind := q.Type
	if q.Embedded {
		kind = "JSON in string"
	}
	if q.MaxLength > 0 {
		kind += " ≤" + strconv.Itoa(q.MaxLength)
	}
	return kind
}
