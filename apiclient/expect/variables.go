package expect

import (
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/jq"
)

// Variables lists the variables {{name}} that the expression uses.
func (x *Expectation) Variables() []string {
	list := make([]string, len(x.names))
	for i, name := range x.names {
		list[i] = strings.TrimPrefix(name, quotedMark)
	}
	return list
}

// With returns the expectation with the values of its variables, in the order of
// Variables. In quotes a value is text; elsewhere it is what it is as JSON, or text
// where it is none.
func (x *Expectation) With(values []string) *Expectation {
	bound := *x
	bound.values = make([]any, len(x.names))
	for i, text := range values[:min(len(values), len(x.names))] {
		bound.values[i] = text
		if strings.HasPrefix(jqName(i, x.names), "$json") {
			if v, err := jq.Decode([]byte(text)); err == nil {
				bound.values[i] = v
			}
		}
	}
	return &bound
}

// Names of variables in the program: of those in quotes, and of others. A name says
// which it is by the mark in front of it.
const quotedMark = "\x00"

func jqName(i int, names []string) string {
	if strings.HasPrefix(names[i], quotedMark) {
		return fmt.Sprintf("$text%d", i)
	}
	return fmt.Sprintf("$json%d", i)
}

func jqNames(names []string) []string {
	list := make([]string, len(names))
	for i := range names {
		list[i] = jqName(i, names)
	}
	return list
}

// withVariables writes a variable of jq for each {{name}}: the value is never a part
// of the program.
func withVariables(source string) (program string, names []string) {
	if !strings.Contains(source, "{{") {
		return source, nil
	}
	var out strings.Builder
	inString := false
	for i := 0; i < len(source); i++ {
		c := source[i]
		switch {
		case inString && c == '\\' && i+1 < len(source):
			out.WriteString(source[i : i+2])
			i++
			continue
		case c == '"':
			inString = !inString
		case strings.HasPrefix(source[i:], "{{"):
			if n := strings.Index(source[i:], "}}"); n > 2 {
				name := strings.TrimSpace(source[i+2 : i+n])
				if inString {
					name = quotedMark + name
				}
				at := slices.Index(names, name)
				if at < 0 {
					at, names = len(names), append(names, name)
				}
				if inString {
					out.WriteString(`\(` + jqName(at, names) + `)`)
				} else {
					out.WriteString(jqName(at, names))
				}
				i += n + 1
				continue
			}
		}
		out.WriteByte(c)
	}
	return out.String(), names
}
