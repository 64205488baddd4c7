package habits

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"countersign/apiclient/diagnose/bodies"
)

// spellings writes the path otherwise.
func spellings(sent string, add func(string, int, habit)) {
	slash := habit{"path_trailing_slash", "with a slash at its end that was not sent",
		"joining with a trailing slash, or a framework that normalises paths"}
	add(sent+"/", common, slash)
	if trimmed := strings.TrimRight(sent, "/"); trimmed != sent {
		add(trimmed, common, habit{"path_trailing_slash",
			"without the slash at its end that was sent", "a framework that normalises paths"})
	}
	double := habit{"path_double_slash", "with a doubled slash", "joining a base URL that ends in a slash to a path that starts with one"}
	add("/"+sent, common, double)
	add(sent+"//", rare, double)
	if strings.Contains(sent, "//") {
		add(strings.ReplaceAll(sent, "//", "/"), common, habit{"path_double_slash",
			"without the doubled slash that was sent", "a framework that normalises paths"})
	}
	if clean := path.Clean(sent); clean != sent {
		add(clean, usual, habit{"path_dot_segments_normalised", "normalised, but sent as it is", "`path.Clean`, `URI.normalize()`"})
	}
	add(strings.TrimPrefix(sent, "/"), common, habit{"path_leading_slash_missing",
		"without its leading slash", "a path that is joined to a base URL that ends in a slash"})
	add("", common, habit{"path_empty",
		"An empty path was signed.", "a variable that is not set, or `req.path` of a handler that is mounted at the path"})
	add("/", usual, habit{"path_empty", "The path / was signed.", "`req.url` of a handler that is mounted at the path"})
	suffixes := []string{".htm", ".html", ".json", ".do", ".action", ".php", ".jsp", ".aspx", ".xml", ".api",
		".ajax", ".txt", ".svc"}
	for i, s := range suffixes {
		add(sent+s, min(common+i/2, exotic), habit{"path_suffix",
			"with " + s + " at its end, which was not sent", "the interface's name on another platform"})
		if cut, ok := strings.CutSuffix(sent, s); ok {
			add(cut, common, habit{"path_suffix", "without the " + s + " at its end", "the interface's name without its suffix"})
		}
	}
	add(lowerEscapes(sent), common, habit{"path_percent_encoded_on_wire",
		"with lower-case hex in its escapes; it was sent in upper case", "an HTTP client or a proxy that writes escapes again"})
	add(upperEscapes(sent), common, habit{"path_percent_encoded_on_wire",
		"with upper-case hex in its escapes; it was sent in lower case", "an encoder with lower-case hex, as .NET's"})
	add(strings.ToLower(sent), common, habit{"path_case", "in lower case", "`toLowerCase()`, or a framework that ignores case"})
	add(strings.ToUpper(sent), usual, habit{"path_case", "in upper case", "`toUpperCase()`"})
	for _, enc := range percentEncoders {
		add(enc.f(sent), enc.cost, habit{"path_urlencoded", "percent-encoded", enc.code})
	}
	if decoded := bodies.PercentDecode(sent, false); decoded != sent {
		add(decoded, common, habit{"path_percent_encoded_on_wire",
			"with its plain characters; the HTTP client percent-encoded it on the wire",
			"signing the string before `URL` or the HTTP client encodes it"})
	}
	add(strings.ReplaceAll(sent, "/", `\`), rare, habit{"path_backslashes", `with \ for /`, "a file path function on Windows"})
	add(strings.ReplaceAll(sent, "/", `\/`), rare, habit{"path_slash_escaped", `with \/ for /`, "a JSON serialiser over the path"})
	for _, tail := range []string{" ", "\n", "\r", "\t", "?", "#", "&", "."} {
		add(sent+tail, plausible, habit{tailCause(tail),
			fmt.Sprintf("The path was signed with %q at its end, which was not sent.", tail), "string concatenation"})
	}
	add(" "+sent, plausible, habit{"path_whitespace", "with a space in front of it", "string concatenation"})
	add(`"`+sent+`"`, rare, habit{"path_quoted", "in quotes", "quotes from a configuration file"})
	add("'"+sent+"'", rare, habit{"path_quoted", "in single quotes", "`repr(path)` or `{path!r}`, or quotes from a shell"})
	add("b'"+sent+"'", plausible, habit{"path_quoted", "as Python prints bytes: b'…'",
		"`str(path)` or an f-string where path is bytes, such as `scope[\"raw_path\"]`; use `path.decode()`"})
	for _, f := range fragments {
		add(sent+f, plausible, fragmentSigned)
	}
}

// frontScripts and frontParameters are how web servers pass a path to the one
// script that serves all of them.
var (
	frontScripts    = []string{"/index.php", "/public/index.php", "/api/index.php", "/web/index.php", "/app.php", "/api.php"}
	frontParameters = []string{"s=", "r=", "q=", "_url=", "route=", "path=", "url=", "p=", "uri=", "request=", "action=", ""}
)

// frontControllers puts the path behind the script that serves it, as a rewriting
// rule of the web server does, and takes it out of there.
func (src *Source) frontControllers(path, query string, p part) {
	h := habit{"path_rewritten", "as the web server rewrites it for the script that serves it",
		"`$_SERVER['REQUEST_URI']` or `$request_uri` on one side and the rewritten URL on the other; the path that was requested counts"}
	tails := []string{""}
	if query != "" {
		tails = append(tails, "&"+query)
	}
	for i, script := range frontScripts {
		for j, name := range frontParameters {
			values := []string{path, strings.TrimPrefix(path, "/"), url.QueryEscape(path), "/" + path}
			if i > 0 {
				values = values[:2]
			}
			for k, value := range values {
				for _, tail := range tails {
					p.add(script+"?"+name+value+tail, usual+i+j/3+k, h)
				}
			}
		}
		if query != "" {
			path += "?" + query
		}
		p.add(script+path, usual+i, h)
		path, _, _ = strings.Cut(path, "?")
	}
	if !strings.Contains(path, ".") {
		return
	}
	first, rest, more := strings.Cut(query, "&")
	_, value, _ := strings.Cut(first, "=")
	if value = "/" + strings.Trim(bodies.PercentDecode(value, true), "/"); strings.Count(value, "/") > 1 {
		p.add(value, usual, h)
		if more {
			p.add(value+"?"+rest, usual, h)
		}
	}
}

// interfaceNames writes the path as the name of an interface.
func interfaceNames(sent string, add func(string, int, habit)) {
	dots := strings.ReplaceAll(strings.TrimPrefix(sent, "/"), "/", ".")
	parts := strings.Split(strings.TrimPrefix(sent, "/"), "/")
	for k := range len(parts) {
		if k < len(parts)-1 {
			add(strings.Join(parts[k:], "."), usual, habit{"path_dotted",
				"with dots for slashes", "the interface's name, such as v2.payments.pay, in place of its path"})
			add("/"+strings.Join(parts[k:], "."), plausible,
				habit{"path_dotted", "with dots for slashes", "the interface's name in place of its path"})
		}
		add("ams."+strings.Join(parts[k:], "."), exotic,
			habit{"path_dotted", "as an interface name", "the interface's name in place of its path"})
		add(strings.Join(parts[k:], "/"), usual, habit{"path_prefix_missing",
			"without its beginning and its leading slash", "the interface's name in place of its path"})
		add(strings.Join(parts[k:], "_"), rare,
			habit{"path_dotted", "with underscores for slashes", "an operation's name in place of its path"})
	}
	add("."+dots, rare, habit{"path_dotted", "with dots for slashes", "the interface's name in place of its path"})
}

// fragments are what is met behind a URL.
var fragments = []string{"#top", "#frag", "#fragment", "#section", "#anchor", "#", "#/", "#!", "#a", "#x", "#1",
	"#abc", "#foo", "#ref", "#main"}

var fragmentSigned = habit{"path_fragment_signed",
	"with a #fragment, which never goes on the wire", "signing the URL as typed instead of path and query"}

func tailCause(tail string) string {
	switch tail {
	case "?":
		return "query_mark_extra"
	case "#":
		return "path_fragment_signed"
	}
	return "path_whitespace"
}

// wholeTargets changes path and query together.
func (src *Source) wholeTargets(sent string, p part) {
	for _, enc := range percentEncoders {
		p.add(enc.f(sent), enc.cost+1, habit{"path_urlencoded", "Path and query were signed percent-encoded.", enc.code})
	}
	for _, f := range fragments {
		p.add(sent+f, plausible, fragmentSigned)
	}
	p.add(lowerEscapes(sent), usual,
		habit{"query_reencoded", "Path and query were signed with lower-case hex in their escapes.", "`HttpUtility.UrlEncode` of .NET"})
	p.add(upperEscapes(sent), usual,
		habit{"query_reencoded", "Path and query were signed with upper-case hex in their escapes.", "most percent-encoders"})
	p.add(strings.ToLower(sent), usual, habit{"path_case", "Path and query were signed in lower case.", "`toLowerCase()`"})
	p.add(strings.ToUpper(sent), rare, habit{"path_case", "Path and query were signed in upper case.", "`toUpperCase()`"})
	if line := src.Exchange.Request.Target(); line != sent && line != src.Exchange.Request.Path() {
		p.add(line, common,
			habit{"path_full_url", "The request target was signed as it stands in the request line.", "signing the whole request target"})
	}
}

// hosts puts scheme and host in front.
func (src *Source) hosts(sent string, p part) {
	full := habit{"path_full_url",
		"The full URL was signed instead of path and query.", "`req.url` of a client library, or `request.getRequestURL()`"}
	hostPath := habit{"path_host_included", "The host was signed in front of the path.", "host and path joined"}
	for i, host := range src.hostNames() {
		name, _, _ := strings.Cut(host, ":")
		for j, h := range []string{host, name, name + ":443", name + ":80", name + ":8080", name + ":8443"} {
			cost := common + i + j/2
			for _, scheme := range []string{"https://", "http://"} {
				p.add(scheme+h+sent, cost, full)
				p.add(strings.ToUpper(scheme)+h+sent, cost+4, full)
				if pathOnly, _, ok := strings.Cut(sent, "?"); ok {
					p.add2(scheme+h+pathOnly, common+usual, full,
						habit{"query_omitted", "The query was not signed.", "`url.pathname` in place of path and query"})
				}
				p.add(scheme+h, cost+4,
					habit{"path_empty", "Scheme and host were signed without a path.", "the base URL in place of the path"})
			}
			p.add(h+sent, cost, hostPath)
			p.add(h, cost+4,
				habit{"path_host_included", "The host was signed in place of the path.", "`url.host` in place of `url.pathname`"})
			p.add("//"+h+sent, cost+2, hostPath)
			p.add("/"+h+sent, cost+3, hostPath)
		}
	}
}

// hostNames returns the hosts that the exchange names.
func (src *Source) hostNames() []string {
	var names []string
	add := func(s string) {
		name, port, _ := strings.Cut(strings.TrimSpace(s), ":")
		unicode, _ := idna.ToUnicode(name)
		ascii, _ := idna.ToASCII(name)
		for _, n := range []string{name, unicode, ascii} {
			if n != "" && port != "" {
				n += ":" + port
			}
			if n != "" && !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	for _, raw := range []string{src.Exchange.URL, src.Exchange.Request.Target()} {
		if u, err := url.Parse(raw); err == nil {
			add(u.Host)
		}
	}
	add(src.Exchange.Request.Get("Host"))
	add(src.Exchange.Request.Get("X-Forwarded-Host"))
	return names
}
