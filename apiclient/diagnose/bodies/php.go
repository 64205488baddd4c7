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
			fmt.Fprintf(&b, "d:%s;", phpForm(f))
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
