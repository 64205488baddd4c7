package habits

import (
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient/diagnose/bodies"
)

// param is one parameter of a query, as it was sent.
type param struct {
	name, value string
	equals      bool // it has an equals sign
}

func (p param) plain() string { return bodies.PercentDecode(p.value, true) }

func paramsOf(query string) []param {
	var list []param
	for _, pair := range strings.Split(query, "&") {
		name, value, ok := strings.Cut(pair, "=")
		list = append(list, param{name, value, ok})
	}
	return list
}

// tokens makes tokens of a parameter. Whatever a language writes for a value
// that is not set, true or false may have stood where another writes the same.
func (k *kinds) tokens(p param, i int) []token {
	at := strconv.Itoa(i)
	list := k.text(p.name, at)
	if !p.equals {
		return append(list, k.token("empty"+at, "", "=", "=null", "=undefined", "=None", "=nil"))
	}
	equals := token{[]string{"="}, -1}
	switch p.plain() {
	case "":
		return append(list, k.token("empty"+at, "=", "", "=None", "=null", "=undefined", "=nil", "=false", "=False", "=[]"))
	case "null", "None", "undefined", "nil", "NULL":
		return append(list, k.token("unset"+at, formsOf("="+p.value, "=None", "=null", "=undefined", "=", "=nil", "")...))
	case "true", "True", "TRUE":
		return append(list, equals, k.token("truth", formsOf(p.value, "true", "True", "1", "TRUE", "yes", "on")...))
	case "false", "False", "FALSE":
		return append(list, equals, k.token("truth", formsOf(p.value, "false", "False", "0", "FALSE", "", "off")...))
	case "1":
		return append(list, equals, k.token("?one", "1", "true", "True", "1.0"))
	case "0":
		return append(list, equals, k.token("?one", "0", "false", "False", "0.0", ""))
	}
	return append(append(list, equals), k.text(p.value, at)...)
}

// arrangements returns the orders in which n parameters may have stood, as
// indexes: as sent and reversed first, then all orders of a few, and what is left
// when some were added on the way.
func arrangements(list []param) [][]uint8 {
	n := len(list)
	sent := make([]uint8, n)
	for i := range sent {
		sent[i] = uint8(i) //nolint:gosec // at most maxParams and what arrays add
	}
	out := [][]uint8{sent}
	add := func(o []uint8) {
		if len(o) > 0 && !slices.ContainsFunc(out, func(x []uint8) bool { return slices.Equal(x, o) }) {
			out = append(out, slices.Clone(o))
		}
	}
	sorted, reversed := slices.Clone(sent), slices.Clone(sent)
	slices.SortStableFunc(sorted, func(a, b uint8) int { return strings.Compare(list[a].name, list[b].name) })
	add(sorted)
	slices.Reverse(reversed)
	add(reversed)
	if n <= 5 {
		permute(sent, add)
	}
	if n > 8 {
		return out
	}
	for _, order := range [][]uint8{sent, sorted} {
		for mask := 1<<n - 2; mask > 0; mask-- {
			var kept []uint8
			for _, i := range order {
				if mask&(1<<i) != 0 {
					kept = append(kept, i)
				}
			}
			add(kept)
		}
	}
	return out
}

// maxStyled is how many parameters a query has at most whose arrays are written in
// other styles.
const maxStyled = 10

// shapes returns the lists of parameters that other code may have made of the
// same values: the styles of arrays and objects, and of a query in it.
func shapes(sent []param) [][]param {
	out := [][]param{sent}
	add := func(list []param) {
		if list != nil && !slices.ContainsFunc(out, func(x []param) bool { return slices.Equal(x, list) }) {
			out = append(out, list)
		}
	}
	groups := groupsOf(sent)
	if len(sent) > maxStyled {
		return out
	}
	for _, f := range valueForms {
		add(f.in(sent))
	}
	for _, g := range groups {
		for _, style := range styles {
			add(style.in(sent, g))
		}
	}
	groups = slices.DeleteFunc(groups, func(g group) bool { return len(g.members) == 1 && g.keys[0] == "" })
	if len(groups) < 2 {
		return out
	}
	for _, lists := range styles {
		for _, objects := range styles {
			add(together(sent, groups, lists, objects))
		}
	}
	return out
}

