package diagnose

import (
	"fmt"
	"strings"

	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/signing"
)

// layout is an order of the parts with what stands between them, and the
// habits that lead to it.
type layout struct {
	search.Layout
	changes []variant.Change
}

// layouts collects layouts without repeating one.
type layouts struct {
	list []layout
	seen map[string]bool
	key  []byte // scratch
}

func (l *layouts) add(cost int, pieces []search.Piece, habits ...habit) {
	l.key = l.key[:0]
	for _, p := range pieces {
		l.key = append(append(l.key, p.Literal...), 0xff, byte(p.Part)) //nolint:gosec // None is -1
	}
	if l.seen[string(l.key)] {
		return
	}
	l.seen[string(l.key)] = true
	entry := layout{Layout: search.Layout{Pieces: pieces, Cost: cost}}
	for _, h := range habits {
		entry.changes = append(entry.changes, variant.Change(h))
	}
	l.list = append(l.list, entry)
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

// ruled is the layout of the content rule. A part that it names twice varies
// only once.
func (e *Evidence) ruled() []search.Piece {
	rule := e.Rule()
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
	for _, part := range e.Template.Parts() {
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

// separators are what stands where the rule has a dot, likeliest first.
var separators = []string{"", " ", "\n", ",", ":", "|", "-", "_", ";", "&", "/", "..", ". ", " . ", " .", ", ", ": ", "\r\n", "\t", "#", "+", "=", "~", "^", "*", "@", "$", "!", "%", "?", "\\", "\x00", "\x01", "::", "||", "&&", "--", "\\n", "\r", "%2E", "、", "。", "·", ".\n", "\n.", "'", "\"", "`", "(", ")", "[", "]", "{", "}", "<", ">"}

func separatorCause(s string) string {
	switch s {
	case "":
		return "separator_missing"
	case " ":
		return "separator_space"
	case "\n":
		return "separator_newline"
	case ". ":
		return "separator_dot_space"
	case ",":
		return "separator_comma"
	case ":":
		return "separator_colon"
	case "|":
		return "separator_pipe"
	case "-":
		return "separator_hyphen"
	case "_":
		return "separator_underscore"
	case ";":
		return "separator_semicolon"
	case "&":
		return "separator_ampersand"
	case "/":
		return "separator_slash"
	}
	return "separator_other"
}

func separatorHabit(s, where string) habit {
	h := habit{separatorCause(s), fmt.Sprintf("The string was signed with %q instead of \".\" %s.", s, where), "a template that was typed by hand"}
	if s == "" {
		h.Says = "The string was signed without the \".\" " + where + "."
	}
	return h
}

// lineEnds are what stands where the rule has a line feed.
var lineEnds = []struct {
	text, cause, says, code string
	cost                    int
}{
	{"", "newline_missing", "without the line feed behind the path", "a template on one line", variant.Common},
	{"\r\n", "newline_crlf", "with CR LF instead of the line feed", "`Environment.NewLine`, `System.lineSeparator()` or `println` on Windows, or a text block in a CRLF file", variant.Common},
	{"\r", "newline_cr", "with a CR instead of the line feed", "an escape of old systems", variant.Common},
	{`\n`, "newline_literal_backslash_n", `with the two characters \n instead of a line feed`, "`'\\n'` in single quotes, which PHP, Ruby and shells keep as two characters", variant.Common},
	{" ", "newline_space", "with a space instead of the line feed", "a template on one line", variant.Common},
	{"\n\n", "newline_double", "with two line feeds", "`println` of a line that ends in one", variant.Common},
	{"\r\n\r\n", "newline_double", "with two CR LFs", "an HTTP message in place of the template", variant.Plausible},
	{"\n ", "newline_indented", "with a space behind the line feed", "a text block with indentation", variant.Plausible},
	{"\n  ", "newline_indented", "with two spaces behind the line feed", "a text block with indentation", variant.Plausible},
	{"\n    ", "newline_indented", "with four spaces behind the line feed", "a text block with indentation", variant.Plausible},
	{"\n        ", "newline_indented", "with eight spaces behind the line feed", "a text block with indentation", variant.Plausible},
	{"\n\t", "newline_indented", "with a tab behind the line feed", "a text block with indentation", variant.Plausible},
	{" \n", "newline_space_before", "with a space before the line feed", "a template with trailing white space", variant.Usual},
	{"\n\r", "newline_reversed", "with LF CR", "the two characters exchanged", variant.Rare},
	{`\r\n`, "newline_literal_backslash_n", `with the four characters \r\n instead of a line feed`, "`'\\r\\n'` in single quotes", variant.Plausible},
	{`\\n`, "newline_literal_backslash_n", `with \\n instead of a line feed`, "an escape that is escaped again", variant.Plausible},
	{"/n", "newline_literal_backslash_n", "with /n instead of a line feed", "a typing error", variant.Usual},
	{"n", "newline_literal_backslash_n", "with the letter n instead of a line feed", "an escape that lost its backslash", variant.Plausible},
	{".", "newline_dot", "with a dot instead of the line feed", "a template that joins everything by dots", variant.Usual},
	{"%0A", "newline_urlencoded", "with %0A instead of a line feed", "percent-encoding of the template", variant.Usual},
	{"<br>", "newline_other", "with <br> instead of a line feed", "a template from a web page", variant.Rare},
	{"<br/>", "newline_other", "with <br/> instead of a line feed", "a template from a web page", variant.Rare},
	{"\u2028", "newline_other", "with U+2028 instead of a line feed", "text from a web page", variant.Rare},
	{"\v", "newline_other", "with a vertical tab instead of a line feed", "text from a word processor", variant.Rare},
	{"\t", "newline_other", "with a tab instead of the line feed", "a template typed by hand", variant.Usual},
	{"|", "newline_other", "with | instead of the line feed", "the template of another platform", variant.Usual},
	{",", "newline_other", "with a comma instead of the line feed", "the template of another platform", variant.Usual},
	{":", "newline_other", "with a colon instead of the line feed", "the template of another platform", variant.Usual},
	{"&", "newline_other", "with & instead of the line feed", "the template of another platform", variant.Usual},
	{";", "newline_other", "with a semicolon instead of the line feed", "the template of another platform", variant.Plausible},
	{"-", "newline_other", "with - instead of the line feed", "the template of another platform", variant.Plausible},
	{"#", "newline_other", "with # instead of the line feed", "the template of another platform", variant.Plausible},
	{"?", "newline_other", "with ? instead of the line feed", "the template of another platform", variant.Plausible},
	{"\n\n\n", "newline_double", "with three line feeds", "a template with empty lines", variant.Rare},
}

// methodSpaces are what stands between method and path.
var methodSpaces = []struct {
	text, cause, says string
	cost              int
}{
	{"", "method_space_missing", "without the space behind the method", variant.Common},
	{"\t", "method_space_other", "with a tab behind the method", variant.Common},
	{"\n", "method_newline", "with a line feed behind the method", variant.Common},
	{"  ", "method_space_double", "with two spaces behind the method", variant.Common},
	{"\r\n", "method_newline", "with CR LF behind the method", variant.Usual},
	{`\n`, "method_newline", `with the two characters \n behind the method`, variant.Plausible},
	{".", "method_space_other", "with a dot behind the method", variant.Usual},
	{":", "method_space_other", "with a colon behind the method", variant.Usual},
	{"|", "method_space_other", "with | behind the method", variant.Usual},
	{",", "method_space_other", "with a comma behind the method", variant.Usual},
	{"&", "method_space_other", "with & behind the method", variant.Usual},
	{"-", "method_space_other", "with - behind the method", variant.Usual},
	{"_", "method_space_other", "with _ behind the method", variant.Plausible},
	{";", "method_space_other", "with a semicolon behind the method", variant.Plausible},
	{"+", "method_space_other", "with + behind the method", variant.Plausible},
	{"%20", "method_space_other", "with %20 behind the method", variant.Plausible},
	{"\u00a0", "method_space_other", "with a no-break space behind the method", variant.Plausible},
	{": ", "method_space_other", "with a colon and a space behind the method", variant.Plausible},
	{"/", "method_space_other", "with a slash behind the method", variant.Plausible},
	{"   ", "method_space_double", "with three spaces behind the method", variant.Rare},
	{"#", "method_space_other", "with # behind the method", variant.Rare},
	{"=", "method_space_other", "with = behind the method", variant.Rare},
}

// frame is the usual rule with its literals open.
type frame struct{ space, newline, dot1, dot2 string }

var usual = frame{" ", "\n", ".", "."}

func (f frame) pieces() []search.Piece {
	return line(search.Method, f.space, search.Target, f.newline, search.Client, f.dot1, search.Time, f.dot2, search.Body)
}

// newLayouts gives the rule's layout and what one change makes of it.
func (e *Evidence) newLayouts() *layouts {
	l := &layouts{seen: map[string]bool{}}
	l.add(0, e.ruled())
	if e.Template.String() != signing.DefaultTemplate {
		l.add(variant.Common, usual.pieces(), habit{"template_usual", "The usual string was signed, not the one of the profile's content_template.", "a platform that signs as most do"})
	}
	l.separated()
	l.framed()
	l.reduced()
	l.reordered()
	l.platforms(e)
	l.inserted(e)
	return l
}

// step is a change of one of the literals.
type step struct {
	frame func(frame) frame
	habit habit
	cost  int
	place int // steps of different places compose
}

// steps lists the changes of the literals, one at a time.
func steps() []step {
	var steps []step
	for i, s := range separators {
		cost := min(variant.Common+i/4, variant.Exotic)
		steps = append(steps,
			step{func(f frame) frame { f.dot1, f.dot2 = s, s; return f }, separatorHabit(s, "between client id, time and body"), cost, 0},
			step{func(f frame) frame { f.dot1 = s; return f }, sided(separatorHabit(s, "between client id and time"), s, "separator_missing_after_client"), min(cost+1, variant.Exotic), 0},
			step{func(f frame) frame { f.dot2 = s; return f }, sided(separatorHabit(s, "before the body"), s, "separator_missing_before_body"), min(cost+1, variant.Exotic), 0},
		)
	}
	for _, s := range lineEnds {
		steps = append(steps, step{func(f frame) frame { f.newline = s.text; return f }, habit{s.cause, "The string was signed " + s.says + ".", s.code}, s.cost, 1})
	}
	for _, s := range methodSpaces {
		steps = append(steps, step{func(f frame) frame { f.space = s.text; return f }, habit{s.cause, "The string was signed " + s.says + ".", "a template that was typed by hand"}, s.cost, 2})
	}
	return steps
}

// separated varies the literals between the parts.
func (l *layouts) separated() {
	for _, s := range steps() {
		l.add(s.cost, s.frame(usual).pieces(), s.habit)
	}
	for _, s := range []string{"\n", "\r\n", ".", "|", ",", "&", "", ":", " ", "\t", ";", "-", "#", "\\n"} {
		f := frame{s, s, s, s}
		cause := "template_one_separator"
		if s == "\n" || s == "\r\n" {
			cause = "template_newline_fields"
		}
		l.add(variant.Plausible, f.pieces(), habit{cause, fmt.Sprintf("The parts were signed with %q between each two.", s), "`join` over the parts"})
		f.space = " "
		l.add(variant.Plausible, f.pieces(), habit{cause, fmt.Sprintf("The parts were signed with %q between each two.", s), "`join` over the parts"})
	}
}

// twice varies two of the literals: two changes.
func (l *layouts) twice() {
	all := steps()
	for i, a := range all {
		for _, b := range all[i+1:] {
			if a.place != b.place && a.cost+b.cost <= variant.Common+variant.Rare {
				l.add(a.cost+b.cost, b.frame(a.frame(usual)).pieces(), a.habit, b.habit)
			}
		}
	}
	for i, a := range separators[:16] {
		for j, b := range separators[:16] {
			if a != b {
				l.add(variant.Common+variant.Usual+(i+j)/4, frame{" ", "\n", a, b}.pieces(), separatorHabit(a, "between client id and time"), separatorHabit(b, "before the body"))
			}
		}
	}
}

func sided(h habit, s, cause string) habit {
	if s == "" {
		h.Cause = cause
	}
	return h
}

// framed puts something before or behind a part.
func (l *layouts) framed() {
	for _, v := range []string{" HTTP/1.1", " HTTP/1.0", " HTTP/2", " HTTP/2.0", " HTTP/3"} {
		l.add(variant.Common, line(search.Method, " ", search.Target, v+"\n", search.Client, ".", search.Time, ".", search.Body),
			habit{"content_http_version", "The string was signed with" + v + " behind the path.", "signing the request line as it is on the wire"})
		l.add(variant.Usual, line(search.Method, " ", search.Target, v+"\r\n", search.Client, ".", search.Time, ".", search.Body),
			habit{"content_http_version", "The string was signed with" + v + " and CR LF behind the path.", "signing the request line as it is on the wire"})
	}
}

// reduced leaves parts out.
func (l *layouts) reduced() {
	const code = "the template of another platform, or a variable that is left out"
	m, u, c, t, b := search.Method, search.Target, search.Client, search.Time, search.Body
	missing := func(cause, says string) habit { return habit{cause, says, code} }
	noLine := missing("method_missing", "The string was signed without method and path.")
	l.add(variant.Common, line(c, ".", t, ".", b), noLine)
	l.add(variant.Usual, line("\n", c, ".", t, ".", b), noLine)
	l.add(variant.Common, line(u, "\n", c, ".", t, ".", b), missing("method_missing", "The string was signed without the method."))
	l.add(variant.Usual, line(" ", u, "\n", c, ".", t, ".", b), missing("method_missing", "The string was signed without the method."))
	l.add(variant.Common, line(m, "\n", c, ".", t, ".", b), missing("path_empty", "The string was signed without the path."))
	l.add(variant.Common, line(b), missing("content_body_only", "The body alone was signed."))
	l.add(variant.Usual, line(t, b), missing("content_time_and_body", "Time and body alone were signed."))
	noTime := missing("time_omitted", "The string was signed without the time.")
	l.add(variant.Common, line(m, " ", u, "\n", c, ".", b), noTime)
	noClient := missing("client_id_omitted", "The string was signed without the client id.")
	l.add(variant.Common, line(m, " ", u, "\n", t, ".", b), noClient)
	l.add(variant.Usual, line(m, " ", u, "\n.", t, ".", b), noClient)
	noBody := missing("body_omitted", "The string was signed without the body.")
	l.add(variant.Common, line(m, " ", u, "\n", c, ".", t), noBody)
	l.add(variant.Usual, line(m, " ", u), missing("content_request_line_only", "Method and path alone were signed."))
	l.add(variant.Usual, line(m, " ", u, "\n"), missing("content_request_line_only", "Method and path alone were signed."))
	l.add(variant.Usual, line(m, " ", u, "\n", b), missing("client_id_and_time_omitted", "The string was signed without client id and time."))
	l.add(variant.Usual, line(m, " ", u, "\n", c, "."), missing("content_truncated", "The string was signed without time and body."))
	l.add(variant.Usual, line(m, " ", u, "\n", c), missing("content_truncated", "The string was signed without time and body."))
	for _, s := range []string{".", "", "\n", " ", "|", ",", ":", "&"} {
		l.add(variant.Usual, line(c, s, b), habit{"method_missing", "Client id and body alone were signed.", code})
		l.add(variant.Usual, line(t, s, b), habit{"content_time_and_body", "Time and body alone were signed.", code})
		l.add(variant.Usual, line(b, s, t), habit{"content_time_and_body", "Body and time alone were signed.", code})
		l.add(variant.Usual, line(u, s, b), habit{"content_path_and_body", "Path and body alone were signed.", code})
		l.add(variant.Usual, line(m, s, u, s, b), habit{"client_id_and_time_omitted", "Method, path and body alone were signed.", code})
		l.add(variant.Usual, line(c, s, t), habit{"content_client_and_time", "Client id and time alone were signed, as for an OAuth token.", code})
		l.add(variant.Plausible, line(t, s, c), habit{"content_client_and_time", "Time and client id alone were signed.", code})
		l.add(variant.Plausible, line(c, s, t, s, b), habit{"method_missing", "Client id, time and body alone were signed.", code})
		l.add(variant.Plausible, line(b, s, c, s, t), habit{"method_missing", "Body, client id and time alone were signed.", code})
		l.add(variant.Plausible, line(u, s, t, s, b), habit{"content_path_time_body", "Path, time and body alone were signed.", code})
		l.add(variant.Plausible, line(u, s, c, s, t, s, b), habit{"method_missing", "The string was signed without the method.", code})
		l.add(variant.Plausible, line(t, s, m, s, u, s, b), habit{"template_other", "Time, method, path and body were signed.", code})
		l.add(variant.Plausible, line(m, s, u, s, t, s, b), habit{"client_id_omitted", "Method, path, time and body were signed.", code})
		l.add(variant.Rare, line(c, s, b, s, t), habit{"method_missing", "Client id, body and time alone were signed.", code})
		l.add(variant.Rare, line(m, s, u), habit{"content_request_line_only", "Method and path alone were signed.", code})
	}
	l.add(variant.Plausible, line(c), habit{"content_client_id_only", "The client id alone was signed.", code})
	l.add(variant.Plausible, line(t), habit{"content_time_only", "The time alone was signed.", code})
	l.add(variant.Plausible, line(u), habit{"content_path_only", "The path alone was signed.", code})
	l.add(variant.Exotic, line(m), habit{"content_method_only", "The method alone was signed.", code})
	l.add(variant.Exotic, line(""), habit{"content_empty", "An empty string was signed.", "a string to sign that is not set"})
}

// reordered puts the parts in other orders, with the rule's separators.
func (l *layouts) reordered() {
	const code = "the parts joined in another order than the rule's"
	m, u, c, t, b := search.Method, search.Target, search.Client, search.Time, search.Body
	names := map[search.Part]string{c: "client id", t: "time", b: "body"}
	for i, order := range [][]search.Part{{t, c, b}, {c, b, t}, {t, b, c}, {b, c, t}, {b, t, c}} {
		cause := "order_parts_changed"
		if i == 0 {
			cause = "order_client_time_swapped"
		}
		h := habit{cause, fmt.Sprintf("The string was signed in the order %s, %s, %s.", names[order[0]], names[order[1]], names[order[2]]), code}
		l.add(variant.Common+i, line(m, " ", u, "\n", order[0], ".", order[1], ".", order[2]), h)
		l.add(variant.Plausible+i/2, line(order[0], ".", order[1], ".", order[2]), h, habit{"method_missing", "The string was signed without method and path.", code})
	}
	l.permuted()
	first := habit{"order_line_last", "The line with method and path was signed behind the rest.", code}
	l.add(variant.Usual, line(c, ".", t, ".", b, "\n", m, " ", u), first)
	l.add(variant.Usual, line(c, ".", t, ".", b, m, " ", u), first)
	swapped := habit{"order_method_path_swapped", "The path was signed before the method.", code}
	l.add(variant.Usual, line(u, " ", m, "\n", c, ".", t, ".", b), swapped)
	l.add(variant.Plausible, line(u, m, "\n", c, ".", t, ".", b), swapped)
	l.add(variant.Plausible, line(m, " ", u, ".", c, ".", t, "\n", b), habit{"newline_before_body", "The line feed was signed before the body instead of behind the path.", code})
	l.add(variant.Usual, line(m, " ", u, "\n", c, ".", t, "\n", b), habit{"separator_newline", "A line feed was signed before the body instead of a dot.", code})
	l.add(variant.Plausible, line(m, " ", u, "\n", c, "\n", t, ".", b), habit{"separator_newline", "A line feed was signed behind the client id instead of a dot.", code})
	l.add(variant.Usual, line(m, "\n", u, "\n", c, ".", t, ".", b), habit{"method_newline", "The string was signed with a line feed behind the method.", code})
	for _, tail := range []string{"."} {
		l.add(variant.Usual, line(m, " ", u, "\n", c, ".", t, ".", b, tail), habit{"separator_trailing", "The string was signed with a dot at its end.", "a loop that writes a dot behind each part"})
		l.add(variant.Plausible, line(m, " ", u, "\n.", c, ".", t, ".", b), habit{"separator_leading", "The string was signed with a dot before the client id.", "a loop that writes a dot before each part"})
	}
	l.add(variant.Plausible, line(m, " ", u, "\n", c, ".", t, ".", b, "\n"), habit{"content_trailing_newline", "The string was signed with a line feed at its end.", "`println`, `echo` or a text block, which end in one"})
}

// permuted puts the parts in every order, with the separators where they are:
// the line of method and path as one part, and the two on their own.
func (l *layouts) permuted() {
	const says, code = "The parts of the string were signed in another order.", "the parts joined in another order than the rule's"
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
		l.add(variant.Rare, line(items...), h)
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
		l.add(variant.Exotic, line(items...), h)
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

// platforms are the templates of others, the sibling's of the protocol among
// them.
func (l *layouts) platforms(e *Evidence) {
	m, u, c, t, b := search.Method, search.Target, search.Client, search.Time, search.Body
	const code = "the template of another platform"
	newline := func(says string) habit { return habit{"template_newline_fields", says, code} }
	for i, order := range [][]search.Part{{m, u, t, c, b}, {m, u, c, t, b}, {t, c, b, m, u}, {c, t, m, u, b}, {t, m, u, c, b}, {c, m, u, t, b}, {m, u, t, b, c}, {m, u, b, t, c}, {t, c, m, u, b}, {m, u, c, b, t}} {
		for j, end := range []string{"\n", ""} {
			l.add(variant.Common+i/2+j, line(order[0], "\n", order[1], "\n", order[2], "\n", order[3], "\n", order[4], end), newline("The parts were signed on lines of their own, as WeChat Pay does."))
		}
	}
	for j, end := range []string{"\n", ""} {
		l.add(variant.Usual+j, line(t, "\n", c, "\n", b, end), newline("Time, client id and body were signed on lines of their own."))
		l.add(variant.Usual+j, line(m, "\n", u, "\n", t, "\n", b, end), newline("Method, path, time and body were signed on lines of their own."))
		l.add(variant.Usual+j, line(c, "\n", t, "\n", b, end), newline("Client id, time and body were signed on lines of their own."))
		l.add(variant.Usual+j, line(t, "\n", b, end), newline("Time and body were signed on lines of their own."))
		l.add(variant.Usual+j, line(u, "\n", t, "\n", c, "\n", b, end), newline("Path, time, client id and body were signed on lines of their own."))
	}
	id := e.Exchange.Request.Get("Request-Id")
	for _, request := range []string{id, e.Exchange.Request.Get("traceId"), e.Exchange.Request.Get("X-Request-Id")} {
		if request != "" || id == "" {
			l.add(variant.Usual, line(m, ".", u, ".", c, "."+request+".", t, ".", b), habit{"template_sibling", "The string was signed by the rule of a sibling platform: METHOD.URI.Client-Id.Request-Id.Time.Body.", code})
		}
	}
	l.labelled()
}

// labelled are templates whose parts have names.
func (l *layouts) labelled() {
	m, u, c, t, b := search.Method, search.Target, search.Client, search.Time, search.Body
	const says = "The parts were signed with names in front of them."
	h := habit{"template_labelled_fields", says, "the template of another platform, or a string that was built for a log"}
	for i, n := range [][5]string{
		{"method", "uri", "clientId", "time", "body"}, {"method", "path", "client_id", "timestamp", "body"}, {"method", "url", "clientId", "timestamp", "body"},
		{"method", "uri", "client_id", "time", "body"}, {"method", "uri", "clientId", "requestTime", "body"}, {"Method", "Uri", "Client-Id", "Request-Time", "Body"},
		{"method", "path", "clientId", "requestTime", "body"}, {"httpMethod", "uri", "clientId", "requestTime", "content"}, {"method", "uri", "Client-Id", "Request-Time", "body"}, {"method", "uri", "client-id", "request-time", "body"},
		{"method", "uri", "client_id", "request_time", "body"}, {"method", "uri", "appid", "timestamp", "body"}, {"method", "uri", "clientId", "responseTime", "body"}, {"method", "uri", "Client-Id", "Response-Time", "body"},
	} {
		for j, s := range [][2]string{{"=", "&"}, {":", "\n"}, {": ", "\n"}, {"=", "\n"}, {"=", "."}, {":", ","}, {"=", ";"}, {"=", ","}} {
			cost := min(variant.Usual+i/2+j/2, variant.Exotic)
			all := line(n[0]+s[0], m, s[1]+n[1]+s[0], u, s[1]+n[2]+s[0], c, s[1]+n[3]+s[0], t, s[1]+n[4]+s[0], b)
			l.add(cost, all, h)
			l.add(cost, line(m, " ", u, "\n"+n[2]+s[0], c, s[1]+n[3]+s[0], t, s[1]+n[4]+s[0], b), h)
			l.add(cost, line(n[2]+s[0], c, s[1]+n[3]+s[0], t, s[1]+n[4]+s[0], b), h)
			l.add(cost+1, line(m, " ", u, "\n"+n[2]+s[0], c, "."+n[3]+s[0], t, "."+n[4]+s[0], b), h)
			l.add(cost+1, line(m, " ", u, "\n"+n[2]+s[0], c, "\n"+n[3]+s[0], t, "\n\n", b), h)
			l.add(cost+1, line(n[4]+s[0], b, s[1]+n[2]+s[0], c, s[1]+n[0]+s[0], m, s[1]+n[3]+s[0], t, s[1]+n[1]+s[0], u), h)
		}
	}
	l.add(variant.Plausible, line(`{"method":"`, m, `","uri":"`, u, `","clientId":"`, c, `","time":"`, t, `","body":`, b, "}"), habit{"template_labelled_fields", "The parts were signed as a JSON object.", "a string that was built for a log"})
}

// inserted puts another value of the exchange between two parts.
func (l *layouts) inserted(e *Evidence) {
	m, u, c, t, b := search.Method, search.Target, search.Client, search.Time, search.Body
	for i, v := range e.shortValues() {
		h := habit{"content_extra_field", "The value of " + v.name + " was signed, too.", "a signature rule that has one part more"}
		cost := min(variant.Usual+i/6, variant.Exotic)
		if strings.EqualFold(v.name, "Merchant-Id") || v.name == "the merchant id" {
			h.Cause = "client_id_and_merchant_id"
		}
		x := v.text
		l.add(cost, line(m, " ", u, "\n", c, "."+x+".", t, ".", b), h)
		l.add(cost, line(m, " ", u, "\n", c, ".", t, "."+x+".", b), h)
		l.add(cost, line(m, " ", u, "\n"+x+".", c, ".", t, ".", b), h)
		l.add(cost+1, line(m, " ", u, "\n", c, ".", t, ".", b, "."+x), h)
		l.add(cost+1, line(m, " ", u, "\n", c, ".", t, ".", b, x), h)
		l.add(cost+2, line(m, " ", u, "\n"+x+"\n", c, ".", t, ".", b), h)
		l.add(cost+2, line(m, " ", u, "\n", c, ".", t, x+".", b), h)
		l.add(cost+3, line(x+"\n", m, " ", u, "\n", c, ".", t, ".", b), h)
	}
}
