package catalog

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient/english"
	"countersign/apiclient/hint"
)

// split takes the version out of a path: "/v2/payments/pay" is version "v2" of
// "payments/pay". The version is the first segment, or else the first that
// looks like one and is not all there is. "/" itself is named "root".
func split(path string) (version, name string) {
	segments := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if len(segments) == 0 {
		return "", "root"
	}
	for i, s := range segments {
		if isVersion(s) && len(segments) > 1 {
			return s, strings.Join(slices.Delete(segments, i, i+1), "/")
		}
	}
	return "", strings.Join(segments, "/")
}

func isVersion(s string) bool {
	return len(s) > 1 && (s[0] == 'v' || s[0] == 'V') && strings.Trim(s[1:], "0123456789.") == ""
}

// compareVersions puts v9 before v10, and no version before any.
func compareVersions(a, b string) int {
	major := func(s string) (n int) {
		if isVersion(s) {
			digits, _, _ := strings.Cut(s[1:], ".")
			n, _ = strconv.Atoi(digits)
		}
		return n
	}
	return cmp.Or(cmp.Compare(major(a), major(b)), cmp.Compare(a, b))
}

// route is a path ready to be compared: lower case, without its slashes.
type route struct {
	segments []string
	literal  int // segments that are no {parameter}
}

func newRoute(e Endpoint) route {
	r := route{segments: segmentsOf(e.Path)}
	for _, s := range r.segments {
		if !isParameter(s) {
			r.literal++
		}
	}
	return r
}

func isParameter(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}")
}

// segmentsOf strips from a path or URL what does not name the interface.
func segmentsOf(path string) []string {
	path, _, _ = strings.Cut(path, "#")
	path, _, _ = strings.Cut(path, "?")
	if _, rest, ok := strings.Cut(path, "://"); ok {
		_, path, _ = strings.Cut(rest, "/")
	}
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	path = strings.ToLower(strings.TrimRight(path, "/"))
	path = strings.TrimSuffix(path, ".htm")
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// endsIn reports whether the path ends in the route.
func (r route) endsIn(path []string) bool {
	from := len(path) - len(r.segments)
	if from < 0 || len(r.segments) == 0 {
		return false
	}
	for i, s := range r.segments {
		if s != path[from+i] && !isParameter(s) {
			return false
		}
	}
	return true
}

// Match finds the endpoint that a requested path belongs to, whatever prefix
// stands before it. Scheme and host, the query, a slash or ".htm" at the end,
// doubled slashes, percent-encoding and case do not matter. Of several, the
// one with the longest path is meant, and the one with POST.
func (c *Catalog) Match(path string) (Endpoint, bool) {
	segments := segmentsOf(path)
	best, rank := -1, [3]int{}
	for i, r := range c.routes {
		if !r.endsIn(segments) {
			continue
		}
		post := 0
		if c.endpoints[i].Method == "POST" {
			post = 1
		}
		if this := [3]int{len(r.segments), r.literal, post}; best < 0 || slices.Compare(this[:], rank[:]) > 0 {
			best, rank = i, this
		}
	}
	if best < 0 {
		return Endpoint{}, false
	}
	return c.endpoints[best], true
}

// ByID returns the endpoint with an ID, where the catalogue has it.
func (c *Catalog) ByID(id string) (Endpoint, bool) {
	return c.first(func(e Endpoint) bool { return e.ID == id })
}

// Lookup finds an endpoint by ID ("v1/payments/pay"), by name ("payments/pay",
// the newest version), by path, by a path or URL that ends in one, or by the
// end of a name where only one ends so ("pay"). Case does not matter. The
// error names the nearest few.
func (c *Catalog) Lookup(s string) (Endpoint, error) {
	query := strings.TrimSpace(s)
	method, rest, ok := strings.Cut(query, " ")
	if ok && strings.HasPrefix(rest, "/") && method == strings.ToUpper(method) {
		query = rest
	}
	name := strings.ToLower(strings.Trim(query, "/"))
	if name == "" {
		return Endpoint{}, hint.Errorf("name one such as payments/pay; `countersign endpoints` lists them",
			"no interface is named")
	}
	// Of one name the newest version is the first.
	e, ok := c.first(func(e Endpoint) bool { return strings.ToLower(e.ID) == name },
		func(e Endpoint) bool { return strings.ToLower(e.Name) == name })
	if !ok {
		e, ok = c.Match(query)
	}
	if ok {
		return e, nil
	}
	return c.lookupEnd(s, name)
}

// first returns the first endpoint that one of several conditions holds for; the
// conditions are tried in their order.
func (c *Catalog) first(conditions ...func(Endpoint) bool) (Endpoint, bool) {
	for _, is := range conditions {
		if i := slices.IndexFunc(c.endpoints, is); i >= 0 {
			return c.endpoints[i], true
		}
	}
	return Endpoint{}, false
}

// withoutParameters is a name without its {parameters}: "links/close" for
// links/{linkId}/close.
func withoutParameters(name string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(name, "/"), isParameter), "/")
}

// Called reports whether a name is that of the endpoint, with its parameters or
// without.
func (e Endpoint) Called(name string) bool {
	return e.Name == name || withoutParameters(e.Name) == name
}

// lookupEnd finds the one name that ends in "/"+end, with its parameters or without.
func (c *Catalog) lookupEnd(s, end string) (Endpoint, error) {
	version, rest := split(end)
	var found []Endpoint
	for _, e := range c.endpoints {
		lower := strings.ToLower(e.Name)
		switch {
		case version != "" && !strings.EqualFold(e.Version, version):
		case !strings.HasSuffix("/"+lower, "/"+rest) && !strings.HasSuffix("/"+withoutParameters(lower), "/"+rest):
		case slices.ContainsFunc(found, func(f Endpoint) bool { return f.Name == e.Name }):
		default:
			found = append(found, e)
		}
	}
	switch len(found) {
	case 0:
		return Endpoint{}, c.unknown(s)
	case 1:
		return found[0], nil
	}
	var ids []string
	for _, e := range found {
		ids = append(ids, e.ID)
	}
	return Endpoint{}, hint.Errorf("name one of them", "%q may be any of %s", s, strings.Join(ids, ", "))
}

// nearest is how many names an error suggests.
const nearest = 3

func (c *Catalog) unknown(s string) error {
	type candidate struct {
		id       string
		distance int
	}
	wanted := strings.ToLower(strings.Join(segmentsOf(s), "/"))
	_, wanted = split(wanted)
	var list []candidate
	for _, e := range c.endpoints {
		if slices.ContainsFunc(list, func(k candidate) bool { return strings.HasSuffix("/"+k.id, "/"+e.Name) }) {
			continue // a newer version is there
		}
		name := strings.ToLower(e.Name)
		d := english.Distance(wanted, name)
		if i := strings.LastIndexByte(name, '/'); i >= 0 {
			d = min(d, 1+english.Distance(wanted[strings.LastIndexByte(wanted, '/')+1:], name[i+1:]))
		}
		list = append(list, candidate{e.ID, d})
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return a.distance - b.distance })
	says := fmt.Sprintf("the catalogue has no interface %q", s)
	for i, k := range list[:min(nearest, len(list))] {
		says += map[bool]string{true: "; the nearest are ", false: ", "}[i == 0] + k.id
	}
	const fix = "`countersign endpoints` lists them all; a path such as /v2/orders/create can be added under [[endpoints]]"
	return hint.Errorf(fix, "%s", says)
}
