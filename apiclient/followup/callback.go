package followup

import (
	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/jsontext"
)

// Callbacks returns the callbacks that the links of an endpoint lead to, filled in
// from an exchange with it. Those that lack a value say so.
func Callbacks(c *catalog.Catalog, endpoint catalog.Endpoint, e *apiclient.Exchange) []Step {
	e = readable(e)
	var steps []Step
	for _, l := range endpoint.Links {
		if target, known := c.Follow(endpoint, l); known && target.Direction == catalog.Callback {
			steps = append(steps, fill(l, target, e))
		}
	}
	return steps
}

// CallbackTo returns one callback, filled in from an exchange: by the link that
// leads to it, else with the values that the exchange has under the same names.
func CallbackTo(c *catalog.Catalog, endpoint, target catalog.Endpoint, e *apiclient.Exchange) Step {
	for _, s := range Callbacks(c, endpoint, e) {
		if s.Endpoint.ID == target.ID {
			return s
		}
	}
	return byName(target, readable(e))
}

// byName puts the members of the answer, else of the request, in the places of the
// example's that have their names and are of their kind.
func byName(target catalog.Endpoint, e *apiclient.Exchange) Step {
	s := Step{Endpoint: target, Target: target.Path, Body: target.Example}
	sources := [][]byte{e.Request.Content()}
	if e.Response != nil {
		sources = [][]byte{e.Response.Content(), e.Request.Content()}
	}
	found := false
	for _, name := range members(target.Example) {
		path := jsontext.Path{name}
		place, _ := jsontext.Get(target.Example, path)
		for _, source := range sources {
			value, ok := jsontext.Get(source, path)
			if !ok || kindOf(value) != kindOf(place) {
				continue
			}
			if body, err := jsontext.Set(s.Body, jsontext.Edit{Path: path, Value: inert(value)}); err == nil {
				s.Body, found = body, true
			}
			break
		}
	}
	if !found {
		s.Missing = "the exchange has none of its values"
	}
	return s
}

// members names the members of an object, in their order.
func members(object []byte) (names []string) {
	for name := range jsontext.Members(object) {
		if name.Kind == jsontext.String {
			names = append(names, jsontext.Text(name.Of(object)))
		}
	}
	return names
}

// kindOf tells one kind of JSON value from another; null is none.
func kindOf(value []byte) jsontext.Kind {
	t := jsontext.Next(value, 0)
	if string(t.Of(value)) == "null" {
		return jsontext.None
	}
	return t.Kind
}
