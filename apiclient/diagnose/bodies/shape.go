package bodies

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/jsontext"
)

// drop removes the members that unwanted picks, everywhere or only outermost.
func drop(deep bool, unwanted func(*value) bool) shaper {
	return func(root *value) *value {
		prune := func(v *value) *value {
			if v.kind != object {
				return v
			}
			out := &value{kind: object}
			for _, m := range v.members {
				if !unwanted(m.value) {
					out.members = append(out.members, m)
				}
			}
			return out
		}
		if !deep {
			return prune(root)
		}
		return root.transform(prune)
	}
}

func isNull(v *value) bool        { return v.is("null") }
func isEmptyString(v *value) bool { return v.kind == text && len(v.raw) == 2 }
func isEmptyGroup(v *value) bool {
	return v.kind == object && len(v.members) == 0 || v.kind == array && len(v.items) == 0
}
func isZero(v *value) bool {
	return v.is("false") || v.kind == number && strings.Trim(string(v.raw), "-0.") == ""
}

func either(tests ...func(*value) bool) func(*value) bool {
	return func(v *value) bool {
		for _, t := range tests {
			if t(v) {
				return true
			}
		}
		return false
	}
}

// replace puts another value in the place of those that pick chooses.
func replace(pick func(*value) bool, with shaper) shaper {
	return func(root *value) *value {
		return root.transform(func(v *value) *value {
			if pick(v) {
				return with(v)
			}
			return v
		})
	}
}

func fixedValue(k kind, raw string) shaper {
	return func(*value) *value { return &value{kind: k, raw: []byte(raw)} }
}

func quoted(v *value) *value {
	return &value{kind: text, raw: append(append([]byte{'"'}, v.raw...), '"')}
}

// unquoted turns a string that holds a number or literal into that.
func unquoted(v *value) *value {
	if inner := parse([]byte(v.decoded())); inner != nil && inner.root.kind == number {
		return inner.root
	}
	return v
}

// opened turns a string that holds an object or array into that.
func opened(v *value) *value {
	if s := []byte(v.decoded()); jsontext.Opens(s) {
		if inner := parse(s); inner != nil {
			return inner.root
		}
	}
	return v
}

// closed turns an inner object or array into a string that holds it.
func closed(w writer, arrays bool) shaper {
	return func(root *value) *value {
		if root.kind != object {
			return nil
		}
		out := &value{kind: object}
		for _, m := range root.members {
			if m.value.kind == object || arrays && m.value.kind == array {
				m.value = &value{kind: text, raw: stringify(w.write(m.value), escaping{})}
			}
			out.members = append(out.members, m)
		}
		return out
	}
}

// stringify writes text as a JSON string.
func stringify(s []byte, e escaping) []byte {
	out := append(make([]byte, 0, len(s)+len(s)/8+2), '"')
	return append(e.appendText(out, string(s)), '"')
}

// againEscaped escapes a JSON-in-a-string once more, or once less.
func againEscaped(v *value) *value {
	if v.kind == text && bytes.IndexByte(v.raw, '\\') >= 0 {
		return &value{kind: text, raw: stringify(v.raw[1:len(v.raw)-1], escaping{})}
	}
	return v
}

func mapStrings(f func(string) string) shaper {
	return func(root *value) *value {
		return root.transform(func(v *value) *value {
			if v.kind != text {
				return v
			}
			s := v.decoded()
			if t := f(s); t != s {
				return &value{kind: text, raw: stringify([]byte(t), escaping{})}
			}
			return v
		})
	}
}

func mapKeys(f func(string) string) shaper {
	return func(root *value) *value {
		return root.transform(func(v *value) *value {
			for i, m := range v.members {
				v.members[i].key = &value{kind: text, raw: stringify([]byte(f(m.key.decoded())), escaping{})}
			}
			return v
		})
	}
}

func snake(s string) string {
	var b strings.Builder
	for i, r := range s {
		if 'A' <= r && r <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func camel(s string) string {
	parts := strings.Split(s, "_")
	for i, p := range parts {
		if i > 0 && p != "" {
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "")
}

func pascal(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(r)) + s[size:]
}

func lowerFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return strings.ToLower(string(r)) + s[size:]
}

func isEmptyObject(v *value) bool { return v.kind == object && len(v.members) == 0 }
func isEmptyArray(v *value) bool  { return v.kind == array && len(v.items) == 0 }
func isGroup(v *value) bool       { return v.kind == object || v.kind == array }

func noneWhere(unwanted func(*value) bool) shaper { return drop(false, unwanted) }

func booleans(yes, no string) shaper {
	return replace(func(v *value) bool { return v.is("true") || v.is("false") }, func(v *value) *value {
		if v.is("true") {
			return &value{kind: literal, raw: []byte(yes)}
		}
		return &value{kind: literal, raw: []byte(no)}
	})
}

func arraysAsObjects(root *value) *value {
	return root.transform(func(v *value) *value {
		if v.kind != array {
			return v
		}
		out := &value{kind: object}
		for i, item := range v.items {
			out.members = append(out.members, member{&value{kind: text, raw: []byte(`"` + itoa(i) + `"`)}, item})
		}
		return out
	})
}

// lastOfDuplicates keeps the last value of a repeated key, at its first place.
func lastOfDuplicates(root *value) *value {
	return root.transform(func(v *value) *value {
		if v.kind != object {
			return v
		}
		at := map[string]int{}
		out := &value{kind: object}
		for _, m := range v.members {
			key := m.key.decoded()
			if i, ok := at[key]; ok {
				out.members[i].value = m.value
				continue
			}
			at[key] = len(out.members)
			out.members = append(out.members, m)
		}
		return out
	})
}

// wrappers are the objects around a body that frameworks put there.
var wrappers = []string{"request", "data", "body", "response", "params", "payload", "content", "result", "biz_content",
	"bizContent", "json", "message", "req", "resp", "param", "requestBody", "input", "args", "value", "object"}

// text writes a value as a string.
func (w writer) text(v *value) string { return string(w.write(v)) }

// inner writes the JSON that stands inside strings in another way.
func inner(write func(*value) string) shaper {
	return replace(func(v *value) bool { return v.kind == text && bytes.ContainsAny(v.raw, "{[") }, func(v *value) *value {
		if root := opened(v); root != v && isGroup(root) {
			return &value{kind: text, raw: stringify([]byte(write(root)), escaping{})}
		}
		return v
	})
}

// listed keeps of every object the members whose names the outermost one has, in its
// order, as JSON.stringify does with a list of names.
func listed(sorted bool) shaper {
	return func(root *value) *value {
		if root.kind != object {
			return nil
		}
		names := make([]string, len(root.members))
		for i, m := range root.members {
			names[i] = m.key.decoded()
		}
		if sorted {
			slices.SortFunc(names, utf16Order)
		}
		return root.transform(func(v *value) *value {
			if v.kind != object {
				return v
			}
			out := &value{kind: object}
			for _, name := range names {
				for _, m := range v.members {
					if m.key.decoded() == name {
						out.members = append(out.members, m)
					}
				}
			}
			return out
		})
	}
}
