package bodies

import (
	"fmt"
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
	first, last   string              // of arrays
	key           func(string) string // nil as str
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
		if len(v.items) == 0 {
			return strings.TrimSpace(w.first) + strings.TrimSpace(w.last)
		}
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
	if len(members) == 0 {
		return strings.TrimSpace(w.open) + strings.TrimSpace(w.close)
	}
	key := w.key
	if key == nil {
		key = w.str
	}
	parts := make([]string, len(members))
	for i, m := range members {
		parts[i] = key(m.key.decoded()) + w.pair + w.write(m.value)
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

// jsQuote is util.inspect of a string, which takes the quotes that need no
// escape.
func jsQuote(s string) string {
	quote := "'"
	if strings.Contains(s, "'") {
		switch {
		case !strings.Contains(s, `"`):
			quote = `"`
		case !strings.Contains(s, "`") && !strings.Contains(s, "${"):
			quote = "`"
		}
	}
	return quote + strings.NewReplacer(`\`, `\\`, quote, `\`+quote, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\b", `\b`, "\f", `\f`).Replace(s) + quote
}

// identifier is a key that Node and Ruby print without quotes.
var identifier = compiled(`^[a-zA-Z_][a-zA-Z_0-9]*$`)

func jsKey(s string) string {
	if identifier().MatchString(s) {
		return s
	}
	return jsQuote(s)
}

func rubySymbol(s string) string {
	if identifier().MatchString(s) {
		return ":" + s
	}
	return ":" + rubyQuote(s)
}

// rubyKey is a symbol before its colon.
func rubyKey(s string) string {
	if identifier().MatchString(s) {
		return s
	}
	return rubyQuote(s)
}

func rubyQuote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "#{", `\#{`, "#$", `\#$`, "#@", `\#@`).Replace(s) + `"`
}

var (
	pythonWords = words{null: "None", yes: "True", no: "False", str: pythonQuote, number: pythonNumber, open: "{", close: "}", pair: ": ", comma: ", ", first: "[", last: "]"}
	javaWords   = words{null: "null", yes: "true", no: "false", str: asIs, open: "{", close: "}", pair: "=", comma: ", ", first: "[", last: "]", key: asIs}
	rubyWords   = words{null: "nil", yes: "true", no: "false", str: rubyQuote, number: pythonNumber, open: "{", close: "}", pair: "=>", comma: ", ", first: "[", last: "]"}
	jsWords     = words{null: "null", yes: "true", no: "false", str: jsQuote, number: goNumber(ecma), open: "{ ", close: " }", pair: ": ", comma: ", ", first: "[ ", last: " ]", key: jsKey}
	goWords     = words{null: "<nil>", yes: "true", no: "false", str: asIs, open: "map[", close: "]", pair: ":", comma: " ", first: "[", last: "]", key: asIs, sorted: true}
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
	{with(rubyWords, func(w *words) { w.key, w.pair = rubyKey, ": " }).dump, dumped("body_ruby_inspect_signed", "The body was signed as Ruby 3.4 prints a hash with symbols.", "`hash.to_s` instead of `hash.to_json`"), plausible},
	{with(rubyWords, func(w *words) { w.key = rubySymbol }).dump, dumped("body_ruby_inspect_signed", "The body was signed as Ruby prints a hash with symbols.", "`hash.to_s` instead of `hash.to_json`"), plausible},
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
	for i, order := range []func(*value) *value{nil, reorder(true, hashMap), reorder(false, hashMap), sortedKeys, reorder(false, by(strings.Compare))} {
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
		open: "{", close: "}", pair: ":", comma: ",", first: "[", last: "]", key: asIs}
	return w.write(root), isGroup(root)
}

func goSyntax(root *value) (string, bool) {
	w := words{null: "interface {}(nil)", yes: "true", no: "false", str: strconv.Quote, number: goNumber(percentG),
		open: "map[string]interface {}{", close: "}", pair: ":", comma: ", ", first: "[]interface {}{", last: "}", sorted: true}
	return w.write(root), isGroup(root)
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
				parts[i] = jsKey(k) + ": " + parts[i]
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
