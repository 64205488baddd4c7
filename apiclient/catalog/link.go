package catalog

import (
	"cmp"
	"slices"
	"strings"

	"countersign/apiclient/jsontext"
)

// Link leads from an exchange to the request that may follow it: an OpenAPI
// link object, as it is written. Package followup fills it in.
type Link struct {
	Name        string      // "refundPayment"
	Description string      // what it does, for people: "refund it"; Name where there is none
	OperationID string      // of the endpoint that it leads to; "" where Path names it
	Path        string      // "/v1/payments/refund", with Method
	Method      string      // "POST"
	Body        []LinkValue // values to put into the endpoint's example, in order
	Parameters  []LinkValue // Pointer is the name: "query.lang", "path.id", "header.traceId", or the bare name
	After       []string    // resultStatus after which it is offered: S, F, U, A, or "none"; nil: after S and A
	When        []Condition // what must be so in the exchange for it to work now (x-when); all of them
}

// Condition is what a link needs of an exchange.
type Condition struct {
	Expression string   // a runtime expression: "$response.body#/paymentStatus"
	Values     []string // one of these: "SUCCESS"
}

// LinkValue is one value of a link.
type LinkValue struct {
	Pointer    string // JSON Pointer into the body: "/refundAmount"; "" is the whole of it
	Expression string // a runtime expression "$response.body#/paymentId", a text with {$…} in it, or a text
	Literal    []byte // JSON, where it is no text: Expression is "" then
}

// afterStatuses are what x-after may list.
var afterStatuses = []string{"S", "F", "U", "A", "none"}

// linksOf reads the links of all answers of an operation.
func (d *document) linksOf(op *node) []Link {
	var links []Link
	for _, response := range pairs(get(op, "responses")) {
		for name, n := range pairs(get(d.follow(response), "links")) {
			l, err := d.readLink(name, d.follow(n))
			if err != nil {
				d.fault(op, err)
				continue
			}
			if !slices.ContainsFunc(links, func(o Link) bool { return o.Name == l.Name }) {
				links = append(links, l)
			}
		}
	}
	return links
}

func (d *document) readLink(name string, n *node) (Link, *Error) {
	l := Link{Name: name, Description: oneLine(scalar(get(n, "description"))), OperationID: scalar(get(n, "operationId"))}
	l.Description = cmp.Or(strings.TrimSuffix(l.Description, "."), name)
	if ref := scalar(get(n, "operationRef")); ref != "" && l.OperationID == "" {
		// "#/paths/~1v1~1payments~1refund/post", of this document or of another.
		_, pointer, _ := strings.Cut(ref, "#/paths/")
		path, method, _ := strings.Cut(pointer, "/")
		l.Path, l.Method = unescapeToken(path), strings.ToUpper(method)
		if !strings.HasPrefix(l.Path, "/") || l.Method == "" {
			return l, d.at(get(n, "operationRef"),
				"write it like #/paths/~1v1~1payments~1refund/post, or give an operationId",
				"the operationRef %q of the link %s names no operation", ref, name)
		}
	}
	if l.OperationID == "" && l.Path == "" {
		return l, d.at(n, "give it an operationId", "the link %s names no operation", name)
	}
	for key, value := range pairs(get(n, "parameters")) {
		l.Parameters = append(l.Parameters, linkValue(key, value))
	}
	if body := get(n, "requestBody"); body != nil {
		l.Body = linkValues(nil, "", body, 0)
	}
	if after := get(n, "x-after"); after != nil {
		for _, status := range after.inside {
			if !slices.Contains(afterStatuses, status.value) {
				return l, d.at(status, "list S, F, U, A or none", "x-after of the link %s has %q", name, status.value)
			}
			l.After = append(l.After, status.value)
		}
	}
	for key, values := range pairs(get(n, "x-when")) {
		c := Condition{Expression: key}
		for _, v := range values.inside {
			c.Values = append(c.Values, scalar(v))
		}
		if !strings.HasPrefix(c.Expression, "$") || len(c.Values) == 0 {
			return l, d.at(values, `write it like "x-when": {"$response.body#/status": ["DONE"]}`,
				"x-when of the link %s has %q", name, key)
		}
		l.When = append(l.When, c)
	}
	return l, nil
}

// maxLinkDepth bounds how deep a link's body is looked into.
const maxLinkDepth = 32

// linkValues are the leaves of a link's requestBody.
func linkValues(list []LinkValue, pointer string, n *node, depth int) []LinkValue {
	if n.kind != objectKind || depth == maxLinkDepth || len(n.inside) == 0 {
		return append(list, linkValue(pointer, n))
	}
	for key, value := range pairs(n) {
		list = linkValues(list, pointer+"/"+jsontext.EscapeStep(key), value, depth+1)
	}
	return list
}

func linkValue(pointer string, n *node) LinkValue {
	if n != nil && n.isScalar() && n.kind == textKind {
		return LinkValue{Pointer: pointer, Expression: n.value}
	}
	return LinkValue{Pointer: pointer, Literal: appendJSON(nil, n, 0)}
}

// Follow finds the endpoint that a link leads to: one of the document that the
// link stands in, else one of any.
func (c *Catalog) Follow(from Endpoint, l Link) (Endpoint, bool) {
	is := func(e Endpoint) bool {
		if l.OperationID != "" {
			return e.OperationID == l.OperationID
		}
		return e.Path == l.Path && e.Method == l.Method
	}
	return c.first(func(e Endpoint) bool { return e.Source == from.Source && is(e) }, is)
}
