package habits

import (
	"net/url"
	"slices"
	"strings"

	"countersign/apiclient/diagnose/bodies"
)

var queryOmitted = habit{"query_omitted",
	"The query was not signed.", "`req.getRequestURI()`, `url.pathname` or `req.path`, which leave it out"}

// queries adds what may have become of the query.
func (p part) queries(path, query string, hasQuery bool) {
	if !hasQuery {
		for _, q := range []string{"?", "?null", "?undefined", "?{}", "?None"} {
			p.add(path+q, usual, habit{"query_added", "A query was signed that was not sent: " + q + ".",
				"string concatenation of path, ? and an empty query: `path + \"?\" + req.getQueryString()`"})
		}
		return
	}
	p.add(path, common, queryOmitted)
	p.add(path+"?", usual, queryOmitted)
	p.add(path+query, usual, habit{"query_mark_missing", "without its question mark", "string concatenation of path and query"})
	for _, join := range []string{"&", "#", ";", "\n", " "} {
		p.add(path+join+query, plausible, habit{"query_mark_missing",
			"behind another character than the question mark", "string concatenation of path and query"})
	}
	add := func(q string, cost int, h habit) { p.add(path+"?"+q, cost, h) }
	decoded := habit{"query_decoded", "percent-decoded", "`decodeURIComponent`, or parameters taken from a framework"}
	add(bodies.PercentDecode(query, false), common, decoded)
	add(bodies.PercentDecode(query, true), common, decoded)
	add(bodies.PercentDecode(bodies.PercentDecode(query, true), true), usual, decoded)
	add(bodies.PercentDecode(bodies.PercentDecode(query, false), false), plausible, decoded)
	add(bodies.PercentDecode(bodies.PercentDecode(query, false), true), plausible, decoded)
	add(eachValue(query, func(v string) string { return strings.ReplaceAll(v, "%2B", " ") }), plausible, decoded)
	add(eachValue(query, func(v string) string { return strings.ReplaceAll(v, "%2B", "+") }), plausible, decoded)
	add(strings.ReplaceAll(query, "+", " "), usual, decoded)
	again := func(says, code string) habit { return habit{"query_reencoded", says, code} }
	add(strings.ReplaceAll(query, "%20", "+"), common, again("with + where %20 was sent",
		"`URLEncoder`, `url.Values.Encode()` or `urlencode`, which write spaces as +"))
	add(strings.ReplaceAll(query, "+", "%20"), common,
		again("with %20 where + was sent", "`encodeURIComponent` or `rawurlencode`, which write spaces as %20"))
	add(strings.ReplaceAll(query, "+", "%2B"), usual, again("with %2B where + was sent", "encoding a plus sign that is a plus sign"))
	add(lowerEscapes(query), common, again("with lower-case hex in its escapes", "`HttpUtility.UrlEncode` of .NET"))
	add(upperEscapes(query), common, again("with upper-case hex in its escapes", "most percent-encoders"))
	add(bodies.Percent(query, bodies.Unreserved+"%&=+", false), usual, again("with more characters percent-encoded",
		"`URL.toString()`, or an HTTP client that encodes"))
	for _, enc := range percentEncoders {
		add(enc.f(query), enc.cost+1, again("percent-encoded as a whole", enc.code))
		add(eachValue(query, func(v string) string { return enc.f(bodies.PercentDecode(v, true)) }), enc.cost,
			again("with its values encoded again", enc.code))
		add(eachValue(query, func(v string) string { return enc.f(bodies.PercentDecode(v, false)) }), enc.cost,
			again("with its values encoded again", enc.code))
		add(eachValue(query, enc.f), enc.cost+1, again("with its values encoded once more", enc.code))
	}
	if v, err := url.ParseQuery(query); err == nil {
		add(v.Encode(), usual, habit{"query_reordered", "sorted and encoded again", "`url.Values.Encode()` of Go"})
	}
	if first, _, ok := strings.Cut(query, "?"); ok {
		add(first, common, habit{"query_repeated", "once, and a second one was sent behind it",
			"nginx's `$request_uri?$args`, or a base URL with a query of its own"})
	}
	if half := len(query) / 2; len(query) > 2 && query[:half] == query[half+1:] {
		add(query[:half], common, habit{"query_repeated", "once, and sent twice", "appending `$args` to a URL that has them"})
	}
	add(query+"&"+query, rare, habit{"query_repeated", "twice in a row", "parameters that are added to a URL that has them"})
	add(query+"?"+query, rare, habit{"query_repeated", "twice in a row", "parameters that are added to a URL that has them"})
	add(strings.ReplaceAll(query, "&", "&amp;"), plausible, again("with &amp; for &", "a template that escapes HTML"))
	add(strings.ReplaceAll(query, "&", `\u0026`), plausible, again(`with \u0026 for &`, "a JSON serialiser that escapes for HTML"))
	add(strings.ReplaceAll(query, "&amp;", "&"), plausible, again("with & for &amp;", "a template that escapes HTML"))
	add(strings.ToLower(query), plausible, habit{"query_case", "in lower case", "`toLowerCase()`"})
	add(strings.ToUpper(query), rare, habit{"query_case", "in upper case", "`toUpperCase()`"})
	add(query+"&", plausible, habit{"query_separator_extra", "with & at its end", "a loop that appends & after each parameter"})
	add("&"+query, rare, habit{"query_separator_extra", "with & at its beginning", "a loop that writes & before each parameter"})
	p.pairs(path, query)
}

