package importing

import (
	"fmt"
	"net/url"
	"strings"

	"countersign/apiclient/evidence"
	"countersign/apiclient/requests"
)

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
