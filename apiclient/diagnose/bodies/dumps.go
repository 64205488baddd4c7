package bodies

import (
	"strings"
)

var dumps = []dumpOp{
	{common, pythonWords.dump, pythonRepr,
		"as Python prints a dict, with single quotes, None and True",
		"`str(data)` or an f-string instead of `json.dumps(data)`"},
	{plausible, with(pythonWords, func(w *words) { w.number = nil }).dump, pythonRepr,
		"as Python prints a dict, with single quotes, None and True", "`str(data)` instead of `json.dumps(data)`"},
	{plausible, func(root *value) (string, bool) {
		return strings.ReplaceAll(pythonWords.write(root), "'", `"`), isGroup(root)
	},
		pythonRepr, "as Python prints a dict, with double quotes for single ones",
		"`str(data).replace(\"'\", '\"')` instead of `json.dumps(data)`"},
	{plausible, with(pythonWords, func(w *words) {
		w.open, w.close, w.key, w.pair = "namespace(", ")", asIs, "="
	}).dump, pythonRepr, "as Python prints a SimpleNamespace", "`str(data)` instead of `json.dumps(data)`"},
	{plausible, pythonPairs("[", "]"), pythonRepr,
		"as Python prints a list of pairs", "`str(list(data.items()))`, or `sorted(data.items())`"},
	{plausible, after(reorder(false, by(strings.Compare)), pythonPairs("[", "]")), pythonRepr,
		"as Python prints a sorted list of pairs", "`str(sorted(data.items()))`"},
	{plausible, pythonPairs("OrderedDict([", "])"), pythonRepr,
		"as Python prints an OrderedDict", "`str(data)` instead of `json.dumps(data)`"},
	{plausible, pythonPairs("dict_items([", "])"), pythonRepr, "as Python prints the items of a dict", "`str(data.items())`"},
	{rare, func(root *value) (string, bool) {
		return "OrderedDict(" + pythonWords.write(root) + ")", root.kind == object
	},
		pythonRepr, "as Python 3.12 prints an OrderedDict", "`str(data)` instead of `json.dumps(data)`"},
	{plausible, pythonModel(false), pythonRepr,
		"as pydantic prints a model: a='x' b=1", "`str(model)` instead of `model.model_dump_json()`"},
	{plausible, pythonModel(true), pythonRepr,
		"as pydantic prints a model with models inside", "`str(model)` instead of `model.model_dump_json()`"},
	{plausible, singleQuoted, pythonRepr, "with single quotes for double ones", "`str(data)` instead of `json.dumps(data)`"},
	{plausible, with(javaWords, func(w *words) { w.comma = "," }).dump, "body_java_map_tostring_signed",
		"as {a=1,b=2}", "a toString written by hand"},
	{plausible, with(javaWords, func(w *words) {
		w.open, w.close, w.pair, w.null, w.yes, w.no = "{ ", " }", " = ", "", "True", "False"
	}).dump, toStringed, "as .NET prints an anonymous object: { A = x, B = y }",
		"`ToString()` of an anonymous object or record in place of a serialiser"},
	{plausible, rubyFields("#<struct ", ">"), rubyInspect, "as Ruby prints a Struct", "`struct.to_s` instead of `struct.to_h.to_json`"},
	{plausible, rubyFields("#<OpenStruct ", ">"), rubyInspect,
		"as Ruby prints an OpenStruct", "`object.to_s` instead of `object.to_h.to_json`"},
	{usual, rubyWords.dump, rubyInspect, "as Ruby prints a hash", "`hash.to_s` instead of `hash.to_json`"},
	{usual, with(rubyWords, func(w *words) { w.pair = " => " }).dump, rubyInspect,
		"as Ruby 3.4 prints a hash", "`hash.to_s` instead of `hash.to_json`"},
	{plausible, with(rubyWords, func(w *words) { w.key, w.pair = rubyKey, ": " }).dump, rubyInspect,
		"as Ruby 3.4 prints a hash with symbols", "`hash.to_s` instead of `hash.to_json`"},
	{plausible, with(rubyWords, func(w *words) { w.key = rubySymbol }).dump, rubyInspect,
		"as Ruby prints a hash with symbols", "`hash.to_s` instead of `hash.to_json`"},
	{plausible, rubyWords.outermost(rubySymbol, "=>"), rubyInspect,
		"as Ruby prints a hash with symbols outermost", "`hash.to_s` instead of `hash.to_json`"},
	{plausible, with(rubyWords, func(w *words) { w.pair = " => " }).outermost(rubyKey, ": "), rubyInspect,
		"as Ruby 3.4 prints a hash with symbols outermost", "`hash.to_s` instead of `hash.to_json`"},
	{usual, with(goWords, func(w *words) { w.number = goNumber(percentG) }).dump, goPrinted,
		"as Go prints a map: map[a:1 b:2]", "`fmt.Sprint(m)` instead of `json.Marshal(m)`"},
	{plausible, goWords.dump, goPrinted, "as Go prints a map: map[a:1 b:2]", "`fmt.Sprint(m)` instead of `json.Marshal(m)`"},
	{plausible, goStruct(false, false, pascal), goPrinted, "as Go prints a struct: {a b}", "`fmt.Sprint(v)` instead of `json.Marshal(v)`"},
	{plausible, goStruct(true, false, pascal), goPrinted,
		"as Go prints a struct: {Name:value}", "`fmt.Sprintf(\"%+v\", v)` instead of `json.Marshal(v)`"},
	{plausible, goStruct(true, false, goName), goPrinted,
		"as Go prints a struct: {Name:value}", "`fmt.Sprintf(\"%+v\", v)` instead of `json.Marshal(v)`"},
	{plausible, goStruct(false, true, pascal), goPrinted,
		"as Go prints a struct with a map inside", "`fmt.Sprint(v)` instead of `json.Marshal(v)`"},
	{plausible, goStruct(true, true, pascal), goPrinted,
		"as Go prints a struct with a map inside", "`fmt.Sprintf(\"%+v\", v)` instead of `json.Marshal(v)`"},
	{rare, pointer(goStruct(false, false, pascal)), goPrinted,
		"as Go prints a pointer to a struct: &{a b}", "`fmt.Sprint(&v)` instead of `json.Marshal(v)`"},
	{rare, pointer(goStruct(true, false, pascal)), goPrinted,
		"as Go prints a pointer to a struct: &{Name:value}", "`fmt.Sprintf(\"%+v\", &v)` instead of `json.Marshal(v)`"},
	{rare, pointer(goStruct(true, false, goName)), goPrinted,
		"as Go prints a pointer to a struct: &{Name:value}", "`fmt.Sprintf(\"%+v\", &v)` instead of `json.Marshal(v)`"},
	{rare, goSyntax, goPrinted, "as Go writes a map in %#v", "`fmt.Sprintf(\"%#v\", m)`"},
	{usual, phpValues{}.printR, phpDumped, "as PHP's print_r prints an array", "`print_r($data, true)` instead of `json_encode($data)`"},
	{usual, phpValues{}.varExport, phpDumped,
		"as PHP's var_export prints an array", "`var_export($data, true)` instead of `json_encode($data)`"},
	{usual, phpValues{}.serialize, phpDumped, "as PHP's serialize writes an array", "`serialize($data)` instead of `json_encode($data)`"},
	{plausible, phpValues{classes: true}.printR, phpDumped,
		"as PHP's print_r prints an object", "`print_r($data, true)` instead of `json_encode($data)`"},
	{plausible, phpValues{classes: true}.varExport, phpDumped,
		"as PHP's var_export prints an object", "`var_export($data, true)` instead of `json_encode($data)`"},
	{plausible, phpValues{classes: true}.serialize, phpDumped,
		"as PHP's serialize writes an object", "`serialize($data)` instead of `json_encode($data)`"},
	{plausible, joinedValues("", scalar), valuesJoined,
		"The values of the body were signed, joined without their keys.", "`implode('', $data)`"},
	{plausible, joinedValues("", phpValue), valuesJoined,
		"The values of the body were signed as PHP prints them, joined without their keys.", "`implode('', $data)`"},
	{plausible, joinedValues(",", scalar), valuesJoined, "The values of the body were signed, joined by commas.",
		"`Object.values(o).join()`"},
	{plausible, joinedValues("", jsValue), valuesJoined, "The values of the body were signed as JavaScript prints " +
		"them, joined without their keys.",
		"`Object.values(o).join('')`"},
	{plausible, joinedValues(",", jsValue), valuesJoined, "The values of the body were signed as JavaScript prints them, joined by commas.",
		"`Object.values(o).join()`"},
	{plausible, phpDump, phpDumped,
		"as PHP's var_dump prints an array", "`var_dump($data)` into an output buffer instead of `json_encode($data)`"},
	{rare, joinedValues("|", scalar), valuesJoined, "The values of the body were signed, joined by |.", "`implode('|', $data)`"},
	{plausible, after(sortedKeys, joinedValues("", scalar)), valuesJoined,
		"The values of the body were signed, joined in the order of their keys.", "`implode('', $data)` after `ksort`"},
	{rare, after(sortedKeys, joinedValues("|", scalar)), valuesJoined,
		"The values of the body were signed, joined by | in the order of their keys.", "`implode('|', $data)` after `ksort`"},
	{rare, joinedValues("&", scalar), valuesJoined, "The values of the body were signed, joined by &.", "`implode('&', $data)`"},
	{usual, jsWords.dump, "body_js_inspect_signed",
		"as Node prints an object", "`util.inspect(o)` or `console.log`'s form instead of `JSON.stringify(o)`"},
	{plausible, inspectWrapped, "body_js_inspect_signed",
		"as Node prints a large object", "`util.inspect(o)` instead of `JSON.stringify(o)`"},
	{plausible, bareKeysJSON, "body_js_inspect_signed", "with its keys unquoted", "a JavaScript literal instead of JSON"},
	{rare, xmlDump("xml"), "body_xml_signed", "as XML", "signing before the format was changed"},
	{rare, yamlDump, "body_yaml_signed", "as YAML", "`yaml.dump` instead of `json.dumps`"},
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
