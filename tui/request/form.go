package request

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient/catalog"
	"countersign/apiclient/jsontext"
	"countersign/tui/ui"
)

// form is the Fields tab: the body as the fields of its schema. It is made
// again when the tab is looked at and something has changed, in one pass over
// the body; while the tab is closed it costs nothing.
type form struct {
	rows   []*formRow
	list   ui.List
	tree   *jsontext.Tree // of the body; nil: it is too large for a form
	mark   int            // length of the byte order mark before it, which no edit touches
	built  formState      // what rows were made of
	faults int            // grows with each new set of faults
	folds  map[string]bool
	turned int // grows with each fold and unfold
	filter string
	edit   *fieldEdit // nil: nothing is typed
}

// formState holds what the rows depend on.
type formState struct {
	key                      string
	revision, faults, turned int
	filter                   string
}

// maxForm is the largest body that is shown as a form, in bytes: beyond it
// nobody reads a form, and each edit would take a noticeable time.
const maxForm = 4 << 20

// formRow is one field: of the schema, of the body, or of both.
type formRow struct {
	name    string
	path    []string // from the body down; for the text inside of a string, on through it
	pointer string
	prop    *catalog.Property // nil: the schema does not know it
	depth   int

	tree   *jsontext.Tree // the text that it is in
	node   int            // -1: it is not in the body
	inner  *jsontext.Tree // the JSON that its string holds; nil where it holds none
	above  *formRow       // what it is in; nil for the body
	within int            // node of what it is in; -1 where that is not in the body

	item     bool // an element of an array
	earlier  bool // given again further on, which is what counts
	repeated bool // given before, too
	folded   bool
	children int
	value    string // as it stands in the body, cut
	expanded string // what its variables stand for
	fault    string // what is wrong with it
}

func (r *formRow) present() bool { return r.node >= 0 }

// missing reports whether the field must be there and is not.
func (r *formRow) missing() bool {
	return r.prop != nil && r.prop.Required && !r.present() && r.within >= 0
}

func (r *formRow) kind() jsontext.Kind {
	if !r.present() {
		return 0
	}
	return r.tree.Nodes[r.node].Kind
}

// container reports whether other fields are, or could be, below it.
func (r *formRow) container() bool {
	k := r.kind()
	return k == jsontext.Object || k == jsontext.Array || r.inner != nil || !r.present() && r.prop != nil &&
		len(r.prop.Properties) > 0
}

// fields makes the rows again if they are out of date, and gives them.
func (p *Pane) formRows() []*formRow {
	f := &p.form
	now := formState{p.key, p.editor.Revision(), f.faults, f.turned, f.filter}
	if f.built == now && f.tree != nil {
		return f.rows
	}
	f.list.Len = 0
	if p.noForm() != "" {
		f.rows, f.tree, f.built = nil, nil, now
		return nil
	}
	at := ""
	if f.list.Cursor < len(f.rows) && f.built.key == now.key {
		at = f.rows[f.list.Cursor].pointer
	}
	if f.built.key != now.key {
		f.folds, f.edit, f.filter = map[string]bool{}, nil, ""
		now.filter = ""
		f.list.Cursor, f.list.Offset = 0, 0
	}
	f.built = now
	text := p.editor.Bytes()
	f.mark = len(text) - len(bytes.TrimPrefix(text, byteOrderMark))
	b := &formBuilder{form: f, faults: p.faultsByPointer(), lower: strings.ToLower(f.filter),
		tree: jsontext.Parse(text[f.mark:])}
	f.tree = b.tree
	b.expandedBy(p.expanded)
	b.body(p.open().endpoint.Request)
	f.rows = b.rows
	f.list.Len = len(f.rows)
	f.follow(at)
	return f.rows
}

// follow keeps the cursor on the field that it was on.
func (f *form) follow(pointer string) {
	i := slices.IndexFunc(f.rows, func(r *formRow) bool { return r.pointer == pointer && pointer != "" && !r.earlier })
	if i < 0 {
		i = f.list.Cursor
	}
	f.list.To(i)
}

var byteOrderMark = []byte("\xef\xbb\xbf")

func (p *Pane) faultsByPointer() map[string]string {
	m := map[string]string{}
	for _, v := range p.faults {
		if m[v.Pointer] == "" {
			m[v.Pointer] = v.Message
		}
	}
	return m
}

// formBuilder makes the rows.
type formBuilder struct {
	*form
	tree     *jsontext.Tree
	expanded *jsontext.Tree // of the body with its variables replaced; nil where that cannot be laid beside it
	faults   map[string]string
	lower    string // the filter, in lower case
	rows     []*formRow
}

func (b *formBuilder) expandedBy(body []byte) {
	if body == nil || !bytes.Contains(b.tree.Doc, []byte("{{")) || bytes.Equal(body, b.tree.Doc) {
		return
	}
	if e := jsontext.Parse(bytes.TrimPrefix(body, byteOrderMark)); len(e.Nodes) == len(b.tree.Nodes) {
		b.expanded = e
	}
}

