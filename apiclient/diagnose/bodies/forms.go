package bodies

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// formOptions are the ways to write members as k=v pairs.
type formOptions struct {
	pair, join string
	escape     func(string) string
	sorted     bool
	nulls      string // what null becomes; "-" drops it
	empties    bool   // empty strings are kept
	nested     func(*value) string
	brackets   bool // nested members as a[b]=c
	dots       bool // nested members as a.b=c
}

func (o formOptions) write(root *value) (string, bool) {
	if root.kind != object {
		return "", false
	}
	var parts []string
	var add func(key string, v *value)
	add = func(key string, v *value) {
		switch {
		case isGroup(v) && (o.brackets || o.dots):
			keys, values, _ := entries(v)
			for i, k := range keys {
				name := key + "[" + k + "]"
				if o.dots {
					name = key + "." + k
				}
				add(name, values[i])
			}
			return
		case v.is("null"):
			if o.nulls != "-" {
				parts = append(parts, o.escape(key)+o.pair+o.nulls)
			}
			return
		case isEmptyString(v) && !o.empties:
			return
		}
		s := scalar(v)
		if isGroup(v) && o.nested != nil {
			s = o.nested(v)
		}
		if o.brackets && v.is("true") {
			s = "1"
		} else if o.brackets && v.is("false") {
			s = "0"
		}
		parts = append(parts, o.escape(key)+o.pair+o.escape(s))
	}
	members := root.members
	if o.sorted {
		members = slices.Clone(members)
		by(strings.Compare)(members)
	}
	for _, m := range members {
		add(m.key.decoded(), m.value)
	}
	return strings.Join(parts, o.join), len(parts) > 0
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

// typedForms adds forms made of parsed numbers.
func (m *Maker) typedForms(set *Set) {
	for _, print := range []speller{double(ecma, true), double(python, false), mixed(phpForm),
		mixed(phpShort), double(goFloat, true)} {
		root := respelled(m.doc.root, print)
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

// forms returns the pairs in which a body is written.
func forms() []dumpOp {
	var ops []dumpOp
	for _, escape := range []struct {
		f    func(string) string
		says string
		cost int
	}{{asIs, "", 0}, {url.QueryEscape, ", percent-encoded", 0}, {PercentAll, ", percent-encoded", 2},
		{EncodeURIComponent, ", percent-encoded", 2}} {
		for _, sorted := range []bool{false, true} {
			says := "The body was signed as k=v pairs joined by &" + escape.says + "."
			code := "a form encoder (`http_build_query`, `URLSearchParams`, `urlencode`) in place of a JSON library"
			if sorted {
				says = "The body was signed as sorted k=v pairs joined by &" + escape.says + "."
				code = "the signature rule of another platform, which signs sorted parameters"
			}
			for i, o := range []formOptions{
				{nulls: "-", empties: true}, {nulls: "null", empties: true}, {nulls: "", empties: true}, {nulls: "-"},
				{nulls: "None", empties: true},
				{nulls: "-", empties: true, brackets: true}, {nulls: "", empties: true, brackets: true},
				{nulls: "", empties: true, dots: true},
				{nulls: "null", empties: true, nested: javaWords.write}, {nulls: "-", empties: true, nested: javaWords.write},
				{nulls: "None", empties: true, nested: pythonWords.write}, {nulls: "-", empties: true, nested: pythonWords.write},
				{nulls: "-", empties: true, nested: func(v *value) string { return string(writer{style: spaced}.write(v)) }},
				{nulls: "", empties: true, nested: goJSON}, {nulls: "-", empties: true, nested: goJSON},
				{nulls: "null", empties: true, nested: func(*value) string { return "[object Object]" }},
				{nulls: "", empties: true, nested: func(*value) string { return "" }},
			} {
				o.pair, o.join, o.escape, o.sorted = "=", "&", escape.f, sorted
				ops = append(ops, dumpOp{min(usual+escape.cost+i/2, exotic), o.write, "body_form_encoded_signed", says, code})
			}
		}
	}
	for _, o := range []formOptions{
		{pair: "=", join: ","}, {pair: "=", join: ", "}, {pair: "=", join: ";"}, {pair: "=", join: "\n"}, {pair: "=", join: "|"},
		{pair: "=", join: ""}, {pair: ":", join: ","},
		{pair: ": ", join: ", "}, {pair: ": ", join: "\n"}, {pair: "", join: ""}, {pair: ":", join: ";"}, {pair: "", join: "&"},
	} {
		for _, sorted := range []bool{false, true} {
			o.escape, o.sorted, o.nulls, o.empties = asIs, sorted, "null", true
			dropped := o
			dropped.nulls = "-"
			ops = append(ops, dumpOp{rare, dropped.write, "body_form_encoded_signed",
				fmt.Sprintf("The body was signed as pairs of the form k%sv joined by %q.", o.pair, o.join),
				"the signature rule of another platform"})
			ops = append(ops, dumpOp{rare, o.write, "body_form_encoded_signed",
				fmt.Sprintf("The body was signed as pairs of the form k%sv joined by %q.", o.pair, o.join),
				"the signature rule of another platform"})
		}
	}
	return ops
}
