package diagnose

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/variant"
)

// platformPrefixes are path prefixes of known platforms (the protocol,
// section 3), beside those of the profile.
var platformPrefixes = []string{
	"/miniprogram/api", "/api", "/miniprogram", "/api/open", "/ams/api", "/ams/sandbox/api", "/acl/api", "/open/api", "/openapi", "/gateway", "/gateway/api",
	"/miniapp/api", "/mini/api", "/sandbox/api", "/sandbox", "/api/miniprogram", "/aps/api", "/alipay/api", "/open", "/rest", "/service", "/v1/api", "/merchant/api", "/app/api", "/superapp/api",
	"/api/v1", "/api/v2", "/prod", "/test", "/uat", "/dev", "/stage", "/backend", "/proxy", "/miniprogram/openapi", "/api/sandbox", "/sandbox/miniprogram/api", "/mgs/api", "/mgs", "/ext/api", "/ext", "/aplus/api", "/aplus", "/wallet/api", "/pay/api", "/partner/api", "/external/api", "/public/api", "/internal/api", "/api/proxy", "/api/acl", "/acl", "/ams", "/aps", "/mp/api", "/mapi", "/webapi", "/api/rest",
}

var versionSegment = regexp.MustCompile(`^[vV][0-9]+(\.[0-9]+)?$`)

// paths gives what may have stood in the place of the path and query.
func (e *Evidence) paths() part {
	sent := e.Rule().Target
	p := newPart(sent)
	pathOnly, query, hasQuery := strings.Cut(sent, "?")
	withQuery := func(s string) string {
		if hasQuery {
			return s + "?" + query
		}
		return s
	}
	add := func(s string, cost int, h habit) {
		p.add(withQuery(s), cost, h)
		if hasQuery {
			p.add2(s, cost+variant.Common, h, queryOmitted)
		}
	}
	e.prefixes(pathOnly, add)
	e.segments(pathOnly, add)
	e.spellings(pathOnly, add)
	e.hosts(sent, p)
	e.endpoints(pathOnly, add)
	p.queries(pathOnly, query, hasQuery)
	e.wholeTargets(sent, p)
	for _, w := range placeholders {
		p.add(w.text, w.cost+2, habit{"path_undefined", "Instead of the path, " + w.word + " was signed.", "a variable that is not set when the string is built"})
	}
	return p
}

// prefixes takes segments off the front of a path, and puts others there.
func (e *Evidence) prefixes(sent string, add func(string, int, habit)) {
	parts := strings.Split(strings.TrimPrefix(sent, "/"), "/")
	n := len(parts)
	missing := func(what string) habit {
		return habit{"path_prefix_missing", "The path was signed without " + what + ".", "signing the path of the documentation where the gateway verifies the path that is requested; `req.url` inside a router or behind a proxy lacks what was mounted"}
	}
	for k := 1; k < n; k++ {
		cost := variant.Common
		if k > 3 || k == n-1 {
			cost = variant.Usual
		}
		add("/"+strings.Join(parts[k:], "/"), cost, missing("its beginning /"+strings.Join(parts[:k], "/")))
	}
	for from := 1; from < n-1; from++ {
		for to := from + 1; to < n; to++ {
			rest := slices.Concat(parts[:from], parts[to:])
			add("/"+strings.Join(rest, "/"), variant.Common+from, missing("/"+strings.Join(parts[from:to], "/")))
		}
	}
	known := slices.Concat(e.Prefixes, platformPrefixes)
	for i, prefix := range known {
		prefix = strings.TrimRight(prefix, "/")
		cost := variant.Common
		if i >= len(e.Prefixes) {
			cost = min(variant.Usual+(i-len(e.Prefixes))/6, variant.Exotic)
		}
		for k := range min(n, 5) {
			rest := "/" + strings.Join(parts[k:], "/")
			h := habit{"path_prefix_different", fmt.Sprintf("The path was signed with the prefix %s where it was sent with another.", prefix), "the prefix of another environment or platform"}
			if k == 0 {
				h = habit{"path_prefix_extra", fmt.Sprintf("The path was signed with the prefix %s in front, which was not sent.", prefix), "a gateway or proxy that takes a prefix off, or a base URL that is put in front twice"}
			}
			add(prefix+rest, cost+k/3, h)
			if k > 0 && versionSegment.MatchString(parts[k-1]) {
				continue
			}
		}
	}
	// The prefix twice, as when it is joined to a path that has it.
	for k := 1; k < min(n, 4); k++ {
		add("/"+strings.Join(parts[:k], "/")+sent, variant.Usual, habit{"path_prefix_extra", "The path was signed with its prefix twice.", "joining the base URL's path to a path that has it"})
	}
}