func eachValue(query string, f func(string) string) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		if k, v, ok := strings.Cut(pair, "="); ok {
			pairs[i] = k + "=" + f(v)
		}
	}
	return strings.Join(pairs, "&")
}

// pairs changes the order and number of the parameters.
func (p part) pairs(path, query string) {
	pairs := strings.Split(query, "&")
	add := func(list []string, cost int, h habit) {
		text := path
		if len(list) > 0 {
			text += "?" + strings.Join(list, "&")
		}
		p.add(text, cost, h)
	}
	order := func(says, code string) habit { return habit{"query_reordered", says, code} }
	sorted := slices.Sorted(slices.Values(pairs))
	add(sorted, common, order("with its parameters sorted", "`TreeMap`, `ksort` or `url.Values.Encode()`"))
	reversed := slices.Clone(pairs)
	slices.Reverse(reversed)
	add(reversed, usual, order("with its parameters in reverse order", "a map that returns its keys last to first"))
	folded := slices.Clone(pairs)
	slices.SortFunc(folded, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	add(folded, plausible, order("with its parameters sorted without regard to case", "a sort by locale"))
	if len(pairs) <= 6 {
		permute(pairs, func(list []string) {
			add(list, plausible, order("with its parameters in another order",
				"the transport sorted them, or a map mixed them, after signing"))
		})
	}
	for i, pair := range pairs {
		rest := slices.Delete(slices.Clone(pairs), i, i+1)
		add(rest, usual, habit{"query_parameter_missing", "without " + pair, "a parameter that is added after signing"})
		add(pairs[:i], plausible, habit{"query_truncated", "only up to its parameter " + pair, "a split at & or #"})
	}
	var kept []string
	for _, pair := range pairs {
		if k, v, _ := strings.Cut(pair, "="); v != "" && k != "" {
			kept = append(kept, pair)
		}
	}
	add(kept, plausible, habit{"query_parameter_missing", "without its empty parameters", "a filter over the parameters"})
}

// permute visits all orders of a short list.
func permute[T any](list []T, visit func([]T)) {
	work := slices.Clone(list)
	var step func(n int)
	step = func(n int) {
		if n == len(work) {
			visit(slices.Clone(work))
			return
		}
		for i := n; i < len(work); i++ {
			work[n], work[i] = work[i], work[n]
			step(n + 1)
			work[n], work[i] = work[i], work[n]
		}
	}
	step(0)
}
