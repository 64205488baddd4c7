package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

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
