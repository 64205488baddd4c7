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

// shapes change members and values.
var shapes = []row[shaper]{
	{common, drop(true, isNull), "body_null_fields_dropped", "The body was signed without the members that are null.",
		"Gson, `JsonInclude.NON_NULL` of Jackson, or `IgnoreNullValues`"},
	{usual, drop(false, isNull), "body_null_fields_dropped",
		"The body was signed without the outermost members that are null.", "a filter over the parameters before signing"},
	{common, drop(true, either(isNull, isEmptyString)), "body_empty_fields_dropped",
		"The body was signed without the members that are null or empty strings.",
		"`JsonInclude.NON_EMPTY`, or a filter over the parameters before signing"},
	{usual, drop(false, either(isNull, isEmptyString)), "body_empty_fields_dropped",
		"The body was signed without the outermost members that are null or empty strings.",
		"a filter over the parameters before signing"},
	{usual, drop(true, isEmptyString), "body_empty_fields_dropped",
		"The body was signed without the members that are empty strings.", "Go's `omitempty`"},
	{plausible, drop(false, isEmptyString), "body_empty_fields_dropped",
		"The body was signed without the outermost members that are empty strings.", "a filter over the parameters before signing"},
	{plausible, drop(true, isEmptyGroup), "body_empty_fields_dropped",
		"The body was signed without the members that are empty objects or arrays.", "`JsonInclude.NON_EMPTY`, or `omitempty`"},
	{usual, drop(true, either(isNull, isEmptyString, isEmptyGroup)), "body_empty_fields_dropped",
		"The body was signed without the members that are null or empty.", "`JsonInclude.NON_EMPTY` of Jackson"},
	{usual, drop(true, either(isNull, isEmptyString, isEmptyGroup, isZero)), "body_empty_fields_dropped",
		"The body was signed without the members that are null, empty, zero or false.",
		"Go's `omitempty`, `array_filter` of PHP, or `JsonInclude.NON_DEFAULT`"},
	{rare, drop(true, isZero), "body_empty_fields_dropped",
		"The body was signed without the members that are zero or false.", "protobuf's JSON, or Go's `omitempty`"},
	{usual, replace(isNull, fixedValue(text, `""`)), "body_null_replaced", "The body was signed with empty strings for null.",
		"`WriteNullStringAsEmpty` of fastjson"},
	{usual, replace(isEmptyString, fixedValue(literal, `null`)), "body_null_replaced",
		"The body was signed with null for empty strings.", "a framework that turns empty strings into null (Laravel, Oracle)"},
	{plausible, replace(isNull, fixedValue(text, `"null"`)), "body_null_replaced",
		`The body was signed with the string "null" for null.`, "`String.valueOf(null)`"},
	{rare, replace(isNull, fixedValue(object, ``)), "body_null_replaced", "The body was signed with {} for null.", "a default value"},
	{usual, replace(isEmptyObject, func(*value) *value { return &value{kind: array} }), "body_empty_object_as_array",
		"The body was signed with [] for {}.", "PHP's `json_decode($s, true)`: an empty object becomes an empty array"},
	{usual, replace(isEmptyArray, func(*value) *value { return &value{kind: object} }), "body_empty_object_as_array",
		"The body was signed with {} for [].", "PHP's `JSON_FORCE_OBJECT`, or Lua's cjson"},
	{rare, arraysAsObjects, "body_array_as_object",
		`The body was signed with arrays as objects: {"0": …, "1": …}.`, "PHP's `JSON_FORCE_OBJECT`"},
	{plausible, replace(func(v *value) bool { return v.kind == number }, quoted), "body_number_reformatted",
		"The body was signed with its numbers as strings.", "a map of strings"},
	{usual, replace(func(v *value) bool { return v.kind == text }, unquoted), "body_number_reformatted",
		"The body was signed with numeric strings as numbers.", "PHP's `JSON_NUMERIC_CHECK`"},
	{plausible, replace(func(v *value) bool { return v.is("true") || v.is("false") }, quoted), "body_boolean_reformatted",
		"The body was signed with true and false as strings.", "a map of strings"},
	{plausible, replace(func(v *value) bool { return v.kind == literal || v.kind == number }, quoted), "body_number_reformatted",
		"The body was signed with all its values as strings.", "`Map<String, String>`, or form parameters"},
	{plausible, booleans("1", "0"), "body_boolean_reformatted",
		"The body was signed with 1 and 0 for true and false.", "a database's or a bit type"},
	{plausible, booleans("True", "False"), "body_boolean_reformatted",
		"The body was signed with True and False for true and false.", "`str()` of Python, or `ToString()` of .NET"},
	{usual, closed(writer{style: compact}, true), "body_inner_stringified",
		"The body was signed with inner objects and arrays as JSON strings.", "calling `JSON.stringify` on each member"},
	{usual, closed(writer{style: compact}, false), "body_inner_stringified",
		"The body was signed with inner objects as JSON strings.", "calling `JSON.stringify` on each member"},
	{plausible, closed(writer{style: spaced}, true), "body_inner_stringified",
		"The body was signed with inner objects as JSON strings with spaces.", "calling `json.dumps` on each member"},
	{usual, replace(func(v *value) bool { return v.kind == text }, opened), "body_inner_parsed",
		"The body was signed with JSON strings such as extendInfo parsed into objects.",
		"a library that parses JSON inside strings, or fastjson's deep parsing"},
	{usual, func(r *value) *value { return r.transform(againEscaped) }, "body_inner_escaped_twice",
		"The body was signed with JSON inside strings escaped once more.", "`JSON.stringify` on a string that is JSON already"},
	{usual, mapStrings(strings.TrimSpace), "body_whitespace_trimmed",
		"The body was signed with blanks trimmed from the ends of its values.",
		"a framework that trims strings (Laravel's `TrimStrings`, a Jackson module)"},
	{plausible, mapStrings(func(s string) string { return rewrapped(s, 76, "\n", true) }), "body_base64_wrapped",
		"The base64 inside the body was signed in lines of 76.", "`base64` without -w0, or `encodebytes`"},
	{plausible, mapStrings(func(s string) string { return rewrapped(s, 76, "\n", false) }), "body_base64_wrapped",
		"The base64 inside the body was signed in lines of 76.", "Android's `Base64.DEFAULT`, or `base64` in `$(…)`"},
	{plausible, mapStrings(func(s string) string { return rewrapped(s, 76, "\r\n", false) }), "body_base64_wrapped",
		"The base64 inside the body was signed in lines of 76, with CR LF.", "`Base64.getMimeEncoder()`"},
	{plausible, mapStrings(func(s string) string { return rewrapped(s, 1<<30, "", false) }), "body_base64_wrapped",
		"The base64 inside the body was signed on one line, and sent in lines.", "code that drops line breaks"},
	{plausible, mapStrings(htmlEscape), "body_html_escaped_signed",
		"The values of the body were signed with HTML entities.", "an XSS filter over request parameters"},
	{plausible, mapStrings(htmlUnescape), "body_html_unescaped_signed",
		"The values of the body were signed with HTML entities undone.", "an XSS filter that works on the way back"},
	{plausible, mapStrings(percentDecodeLoose), "body_values_urldecoded",
		"The values of the body were signed percent-decoded.", "`decodeURIComponent` on each value"},
	{plausible, mapStrings(queryEscape), "body_values_urlencoded", "The values of the body were signed percent-encoded.",
		"`URLEncoder.encode` on each value"},
	{rare, mapStrings(strings.ToLower), "body_case_changed",
		"The values of the body were signed in lower case.", "`toLowerCase()` on each value"},
	{rare, mapStrings(strings.ToUpper), "body_case_changed",
		"The values of the body were signed in upper case.", "`toUpperCase()` on each value"},
	{plausible, mapKeys(snake), "body_key_names_changed",
		"The body was signed with its keys in snake_case.", "a naming strategy such as `SNAKE_CASE` of Jackson"},
	{plausible, mapKeys(camel), "body_key_names_changed", "The body was signed with its keys in camelCase.", "a naming strategy"},
	{plausible, mapKeys(pascal), "body_key_names_changed",
		"The body was signed with its keys in PascalCase.", "a .NET serialiser without `CamelCase` naming"},
	{plausible, mapKeys(lowerFirst), "body_key_names_changed", "The body was signed with its keys starting in lower case.",
		"`JsonNamingPolicy.CamelCase`"},
	{plausible, mapKeys(strings.ToLower), "body_key_names_changed",
		"The body was signed with its keys in lower case.", "a case-insensitive map"},
	{rare, mapKeys(strings.ToUpper), "body_key_names_changed",
		"The body was signed with its keys in upper case.", "a database's column names"},
	{usual, lastOfDuplicates, "body_duplicate_keys_merged",
		"The body was signed with repeated keys merged.", "any parser that makes a map"},
	{usual, listed(false), "body_inner_dropped",
		"The body was signed without the inner members whose names are no names of outermost ones.",
		"`JSON.stringify(o, Object.keys(o))`: a list there names what is kept, at every level"},
	{usual, listed(true), "body_inner_dropped",
		"The body was signed with its keys sorted, and without the inner members whose names are no names of outermost ones.",
		"`JSON.stringify(o, Object.keys(o).sort())`, which does not sort but keeps what is listed, at every level"},
	{usual, inner(writer{style: compact, string: plainText.roundTrip}.text), "body_inner_rewritten",
		"The body was signed with the JSON inside its strings compact.", "`JSON.stringify` or `separators=(',', ':')` for one of the two"},
	{usual, inner(writer{style: spaced, string: asciiText.roundTrip}.text), "body_inner_rewritten",
		"The body was signed with the JSON inside its strings as `json.dumps` writes it.", "`json.dumps` in one place and a compact writer in the other"},
	{plausible, inner(writer{style: spaced, string: plainText.roundTrip}.text), "body_inner_rewritten",
		"The body was signed with the JSON inside its strings with a space after colons and commas.", "`json.dumps(…, ensure_ascii=False)`"},
	{plausible, inner(writer{style: compact, string: asciiText.roundTrip}.text), "body_inner_rewritten",
		"The body was signed with the JSON inside its strings compact and in ASCII.", "two ways to write the same JSON"},
	{plausible, inner(writer{style: compact, string: phpText.roundTrip}.text), "body_inner_rewritten",
		"The body was signed with the JSON inside its strings as `json_encode` writes it.", "`json_encode` without flags for one of the two"},
	{plausible, inner(func(v *value) string { return goJSON(v) }), "body_inner_rewritten",
		"The body was signed with the JSON inside its strings sorted and escaped for HTML.", "`json.Marshal` of a map in Go"},
	{rare, inner(writer{style: pretty("  ")}.text), "body_inner_rewritten",
		"The body was signed with the JSON inside its strings pretty-printed.", "a pretty printer for the inner JSON"},
	{plausible, inner(pythonWords.write), "body_inner_rewritten",
		"The body was signed with the JSON inside its strings as Python prints a dict.", "`str(data)` where `json.dumps(data)` was meant"},
	{plausible, replace(isEmptyGroup, fixedValue(literal, "null")), "body_null_replaced",
		"The body was signed with null for its empty arrays and objects.", "a nil slice or map of Go, which `json.Marshal` writes as null"},
	{plausible, replace(isNull, fixedValue(literal, "[]")), "body_null_replaced",
		"The body was signed with [] for null.", "a nil slice of Go, which `json.Marshal` writes as null"},
	{rare, mapKeys(goName), "body_key_names_changed", "The body was signed with its keys as Go names fields: PaymentID.",
		"a struct of Go without `json` tags"},
	{plausible, noneWhere(isGroup), "body_inner_dropped",
		"The body was signed without its inner objects and arrays.", "code that signs flat parameters only"},
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
