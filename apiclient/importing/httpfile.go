package importing

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/requests"
	"countersign/apiclient/signing"
)

// requestFile plans a request file: byte for byte, without the headers of signature
// and time, and without the requests that are not wanted.
func (p *planner) requestFile(s Source) error {
	f := requests.Parse(s.Name, s.Data)
	for _, e := range f.Faults {
		if f.Cut || e.Line == 0 {
			return e
		}
		p.note("%s", hint.Sentence(e))
	}
	for _, n := range f.NotRun {
		p.plan.NotTaken = append(p.plan.NotTaken, NotTaken{Source: s.Name,
			What: fmt.Sprintf("in line %d: %s, which stays in the file and is not run", n.Line, n.Says), Lines: 1})
	}
	out := File{Source: s.Name}
	var gone []*requests.Request
	var dropped []requests.Row
	for _, r := range f.Requests {
		if !p.wanted(r.Name, r.Title, r.Method, r.Target) {
			gone = append(gone, r)
			continue
		}
		one := Request{Name: r.Name, Method: r.Method, Target: r.Target}
		if e, ok := p.Catalog.Match(r.Target); ok {
			one.Endpoint = e.ID
		}
		for _, h := range r.Header {
			is := p.Profile.HeaderNames.Protocol(h.Name)
			if strings.EqualFold(is, signing.HeaderName) || strings.EqualFold(is, apiclient.HeaderRequestTime) {
				dropped = append(dropped, h)
				one.Dropped = append(one.Dropped, h.Name)
			}
		}
		body, err := p.bodyFile(s, r)
		if err != nil {
			return err
		}
		if body.Name != "" && !slices.ContainsFunc(out.Bodies,
			func(b requests.BodyFile) bool { return b.Name == body.Name }) {
			out.Bodies = append(out.Bodies, body)
		}
		out.Requests = append(out.Requests, one)
	}
	if len(out.Requests) == 0 {
		if p.Match != "" {
			return nil
		}
		return &hint.Error{Says: "it has no request", Fix: "give a file with requests"}
	}
	out.Text = f.Remove(gone, dropped)
	if again := requests.Parse(s.Name, out.Text); len(again.Requests) != len(out.Requests) {
		return errors.New("it cannot be taken apart: import it without --match")
	}
	base := strings.TrimSuffix(path.Base(filepath.ToSlash(s.Name)), filepath.Ext(s.Name))
	p.place(out, path.Join(fileNames(s.Folders), fileName(base, "requests")))
	return nil
}

// bodyFile reads the body that a request has in a file of its own. It keeps its name,
// which the request file says.
func (p *planner) bodyFile(s Source, r *requests.Request) (requests.BodyFile, error) {
	name := r.Body.File
	if name == "" {
		return requests.BodyFile{}, nil
	}
	local := filepath.IsLocal(filepath.FromSlash(name))
	if !local || s.Read == nil {
		return requests.BodyFile{}, &hint.Error{Says: fmt.Sprintf("the body file %s is not below the folder of the request file", name),
			Fix: "copy it there, and write < ./NAME.bin"}
	}
	data, err := s.Read(name)
	if err != nil {
		return requests.BodyFile{}, &hint.Error{Says: fmt.Sprintf("the body file %s cannot be read", name),
			Fix: "put it beside the request file", Err: err}
	}
	at := path.Join(fileNames(s.Folders), path.Clean(filepath.ToSlash(name)))
	there, err := p.there(at)
	if p.taken[strings.ToLower(at)] || err == nil && !bytes.Equal(there, data) ||
		err != nil && !errors.Is(err, fs.ErrNotExist) {
		return requests.BodyFile{}, &hint.Error{Says: fmt.Sprintf("%s is there already, with other bytes, and the "+
			"body file %s would go there", at, name),
			Fix: "import into another folder: --into DIR"}
	}
	return requests.BodyFile{Name: name, Data: data}, nil
}
