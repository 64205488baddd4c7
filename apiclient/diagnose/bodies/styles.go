package bodies

import (
	"fmt"
)

// styleOp is a way to set white space.
type styleOp struct {
	style
	change habit
	cost   int
}

func styles() []styleOp {
	prettily := func(says, code string) habit { return habit{"body_pretty_signed", says, code} }
	python := habit{"body_python_separators_signed", "The body was signed with a space after each colon and comma.", "Python's `json.dumps(data)`; `separators=(',', ':')` leaves the spaces out"}
	list := []styleOp{
		{compact, habit{"body_compact_signed", "The body was signed as compact JSON, but sent with white space.", "`JSON.stringify(req.body)` after parsing, or any serialiser without indentation"}, common},
		{spaced, python, common},
		{style{colon: ": ", comma: ","}, habit{"body_whitespace_changed", "The body was signed with a space after each colon.", "a serialiser with its own separators"}, usual},
		{style{colon: ":", comma: ", "}, habit{"body_whitespace_changed", "The body was signed with a space after each comma.", "a serialiser with its own separators"}, usual},
		{style{colon: " : ", comma: ", "}, habit{"body_whitespace_changed", "The body was signed with spaces around each colon and after each comma.", "a serialiser with its own separators"}, plausible},
		{style{colon: " : ", comma: ","}, habit{"body_whitespace_changed", "The body was signed with spaces around each colon.", "a serialiser with its own separators"}, plausible},
		{style{colon: ": ", comma: ", ", pad: " "}, habit{"body_whitespace_changed", "The body was signed with a space inside braces, after colons and after commas.", "a serialiser with its own separators"}, plausible},
		{style{colon: ":", comma: ",", pad: " "}, habit{"body_whitespace_changed", "The body was signed with a space inside braces.", "a serialiser with its own separators"}, rare},
		{style{colon: " : ", comma: " , "}, habit{"body_whitespace_changed", "The body was signed with spaces around colons and commas.", "a serialiser with its own separators"}, rare},
		{jackson, prettily("The body was signed as Jackson's pretty printer writes it.", "`writerWithDefaultPrettyPrinter()`"), usual},
		{jackson.crlf(), prettily("The body was signed as Jackson's pretty printer writes it on Windows.", "`writerWithDefaultPrettyPrinter()`"), plausible},
		{style{newline: "\n", indent: "\t", colon: ":", comma: ","}, prettily("The body was signed with tabs, as fastjson's pretty format.", "`JSON.toJSONString(o, PrettyFormat)`"), usual},
		{style{newline: "\n", indent: "", colon: ": ", comma: ","}, prettily("The body was signed with a line for each member and no indentation.", "Python's `json.dumps(data, indent=0)`"), plausible},
		{style{newline: "\n", indent: "", colon: ":", comma: ","}, prettily("The body was signed with a line for each member and no indentation.", "a pretty printer without indentation"), rare},
		{style{newline: "\n", indent: "   ", colon: " : ", comma: ","}, prettily("The body was signed as Perl's JSON module prints it.", "`JSON->new->pretty`"), plausible},
		{style{newline: "\n", indent: "  ", colon: ": ", comma: ", "}, prettily("The body was signed as old Python prints it, with a space at the ends of lines.", "`json.dumps(data, indent=2)` of Python 2"), plausible},
		{style{newline: "\n", indent: "    ", colon: ": ", comma: ", "}, prettily("The body was signed as old Python prints it, with a space at the ends of lines.", "`json.dumps(data, indent=4)` of Python 2"), plausible},
		{style{newline: "\n", indent: "  ", colon: " : ", comma: ","}, prettily("The body was signed with two spaces for each level and spaces around colons.", "Apple's JSONSerialization"), plausible},
		{style{newline: "\n", indent: "    ", colon: " : ", comma: ","}, prettily("The body was signed with four spaces for each level and spaces around colons.", "a pretty printer"), rare},
		{style{newline: "\n", indent: "\t", colon: " : ", comma: ","}, prettily("The body was signed with tabs and spaces around colons.", "jsoncpp"), plausible},
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
		says := "The body was signed pretty-printed with " + indentWords(indent) + " for each level, but sent otherwise."
		cost := min(common+i, exotic)
		list = append(list,
			styleOp{pretty(indent), prettily(says, code), cost},
			styleOp{pretty(indent).crlf(), prettily(says[:len(says)-1]+", with CR LF.", code+", on Windows"), min(cost+3, exotic)})
		for _, colon := range []string{":", " : ", " :"} {
			other := pretty(indent)
			other.colon = colon
			list = append(list, styleOp{other, prettily(says[:len(says)-1]+fmt.Sprintf(", with %q behind keys.", colon), "a pretty printer of its own kind"), min(cost+4, exotic)})
		}
		inline := pretty(indent)
		inline.inline = true
		list = append(list, styleOp{inline, prettily(says[:len(says)-1]+", arrays on one line.", "a pretty printer that keeps arrays on one line"), min(cost+4, exotic)})
		empties := pretty(indent)
		empties.emptyArray, empties.emptyObject = "[\n\n]", "{\n}"
		list = append(list, styleOp{empties, prettily(says, "an old Ruby or Jackson pretty printer"), exotic})
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
