package bodies

import (
	"strconv"
	"strings"
)

var dumps = []dumpOp{
	{common, pythonWords.dump, "body_python_repr_signed",
		"The body was signed as Python prints a dict, with single quotes, None and True.",
		"`str(data)` or an f-string instead of `json.dumps(data)`"},
	{plausible, with(pythonWords, func(w *words) { w.number = nil }).dump, "body_python_repr_signed",
		"The body was signed as Python prints a dict, with single quotes, None and True.", "`str(data)` instead of `json.dumps(data)`"},
	{plausible, func(root *value) (string, bool) {
		return strings.ReplaceAll(pythonWords.write(root), "'", `"`), isGroup(root)
	},
		"body_python_repr_signed", "The body was signed as Python prints a dict, with double quotes for single ones.",
		"`str(data).replace(\"'\", '\"')` instead of `json.dumps(data)`"},
	{plausible, with(pythonWords, func(w *words) {
		w.open, w.close, w.key, w.pair = "namespace(", ")", asIs, "="
	}).dump, "body_python_repr_signed", "The body was signed as Python prints a SimpleNamespace.", "`str(data)` instead of `json.dumps(data)`"},
	{plausible, pythonPairs("[", "]"), "body_python_repr_signed",
		"The body was signed as Python prints a list of pairs.", "`str(list(data.items()))`, or `sorted(data.items())`"},
	{plausible, sortedDump(pythonPairs("[", "]")), "body_python_repr_signed",
		"The body was signed as Python prints a sorted list of pairs.", "`str(sorted(data.items()))`"},
	{plausible, pythonPairs("OrderedDict([", "])"), "body_python_repr_signed",
		"The body was signed as Python prints an OrderedDict.", "`str(data)` instead of `json.dumps(data)`"},
	{plausible, pythonPairs("dict_items([", "])"), "body_python_repr_signed",
		"The body was signed as Python prints the items of a dict.", "`str(data.items())`"},
	{rare, func(root *value) (string, bool) {
		return "OrderedDict(" + pythonWords.write(root) + ")", root.kind == object
	},
		"body_python_repr_signed", "The body was signed as Python 3.12 prints an OrderedDict.", "`str(data)` instead of `json.dumps(data)`"},
	{plausible, pythonModel(false), "body_python_repr_signed",
		"The body was signed as pydantic prints a model: a='x' b=1.", "`str(model)` instead of `model.model_dump_json()`"},
	{plausible, pythonModel(true), "body_python_repr_signed",
		"The body was signed as pydantic prints a model with models inside.", "`str(model)` instead of `model.model_dump_json()`"},
	{plausible, singleQuoted, "body_python_repr_signed",
		"The body was signed with single quotes for double ones.", "`str(data)` instead of `json.dumps(data)`"},
	{plausible, with(javaWords, func(w *words) { w.comma = "," }).dump, "body_java_map_tostring_signed",
		"The body was signed as {a=1,b=2}.", "a toString written by hand"},
	{plausible, with(javaWords, func(w *words) {
		w.open, w.close, w.pair, w.null, w.yes, w.no = "{ ", " }", " = ", "", "True", "False"
	}).dump, "body_object_tostring_signed", "The body was signed as .NET prints an anonymous object: { A = x, B = y }.",
		"`ToString()` of an anonymous object or record in place of a serialiser"},
	{plausible, rubyFields("#<struct ", ">"), "body_ruby_inspect_signed",
		"The body was signed as Ruby prints a Struct.", "`struct.to_s` instead of `struct.to_h.to_json`"},
	{plausible, rubyFields("#<OpenStruct ", ">"), "body_ruby_inspect_signed",
		"The body was signed as Ruby prints an OpenStruct.", "`object.to_s` instead of `object.to_h.to_json`"},
	{usual, rubyWords.dump, "body_ruby_inspect_signed",
		"The body was signed as Ruby prints a hash.", "`hash.to_s` instead of `hash.to_json`"},
	{usual, with(rubyWords, func(w *words) { w.pair = " => " }).dump, "body_ruby_inspect_signed",
		"The body was signed as Ruby 3.4 prints a hash.", "`hash.to_s` instead of `hash.to_json`"},
	{plausible, with(rubyWords, func(w *words) { w.key, w.pair = rubyKey, ": " }).dump, "body_ruby_inspect_signed",
		"The body was signed as Ruby 3.4 prints a hash with symbols.", "`hash.to_s` instead of `hash.to_json`"},
	{plausible, with(rubyWords, func(w *words) { w.key = rubySymbol }).dump, "body_ruby_inspect_signed",
		"The body was signed as Ruby prints a hash with symbols.", "`hash.to_s` instead of `hash.to_json`"},
	{plausible, rubyWords.outermost(rubySymbol, "=>"), "body_ruby_inspect_signed",
		"The body was signed as Ruby prints a hash with symbols outermost.", "`hash.to_s` instead of `hash.to_json`"},
	{plausible, with(rubyWords, func(w *words) { w.pair = " => " }).outermost(rubyKey, ": "), "body_ruby_inspect_signed",
		"The body was signed as Ruby 3.4 prints a hash with symbols outermost.", "`hash.to_s` instead of `hash.to_json`"},
	{usual, with(goWords, func(w *words) { w.number = goNumber(percentG) }).dump, "body_go_map_signed",
		"The body was signed as Go prints a map: map[a:1 b:2].", "`fmt.Sprint(m)` instead of `json.Marshal(m)`"},
	{plausible, goWords.dump, "body_go_map_signed",
		"The body was signed as Go prints a map: map[a:1 b:2].", "`fmt.Sprint(m)` instead of `json.Marshal(m)`"},
	{plausible, goStruct(false, false, pascal), "body_go_map_signed",
		"The body was signed as Go prints a struct: {a b}.", "`fmt.Sprint(v)` instead of `json.Marshal(v)`"},
	{plausible, goStruct(true, false, pascal), "body_go_map_signed",
		"The body was signed as Go prints a struct: {Name:value}.", "`fmt.Sprintf(\"%+v\", v)` instead of `json.Marshal(v)`"},
	{plausible, goStruct(true, false, goName), "body_go_map_signed",
		"The body was signed as Go prints a struct: {Name:value}.", "`fmt.Sprintf(\"%+v\", v)` instead of `json.Marshal(v)`"},
	{plausible, goStruct(false, true, pascal), "body_go_map_signed",
		"The body was signed as Go prints a struct with a map inside.", "`fmt.Sprint(v)` instead of `json.Marshal(v)`"},
	{plausible, goStruct(true, true, pascal), "body_go_map_signed",
		"The body was signed as Go prints a struct with a map inside.", "`fmt.Sprintf(\"%+v\", v)` instead of `json.Marshal(v)`"},
	{rare, pointer(goStruct(false, false, pascal)), "body_go_map_signed",
		"The body was signed as Go prints a pointer to a struct: &{a b}.", "`fmt.Sprint(&v)` instead of `json.Marshal(v)`"},
	{rare, pointer(goStruct(true, false, pascal)), "body_go_map_signed",
		"The body was signed as Go prints a pointer to a struct: &{Name:value}.", "`fmt.Sprintf(\"%+v\", &v)` instead of `json.Marshal(v)`"},
	{rare, pointer(goStruct(true, false, goName)), "body_go_map_signed",
		"The body was signed as Go prints a pointer to a struct: &{Name:value}.", "`fmt.Sprintf(\"%+v\", &v)` instead of `json.Marshal(v)`"},
	{rare, goSyntax, "body_go_map_signed", "The body was signed as Go writes a map in %#v.", "`fmt.Sprintf(\"%#v\", m)`"},
	{usual, phpValues{}.printR, "body_php_dump_signed",
		"The body was signed as PHP's print_r prints an array.", "`print_r($data, true)` instead of `json_encode($data)`"},
	{usual, phpValues{}.varExport, "body_php_dump_signed",
		"The body was signed as PHP's var_export prints an array.", "`var_export($data, true)` instead of `json_encode($data)`"},
	{usual, phpValues{}.serialize, "body_php_dump_signed",
		"The body was signed as PHP's serialize writes an array.", "`serialize($data)` instead of `json_encode($data)`"},
	{plausible, phpValues{classes: true}.printR, "body_php_dump_signed",
		"The body was signed as PHP's print_r prints an object.", "`print_r($data, true)` instead of `json_encode($data)`"},
	{plausible, phpValues{classes: true}.varExport, "body_php_dump_signed",
		"The body was signed as PHP's var_export prints an object.", "`var_export($data, true)` instead of `json_encode($data)`"},
	{plausible, phpValues{classes: true}.serialize, "body_php_dump_signed",
		"The body was signed as PHP's serialize writes an object.", "`serialize($data)` instead of `json_encode($data)`"},
	{plausible, implodeValues(""), "body_values_joined_signed",
		"The values of the body were signed, joined without their keys.", "`implode('', $data)`"},
	{plausible, implodePHP, "body_values_joined_signed",
		"The values of the body were signed as PHP prints them, joined without their keys.", "`implode('', $data)`"},
	{plausible, implodeValues(","), "body_values_joined_signed", "The values of the body were signed, joined by commas.",
		"`Object.values(o).join()`"},
	{plausible, joinValues(""), "body_values_joined_signed", "The values of the body were signed as JavaScript prints them, joined without their keys.",
		"`Object.values(o).join('')`"},
	{plausible, joinValues(","), "body_values_joined_signed", "The values of the body were signed as JavaScript prints them, joined by commas.",
		"`Object.values(o).join()`"},
	{plausible, phpDump, "body_php_dump_signed",
		"The body was signed as PHP's var_dump prints an array.", "`var_dump($data)` into an output buffer instead of `json_encode($data)`"},
	{rare, implodeValues("|"), "body_values_joined_signed", "The values of the body were signed, joined by |.", "`implode('|', $data)`"},
	{plausible, func(root *value) (string, bool) { return implodeValues("")(sortedKeys(root)) }, "body_values_joined_signed",
		"The values of the body were signed, joined in the order of their keys.", "`implode('', $data)` after `ksort`"},
	{rare, func(root *value) (string, bool) { return implodeValues("|")(sortedKeys(root)) }, "body_values_joined_signed",
		"The values of the body were signed, joined by | in the order of their keys.", "`implode('|', $data)` after `ksort`"},
	{rare, implodeValues("&"), "body_values_joined_signed", "The values of the body were signed, joined by &.", "`implode('&', $data)`"},
	{usual, jsWords.dump, "body_js_inspect_signed",
		"The body was signed as Node prints an object.", "`util.inspect(o)` or `console.log`'s form instead of `JSON.stringify(o)`"},
	{plausible, inspectWrapped, "body_js_inspect_signed",
		"The body was signed as Node prints a large object.", "`util.inspect(o)` instead of `JSON.stringify(o)`"},
	{plausible, bareKeysJSON, "body_js_inspect_signed",
		"The body was signed with its keys unquoted.", "a JavaScript literal instead of JSON"},
	{rare, xmlDump("xml"), "body_xml_signed", "The body was signed as XML.", "signing before the format was changed"},
	{rare, yamlDump, "body_yaml_signed", "The body was signed as YAML.", "`yaml.dump` instead of `json.dumps`"},
}