// together writes all arrays in one style and all objects in another.
func together(sent []param, groups []group, lists, objects style) []param {
	list := sent
	for _, g := range groups {
		s := lists
		if g.keys[0] != "" && strings.Trim(g.keys[0], "0123456789") != "" {
			s = objects
		}
		at := slices.IndexFunc(groupsOf(list), func(x group) bool { return x.name == g.name })
		if list = s.in(list, groupsOf(list)[at]); list == nil {
			return nil
		}
	}
	return list
}

// group is the parameters that one array or object became: they have one name,
// but for what stands in brackets behind it.
type group struct {
	name    string
	members []int    // in the list of parameters
	keys    []string // what stood in the brackets, without them; "" for none
}

// groupsOf finds arrays and objects.
func groupsOf(list []param) []group {
	var groups []group
	for i, p := range list {
		plain, key := bodies.PercentDecode(p.name, true), ""
		name := plain
		if at := strings.IndexByte(plain, '['); at > 0 && strings.HasSuffix(plain, "]") {
			name, key = plain[:at], plain[at+1:len(plain)-1]
		} else if at := strings.IndexByte(plain, '.'); at > 0 && countOf(list, func(q param) bool { return q.name == p.name }) == 1 {
			name, key = plain[:at], plain[at+1:]
		}
		at := slices.IndexFunc(groups, func(g group) bool { return g.name == name })
		if at < 0 {
			at = len(groups)
			groups = append(groups, group{name: name})
		}
		groups[at].members = append(groups[at].members, i)
		groups[at].keys = append(groups[at].keys, key)
	}
	return groups
}

// style is one way to write an array or object: the name of its i-th member, or
// one value for all of them.
type style struct {
	named  func(name, key string, i int) string // i is counted among the members of one key
	joined func(g group, values []string) string
}

// unnumbered returns what stands in nested brackets, without the numbers of items.
func unnumbered(key string) string {
	steps := strings.Split(key, "][")
	for i, s := range steps {
		if strings.Trim(s, "0123456789") == "" {
			steps[i] = ""
		}
	}
	return strings.Join(steps, "][")
}

// numbered returns what stands in nested brackets, with the number of an item where
// there is none.
func numbered(key string, i int) string {
	if rest, ok := strings.CutSuffix(key, "]["); ok {
		return rest + "][" + strconv.Itoa(i)
	}
	return key + "][" + strconv.Itoa(i)
}

