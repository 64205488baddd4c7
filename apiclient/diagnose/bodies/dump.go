package bodies

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// dumpOp writes a document in a form that is not JSON.
type dumpOp struct {
	write  func(root *value) (string, bool)
	change habit
	cost   int
}

func dumped(cause, says, code string) habit { return habit{cause, says, code} }

// words are the literals of a language, and how it joins and quotes.
type words struct {
	null, yes, no string
	str           func(string) string
	number        func(raw []byte) string
	open, close   string // of objects
	pair, comma   string
	first, last   string // of arrays
	bareKeys      bool
	sorted        bool
}

func (w words) write(v *value) string {
	switch v.kind {
	case text:
		return w.str(v.decoded())
	case number:
		if w.number != nil {
			return w.number(v.raw)
		}
		return string(v.raw)
	case literal:
		switch {
		case v.is("true"):
			return w.yes
		case v.is("false"):
			return w.no
		}
		return w.null
	case array:
		parts := make([]string, len(v.items))
		for i, item := range v.items {
			parts[i] = w.write(item)
		}
		return w.first + strings.Join(parts, w.comma) + w.last
	}
	members := v.members
	if w.sorted {
		members = slices.Clone(members)
		by(strings.Compare)(members)
	}
	parts := make([]string, len(members))
	for i, m := range members {
		key := m.key.decoded()
		if !w.bareKeys {
			key = w.str(key)
		}
		parts[i] = key + w.pair + w.write(m.value)
	}
	return w.open + strings.Join(parts, w.comma) + w.close
}

func asIs(s string) string { return s }

func pythonNumber(raw []byte) string {
	if s, ok := double(python, false)(raw); ok {
		return s
	}
	return string(raw)
}

// pythonQuote is repr of a Python string.
func pythonQuote(s string) string {
	quote := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = '"'
	}
	b := []byte{quote}
	for _, r := range s {
		switch {
		case r == rune(quote) || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0x100 && !unicode.IsPrint(r):
			b = fmt.Appendf(b, `\x%02x`, r)
		default:
			b = append(b, string(r)...)
		}
	}
	return string(append(b, quote))
}

func rubyQuote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "#{", `\#{`, "#$", `\#$`, "#@", `\#@`).Replace(s) + `"`
}

var (
	pythonWords = words{null: "None", yes: "True", no: "False", str: pythonQuote, number: pythonNumber, open: "{", close: "}", pair: ": ", comma: ", ", first: "[", last: "]"}
	javaWords   = words{null: "null", yes: "true", no: "false", str: asIs, open: "{", close: "}", pair: "=", comma: ", ", first: "[", last: "]", bareKeys: true}
	rubyWords   = words{null: "nil", yes: "true", no: "false", str: rubyQuote, number: pythonNumber, open: "{", close: "}", pair: "=>", comma: ", ", first: "[", last: "]"}
	jsWords     = words{null: "null", yes: "true", no: "false", str: func(s string) string { return "'" + strings.ReplaceAll(s, "'", `\'`) + "'" }, open: "{ ", close: " }", pair: ": ", comma: ", ", first: "[ ", last: " ]", bareKeys: true}
	goWords     = words{null: "<nil>", yes: "true", no: "false", str: asIs, open: "map[", close: "]", pair: ":", comma: " ", first: "[", last: "]", bareKeys: true, sorted: true}
)

func with(w words, change func(*words)) words {
	change(&w)
	return w
}

func (w words) dump(root *value) (string, bool) { return w.write(root), isGroup(root) }

func goNumber(print func(float64) string) func([]byte) string {
	return func(raw []byte) string {
		if f, ok := asFloat(raw); ok {
			return print(f)
		}
		return string(raw)
	}
}

