package evidence

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/hint"
)

// split splits a command into words by the quoting of POSIX shells, and bash's
// $'…'. Nothing is expanded: a variable or a command in it is an error, as its
// value is not known here.
func split(s string) ([]string, error) {
	var words []string
	var word strings.Builder
	open := false
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			if open {
				words, open = append(words, word.String()), false
				word.Reset()
			}
			i++
			continue
		case c == '\\' && i+1 < len(s):
			if n := lineEnd(s[i+1:]); n > 0 {
				i += 1 + n
				continue
			}
			word.WriteByte(s[i+1])
			i += 2
		case strings.IndexByte("|;&<>", c) >= 0 && !open:
			return words, nil // the command is over
		default:
			n, err := quoted(&word, s[i:])
			if err != nil {
				return nil, err
			}
			i += n
		}
		open = true
	}
	if open {
		words = append(words, word.String())
	}
	return words, nil
}

func lineEnd(s string) int {
	switch {
	case strings.HasPrefix(s, "\r\n"):
		return 2
	case strings.HasPrefix(s, "\n"):
		return 1
	}
	return 0
}

// quoted takes one quoted piece or one byte and says how long it was.
func quoted(word *strings.Builder, s string) (int, error) {
	switch {
	case s[0] == '\'':
		end := strings.IndexByte(s[1:], '\'')
		if end < 0 {
			return 0, unclosed("'")
		}
		word.WriteString(s[1 : 1+end])
		return end + 2, nil
	case s[0] == '"':
		return doubleQuoted(word, s)
	case strings.HasPrefix(s, "$'"):
		return ansiQuoted(word, s)
	case s[0] == '`' || s[0] == '$' && len(s) > 1 && expands(s[1]):
		return 0, expansion(s)
	}
	word.WriteByte(s[0])
	return 1, nil
}

func expands(c byte) bool {
	return c == '{' || c == '(' || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func expansion(s string) error {
	return &hint.Error{Says: fmt.Sprintf("the curl command has a shell expansion (%s), whose value is not known", clip(strings.Fields(s)[0])), Fix: "put the value itself into the command"}
}

func unclosed(quote string) error {
	return &hint.Error{Says: fmt.Sprintf("the curl command has a %s that is not closed", quote), Fix: "copy the whole command"}
}

func doubleQuoted(word *strings.Builder, s string) (int, error) {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1, nil
		case c == '\\' && i+1 < len(s) && strings.IndexByte("$`\"\\", s[i+1]) >= 0:
			i++
			word.WriteByte(s[i])
		case c == '\\' && lineEnd(s[i+1:]) > 0:
			i += lineEnd(s[i+1:])
		case c == '`' || c == '$' && i+1 < len(s) && expands(s[i+1]):
			return 0, expansion(s[i:])
		default:
			word.WriteByte(c)
		}
	}
	return 0, unclosed(`"`)
}

// ansiQuoted reads bash's $'…', which browsers use for bodies with quotes.
func ansiQuoted(word *strings.Builder, s string) (int, error) {
	simple := map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'a': 7, 'b': 8, 'e': 27, 'E': 27, 'f': 12, 'v': 11, '\\': '\\', '\'': '\'', '"': '"', '?': '?'}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'':
			return i + 1, nil
		case c != '\\' || i+1 == len(s):
			word.WriteByte(c)
		default:
			i++
			digits, base := 0, 16
			switch s[i] {
			case 'x':
				digits = 2
			case 'u':
				digits = 4
			case 'U':
				digits = 8
			case '0', '1', '2', '3', '4', '5', '6', '7':
				digits, base, i = 3, 8, i-1
			}
			if digits == 0 {
				if plain, ok := simple[s[i]]; ok {
					word.WriteByte(plain)
				} else {
					word.WriteByte('\\')
					word.WriteByte(s[i])
				}
				continue
			}
			n, used := number(s[i+1:], digits, base)
			i += used
			if digits > 3 && utf8.ValidRune(rune(n)) { //nolint:gosec // eight hex digits at most
				word.WriteRune(rune(n)) //nolint:gosec // checked above
			} else {
				word.WriteByte(byte(n))
			}
		}
	}
	return 0, unclosed("$'")
}

// number reads up to max digits of the base.
func number(s string, max, base int) (value uint64, used int) {
	for used < max && used < len(s) {
		n, err := strconv.ParseUint(s[:used+1], base, 32)
		if err != nil {
			break
		}
		value, used = n, used+1
	}
	return value, used
}