// styles are those of the libraries that build queries, and of string
// concatenation in common languages.
var styles = []style{
	{named: func(name, _ string, _ int) string { return name }},                               // Go, requests, undici, OkHttp
	{named: func(name, _ string, _ int) string { return name + "[]" }},                        // axios, Faraday, Rails
	{named: func(name, _ string, i int) string { return name + "[" + strconv.Itoa(i) + "]" }}, // http_build_query, qs
	{named: func(name, key string, _ int) string { return name + "." + dots(key) }},           // qs with allowDots, Spring
	// qs, PHP
	{named: func(name, key string, _ int) string { return name + "[" + strings.ReplaceAll(key, ".", "][") + "]" }},
	{named: func(name, key string, i int) string { return name + "[" + numbered(key, i) + "]" }}, // of arrays in objects
	// Spring, of arrays in objects
	{named: func(name, key string, _ int) string { return name + "." + strings.Trim(dots(unnumbered(key)), ".") }},
	// Rails and axios, of arrays in objects and objects in arrays
	{named: func(name, key string, _ int) string { return name + "[" + unnumbered(key) + "]" }},
	// Go, requests, of arrays in objects
	{named: func(name, key string, _ int) string {
		return name + "[" + strings.TrimSuffix(unnumbered(key), "][") + "]"
	}},
	items("", ",", ""), // String([1, 2])
	items("", ", ", ""),
	items("[", ", ", "]"),     // Python, Java
	items("[", ",", "]"),      // JSON of numbers
	items("[", " ", "]"),      // Go's %v
	items("['", "', '", "']"), // Python
	items(`["`, `","`, `"]`),  // JSON
	items(`["`, `", "`, `"]`), // Ruby
	items("('", "', '", "',)"),
	constant("Array"),           // PHP
	constant("[object Object]"), // JavaScript
	constant(""),                // querystring of Node
	{joined: func(_ group, v []string) string { return v[0] }},        // the first counts
	{joined: func(_ group, v []string) string { return v[len(v)-1] }}, // the last counts
	object(`{"`, `":`, `,"`, `"`, "}"),                                // JSON
	object("{'", "': ", ", '", "'", "}"),                              // Python
	object(`{"`, `"=>`, `, "`, `"`, "}"),                              // Ruby
	object("{", "=", ", ", "", "}"),                                   // Java
	object("map[", ":", " ", "", "]"),                                 // Go
	{},                                                                // taken apart at its commas
}

func dots(key string) string { return strings.ReplaceAll(key, "][", ".") }

// items writes all of a list with these around and between them.
func items(first, between, last string) style {
	return style{joined: func(_ group, v []string) string { return first + strings.Join(v, between) + last }}
}

func constant(text string) style { return style{joined: func(group, []string) string { return text }} }

// object writes an object with these around and between its members; texts are
// put into quote.
func object(first, colon, next, quote, last string) style {
	return style{joined: func(g group, v []string) string {
		if g.keys[0] == "" {
			return v[0]
		}
		var b strings.Builder
		for i, key := range g.keys {
			b.WriteString(map[bool]string{true: first, false: next}[i == 0])
			b.WriteString(key + colon)
			if _, err := strconv.ParseFloat(v[i], 64); err == nil {
				b.WriteString(v[i])
			} else {
				b.WriteString(quote + v[i] + quote)
			}
		}
		return b.String() + last
	}}
}

// in writes one array or object of a list of parameters in the style; nil where
// that does not apply.
func (s style) in(sent []param, g group) []param {
	var values []string
	for _, i := range g.members {
		values = append(values, sent[i].plain())
	}
	if s.named == nil && s.joined == nil {
		values = strings.FieldsFunc(strings.Trim(values[0], "[](){}"), func(r rune) bool { return r == ',' })
		for i := range values {
			values[i] = strings.Trim(values[i], ` "'`)
		}
		if len(g.members) > 1 || len(values) < 2 || len(values) > maxParams {
			return nil
		}
	}
	var list []param
	for i, p := range sent {
		at := slices.Index(g.members, i)
		switch {
		case at < 0:
			list = append(list, p)
		case s.named != nil:
			before := countOf(g.keys[:at], func(key string) bool { return key == g.keys[at] })
			list = append(list, param{escapedParam(s.named(g.name, g.keys[at], before)), p.value, p.equals})
		case s.joined != nil && at == 0:
			list = append(list, param{escapedParam(g.name), escapedParam(s.joined(g, values)), true})
		case s.joined == nil:
			for _, v := range values {
				list = append(list, param{escapedParam(g.name), escapedParam(v), true})
			}
		}
	}
	return list
}

// countOf returns how often one of a list is so.
func countOf[T any](list []T, is func(T) bool) int {
	n := 0
	for _, x := range list {
		if is(x) {
			n++
		}
	}
	return n
}

// escapedParam writes a text as a parameter that was sent, so that all its
// characters may vary.
func escapedParam(s string) string { return bodies.PercentAll(s) }
