package catalog

import (
	"slices"
)

// maxFaults bounds what is told of one document: one that is wrong all over is
// most likely another kind of document.
const maxFaults = 200

// fault notes what is wrong with a part of the document, at a node of that part.
// The rest is read all the same.
func (d *document) fault(at *node, err *Error) {
	if len(d.own.faults) < maxFaults {
		if len(d.faulty[at]) == 0 {
			d.faultyNodes = append(d.faultyNodes, at)
		}
		d.own.faults = append(d.own.faults, err)
		d.faulty[at] = append(d.faulty[at], err)
	}
}

// drop takes a keyword out of an object and notes what was wrong with it.
func (d *document) drop(from, value *node, err *Error) {
	if i := slices.Index(from.inside, value); i >= 0 {
		from.names = slices.Concat(from.names[:i], from.names[i+1:])
		from.inside = slices.Concat(from.inside[:i], from.inside[i+1:])
	}
	d.fault(from, err)
}

// attach tells each endpoint what is wrong with the parts of the document that it
// is made of: from each fault up, through what has it and what names that.
func (d *document) attach() {
	if len(d.own.faults) == 0 {
		return
	}
	above, endpoints, whole := d.edges(), map[*node][]int{}, map[*node]bool{}
	for i, op := range d.operations {
		whole[op.node] = true // what is above it is not of it
		endpoints[op.node] = append(endpoints[op.node], i)
		endpoints[op.item] = append(endpoints[op.item], i)
	}
	for _, at := range d.faultyNodes {
		seen, next := map[*node]bool{at: true}, []*node{at}
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
func (d *document) edges() map[*node][]*node {
	above := map[*node][]*node{}
	seen, next := map[*node]bool{d.root: true}, []*node{d.root}
	for len(next) > 0 {
		n := next[len(next)-1]
		next = next[:len(next)-1]
		below := n.inside
		if target := d.refs[get(n, "$ref")]; target != nil {
			below = append(slices.Clip(below), target)
		}
		for _, inner := range below {
			if inner.isScalar() && len(d.faulty[inner]) == 0 {
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
