package bodies

import (
	"strconv"
	"strings"
)

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
	return members("{", " ", "}", func(key string, v *value) string {
		if names {
			return name(key) + ":" + w.write(v)
		}
		return w.write(v)
	})
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

// members prints those of the outermost object, one after the other.
func members(first, join, last string, print func(key string, v *value) string) dumper {
	return func(root *value) (string, bool) {
		parts := make([]string, len(root.members))
		for i, m := range root.members {
			parts[i] = print(m.key.decoded(), m.value)
		}
		return first + strings.Join(parts, join) + last, len(parts) > 0
	}
}

// pythonPairs prints the members of a dict as tuples.
func pythonPairs(first, last string) dumper {
	return members(first, ", ", last, func(key string, v *value) string {
		return "(" + pythonQuote(key) + ", " + pythonWords.write(v) + ")"
	})
}

// after prints a document whose shape was changed before.
func after(shape shaper, d dumper) dumper {
	return func(root *value) (string, bool) { return d(shape(root)) }
}

// pythonModel prints a pydantic model; with models, those inside have the name of
// their field as a class.
func pythonModel(models bool) dumper {
	return members("", " ", "", func(key string, v *value) string {
		if models {
			return key + "=" + pythonClass.write(v, pascal(key), pascal)
		}
		return key + "=" + pythonWords.write(v)
	})
}

// rubyFields prints the fields of a struct.
func rubyFields(first, last string) dumper {
	return members(first, ", ", last, func(key string, v *value) string { return key + "=" + rubyWords.write(v) })
}

// joinedValues prints the values without their keys, where there are several.
func joinedValues(separator string, print func(*value) string) dumper {
	all := members("", separator, "", func(_ string, v *value) string { return print(v) })
	return func(root *value) (string, bool) {
		s, _ := all(root)
		return s, len(root.members) > 1
	}
}

// jsValue returns a value as JavaScript makes a string of it in a list.
func jsValue(v *value) string {
	if v.is("null") {
		return ""
	}
	return scalarOr(v, joined)
}

// phpValue returns a value as PHP makes a string of it.
func phpValue(v *value) string {
	if isGroup(v) {
		return "Array"
	}
	return phpScalar(v)
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
		return open + "\n" + spaces(indent+2) + strings.Join(parts, ",\n"+spaces(indent+2)) + "\n" + spaces(indent) + last
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
