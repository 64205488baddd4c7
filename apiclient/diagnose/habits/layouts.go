package habits

import (
	"fmt"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/signing"
)

// Layout is an order of the parts with what stands between them, and the
// habits that lead to it.
type Layout struct {
	search.Layout
	Changes []variant.Change
}

// Layouts collects layouts without repeating one.
type Layouts struct {
	List []Layout
	seen map[string]bool
	key  []byte // scratch
}

func (l *Layouts) add(cost int, pieces []search.Piece, habits ...habit) {
	l.key = l.key[:0]
	for _, p := range pieces {
		l.key = append(append(l.key, p.Literal...), 0xff, byte(p.Part)) //nolint:gosec // None is -1
	}
	if l.seen[string(l.key)] {
		return
	}
	l.seen[string(l.key)] = true
	entry := Layout{Layout: search.Layout{Pieces: pieces, Cost: cost}}
	for _, h := range habits {
		entry.Changes = append(entry.Changes, variant.Change(h))
	}
	l.List = append(l.List, entry)
}

// line makes pieces of literals (strings) and parts.
func line(items ...any) []search.Piece {
	var pieces []search.Piece
	literal := ""
	for _, item := range items {
		switch item := item.(type) {
		case string:
			literal += item
		case search.Part:
			pieces = append(pieces, search.Piece{Literal: []byte(literal), Part: item})
			literal = ""
		}
	}
	if literal != "" {
		pieces = append(pieces, search.Piece{Literal: []byte(literal), Part: search.None})
	}
	return pieces
}

// ruled is the layout of a content rule. A part that it names twice varies
// only once.
func (src *Source) ruled(t signing.Template) []search.Piece {
	rule := src.values()
	path, query, _ := strings.Cut(rule.Target, "?")
	var items []any
	used := map[search.Part]bool{}
	put := func(p search.Part, text string) {
		if used[p] {
			items = append(items, text)
			return
		}
		used[p] = true
		items = append(items, p)
	}
	for _, part := range t.Parts() {
		switch part.Name {
		case "":
			items = append(items, part.Literal)
		case "method":
			put(search.Method, rule.Method)
		case "uri":
			put(search.Target, rule.Target)
		case "path":
			items = append(items, path)
		case "query":
			items = append(items, query)
		case "client_id":
			put(search.Client, rule.ClientID)
		case "merchant_id":
			items = append(items, rule.MerchantID)
		case "request_id":
			items = append(items, rule.RequestID)
		case "time":
			put(search.Time, rule.Time)
		case "body":
			put(search.Body, string(rule.Body))
		}
	}
	return line(items...)
}

// Layouts returns the rule's layout and what one change makes of it.
func (src *Source) Layouts() *Layouts {
	l := &Layouts{seen: map[string]bool{}}
	l.add(0, src.ruled(src.template()))
	if src.Side == apiclient.ResponseSide && src.RequestTemplate.String() != src.template().String() {
		l.add(common, src.ruled(src.RequestTemplate), habit{"template_of_request",
			"The response was signed by the rule for requests.", "one rule for both sides: leave response_template out of the profile"})
	}
	if src.template().String() != signing.DefaultTemplate {
		l.add(common, ruleFrame.pieces(), habit{"template_usual",
			"The usual string was signed, not the one of the profile's template.", "a platform that signs as most do"})
	}
	l.separated()
	l.framed()
	l.reduced()
	l.reordered()
	l.platforms(src)
	l.inserted(src)
	return l
}

