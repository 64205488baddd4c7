package requests

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
	"countersign/apiclient/variables"
)

// Draft returns the request as it is to be sent with the profile of the resolver,
// which is one of this session's, and its endpoint; one without ID where the
// catalogue has none. The error is an *Error, or wraps a *Missing.
func (s *Session) Draft(ctx context.Context, r *Request,
	resolver *variables.Resolver) (apiclient.Draft, catalog.Endpoint, error) {
	f := s.File
	if r.Foreign != "" {
		return apiclient.Draft{}, catalog.Endpoint{},
			f.errorAt(r.line.From, "send it with the tool that it was written for",
				"%s cannot be sent: it is not known here (%s)", r.Label(), r.Foreign)
	}
	content, err := f.Content(r, s.Read)
	if err != nil {
		return apiclient.Draft{}, catalog.Endpoint{}, err
	}
	d := apiclient.Draft{Method: r.Method, Target: r.Target, Header: content.Header, Body: content.Body,
		Tamper: r.tampers()}
	if r.contentType(apiclient.MediaForm) {
		d.Media = apiclient.MediaForm
	}
	if d, err = resolver.ExpandDraft(ctx, d); err != nil {
		return d, catalog.Endpoint{}, s.located(r, err)
	}
	if d.Target, d.Header, err = Below(resolver.Profile, d.Target, d.Header); err != nil {
		return d, catalog.Endpoint{}, f.causedAt(r.target, "", err)
	}
	endpoint, err := f.endpoint(r, d.Target, s.Catalog)
	if err != nil {
		return d, endpoint, err
	}
	d.Endpoint, d.Media, d.Bodiless = endpoint.ID, cmp.Or(d.Media, endpoint.Media), endpoint.Bodiless
	if d.Method == "GET" && len(d.Body) == 0 {
		d.Bodiless = true
	}
	if r.NoSign() {
		d.Omit = append(d.Omit, resolver.Profile.HeaderNames.Of(signing.HeaderName))
	}
	if _, err = d.Filled(); err != nil {
		return d, endpoint, f.errorAt(r.target, "write the value in place of its braces, or a variable: {{name}}",
			"%v", err)
	}
	return d, endpoint, nil
}

// NoSign reports whether the request goes out without a signature.
func (r *Request) NoSign() bool {
	return slices.ContainsFunc(r.Directives, func(d Row) bool { return d.Name == "no-sign" && d.Value != "no" })
}

// ChecksSchema reports whether the answer must follow its schema.
func (r *Request) ChecksSchema() bool {
	v := strings.ToLower(r.first("expect-schema"))
	return v != "no" && v != "false" && v != "off"
}

// ProfileName is the profile that the request is for; "" means the one in use.
func (f *File) ProfileName(r *Request) string { return cmp.Or(r.first("profile"), f.Profile) }

// tampers are the names of # @tamper; several may stand in a line.
func (r *Request) tampers() []string {
	var list []string
	for _, v := range r.Get("tamper") {
		list = append(list, tamperNames(v)...)
	}
	return list
}

func tamperNames(v string) []string {
	return strings.FieldsFunc(v, func(c rune) bool { return c == ',' || c == ' ' || c == '\t' })
}

// endpoint finds the endpoint of a request: that of # @endpoint, else that of its
// path. One without ID means that there is none.
func (f *File) endpoint(r *Request, target string, all *catalog.Catalog) (catalog.Endpoint, error) {
	if all == nil {
		return catalog.Endpoint{}, nil
	}
	for _, d := range r.Directives {
		if d.Name != "endpoint" {
			continue
		}
		e, err := all.Lookup(d.Value)
		if err != nil {
			return e, f.causedAt(d.value, "# @endpoint: ", err)
		}
		return e, nil
	}
	path, _, _ := strings.Cut(target, "?")
	e, ok := all.Match(path)
	switch {
	case !ok:
		return catalog.Endpoint{}, nil
	case e.Path == path, strings.Contains(e.Path, "{") && strings.Count(e.Path, "/") == strings.Count(path, "/"):
		return e, nil
	}
	return catalog.Endpoint{}, nil
}

