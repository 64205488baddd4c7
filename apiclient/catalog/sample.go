package catalog

import (
	"slices"
	"strconv"

	"github.com/pb33f/go-yaml"
)

// Sample makes a value, as JSON, for the field of a request body at a path of
// names and positions: the one that the schema gives, or one of the right
// type and length. It is nil for a field that the schema does not know.
func (e Endpoint) Sample(path ...string) []byte {
	k := e.request
	if k == nil || k.node == nil {
		return nil
	}
	k.d.sampling.Lock() // the views are kept as they are made
	defer k.d.sampling.Unlock()
	schema, name := k.node, ""
	for _, step := range path {
		v := k.d.view(schema)
		i := slices.IndexFunc(v.members, func(m property) bool { return m.name == step })
		switch {
		case i >= 0:
			schema, name = v.members[i].schema, step
		case v.items != nil && isPosition(step):
			schema, name = v.items, ""
		case v.others != nil:
			schema, name = v.others, step
		default:
			return nil
		}
	}
	return (&sketch{d: k.d, path: map[*yaml.Node]bool{}}).value(nil, schema, name)
}

func isPosition(step string) bool {
	n, err := strconv.Atoi(step)
	return step == "-" || err == nil && n >= 0
}
