package catalog

import (
	"net/url"
	"strconv"
	"strings"

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
	seen  map[*node]bool
}

// reference is a $ref under the address of the schema that it stands in.
type reference struct {
	node, in   *node // in: the object that has it
	base, file string
}

// readReferences finds what each reference names, in this document or in a file below
// its folder. One that leads nowhere is dropped: what it stands for may be anything.
func (d *document) readReferences() {
	r := &references{d: d, named: map[string]string{"": ""}, seen: map[*node]bool{}}
	r.walk(d.root, "", false)
	for i := 0; i < len(r.all); i++ { // files that are read have more
		if err := r.point(r.all[i]); err != nil {
			d.drop(r.all[i].in, r.all[i].node, err)
		}
	}
	for _, ref := range r.all {
		if d.refs[ref.node] != nil && d.circles(ref.in) {
			d.drop(ref.in, ref.node, d.at(ref.node, "let one of them be a schema of its own",
				"$ref %s goes round in a circle, from reference to reference", ref.node.value))
		}
	}
}

// pointAll is readReferences for a document of which all references are known to be pointers.
func (d *document) pointAll(n *node) {
	if ref := get(n, "$ref"); ref != nil {
		d.refs[ref] = d.resolve(ref.value)
	}
	for _, inner := range n.inside {
		d.pointAll(inner)
	}
}

// circles reports whether a mapping's references come back to it.
func (d *document) circles(in *node) bool {
	n := in
	for range maxFollowed {
		if n = d.refs[get(n, "$ref")]; n == nil || n == in {
			break
		}
	}
	return n == in
}

// walk finds the references and the names below a node. base is the address that
// they belong to; where only is true, the members of n are names that the author
// chose, not keywords.
func (r *references) walk(n *node, base string, only bool) {
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
		switch isRef := key == "$ref" || key == "$dynamicRef"; {
		case isRef && value.isScalar() && !only:
			r.all = append(r.all, reference{value, n, base, r.file})
		case !sampleKeys[key] || only:
			r.below(key, value, base, !only && keywords[key].words == namedSchemas)
		}
	}
}

func (r *references) below(step string, n *node, base string, only bool) {
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

// point finds what a reference names.
func (r *references) point(ref reference) *Error {
	written, fragment, _ := strings.Cut(ref.node.value, "#")
	address := join(ref.base, written)
	pointer, ok := r.named[address]
	if !ok {
		name, reason := r.d.fileOf(ref, written)
		if reason == "" {
			pointer, reason = r.mount(name)
		}
		if reason != "" {
			return r.d.at(ref.node, "put what it names into this document, under components, or into a file beside it",
				"$ref %s %s", jsontext.Short(ref.node.value), reason)
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
	target := r.d.resolve("#" + pointer)
	if !ok || target == nil {
		return r.d.at(ref.node, "correct the name, or declare it", "$ref %s leads nowhere", ref.node.value)
	}
	r.d.refs[ref.node] = target
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

// maxFollowed is how many references in a row are followed.
const maxFollowed = 100

// follow goes from a node along its references to what they name in the end.
func (d *document) follow(n *node) *node {
	for range maxFollowed {
		target := d.refs[get(n, "$ref")]
		if target == nil {
			break
		}
		n = target
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