// body lists the fields of the body.
func (b *formBuilder) body(props []catalog.Property) {
	if len(b.tree.Nodes) == 0 {
		if len(bytes.TrimSpace(b.tree.Doc)) == 0 {
			b.tree = jsontext.Parse([]byte("{}"))
		}
		b.members(b.tree, -1, props, &formRow{depth: -1}, nil)
		return
	}
	b.below(&formRow{tree: b.tree, prop: &catalog.Property{Properties: props}, depth: -1}, nil)
}

// below lists what is in a row's value.
func (b *formBuilder) below(r, above *formRow) {
	tree, node := r.tree, r.node
	if r.inner != nil {
		tree, node = r.inner, 0
	}
	var props []catalog.Property
	if r.prop != nil {
		props = r.prop.Properties
	}
	switch tree.Nodes[node].Kind {
	case jsontext.Object:
		b.members(tree, node, props, r, above)
	case jsontext.Array:
		for i, c := range tree.Children(node) {
			step := strconv.Itoa(i)
			b.add(&formRow{name: "[" + step + "]", path: childPath(r.path, step), tree: tree, node: c, above: above,
				within: node, depth: r.depth + 1, item: true,
				prop: &catalog.Property{Type: itemType(r.prop), Properties: props}})
		}
	}
}

// members lists the fields of an object: those of the schema in its order,
// then those that it does not know in the order of the body. Node is -1 where the
// object is not in the body.
func (b *formBuilder) members(tree *jsontext.Tree, node int, props []catalog.Property, r, above *formRow) {
	var children []int
	if node >= 0 {
		children = tree.Children(node)
	}
	byName := make(map[string][]int, len(children))
	var names []string
	for _, c := range children {
		name := tree.Name(c)
		if byName[name] == nil {
			names = append(names, name)
		}
		byName[name] = append(byName[name], c)
	}
	each := func(name string, prop *catalog.Property) {
		row := formRow{name: name, path: childPath(r.path, name), prop: prop, tree: tree, node: -1, above: above,
			within: node, depth: r.depth + 1}
		list := byName[name]
		if len(list) == 0 {
			if node >= 0 && !tree.Nodes[node].Whole && tree.Fault != nil {
				row.fault = "not known: " + tree.Fault.Says + " in line " + strconv.Itoa(tree.Fault.Line)
			}
			b.add(&row)
		}
		for i, c := range list {
			one := row
			one.node, one.earlier, one.repeated = c, i+1 < len(list), i > 0
			b.add(&one)
		}
	}
	for i := range props {
		each(props[i].Name, &props[i])
		delete(byName, props[i].Name)
	}
	for _, name := range names {
		if byName[name] != nil {
			each(name, nil)
		}
	}
}

// manyChildren is how many fields of one object or array are folded away at
// first.
const manyChildren = 50

// add appends a row, and what is in it unless it is folded.
func (b *formBuilder) add(r *formRow) {
	r.pointer = jsontext.Path(r.path).String()
	b.judge(r)
	if r.present() {
		if inner, ok := r.tree.Embedded(r.node); ok {
			r.inner = inner
		}
		switch {
		case r.inner != nil:
			r.children = len(r.inner.Children(0))
		case r.kind() == jsontext.Object || r.kind() == jsontext.Array:
			r.children = len(r.tree.Children(r.node))
		}
	}
	folded, said := b.folds[r.pointer]
	if !said {
		folded = !r.present() || r.children > manyChildren
	}
	r.folded = r.container() && folded && b.filter == ""
	if b.filter == "" || strings.Contains(strings.ToLower(r.pointer), b.lower) {
		b.rows = append(b.rows, r)
	}
	switch {
	case r.folded || !r.container() || r.earlier:
	case r.present():
		b.below(r, r)
	default:
		b.members(b.tree, -1, r.prop.Properties, r, r)
	}
}

// judge fills in a row's value and what is wrong with it.
func (b *formBuilder) judge(r *formRow) {
	switch {
	case r.earlier:
		r.fault = "given more than once: the last one counts for most readers"
	case r.present():
		r.fault = b.faults[r.pointer]
		if r.container() && strings.HasSuffix(r.fault, ": is required") {
			r.fault = "" // the field that is missing says so itself
		}
	}
	if !r.present() {
		return
	}
	r.value = cutValue(r.tree.Raw(r.node))
	if b.expanded != nil && r.tree == b.tree && bytes.Contains(r.tree.Raw(r.node), []byte("{{")) {
		r.expanded = cutValue(b.expanded.Raw(r.node))
	}
	if r.prop == nil && r.fault == "" && !r.tree.Nodes[r.node].Whole && r.tree.Fault != nil {
		r.fault = r.tree.Fault.Says
	}
}

// shownValue is how much of a value is drawn at most, in bytes.
const shownValue = 400

func cutValue(raw []byte) string { return string(raw[:min(len(raw), shownValue)]) }

func childPath(path []string, step string) []string {
	return append(path[:len(path):len(path)], step)
}

// itemType is the type of an array's elements.
func itemType(prop *catalog.Property) string {
	if prop == nil {
		return ""
	}
	_, of, _ := strings.Cut(prop.Type, "array of ")
	return of
}
