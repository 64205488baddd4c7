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
		if len(d.faulty[at]) == 0 {
			d.faultyNodes = append(d.faultyNodes, at)
		}
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
// is made of: from each fault up, through what has it and what names that.
func (d *document) attach() {
	if len(d.own.faults) == 0 {
		return
	}
	above, endpoints, whole := d.edges(), map[*yaml.Node][]int{}, map[*yaml.Node]bool{}
	for i, op := range d.operations {
		whole[op.node] = true // what is above it is not of it
		endpoints[op.node] = append(endpoints[op.node], i)
		endpoints[op.item] = append(endpoints[op.item], i)
	}
	for _, at := range d.faultyNodes {
		seen, next := map[*yaml.Node]bool{at: true}, []*yaml.Node{at}
		found := map[int]bool{}
		for len(next) > 0 {
			n := next[len(next)-1]
			next = next[:len(next)-1]
			for _, i := range endpoints[n] {
				if !found[i] {
					d.own.endpoints[i].Faults = append(d.own.endpoints[i].Faults, d.faulty[at]...)
				}
				found[i] = true
			}
			for _, up := range above[n] {
				if !seen[up] && !whole[n] {
					seen[up] = true
					next = append(next, up)
				}
			}
		}
	}
}

// edges returns for each node those that it stands in, and those that name it.
func (d *document) edges() map[*yaml.Node][]*yaml.Node {
	above := map[*yaml.Node][]*yaml.Node{}
	seen, next := map[*yaml.Node]bool{d.root: true}, []*yaml.Node{d.root}
	for len(next) > 0 {
		n := next[len(next)-1]
		next = next[:len(next)-1]
		below := n.Content
		if ref := scalar(get(n, "$ref")); ref != "" {
			below = append(slices.Clip(below), d.resolve(ref))
		}
		for _, inner := range below {
			if inner == nil || inner.Kind == yaml.ScalarNode && len(d.faulty[inner]) == 0 {
				continue
			}
			above[inner] = append(above[inner], n)
			if !seen[inner] {
				seen[inner] = true
				next = append(next, inner)
			}
		}
	}
	return above
}
