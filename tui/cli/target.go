package cli

import (
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
)

// parseParams reads --param: a parameter that the path has a place for, or one of
// the query or the header that the catalogue knows.
func parseParams(list []string, e catalog.Endpoint, target string) (params []apiclient.Param, header []apiclient.Field,
	err error) {
	known := apiclient.ParamNames(target)
	inHeader := map[string]bool{}
	for _, p := range e.Parameters {
		if p.In != catalog.InPath {
			inHeader[p.Name] = p.In == catalog.InHeader && !slices.Contains(known, p.Name)
			known = append(known, p.Name)
		}
	}
	for _, text := range list {
		name, value, ok := strings.Cut(text, "=")
		switch {
		case !ok || name == "":
			return nil, nil, usage("write it as --param linkId=…", "--param %q is no NAME=value", text)
		case !slices.Contains(known, name) && len(known) == 0:
			return nil, nil, usage("a query is written behind the path: send '/v2/orders?page=2'", "%s has no parameters",
				target)
		case !slices.Contains(known, name):
			return nil, nil, usage("its parameters are "+strings.Join(known, ", "), "%s has no parameter %q", target, name)
		}
		if inHeader[name] {
			header = append(header, apiclient.Field{Name: name, Value: value})
		} else {
			params = append(params, apiclient.Param{Name: name, Value: value})
		}
	}
	return params, header, nil
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
