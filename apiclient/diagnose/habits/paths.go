package habits

import (
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/english"
	"countersign/apiclient/wire"
)

// platformPrefixes are path prefixes of known platforms (the protocol,
// section 3), beside those of the profile.
var platformPrefixes = []string{
	"/miniprogram/api", "/api", "/miniprogram", "/api/open", "/ams/api", "/ams/sandbox/api", "/acl/api", "/open/api",
	"/openapi", "/gateway", "/gateway/api",
	"/miniapp/api", "/mini/api", "/sandbox/api", "/sandbox", "/api/miniprogram", "/aps/api", "/alipay/api", "/open",
	"/rest", "/service", "/v1/api", "/merchant/api", "/app/api", "/superapp/api",
	"/api/v1", "/api/v2", "/prod", "/test", "/uat", "/dev", "/stage", "/backend", "/proxy", "/miniprogram/openapi",
	"/api/sandbox", "/sandbox/miniprogram/api", "/mgs/api", "/mgs", "/ext/api", "/ext", "/aplus/api", "/aplus",
	"/wallet/api", "/pay/api", "/partner/api", "/external/api", "/public/api", "/internal/api", "/api/proxy",
	"/api/acl", "/acl", "/ams", "/aps", "/mp/api", "/mapi", "/webapi", "/api/rest",
	"/gw", "/pay-gw", "/api-gw", "/apigw", "/wallet-gw", "/wallet", "/pay", "/payment", "/mobile", "/svc", "/services",
	"/edge", "/mp", "/h5",
}

// KnownPrefix reports whether a platform is known to have its interfaces under a
// path prefix.
func KnownPrefix(prefix string) bool { return slices.Contains(platformPrefixes, prefix) }

// isVersion reports whether a segment is one such as v2 or V1.0.
func isVersion(segment string) bool {
	if segment == "" || segment[0] != 'v' && segment[0] != 'V' {
		return false
	}
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	major, minor, dotted := strings.Cut(segment[1:], ".")
	return digits(major) && (!dotted || digits(minor))
}

// Paths adds what may have been signed in place of path and query.
func (src *Source) Paths(set *variant.Set) {
	sent, p := src.values().Target, part{set}
	pathOnly, query, hasQuery := strings.Cut(sent, "?")
	withQuery := func(s string) string {
		if hasQuery {
			return s + "?" + query
		}
		return s
	}
	requested := src.Exchange.Request.Path()
	if requested != sent {
		p.add(requested, common, habit{"path_as_requested",
			fmt.Sprintf("as it was requested, %s, not as signed_path gives it", english.Clipped(requested, 200)),
			"a `signed_path` in the profile that this side does not use"})
	}
	takes := func(cost int) bool { return p.takes(cost) || hasQuery && p.Takes(cost+common) }
	add := func(s string, cost int, h habit) {
		if !takes(cost) {
			return
		}
		if whole := withQuery(s); whole != requested {
			p.add(whole, cost, h)
		}
		if hasQuery {
			p.add2(s, cost+common, h, queryOmitted)
		}
	}
	slashed := func(s string, cost int, a, b habit) {
		if takes(cost) && withQuery(s) != requested {
			p.add2(withQuery(s), cost, a, b)
		}
	}
	src.prefixes(pathOnly, takes, add, slashed)
	src.segments(pathOnly, add)
	src.originals(sent, p)
	spellings(pathOnly, add)
	interfaceNames(pathOnly, add)
	src.hosts(sent, p)
	src.frontControllers(pathOnly, query, p)
	src.endpoints(pathOnly, add)
	p.queries(pathOnly, query, hasQuery)
	src.wholeTargets(sent, p)
	for _, w := range placeholders {
		p.add(w.text, w.cost+2, habit{"path_undefined",
			"Instead of the path, " + w.word + " was signed.", "a variable that is not set when the string is built"})
	}
}

// unsent says why whole segments of a path are too many in a signed one: a
// signed_path leaves out some that were sent.
func (src *Source) unsent(segments string) string {
	requested, _, _ := strings.Cut(src.Exchange.Request.Path(), "?")
	ours, _, _ := strings.Cut(src.values().Target, "?")
	has := func(path string) bool { return strings.Contains(path+"/", segments+"/") }
	if has(requested) && !has(ours) {
		return "which was sent and which signed_path leaves out"
	}
	return "which was not sent"
}

// originals adds the paths that headers name: something on the way that maps a
// path often says there what it was.
func (src *Source) originals(sent string, p part) {
	for _, f := range src.Exchange.Request.Header {
		path := wire.PathOf(f.Value)
		if !strings.HasPrefix(path, "/") || len(path) > 4096 || strings.Contains(path, " ") {
			continue
		}
		h := habit{"path_original_signed", "The path of the header " + f.Name + ", " + english.Clipped(path, 200) + ", was signed.",
			"a path that is mapped to another one on the way; the header says what it was"}
		changes := targetChanges(path, sent)
		if len(changes) != 1 || changes[0].Cause == "path_prefix_different" || changes[0].Cause == "path_other_endpoint" {
			changes = []variant.Change{variant.Change(h)}
		}
		p.Add(variant.Variant{Bytes: []byte(path), Changes: changes, Cost: usual})
		p.add(strings.TrimRight(path, "/")+sent, usual, h) // a prefix that was taken off
	}
}