// segments changes one segment.
func (e *Evidence) segments(sent string, add func(string, int, habit)) {
	parts := strings.Split(sent, "/")
	put := func(i int, s string) string {
		changed := slices.Clone(parts)
		changed[i] = s
		return strings.Join(changed, "/")
	}
	version := -1
	for i, s := range parts {
		if i > 0 && versionSegment.MatchString(s) {
			version = i
			for _, v := range []string{"v1", "v2", "v3", "v4", "v5", "v0", "v1.0", "v2.0", "V1", "V2", "V3", "1", "2", "1.0", "2.0", "v1_0", "v2_0", "latest", "v1beta", "v10"} {
				add(put(i, v), variant.Common, habit{"path_version_differs", fmt.Sprintf("The path was signed with version %s where %s was requested.", v, s), "the version of the documentation that was read"})
			}
		}
		if i == 0 {
			continue
		}
		for _, env := range []string{"sandbox", "test", "uat", "dev", "stage", "staging", "prod", "v1", "v2", "open", "gateway", "miniprogram", "api"} {
			inserted := strings.Join(slices.Insert(slices.Clone(parts), i, env), "/")
			switch env {
			case "sandbox", "test", "uat", "dev", "stage", "staging":
				add(inserted, variant.Usual, habit{"path_sandbox", "The path was signed with /" + env + " in it, which was not sent.", "the path of the test environment"})
			case "v1", "v2":
				add(inserted, variant.Usual, habit{"path_version_extra", "The path was signed with /" + env + " in it, which was not sent.", "the path of the documentation, with its version"})
			default:
				add(inserted, variant.Plausible, habit{"path_prefix_extra", "The path was signed with /" + env + " in it, which was not sent.", "a gateway that takes a part of the path off"})
			}
		}
		if s == "sandbox" || s == "test" || s == "uat" {
			add(strings.Join(slices.Delete(slices.Clone(parts), i, i+1), "/"), variant.Common, habit{"path_sandbox", "The path was signed without /" + s + ", which was requested.", "the path of the production environment"})
		}
		add(put(i, s+"/"), variant.Plausible, habit{"path_double_slash", "The path was signed with a doubled slash.", "joining a base URL that ends in a slash to a path that starts with one"})
		add(put(i, strings.ToUpper(s)), variant.Rare, habit{"path_case", "The path was signed with a segment in upper case.", "a constant in another case"})
		add(put(i, strings.ToLower(s)), variant.Plausible, habit{"path_case", "The path was signed with a segment in lower case.", "a constant in another case"})
		if s != "" {
			add(put(i, strings.ToUpper(s[:1])+s[1:]), variant.Rare, habit{"path_case", "The path was signed with a segment that starts with a capital.", "a class name in place of the path"})
			add(put(i, strings.ToLower(s[:1])+s[1:]), variant.Rare, habit{"path_case", "The path was signed with a segment that starts in lower case.", "a constant in another case"})
		}
		if i < len(parts)-1 {
			swapped := slices.Clone(parts)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			add(strings.Join(swapped, "/"), variant.Rare, habit{"path_segments_swapped", "The path was signed with two segments exchanged.", "prefix and version joined in the wrong order"})
			add(put(i, s+"/."), variant.Exotic, habit{"path_dot_segments_normalised", "The path was signed with /./, which the HTTP client took out.", "joining paths without cleaning"})
			add(put(i, s+"/"+parts[i+1]+"/.."), variant.Rare, habit{"path_dot_segments_normalised", "The path was signed with ../ in it, which the HTTP client took out.", "joining paths without cleaning"})
			for _, word := range dotted {
				add(put(i, s+"/"+word+"/.."), variant.Plausible, habit{"path_dot_segments_normalised", "The path was signed with ../ in it, which the HTTP client took out.", "joining paths without cleaning"})
			}
			add(strings.Join(parts[:i+1], "/")+"/../"+strings.Join(parts[i:], "/"), variant.Plausible, habit{"path_dot_segments_normalised", "The path was signed with ../ in it, which the HTTP client took out.", "joining paths without cleaning"})
		}
		add(put(i, s+";"), variant.Exotic, habit{"path_parameters", "The path was signed with a ; that was not sent.", "matrix parameters"})
	}
	if version > 0 {
		add(strings.Join(parts[:version], "/")+"/"+strings.Join(parts[version+1:], "/"), variant.Common, habit{"path_prefix_missing", "The path was signed without its version.", "the path of the documentation, without its version"})
	}
}

// dotted are segments that relative paths step out of again.
var dotted = []string{"v1", "v2", "x", "a", "api", "test", "foo", "tmp", "."}