// javaMaps returns what toString of a map prints, by the kind of map and of number.
func javaMaps() []dumpOp {
	says := "The body was signed as Java prints a map: {a=1, b=2}."
	const code = "`map.toString()` or string concatenation instead of a JSON library"
	var ops []dumpOp
	for i, order := range []shaper{nil, reorder(true, hashMap), reorder(false, hashMap), sortedKeys,
		reorder(false, by(strings.Compare)), inLists} {
		for k, print := range []speller{nil, double(java, false), mixed(java), double(java, true),
			bigDecimalOr, double(ecma, false)} {
			w := javaWords
			if print != nil {
				w.number = func(raw []byte) string { return string(spell(print)(nil, raw)) }
			}
			ops = append(ops, dumpOp{min(common+i+k, exotic), func(root *value) (string, bool) {
				if order != nil {
					root = order(root)
				}
				return w.write(root), isGroup(root)
			}, "body_java_map_tostring_signed", says, code})
		}
	}
	return ops
}

// inLists puts each member into a list of its own, as Spring's MultiValueMap and
// Netty's decoder hold the fields of a form.
func inLists(root *value) *value {
	if root.kind != object {
		return root
	}
	list := &value{kind: object}
	for _, m := range root.members {
		if m.value.kind != array {
			m.value = &value{kind: array, items: []*value{m.value}}
		}
		list.members = append(list.members, m)
	}
	return list
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
	w := words{null: "null", yes: "true", no: "false",
		str:  func(s string) string { return string(stringify([]byte(s), escaping{})) },
		open: "{", close: "}", pair: ":", comma: ",", first: "[", last: "]", key: asIs}
	return w.write(root), isGroup(root)
}

