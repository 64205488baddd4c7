package logged

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/jsontext"
)

// decoder undoes one thing that a log does. It calls made for each text that
// may have been there before, with how that was logged; "" where that is not
// worth a word.
type decoder func(text []byte, made func(text []byte, how string))

// WindowsLines is how a string was logged whose line feeds became CR LF.
const WindowsLines = "line ends of Windows"

// decoders are all that are known; the likeliest first.
var decoders = []decoder{
	quotations,
	literals,
	dumps,
	changed(`\n for a line feed`, replaced(writtenOut...)),
	changed(`\n for a line feed`, firstWrittenOut),
	changed("backslash escapes", unescapeBytes),
	changed("backslash escapes", unescapeRunes),
	changed("HTML entities", func(b []byte) []byte { return []byte(html.UnescapeString(string(b))) }),
	changed("percent-encoding", func(b []byte) []byte { return unpercent(b, false) }),
	changed("percent-encoding with + for a space", func(b []byte) []byte { return unpercent(b, true) }),
	changed("symbols for control characters", replaced(symbols...)),
	changed("# and three octal digits, as syslog writes control characters", unsyslog),
	changed(WindowsLines, replaced("\r\n", "\n", "\r", "\n")),
	changed("doubled quotes, as in CSV", replaced(`""`, `"`)),
	changed("doubled quotes, as in SQL", replaced("''", "'")),
	changed("typographic quotes and blanks, as chats make them", replaced(typographic...)),
	changed("lines with a prefix", unprefix),
	changed("lines with an indent", unindent),
	tokens,
}

// changed makes a decoder of a function that returns its argument's equal where
// there is nothing to undo.
func changed(how string, f func([]byte) []byte) decoder {
	return func(text []byte, made func([]byte, string)) {
		if out := f(text); !bytes.Equal(out, text) {
			made(out, how)
		}
	}
}

func replaced(pairs ...string) func([]byte) []byte {
	r := strings.NewReplacer(pairs...)
	return func(b []byte) []byte { return []byte(r.Replace(string(b))) }
}

// writtenOut are escapes of line ends, where nothing else is escaped.
var writtenOut = []string{`\\r\\n`, "\n", `\\n`, "\n", `\r\n`, "\n", `\n`, "\n", `\012`, "\n", `\x0a`, "\n", `\x0A`,
	"\n", `\u000a`, "\n", `\u000A`, "\n"}

// firstWrittenOut undoes the first of them alone: a body may have such escapes
// of its own.
func firstWrittenOut(b []byte) []byte {
	at, size := len(b), 0
	for i := 0; i < len(writtenOut); i += 2 {
		if k := bytes.Index(b, []byte(writtenOut[i])); k >= 0 && k < at {
			at, size = k, len(writtenOut[i])
		}
	}
	if size == 0 {
		return b
	}
	return slices.Concat(b[:at], []byte("\n"), b[at+size:])
}

var symbols = []string{
	"␊\n", "\n", "↵\n", "\n", "⏎\n", "\n", "¶\n", "\n", "¶", "\n",
	"␍␊", "\r\n", "␊", "\n", "␤", "\n", "␍", "\r", "␉", "\t", "␠", " ", "␀", "\x00", "↵", "\n", "⏎", "\n", "^M", "\r",
	"^J", "\n", "^I", "\t",
	"<LF>", "\n", "<lf>", "\n", "[LF]", "\n", "{LF}", "\n", "<CR>", "\r", "<cr>", "\r", "[CR]", "\r", "<br>", "\n",
	"<br/>", "\n", "<br />", "\n", "<BR>", "\n",
}

var typographic = []string{"“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‘", "'", "’", "'", "\u00a0", " ",
	"\u202f", " ", "\u200b", "", "\ufeff", ""}

// maxPieces is how many quotations of one text are looked at.
const maxPieces = 24

// quotations are what stands in quotes, without its escapes. Those that are
// long are likelier than those that come first.
func quotations(text []byte, made func([]byte, string)) {
	how := "a quoted string"
	if jsontext.Opens(text) {
		how = "a JSON string"
	}
	for _, quote := range []byte{'"', '\'', '`'} {
		pieces := quoted(text, quote)
		slices.SortStableFunc(pieces, func(a, b []byte) int { return len(b) - len(a) })
		for _, p := range pieces[:min(len(pieces), maxPieces)] {
			if plain := unescapeRunes(p); bytes.Equal(plain, p) {
				made(p, "")
			} else {
				made(plain, how)
			}
		}
		if quote == '"' && bytes.IndexByte(text, '\'') >= 0 {
			how = strings.Replace(how, "a JSON string", "a string in quotes", 1)
		}
	}
}