// spellings writes the path otherwise.
func (e *Evidence) spellings(sent string, add func(string, int, habit)) {
	slash := habit{"path_trailing_slash", "The path was signed with a slash at its end that was not sent.", "joining with a trailing slash, or a framework that normalises paths"}
	add(sent+"/", variant.Common, slash)
	if trimmed := strings.TrimRight(sent, "/"); trimmed != sent {
		add(trimmed, variant.Common, habit{"path_trailing_slash", "The path was signed without the slash at its end that was sent.", "a framework that normalises paths"})
	}
	double := habit{"path_double_slash", "The path was signed with a doubled slash.", "joining a base URL that ends in a slash to a path that starts with one"}
	add("/"+sent, variant.Common, double)
	add(sent+"//", variant.Rare, double)
	if strings.Contains(sent, "//") {
		add(strings.ReplaceAll(sent, "//", "/"), variant.Common, habit{"path_double_slash", "The path was signed without the doubled slash that was sent.", "a framework that normalises paths"})
	}
	if clean := path.Clean(sent); clean != sent {
		add(clean, variant.Usual, habit{"path_dot_segments_normalised", "The path was signed normalised, but sent as it is.", "`path.Clean`, `URI.normalize()`"})
	}
	add(strings.TrimPrefix(sent, "/"), variant.Common, habit{"path_leading_slash_missing", "The path was signed without its leading slash.", "a path that is joined to a base URL that ends in a slash"})
	add("", variant.Common, habit{"path_empty", "An empty path was signed.", "a variable that is not set, or `req.path` inside a router"})
	add("/", variant.Usual, habit{"path_empty", "The path / was signed.", "`req.url` inside a router that is mounted at the path"})
	suffixes := []string{".htm", ".html", ".json", ".do", ".action", ".php", ".jsp", ".aspx", ".xml", ".api", ".ajax", ".txt", ".svc"}
	for i, s := range suffixes {
		add(sent+s, min(variant.Common+i/2, variant.Exotic), habit{"path_suffix", "The path was signed with " + s + " at its end, which was not sent.", "the interface's name on another platform"})
		if cut, ok := strings.CutSuffix(sent, s); ok {
			add(cut, variant.Common, habit{"path_suffix", "The path was signed without the " + s + " at its end.", "the interface's name without its suffix"})
		}
	}
	add(strings.ToLower(sent), variant.Common, habit{"path_case", "The path was signed in lower case.", "`toLowerCase()`, or a router that is not case-sensitive"})
	add(strings.ToUpper(sent), variant.Usual, habit{"path_case", "The path was signed in upper case.", "`toUpperCase()`"})
	for _, enc := range percentEncoders {
		add(enc.f(sent), enc.cost, habit{"path_urlencoded", "The path was signed percent-encoded.", enc.code})
	}
	if decoded := bodies.PercentDecode(sent, false); decoded != sent {
		add(decoded, variant.Common, habit{"path_percent_encoded_on_wire", "The path was signed with its plain characters; the HTTP client percent-encoded it on the wire.", "signing the string before `URL` or the HTTP client encodes it"})
	}
	dots := strings.ReplaceAll(strings.TrimPrefix(sent, "/"), "/", ".")
	parts := strings.Split(strings.TrimPrefix(sent, "/"), "/")
	for k := range len(parts) {
		add(strings.Join(parts[k:], "."), variant.Usual, habit{"path_dotted", "The path was signed with dots for slashes.", "the interface's name, such as v2.payments.pay, in place of its path"})
		add("/"+strings.Join(parts[k:], "."), variant.Plausible, habit{"path_dotted", "The path was signed with dots for slashes.", "the interface's name in place of its path"})
		add("ams."+strings.Join(parts[k:], "."), variant.Exotic, habit{"path_dotted", "The path was signed as an interface name.", "the interface's name in place of its path"})
		add(strings.Join(parts[k:], "/"), variant.Usual, habit{"path_prefix_missing", "The path was signed without its beginning and its leading slash.", "the interface's name in place of its path"})
		add(strings.Join(parts[k:], "_"), variant.Rare, habit{"path_dotted", "The path was signed with underscores for slashes.", "an operation's name in place of its path"})
	}
	add("."+dots, variant.Rare, habit{"path_dotted", "The path was signed with dots for slashes.", "the interface's name in place of its path"})
	add(strings.ReplaceAll(sent, "/", `\`), variant.Rare, habit{"path_backslashes", `The path was signed with \ for /.`, "a file path function on Windows"})
	add(strings.ReplaceAll(sent, "/", `\/`), variant.Rare, habit{"path_slash_escaped", `The path was signed with \/ for /.`, "a JSON serialiser over the path"})
	for _, tail := range []string{" ", "\n", "\r", "\t", "?", "#", "&", "."} {
		add(sent+tail, variant.Plausible, habit{tailCause(tail), fmt.Sprintf("The path was signed with %q at its end, which was not sent.", tail), "string concatenation"})
	}
	add(" "+sent, variant.Plausible, habit{"path_whitespace", "The path was signed with a space in front of it.", "string concatenation"})
	add(`"`+sent+`"`, variant.Rare, habit{"path_quoted", "The path was signed in quotes.", "quotes from a configuration file"})
	for _, f := range fragments {
		add(sent+f, variant.Plausible, fragmentSigned)
	}
}

// fragments are what is met behind a URL.
var fragments = []string{"#top", "#frag", "#fragment", "#section", "#anchor", "#", "#/", "#!", "#a", "#x", "#1", "#abc", "#foo", "#ref", "#main"}

var fragmentSigned = habit{"path_fragment_signed", "The path was signed with a #fragment, which never goes on the wire.", "signing the URL as typed instead of path and query"}

func tailCause(tail string) string {
	switch tail {
	case "?":
		return "query_mark_extra"
	case "#":
		return "path_fragment_signed"
	}
	return "path_whitespace"
}

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

// endpoints puts the paths of the catalogue in the place of this one's.
func (e *Evidence) endpoints(sent string, add func(string, int, habit)) {
	other := habit{"path_other_endpoint", "The path of another interface was signed.", "a constant that was copied from another call"}
	parts := strings.Split(strings.TrimPrefix(sent, "/"), "/")
	tails := slices.Concat(e.Endpoints, commonEndpoints)
	for _, endpoint := range tails {
		endpoint = "/" + strings.Trim(endpoint, "/")
		for k := range min(len(parts), 5) {
			prefix := ""
			if k > 0 {
				prefix = "/" + strings.Join(parts[:k], "/")
			}
			add(prefix+endpoint, variant.Plausible, other)
		}
	}
	if n := len(parts); n >= 2 {
		for _, endpoint := range tails {
			segments := strings.Split(strings.Trim(endpoint, "/"), "/")
			last := segments[len(segments)-1]
			changed := slices.Clone(parts)
			changed[n-1] = last
			add("/"+strings.Join(changed, "/"), variant.Plausible, other)
		}
	}
}

// commonEndpoints are the interfaces of the protocol, section 5.
var commonEndpoints = []string{
	"/v2/payments/pay", "/v2/payments/inquiryPayment", "/v1/payments/refund", "/v2/payments/refund", "/v1/payments/inquiryRefund", "/v2/payments/inquiryRefund", "/v2/payments/notifyPayment", "/v1/payments/notifyPayment",
	"/v1/payments/pay", "/v1/payments/inquiryPayment", "/v2/payments/notifyRefund", "/v1/payments/cancelPayment", "/v2/payments/cancel", "/v2/payments/capture", "/v1/authorizations/applyToken", "/v2/authorizations/applyToken", "/v1/authorizations/prepare",
	"/v1/authorizations/cancelToken", "/v2/authorizations/applyTokenAndInquiryUserInfo", "/v1/customers/user/inquiryUserInfoByAccessToken", "/v2/users/inquiryUserInfo", "/v2/customers/user/inquiryUserInfo",
	"/v2/miniprogram/message/send", "/v2/miniprogram/qrcode/create", "/payments/pay", "/payments/notifyPayment", "/notify", "/callback",
}

// wholeTargets changes path and query together.
func (e *Evidence) wholeTargets(sent string, p part) {
	for _, enc := range percentEncoders {
		p.add(enc.f(sent), enc.cost+1, habit{"path_urlencoded", "Path and query were signed percent-encoded.", enc.code})
	}
	for _, f := range fragments {
		p.add(sent+f, variant.Plausible, fragmentSigned)
	}
	p.add(lowerEscapes(sent), variant.Usual, habit{"query_reencoded", "Path and query were signed with lower-case hex in their escapes.", "`HttpUtility.UrlEncode` of .NET"})
	p.add(upperEscapes(sent), variant.Usual, habit{"query_reencoded", "Path and query were signed with upper-case hex in their escapes.", "most percent-encoders"})
	p.add(strings.ToLower(sent), variant.Usual, habit{"path_case", "Path and query were signed in lower case.", "`toLowerCase()`"})
	p.add(strings.ToUpper(sent), variant.Rare, habit{"path_case", "Path and query were signed in upper case.", "`toUpperCase()`"})
	if line := e.Exchange.Request.Target(); line != sent {
		p.add(line, variant.Common, habit{"path_full_url", "The request target was signed as it stands in the request line.", "signing the whole request target"})
	}
	if requested := e.Exchange.Request.Path(); requested != sent {
		p.add(requested, variant.Common, habit{"path_prefix_different", "The path that was requested was signed, not the one that signed_path gives.", "a `signed_path` in the profile that this side does not use"})
	}
}
