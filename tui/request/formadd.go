package request

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/jsontext"
	"countersign/tui/ui"
)

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
		value = slices.Concat([]byte("{"), jsontext.Quote(r.name), []byte(":"), value, []byte("}"))
		if r.above == nil {
			mark := p.editor.Bytes()[:p.form.mark]
			return p.replaceIn(p.open(), slices.Concat(mark, p.spread(value))) // the body was empty
		}
		r = r.above
	}
	return p.tried(r.tree.Insert(r.within, p.placeFor(r), r.name, value))
}

func (p *Pane) spread(value []byte) []byte {
	var out bytes.Buffer
	if json.Indent(&out, value, "", "  ") != nil {
		return value
	}
	return out.Bytes()
}

// placeFor returns the node after which a field goes by the schema's order; -1
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
	before, at := -1, -1 // the child with the next smaller rank, and its node
	last, next := -1, false
	for _, c := range r.tree.Children(r.within) {
		k, known := rank[r.tree.Name(c)]
		if next = next || ordered && known; !next { // nothing yet that comes after
			last = c
		}
		if ordered && known && k < own && k >= before {
			before, at = k, c
		}
	}
	if at >= 0 {
		return at
	}
	return last
}

// sample returns a value to start from: the example's, else one that fits the
// schema.
func (p *Pane) sample(path []string) []byte {
	e := p.open().endpoint
	if v, ok := jsontext.Get(e.Example, path); ok {
		return v
	}
	if v := e.Sample(path...); v != nil {
		return v
	}
	return []byte(`""`)
}

// removeField takes the field under the cursor out of the body.
func (p *Pane) removeField(r *formRow) tea.Cmd {
	return p.tried(r.tree.Remove(r.node))
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
		case jsontext.Array:
			p.unfold(r)
			return p.addElement(tree, node, lastChild(tree, node), p.sample(childPath(r.path, "-")))
		case jsontext.Object:
			p.unfold(r)
		}
	}
	p.typeInto(&fieldEdit{purpose: forName, pointer: r.pointer}, "")
	return nil
}

func (p *Pane) addElement(tree *jsontext.Tree, node, after int, value []byte) tea.Cmd {
	// Where nothing is known of it: like its neighbour.
	if all := tree.Children(node); len(value) == 2 && len(all) > 0 && tree.Nodes[all[0]].Kind == jsontext.Number {
		value = []byte("0")
	}
	return p.tried(tree.Insert(node, after, "", value))
}

// lastChild is the last of what a node has; -1 where it has nothing.
func lastChild(tree *jsontext.Tree, node int) int {
	if all := tree.Children(node); len(all) > 0 {
		return all[len(all)-1]
	}
	return -1
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
	path := r.path[:max(0, len(r.path)-1)]
	switch {
	case r.inner != nil && r.inner.Nodes[0].Kind == jsontext.Object:
		tree, node, after, path = r.inner, 0, -1, r.path
	case r.kind() == jsontext.Object:
		node, after, path = r.node, -1, r.path
	case !r.present():
		after = -1
	}
	p.form.edit = nil
	if r.above == nil && len(r.path) == 0 && !r.present() { // the body is empty
		r.name = name
		return p.insert(r, []byte(`""`))
	}
	if node < 0 || tree.Nodes[node].Kind != jsontext.Object {
		return ui.Complain("A field with a name needs an object to be in")
	}
	if after < 0 {
		after = lastChild(tree, node)
	}
	value := []byte(`""`)
	if v := p.open().endpoint.Sample(childPath(path, name)...); v != nil {
		value = v
	}
	cmd := p.tried(tree.Insert(node, after, name, value))
	p.formRows()
	p.form.follow(jsontext.Path(childPath(path, name)).String())
	return cmd
}