// quoted lists what stands between two quotes of one kind, each of which is
// behind no backslash.
func quoted(text []byte, quote byte) [][]byte {
	const shortest = 8
	var list [][]byte
	open := -1
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] != quote:
		case open < 0:
			open = i
		default:
			if i-open > shortest {
				list = append(list, text[open+1:i])
			}
			open = -1
		}
	}
	return list
}

// unpercent undoes percent-encoding, and leaves what is none as it is.
func unpercent(b []byte, plus bool) []byte {
	if bytes.IndexByte(b, '%') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '+' && plus:
			out = append(out, ' ')
		case b[i] == '%' && i+2 < len(b) && unhex(b[i+1]) >= 0 && unhex(b[i+2]) >= 0:
			out = append(out, byte(unhex(b[i+1])<<4|unhex(b[i+2]))) //nolint:gosec // below 256
			i += 2
		default:
			out = append(out, b[i])
		}
	}
	return out
}

// unsyslog undoes #012 and its like, which syslog writes for control
// characters.
func unsyslog(b []byte) []byte {
	if bytes.IndexByte(b, '#') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '#' && i+3 < len(b) && b[i+1] == '0' && octal(b[i+2]) && octal(b[i+3]) {
			out = append(out, (b[i+2]-'0')<<3|b[i+3]-'0')
			i += 3
			continue
		}
		out = append(out, b[i])
	}
	return out
}

func octal(c byte) bool { return '0' <= c && c <= '7' }

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// unprefix takes off what a log puts in front of each line of a text: of the
// second line on, as much as looks like the beginning of the first.
func unprefix(b []byte) []byte {
	lines := bytes.Split(b, []byte("\n"))
	if len(lines) < 2 || len(lines) > 1000 {
		return b
	}
	front := len(lines[0])
	for _, l := range lines[1:] {
		if len(l) == 0 {
			continue
		}
		n := 0
		for n < min(front, len(l)) && alike(lines[0][n], l[n]) {
			n++
		}
		front = n
	}
	// A prefix ends at a blank or bracket; what is behind it belongs to the line.
	for front > 0 && strings.IndexByte(" \t|>])", lines[0][front-1]) < 0 {
		front--
	}
	if front == 0 {
		return b
	}
	for i, l := range lines {
		lines[i] = l[min(front, len(l)):]
	}
	return bytes.Join(lines, []byte("\n"))
}

// alike reports whether two bytes are the same, or both digits.
func alike(a, b byte) bool { return a == b || digit(a) && digit(b) }

func digit(c byte) bool { return '0' <= c && c <= '9' }

// unindent takes the blanks off the beginning of each line.
func unindent(b []byte) []byte {
	if !bytes.Contains(b, []byte("\n ")) && !bytes.Contains(b, []byte("\n\t")) {
		return b
	}
	lines := bytes.Split(b, []byte("\n"))
	for i, l := range lines {
		lines[i] = bytes.TrimLeft(l, " \t")
	}
	return bytes.Join(lines, []byte("\n"))
}

// shortestToken is how many characters of base64 or hexadecimal may be a
// string: shorter ones are names and digests.
const shortestToken = 40

// tokens are long words in base64 or hexadecimal that hold a text.
func tokens(text []byte, made func([]byte, string)) {
	words := bytes.FieldsFunc(text, func(r rune) bool { return !strings.ContainsRune(base64Letters, r) })
	slices.SortStableFunc(words, func(a, b []byte) int { return len(b) - len(a) })
	for _, w := range words[:min(len(words), 4)] {
		if len(w) < shortestToken {
			return
		}
		if b, err := hex.DecodeString(string(w)); err == nil && isText(b) {
			made(b, "hexadecimal")
			continue
		}
		w = bytes.TrimRight(w, "=")
		for _, coding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			if b, err := coding.DecodeString(string(w)); err == nil && isText(b) {
				made(b, "base64")
				break
			}
		}
	}
}

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_"

func isText(b []byte) bool {
	return utf8.Valid(b) &&
		bytes.IndexFunc(b, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' }) < 0
}