// Below returns the path below the profile's base URL of a target whose variables
// are replaced, and the headers without the Host that the path had with it. A URL
// that does not begin with the base URL is an error: what is signed for a profile
// is sent nowhere else.
func Below(p apiclient.Profile, target string, header []apiclient.Field) (string, []apiclient.Field, error) {
	base, err := url.Parse(p.BaseURL)
	if err != nil {
		return "", nil, err
	}
	i := slices.IndexFunc(header, func(f apiclient.Field) bool { return strings.EqualFold(f.Name, "Host") })
	sameHost := i >= 0 && hostOf(base.Scheme, header[i].Value) == hostOf(base.Scheme, base.Host)
	prefix := strings.TrimRight(base.EscapedPath(), "/")
	if !strings.Contains(target, "://") {
		if !strings.HasPrefix(target, "/") { // host/path, as some clients write it
			host, path, _ := strings.Cut(target, "/")
			return Below(p, base.Scheme+"://"+host+"/"+path, header)
		}
		if sameHost {
			header = slices.Delete(slices.Clone(header), i, i+1)
			if path, ok := strings.CutPrefix(target, prefix); ok && strings.HasPrefix(path, "/") {
				target = path
			}
		}
		return target, header, nil
	}
	scheme, rest, _ := strings.Cut(target, "://")
	host, path := rest, "/"
	if n := strings.IndexAny(rest, "/?"); n >= 0 {
		host, path = rest[:n], rest[n:]
	}
	path, _, _ = strings.Cut(path, "#")
	path, inside := strings.CutPrefix(path, prefix)
	if !strings.EqualFold(scheme, base.Scheme) || hostOf(scheme, host) != hostOf(base.Scheme, base.Host) ||
		!inside || path != "" && path[0] != '/' && path[0] != '?' {
		return "", nil, &hint.Error{Says: "its URL " + clip(target) + " does not begin with the base_url of the " +
			"profile " + p.Name + ", " + p.BaseURL,
			Fix: "write the path alone, or {{profile.base_url}} before it; # @profile NAME chooses another profile"}
	}
	if path == "" || path[0] == '?' {
		path = "/" + path
	}
	if sameHost {
		header = slices.Delete(slices.Clone(header), i, i+1)
	}
	return path, header, nil
}

// hostOf writes a host in one spelling, its port with it.
func hostOf(scheme, host string) string {
	host = strings.ToLower(host)
	if i := strings.LastIndexByte(host, ':'); i < 0 || strings.HasSuffix(host, "]") {
		port := ":443"
		if strings.EqualFold(scheme, "http") {
			port = ":80"
		}
		host += port
	}
	return host
}

// located puts the fault of a variable at its place in the file.
func (s *Session) located(r *Request, err error) error {
	var e *variables.Error
	if !errors.As(err, &e) {
		return err
	}
	f, at := s.File, r.line.From
	switch part, ok := strings.CutPrefix(e.Part, "the header "); {
	case ok:
		for _, h := range r.Header {
			if h.Name == part && strings.Contains(h.Value, e.Name) {
				at = h.value + e.Column - 1
			}
		}
	case e.Part == "the path":
		at = r.target + e.Column - 1
	case r.Body.File != "":
		at = r.Body.At.From
	default:
		at = r.Body.At.From
		for line := 1; line < e.Line; line++ {
			n := strings.IndexByte(string(f.Text[at:]), '\n')
			at += n + 1
		}
		at += e.Column - 1
	}
	out := f.errorAt(at, hint.Of(err), "the variable {{%s}} %s", e.Name, e.Says)
	out.Err = err
	return out
}

// Check finds the faults that do not need an answer: of the file, of its
// expressions, and of names that the catalogue or the program does not have. They
// are in the order of the file.
func (f *File) Check(all *catalog.Catalog) []*Error {
	list := slices.Clone(f.Faults)
	add := func(err error) {
		var e *Error
		if errors.As(err, &e) {
			list = append(list, e)
		}
	}
	for _, r := range f.Requests {
		if len(list) >= maxFaults {
			break
		}
		_, err := f.Expectations(r)
		add(err)
		_, err = f.Sets(r)
		add(err)
		if r.first("endpoint") != "" {
			_, err = f.endpoint(r, "", all)
			add(err)
		}
		for _, name := range r.tampers() {
			if _, ok := apiclient.LookupTamper(name); !ok {
				add(f.errorAt(r.line.From, "countersign send --tamper list names them", "there is no tampering %q",
					name))
			}
		}
		switch v := strings.ToLower(r.first("expect-schema")); v {
		case "", "yes", "true", "on", "no", "false", "off":
		default:
			add(f.errorAt(r.line.From, "write # @expect-schema no", "# @expect-schema is %q, neither yes nor no", v))
		}
	}
	slices.SortStableFunc(list, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return list
}
