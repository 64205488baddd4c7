package bodies

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// lined returns what `echo` prints of a body.
func lined(b []byte) []byte { return append(b[:len(b):len(b)], '\n') }

// opensslName is what `openssl dgst` calls a digest.
func opensslName(d Digest) string {
	name := strings.ToUpper(d.Word)
	if bits, ok := strings.CutPrefix(name, "SHA"); ok && bits != "1" {
		return "SHA2-" + bits
	}
	return name
}

// dashed is BitConverter.ToString of .NET.
func dashed(b []byte) string {
	parts := make([]string, len(b))
	for i, c := range b {
		parts[i] = fmt.Sprintf("%02X", c)
	}
	return strings.Join(parts, "-")
}

// nodeBuffer is util.inspect of a Buffer, which shows 50 bytes.
func nodeBuffer(s string) string {
	const shown = 50
	parts := make([]string, 0, shown)
	for i := range min(len(s), shown) {
		parts = append(parts, hex.EncodeToString([]byte{s[i]}))
	}
	text := "<Buffer " + strings.Join(parts, " ")
	switch more := len(s) - shown; {
	case more == 1:
		text += " ... 1 more byte"
	case more > 1:
		text += " ... " + strconv.Itoa(more) + " more bytes"
	}
	return text + ">"
}

// inside writes a body as the inside of a string.
func inside(e escaping) rewriter {
	return func(b []byte) ([]byte, bool) {
		quoted := stringify(b, e)
		return quoted[1 : len(quoted)-1], true
	}
}

// fromPythonBytes undoes the repr of bytes.
func fromPythonBytes(s string) string {
	inner, ok := strings.CutPrefix(s, "b")
	if !ok || len(inner) < 2 || inner[0] != '\'' && inner[0] != '"' || inner[len(inner)-1] != inner[0] {
		return s
	}
	return pythonBytes.unescaped(inner[1 : len(inner)-1])
}

// onlyASCII decomposes letters and drops what is not ASCII then.
func onlyASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x80 {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
}

// transliterated returns a text without accents and with ? for what is left outside
// ASCII.
func transliterated(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x80 {
			return '?'
		}
		return r
	}, stripAccents(s))
}

// withLines puts line breaks back that were left out of pretty-printed JSON: before
// the blanks of each line, and before the last bracket. tail is at its end.
func withLines(newline, tail string) rewriter {
	return func(b []byte) ([]byte, bool) {
		out := make([]byte, 0, len(b)+len(b)/4)
		quoted, lines := false, 0
		for i := 0; i < len(b); i++ {
			switch c := b[i]; {
			case quoted && c == '\\' && i+1 < len(b):
				out = append(out, c)
				i++
			case c == '"':
				quoted = !quoted
			case quoted:
			case (c == ' ' || c == '\t') && i > 0 && b[i-1] != ' ' && b[i-1] != '\t' && b[i-1] != ':' &&
				(c == '\t' || i+1 < len(b) && b[i+1] == ' '):
				out = append(out, newline...)
				lines++
			case (c == '}' || c == ']') && i+1 == len(b) && lines > 0 && i > 0 && b[i-1] != '\n':
				out = append(out, newline...)
			}
			out = append(out, b[i])
		}
		return append(out, tail...), lines > 0
	}
}
