package evidence

import (
	"strconv"
	"strings"
)

// piped takes away what stands before curl in the commands that the explorer
// copies: a line that does nothing but say what was tampered, and a printf whose
// output is the body, where no word can hold it. Of any other text, ok is false.
func piped(text string) (command string, stdin []byte, ok bool) {
	if rest, marked := strings.CutPrefix(text, ": "); marked {
		_, n := leadingWord(rest)
		if n == 0 || !strings.HasPrefix(rest[n:], "\n") {
			return text, nil, false
		}
		text = rest[n+1:]
	}
	for _, form := range []string{"printf %b ", "printf %s "} {
		rest, is := strings.CutPrefix(text, form)
		if !is {
			continue
		}
		word, n := leadingWord(rest)
		after, joined := strings.CutPrefix(rest[n:], " | ")
		if n == 0 || !joined {
			return text, nil, false
		}
		stdin = []byte(word)
		if form == "printf %b " {
			if stdin, ok = octals(word); !ok {
				return text, nil, false
			}
		}
		return after, stdin, isCurl([]byte(after))
	}
	return text, nil, isCurl([]byte(text))
}

// leadingWord reads the word of a shell that a text begins with, and tells its
// length; 0 where there is none, or its quotes are not closed.
func leadingWord(s string) (string, int) {
	var word strings.Builder
	i := 0
	for i < len(s) && strings.IndexByte(" \t\r\n", s[i]) < 0 {
		if s[i] == '\\' && i+1 < len(s) {
			word.WriteByte(s[i+1])
			i += 2
			continue
		}
		n, err := quoted(&word, s[i:])
		if err != nil {
			return "", 0
		}
		i += n
	}
	return word.String(), i
}

// octals reads the escapes of printf %b that are written here: \\ and \0377.
func octals(s string) ([]byte, bool) {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		switch rest := s[i+1:]; {
		case strings.HasPrefix(rest, `\`):
			out = append(out, '\\')
			i++
		case strings.HasPrefix(rest, "0") && len(rest) >= 4:
			n, err := strconv.ParseUint(rest[1:4], 8, 8)
			if err != nil {
				return nil, false
			}
			out = append(out, byte(n))
			i += 4
		default:
			return nil, false
		}
	}
	return out, true
}
