package habits

import (
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/english"
)

// targetChanges says how a signed target differs from the one that was sent.
func targetChanges(signed, sent string) []variant.Change {
	signedPath, signedQuery, signedHas := strings.Cut(signed, "?")
	sentPath, sentQuery, sentHas := strings.Cut(sent, "?")
	list := pathChanges(signedPath, sentPath)
	switch {
	case signedQuery == sentQuery && signedHas == sentHas:
	case !signedHas:
		list = append(list, variant.Change(queryOmitted))
	default:
		list = append(list, queryChanges(signedQuery, sentQuery)...)
	}
	return list
}

// pathChanges says what a normaliser or an encoder did to a path.
func pathChanges(signed, sent string) []variant.Change {
	var list []variant.Change
	note := func(differs bool, cause, says, code string) {
		if differs {
			list = append(list, variant.Change{Cause: cause, Says: says, Habit: code})
		}
	}
	if signed == sent {
		return nil
	}
	const cleaned = "joining a base URL that ends in a slash; nginx, fasthttp and `path.Join` make one slash of two"
	a, b := mergeSlashes(signed), mergeSlashes(sent)
	note(a != signed, "path_double_slash", "with a doubled slash, and sent without", cleaned)
	note(b != sent, "path_double_slash", "without the doubled slash that was sent", cleaned)
	if x, y := removeDots(a), removeDots(b); x != a || y != b {
		note(true, "path_dot_segments_normalised", "with . or .. in it, or without what was sent of them",
			"`URL` classes and HTTP clients, which take dot segments out")
		a, b = x, y
	}
	if x, y := strings.TrimSuffix(a, "/"), strings.TrimSuffix(b, "/"); (x == a) != (y == b) {
		for i, differs := range []bool{x != a, y != b} {
			note(differs, trailingSlashes[i].Cause, trailingSlashes[i].Says, trailingSlashes[i].Habit)
		}
		a, b = x, y
	}
	if f, ok := formBetween(bodies.PercentDecode(a, false), bodies.PercentDecode(b, false)); ok && f.paths {
		return append(list, variant.Change{Cause: strings.Replace(f.cause, "query_reencoded", "path_characters_differ", 1), Habit: f.code,
			Says: "The path was signed " + f.says + "."})
	}
	if a != b && !strings.EqualFold(bodies.PercentDecode(a, true), bodies.PercentDecode(b, true)) {
		return append(list, otherPath(a, b))
	}
	note(a != b && strings.EqualFold(a, b) && !strings.Contains(a, "%"), "path_case", spelling("path", a, b),
		"a framework that ignores case")
	if len(list) > 0 && list[len(list)-1].Cause == "path_case" {
		return list
	}
	const wire = "an HTTP client or a server that encodes or decodes what it is given; the path as it is on the wire counts"
	cause := "path_percent_encoded_on_wire"
	if strings.Count(a, "%") > strings.Count(b, "%") && bodies.PercentDecode(a, false) != a {
		cause = "path_urlencoded"
	}
	note(a != b, cause, spelling("path", a, b), wire)
	return list
}

// otherPath says that a path of other words was signed.
func otherPath(signed, sent string) variant.Change {
	const code = "a path of the documentation, where the requested one is mapped to it on the way, or a constant that " +
		"was copied from another call"
	last := func(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }
	if last(signed) == last(sent) {
		return variant.Change{Cause: "path_prefix_different", Habit: code,
			Says: fmt.Sprintf("The path %s was signed where %s was requested: "+
				"only its end is the same.", english.Clipped(signed, 200), english.Clipped(sent, 200))}
	}
	return variant.Change{Cause: "path_other_endpoint", Habit: code,
		Says: fmt.Sprintf("The path %s was signed where %s was requested.",
			english.Clipped(signed, 200), english.Clipped(sent, 200))}
}

// spelling shows up to three pieces that differ.
func spelling(what, signed, sent string) string {
	var a, b []string
	for len(signed) > 0 && len(sent) > 0 && len(a) < 3 {
		n, m := width(signed), width(sent)
		if x, y := signed[:n], sent[:m]; x != y && !slices.Contains(a, x) {
			a, b = append(a, x), append(b, y)
		}
		signed, sent = signed[n:], sent[m:]
	}
	if len(a) == 0 {
		return "The " + what + " was signed in another spelling than the one that was sent."
	}
	return fmt.Sprintf("The %s was signed with %s where %s was sent.", what, quotedList(a), quotedList(b))
}

