package importing

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"countersign/apiclient/hint"
	"countersign/apiclient/requests"
)

// Write writes the files of a plan below a folder, bodies before the files that name
// them, and overwrites nothing. No link leads out of the folder. written are the files
// that are there now, also where there is an error.
func (p Plan) Write(dir string) (written []string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // a folder of sources
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	for _, f := range p.Files {
		for _, b := range f.Bodies {
			if err := create(root, path.Join(path.Dir(f.Path), filepath.ToSlash(b.Name)), b.Data); err != nil {
				return written, err
			}
		}
		if err := create(root, f.Path, f.Text); err != nil {
			return written, err
		}
		written = append(written, f.Path)
	}
	return written, nil
}

// create writes a file that is not there; one with the same bytes will do.
func create(root *os.Root, name string, data []byte) error {
	name = filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		if there, err := requests.Folder(root.Name())(name); err == nil && bytes.Equal(there, data) {
			return nil
		}
		return &hint.Error{Says: name + " is there already: it is not overwritten",
			Fix: "import again, or into another folder: --into DIR"}
	}
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err != nil {
		_ = root.Remove(name) // half of it is of no use
	}
	return err
}
