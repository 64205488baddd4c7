package catalog

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"

	"countersign/apiclient/jsontext"
)

// sampleKeys hold data and no part of the document's structure: what looks
// like a reference there is none.
var sampleKeys = map[string]bool{"example": true, "default": true, "const": true, "enum": true, "value": true}

// references are those of a document, and the names that they may go by.
type references struct {
	d     *document
	all   []reference
	named map[string]string // pointers to what has an $id ("https://example.com/a") or an anchor ("#a" behind that)
	path  jsontext.Path     // to the node at hand
	file  string            // that it stands in, below the document's folder; "": the document itself
	seen  map[*yaml.Node]bool
}

// reference is a $ref under the address of the schema that it stands in.
type reference struct {
	node, in         *yaml.Node // in: the mapping that has it
	base, file, says string     // says: as it is written
}

// readReferences sees that each reference names something in this document or in a
// file below its folder, and makes all of them JSON Pointers from its root, which is
// the only kind that the rest of the program knows. One that leads nowhere is dropped:
// what it stands for may be anything.
func (d *document) readReferences() {
	r := &references{d: d, named: map[string]string{"": ""}, seen: map[*yaml.Node]bool{}}
	r.walk(d.root, "", false)
	for i := 0; i < len(r.all); i++ { // files that are read have more
		if err := r.point(r.all[i]); err != nil {
			d.drop(r.all[i].in, r.all[i].node, err)
			r.all[i].node = nil
		}
	}
	for _, ref := range r.all {
		if ref.node != nil && d.circles(ref.in) {
			d.drop(ref.in, ref.node, d.at(ref.node, "let one of them be a schema of its own",
				"$ref %s goes round in a circle, from reference to reference", ref.says))
		}
	}
}

// circles reports whether a mapping's references come back to it.
func (d *document) circles(in *yaml.Node) bool {
	n := in
	for range maxFollowed {
		ref := scalar(get(n, "$ref"))
		if ref == "" {
			return false
		}
		if n = d.resolve(ref); n == in {
			return true
		}
	}
	return false
}

// walk finds the references and the names below a node. base is the address that
// they belong to; where only is true, the members of n are names that the author
// chose, not keywords.
func (r *references) walk(n *yaml.Node, base string, only bool) {
	if n == nil || r.seen[n] {
		return
	}
	r.seen[n] = true
	for i, item := range list(n) {
		r.below(strconv.Itoa(i), item, base, false)
	}
	if id := scalar(get(n, "$id")); id != "" && !only && !r.d.old {
		base = join(base, strings.TrimSuffix(id, "#"))
		r.name(base)
	}
	for _, keyword := range []string{"$anchor", "$dynamicAnchor"} {
		if name := scalar(get(n, keyword)); name != "" && !only {
			r.name(base + "#" + name)
		}
	}
	for key, value := range pairs(n) {
		switch isRef := key.Value == "$ref" || key.Value == "$dynamicRef"; {
		case isRef && value.Kind == yaml.ScalarNode && !only:
			r.all = append(r.all, reference{value, n, base, r.file, value.Value})
		case !sampleKeys[key.Value] || only:
			r.below(key.Value, value, base, !only && keywords[key.Value].words == namedSchemas)
		}
	}
}

func (r *references) below(step string, n *yaml.Node, base string, only bool) {
	r.path = append(r.path, step)
	r.walk(n, base, only)
	r.path = r.path[:len(r.path)-1]
}

// name notes what the node at hand is called; of two with one name the first counts.
func (r *references) name(name string) {
	if _, ok := r.named[name]; !ok {
		r.named[name] = strings.ReplaceAll(r.path.String(), "%", "%25")
	}
}

// point makes a reference a pointer.
func (r *references) point(ref reference) *Error {
	written, fragment, _ := strings.Cut(ref.says, "#")
	address := join(ref.base, written)
	pointer, ok := r.named[address]
	if !ok {
		name, reason := r.d.fileOf(ref, written)
		if reason == "" {
			pointer, reason = r.mount(name)
		}
		if reason != "" {
			return r.d.at(ref.node, "put what it names into this document, under components, or into a file beside it",
				"$ref %s %s", jsontext.Short(ref.says), reason)
		}
		address, ok = fileAddress+name, true
	}
	switch {
	case strings.HasPrefix(fragment, "/"):
		if address != ref.base || r.d.resolve("#"+pointer+fragment) != nil {
			pointer += fragment
			break
		}
		pointer = fragment // meant from the root, though the schema around has an $id, or another file
	case fragment != "":
		pointer, ok = r.named[address+"#"+fragment]
	}
	if !ok || r.d.resolve("#"+pointer) == nil {
		return r.d.at(ref.node, "correct the name, or declare it", "$ref %s leads nowhere", ref.says)
	}
	ref.node.Value = "#" + pointer
	return nil
}

// join returns the address that a relative one means.
func join(base, address string) string {
	from, err := url.Parse(base)
	to, wrong := url.Parse(address)
	if address == "" || err != nil || wrong != nil {
		return base + address
	}
	return from.ResolveReference(to).String()
}

// deref returns what a node stands for, by its references inside the document;
// nil where one leads nowhere.
func (d *document) deref(n *yaml.Node) *yaml.Node {
	n = d.follow(n)
	if scalar(get(n, "$ref")) != "" {
		return nil
	}
	return n
}

// maxFollowed is how many references in a row are followed.
const maxFollowed = 100

// follow goes from a node along its references to what they name in the end.
// Where they lead nowhere, or in a circle, it stops at one of them.
func (d *document) follow(n *yaml.Node) *yaml.Node {
	for range maxFollowed {
		ref := scalar(get(n, "$ref"))
		if ref == "" {
			return n
		}
		next := d.resolve(ref)
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

// unescapeToken reads one step of a JSON Pointer, as it stands in a URL.
func unescapeToken(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		s = plain
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}
