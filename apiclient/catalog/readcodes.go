package catalog

import (
	"slices"
	"strings"

	"github.com/pb33f/go-yaml"
)

// sharedCode is a result code of a document's table.
type sharedCode struct {
	Code
	everywhere bool // every interface may answer with it
}

const codesExtension = "x-result-codes"

// readCodes reads the table at the top of the document.
func (d *document) readCodes() error {
	list := get(d.root, codesExtension)
	if list == nil {
		return nil
	}
	if list.Kind != yaml.SequenceNode {
		return d.at(list, "write a list of {code, status, meaning, advice}", "%s is not a list", codesExtension)
	}
	for _, n := range list.Content {
		c, err := d.readCode(n)
		if err != nil {
			return err
		}
		everywhere := scalar(get(n, "everywhere")) == "true"
		d.own.codes = append(d.own.codes, sharedCode{c, everywhere})
	}
	return nil
}

func (d *document) readCode(n *yaml.Node) (Code, error) {
	c := Code{
		Code: scalar(get(n, "code")), Status: scalar(get(n, "status")),
		Meaning: scalar(get(n, "meaning")), Advice: scalar(get(n, "advice")),
	}
	const form = `write {code: ORDER_CLOSED, status: F, meaning: "…", advice: "…"}`
	switch {
	case n.Kind != yaml.MappingNode || c.Code == "":
		return Code{}, d.at(n, form, "a result code has no code")
	case c.Status == "" || strings.Trim(c.Status, "SFUA") != "":
		return Code{}, d.at(n, "use S, F, U or A, or FU where it may be either",
			"the result code %s has the status %q", c.Code, c.Status)
	case c.Meaning == "":
		return Code{}, d.at(n, form, "the result code %s has no meaning", c.Code)
	}
	return c, nil
}

// codesOf lists the result codes of an operation: its own, then those that
// every interface has.
func (d *document) codesOf(op *yaml.Node, direction Direction) ([]Code, error) {
	var codes []Code
	if list := get(op, codesExtension); list != nil {
		if list = d.deref(list); list == nil || list.Kind != yaml.SequenceNode {
			return nil, d.at(op, "write a list of names, or of {code, status, meaning, advice}",
				"%s is not a list", codesExtension)
		}
		for _, n := range list.Content {
			c, err := d.codeOrName(n)
			if err != nil {
				return nil, err
			}
			codes = append(codes, c)
		}
	}
	if direction == Callback {
		return codes, nil // the merchant answers, and has codes of its own
	}
	table := d.own.common()
	if len(table) == 0 {
		table = loaded{codes: d.base}.common()
	}
	for _, c := range table {
		if !slices.ContainsFunc(codes, func(o Code) bool { return o.Code == c.Code }) {
			codes = append(codes, c)
		}
	}
	return codes, nil
}

func (d *document) codeOrName(n *yaml.Node) (Code, error) {
	if n.Kind != yaml.ScalarNode {
		return d.readCode(n)
	}
	for _, table := range [][]sharedCode{d.own.codes, d.base} {
		if i := slices.IndexFunc(table, func(c sharedCode) bool { return c.Code.Code == n.Value }); i >= 0 {
			return table[i].Code, nil
		}
	}
	return Code{}, d.at(n, "declare it under "+codesExtension+
		" at the top of the document, or write {code, status, meaning, advice} here",
		"the result code %s is not declared", n.Value)
}
