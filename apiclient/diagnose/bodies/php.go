package bodies

import (
	"fmt"
	"strconv"
	"strings"
)

// What PHP's ways to print an array make of scalars.
var (
	phpPrinted = words{yes: "1", str: asIs, number: phpNumber(phpShort, "%s", "%s")}
	exported   = words{null: "NULL", yes: "true", no: "false", str: phpQuote, number: phpNumber(phpUpper, "%s", "%s")}
	serial     = words{null: "N;", yes: "b:1;", no: "b:0;", str: phpString(`s:%d:"%s";`), number: phpNumber(phpForm, "d:%s;", "i:%s;")}
	varDumped  = words{null: "NULL\n", yes: "bool(true)\n", no: "bool(false)\n", str: phpString("string(%d) \"%s\"\n"),
		number: phpNumber(phpForm, "float(%s)\n", "int(%s)\n")}
)

func phpUpper(f float64) string { return strings.ToUpper(phpFloat(f)) }

func phpString(format string) func(string) string {
	return func(s string) string { return fmt.Sprintf(format, len(s), s) }
}

// phpNumber writes numbers by the formats for floats and for integers.
func phpNumber(print func(float64) string, float, integer string) func(raw []byte) string {
	return func(raw []byte) string {
		if f, ok := asFloat(raw); ok && !isInteger(raw) {
			return fmt.Sprintf(float, print(f))
		}
		return fmt.Sprintf(integer, raw)
	}
}

// phpScalar returns a scalar as PHP turns it into a string.
func phpScalar(v *value) string { return phpPrinted.write(v) }

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

// name returns what a group is called, an array or an object.
func (p phpValues) name(v *value, list, class string) string {
	if v.kind == object && p.classes {
		return class
	}
	return list
}

// members prints what is inside a group, one after the other.
func (p phpValues) members(v *value, print func(key string, number bool, v *value) string) string {
	var b strings.Builder
	keys, values := entries(v)
	for i, k := range keys {
		b.WriteString(print(k, p.key(v, k), values[i]))
	}
	return b.String()
}

func (p phpValues) printR(root *value) (string, bool) {
	var write func(v *value, indent string) string
	write = func(v *value, indent string) string {
		if !isGroup(v) {
			return phpScalar(v)
		}
		return p.name(v, "Array", "stdClass Object") + "\n" + indent + "(\n" +
			p.members(v, func(key string, _ bool, inner *value) string {
				return indent + "    [" + key + "] => " + write(inner, indent+"        ") + "\n"
			}) + indent + ")\n"
	}
	return write(root, ""), isGroup(root)
}

var phpEscapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

func phpQuote(s string) string { return "'" + phpEscapes.Replace(s) + "'" }

// phpDump is var_dump of an array.
func phpDump(root *value) (string, bool) {
	var p phpValues
	var write func(v *value, indent string) string
	write = func(v *value, indent string) string {
		if !isGroup(v) {
			return indent + varDumped.write(v)
		}
		return fmt.Sprintf("%sarray(%d) {\n", indent, len(v.items)+len(v.members)) +
			p.members(v, func(key string, number bool, inner *value) string {
				if !number {
					key = `"` + key + `"`
				}
				return indent + "  [" + key + "]=>\n" + write(inner, indent+"  ")
			}) + indent + "}\n"
	}
	return write(root, ""), isGroup(root)
}

func (p phpValues) varExport(root *value) (string, bool) {
	var write func(v *value, indent string) string
	write = func(v *value, indent string) string {
		if !isGroup(v) {
			return exported.write(v)
		}
		return p.name(v, "array (\n", "(object) array(\n") + p.members(v, func(key string, number bool, inner *value) string {
			if !number {
				key = phpQuote(key)
			}
			if isGroup(inner) {
				key += " => \n" + indent + "  "
			} else {
				key += " => "
			}
			return indent + p.name(v, "  ", "   ") + key + write(inner, indent+"  ") + ",\n"
		}) + indent + ")"
	}
	return write(root, ""), isGroup(root)
}

func (p phpValues) serialize(root *value) (string, bool) {
	var write func(v *value) string
	write = func(v *value) string {
		if !isGroup(v) {
			return serial.write(v)
		}
		return fmt.Sprintf("%s:%d:{", p.name(v, "a", `O:8:"stdClass"`), len(v.items)+len(v.members)) +
			p.members(v, func(key string, number bool, inner *value) string {
				if number {
					return "i:" + key + ";" + write(inner)
				}
				return serial.str(key) + write(inner)
			}) + "}"
	}
	return write(root), isGroup(root)
}
