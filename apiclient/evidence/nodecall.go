package evidence

import (
	"strings"

	"countersign/apiclient/evidence/jsliteral"
)

// isNode knows Node's own client, whose body is written to what it returns.
func isNode(name string) bool { return name == "http.request" || name == "https.request" }

// options reads the options of Node's own client: host, port and path are members
// of their own.
func (q *fetchRequest) options(name string, v jsliteral.Value) error {
	q.node, q.raw = true, true
	scheme, _, _ := strings.Cut(name, ".")
	if v.Get("protocol").Kind == jsliteral.String {
		scheme = strings.TrimSuffix(v.Get("protocol").Text, ":")
	}
	host := v.Get("hostname")
	if host.Kind == jsliteral.Undefined {
		host = v.Get("host")
	}
	port, path := v.Get("port"), v.Get("path")
	if path.Kind == jsliteral.Undefined {
		path = jsliteral.Value{Kind: jsliteral.String, Text: "/"}
	}
	address := jsliteral.Value{Kind: jsliteral.String, Text: scheme + "://" + host.String()}
	if p := port.String(); port.Kind != jsliteral.Undefined && port.Kind != jsliteral.Null && p != "443" && p != "80" {
		address.Text += ":" + p
	}
	address.Text += path.String()
	for _, part := range []jsliteral.Value{host, path} {
		if part.Kind == jsliteral.Unknown {
			address = part
		}
	}
	return q.config(address, v)
}

// write adds to the body what is written to the request.
func (q *fetchRequest) write(args []jsliteral.Value) error {
	if len(args) == 0 || args[0].FirstUnknown() != "" && strings.Contains(args[0].Text, "=>") {
		return nil
	}
	before := q.body
	if err := q.setBody(args[0]); err != nil {
		return err
	}
	q.body = append(before, q.body...)
	return nil
}