func goSyntax(root *value) (string, bool) {
	w := words{null: "interface {}(nil)", yes: "true", no: "false", str: strconv.Quote, number: goNumber(percentG),
		open: "map[string]interface {}{", close: "}", pair: ":", comma: ", ", first: "[]interface {}{",
		last: "}", sorted: true}
	return w.write(root), isGroup(root)
}

// goStruct prints a struct as %v does, and with names as %+v; maps inside where
// they are no structs.
func goStruct(names, maps bool, name func(string) string) dumper {
	w := with(goWords, func(w *words) {
		w.number = goNumber(percentG)
		if !maps {
			w.open, w.close, w.comma, w.sorted = "{", "}", " ", false
			w.key, w.pair = name, ":"
			if !names {
				w.key, w.pair = func(string) string { return "" }, ""
			}
		}
	})
	return func(root *value) (string, bool) {
		parts := make([]string, len(root.members))
		for i, m := range root.members {
			if parts[i] = w.write(m.value); names {
				parts[i] = name(m.key.decoded()) + ":" + parts[i]
			}
		}
		return "{" + strings.Join(parts, " ") + "}", len(parts) > 0
	}
}

func pointer(d dumper) dumper {
	return func(root *value) (string, bool) {
		s, ok := d(root)
		return "&" + s, ok
	}
}

