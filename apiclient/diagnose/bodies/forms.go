package bodies

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// formStyle is how a library writes members as the fields of a form.
type formStyle struct {
	cost   int                 // beside that of a form at all
	member string              // behind the name of a group, for a member of it: "[%s]"; "" where groups are text
	item   string              // the same for an item: "[%d]", "[]", or "" for the name again
	lists  func(v *value) bool // the arrays whose items are fields; nil for all where member is set
	text   words               // how values are written that are no groups, and groups that are text
	nested func(*value) string // groups that are text, where text does not say it
	keys   bool                // an object gives its keys
	nulls  string              // what null becomes; "-" drops it, "=" leaves the name alone
	short  bool                // empty strings are dropped
}

// formOptions are a style with what goes around names and values.
type formOptions struct {
	formStyle
	pair, join string
	escape     func(string) string
	sorted     bool
	deep       bool // sorted inside, too
}

func (o formOptions) write(root *value) (string, bool) {
	if root.kind != object {
		return "", false
	}
	if o.deep {
		root = sortedKeys(root)
	}
	members := root.members
	if o.sorted {
		members = slices.Clone(members)
		by(strings.Compare)(members)
	}
	var parts []string
	for _, m := range members {
		parts = o.add(parts, m.key.decoded(), m.value)
	}
	return strings.Join(parts, o.join), len(parts) > 0
}

// add appends the fields of a value.
func (o formOptions) add(parts []string, name string, v *value) []string {
	switch {
	case v.kind == object && o.member != "":
		for _, m := range v.members {
			parts = o.add(parts, name+strings.Replace(o.member, "%s", m.key.decoded(), 1), m.value)
		}
		return parts
	case v.kind == object && o.keys:
		for _, m := range v.members {
			parts = o.add(parts, name, m.key)
		}
		return parts
	case v.kind == array && (o.lists == nil && o.member != "" || o.lists != nil && o.lists(v)):
		form := o.item
		if form == "[]" && o.nulls == "-" && slices.ContainsFunc(v.items, isGroup) {
			form = "[%d]" // axios
		}
		inner := o
		if o.member == "" {
			inner.lists, inner.keys = nil, false // what is inside is text
		}
		for i, item := range v.items {
			parts = inner.add(parts, name+strings.Replace(form, "%d", itoa(i), 1), item)
		}
		return parts
	case v.is("null") && o.nulls == "=":
		return append(parts, o.escape(name))
	case v.is("null") && o.nulls == "-", isEmptyString(v) && o.short:
		return parts
	}
	return append(parts, o.escape(name)+o.pair+o.escape(o.value(v)))
}

// value returns the text of a field.
func (o formOptions) value(v *value) string {
	switch {
	case v.is("null"):
		return o.nulls
	case v.kind == text:
		return v.decoded()
	case isGroup(v) && o.nested != nil:
		return o.nested(v)
	}
	return o.text.write(v)
}

// goJSON returns what json.Marshal makes of a map.
func goJSON(v *value) string {
	return string(writer{style: compact, string: goText.roundTrip}.write(sortedKeys(v)))
}

// respelled returns root with its numbers as a language prints them.
func respelled(root *value, print speller) *value {
	return root.transform(func(v *value) *value {
		if v.kind == number {
			return &value{kind: number, raw: spell(print)(nil, v.raw)}
		}
		return v
	})
}

// typedForms adds forms, made of the numbers as they are sent and as parsers hold
// them.
func (m *Maker) typedForms(set *Set) {
	for _, print := range []speller{nil, double(ecma, true), double(python, false), mixed(phpForm),
		mixed(phpShort), double(goFloat, true)} {
		root := m.doc.root
		if print != nil {
			if root = respelled(root, print); m.same(root) {
				continue
			}
		}
		for _, f := range forms() {
			if m.stop() {
				return
			}
			if s, ok := f.how(root); ok {
				set.Add(Variant{Bytes: []byte(s), Changes: one(f.change()), Cost: min(f.cost+2, exotic)})
			}
		}
	}
}

var (
	jsonWords = words{yes: "true", no: "false"}
	phpWords  = words{yes: "1", no: "0"}
)

func compactJSON(v *value) string { return string(writer{style: compact}.write(v)) }
func spacedJSON(v *value) string  { return string(writer{style: spaced}.write(v)) }

func anyList(*value) bool { return true }

// joined is String of a JavaScript array; an object has no text of its own.
func joined(v *value) string {
	if v.kind == object {
		return "[object Object]"
	}
	parts := make([]string, len(v.items))
	for i, item := range v.items {
		parts[i] = jsValue(item)
	}
	return strings.Join(parts, ",")
}

func scalarOr(v *value, group func(*value) string) string {
	if isGroup(v) {
		return group(v)
	}
	return scalar(v)
}

