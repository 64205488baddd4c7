package bodies

import (
	"bytes"
	"fmt"
	"strings"
)

// style is how the white space of JSON is set.
type style struct {
	newline string // between members; "" keeps all on one line
	indent  string // for each level
	colon   string
	comma   string
	pad     string // inside braces and brackets, on one line
	// inline keeps arrays on one line with these inside the brackets, as
	// Jackson does: "[ 1, 2 ]".
	inline      bool
	arrayPad    string
	emptyObject string // "" means {}
	emptyArray  string // "" means []
}

var (
	compact = style{colon: ":", comma: ","}
	spaced  = style{colon: ": ", comma: ", "}
)

// pretty returns the style of most libraries.
func pretty(indent string) style {
	return style{newline: "\n", indent: indent, colon: ": ", comma: ","}
}

func (s style) crlf() style {
	s.newline = "\r\n"
	return s
}

// lf returns the style with line feeds for its line ends.
func (s style) lf() style {
	if s.newline != "" {
		s.newline = "\n"
	}
	return s
}

// jackson is DefaultPrettyPrinter.
var jackson = style{newline: "\n", indent: "  ", colon: " : ", comma: ",", inline: true, arrayPad: " ",
	emptyObject: "{ }", emptyArray: "[ ]"}

// writer turns values into JSON with one style and ways to spell strings and
// numbers; nil keeps the spelling.
type writer struct {
	style
	string func(dst []byte, v *value) []byte
	number func(dst []byte, raw []byte) []byte
}

func (w writer) write(v *value) []byte { return w.append(nil, v, 0) }

func (w writer) append(dst []byte, v *value, depth int) []byte {
	switch v.kind {
	case object:
		return w.object(dst, v, depth)
	case array:
		return w.array(dst, v, depth)
	case text:
		if w.string != nil {
			return w.string(dst, v)
		}
	case number:
		if w.number != nil {
			return w.number(dst, v.raw)
		}
	}
	return append(dst, v.raw...)
}

func (w writer) object(dst []byte, v *value, depth int) []byte {
	if len(v.members) == 0 {
		if w.emptyObject != "" {
			return append(dst, w.emptyObject...)
		}
		return append(dst, "{}"...)
	}
	dst = append(dst, '{')
	for i, m := range v.members {
		if i > 0 {
			dst = append(dst, w.comma...)
		}
		if i == 0 || w.newline != "" {
			dst = w.line(dst, depth+1)
		}
		dst = w.append(dst, m.key, depth+1)
		dst = append(dst, w.colon...)
		dst = w.append(dst, m.value, depth+1)
	}
	return append(w.line(dst, depth), '}')
}

func (w writer) array(dst []byte, v *value, depth int) []byte {
	if len(v.items) == 0 {
		if w.emptyArray != "" {
			return append(dst, w.emptyArray...)
		}
		return append(dst, "[]"...)
	}
	dst = append(dst, '[')
	if w.inline {
		dst = append(dst, w.arrayPad...)
	}
	for i, item := range v.items {
		if i > 0 {
			dst = append(dst, w.comma...)
			if w.inline {
				dst = append(dst, ' ')
			}
		}
		inner := depth + 1
		if w.inline {
			inner = depth
		} else if i == 0 || w.newline != "" {
			dst = w.line(dst, inner)
		}
		dst = w.append(dst, item, inner)
	}
	if w.inline {
		return append(append(dst, w.arrayPad...), ']')
	}
	return append(w.line(dst, depth), ']')
}

func (w writer) line(dst []byte, depth int) []byte {
	if w.newline == "" {
		return append(dst, w.pad...)
	}
	dst = append(dst, w.newline...)
	for range depth {
		dst = append(dst, w.indent...)
	}
	return dst
}

