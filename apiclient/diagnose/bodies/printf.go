package bodies

import (
	"bytes"
	"strconv"
	"strings"
)

// shell is how the printf of one shell, or what undoes escapes alike, differs from that of others.
type shell struct {
	escapes string          // letters that may follow a backslash
	sizes   string          // letters before a conversion that name a type's size
	flags   string          // before the width
	prints  map[byte]string // what a conversion prints of an argument that is not there
	hex     map[byte]int    // the most hexadecimal digits of an escape, by its letter
}

// conversions of POSIX, with what they print of no argument.
func conversions(more string, pairs ...string) map[byte]string {
	prints := map[byte]string{'s': "", 'b': "", 'c': "\x00", 'f': "0.000000", 'F': "0.000000", 'e': "0.000000e+00",
		'E': "0.000000E+00", 'g': "0", 'G': "0", 'a': "0x0p+0", 'A': "0X0P+0"}
	for _, c := range []byte("diouxX") {
		prints[c] = "0"
	}
	for i := range len(more) {
		prints[more[i]] = pairs[i]
	}
	return prints
}

var (
	bash = shell{`abeEfnrtv\'"?`, "hjlLtz", "-+ #0'", conversions("qQn", "''", "''", ""),
		map[byte]int{'x': 2, 'u': 4, 'U': 8}}
	dash = shell{`abefnrtv\`, "", "-+ #0", conversions(""), nil}

	// What echo and the repr of bytes escape.
	bashEcho    = shell{escapes: `abfnrtv\`, hex: map[byte]int{'u': 4}}
	dashEcho    = shell{escapes: `abfnrtv\`}
	pythonBytes = shell{escapes: `nrt\'"`, hex: map[byte]int{'x': 2}}
)

// maxWidth is the most that printf pads to here.
const maxWidth = 4096

// printf returns what a shell's printf makes of a format with no arguments: each
// directive prints what an absent argument is, and a bad one ends it. It is
// false where nothing changes.
func (sh shell) printf(format string) (string, bool) {
	b := make([]byte, 0, len(format))
	for i := 0; i < len(format); i++ {
		switch format[i] {
		case '\\':
			var size int
			b, size = sh.escape(b, format[i:])
			i += size - 1
		case '%':
			out, size, ok := sh.directive(format[i:])
			b = append(b, out...)
			if !ok {
				return string(b), size == 0
			}
			i += size - 1
		default:
			b = append(b, format[i])
		}
		if len(b) > len(format)+maxWidth {
			return "", false
		}
	}
	return string(b), string(b) != format
}

// directive returns what the directive at the beginning of s prints and its
// length; false where it is a bad one, with a length of -1 where it is too wide.
func (sh shell) directive(s string) (out string, size int, ok bool) {
	if strings.HasPrefix(s, "%%") {
		return "%", 2, true
	}
	i := 1
	for i < len(s) && strings.IndexByte(sh.flags, s[i]) >= 0 {
		i++
	}
	flags := s[1:i]
	width, i := length(s, i)
	precision := -1
	if i < len(s) && s[i] == '.' {
		precision, i = length(s, i+1)
	}
	for i < len(s) && strings.IndexByte(sh.sizes, s[i]) >= 0 {
		i++
	}
	switch {
	case i >= len(s):
		return "", 0, false
	case width > maxWidth || precision > maxWidth:
		return "", -1, false
	}
	out, ok = sh.prints[s[i]]
	if !ok {
		return "", 0, false
	}
	return pad(zero(out, s[i], flags, precision), flags, width, s[i]), i + 1, true
}

// length reads a width or precision; a * takes an argument that is not there.
func length(s string, i int) (n, end int) {
	if i < len(s) && s[i] == '*' {
		return 0, i + 1
	}
	from := i
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	n, err := strconv.Atoi(s[from:i])
	if err != nil && i > from {
		n = maxWidth + 1
	}
	return n, i
}

// zero is a conversion of nothing with its precision and sign.
func zero(out string, verb byte, flags string, precision int) string {
	switch {
	case precision < 0:
	case strings.IndexByte("diouxX", verb) >= 0:
		out = strings.Repeat("0", precision)
	case strings.IndexByte("fFeEaA", verb) >= 0:
		at := strings.IndexAny(out+"p", "eEpP")
		whole, _, _ := strings.Cut(out[:at], ".")
		point := strings.Repeat(".", min(precision, 1))
		out = whole + point + strings.Repeat("0", precision) + out[at:]
	case verb == 's' || verb == 'b' || verb == 'q' || verb == 'Q':
		out = out[:min(len(out), precision)]
	}
	if strings.IndexByte("sbcqQnouxX", verb) < 0 {
		switch {
		case strings.Contains(flags, "+"):
			out = "+" + out
		case strings.Contains(flags, " "):
			out = " " + out
		}
	}
	return out
}

// pad fills a conversion up to its width.
func pad(out, flags string, width int, verb byte) string {
	missing := width - len(out)
	switch {
	case missing <= 0:
		return out
	case strings.Contains(flags, "-"):
		return out + spaces(missing)
	case strings.Contains(flags, "0") && strings.IndexByte("sbcqQn", verb) < 0:
		sign := len(out) - len(strings.TrimLeft(out, "+ "))
		return out[:sign] + strings.Repeat("0", missing) + out[sign:]
	}
	return spaces(missing) + out
}

// unescaped returns a text with its escapes undone.
func (sh shell) unescaped(s string) string {
	b := make([]byte, 0, len(s))
	for s != "" {
		size := 1
		if s[0] == '\\' {
			b, size = sh.escape(b, s)
		} else {
			b = append(b, s[0])
		}
		s = s[size:]
	}
	return string(b)
}

// escape appends what an escape prints and returns its length.
func (sh shell) escape(b []byte, s string) ([]byte, int) {
	if len(s) < 2 {
		return append(b, s...), len(s)
	}
	c := s[1]
	if i := strings.IndexByte(`abeEfnrtv`, c); i >= 0 && strings.IndexByte(sh.escapes, c) >= 0 {
		return append(b, "\a\b\x1b\x1b\f\n\r\t\v"[i]), 2
	}
	switch {
	case strings.IndexByte(sh.escapes, c) >= 0:
		return append(b, c), 2
	case c >= '0' && c <= '7':
		return coded(b, s, 1, 3, 8)
	case sh.hex[c] > 0:
		return coded(b, s, 2, sh.hex[c], 16)
	}
	return append(b, '\\'), 1 // and what follows counts as ever
}

// coded appends the character that the digits of an escape name, from one
// place of s on: as UTF-8 behind \u and \U, else as a byte.
func coded(b []byte, s string, from, most, base int) ([]byte, int) {
	n := from
	for n < len(s) && n < from+most {
		if _, err := strconv.ParseUint(s[n:n+1], base, 8); err != nil {
			break
		}
		n++
	}
	code, err := strconv.ParseUint(s[from:n], base, 32)
	switch {
	case err != nil:
		return append(b, s[:n]...), n
	case s[1]|0x20 == 'u':
		return append(b, string(rune(code))...), n //nolint:gosec // at most 32 bits
	}
	return append(b, byte(code)), n //nolint:gosec // a byte, as the shell cuts it
}

// formatted makes a byteOp's function of a printf, for bodies with directives or
// for those with escapes alone.
func formatted(sh shell, directives bool) rewriter {
	return func(b []byte) ([]byte, bool) {
		if bytes.IndexByte(b, '%') >= 0 != directives {
			return nil, false
		}
		out, changed := sh.printf(string(b))
		return []byte(out), changed
	}
}

// Printf is what the printf of bash, or of sh, makes of a format with no arguments;
// false where nothing changes.
func Printf(format string, sh bool) (string, bool) {
	if sh {
		return dash.printf(format)
	}
	return bash.printf(format)
}