// formStyles are those of qs, axios, PHP, requests, httpx, urllib, superagent,
// URLSearchParams, Ruby, Java and Go.
var formStyles = []formStyle{
	{text: jsonWords, nested: compactJSON, nulls: "-"},
	{text: jsonWords, nested: compactJSON, nulls: "null"},
	{text: jsonWords, nested: compactJSON, nulls: ""},
	{text: jsonWords, nested: compactJSON, nulls: "-", short: true},
	{text: pythonWords, nulls: "None", cost: 1},
	{text: pythonWords, nulls: "-", cost: 1},
	{text: phpWords, member: "[%s]", item: "[%d]", nulls: "-", cost: 1},
	{text: jsonWords, member: "[%s]", item: "[%d]", nulls: "", cost: 1},
	{text: jsonWords, member: "[%s]", item: "[%d]", nulls: "-", cost: 1},
	{text: jsonWords, member: "[%s]", item: "[]", nulls: "-", cost: 1},
	{text: jsonWords, member: "[%s]", item: "[]", nulls: "", cost: 1},
	{text: jsonWords, member: "[%s]", item: "", nulls: "", cost: 2},
	{text: jsonWords, member: "[%s]", item: "", nulls: "=", cost: 2},
	{text: jsonWords, member: "[%s]", lists: func(*value) bool { return false }, nested: joined, nulls: "", cost: 3},
	{text: jsonWords, member: ".%s", item: "[%d]", nulls: "", cost: 2},
	{text: jsonWords, member: ".%s", item: ".%d", nulls: "", cost: 2},
	{text: jsonWords, member: ".%s", item: "", nulls: "", cost: 3},
	{text: jsonWords, member: ".%s", lists: func(*value) bool { return false }, nested: joined, nulls: "", cost: 3},
	{text: jsonWords, lists: anyList, nested: func(*value) string { return "" }, nulls: "", cost: 3},
	{text: phpWords, nested: compactJSON, nulls: "", cost: 2},
	{text: phpWords, member: "[%s]", item: "[%d]", nulls: "", cost: 3},
	{text: pythonWords, keys: true, lists: anyList, nulls: "-", cost: 2},
	{text: pythonWords, keys: true, lists: anyList, nulls: "None", cost: 3},
	{text: with(pythonWords, func(w *words) { w.yes, w.no = "true", "false" }), nested: pythonWords.write,
		lists: anyList, nulls: "", cost: 2},
	{text: javaWords, nulls: "null", cost: 2},
	{text: javaWords, nulls: "-", cost: 2},
	{text: jsonWords, nested: spacedJSON, nulls: "-", cost: 3},
	{text: jsonWords, nested: goJSON, nulls: "", cost: 3},
	{text: jsonWords, nested: goJSON, nulls: "-", cost: 3},
	{text: jsonWords, nested: joined, nulls: "null", cost: 2},
	{text: jsonWords, nested: joined, nulls: "undefined", cost: 4},
	{text: jsonWords, member: "[%s]", item: "[]", nulls: "=", cost: 2},
	{text: rubyWords, lists: anyList, nulls: "=", cost: 3},
	{text: rubyWords, nulls: "", cost: 3},
	{text: jsonWords, nested: func(*value) string { return "" }, nulls: "", cost: 4},
}

// formEscapes are the ways to write a name or value.
var formEscapes = []struct {
	f    func(string) string
	says string
	cost int
}{
	{asIs, "", 0}, {url.QueryEscape, ", percent-encoded", 0}, {PercentAll, ", percent-encoded", 2},
	{EncodeURIComponent, ", percent-encoded", 2}, {webEscape, ", percent-encoded", 2},
}

// webEscape is the escape of URLSearchParams and of Java's URLEncoder.
func webEscape(s string) string {
	return strings.ReplaceAll(Percent(s, Unreserved[:62]+"-_.* ", false), " ", "+")
}

// likelyForms are the forms that are tried with single changes; the others come
// with what whole libraries do.
var likelyForms = sync.OnceValue(func() []dumpOp {
	return formsOf(func(cost int) bool { return cost <= usual+1 || cost == rare })
})

// forms returns the pairs in which a body is written, made once.
var forms = sync.OnceValue(func() []dumpOp { return formsOf(func(int) bool { return true }) })

// formsOf returns those of the costs that are wanted.
func formsOf(wanted func(cost int) bool) []dumpOp {
	var ops []dumpOp
	add := func(cost int, o formOptions, says, code string) {
		if wanted(cost) {
			ops = append(ops, dumpOp{cost, o.write, "body_form_encoded_signed", says, code})
		}
	}
	for _, escape := range formEscapes {
		for _, sorted := range []bool{false, true} {
			says := "The body was signed as k=v pairs joined by &" + escape.says + "."
			code := "a form encoder (`http_build_query`, `URLSearchParams`, `urlencode`) in place of a JSON library"
			if sorted {
				says = "The body was signed as sorted k=v pairs joined by &" + escape.says + "."
				code = "the signature rule of another platform, which signs sorted parameters"
			}
			for _, s := range formStyles {
				o := formOptions{formStyle: s, pair: "=", join: "&", escape: escape.f, sorted: sorted}
				add(min(usual+escape.cost+s.cost, exotic), o, says, code)
				if sorted && s.member != "" {
					o.deep = true
					add(min(usual+escape.cost+s.cost+1, exotic), o, says, code)
				}
			}
		}
	}
	for _, p := range [][2]string{{"=", ","}, {"=", ", "}, {"=", ";"}, {"=", "\n"}, {"=", "|"}, {"=", ""}, {":", ","},
		{": ", ", "}, {": ", "\n"}, {"", ""}, {":", ";"}, {"", "&"}} {
		for _, sorted := range []bool{false, true} {
			for _, nulls := range []string{"-", "null"} {
				o := formOptions{formStyle: formStyle{text: jsonWords, nested: compactJSON, nulls: nulls}, pair: p[0], join: p[1],
					escape: asIs, sorted: sorted}
				add(rare, o, fmt.Sprintf("The body was signed as pairs of the form k%sv joined by %q.", o.pair, o.join),
					"the signature rule of another platform")
			}
		}
	}
	return ops
}
