package habits

import (
	"cmp"
	"fmt"
)

// separators are what stands where the rule has a dot, likeliest first.
var separators = []string{"", " ", "\n", ",", ":", "|", "-", "_", ";", "&", "/", "..", ". ", " . ", " .", ", ", ": ",
	"\r\n", "\t", "#", "+", "=", "~", "^", "*", "@", "$", "!", "%", "?", "\\", "\x00", "\x01", "::", "||", "&&", "--",
	"\\n", "\r", "%2E", "、", "。", "·", ".\n", "\n.", "'", "\"", "`", "(", ")", "[", "]", "{", "}", "<", ">"}

// separatorCauses end the cause of what stands for a dot.
var separatorCauses = map[string]string{"": "missing", " ": "space", "\n": "newline", ". ": "dot_space", ",": "comma", ":": "colon",
	"|": "pipe", "-": "hyphen", "_": "underscore", ";": "semicolon", "&": "ampersand", "/": "slash"}

func separatorHabit(s, where string) habit {
	h := habit{"separator_" + cmp.Or(separatorCauses[s], "other"), fmt.Sprintf("with %q instead of \".\" %s", s, where),
		"a template that was typed by hand"}
	if s == "" {
		h.Says = "without the \".\" " + where
	}
	return h
}

// lineEnds are what stands where the rule has a line feed.
var lineEnds = []struct {
	text, cause, says, code string
	cost                    int
}{
	{"", "newline_missing", "without the line feed behind the path", "a template on one line", common},
	{"\r\n", "newline_crlf", "with CR LF instead of the line feed",
		"`Environment.NewLine`, `System.lineSeparator()` or `println` on Windows, or a text block in a CRLF file", common},
	{"\r", "newline_cr", "with a CR instead of the line feed", "an escape of old systems", common},
	{`\n`, "newline_literal_backslash_n", `with the two characters \n instead of a line feed`,
		"`'\\n'` in single quotes, which PHP, Ruby and shells keep as two characters", common},
	{" ", "newline_space", "with a space instead of the line feed", "a template on one line", common},
	{"\n\n", "newline_double", "with two line feeds", "`println` of a line that ends in one", common},
	{"\r\n\r\n", "newline_double", "with two CR LFs", "an HTTP message in place of the template", plausible},
	{"\n ", "newline_indented", "with a space behind the line feed", "a text block with indentation", plausible},
	{"\n  ", "newline_indented", "with two spaces behind the line feed", "a text block with indentation", plausible},
	{"\n    ", "newline_indented", "with four spaces behind the line feed", "a text block with indentation", plausible},
	{"\n        ", "newline_indented", "with eight spaces behind the line feed", "a text block with indentation", plausible},
	{"\n\t", "newline_indented", "with a tab behind the line feed", "a text block with indentation", plausible},
	{" \n", "newline_space_before", "with a space before the line feed", "a template with trailing white space", usual},
	{"\n\r", "newline_reversed", "with LF CR", "the two characters exchanged", rare},
	{`\r\n`, "newline_literal_backslash_n",
		`with the four characters \r\n instead of a line feed`, "`'\\r\\n'` in single quotes", plausible},
	{`\\n`, "newline_literal_backslash_n", `with \\n instead of a line feed`, "an escape that is escaped again", plausible},
	{"/n", "newline_literal_backslash_n", "with /n instead of a line feed", "a typing error", usual},
	{"n", "newline_literal_backslash_n", "with the letter n instead of a line feed", "an escape that lost its backslash", plausible},
	{".", "newline_dot", "with a dot instead of the line feed", "a template that joins everything by dots", usual},
	{"%0A", "newline_urlencoded", "with %0A instead of a line feed", "percent-encoding of the template", usual},
	{"<br>", "newline_other", "with <br> instead of a line feed", "a template from a web page", rare},
	{"<br/>", "newline_other", "with <br/> instead of a line feed", "a template from a web page", rare},
	{"\u2028", "newline_other", "with U+2028 instead of a line feed", "text from a web page", rare},
	{"\v", "newline_other", "with a vertical tab instead of a line feed", "text from a word processor", rare},
	{"\t", "newline_other", "with a tab instead of the line feed", "a template typed by hand", usual},
	{"|", "newline_other", "with | instead of the line feed", "the template of another platform", usual},
	{",", "newline_other", "with a comma instead of the line feed", "the template of another platform", usual},
	{":", "newline_other", "with a colon instead of the line feed", "the template of another platform", usual},
	{"&", "newline_other", "with & instead of the line feed", "the template of another platform", usual},
	{";", "newline_other", "with a semicolon instead of the line feed", "the template of another platform", plausible},
	{"-", "newline_other", "with - instead of the line feed", "the template of another platform", plausible},
	{"#", "newline_other", "with # instead of the line feed", "the template of another platform", plausible},
	{"?", "newline_other", "with ? instead of the line feed", "the template of another platform", plausible},
	{"\n\n\n", "newline_double", "with three line feeds", "a template with empty lines", rare},
}