// respell writes the document with its own white space and other spellings.
func (d *document) respell(w writer) []byte {
	out := make([]byte, 0, len(d.source)+64)
	at := 0
	d.root.tokens(func(v *value) {
		start := offsetIn(d.source, v.raw)
		out = append(out, d.source[at:start]...)
		out = w.append(out, v, 0)
		at = start + len(v.raw)
	})
	return append(out, d.source[at:]...)
}

// offsetIn returns where part, a slice of whole, begins in it.
func offsetIn(whole, part []byte) int { return cap(whole) - cap(part) }

// tokens visits strings, numbers and literals in the order of the text.
func (v *value) tokens(f func(*value)) {
	switch v.kind {
	case object:
		for _, m := range v.members {
			f(m.key)
			m.value.tokens(f)
		}
	case array:
		for _, item := range v.items {
			item.tokens(f)
		}
	default:
		f(v)
	}
}

// ownStyle finds the style that gives the document as it is; false where its
// white space follows no rule.
func (d *document) ownStyle() (style, bool) {
	body := bytes.Trim(d.source, " \t\r\n")
	if !d.spaces {
		return compact, true
	}
	styles := []style{compact, spaced}
	if indent, newline, ok := firstIndent(body); ok {
		own := pretty(indent)
		own.newline = newline
		styles = append(styles, own)
		for _, colon := range []string{":", " : ", " :"} {
			other := own
			other.colon = colon
			styles = append(styles, other)
		}
		j := jackson
		j.newline, j.indent = newline, indent
		styles = append(styles, j)
	}
	for _, s := range styles {
		if bytes.Equal((writer{style: s}).write(d.root), body) {
			return s, true
		}
	}
	return compact, false
}

// firstIndent reads the first indentation.
func firstIndent(b []byte) (indent, newline string, ok bool) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return "", "", false
	}
	newline = "\n"
	if i > 0 && b[i-1] == '\r' {
		newline = "\r\n"
	}
	rest := b[i+1:]
	n := len(rest) - len(bytes.TrimLeft(rest, " \t"))
	return string(rest[:n]), newline, true
}

func spaces(n int) string { return strings.Repeat(" ", n) }

