package cli

import (
	"errors"
	"io"
	"strings"
	"testing"

	"countersign/apiclient/catalog"
	"countersign/tui/cli/config"
	"countersign/tui/ui"
)

// The screen does not wait for a large catalogue; what is wrong with one that is
// there at once is said before.
func TestCatalogSoon(t *testing.T) {
	t.Parallel()
	own, release := &catalog.Catalog{}, make(chan struct{})
	if err := own.Add(catalog.Endpoint{Path: "/v2/orders/create"}); err != nil {
		t.Fatal(err)
	}
	a := newApp(strings.NewReader(""), io.Discard, io.Discard)
	a.config = func() (*config.Config, error) { return &config.Config{}, nil }
	a.catalog = func() (*catalog.Catalog, error) { <-release; return own, nil }
	r := &reloader{app: a, theme: func(string) *ui.Theme { return nil }, file: "config.toml"}
	all, later, err := a.catalogSoon(r)
	if err != nil || later == nil || len(all.Endpoints()) != len(catalog.Builtin().Endpoints()) {
		t.Fatalf("it waited: %v", err)
	}
	close(release)
	if s, err := later(t.Context()); err != nil || s.Catalog != own || s.File != "config.toml" {
		t.Errorf("%+v, %v", s, err)
	}
	all, later, err = a.catalogSoon(r)
	if err != nil || all != own || later != nil {
		t.Errorf("one that is there was not taken: %v", err)
	}
	broken := errors.New("broken")
	a.catalog = func() (*catalog.Catalog, error) { return nil, broken }
	if _, _, err = a.catalogSoon(r); !errors.Is(err, broken) {
		t.Errorf("broken: %v", err)
	}
}