// trailingSlashes say that a slash at the end was signed and not sent, or sent and
// not signed.
var trailingSlashes = [2]habit{
	{"path_trailing_slash", "with a slash at its end, which was not sent", "joining URLs"},
	{"path_trailing_slash", "without the slash at its end", "a router that takes it off, or adds it"},
}

// prefixes takes segments off the front of a path, and puts others there.
func (src *Source) prefixes(sent string, takes func(cost int) bool, add func(string, int, habit),
	slashed func(string, int, habit, habit)) {
	parts := strings.Split(strings.TrimPrefix(sent, "/"), "/")
	n := len(parts)
	missing := func(what string) habit {
		return habit{"path_prefix_missing", "without " + what, "signing the path of the documentation, not " +
			"the one that is requested; `req.url` of a framework lacks the path at which it is mounted"}
	}
	for k := 1; k < n; k++ {
		cost := common
		if k > 3 || k == n-1 {
			cost = usual
		}
		rest, h := "/"+strings.Join(parts[k:], "/"), missing("its beginning /"+strings.Join(parts[:k], "/"))
		add(rest, cost, h)
		if sent := strings.TrimSuffix(rest, "/"); sent != rest {
			slashed(sent, rare, h, trailingSlashes[1])
		} else {
			slashed(rest+"/", rare, h, trailingSlashes[0])
		}
		only := habit{"path_prefix_only", "Only the beginning of the path, /" + strings.Join(parts[:k], "/") + ", was signed.",
			"`req.baseUrl`, a context path, or the base URL in place of the path"}
		add("/"+strings.Join(parts[:k], "/"), rare, only)
		add("/"+strings.Join(parts[:k], "/")+"/", rare, only)
	}
	for from := 1; from < n-1; from++ {
		for to := from + 1; to < n; to++ {
			rest := slices.Concat(parts[:from], parts[to:])
			add("/"+strings.Join(rest, "/"), common+from, missing("/"+strings.Join(parts[from:to], "/")))
		}
	}
	known := slices.Concat(src.Prefixes, platformPrefixes)
	for i, prefix := range known {
		prefix = strings.TrimRight(prefix, "/")
		cost := common
		if i >= len(src.Prefixes) {
			cost = min(usual+(i-len(src.Prefixes))/6, exotic)
		}
		if !takes(cost) && !takes(cost+2) {
			continue
		}
		for k := range min(n, 5) {
			rest := "/" + strings.Join(parts[k:], "/")
			h := habit{"path_prefix_different", fmt.Sprintf("with the prefix %s in place of /%s", prefix,
				strings.Join(parts[:k], "/")), "the prefix of another environment or platform"}
			if k == 0 {
				h = habit{"path_prefix_extra", fmt.Sprintf("with the prefix %s in front, %s", prefix,
					src.unsent(prefix)),
					"a base URL that is put in front twice, or a prefix that is signed and not sent"}
			}
			add(prefix+rest, cost+k/3, h)
			if k == 0 {
				add(prefix+rest[1:], cost+2, habit{"path_prefix_extra", "with the prefix " + prefix +
					" glued to its front without a slash, " + src.unsent(prefix), "a base URL or location without its slash"})
			}
			if k > 0 && isVersion(parts[k-1]) {
				continue
			}
		}
	}
	// The prefix twice, as when it is joined to a path that has it.
	for k := 1; k < min(n, 4); k++ {
		add("/"+strings.Join(parts[:k], "/")+sent, usual,
			habit{"path_prefix_extra", "with its prefix twice", "joining the base URL's path to a path that has it"})
	}
}

// segments changes one segment.
func (src *Source) segments(sent string, add func(string, int, habit)) {
	p := segments{strings.Split(sent, "/"), add}
	version := -1
	for i, s := range p.parts {
		if i == 0 {
			continue
		}
		if isVersion(s) {
			version = i
			p.versions(i, s)
		}
		p.inserted(i, src.unsent)
		p.unset(i, s)
		p.spelt(i, s)
		if i < len(p.parts)-1 {
			p.moved(i, s)
		}
		p.add(p.put(i, s+";"), exotic, habit{"path_parameters", "with a ; that was not sent", "matrix parameters"})
	}
	if strings.Contains(sent, ";") {
		bare := slices.Clone(p.parts)
		for i := range bare {
			bare[i], _, _ = strings.Cut(bare[i], ";")
		}
		p.add(strings.Join(bare, "/"), common, habit{"path_parameters", "without its ;parameters",
			"`getServletPath()` and Spring, which take ;jsessionid=… and matrix parameters out"})
	}
	if version > 0 {
		p.add(strings.Join(p.parts[:version], "/")+"/"+strings.Join(p.parts[version+1:], "/"), common,
			habit{"path_prefix_missing", "without its version", "the path of the documentation, without its version"})
	}
}

