package jsontext

import (
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
		b.WriteString(EscapeStep(step))
	}
	return b.String()
}

// EscapeStep writes a name as a step of a JSON Pointer.
func EscapeStep(name string) string { return pointerEscapes.Replace(name) }

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// maxStep bounds the bytes of a name in a path that is shown.
const maxStep = 256

// AppendName adds the name of a member to a path that is shown, which begins
// empty: a.b, a["odd name"]. ParsePath reads it, and so does jq after a dot. A
// very long name is cut, to […], and cannot be read again.
func AppendName(path []byte, name string) []byte {
	switch {
	case len(name) > maxStep:
		return append(path, "[…]"...)
	case !isPlain(name):
		return append(append(append(path, '['), Quote(name)...), ']')
	case len(path) > 0:
		path = append(path, '.')
	}
	return append(path, name...)
}

// AppendPosition adds the position of an element to a path that is shown: a[3]
func AppendPosition(path []byte, i int) []byte {
	return append(strconv.AppendInt(append(path, '['), int64(i), 10), ']')
}

// EscapeName writes a name for a path in which no quotes can stand, as in a
// variable: what has a meaning there gets a backslash. ParsePath reads it.
func EscapeName(name string) string {
	return strings.NewReplacer(`\`, `\\`, ".", `\.`, "[", `\[`).Replace(name)
}

// isPlain reports whether a name needs no quotes in a path.
func isPlain(s string) bool {
	for i, c := range s {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// ParsePath reads a path: a JSON Pointer where it starts with a slash
// ("/goods/0/name"), else names with dots between them ("paymentAmount.value",
// "goods[0].name", "goods.0.name", `["odd.name"].value`). A backslash takes the
// meaning from a dot or bracket. The position "-" is the one after an array's last
// element.
func ParsePath(s string) (Path, error) {
	switch {
	case s == "":
		return nil, &hint.Error{Says: "the path is empty", Fix: "name a value, such as paymentAmount.value"}
	case !utf8.ValidString(s):
		return nil, &hint.Error{Says: fmt.Sprintf("the path %q is not UTF-8", s), Fix: "names in JSON are UTF-8"}
	case s[0] == '/':
		steps := strings.Split(s[1:], "/")
		for i := range steps {
			steps[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(steps[i])
		}
		return steps, nil
	}
	var path Path
	for rest := s; ; rest = strings.TrimPrefix(rest, ".") {
		var step string
		var ok bool
		if step, rest, ok = cutStep(rest); !ok {
			return nil, &hint.Error{Says: fmt.Sprintf("the path %q has no closing bracket", s),
				Fix: "write an array position as goods[0]"}
		}
		if step == "" {
			return nil, &hint.Error{Says: fmt.Sprintf("the path %q has an empty step", s),
				Fix: "write it like paymentAmount.value or goods[0].name"}
		}
		if path = append(path, step); rest == "" {
			return path, nil
		}
	}
}

// cutStep reads the first step of a path with dots; ok is false where its bracket
// is not closed.
func cutStep(s string) (step, rest string, ok bool) {
	if strings.HasPrefix(s, "[") {
		b := []byte(s)
		if name := Next(b, 1); name.From == 1 && name.Kind == String && Next(b, name.To).Kind == ArrayEnd {
			return Text(name.Of(b)), s[Next(b, name.To).To:], true
		}
		return strings.Cut(s[1:], "]")
	}
	i := 0
	var name strings.Builder
	for ; i < len(s) && s[i] != '.' && s[i] != '['; i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		name.WriteByte(s[i])
	}
	return name.String(), s[i:], true
}