// percentG is %v of a float64 in Go.
func percentG(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

var dumps = []dumpOp{
	{pythonWords.dump, dumped("body_python_repr_signed", "The body was signed as Python prints a dict, with single quotes, None and True.", "`str(data)` or an f-string instead of `json.dumps(data)`"), common},
	{with(pythonWords, func(w *words) { w.number = nil }).dump, dumped("body_python_repr_signed", "The body was signed as Python prints a dict, with single quotes, None and True.", "`str(data)` instead of `json.dumps(data)`"), plausible},
	{singleQuoted, dumped("body_python_repr_signed", "The body was signed with single quotes for double ones.", "`str(data)` instead of `json.dumps(data)`"), plausible},
	{with(javaWords, func(w *words) { w.comma = "," }).dump, dumped("body_java_map_tostring_signed", "The body was signed as {a=1,b=2}.", "a toString written by hand"), plausible},
	{rubyWords.dump, dumped("body_ruby_inspect_signed", "The body was signed as Ruby prints a hash.", "`hash.to_s` instead of `hash.to_json`"), usual},
	{with(rubyWords, func(w *words) { w.pair = " => " }).dump, dumped("body_ruby_inspect_signed", "The body was signed as Ruby 3.4 prints a hash.", "`hash.to_s` instead of `hash.to_json`"), usual},
	{with(rubyWords, func(w *words) { w.bareKeys, w.pair = true, ": " }).dump, dumped("body_ruby_inspect_signed", "The body was signed as Ruby 3.4 prints a hash with symbols.", "`hash.to_s` instead of `hash.to_json`"), plausible},
	{rubySymbols, dumped("body_ruby_inspect_signed", "The body was signed as Ruby prints a hash with symbols.", "`hash.to_s` instead of `hash.to_json`"), plausible},
	{with(goWords, func(w *words) { w.number = goNumber(percentG) }).dump, dumped("body_go_map_signed", "The body was signed as Go prints a map: map[a:1 b:2].", "`fmt.Sprint(m)` instead of `json.Marshal(m)`"), usual},
	{goWords.dump, dumped("body_go_map_signed", "The body was signed as Go prints a map: map[a:1 b:2].", "`fmt.Sprint(m)` instead of `json.Marshal(m)`"), plausible},
	{goSyntax, dumped("body_go_map_signed", "The body was signed as Go writes a map in %#v.", "`fmt.Sprintf(\"%#v\", m)`"), rare},
	{printR, dumped("body_php_dump_signed", "The body was signed as PHP's print_r prints an array.", "`print_r($data, true)` instead of `json_encode($data)`"), usual},
	{varExport, dumped("body_php_dump_signed", "The body was signed as PHP's var_export prints an array.", "`var_export($data, true)` instead of `json_encode($data)`"), usual},
	{phpSerialize, dumped("body_php_dump_signed", "The body was signed as PHP's serialize writes an array.", "`serialize($data)` instead of `json_encode($data)`"), usual},
	{implodeValues(""), dumped("body_values_joined_signed", "The values of the body were signed, joined without their keys.", "`implode('', $data)`"), plausible},
	{implodeValues(","), dumped("body_values_joined_signed", "The values of the body were signed, joined by commas.", "`Object.values(o).join()`"), plausible},
	{implodeValues("|"), dumped("body_values_joined_signed", "The values of the body were signed, joined by |.", "`implode('|', $data)`"), rare},
	{func(root *value) (string, bool) { return implodeValues("")(sortedKeys(root)) }, dumped("body_values_joined_signed", "The values of the body were signed, joined in the order of their keys.", "`implode('', $data)` after `ksort`"), plausible},
	{func(root *value) (string, bool) { return implodeValues("|")(sortedKeys(root)) }, dumped("body_values_joined_signed", "The values of the body were signed, joined by | in the order of their keys.", "`implode('|', $data)` after `ksort`"), rare},
	{implodeValues("&"), dumped("body_values_joined_signed", "The values of the body were signed, joined by &.", "`implode('&', $data)`"), rare},
	{jsWords.dump, dumped("body_js_inspect_signed", "The body was signed as Node prints an object.", "`util.inspect(o)` or `console.log`'s form instead of `JSON.stringify(o)`"), usual},
	{inspectWrapped, dumped("body_js_inspect_signed", "The body was signed as Node prints a large object.", "`util.inspect(o)` instead of `JSON.stringify(o)`"), plausible},
	{bareKeysJSON, dumped("body_js_inspect_signed", "The body was signed with its keys unquoted.", "a JavaScript literal instead of JSON"), plausible},
	{xmlDump("xml"), dumped("body_xml_signed", "The body was signed as XML.", "signing before the format was changed"), rare},
	{yamlDump, dumped("body_yaml_signed", "The body was signed as YAML.", "`yaml.dump` instead of `json.dumps`"), rare},
}

// javaMaps are what toString of a map prints, by the kind of map and of number.
func javaMaps() []dumpOp {
	says := "The body was signed as Java prints a map: {a=1, b=2}."
	const code = "`map.toString()` or string concatenation instead of a JSON library"
	var ops []dumpOp
	for i, order := range []func(*value) *value{nil, reorder(true, hashMap), sortedKeys} {
		for k, print := range []func([]byte) (string, bool){nil, double(java, false), mixed(java), double(java, true), bigDecimalOr, double(ecma, false)} {
			w := javaWords
			if print != nil {
				w.number = func(raw []byte) string { return string(spell(print)(nil, raw)) }
			}
			ops = append(ops, dumpOp{func(root *value) (string, bool) {
				if order != nil {
					root = order(root)
				}
				return w.write(root), isGroup(root)
			}, dumped("body_java_map_tostring_signed", says, code), min(common+i+k, exotic)})
		}
	}
	return ops
}

func bigDecimalOr(raw []byte) (string, bool) {
	if s, ok := bigDecimal(raw); ok {
		return s, true
	}
	return string(raw), true
}

func singleQuoted(root *value) (string, bool) {
	return strings.ReplaceAll(string(writer{style: spaced}.write(root)), `"`, "'"), true
}

func bareKeysJSON(root *value) (string, bool) {
	w := words{null: "null", yes: "true", no: "false", str: func(s string) string { return string(stringify([]byte(s), escaping{})) },
		open: "{", close: "}", pair: ":", comma: ",", first: "[", last: "]", bareKeys: true}
	return w.write(root), isGroup(root)
}

func rubySymbols(root *value) (string, bool) {
	symbols := root.transform(func(v *value) *value {
		for i, m := range v.members {
			v.members[i].key = &value{kind: text, raw: stringify([]byte(":"+m.key.decoded()), escaping{})}
		}
		return v
	})
	return with(rubyWords, func(w *words) { w.bareKeys = true }).write(symbols), isGroup(root)
}

func goSyntax(root *value) (string, bool) {
	w := words{null: "interface {}(nil)", yes: "true", no: "false", str: strconv.Quote, number: goNumber(percentG),
		open: "map[string]interface {}{", close: "}", pair: ":", comma: ", ", first: "[]interface {}{", last: "}", sorted: true}
	return w.write(root), isGroup(root)
}

// phpScalar is a scalar as PHP turns it into a string.
func phpScalar(v *value) string {
	switch {
	case v.kind == text:
		return v.decoded()
	case v.is("true"):
		return "1"
	case v.is("false"), v.is("null"):
		return ""
	case !isInteger(v.raw):
		if f, ok := asFloat(v.raw); ok {
			return strings.ToUpper(strings.TrimSuffix(phpFloat(f), ".0"))
		}
	}
	return string(v.raw)
}

// entries lists what is inside a group, with the keys that PHP gives arrays.
func entries(v *value) (keys []string, values []*value, indexed bool) {
	for i, item := range v.items {
		keys, values = append(keys, strconv.Itoa(i)), append(values, item)
	}
	for _, m := range v.members {
		keys, values = append(keys, m.key.decoded()), append(values, m.value)
	}
	return keys, values, v.kind == array
}

func printR(root *value) (string, bool) {
	var b strings.Builder
	var write func(v *value, indent int)
	write = func(v *value, indent int) {
		if !isGroup(v) {
			b.WriteString(phpScalar(v))
			return
		}
		b.WriteString("Array\n" + spaces(indent) + "(\n")
		keys, values, _ := entries(v)
		for i, k := range keys {
			b.WriteString(spaces(indent+4) + "[" + k + "] => ")
			write(values[i], indent+8)
			b.WriteString("\n")
		}
		b.WriteString(spaces(indent) + ")\n")
	}
	write(root, 0)
	return b.String(), isGroup(root)
}

func varExport(root *value) (string, bool) {
	var b strings.Builder
	var write func(v *value, indent int)
	write = func(v *value, indent int) {
		switch {
		case v.kind == text:
			b.WriteString("'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(v.decoded()) + "'")
			return
		case v.is("null"):
			b.WriteString("NULL")
			return
		case v.kind == number && !isInteger(v.raw):
			f, _ := asFloat(v.raw)
			b.WriteString(strings.ToUpper(phpFloat(f)))
			return
		case !isGroup(v):
			b.Write(v.raw)
			return
		}
		b.WriteString("array (\n")
		keys, values, indexed := entries(v)
		for i, k := range keys {
			if !indexed {
				k = "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(k) + "'"
			}
			b.WriteString(spaces(indent+2) + k + " => ")
			if isGroup(values[i]) {
				b.WriteString("\n" + spaces(indent+2))
			}
			write(values[i], indent+2)
			b.WriteString(",\n")
		}
		b.WriteString(spaces(indent) + ")")
	}
	write(root, 0)
	return b.String(), isGroup(root)
}

func phpSerialize(root *value) (string, bool) {
	var b strings.Builder
	str := func(s string) { fmt.Fprintf(&b, `s:%d:"%s";`, len(s), s) }
	var write func(v *value)
	write = func(v *value) {
		switch {
		case v.kind == text:
			str(v.decoded())
		case v.is("null"):
			b.WriteString("N;")
		case v.is("true"):
			b.WriteString("b:1;")
		case v.is("false"):
			b.WriteString("b:0;")
		case v.kind == number && isInteger(v.raw):
			fmt.Fprintf(&b, "i:%s;", v.raw)
		case v.kind == number:
			f, _ := asFloat(v.raw)
			fmt.Fprintf(&b, "d:%s;", strings.ToUpper(strings.TrimSuffix(phpFloat(f), ".0")))
		default:
			keys, values, indexed := entries(v)
			fmt.Fprintf(&b, "a:%d:{", len(keys))
			for i, k := range keys {
				if indexed {
					fmt.Fprintf(&b, "i:%s;", k)
				} else {
					str(k)
				}
				write(values[i])
			}
			b.WriteString("}")
		}
	}
	write(root)
	return b.String(), isGroup(root)
}

// scalar is a value as a language without types would print it; groups are
// compact JSON.
func scalar(v *value) string {
	switch {
	case v.kind == text:
		return v.decoded()
	case isGroup(v):
		return string(writer{style: compact}.write(v))
	}
	return string(v.raw)
}

func implodeValues(separator string) func(*value) (string, bool) {
	return func(root *value) (string, bool) {
		parts := make([]string, len(root.members))
		for i, m := range root.members {
			parts[i] = scalar(m.value)
		}
		return strings.Join(parts, separator), len(parts) > 1
	}
}

// inspectWrapped is util.inspect of an object that does not fit on a line of
// 72 characters; objects deeper than two levels are cut.
func inspectWrapped(root *value) (string, bool) {
	var write func(v *value, indent, depth int) string
	write = func(v *value, indent, depth int) string {
		if !isGroup(v) {
			return jsWords.write(v)
		}
		open, last := "{", "}"
		if v.kind == array {
			open, last = "[", "]"
		}
		keys, values, indexed := entries(v)
		if len(keys) == 0 {
			return open + last
		}
		if depth > 2 {
			if v.kind == array {
				return "[Array]"
			}
			return "[Object]"
		}
		parts := make([]string, len(keys))
		total, multi := len(keys), false
		for i, k := range keys {
			parts[i] = write(values[i], indent+2, depth+1)
			if !indexed {
				parts[i] = k + ": " + parts[i]
			}
			total += len([]rune(parts[i])) + 1
			multi = multi || strings.Contains(parts[i], "\n")
		}
		if !multi && total+len(keys) <= 72 {
			return open + " " + strings.Join(parts, ", ") + " " + last
		}
		return open + "\n" + spaces(indent+2) + strings.Join(parts, ",\n"+spaces(indent+2)) + "\n" + spaces(indent) + last
	}
	return write(root, 0, 0), isGroup(root)
}

func xmlDump(name string) func(*value) (string, bool) {
	var write func(b *strings.Builder, name string, v *value)
	write = func(b *strings.Builder, name string, v *value) {
		b.WriteString("<" + name + ">")
		if isGroup(v) {
			keys, values, _ := entries(v)
			for i, k := range keys {
				write(b, k, values[i])
			}
		} else {
			b.WriteString(htmlEscape(phpScalar(v)))
		}
		b.WriteString("</" + name + ">")
	}
	return func(root *value) (string, bool) {
		var b strings.Builder
		write(&b, name, root)
		return b.String(), isGroup(root)
	}
}

func yamlDump(root *value) (string, bool) {
	var b strings.Builder
	var write func(v *value, indent int)
	write = func(v *value, indent int) {
		for _, m := range v.members {
			b.WriteString(spaces(indent) + m.key.decoded() + ":")
			if m.value.kind == object && len(m.value.members) > 0 {
				b.WriteString("\n")
				write(m.value, indent+2)
				continue
			}
			b.WriteString(" " + scalar(m.value) + "\n")
		}
	}
	write(root, 0)
	return b.String(), root.kind == object
}

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

// goJSON is what json.Marshal makes of a map.
func goJSON(v *value) string {
	return string(writer{style: compact, string: goText.roundTrip}.write(sortedKeys(v)))
}

// respelled is root with its numbers as a language prints them.
func respelled(root *value, print func([]byte) (string, bool)) *value {
	return root.transform(func(v *value) *value {
		if v.kind == number {
			return &value{kind: number, raw: spell(print)(nil, v.raw)}
		}
		return v
	})
}

// typedForms are forms made of parsed numbers.
func (m *Maker) typedForms(set *Set) {
	for _, print := range []func([]byte) (string, bool){double(ecma, true), double(python, false), mixed(phpForm), mixed(phpShort), double(goFloat, true)} {
		root := respelled(m.doc.root, print)
		for _, f := range forms() {
			if m.stop() {
				return
			}
			if s, ok := f.write(root); ok {
				set.Add(Variant{Bytes: []byte(s), Changes: one(f.change), Cost: min(f.cost+2, exotic)})
			}
		}
	}
}

// phpShort is a PHP float in a string with the default precision of 14.
func phpShort(f float64) string { return strconv.FormatFloat(f, 'G', 14, 64) }

// phpForm is a PHP float in a string.
func phpForm(f float64) string { return strings.ToUpper(strings.TrimSuffix(phpFloat(f), ".0")) }

// forms are the pairs in which a body is written.
func forms() []dumpOp {
	var ops []dumpOp
	for _, escape := range []struct {
		f    func(string) string
		says string
		cost int
	}{{asIs, "", 0}, {url.QueryEscape, ", percent-encoded", 0}, {PercentAll, ", percent-encoded", 2}, {EncodeURIComponent, ", percent-encoded", 2}} {
		for _, sorted := range []bool{false, true} {
			says := "The body was signed as k=v pairs joined by &" + escape.says + "."
			code := "a form encoder (`http_build_query`, `URLSearchParams`, `urlencode`) in place of a JSON library"
			if sorted {
				says = "The body was signed as sorted k=v pairs joined by &" + escape.says + "."
				code = "the signature rule of another platform, which signs sorted parameters"
			}
			for i, o := range []formOptions{
				{nulls: "-", empties: true}, {nulls: "null", empties: true}, {nulls: "", empties: true}, {nulls: "-"}, {nulls: "None", empties: true},
				{nulls: "-", empties: true, brackets: true}, {nulls: "", empties: true, brackets: true}, {nulls: "", empties: true, dots: true},
				{nulls: "null", empties: true, nested: javaWords.write}, {nulls: "-", empties: true, nested: javaWords.write},
				{nulls: "None", empties: true, nested: pythonWords.write}, {nulls: "-", empties: true, nested: pythonWords.write},
				{nulls: "-", empties: true, nested: func(v *value) string { return string(writer{style: spaced}.write(v)) }},
				{nulls: "", empties: true, nested: goJSON}, {nulls: "-", empties: true, nested: goJSON},
				{nulls: "null", empties: true, nested: func(*value) string { return "[object Object]" }},
				{nulls: "", empties: true, nested: func(*value) string { return "" }},
			} {
				o.pair, o.join, o.escape, o.sorted = "=", "&", escape.f, sorted
				ops = append(ops, dumpOp{o.write, habit{"body_form_encoded_signed", says, code}, min(usual+escape.cost+i/2, exotic)})
			}
		}
	}
	for _, o := range []formOptions{
		{pair: "=", join: ","}, {pair: "=", join: ", "}, {pair: "=", join: ";"}, {pair: "=", join: "\n"}, {pair: "=", join: "|"}, {pair: "=", join: ""}, {pair: ":", join: ","},
		{pair: ": ", join: ", "}, {pair: ": ", join: "\n"}, {pair: "", join: ""}, {pair: ":", join: ";"}, {pair: "", join: "&"},
	} {
		for _, sorted := range []bool{false, true} {
			o.escape, o.sorted, o.nulls, o.empties = asIs, sorted, "null", true
			dropped := o
			dropped.nulls = "-"
			ops = append(ops, dumpOp{dropped.write, habit{"body_form_encoded_signed",
				fmt.Sprintf("The body was signed as pairs of the form k%sv joined by %q.", o.pair, o.join), "the signature rule of another platform"}, rare})
			ops = append(ops, dumpOp{o.write, habit{"body_form_encoded_signed",
				fmt.Sprintf("The body was signed as pairs of the form k%sv joined by %q.", o.pair, o.join), "the signature rule of another platform"}, rare})
		}
	}
	return ops
}