// reduced leaves parts out.
func (l *Layouts) reduced() {
	const code = "the template of another platform, or a variable that is left out"
	m, u, c, t, b := search.Method, search.Target, search.Client, search.Time, search.Body
	missing := func(cause, says string) habit { return habit{cause, says, code} }
	noLine := missing("method_missing", "The string was signed without method and path.")
	l.add(common, line(c, ".", t, ".", b), noLine)
	l.add(usual, line("\n", c, ".", t, ".", b), noLine)
	l.add(common, line(u, "\n", c, ".", t, ".", b), missing("method_missing", "The string was signed without the method."))
	l.add(usual, line(" ", u, "\n", c, ".", t, ".", b), missing("method_missing", "The string was signed without the method."))
	l.add(common, line(m, "\n", c, ".", t, ".", b), missing("path_empty", "The string was signed without the path."))
	l.add(common, line(b), missing("content_body_only", "The body alone was signed."))
	l.add(usual, line(t, b), missing("content_time_and_body", "Time and body alone were signed."))
	noTime := missing("time_omitted", "The string was signed without the time.")
	l.add(common, line(m, " ", u, "\n", c, ".", b), noTime)
	noClient := missing("client_id_omitted", "The string was signed without the client id.")
	l.add(common, line(m, " ", u, "\n", t, ".", b), noClient)
	l.add(usual, line(m, " ", u, "\n.", t, ".", b), noClient)
	noBody := missing("body_omitted", "The string was signed without the body.")
	l.add(common, line(m, " ", u, "\n", c, ".", t), noBody)
	l.add(usual, line(m, " ", u), missing("content_request_line_only", "Method and path alone were signed."))
	l.add(usual, line(m, " ", u, "\n"), missing("content_request_line_only", "Method and path alone were signed."))
	l.add(usual, line(m, " ", u, "\n", b), missing("client_id_and_time_omitted", "The string was signed without client id and time."))
	l.add(usual, line(m, " ", u, "\n", c, "."), missing("content_truncated", "The string was signed without time and body."))
	l.add(usual, line(m, " ", u, "\n", c), missing("content_truncated", "The string was signed without time and body."))
	for _, s := range []string{".", "", "\n", " ", "|", ",", ":", "&"} {
		l.add(usual, line(c, s, b), habit{"method_missing", "Client id and body alone were signed.", code})
		l.add(usual, line(t, s, b), habit{"content_time_and_body", "Time and body alone were signed.", code})
		l.add(usual, line(b, s, t), habit{"content_time_and_body", "Body and time alone were signed.", code})
		l.add(usual, line(u, s, b), habit{"content_path_and_body", "Path and body alone were signed.", code})
		l.add(usual, line(m, s, u, s, b), habit{"client_id_and_time_omitted", "Method, path and body alone were signed.", code})
		l.add(usual, line(c, s, t), habit{"content_client_and_time", "Client id and time alone were signed, as for an OAuth token.", code})
		l.add(plausible, line(t, s, c), habit{"content_client_and_time", "Time and client id alone were signed.", code})
		l.add(plausible, line(c, s, t, s, b), habit{"method_missing", "Client id, time and body alone were signed.", code})
		l.add(plausible, line(b, s, c, s, t), habit{"method_missing", "Body, client id and time alone were signed.", code})
		l.add(plausible, line(u, s, t, s, b), habit{"content_path_time_body", "Path, time and body alone were signed.", code})
		l.add(plausible, line(u, s, c, s, t, s, b), habit{"method_missing", "The string was signed without the method.", code})
		l.add(plausible, line(t, s, m, s, u, s, b), habit{"template_other", "Time, method, path and body were signed.", code})
		l.add(plausible, line(m, s, u, s, t, s, b), habit{"client_id_omitted", "Method, path, time and body were signed.", code})
		l.add(rare, line(c, s, b, s, t), habit{"method_missing", "Client id, body and time alone were signed.", code})
		l.add(rare, line(m, s, u), habit{"content_request_line_only", "Method and path alone were signed.", code})
	}
	l.add(plausible, line(c), habit{"content_client_id_only", "The client id alone was signed.", code})
	l.add(plausible, line(t), habit{"content_time_only", "The time alone was signed.", code})
	l.add(plausible, line(u), habit{"content_path_only", "The path alone was signed.", code})
	l.add(exotic, line(m), habit{"content_method_only", "The method alone was signed.", code})
	l.add(exotic, line(""), habit{"content_empty", "An empty string was signed.", "a string to sign that is not set"})
}

