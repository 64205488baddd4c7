package logged

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// loss is something that a log does and that cannot be undone.
type loss struct {
	what   string // what differs: "its line feed, which is missing"
	fewer  bool   // the log has less of it
	forget func([]byte) []byte
}

// losses are all that are known; the least first.
var losses = []loss{
	{"line feeds at its end", false, func(b []byte) []byte { return bytes.TrimRight(b, "\r\n") }},
	{"blanks around it", false, bytes.TrimSpace},
	{"doubled line feeds", false, func(b []byte) []byte {
		for bytes.Contains(b, []byte("\n\n")) {
			b = bytes.ReplaceAll(b, []byte("\n\n"), []byte("\n"))
		}
		return b
	}},
	{"its line feed, which is missing", true, replaced("\r", "", "\n", "")},
	{"its line feed, which is a space there", true,
		func(b []byte) []byte { return bytes.Join(bytes.FieldsFunc(b, lineEnd), []byte(" ")) }},
	{"its line feed, which is the letter n there", true, replaced("\n", "n")},
	{"its line feed, which is a comma there", true, replaced("\n", ",")},
	{"its line feed, which is a bar there", true, replaced("\n", "|")},
	{"white space, which is missing", true, func(b []byte) []byte { return bytes.Join(bytes.Fields(b), nil) }},
	{"characters outside ASCII, which are missing", true, asciiOnly},
	{"backslashes, which are missing", true, replaced(`\`, "")},
	{"double quotes, which are missing", true, replaced(`"`, "")},
}

func lineEnd(r rune) bool { return r == '\n' || r == '\r' }

// asciiOnly puts one ? in place of each run of other characters, of question
// marks too.
func asciiOnly(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for _, r := range string(b) {
		if r >= utf8.RuneSelf || r == '?' {
			if n := len(out); n == 0 || out[n-1] != '?' {
				out = append(out, '?')
			}
			continue
		}
		out = append(out, byte(r)) //nolint:gosec // below 0x80
	}
	return out
}

// Lost says by what alone a string differs from another, where a log may have
// made the difference: one loss, or two.
func Lost(logged, whole []byte) (what []string, ok bool) {
	const maxLossy = 1 << 20
	if len(logged) > maxLossy || len(whole) > maxLossy {
		return nil, false
	}
	more := len(logged) > len(whole)
	for _, l := range losses {
		if more && l.fewer {
			continue
		}
		if bytes.Equal(l.forget(logged), l.forget(whole)) {
			return []string{l.what}, true
		}
	}
	for i, a := range losses {
		if more {
			break
		}
		x, y := a.forget(logged), a.forget(whole)
		for _, b := range losses[i+1:] {
			if bytes.Equal(b.forget(x), b.forget(y)) {
				return []string{a.what, b.what}, true
			}
		}
	}
	return nil, false
}

// ellipses end what a log cut off.
var ellipses = []string{"...", "…", "[truncated]", "(truncated)", "<truncated>", "[...]"}

// CutOff reports whether a string is only the beginning of another, as logs
// make of long ones, and how many bytes of it there are.
func CutOff(logged, whole []byte) (int, bool) {
	text := strings.TrimRight(string(logged), " \r\n")
	marked := false
	for _, e := range ellipses {
		if rest, ok := strings.CutSuffix(text, e); ok {
			text, marked = strings.TrimRight(rest, " "), true
		}
	}
	const enough = 40 // bytes of a string that is cut off without a sign
	n := len(text)
	if n == 0 || n >= len(whole) || !marked && n < enough {
		return 0, false
	}
	return n, strings.HasPrefix(string(whole), text)
}
