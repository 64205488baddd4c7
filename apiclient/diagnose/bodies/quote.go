package bodies

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quoting is how a language writes the characters of a string that it does not print as they are.
type quoting struct {
	named            *strings.Replacer // those that have an escape of their own; nil for none
	plain            func(r rune) bool // those that are printed
	short, long, far string            // formats of the others: up to U+00FF, up to U+FFFF, and beyond
}

func (q quoting) escape(s string) string {
	if q.named != nil {
		s = q.named.Replace(s)
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case q.plain(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, q.short, r)
		case r < 0x10000:
			fmt.Fprintf(&b, q.long, r)
		default:
			fmt.Fprintf(&b, q.far, r)
		}
	}
	return b.String()
}

func isASCII(r rune) bool     { return r < utf8.RuneSelf }
func isPrintable(r rune) bool { return r >= ' ' && r < 0x7f }
func isRubyPrint(r rune) bool { return unicode.IsPrint(r) || unicode.Is(unicode.Zs, r) }
func isNodePrint(r rune) bool { return r >= 0xa0 || isPrintable(r) }
func escapes(pairs ...string) *strings.Replacer {
	return strings.NewReplacer(append([]string{`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`}, pairs...)...)
}

var (
	pythonSingle = quoting{escapes(`'`, `\'`), unicode.IsPrint, `\x%02x`, `\u%04x`, `\U%08x`}
	pythonDouble = quoting{escapes(`"`, `\"`), unicode.IsPrint, `\x%02x`, `\u%04x`, `\U%08x`}
	pythonASCII  = quoting{escapes(), isPrintable, `\x%02x`, `\u%04x`, `\U%08x`}
	pythonHigh   = quoting{nil, isASCII, `\x%02x`, `\u%04x`, `\U%08x`}
	nodeText     = quoting{named: escapes("\b", `\b`, "\f", `\f`, "\v", `\v`), plain: isNodePrint, short: `\x%02X`}
	rubyText     = quoting{escapes(`"`, `\"`, "\f", `\f`, "\v", `\v`, "\b", `\b`, "\a", `\a`, "\x1b", `\e`,
		"#{", `\#{`, "#$", `\#$`, "#@", `\#@`), isRubyPrint, `\u%04X`, `\u%04X`, `\u{%X}`}
	rubyHigh = quoting{nil, isASCII, `\u%04X`, `\u%04X`, `\u{%X}`}
)

// pythonQuote is repr of a Python string.
func pythonQuote(s string) string {
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		return `"` + pythonDouble.escape(s) + `"`
	}
	return "'" + pythonSingle.escape(s) + "'"
}

// unicodeEscape is Python's codec of that name, pyBytes its repr of bytes without the quotes, and backslashed its error
// handler backslashreplace for ASCII.
func unicodeEscape(s string) string { return pythonASCII.escape(s) }
func backslashed(s string) string   { return pythonHigh.escape(s) }

func pyBytes(s string) string {
	wide := make([]rune, len(s))
	for i := range len(s) {
		wide[i] = rune(s[i])
	}
	return unicodeEscape(string(wide))
}

// jsQuote is util.inspect of a string, which takes the quotes that need no escape.
func jsQuote(s string) string {
	quote := "'"
	switch {
	case !strings.Contains(s, "'"):
	case !strings.Contains(s, `"`):
		quote = `"`
	case !strings.Contains(s, "`") && !strings.Contains(s, "${"):
		quote = "`"
	}
	return quote + strings.ReplaceAll(nodeText.escape(s), quote, `\`+quote) + quote
}

// rubyQuote is inspect of a Ruby string, and rubyDump its String#dump.
func rubyQuote(s string) string { return `"` + rubyText.escape(s) + `"` }
func rubyDump(s string) string  { return rubyHigh.escape(rubyQuote(s)) }