// goName is pascal with the initialisms of Go in capitals.
func goName(s string) string {
	s = pascal(s)
	for _, short := range []string{"Id", "Url", "Uri", "Api", "Ip", "Json", "Http", "Uuid"} {
		if head, ok := strings.CutSuffix(s, short); ok {
			return head + strings.ToUpper(short)
		}
	}
	return s
}

// pythonPairs prints the members of a dict as tuples.
func pythonPairs(first, last string) dumper {
	return func(root *value) (string, bool) {
		parts := make([]string, len(root.members))
		for i, m := range root.members {
			parts[i] = "(" + pythonQuote(m.key.decoded()) + ", " + pythonWords.write(m.value) + ")"
		}
		return first + strings.Join(parts, ", ") + last, len(parts) > 0
	}
}

func sortedDump(d dumper) dumper {
	return func(root *value) (string, bool) { return d(reorder(false, by(strings.Compare))(root)) }
}

// pythonModel prints a pydantic model; with models, those inside have the name of
// their field as a class.
func pythonModel(models bool) dumper {
	var write func(v *value, name string) string
	write = func(v *value, name string) string {
		switch {
		case models && v.kind == object:
			parts := make([]string, len(v.members))
			for i, m := range v.members {
				parts[i] = m.key.decoded() + "=" + write(m.value, pascal(m.key.decoded()))
			}
			return name + "(" + strings.Join(parts, ", ") + ")"
		case models && v.kind == array:
			parts := make([]string, len(v.items))
			for i, item := range v.items {
				parts[i] = write(item, strings.TrimSuffix(name, "s"))
			}
			return "[" + strings.Join(parts, ", ") + "]"
		}
		return pythonWords.write(v)
	}
	return func(root *value) (string, bool) {
		parts := make([]string, len(root.members))
		for i, m := range root.members {
			parts[i] = m.key.decoded() + "=" + write(m.value, pascal(m.key.decoded()))
		}
		return strings.Join(parts, " "), len(parts) > 0
	}
}

// rubyFields prints the fields of a struct.
func rubyFields(first, last string) dumper {
	return func(root *value) (string, bool) {
		parts := make([]string, len(root.members))
		for i, m := range root.members {
			parts[i] = m.key.decoded() + "=" + rubyWords.write(m.value)
		}
		return first + strings.Join(parts, ", ") + last, len(parts) > 0
	}
}

// joinValues prints the values as JavaScript makes strings of them.
func joinValues(separator string) dumper {
	return func(root *value) (string, bool) {
		parts := make([]string, len(root.members))
		for i, m := range root.members {
			if !m.value.is("null") {
				parts[i] = scalarOr(m.value, joined)
			}
		}
		return strings.Join(parts, separator), len(parts) > 1
	}
}

// scalar returns a value as a language without types would print it; groups are
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

func implodeValues(separator string) dumper {
	return func(root *value) (string, bool) {
		parts := make([]string, len(root.members))
		for i, m := range root.members {
			parts[i] = scalar(m.value)
		}
		return strings.Join(parts, separator), len(parts) > 1
	}
}

func implodePHP(root *value) (string, bool) {
	var b strings.Builder
	for _, m := range root.members {
		if isGroup(m.value) {
			b.WriteString("Array")
		} else {
			b.WriteString(phpScalar(m.value))
		}
	}
	return b.String(), len(root.members) > 1
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
		keys, values := entries(v)
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
			if v.kind == object {
				parts[i] = jsKey(k) + ": " + parts[i]
			}
			total += len([]rune(parts[i])) + 1
			multi = multi || strings.Contains(parts[i], "\n")
		}
		if !multi && total+len(keys) <= 72 {
			return open + " " + strings.Join(parts, ", ") + " " + last
		}
		return open + "\n" + spaces(indent+2) + strings.Join(parts, ",\n"+spaces(indent+2)) +
			"\n" + spaces(indent) + last
	}
	return write(root, 0, 0), isGroup(root)
}

func xmlDump(name string) dumper {
	var write func(b *strings.Builder, name string, v *value)
	write = func(b *strings.Builder, name string, v *value) {
		b.WriteString("<" + name + ">")
		if isGroup(v) {
			keys, values := entries(v)
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
