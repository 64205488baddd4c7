package catalog

import (
	"net/url"
	"strings"

	"github.com/pb33f/go-yaml"
)

// sampleKeys hold data and no part of the document's structure: what looks
// like a reference there is none.
var sampleKeys = map[string]bool{"example": true, "default": true, "const": true, "enum": true, "value": true}

// checkReferences sees that each reference names something in this document.
func (d *document) checkReferences() error {
	seen := map[*yaml.Node]bool{}
	var walk func(n *yaml.Node, named bool) error
	// named: the members of n are names that the author chose, not keywords.
	walk = func(n *yaml.Node, named bool) error {
		if n == nil || n.Kind == yaml.ScalarNode || seen[n] {
			return nil
		}
		seen[n] = true
		if n.Kind == yaml.SequenceNode {
			for _, item := range n.Content {
				if err := walk(item, false); err != nil {
					return err
				}
			}
			return nil
		}
		for key, value := range pairs(n) {
			if key.Value == "$ref" && value.Kind == yaml.ScalarNode && !named {
				if err := d.checkReference(value); err != nil {
					return err
				}
				continue
			}
			if sampleKeys[key.Value] && !named {
				continue
			}
			if err := walk(value, !named && keywords[key.Value] == "named schemas"); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(d.root, false)
}

func (d *document) checkReference(n *yaml.Node) error {
	ref := n.Value
	switch {
	case !strings.HasPrefix(ref, "#"):
		return d.at(n, "put what it names into this document, under components",
			"$ref %s leads out of the document; other files and addresses are not loaded", ref)
	case ref != "#" && !strings.HasPrefix(ref, "#/"):
		return nil // an $anchor: checkSchemas sees to it
	case d.resolve(ref) == nil:
		return d.at(n, "correct the name, or declare it", "$ref %s leads nowhere", ref)
	case scalar(get(d.follow(d.resolve(ref)), "$ref")) != "":
		return d.at(n, "let one of them be a schema of its own",
			"$ref %s goes round in a circle, from reference to reference", ref)
	}
	return nil
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

// follow goes from a node along its references to what they name in the end.
// Where they lead nowhere, or in a circle, it stops at one of them.
func (d *document) follow(n *yaml.Node) *yaml.Node {
	for range 100 {
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

// escapeToken writes one step of a JSON Pointer (RFC 6901).
func escapeToken(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}