func quotedList(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = fmt.Sprintf("%q", english.Clipped(s, 40))
	}
	return strings.Join(quoted, ", ")
}

// queryChanges says how the parameters that were signed differ from those that
// were sent: which there are, in what order, and how they are written.
func queryChanges(signed, sent string) []variant.Change {
	a, b := paramsOf(signed), paramsOf(sent)
	var list []variant.Change
	note := func(cause, says, code string) {
		list = append(list, variant.Change{Cause: cause, Says: says, Habit: code})
	}
	names := func(params []param) []string {
		var out []string
		for _, p := range params {
			out = append(out, bodies.PercentDecode(p.name, true))
		}
		return out
	}
	x, y := names(a), names(b)
	sortedX, sortedY := slices.Sorted(slices.Values(x)), slices.Sorted(slices.Values(y))
	switch extra, gone := without(x, y), without(y, x); {
	case slices.Equal(sortedX, sortedY):
		if !slices.Equal(x, y) {
			note("query_reordered", "with its parameters in another order than the one in which they were sent",
				"`url.Values.Encode()`, Faraday or a hash map, which sort or mix the parameters when they are sent")
		}
	case len(groupsOf(a)) > 0 || len(groupsOf(b)) > 0:
		note("query_array_brackets", fmt.Sprintf("An array or object in the query was signed as %s, and sent as %s.",
			english.Clipped(signed, 200), english.Clipped(sent, 200)),
			"a library that writes arrays in its own style: ids=1&ids=2, ids[]=1, ids[0]=1 or ids=1,2")
	case len(extra) == 0:
		note("query_parameter_missing", "The query was signed without "+quotedList(gone)+".",
			"a parameter that is added behind the code that signs")
	default:
		note("query_parameter_names_changed", "with "+quotedList(extra)+" where "+quotedList(gone)+" was sent",
			"parameters that are renamed or dropped behind the code that signs")
	}
	for i := range min(len(a), len(b)) {
		if f, ok := formBetween(a[i].plain(), b[i].plain()); ok && slices.Equal(x, y) {
			note(f.cause, fmt.Sprintf("The query was signed with the value of %s %s.", x[i], f.says), f.code)
			return list
		}
	}
	if c, ok := writtenOtherwise(a, b); ok {
		list = append(list, c)
	}
	if len(list) == 0 {
		note("query_reencoded", spelling("query", signed, sent), signBuilt)
	}
	return list
}

// signBuilt is the habit behind a query that the sender writes in its own way.
const signBuilt = "a query that is put together once for the string to sign and once more by the library that sends, which " +
	"encodes in its own way: sign the query of the URL that it built"

// without returns the texts of a that are not in b.
func without(a, b []string) []string {
	var list []string
	for _, s := range a {
		if !slices.Contains(b, s) && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// writtenOtherwise compares the values of the parameters that both have.
func writtenOtherwise(signed, sent []param) (variant.Change, bool) {
	var a, b strings.Builder
	values := false
	for _, p := range signed {
		i := slices.IndexFunc(sent, func(q param) bool {
			return bodies.PercentDecode(q.name, true) == bodies.PercentDecode(p.name, true)
		})
		if i < 0 {
			continue
		}
		q := sent[i]
		if p == q {
			continue
		}
		values = values || p.plain() != q.plain() && !strings.ContainsAny(q.plain(), " +")
		a.WriteString(p.name + "=" + p.value + "&")
		b.WriteString(q.name + "=" + q.value + "&")
	}
	x, y := strings.TrimSuffix(a.String(), "&"), strings.TrimSuffix(b.String(), "&")
	switch {
	case x == y:
		return variant.Change{}, false
	case values:
		return variant.Change{Cause: "query_reencoded", Says: fmt.Sprintf("with %s where %s was sent",
			english.Clipped(x, 200), english.Clipped(y, 200)),
			Habit: signBuilt + "; languages differ in what they write for null, true and false"}, true
	}
	code := signBuilt
	for _, e := range encoders {
		if e.joins(signed) {
			code = e.code + " for the string to sign, and " + signBuilt
			break
		}
	}
	return variant.Change{Cause: "query_reencoded", Says: spelling("query", x, y), Habit: code}, true
}

// joins reports whether the encoder writes the parameters as they are.
func (e encoder) joins(list []param) bool {
	return !slices.ContainsFunc(list, func(p param) bool {
		plus := e.spaces == "+"
		return e.encode(bodies.PercentDecode(p.name, plus)) != p.name || e.encode(bodies.PercentDecode(p.value, plus)) != p.value
	})
}
