package importing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/evidence"
	"countersign/apiclient/hint"
	"countersign/apiclient/requests"
)

// Bounds of a file that many requests go to.
const (
	maxTogether = 1000
	maxText     = requests.MaxFile / 2
)

// collection plans the requests of a collection: each with a name and folders of its
// own has a file of its own; of others, all of a source are in one.
func (p *planner) collection(ctx context.Context, s Source, c evidence.Collection) error {
	type group struct {
		file   string
		pieces []piece
		size   int
	}
	var groups []*group
	open := map[string]*group{} // of requests without a name, by their file
	base := strings.TrimSuffix(path.Base(filepath.ToSlash(s.Name)), path.Ext(s.Name))
	names := map[string]int{}
	for _, w := range c.Requests {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !p.wanted(append(slices.Clone(w.Folders), w.Name, w.Method, w.URL)...) {
			continue
		}
		named := w.Name != ""
		folder := fileNames(append(slices.Clone(s.Folders), w.Folders...))
		if c.Kind == evidence.Curl && len(w.Body) > 0 &&
			(apiclient.Message{Header: w.Header}).Get("Content-Type") == "" {
			w.Header = append(w.Header, apiclient.Field{Name: "Content-Type", Value: apiclient.MediaForm}) // as curl does
		}
		next, err := p.piece(s, w, names)
		if err != nil {
			p.note("%s: the request %s is left out: %s", s.Name, label(w), hint.Sentence(err))
			continue
		}
		file := path.Join(folder, fileName(base, "requests"))
		if named {
			file = path.Join(folder, fileName(w.Name, "request"))
		} else if g := open[file]; g != nil && len(g.pieces) < maxTogether && g.size+len(next.text) < maxText {
			g.pieces, g.size = append(g.pieces, next), g.size+len(next.text)
			continue
		}
		groups = append(groups, &group{file, []piece{next}, len(next.text)})
		if !named {
			open[file] = groups[len(groups)-1]
		}
	}
	for _, g := range groups {
		p.add(s, g.file, g.pieces)
	}
	return nil
}

func label(w evidence.Written) string {
	if w.Name != "" {
		return fmt.Sprintf("%q", w.Name)
	}
	return w.Method + " " + w.URL
}

// add plans a file of pieces.
func (p *planner) add(s Source, file string, pieces []piece) {
	var text bytes.Buffer
	used := map[string]bool{}
	f := File{Source: s.Name}
	for _, x := range pieces {
		for _, name := range x.used {
			used[name] = true
		}
	}
	head, u := p.values.head(used, p.note)
	p.needs(u)
	missing := u.missing
	text.WriteString(head)
	for i, x := range pieces {
		if i > 0 || head != "" {
			text.WriteByte('\n')
		}
		text.Write(x.text)
		if !bytes.HasSuffix(x.text, []byte("\n")) {
			text.WriteByte('\n') // line breaks before ### or the end are of no body
		}
		f.Bodies = append(f.Bodies, x.bodies...)
		f.Requests = append(f.Requests, x.request)
		for _, name := range x.missing {
			if !slices.Contains(missing, name) {
				missing = append(missing, name)
			}
		}
	}
	for _, name := range missing {
		p.missing = append(p.missing, missingIn{name, file})
	}
	f.Text = text.Bytes()
	p.place(f, file)
}

// place finds free paths for a file and its bodies, and takes it into the plan.
func (p *planner) place(f File, file string) {
	f.Path = file
	stem, ext := strings.TrimSuffix(file, path.Ext(file)), path.Ext(file)
	n := max(p.number[file], 1)
	if n > 1 {
		f.Path = fmt.Sprintf("%s-%d%s", stem, n, ext)
	}
	for {
		there, err := p.there(f.Path)
		key := strings.ToLower(f.Path)
		// Where it cannot be told what is there, Write says why, and overwrites nothing.
		if !p.taken[key] && (err != nil || bytes.Equal(there, f.Text)) {
			f.There = err == nil
			p.taken[key] = true
			break
		}
		if f.Instead == "" && !p.taken[key] {
			f.Instead = file
		}
		n++
		f.Path = fmt.Sprintf("%s-%d%s", stem, n, ext)
	}
	p.number[file] = n + 1
	p.plan.Files = append(p.plan.Files, f)
}

// there reads what stands in the target folder.
func (p *planner) there(name string) ([]byte, error) {
	if p.Read == nil {
		return nil, fs.ErrNotExist
	}
	return p.Read(name)
}

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
