package importing

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/evidence"
	"countersign/apiclient/hint"
	"countersign/apiclient/requests"
	"countersign/apiclient/signing"
	"countersign/apiclient/variables"
)

// piece is one request as it stands in a file.
type piece struct {
	text    []byte
	bodies  []requests.BodyFile
	request Request
	used    []string // variables of the file
	missing []string // variables without a value
}

// piece writes a request. names are those that the source's requests have already.
func (p *planner) piece(s Source, w evidence.Written, names map[string]int) (piece, error) {
	if w.Partial {
		reason := "its body is not in the file"
		if len(w.Notes) > 0 {
			reason = strings.Join(w.Notes, "; ")
		}
		return piece{}, &hint.Error{Says: reason, Fix: "send it once through countersign capture, or export it as HAR with content"}
	}
	var u use
	write := func(text string) string { return p.values.rename(text, &u) }
	if w.Plain {
		write = func(text string) string { return string(variables.Literal([]byte(text))) }
	}
	x := piece{request: Request{Method: w.Method, Notes: slices.Clone(w.Notes)}}
	c := requests.Content{Method: w.Method}
	signed := false
	for _, f := range w.Header {
		switch is := p.Profile.HeaderNames.Protocol(f.Name); {
		case apiclient.MadeForEach(is):
			signed = signed || strings.EqualFold(is, signing.HeaderName)
			x.request.Dropped = append(x.request.Dropped, f.Name)
		case apiclient.OfConnection(f.Name):
			x.request.Dropped = append(x.request.Dropped, f.Name)
		default:
			value := p.hidden(f, &u, &x.request)
			if value == f.Value {
				value = write(f.Value)
			}
			c.Header = append(c.Header, apiclient.Field{Name: f.Name, Value: value})
		}
	}
	target, note := p.target(w, signed || signs(w.Scripts, p.Profile.HeaderNames))
	if note != "" {
		x.request.Notes = append(x.request.Notes, note)
	}
	c.Target, c.Body = write(target), []byte(write(string(w.Body)))
	if w.Plain {
		c.Body = variables.Literal(w.Body) // whatever bytes they are
	}
	x.request.Target = c.Target
	if masker := p.Redactor.Masker(); !bytes.Equal(masker.Bytes(c.Body), c.Body) || masker.Text(c.Target) != c.Target {
		x.request.Notes = append(x.request.Notes, "its body or URL holds a secret or personal data, which stays as it "+
			"is: look before you share the file")
	}
	if e, ok := p.Catalog.Match(c.Target); ok && strings.HasSuffix(c.Target, e.Path) {
		x.request.Endpoint = e.ID
	}
	c.Name = p.named(w, x.request, names)
	x.request.Name = c.Name
	p.scripts(s, w, c.Name)
	var err error
	x.text, x.bodies, err = p.written(fileNames(append(slices.Clone(s.Folders), w.Folders...)), c)
	x.used, x.missing = u.file, u.missing
	if err == nil {
		p.needs(u)
	}
	return x, err
}

// hidden is the value of a header, or where that is a secret a variable in its place.
func (p *planner) hidden(f apiclient.Field, u *use, r *Request) string {
	if !p.Redactor.Secret(f.Name) || f.Value == "" || variables.Has([]byte(f.Value)) {
		return f.Value
	}
	scheme := ""
	if before, _, ok := strings.Cut(f.Value, " "); ok && strings.Contains(strings.ToLower(f.Name), "authorization") {
		scheme = before + " "
	}
	name := environmentName(f.Name)
	u.secrets = append(u.secrets, Secret{name, "the header " + f.Name})
	r.Notes = append(r.Notes, fmt.Sprintf("the value of %s is a secret: it comes from {{env.%s}}", f.Name, name))
	return scheme + "{{env." + name + "}}"
}

// named is the name of a request: its own, or one made of what it calls.
func (p *planner) named(w evidence.Written, r Request, names map[string]int) string {
	if name := title(w.Name); name != "" {
		return name
	}
	name := r.Endpoint[strings.LastIndexByte(r.Endpoint, '/')+1:]
	if name == "" {
		at, _, _ := strings.Cut(r.Target, "?")
		if name = title(path.Base(at)); name == "/" || name == "." || variables.Has([]byte(name)) {
			name = strings.ToLower(w.Method)
		}
	}
	names[name]++
	if n := names[name]; n > 1 {
		return fmt.Sprintf("%s %d", name, n)
	}
	return name
}

// written writes a content as the only request of a file in a folder.
func (p *planner) written(folder string, c requests.Content) ([]byte, []requests.BodyFile, error) {
	if c.Method == "" || strings.Trim(c.Method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return nil, nil, &hint.Error{Says: fmt.Sprintf("a request file has no place for the method %q", c.Method),
			Fix: "write it in capitals"}
	}
	empty := requests.Parse("import", nil)
	change, err := empty.Add(nil, c, func(name string) ([]byte, error) {
		at := path.Join(folder, name)
		if p.taken[strings.ToLower(at)] {
			return nil, nil
		}
		data, err := p.there(at)
		if err == nil && bytes.Equal(data, c.Body) {
			return nil, fs.ErrNotExist // it is there as it would be written
		}
		return data, err
	})
	if err != nil {
		return nil, nil, err
	}
	for _, b := range change.Bodies {
		p.taken[strings.ToLower(path.Join(folder, b.Name))] = true
	}
	if len(change.Text) > requests.MaxFile {
		return nil, nil, errors.New("it is larger than a request file may be")
	}
	return change.Text, change.Bodies, nil
}

// target is the path of a request below the profile's base URL, and what of its URL
// is not in it. Requests that are not for this platform keep their URL: they cannot be
// sent, which is said.
func (p *planner) target(w evidence.Written, signed bool) (target, note string) {
	origin, path := split(w.URL)
	whole := origin
	if !w.Plain {
		whole = p.values.filled(origin)
	}
	if whole != "" {
		with := whole
		if !strings.Contains(with, "://") {
			with = "https://" + with
		}
		if below, _, err := requests.Below(p.Profile, with+path, nil); err == nil {
			return below, ""
		}
	}
	called := origin
	if whole != origin && whole != "" {
		called += " (" + host(whole) + ")"
	}
	note = fmt.Sprintf("%s is base_url of the profile here", called)
	if origin == "" {
		note = ""
	}
	if below, ok := requests.BelowBase(p.Profile, p.Catalog, path); ok {
		return below, note
	}
	if origin == "" || signed || strings.HasPrefix(origin, "{{") {
		return path, note
	}
	return w.URL, fmt.Sprintf("%s is not base_url of the profile: it is sent only with a profile of that base_url",
		origin)
}

// split splits a URL before its path; variables may be in both.
func split(address string) (origin, path string) {
	address, _, _ = strings.Cut(address, "#")
	from := 0
	if i := strings.Index(address, "://"); i >= 0 && !strings.ContainsAny(address[:i], "/?") {
		from = i + 3
	}
	inside := false
	for i := from; i < len(address); i++ {
		switch {
		case strings.HasPrefix(address[i:], "{{"):
			inside = true
		case strings.HasPrefix(address[i:], "}}"):
			inside = false
		case !inside && address[i] == '/':
			return address[:i], address[i:]
		case !inside && address[i] == '?':
			return address[:i], "/" + address[i:]
		}
	}
	return address, "/"
}

// host names where a URL goes, without what may be secret in it.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return u.Scheme + "://" + u.Host + u.EscapedPath()
}
