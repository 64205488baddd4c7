package bodies

import (
	"fmt"
)

// styles are the ways to set white space.
func styles() []row[style] {
	list := []row[style]{
		{common, compact, "body_compact_signed", "The body was signed as compact JSON, but sent with white space.",
			"`JSON.stringify(req.body)` after parsing, or any serialiser without indentation"},
		{common, spaced, "body_python_separators_signed",
			"The body was signed with a space after each colon and comma.",
			"Python's `json.dumps(data)`; `separators=(',', ':')` leaves the spaces out"},
		{usual, style{colon: ": ", comma: ","}, "body_whitespace_changed",
			"The body was signed with a space after each colon.", "a serialiser with its own separators"},
		{usual, style{colon: ":", comma: ", "}, "body_whitespace_changed",
			"The body was signed with a space after each comma.", "a serialiser with its own separators"},
		{plausible, style{colon: " : ", comma: ", "}, "body_whitespace_changed",
			"The body was signed with spaces around each colon and after each comma.", "a serialiser with its own separators"},
		{plausible, style{colon: " : ", comma: ","}, "body_whitespace_changed",
			"The body was signed with spaces around each colon.", "a serialiser with its own separators"},
		{plausible, style{colon: ": ", comma: ", ", pad: " "}, "body_whitespace_changed",
			"The body was signed with a space inside braces, after colons and after commas.", "a serialiser with its own separators"},
		{rare, style{colon: ":", comma: ",", pad: " "}, "body_whitespace_changed",
			"The body was signed with a space inside braces.", "a serialiser with its own separators"},
		{rare, style{colon: " : ", comma: " , "}, "body_whitespace_changed",
			"The body was signed with spaces around colons and commas.", "a serialiser with its own separators"},
		{usual, jackson, "body_pretty_signed",
			"The body was signed as Jackson's pretty printer writes it.", "`writerWithDefaultPrettyPrinter()`"},
		{plausible, jackson.crlf(), "body_pretty_signed",
			"The body was signed as Jackson's pretty printer writes it on Windows.", "`writerWithDefaultPrettyPrinter()`"},
		{usual, style{newline: "\n", indent: "\t", colon: ":", comma: ","}, "body_pretty_signed",
			"The body was signed with tabs, as fastjson's pretty format.", "`JSON.toJSONString(o, PrettyFormat)`"},
		{plausible, style{newline: "\n", indent: "", colon: ": ", comma: ","}, "body_pretty_signed",
			"The body was signed with a line for each member and no indentation.", "Python's `json.dumps(data, indent=0)`"},
		{rare, style{newline: "\n", indent: "", colon: ":", comma: ","}, "body_pretty_signed",
			"The body was signed with a line for each member and no indentation.", "a pretty printer without indentation"},
		{plausible, style{newline: "\n", indent: "   ", colon: " : ", comma: ","}, "body_pretty_signed",
			"The body was signed as Perl's JSON module prints it.", "`JSON->new->pretty`"},
		{plausible, style{newline: "\n", indent: "  ", colon: ": ", comma: ", "}, "body_pretty_signed",
			"The body was signed as old Python prints it, with a space at the ends of lines.", "`json.dumps(data, indent=2)` of Python 2"},
		{plausible, style{newline: "\n", indent: "    ", colon: ": ", comma: ", "}, "body_pretty_signed",
			"The body was signed as old Python prints it, with a space at the ends of lines.", "`json.dumps(data, indent=4)` of Python 2"},
		{plausible, style{newline: "\n", indent: "  ", colon: " : ", comma: ","}, "body_pretty_signed",
			"The body was signed with two spaces for each level and spaces around colons.", "Apple's JSONSerialization"},
		{rare, style{newline: "\n", indent: "    ", colon: " : ", comma: ","}, "body_pretty_signed",
			"The body was signed with four spaces for each level and spaces around colons.", "a pretty printer"},
		{plausible, style{newline: "\n", indent: "\t", colon: " : ", comma: ","}, "body_pretty_signed",
			"The body was signed with tabs and spaces around colons.", "jsoncpp"},
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
		says := "The body was signed pretty-printed with " + indentWords(indent) +
			" for each level, but sent otherwise."
		cost := min(common+i, exotic)
		list = append(list,
			row[style]{cost, pretty(indent), "body_pretty_signed", says, code},
			row[style]{min(cost+3, exotic), pretty(indent).crlf(), "body_pretty_signed", says[:len(says)-1] + ", with CR LF.",
				code + ", on Windows"})
		for _, colon := range []string{":", " : ", " :"} {
			other := pretty(indent)
			other.colon = colon
			list = append(list, row[style]{min(cost+4, exotic), other, "body_pretty_signed", says[:len(says)-1] +
				fmt.Sprintf(", with %q behind keys.", colon), "a pretty printer of its own kind"})
		}
		inline := pretty(indent)
		inline.inline = true
		list = append(list, row[style]{min(cost+4, exotic), inline, "body_pretty_signed", says[:len(says)-1] + ", arrays on one line.",
			"a pretty printer that keeps arrays on one line"})
		empties := pretty(indent)
		empties.emptyArray, empties.emptyObject = "[\n\n]", "{\n}"
		list = append(list, row[style]{exotic, empties, "body_pretty_signed", says, "an old Ruby or Jackson pretty printer"})
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
