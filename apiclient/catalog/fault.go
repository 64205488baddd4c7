package catalog

import (
	"slices"

	"github.com/pb33f/go-yaml"
)

// maxFaults bounds what is told of one document: one that is wrong all over is
// most likely another kind of document.
const maxFaults = 200

// fault notes what is wrong with a part of the document, at a node of that part.
// The rest is read all the same.
func (d *document) fault(at *yaml.Node, err *Error) {
	if len(d.own.faults) < maxFaults {
		d.own.faults = append(d.own.faults, err)
		d.faulty[at] = append(d.faulty[at], err)
	}
}

// drop takes a keyword out of a mapping and notes what was wrong with it.
func (d *document) drop(from, value *yaml.Node, err *Error) {
	for i := 1; i < len(from.Content); i += 2 {
		if from.Content[i] == value {
			from.Content = slices.Delete(slices.Clone(from.Content), i-1, i+1)
			break
		}
	}
	d.fault(from, err)
}

// attach tells each endpoint what is wrong with the parts of the document that it
// is made of.
func (d *document) attach() {
	if len(d.faulty) == 0 {
		return
	}
	for i := range d.own.endpoints {
		e := &d.own.endpoints[i]
		d.reach(d.operations[i], map[*yaml.Node]bool{}, &e.Faults)
	}
}

// reach collects the faults of a node and of what it names.
func (d *document) reach(n *yaml.Node, seen map[*yaml.Node]bool, faults *[]*Error) {
	if n == nil || seen[n] {
		return
	}
	seen[n] = true
	*faults = append(*faults, d.faulty[n]...)
	if ref := scalar(get(n, "$ref")); ref != "" {
		d.reach(d.resolve(ref), seen, faults)
	}
	for _, inner := range n.Content {
		if inner.Kind != yaml.ScalarNode || len(d.faulty[inner]) > 0 {
			d.reach(inner, seen, faults)
		}
	}
}
