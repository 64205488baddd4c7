package request

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/jsonedit"
	"countersign/tui/ui"
)

// purpose is what the line that is typed in the form is for.
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
	if !raw && r.kind() == jsonedit.String {
		b, _ := jsonedit.Unquote(r.tree.Raw(r.node))
		text = string(b)
	}
	p.typeInto(&fieldEdit{pointer: r.pointer, raw: raw, options: optionsOf(r)}, text)
	return nil
}

// locked says why a field's value cannot be changed: a fault of the text is
// in it or before it.
func (r *formRow) locked() error {
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
	return r.kind() == jsonedit.String
}

// typeForm gives a key to the line that is typed.
func (p *Pane) typeForm(msg tea.KeyMsg) tea.Cmd {
	e := p.form.edit
	switch key := msg.String(); {
	case msg.Paste:
	case key == "enter":
		return p.takeEdit()
	case e.purpose == forFilter && (key == "up" || key == "down"):
		p.form.list.Move(map[string]int{"up": -1, "down": 1}[key])
		return nil
	case e.purpose == forValue && key == "ctrl+t":
		p.toggleRaw()
		return nil
	case len(e.options) > 0 && (key == "up" || key == "down"):
		e.choose(map[string]int{"up": -1, "down": 1}[key])
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
	switch {
	case i < 0 && by < 0:
		i = len(e.options) - 1
	case i < 0:
		i = 0
	default:
		i = (i + by + len(e.options)) % len(e.options)
	}
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
		e.input.SetValue(string(jsonedit.Quote(text)))
	case e.raw && strings.HasPrefix(text, `"`):
		if t := jsonedit.Parse([]byte(text)); t.Fault == nil {
			b, _ := jsonedit.Unquote(t.Raw(0))
			e.input.SetValue(string(b))
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
	if !ok || r.pointer != e.pointer {
		p.form.edit = nil
		return ui.Complain("The field is not there any more")
	}
	text := e.input.Value()
	if e.purpose == forName {
		return p.addNamed(r, text)
	}
	if text == e.began {
		p.form.edit = nil
		return nil
	}
	if e.raw {
		if t := jsonedit.Parse([]byte(text)); t.Fault != nil {
			e.err = fmt.Errorf("this is no JSON: %s (ctrl+t: text)", t.Fault.Says)
			return nil
		}
		p.form.edit = nil
		return p.change(r.tree.Replace(r.node, bytes.TrimSpace([]byte(text))))
	}
	p.form.edit = nil
	if r.isText() {
		return p.change(r.tree.SetText(r.node, text))
	}
	if t := jsonedit.Parse([]byte(text)); t.Fault == nil {
		return p.change(r.tree.Replace(r.node, bytes.TrimSpace([]byte(text))))
	}
	warning := fmt.Sprintf("Taken as a string: %s takes %s", r.name, withArticle(kindName(r)))
	return tea.Batch(p.change(r.tree.SetText(r.node, text)), ui.Tell(warning))
}

func kindName(r *formRow) string {
	if r.prop != nil && r.prop.Type != "" {
		return r.prop.Type
	}
	return map[jsonedit.Kind]string{jsonedit.Number: "number", jsonedit.Literal: "boolean or null", jsonedit.Object: "object", jsonedit.Array: "array"}[r.kind()]
}

func withArticle(noun string) string {
	if noun != "" && strings.IndexByte("aeio", noun[0]) >= 0 {
		return "an " + noun
	}
	return "a " + noun
}

// change changes the body by one step, which the editor's undo takes back.
func (p *Pane) change(c jsonedit.Change) tea.Cmd {
	return p.replaceIn(p.open(), c.Apply(p.editor.Bytes()))
}

// addField adds a field that is not in the body, at its place in the schema's
// order, with a value to start from; what it is in is added too.
func (p *Pane) addField(r *formRow) tea.Cmd {
	if why := r.locked(); why != nil {
		return ui.Complain(why.Error())
	}
	return p.insert(r, p.sample(r.path))
}

func (p *Pane) insert(r *formRow, value []byte) tea.Cmd {
	for r.within < 0 {
		value = slices.Concat([]byte("{"), jsonedit.Quote(r.name), []byte(":"), value, []byte("}"))
		if r.above == nil {
			return p.replaceIn(p.open(), p.spread(value)) // the body was empty
		}
		r = r.above
	}
	c, err := r.tree.Insert(r.within, p.placeFor(r), r.name, value)
	if err != nil {
		return ui.Complain(err.Error())
	}
	return p.change(c)
}

func (p *Pane) spread(value []byte) []byte {
	var out bytes.Buffer
	if json.Indent(&out, value, "", "  ") != nil {
		return value
	}
	return out.Bytes()
}

// placeFor gives the node after which a field goes by the schema's order; -1
// for the first place.
func (p *Pane) placeFor(r *formRow) int {
	props := p.open().endpoint.Request
	if r.above != nil && r.above.prop != nil {
		props = r.above.prop.Properties
	}
	rank := map[string]int{}
	for i, q := range props {
		rank[q.Name] = i
	}
	own, ordered := rank[r.name]
	children := r.tree.Children(r.within)
	before, at := -1, -1 // the child with the next smaller rank, and its node
	for i, c := range children {
		k, known := rank[r.tree.Name(c)]
		if ordered && known && k < own && k >= before {
			before, at = k, children[i]
		}
	}
	if at >= 0 || len(children) == 0 {
		return at
	}
	for i, c := range children {
		if _, known := rank[r.tree.Name(c)]; ordered && known { // it comes after
			if i == 0 {
				return -1
			}
			return children[i-1]
		}
	}
	return children[len(children)-1]
}

// sample gives a value to start from: the example's, else one that fits the
// schema.
func (p *Pane) sample(path []string) []byte {
	e := p.open().endpoint
	if v, ok := jsonedit.Get(e.Example, path); ok {
		return v
	}
	if v := e.Sample(path...); v != nil {
		return v
	}
	return []byte(`""`)
}

// removeField takes the field under the cursor out of the body.
func (p *Pane) removeField(r *formRow) tea.Cmd {
	c, err := r.tree.Remove(r.node)
	if err != nil {
		return ui.Complain(err.Error())
	}
	return p.change(c)
}

// addItem adds to the array or object under the cursor, or to the one that
// the field under the cursor is in.
func (p *Pane) addItem(r *formRow) tea.Cmd {
	if r.item && !r.container() {
		return p.addElement(r.tree, r.within, r.node, p.sample(r.path))
	}
	tree, node := r.tree, r.node
	if r.inner != nil {
		tree, node = r.inner, 0
	}
	if r.present() {
		switch tree.Nodes[node].Kind {
		case jsonedit.Array:
			p.unfold(r)
			children := tree.Children(node)
			last := -1
			if len(children) > 0 {
				last = children[len(children)-1]
			}
			return p.addElement(tree, node, last, p.sample(childPath(r.path, "-")))
		case jsonedit.Object:
			p.unfold(r)
		}
	}
	p.typeInto(&fieldEdit{purpose: forName, pointer: r.pointer}, "")
	return nil
}

func (p *Pane) addElement(tree *jsonedit.Tree, node, after int, value []byte) tea.Cmd {
	if len(tree.Children(node)) > 0 && len(value) == 2 { // nothing is known of it: like its neighbour
		first := tree.Nodes[tree.Children(node)[0]]
		if first.Kind == jsonedit.Number {
			value = []byte("0")
		}
	}
	c, err := tree.Insert(node, after, "", value)
	if err != nil {
		return ui.Complain(err.Error())
	}
	return p.change(c)
}

var errNoName = errors.New("a field needs a name")

// addNamed adds a field of a name that was typed: into the object under the
// cursor, else after the field under the cursor.
func (p *Pane) addNamed(r *formRow, name string) tea.Cmd {
	e := p.form.edit
	if name == "" || !utf8.ValidString(name) {
		e.err = errNoName
		return nil
	}
	tree, node, after := r.tree, r.within, r.node
	path := r.path[:len(r.path)-1]
	switch {
	case r.inner != nil && r.inner.Nodes[0].Kind == jsonedit.Object:
		tree, node, after, path = r.inner, 0, -1, r.path
	case r.kind() == jsonedit.Object:
		node, after, path = r.node, -1, r.path
	case !r.present():
		after = -1
	}
	p.form.edit = nil
	if node < 0 || tree.Nodes[node].Kind != jsonedit.Object {
		return ui.Complain("A field with a name needs an object to be in")
	}
	if children := tree.Children(node); after < 0 && len(children) > 0 {
		after = children[len(children)-1]
	}
	value := []byte(`""`)
	if v := p.open().endpoint.Sample(childPath(path, name)...); v != nil {
		value = v
	}
	c, err := tree.Insert(node, after, name, value)
	if err != nil {
		return ui.Complain(err.Error())
	}
	cmd := p.change(c)
	p.formRows()
	p.form.follow(jsonedit.Path(childPath(path, name)).String())
	return cmd
}

// bounds gives the length that a text may have, in characters; 0: any.
func (r *formRow) bounds() (most int) {
	if r.prop == nil {
		return 0
	}
	return r.prop.MaxLength
}
