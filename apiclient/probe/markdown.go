package probe

import (
	"fmt"
	"strings"
	"time"
)

// signs are the marks as they are shown.
var signs = map[Mark]string{Passed: "✓", Warned: "!", Failed: "✗", Left: "–"}

// Sign is a mark as one character.
func (m Mark) Sign() string { return signs[m] }

// Counts says how many rows have which mark: "60 passed, 1 warning, 2 failed".
func (r Report) Counts() string {
	var parts []string
	for _, m := range []Mark{Passed, Warned, Failed, Left} {
		if n := r.Count(m); n > 0 {
			word := string(m)
			if m == Warned && n > 1 {
				word += "s"
			}
			parts = append(parts, fmt.Sprintf("%d %s", n, word))
		}
	}
	return strings.Join(parts, ", ")
}

// Markdown writes the report as a document: what follows, then a row for each case.
func (r Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Probe of %s\n\nCallbacks as the Super App sends them, signed with %s. %s, in %.1f s.\n", cell(r.URL), cell(r.Key),
		r.Counts(), r.Took.Round(100*time.Millisecond).Seconds())
	for _, says := range r.Conclusion() {
		fmt.Fprintf(&b, "\n%s\n", cell(says))
	}
	for _, section := range []struct {
		title string
		of    Expect
	}{{"Must be accepted", Accepted}, {"Must be refused", Refused}, {"Right servers differ", Either}} {
		fmt.Fprintf(&b, "\n## %s\n\n|   | Callback | What is sent, and why | What came of it | How to fix it |\n|---|---|---|---|---|\n", section.title)
		for _, row := range r.Rows {
			if row.Expect == section.of {
				fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s |\n", row.Mark.Sign(), row.Name, cell(row.Sends+" "+row.Why), cell(row.Says), cell(row.Advice))
			}
		}
	}
	return b.String()
}

// cell makes a text safe in a cell of a table: what a server answered means nothing
// in Markdown or HTML.
func cell(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)), " ")
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", ">", "&gt;", "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`).Replace(s)
}
