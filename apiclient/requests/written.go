package requests

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/signing"
	"countersign/apiclient/variables"
)

// Draft returns the content as a draft that can be edited: its variables stay in
// it, and its target is as it is written. See Below for what that becomes.
func (c Content) Draft(names apiclient.HeaderNames) apiclient.Draft {
	d := apiclient.Draft{Method: c.Method, Target: c.Target, Header: slices.Clone(c.Header), Body: c.Body}
	for _, s := range c.Directives {
		switch {
		case s.Name == "tamper":
			d.Tamper = append(d.Tamper, tamperNames(s.Value)...)
		case s.Name == "no-sign" && s.Value != "no" && d.Omit == nil:
			d.Omit = []string{names.Of(signing.HeaderName)}
		}
	}
	media, _, _ := strings.Cut(c.HeaderOf("Content-Type"), ";")
	if strings.EqualFold(strings.TrimSpace(media), apiclient.MediaForm) {
		d.Media = apiclient.MediaForm
	}
	return d
}

// With returns the content with what a draft of it has become. Directives stay but
// for those that the draft says: # @tamper and # @no-sign. lost names what a
// request file cannot say.
func (c Content) With(d apiclient.Draft, names apiclient.HeaderNames) (out Content, lost []string) {
	was := c.Draft(names)
	out = c
	out.Method, out.Target, out.Header, out.Body = d.Method, filledIn(d), slices.Clone(d.Header), d.Body
	out.Directives = slices.Clone(c.Directives)
	if !slices.Equal(was.Tamper, d.Tamper) {
		out.drop("tamper")
		for _, name := range d.Tamper {
			out.Directives = append(out.Directives, Setting{"tamper", name})
		}
	}
	unsigned := false
	for _, name := range d.Omit {
		if names.IsSignature(name) {
			unsigned = true
		} else {
			lost = append(lost, "that the header "+name+" is left out")
		}
	}
	switch {
	case unsigned && len(was.Omit) == 0:
		out.drop("no-sign")
		out.Directives = append(out.Directives, Setting{Name: "no-sign"})
	case !unsigned && len(was.Omit) > 0:
		out.drop("no-sign")
	}
	return out, lost
}

func (c *Content) drop(name string) {
	c.Directives = slices.DeleteFunc(c.Directives, func(s Setting) bool { return s.Name == name })
}

// filledIn writes the values of parameters into the target. Variables in them stay.
func filledIn(d apiclient.Draft) string {
	path, query, hasQuery := strings.Cut(d.Target, "?")
	inPath := apiclient.ParamNames(d.Target)
	for _, p := range d.Params {
		escape, text := url.PathEscape, "{"+p.Name+"}"
		if !slices.Contains(inPath, p.Name) {
			escape = url.QueryEscape
		}
		value := p.Value
		if !variables.Has([]byte(value)) {
			value = escape(value)
		}
		switch {
		case value == "":
		case slices.Contains(inPath, p.Name):
			path = strings.ReplaceAll(path, text, value)
		default:
			if query != "" {
				query += "&"
			}
			query, hasQuery = query+url.QueryEscape(p.Name)+"="+value, true
		}
	}
	if hasQuery {
		path += "?" + query
	}
	return path
}

// BelowBase returns what of a path for any host follows the profile's base URL: from
// where the path of an endpoint begins, or what follows the base URL's path. ok is
// false where it has neither.
func BelowBase(p apiclient.Profile, c *catalog.Catalog, path string) (below string, ok bool) {
	bare, _, _ := strings.Cut(path, "?")
	if e, known := c.Match(bare); known {
		if i := strings.Index(path, e.Path); i >= 0 {
			return path[i:], true
		}
	}
	base, err := url.Parse(p.BaseURL)
	if err != nil {
		return path, false
	}
	prefix := strings.TrimSuffix(base.EscapedPath(), "/")
	if rest, found := strings.CutPrefix(path, prefix); found && prefix != "" && strings.HasPrefix(rest, "/") {
		return rest, true
	}
	return path, false
}

// Renew begins another pass: what is made up for the variables of the file is made
// up again. What answers have set stays.
func (s *Session) Renew() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = nil
}

// Endpoint finds the endpoint of a request, whether or not it can be sent as it
// stands: variables may have no value yet.
func (s *Session) Endpoint(ctx context.Context, r *Request, resolver *variables.Resolver) (catalog.Endpoint, bool) {
	target := r.Target
	if out, err := resolver.Expand(ctx, []byte(target)); err == nil {
		target = string(out)
	}
	path, _, err := Below(resolver.Profile, target, nil)
	if err != nil || strings.HasPrefix(target, "{{") { // what is behind the host will do
		_, path, _ = strings.Cut(strings.TrimPrefix(target, "{{"), "}}")
		if _, rest, ok := strings.Cut(target, "://"); ok {
			path = rest[max(0, strings.IndexByte(rest, '/')):]
		}
	}
	e, err := s.File.endpoint(r, path, s.Catalog)
	return e, err == nil && e.ID != ""
}

// Prefix is what stands before the path in the targets of the file: "{{host}}"; ""
// where they do not begin with the same variable.
func (f *File) Prefix() string {
	prefix := ""
	for i, r := range f.Requests {
		end := strings.Index(r.Target, "}}/")
		if !strings.HasPrefix(r.Target, "{{") || end < 0 || i > 0 && r.Target[:end+2] != prefix {
			return ""
		}
		prefix = r.Target[:end+2]
	}
	return prefix
}
