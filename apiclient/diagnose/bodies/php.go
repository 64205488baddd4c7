package bodies

import (
	"fmt"
	"strconv"
	"strings"
)

// phpScalar returns a scalar as PHP turns it into a string.
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
			return phpShort(f)
		}
	}
	return string(v.raw)
}

// entries lists what is inside a group, with the keys that PHP gives arrays.
func entries(v *value) (keys []string, values []*value) {
	for i, item := range v.items {
		keys, values = append(keys, strconv.Itoa(i)), append(values, item)
	}
	for _, m := range v.members {
		keys, values = append(keys, m.key.decoded()), append(values, m.value)
	}
	return keys, values
}

// phpValues are how the groups of a document came to PHP: as arrays, or where
// classes is set objects as those of stdClass, as json_decode makes them.
type phpValues struct{ classes bool }

// key reports whether a name is an integer to PHP, as keys of arrays are that
// look so.
func (p phpValues) key(v *value, name string) bool {
	n, err := strconv.ParseInt(name, 10, 64)
	return v.kind == array || !p.classes && err == nil && strconv.FormatInt(n, 10) == name
}

func (p phpValues) printR(root *value) (string, bool) {
	var b strings.Builder
	var write func(v *value, indent int)
	write = func(v *value, indent int) {
		if !isGroup(v) {
			b.WriteString(phpScalar(v))
			return
		}
		name := "Array"
		if p.classes && v.kind == object {
			name = "stdClass Object"
		}
		b.WriteString(name + "\n" + spaces(indent) + "(\n")
		keys, values := entries(v)
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

var phpEscapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

func phpQuote(s string) string { return "'" + phpEscapes.Replace(s) + "'" }

// phpDump is var_dump of an array.
func phpDump(root *value) (string, bool) {
	var b strings.Builder
	var write func(v *value, indent int)
	write = func(v *value, indent int) {
		b.WriteString(spaces(indent))
		switch {
		case v.kind == text:
			s := v.decoded()
			fmt.Fprintf(&b, "string(%d) \"%s\"\n", len(s), s)
		case v.is("null"):
			b.WriteString("NULL\n")
		case v.kind == literal:
			fmt.Fprintf(&b, "bool(%s)\n", v.raw)
		case v.kind == number:
			if f, ok := asFloat(v.raw); ok && !isInteger(v.raw) {
				fmt.Fprintf(&b, "float(%s)\n", phpForm(f))
			} else {
				fmt.Fprintf(&b, "int(%s)\n", v.raw)
			}
		default:
			keys, values := entries(v)
			fmt.Fprintf(&b, "array(%d) {\n", len(keys))
			for i, k := range keys {
				if !(phpValues{}).key(v, k) {
					k = `"` + k + `"`
				}
				b.WriteString(spaces(indent+2) + "[" + k + "]=>\n")
				write(values[i], indent+2)
			}
			b.WriteString(spaces(indent) + "}\n")
		}
	}
	write(root, 0)
	return b.String(), isGroup(root)
}

func (p phpValues) varExport(root *value) (string, bool) {
	var b strings.Builder
	var write func(v *value, indent int)
	write = func(v *value, indent int) {
		switch {
		case v.kind == text:
			b.WriteString(phpQuote(v.decoded()))
			return
		case v.is("null"):
			b.WriteString("NULL")
			return
		case v.kind == number:
			if f, ok := asFloat(v.raw); ok && !isInteger(v.raw) {
				b.WriteString(strings.ToUpper(phpFloat(f)))
				return
			}
			b.Write(v.raw)
			return
		case !isGroup(v):
			b.Write(v.raw)
			return
		}
		first, inner, last := "array (\n", indent+2, ")"
		if p.classes && v.kind == object {
			first, inner, last = "(object) array(\n", indent+3, ")"
		}
		b.WriteString(first)
		keys, values := entries(v)
		for i, k := range keys {
			if !p.key(v, k) {
				k = phpQuote(k)
			}
			b.WriteString(spaces(inner) + k + " => ")
			if isGroup(values[i]) {
				b.WriteString("\n" + spaces(indent+2))
			}
			write(values[i], indent+2)
			b.WriteString(",\n")
		}
		b.WriteString(spaces(indent) + last)
	}
	write(root, 0)
	return b.String(), isGroup(root)
}

func (p phpValues) serialize(root *value) (string, bool) {
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
		case v.kind == number:
			if f, ok := asFloat(v.raw); ok && !isInteger(v.raw) {
				fmt.Fprintf(&b, "d:%s;", phpForm(f))
			} else {
				fmt.Fprintf(&b, "i:%s;", v.raw)
			}
		default:
			keys, values := entries(v)
			class := "a:"
			if p.classes && v.kind == object {
				class = `O:8:"stdClass":`
			}
			fmt.Fprintf(&b, "%s%d:{", class, len(keys))
			for i, k := range keys {
				if p.key(v, k) {
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