// reordered puts the parts in other orders, with the rule's separators.
func (l *Layouts) reordered() {
	const code = "the parts joined in another order than the rule's"
	m, u, c, t, b := search.Method, search.Target, search.Client, search.Time, search.Body
	names := map[search.Part]string{c: "client id", t: "time", b: "body"}
	for i, order := range [][]search.Part{{t, c, b}, {c, b, t}, {t, b, c}, {b, c, t}, {b, t, c}} {
		cause := "order_parts_changed"
		if i == 0 {
			cause = "order_client_time_swapped"
		}
		h := habit{cause,
			fmt.Sprintf("The string was signed in the order %s, %s, %s.", names[order[0]], names[order[1]],
				names[order[2]]), code}
		l.add(common+i, line(m, " ", u, "\n", order[0], ".", order[1], ".", order[2]), h)
		l.add(plausible+i/2, line(order[0], ".", order[1], ".", order[2]), h,
			habit{"method_missing", "The string was signed without method and path.", code})
	}
	l.permuted()
	first := habit{"order_line_last", "The line with method and path was signed behind the rest.", code}
	l.add(usual, line(c, ".", t, ".", b, "\n", m, " ", u), first)
	l.add(usual, line(c, ".", t, ".", b, m, " ", u), first)
	swapped := habit{"order_method_path_swapped", "The path was signed before the method.", code}
	l.add(usual, line(u, " ", m, "\n", c, ".", t, ".", b), swapped)
	l.add(plausible, line(u, m, "\n", c, ".", t, ".", b), swapped)
	l.add(plausible, line(m, " ", u, ".", c, ".", t, "\n", b),
		habit{"newline_before_body", "The line feed was signed before the body instead of behind the path.", code})
	l.add(usual, line(m, " ", u, "\n", c, ".", t, "\n", b),
		habit{"separator_newline", "A line feed was signed before the body instead of a dot.", code})
	l.add(plausible, line(m, " ", u, "\n", c, "\n", t, ".", b),
		habit{"separator_newline", "A line feed was signed behind the client id instead of a dot.", code})
	l.add(usual, line(m, "\n", u, "\n", c, ".", t, ".", b),
		habit{"method_newline", "The string was signed with a line feed behind the method.", code})
	for _, tail := range []string{"."} {
		l.add(usual, line(m, " ", u, "\n", c, ".", t, ".", b, tail),
			habit{"separator_trailing", "The string was signed with a dot at its end.", "a loop that writes a dot behind each part"})
		l.add(plausible, line(m, " ", u, "\n.", c, ".", t, ".", b), habit{"separator_leading",
			"The string was signed with a dot before the client id.", "a loop that writes a dot before each part"})
	}
	l.add(plausible, line(m, " ", u, "\n", c, ".", t, ".", b, "\n"), habit{"content_trailing_newline",
		"The string was signed with a line feed at its end.", "`println`, `echo` or a text block, which end in one"})
}

// permuted puts the parts in every order, with the separators where they are:
// the line of method and path as one part, and the two on their own.
func (l *Layouts) permuted() {
	const says, code = "The parts of the string were signed in another order.",
		"the parts joined in another order than the rule's"
	h := habit{"order_parts_changed", says, code}
	m, u := search.Method, search.Target
	units := [][]any{{m, " ", u}, {search.Client}, {search.Time}, {search.Body}}
	orders(len(units), func(order []int) {
		var items []any
		for i, k := range order {
			items = append(items, units[k]...)
			if i < len(order)-1 {
				items = append(items, []string{"\n", ".", "."}[i])
			}
		}
		l.add(rare, line(items...), h)
	})
	parts := []search.Part{m, u, search.Client, search.Time, search.Body}
	orders(len(parts), func(order []int) {
		var items []any
		for i, k := range order {
			items = append(items, parts[k])
			if i < len(order)-1 {
				items = append(items, []string{" ", "\n", ".", "."}[i])
			}
		}
		l.add(exotic, line(items...), h)
	})
}

// orders visits all orders of n things.
func orders(n int, visit func([]int)) {
	names := make([]string, n)
	for i := range names {
		names[i] = string(rune('0' + i))
	}
	permute(names, func(list []string) {
		order := make([]int, n)
		for i, s := range list {
			order[i] = int(s[0] - '0')
		}
		visit(order)
	})
}
