package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"countersign/apiclient/catalog"
	"countersign/apiclient/files"
	"countersign/tui/cli/config"
)

// readCatalog adds the configured documents and quick endpoints to the
// built-in catalogue.
func readCatalog(c *config.Config) (*catalog.Catalog, error) {
	all := catalog.Builtin()
	for i := range c.Catalogs {
		if err := loadDocument(c, all, i); err != nil {
			return nil, err
		}
	}
	for _, e := range c.Endpoints {
		if err := all.Add(e); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// loadDocument adds the document Catalogs[i] to a catalogue.
func loadDocument(c *config.Config, all *catalog.Catalog, i int) error {
	data, err := files.Read(c.Catalogs[i], config.MaxCatalog)
	if err != nil {
		return c.CatalogError(i, err)
	}
	return all.Load(context.Background(), c.Catalogs[i], data, filesBelow(filepath.Dir(c.Catalogs[i])))
}

// faultLines are the faults of a catalogue as lines for people, a number of them at
// most.
func faultLines(faults []*catalog.Error, most int) []string {
	var lines []string
	for i, f := range faults {
		if i == most {
			return append(lines, fmt.Sprintf("and %d more", len(faults)-most))
		}
		lines = append(lines, f.Error())
	}
	return lines
}

// filesBelow reads files of a folder and of those below it. What leads out of it,
// also by a symbolic link, is refused by the operating system's own check.
func filesBelow(dir string) catalog.Files {
	return func(name string, limit int) ([]byte, error) {
		root, err := os.OpenRoot(dir)
		if err != nil {
			return nil, reasonOf(err)
		}
		defer func() { _ = root.Close() }() // only read
		info, err := root.Stat(filepath.FromSlash(name))
		if err != nil {
			return nil, reasonOf(err)
		}
		if !info.Mode().IsRegular() {
			return nil, errors.New("it is not a file")
		}
		f, err := root.Open(filepath.FromSlash(name))
		if err != nil {
			return nil, reasonOf(err)
		}
		defer func() { _ = f.Close() }() // only read
		data, err := files.ReadUpTo(f, limit)
		if errors.Is(err, files.ErrTooLarge) {
			return nil, errors.New("the files of the document are too large together")
		}
		return data, reasonOf(err)
	}
}

// reasonOf leaves the name of the file out of an error: it is told already.
func reasonOf(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// endpoint finds what a name or path means. A path that no endpoint has gives
// an endpoint without ID.
func (a *app) endpoint(name string) (catalog.Endpoint, string, error) {
	all, err := a.catalog()
	if err != nil {
		return catalog.Endpoint{}, "", err
	}
	if strings.Contains(name, "://") {
		return catalog.Endpoint{}, "", usage("give only the path; the profile's base_url has the rest", "%q is a whole URL",
			name)
	}
	if !strings.HasPrefix(name, "/") {
		e, err := all.Lookup(name)
		if err != nil {
			return e, "", unreadable(err)
		}
		return e, e.Path, nil
	}
	path, _, _ := strings.Cut(name, "?")
	for _, e := range all.Endpoints() {
		if e.Path == path {
			return e, name, nil
		}
	}
	// A path whose parameters have been filled in by hand.
	e, ok := all.Match(path)
	if ok && strings.Contains(e.Path, "{") && strings.Count(e.Path, "/") == strings.Count(path, "/") {
		return e, name, nil
	}
	return catalog.Endpoint{}, name, nil
}

// endpointByID finds an endpoint of the catalogue by the ID that a run has;
// ok is false for bare paths and endpoints that are no longer there.
func (a *app) endpointByID(id string) (catalog.Endpoint, bool, error) {
	all, err := a.catalog()
	if err != nil || id == "" {
		return catalog.Endpoint{}, false, err
	}
	for _, e := range all.Endpoints() {
		if e.ID == id {
			return e, true, nil
		}
	}
	return catalog.Endpoint{}, false, nil
}

// endpointID is the ID that a name means.
func (a *app) endpointID(name string) (string, error) {
	all, err := a.catalog()
	if err != nil {
		return "", err
	}
	e, err := all.Lookup(name)
	if err != nil {
		return "", unreadable(err)
	}
	return e.ID, nil
}
