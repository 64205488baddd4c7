package catalog

import (
	"slices"
	"strings"

	"github.com/pb33f/go-yaml"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
	"github.com/pb33f/libopenapi/orderedmap"
)

// sharedCode is a result code of a document's table.
type sharedCode struct {
	Code
	everywhere bool // every interface may answer with it
}

const codesExtension = "x-result-codes"

// readCodes reads the table at the top of the document.
func (d *document) readCodes(extensions *orderedmap.Map[string, *yaml.Node]) error {
	list := extension(extensions, codesExtension)
	if list == nil {
		return nil
	}
	if list.Kind != yaml.SequenceNode {
		return d.at(list, "write a list of {code, status, meaning, advice}", "%s is not a list", codesExtension)
	}
	for _, n := range list.Content {
		c, err := d.readCode(content(n))
		if err != nil {
			return err
		}
		everywhere := scalar(get(content(n), "everywhere")) == "true"
		d.own.codes = append(d.own.codes, sharedCode{c, everywhere})
	}
	return nil
}

// extension is what stands under an x- name; nil where nothing does.
func extension(all *orderedmap.Map[string, *yaml.Node], name string) *yaml.Node {
	if all == nil {
		return nil
	}
	n, _ := all.Get(name)
	return content(n)
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
		return Code{}, d.at(n, "use S, F, U or A, or FU where it may be either", "the result code %s has the status %q", c.Code, c.Status)
	case c.Meaning == "":
		return Code{}, d.at(n, form, "the result code %s has no meaning", c.Code)
	}
	return c, nil
}

// codesOf lists the result codes of an operation: its own, then those that
// every interface has.
func (d *document) codesOf(op *v3.Operation, direction Direction) ([]Code, error) {
	var codes []Code
	if list := extension(op.Extensions, codesExtension); list != nil {
		if target := scalar(get(list, "$ref")); target != "" {
			list = d.resolve(target)
		}
		if list == nil || list.Kind != yaml.SequenceNode {
			return nil, d.at(op.GoLow().GetRootNode(), "write a list of names, or of {code, status, meaning, advice}", "%s is not a list", codesExtension)
		}
		for _, n := range list.Content {
			c, err := d.codeOrName(content(n))
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
	return Code{}, d.at(n, "declare it under "+codesExtension+" at the top of the document, or write {code, status, meaning, advice} here", "the result code %s is not declared", n.Value)
}
