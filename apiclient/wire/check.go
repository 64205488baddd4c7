package wire

import (
	"fmt"
	"strings"
)

// SyntaxError says that something must not go on the wire.
type SyntaxError struct {
	What string // "header X-Trace", "target"
	Says string // "contains a line feed at byte 7"
	Fix  string
}

func (e *SyntaxError) Error() string { return e.What + " " + e.Says }

// Hint says how to mend it.
func (e *SyntaxError) Hint() string { return e.Fix }

// CheckField reports what would let a field break the message: a name that is
// no token, or a control character other than tab in the value.
func CheckField(f Field) error {
	what := fmt.Sprintf("header %q", f.Name)
	if f.Name == "" {
		return &SyntaxError{"a header", "has no name", "write it as Name: value"}
	}
	if !isToken(f.Name) {
		return &SyntaxError{what, "has a name that is not allowed in HTTP", "use letters, digits and hyphens"}
	}
	if i := strings.IndexFunc(f.Value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }); i >= 0 {
		return &SyntaxError{what, fmt.Sprintf("has %s at byte %d of its value", controlName(f.Value[i]), i+1),
			"a header value is one line: remove the control character"}
	}
	return nil
}

// CheckMethod reports a method that is no token.
func CheckMethod(method string) error {
	if !isToken(method) {
		return &SyntaxError{fmt.Sprintf("method %q", method), "is not allowed in HTTP", "use POST, or another method of letters only"}
	}
	return nil
}

// CheckTarget reports what would break a request line: spaces and control
// characters. Anything else, non-ASCII included, goes out as it is.
func CheckTarget(target string) error {
	for i := range len(target) {
		c := target[i]
		switch {
		case c == ' ':
			return &SyntaxError{"the path", fmt.Sprintf("has a space at byte %d", i+1), "write %20 for a space"}
		case c < ' ' || c == 0x7f:
			return &SyntaxError{"the path", fmt.Sprintf("has %s at byte %d", controlName(c), i+1),
				fmt.Sprintf("write %%%02X if it is meant", c)}
		}
	}
	return nil
}

func controlName(c byte) string {
	switch c {
	case 0:
		return "a NUL"
	case '\t':
		return "a tab"
	case '\n':
		return "a line feed"
	case '\r':
		return "a carriage return"
	}
	return fmt.Sprintf("control character 0x%02X", c)
}

func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}