// methodSpaces are what stands between method and path.
var methodSpaces = []struct {
	text, cause, says string
	cost              int
}{
	{"", "method_space_missing", "without the space behind the method", common},
	{"\t", "method_space_other", "with a tab behind the method", common},
	{"\n", "method_newline", "with a line feed behind the method", common},
	{"  ", "method_space_double", "with two spaces behind the method", common},
	{"\r\n", "method_newline", "with CR LF behind the method", usual},
	{`\n`, "method_newline", `with the two characters \n behind the method`, plausible},
	{".", "method_space_other", "with a dot behind the method", usual},
	{":", "method_space_other", "with a colon behind the method", usual},
	{"|", "method_space_other", "with | behind the method", usual},
	{",", "method_space_other", "with a comma behind the method", usual},
	{"&", "method_space_other", "with & behind the method", usual},
	{"-", "method_space_other", "with - behind the method", usual},
	{"_", "method_space_other", "with _ behind the method", plausible},
	{";", "method_space_other", "with a semicolon behind the method", plausible},
	{"+", "method_space_other", "with + behind the method", plausible},
	{"%20", "method_space_other", "with %20 behind the method", plausible},
	{"\u00a0", "method_space_other", "with a no-break space behind the method", plausible},
	{": ", "method_space_other", "with a colon and a space behind the method", plausible},
	{"/", "method_space_other", "with a slash behind the method", plausible},
	{"   ", "method_space_double", "with three spaces behind the method", rare},
	{"#", "method_space_other", "with # behind the method", rare},
	{"=", "method_space_other", "with = behind the method", rare},
}

// frame is the usual rule with its literals open.
type frame struct{ space, newline, dot1, dot2 string }

var ruleFrame = frame{" ", "\n", ".", "."}

func (f frame) form() form { return formOf("M~U~C~T~B", f.space, f.newline, f.dot1, f.dot2) }

// step is a change of one of the literals.
type step struct {
	frame func(frame) frame
	habit habit
	cost  int
	place int // steps of different places compose
}

// steps lists the changes of the literals, one at a time.
func steps() []step {
	var steps []step
	for i, s := range separators {
		cost := min(common+i/4, exotic)
		steps = append(steps,
			step{func(f frame) frame { f.dot1, f.dot2 = s, s; return f },
				separatorHabit(s, "between client id, time and body"), cost, 0},
			step{func(f frame) frame { f.dot1 = s; return f }, sided(separatorHabit(s, "between client id and time"),
				s, "separator_missing_after_client"), min(cost+1, exotic), 0},
			step{func(f frame) frame { f.dot2 = s; return f }, sided(separatorHabit(s, "before the body"), s,
				"separator_missing_before_body"), min(cost+1, exotic), 0},
		)
	}
	for _, s := range lineEnds {
		steps = append(steps, step{func(f frame) frame { f.newline = s.text; return f }, habit{s.cause, s.says, s.code}, s.cost, 1})
	}
	for _, s := range methodSpaces {
		steps = append(steps, step{func(f frame) frame { f.space = s.text; return f },
			habit{s.cause, "The string was signed " + s.says + ".", "a template that was typed by hand"}, s.cost, 2})
	}
	return steps
}

// separated varies the literals between the parts.
func (l *Layouts) separated() {
	for _, s := range steps() {
		l.add(s.cost, s.frame(ruleFrame).form(), s.habit)
	}
	for _, s := range []string{"\n", "\r\n", ".", "|", ",", "&", "", ":", " ", "\t", ";", "-", "#", "\\n"} {
		h := habit{"template_one_separator", fmt.Sprintf("The parts were signed with %q between each two.", s), "`join` over the parts"}
		if s == "\n" || s == "\r\n" {
			h.Cause = "template_newline_fields"
		}
		l.add(plausible, frame{s, s, s, s}.form(), h)
		l.add(plausible, frame{" ", s, s, s}.form(), h)
	}
}

// Twice varies two of the literals: two changes.
func (l *Layouts) Twice() {
	l.least, l.most = 0, 2*exotic
	all := steps()
	for i, a := range all {
		for _, b := range all[i+1:] {
			if a.place != b.place && a.cost+b.cost <= common+rare {
				l.add(a.cost+b.cost, b.frame(a.frame(ruleFrame)).form(), a.habit, b.habit)
			}
		}
	}
	for i, a := range separators[:16] {
		for j, b := range separators[:16] {
			if a != b {
				l.add(common+usual+(i+j)/4, frame{" ", "\n", a, b}.form(),
					separatorHabit(a, "between client id and time"), separatorHabit(b, "before the body"))
			}
		}
	}
}

func sided(h habit, s, cause string) habit {
	if s == "" {
		h.Cause = cause
	}
	return h
}
