package jsonedit

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/hint"
)

// Path leads to a value: member names and array positions.
type Path []string

// String writes the path as a JSON Pointer (RFC 6901).
func (p Path) String() string {
	var b strings.Builder
	for _, step := range p {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(step))
	}
	return b.String()
}

// ParsePath reads a path: a JSON Pointer where it starts with a slash
// ("/goods/0/name"), else names with dots between them ("paymentAmount.value",
// "goods[0].name", "goods.0.name"). A backslash takes the meaning from a dot
// or bracket. The position "-" is the one after an array's last element.
func ParsePath(s string) (Path, error) {
	if s == "" {
		return nil, &hint.Error{Says: "the path is empty", Fix: "name a value, such as paymentAmount.value"}
	}
	if !utf8.ValidString(s) {
		return nil, &hint.Error{Says: fmt.Sprintf("the path %q is not UTF-8", s), Fix: "names in JSON are UTF-8"}
	}
	if s[0] == '/' {
		steps := strings.Split(s[1:], "/")
		for i := range steps {
			steps[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(steps[i])
		}
		return steps, nil
	}
	return parseDotted(s)
}

func parseDotted(s string) (Path, error) {
	var path Path
	var step strings.Builder
	bracket := false // the step before ended in a bracket, so a dot ends nothing
	end := func() error {
		if step.Len() == 0 {
			return &hint.Error{Says: fmt.Sprintf("the path %q has an empty step", s), Fix: "write it like paymentAmount.value or goods[0].name"}
		}
		path = append(path, step.String())
		step.Reset()
		return nil
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
			step.WriteByte(s[i])
		case c == '.' && bracket && step.Len() == 0:
			bracket = false
		case c == '.':
			if err := end(); err != nil {
				return nil, err
			}
		case c == '[':
			closing := strings.IndexByte(s[i:], ']')
			if closing < 0 {
				return nil, &hint.Error{Says: fmt.Sprintf("the path %q has no closing bracket", s), Fix: "write an array position as goods[0]"}
			}
			if !bracket || step.Len() > 0 {
				if err := end(); err != nil {
					return nil, err
				}
			}
			step.WriteString(s[i+1 : i+closing])
			if err := end(); err != nil {
				return nil, err
			}
			i += closing
			bracket = true
		default:
			step.WriteByte(c)
		}
	}
	if bracket && step.Len() == 0 {
		return path, nil
	}
	return path, end()
}

// Edit is one value to be set.
type Edit struct {
	Path  Path
	Value []byte // JSON
}

// ParseEdit reads "path=text", whose value becomes a JSON string, or
// "path:=json", whose value is JSON as it stands.
func ParseEdit(s string) (Edit, error) {
	left, right, ok := strings.Cut(s, "=")
	if !ok {
		return Edit{}, &hint.Error{Says: fmt.Sprintf("%q sets nothing", s), Fix: "write path=text, or path:=json for numbers, booleans and objects"}
	}
	left, raw := strings.CutSuffix(left, ":")
	path, err := ParsePath(left)
	if err != nil {
		return Edit{}, err
	}
	if !raw {
		return Edit{path, Quote(right)}, nil
	}
	if !json.Valid([]byte(right)) {
		return Edit{}, &hint.Error{Says: fmt.Sprintf("%q is not JSON", right), Fix: fmt.Sprintf("write %s=%s for a string", left, right)}
	}
	return Edit{path, []byte(right)}, nil
}

// Quote writes s as a JSON string, escaping only what must be.
func Quote(s string) []byte {
	b := []byte{'"'}
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c < ' ':
			b = fmt.Appendf(b, `\u%04x`, c)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// index reads a step as an array position; ok is false for names.
func index(step string, length int) (n int, ok bool) {
	if step == "-" {
		return length, true
	}
	n, err := strconv.Atoi(step)
	return n, err == nil && n >= 0 && strconv.Itoa(n) == step
}
