package tui

import (
	"context"
	"slices"
	"testing"

	"countersign/apiclient/catalog"
)

// What a document says of an endpoint counts as soon as it is read again, for
// drafts that are there already; what was typed stays.
func TestOpenDraftsFollowTheCatalogue(t *testing.T) {
	t.Parallel()
	var next *Settings
	x := explore(t, 140, 40, func(x *world) {
		x.config.Reload = func(context.Context) (*Settings, error) { s := next; next = nil; return s, nil }
	})
	x.Key("2", "]")
	x.shows(t, "productCode")
	reread := func(change func(*catalog.Endpoint)) {
		all := &catalog.Catalog{}
		for _, e := range x.app.config.Catalog.Endpoints() {
			if e.ID == "v2/payments/pay" {
				change(&e)
			}
			if err := all.Add(e); err != nil {
				t.Fatal(err)
			}
		}
		s := x.app.config.Settings
		s.Catalog = all
		next = &s
		x.Send(watchDue{})
	}
	reread(func(e *catalog.Endpoint) {
		e.Request = slices.Concat([]catalog.Property{{Name: "brandNew", Type: "string", Required: true}}, e.Request)
	})
	x.shows(t, "brandNew", "missing")
	reread(func(e *catalog.Endpoint) { e.Example = []byte(`{"another":"example"}`) })
	x.Key("[")
	x.shows(t, `{"another":"example"}`)
	x.Key("e")
	x.Type("Z")
	x.Key("esc")
	reread(func(e *catalog.Endpoint) { e.Example = []byte(`{"third":"example"}`) })
	x.shows(t, `Z{"another":"example"}`, "● edited")
	x.Key("ctrl+r")
	if got := string(x.newest(t).Request.Body); got != `Z{"another":"example"}` {
		t.Errorf("sent %s", got)
	}
}
