package catalog

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"countersign/apiclient/jsontext"
)

// Files reads a file that a document refers to, by its name relative to the folder
// of the document, with slashes. It must refuse what lies outside of that folder,
// also behind a symbolic link, and more than limit bytes.
type Files func(name string, limit int) ([]byte, error)

// Bounds of the files that a document refers to.
const (
	maxFiles     = 500
	maxFileBytes = 32 << 20 // together
)

// filesKey is the member of the root under which files are mounted: a reference to
// one is a pointer like any other then.
const filesKey = "x-files"

// fileOf returns the name of the file that a reference leads to, relative to the
// folder of the document. reason says why it is not read.
func (d *document) fileOf(ref reference, address string) (name, reason string) {
	u, err := url.Parse(strings.ReplaceAll(address, `\`, "/"))
	switch {
	case err != nil:
		return "", "is no name of a file"
	case u.Scheme != "" || u.Host != "" || path.IsAbs(u.Path):
		return "", "leads out of the document; only files below its folder are read, by their relative names"
	case d.files == nil:
		return "", "leads out of the document; other files and addresses are not loaded"
	}
	name = path.Join(path.Dir(ref.file), u.Path)
	if name == ".." || strings.HasPrefix(name, "../") {
		return "", "leads above the folder of the document; only files below it are read"
	}
	return name, ""
}

// mount reads a file below the document's folder, and returns the pointer to it.
func (r *references) mount(name string) (pointer, reason string) {
	d := r.d
	if name == path.Base(filepath.ToSlash(d.name)) {
		return "", ""
	}
	if known, ok := d.mounted[name]; ok {
		return known.pointer, known.reason
	}
	if len(d.mounted) == maxFiles {
		return "", "is not read: there are too many files"
	}
	d.fileNames = append(d.fileNames, name)
	data, err := d.files(name, maxFileBytes-d.fileBytes)
	d.fileBytes += len(data)
	var root *node
	if err == nil {
		root, err = d.nodes(data, uint16(len(d.fileNames))) //nolint:gosec // up to maxFiles
	}
	if err != nil {
		reason = "cannot be read: " + readable(err)
		d.mounted[name] = mounted{reason: reason}
		return "", reason
	}
	if get(d.root, filesKey) == nil {
		put(d.root, filesKey, &node{kind: objectKind})
	}
	put(get(d.root, filesKey), name, root)
	pointer = "/" + filesKey + "/" + jsontext.EscapeStep(name)
	d.mounted[name] = mounted{pointer: pointer}
	was, file := r.path, r.file
	r.path, r.file = jsontext.Path{filesKey, name}, name
	r.name(fileAddress + name)
	r.walk(root, fileAddress+name, false)
	r.path, r.file = was, file
	return pointer, ""
}

const fileAddress = "file:"

// mounted is a file that a reference led to: the pointer to it, or why it is not read.
type mounted struct{ pointer, reason string }

// readable says why a file is not read, without its own name, which is known.
func readable(err error) string {
	var own *Error
	if errors.As(err, &own) {
		if own.Line > 0 {
			return fmt.Sprintf("%s (at %d:%d)", own.Says, own.Line, own.Column)
		}
		return own.Says
	}
	return err.Error()
}

// beside returns the name of a file with the document's folder before it.
func (d *document) beside(file string) string {
	return filepath.Join(filepath.Dir(d.name), filepath.FromSlash(file))
}