// segments are those of a path, and what takes a path that may have been signed.
type segments struct {
	parts []string
	add   func(string, int, habit)
}

// put returns the path with another segment i.
func (p segments) put(i int, s string) string {
	changed := slices.Clone(p.parts)
	changed[i] = s
	return strings.Join(changed, "/")
}

// versions has other versions in the place of segment i, which is one.
func (p segments) versions(i int, s string) {
	for _, v := range []string{"v1", "v2", "v3", "v4", "v5", "v0", "v1.0", "v2.0", "V1", "V2", "V3", "1", "2",
		"1.0", "2.0", "v1_0", "v2_0", "latest", "v1beta", "v10"} {
		p.add(p.put(i, v), common,
			habit{"path_version_differs", fmt.Sprintf("with version %s where %s was requested", v, s),
				"the version of the documentation that was read"})
	}
}

// inserted has a segment more in front of segment i. unsent says that it was not sent.
func (p segments) inserted(i int, unsent func(string) string) {
	for _, env := range []string{"sandbox", "test", "uat", "dev", "stage", "staging", "prod", "v1", "v2", "open",
		"gateway", "miniprogram", "api"} {
		inserted := strings.Join(slices.Insert(slices.Clone(p.parts), i, env), "/")
		switch env {
		case "sandbox", "test", "uat", "dev", "stage", "staging":
			p.add(inserted, usual, habit{"path_sandbox", "with /" + env + " in it, " + unsent("/"+env), "the path of the test environment"})
		case "v1", "v2":
			p.add(inserted, usual, habit{"path_version_extra", "with /" + env + " in it, " + unsent("/"+env),
				"the path of the documentation, with its version"})
		default:
			p.add(inserted, plausible, habit{"path_prefix_extra",
				"with /" + env + " in it, " + unsent("/"+env), "the path of another environment"})
		}
	}
}

// unset has what a variable without a value becomes in the place of segment i.
func (p segments) unset(i int, s string) {
	for _, w := range placeholders[:unsetWords] {
		p.add(p.put(i, w.text), w.cost, habit{"path_undefined", "with " + w.word + " where " + s + " was requested",
			"a variable that is not set when the path is put together"})
		if s == w.text {
			for _, v := range []string{"v1", "v2", "v3"} {
				p.add(p.put(i, v), usual, habit{"path_undefined", "with " + v + " where " + s + " was requested",
					"a variable that is not set when the URL is put together"})
			}
		}
	}
}

// spelt leaves segment i out, or writes it in another case.
func (p segments) spelt(i int, s string) {
	if s == "sandbox" || s == "test" || s == "uat" {
		p.add(strings.Join(slices.Delete(slices.Clone(p.parts), i, i+1), "/"), common, habit{"path_sandbox",
			"without /" + s + ", which was requested", "the path of the production environment"})
	}
	p.add(p.put(i, s+"/"), plausible, habit{"path_double_slash",
		"with a doubled slash", "joining a base URL that ends in a slash to a path that starts with one"})
	p.add(p.put(i, strings.ToUpper(s)), rare, habit{"path_case", "with a segment in upper case", "a constant in another case"})
	p.add(p.put(i, strings.ToLower(s)), plausible, habit{"path_case", "with a segment in lower case", "a constant in another case"})
	if s != "" {
		p.add(p.put(i, strings.ToUpper(s[:1])+s[1:]), rare,
			habit{"path_case", "with a segment that starts with a capital", "a class name in place of the path"})
		p.add(p.put(i, strings.ToLower(s[:1])+s[1:]), rare,
			habit{"path_case", "with a segment that starts in lower case", "a constant in another case"})
	}
}

// moved exchanges segment i and the next, or steps out of a folder in front of the next.
func (p segments) moved(i int, s string) {
	swapped := slices.Clone(p.parts)
	swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
	p.add(strings.Join(swapped, "/"), rare, habit{"path_segments_swapped",
		"with two segments exchanged", "prefix and version joined in the wrong order"})
	up := habit{"path_dot_segments_normalised", "with ../ in it, which the HTTP client took out", "joining paths without cleaning"}
	here := up
	here.Says = "with /./, which the HTTP client took out"
	p.add(p.put(i, s+"/."), exotic, here)
	p.add(p.put(i, s+"/"+p.parts[i+1]+"/.."), rare, up)
	for _, word := range dotted {
		p.add(p.put(i, s+"/"+word+"/.."), plausible, up)
	}
	p.add(strings.Join(p.parts[:i+1], "/")+"/../"+strings.Join(p.parts[i:], "/"), plausible, up)
}

// dotted are segments that relative paths step out of again.
var dotted = []string{"v1", "v2", "x", "a", "api", "test", "foo", "tmp", "."}
