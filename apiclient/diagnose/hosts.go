package diagnose

import (
	"net/url"
	"slices"
	"strings"

	"countersign/apiclient/diagnose/variant"
)

// hosts puts scheme and host in front.
func (e *Evidence) hosts(sent string, p part) {
	full := habit{"path_full_url", "The full URL was signed instead of path and query.", "`req.url` of a client library, or `request.getRequestURL()`"}
	hostPath := habit{"path_host_included", "The host was signed in front of the path.", "host and path joined"}
	for i, host := range e.hostNames() {
		name, _, _ := strings.Cut(host, ":")
		for j, h := range []string{host, name, name + ":443", name + ":80", name + ":8080", name + ":8443"} {
			cost := variant.Common + i + j/2
			for _, scheme := range []string{"https://", "http://"} {
				p.add(scheme+h+sent, cost, full)
				p.add(strings.ToUpper(scheme)+h+sent, cost+4, full)
				if pathOnly, _, ok := strings.Cut(sent, "?"); ok {
					p.add2(scheme+h+pathOnly, variant.Common+variant.Usual, full, habit{"query_omitted", "The query was not signed.", "`url.pathname` in place of path and query"})
				}
				p.add(scheme+h, cost+4, habit{"path_empty", "Scheme and host were signed without a path.", "the base URL in place of the path"})
			}
			p.add(h+sent, cost, hostPath)
			p.add(h, cost+4, habit{"path_host_included", "The host was signed in the place of the path.", "`url.host` in place of `url.pathname`"})
			p.add("//"+h+sent, cost+2, hostPath)
			p.add("/"+h+sent, cost+3, hostPath)
		}
	}
}

// hostNames are the hosts that the exchange names.
func (e *Evidence) hostNames() []string {
	var names []string
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(names, s) {
			names = append(names, s)
		}
	}
	for _, raw := range []string{e.Exchange.URL, e.Exchange.Request.Target()} {
		if u, err := url.Parse(raw); err == nil {
			add(u.Host)
		}
	}
	add(e.Exchange.Request.Get("Host"))
	add(e.Exchange.Request.Get("X-Forwarded-Host"))
	return names
}
