package wire

import (
	"cmp"
	"fmt"
	"strings"

	"countersign/apiclient/hint"
)

// CheckField reports what would let a field break the message: a name that is
// no token, or a control character other than tab in the value.
func CheckField(f Field) error {
	if f.Name == "" {
		return hint.Errorf("write it as Name: value", "a header has no name")
	}
	if !isToken(f.Name) {
		return hint.Errorf("use letters, digits and hyphens", "header %q has a name that is not allowed in HTTP", f.Name)
	}
	if i := strings.IndexFunc(f.Value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }); i >= 0 {
		return hint.Errorf("a header value is one line: remove the control character",
			"header %q has %s at byte %d of its value", f.Name, controlName(f.Value[i]), i+1)
	}
	return nil
}

// CheckMethod reports a method that is no token.
func CheckMethod(method string) error {
	if !isToken(method) {
		return hint.Errorf("use POST, or another method of letters only", "method %q is not allowed in HTTP", method)
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
			return hint.Errorf("write %20 for a space", "the path has a space at byte %d", i+1)
		case c < ' ' || c == 0x7f:
			return hint.Errorf(fmt.Sprintf("write %%%02X if it is meant", c), "the path has %s at byte %d", controlName(c), i+1)
		}
	}
	return nil
}

func controlName(c byte) string {
	known := map[byte]string{0: "a NUL", '\t': "a tab", '\n': "a line feed", '\r': "a carriage return"}
	return cmp.Or(known[c], fmt.Sprintf("control character 0x%02X", c))
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
