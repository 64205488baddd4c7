package requests

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/files"
	"countersign/apiclient/variables"
)

// MaxBody is the most that is read of a body in a file of its own, in bytes.
const MaxBody = 64 << 20

// ReadFile reads a body that has a file of its own; the name is as it is written
// in the request file.
type ReadFile func(name string) ([]byte, error)

// Folder reads files below a folder, and none outside of it, whatever links there
// are.
func Folder(dir string) ReadFile {
	return func(name string) ([]byte, error) {
		root, err := os.OpenRoot(dir)
		if err != nil {
			return nil, err
		}
		defer func() { _ = root.Close() }() // only read
		file, err := root.Open(filepath.FromSlash(name))
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }() // only read
		return files.ReadUpTo(file, MaxBody)
	}
}

// Content is what a request says, with its variables still in it.
type Content struct {
	Name           string
	Method, Target string
	Header         []apiclient.Field
	Directives     []Setting // ours, but for the name, in their order
	Body           []byte    // what stands in a file of its own too
}

// Setting is a directive "# @name value".
type Setting = apiclient.Field

// Equal reports whether two say the same.
func (c Content) Equal(d Content) bool {
	return c.Name == d.Name && c.Method == d.Method && c.Target == d.Target && slices.Equal(c.Header, d.Header) &&
		slices.Equal(c.Directives, d.Directives) && bytes.Equal(c.Body, d.Body)
}

// Content returns what a request says. Braces in a body file whose variables are
// not replaced are escaped, as they would be in the request file.
func (f *File) Content(r *Request, read ReadFile) (Content, error) {
	c := Content{Name: r.Name, Method: r.Method, Target: r.Target}
	for _, h := range r.Header {
		c.Header = append(c.Header, apiclient.Field{Name: h.Name, Value: h.Value})
	}
	for _, d := range r.Directives {
		if d.Name != "name" {
			c.Directives = append(c.Directives, Setting{Name: d.Name, Value: d.Value})
		}
	}
	var err error
	c.Body, err = f.body(r, read)
	return c, err
}

// body reads the body of a request.
func (f *File) body(r *Request, read ReadFile) ([]byte, error) {
	if r.Body.File == "" {
		return r.Body.At.Of(f.Text), nil
	}
	if read == nil {
		return nil, f.errorAt(r.Body.At.From, "put the body into the request file", "the body file %s is not at hand",
			r.Body.File)
	}
	data, err := read(r.Body.File)
	if err != nil {
		e := f.errorAt(r.Body.At.From, "the name starts in the folder of the request file, and must stay below it",
			"the body file %s cannot be read: %s", r.Body.File, reason(err))
		e.Err = err
		return nil, e
	}
	if !r.Body.Filled {
		data = variables.Literal(data)
	}
	return data, nil
}

// reason is an error of the file system without the path, which is said already.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// bodyName is the name of a body file for a request that has none yet.
func bodyName(name string, taken func(string) bool) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 40 {
			break
		}
	}
	base := strings.Trim(b.String(), "-")
	if base == "" {
		base = "body"
	}
	for n := 1; ; n++ {
		file := "./" + base + ".bin"
		if n > 1 {
			file = fmt.Sprintf("./%s-%d.bin", base, n)
		}
		if !taken(file) {
			return file
		}
	}
}