// styles returns the ways to set white space.
func styles() []row[style] {
	list := []row[style]{
		{common, compact, "body_compact_signed", "as compact JSON, but sent with white space",
			"`JSON.stringify(req.body)` after parsing, or any serialiser without indentation"},
		{common, spaced, "body_python_separators_signed", "with a space after each colon and comma",
			"Python's `json.dumps(data)`; `separators=(',', ':')` leaves the spaces out"},
		{usual, style{colon: ": ", comma: ","}, blanksChanged, "with a space after each colon", "a serialiser with its own separators"},
		{usual, style{colon: ":", comma: ", "}, blanksChanged, "with a space after each comma", "a serialiser with its own separators"},
		{plausible, style{colon: " : ", comma: ", "}, blanksChanged,
			"with spaces around each colon and after each comma", "a serialiser with its own separators"},
		{plausible, style{colon: " : ", comma: ","}, blanksChanged,
			"with spaces around each colon", "a serialiser with its own separators"},
		{plausible, style{colon: ": ", comma: ", ", pad: " "}, blanksChanged,
			"with a space inside braces, after colons and after commas", "a serialiser with its own separators"},
		{rare, style{colon: ":", comma: ",", pad: " "}, blanksChanged,
			"with a space inside braces", "a serialiser with its own separators"},
		{rare, style{colon: " : ", comma: " , "}, blanksChanged,
			"with spaces around colons and commas", "a serialiser with its own separators"},
		{usual, jackson, prettySigned, "as Jackson's pretty printer writes it", "`writerWithDefaultPrettyPrinter()`"},
		{plausible, jackson.crlf(), prettySigned, "as Jackson's pretty printer writes it on Windows", "`writerWithDefaultPrettyPrinter()`"},
		{plausible, with(jackson, func(s *style) { s.colon = ":" }), prettySigned,
			"as Jackson's pretty printer writes it without spaces at colons", "`withoutSpacesInObjectEntries()`"},
		{usual, style{newline: "\n", indent: "\t", colon: ":", comma: ","}, prettySigned,
			"with tabs, as fastjson's pretty format", "`JSON.toJSONString(o, PrettyFormat)`"},
		{plausible, style{newline: "\n", indent: "", colon: ": ", comma: ","}, prettySigned,
			"with a line for each member and no indentation", "Python's `json.dumps(data, indent=0)`"},
		{rare, style{newline: "\n", indent: "", colon: ":", comma: ","}, prettySigned,
			"with a line for each member and no indentation", "a pretty printer without indentation"},
		{plausible, style{newline: "\n", indent: "   ", colon: " : ", comma: ","}, prettySigned,
			"as Perl's JSON module prints it", "`JSON->new->pretty`"},
		{plausible, style{newline: "\n", indent: "  ", colon: ": ", comma: ", "}, prettySigned,
			"as old Python prints it, with a space at the ends of lines", "`json.dumps(data, indent=2)` of Python 2"},
		{plausible, style{newline: "\n", indent: "    ", colon: ": ", comma: ", "}, prettySigned,
			"as old Python prints it, with a space at the ends of lines", "`json.dumps(data, indent=4)` of Python 2"},
		{plausible, style{newline: "\n", indent: "  ", colon: " : ", comma: ","}, prettySigned,
			"with two spaces for each level and spaces around colons", "Apple's JSONSerialization"},
		{rare, style{newline: "\n", indent: "    ", colon: " : ", comma: ","}, prettySigned,
			"with four spaces for each level and spaces around colons", "a pretty printer"},
		{plausible, style{newline: "\n", indent: "\t", colon: " : ", comma: ","}, prettySigned,
			"with tabs and spaces around colons", "jsoncpp"},
	}
	habits := map[string]string{
		"  ":   "`JSON.stringify(o, null, 2)`, Gson's `setPrettyPrinting()`, Ruby's `pretty_generate`",
		"    ": "Python's `json.dumps(data, indent=4)`, or PHP's `JSON_PRETTY_PRINT`",
		"\t":   "`json.MarshalIndent(v, \"\", \"\\t\")`, or an editor",
	}
	for i, indent := range []string{"  ", "    ", "\t", "   ", " ", "      ", "        ", "     "} {
		code := habits[indent]
		if code == "" {
			code = "a pretty printer with this indentation"
		}
		says := "The body was signed pretty-printed with " + indentWords(indent) + " for each level, but sent differently."
		cost := min(common+i, exotic)
		list = append(list,
			row[style]{cost, pretty(indent), prettySigned, says, code},
			row[style]{min(cost+3, exotic), pretty(indent).crlf(), prettySigned, says[:len(says)-1] + ", with CR LF.",
				code + ", on Windows"})
		for _, colon := range []string{":", " : ", " :"} {
			other := pretty(indent)
			other.colon = colon
			list = append(list, row[style]{min(cost+4, exotic), other, prettySigned, says[:len(says)-1] +
				fmt.Sprintf(", with %q behind keys.", colon), "a pretty printer with its own style"})
		}
		inline := pretty(indent)
		inline.inline = true
		list = append(list, row[style]{min(cost+4, exotic), inline, prettySigned, says[:len(says)-1] + ", arrays on one line.",
			"a pretty printer that keeps arrays on one line"})
		empties := pretty(indent)
		empties.emptyArray, empties.emptyObject = "[\n\n]", "{\n}"
		list = append(list, row[style]{exotic, empties, prettySigned, says, "an old Ruby or Jackson pretty printer"})
	}
	return list
}

func indentWords(indent string) string {
	switch {
	case indent == "\t":
		return "a tab"
	case len(indent) == 1:
		return "a space"
	}
	return itoa(len(indent)) + " spaces"
}
