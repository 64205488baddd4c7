package keys

import (
	"bytes"
	"encoding/binary"
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"countersign/apiclient/lazyregexp"
)

// unwrapped is a text without what editors, web pages, shells and programs do to
// one: what is left of a key is its armour, its base64 and white space.
type unwrapped struct {
	written  string   // as it was written, in UTF-8: lines are counted in it
	plain    string   // typography, HTML, prefixes of lines and escapes undone
	joined   string   // plain, with the strings of a program put together
	warnings []string // what other tools would refuse
}

func unwrap(data []byte) unwrapped {
	u := unwrapped{written: string(data)}
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		u.written = fromUTF16(data[2:], binary.LittleEndian)
		u.warn("the text is UTF-16, which most tools refuse")
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		u.written = fromUTF16(data[2:], binary.BigEndian)
		u.warn("the text is UTF-16, which most tools refuse")
	case len(data) > 64 && data[0] != 0 && bytes.Count(data[:64], []byte{0}) == 32 && data[1] == 0:
		u.written = fromUTF16(data, binary.LittleEndian)
		u.warn("the text is UTF-16 without its mark, which most tools refuse")
	case bytes.HasPrefix(data, []byte("\ufeff")):
		u.written = u.written[len("\ufeff"):]
		u.warn("the text begins with a byte order mark, which some SDKs refuse")
	}
	u.written = strings.ReplaceAll(strings.ReplaceAll(u.written, "\r\n", "\n"), "\r", "\n")
	text := u.unescapeHTML(u.written)
	text = u.unset(u.unescapePercent(text))
	text = unquoteMail(text)
	for _, p := range prefixed {
		if p.signs.MatchString(text) {
			text = p.prefix.ReplaceAllString(text, "")
		}
	}
	text = linePrefixes.ReplaceAllString(text, "")
	u.plain = escapes.ReplaceAllStringFunc(text, unescape)
	u.joined = u.plain
	if slices.ContainsFunc(beginnings, func(s string) bool { return strings.Contains(u.plain, s) }) {
		u.joined = joints.ReplaceAllString(wrapCall.ReplaceAllString(u.plain, "\n$1\n"), "\n")
	}
	return u
}

// beginnings are what the armour or the base64 of a key begins with: a text
// without them is not looked into further.
var beginnings = []string{"BEGIN", "MI", pemInBase64, pemTwice, derTwiceStart}

func (u *unwrapped) warn(says string) { u.warnings = append(u.warnings, says) }

// line returns the line of a key in the text as it was written, 0 where it
// cannot be told: body is its base64, with its armour where it has some. What is
// looked for is behind what all keys begin with.
func (u *unwrapped) line(body string) int {
	const from, to = 50, 64
	for line := range strings.Lines(body) {
		if line = strings.TrimSpace(line); len(line) < to || strings.Contains(line, "--") {
			continue
		}
		i := strings.Index(u.written, line[from:to])
		if i < 0 {
			break
		}
		above := strings.Split(u.written[:i], "\n")
		if n := len(above); n > 1 && strings.Contains(body, "BEGIN") && strings.Contains(above[n-2], "BEGIN") {
			return n - 1
		}
		return len(above)
	}
	return 0
}

func fromUTF16(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

var (
	entities = lazyregexp.New(`&(?:amp;)*(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]{2,8});`)
	// those of characters that base64 and its lines are made of
	keyEntities = lazyregexp.New(`&(?:amp;)*(?:#0*(?:43|47|61|10|13)|#[xX]0*(?:2[bBfF]|3[dD]|[aAdD])|plus|equals|sol|NewLine);`)
	tags        = lazyregexp.New(`</?(?:(?i:br|wbr|div|span|pre|code|td|tr|li|font)|p|b|i)\b[^<>]*>\n?`)
)

// unescapeHTML undoes what a web page does to a text; it may have been done
// several times over.
func (u *unwrapped) unescapeHTML(text string) string {
	if keyEntities.MatchString(text) {
		u.warn("it is HTML-escaped (&#43; for +), which other tools refuse")
	}
	for range 4 {
		if !entities.MatchString(text) {
			break
		}
		text = html.UnescapeString(text)
	}
	if strings.Contains(text, "<") {
		text = tags.ReplaceAllString(text, "\n")
	}
	return text
}

var (
	percentArmour = lazyregexp.New(`BEGIN(?:%20|\+)[A-Z]`)
	percentByte   = lazyregexp.New(`%[0-9A-Fa-f]{2}`)
)

// unescapePercent undoes what a form or an address does to PEM.
func (u *unwrapped) unescapePercent(text string) string {
	if !percentArmour.MatchString(text) {
		return text
	}
	u.warn("the text was percent-encoded, which other tools refuse")
	if strings.Contains(text, "BEGIN+") {
		text = strings.ReplaceAll(text, "+", " ")
	}
	return percentByte.ReplaceAllStringFunc(text, func(code string) string {
		n, _ := strconv.ParseUint(code[1:], 16, 8) // the expression has seen the digits
		return string([]byte{byte(n)})
	})
}

// wrapCall is a call of PHP that puts lines into a key between the strings of its
// armour.
var wrapCall = lazyregexp.New(`["']\s*\.\s*(?:wordwrap|chunk_split)\(\s*["']([A-Za-z0-9+/=\s]+)["'](?:\s*,[^)]*)?\)\s*\.\s*["']`)

// typography are characters that word processors and chats put in the place of
// what PEM needs, where they stand in a key and other tools refuse it for them.
var typography = []struct {
	signs *lazyregexp.Regexp
	says  string
}{
	{lazyregexp.New(oddDash + `\s*(?:BEGIN|END)\b|(?:KEY|CERTIFICATE|BLOCK)\s*` + oddDash),
		"typographic dashes stand in its armour where hyphens (-) belong, which other tools refuse"},
	{lazyregexp.New(`(?:[A-Za-z0-9+/=]{16}|--|(?:BEGIN|END)[ A-Z]*)` + invisible + `|` + invisible + `(?:[A-Za-z0-9+/=]{16}|--)`),
		"invisible characters (such as zero-width spaces or soft hyphens) stand in it, which other tools refuse"},
	{lazyregexp.New(`[A-Za-z0-9+/=]{16}` + oddSpace + `|` + oddSpace + `[A-Za-z0-9+/=]{16}|(?:BEGIN|END)[ A-Z]*` + oddSpace),
		"non-breaking spaces stand in it, which other tools refuse"},
	{lazyregexp.New(`[A-Za-z0-9+/]{8}[\x{ff01}-\x{ff5e}]`), "full-width characters stand in it, which other tools refuse"},
}

const (
	oddDash   = `[\x{2010}-\x{2015}\x{2212}\x{fe58}\x{fe63}\x{ff0d}]`
	invisible = `[\x{00ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2064}\x{feff}]`
	oddSpace  = `[\x{00a0}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}]`
)

// unset replaces what typesetting puts in the place of plain characters.
func (u *unwrapped) unset(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0 {
		return text
	}
	for _, t := range typography {
		if t.signs.MatchString(text) {
			u.warn(t.says)
		}
	}
	var out strings.Builder
	out.Grow(len(text))
	for _, r := range text {
		out.WriteString(typeset(r))
	}
	return out.String()
}

// typeset returns what was written before a character was put in its place.
func typeset(r rune) string {
	switch {
	case r <= unicode.MaxASCII:
	case r == '\u2014' || r == '\u2015':
		return "--"
	case r == '\u2212' || unicode.Is(unicode.Pd, r):
		return "-"
	case unicode.Is(unicode.Cf, r):
		return ""
	case unicode.Is(unicode.Zs, r):
		return " "
	case r == '\u2028' || r == '\u2029' || r == '\u0085':
		return "\n"
	case r >= '\uff01' && r <= '\uff5e': // full width
		return string(r - '\uff01' + '!')
	case slices.Contains([]rune("\u201c\u201d\u201e\u00ab\u00bb"), r):
		return `"`
	case slices.Contains([]rune("\u2018\u2019\u201a"), r):
		return "'"
	}
	return string(r)
}

// linePrefixes are what mail, comments and listings put before each line. None
// is of characters that a line of base64 may begin with.
var linePrefixes = lazyregexp.New(`(?m)^[ \t]*(?:[>#*|:]+|//+(?:[ \t]|$))[ \t]*`)

// prefixed are what may stand before each line and looks like base64 itself: it is
// taken off only where it stands before the armour.
var prefixed = []struct{ signs, prefix *lazyregexp.Regexp }{
	{lazyregexp.New(`(?m)^(?:@@ -|\+-----BEGIN )`), lazyregexp.New(`(?m)^\+`)},                      // a patch
	{lazyregexp.New(`(?m)^[ \t]*\d+[ \t:|]+-----BEGIN `), lazyregexp.New(`(?m)^[ \t]*\d+[ \t:|]+`)}, // numbers of lines
}

// Mail in quoted-printable (RFC 2045, section 6.7): lines of 76 characters at most,
// of which the longer ones end in =, and codes such as =3D.
var (
	mailBreaks = lazyregexp.New(`(?m)^([A-Za-z0-9+/]{75})=\n`)
	mailCodes  = strings.NewReplacer("=\n", "", "=3D", "=", "=2B", "+", "=2F", "/", "=2D", "-", "=20", " ")
)

func unquoteMail(text string) string {
	if strings.Contains(text, "=3D") {
		return mailCodes.Replace(text)
	}
	return mailBreaks.ReplaceAllString(text, "$1")
}

// escapes are those of JSON, .properties, shells and most languages, perhaps
// escaped twice, and a line end that a backslash continues.
var escapes = lazyregexp.New("\\\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(?:par|line)\\b|r\\\\+n|[\\s\\S])|(?:`r)?`n")

// unescape undoes one escape. Base64 has neither backslashes nor backquotes, so
// none of it is lost.
func unescape(s string) string {
	code := strings.TrimLeft(s, `\`)
	switch {
	case code == "":
		return ""
	case code == "par" || code == "line": // of rich text
		return "\n"
	case code[0] == 'n' || code[0] == 'r' || code[0] == '`':
		return "\n"
	case code[0] == 't':
		return " "
	case (code[0] == 'u' || code[0] == 'x') && len(code) > 1:
		n, _ := strconv.ParseUint(code[1:], 16, 16) // the expression has seen the digits
		return typeset(rune(n))
	}
	return code
}

// joints are the seams between the strings that a program puts together: the end
// of one, an operator or a call that appends, and the beginning of the next.
var joints = lazyregexp.New("[\"'`]" + `[ \t]*(?:` +
	// "…" + "…", "…", "…", adjacent strings
	`(?:[+.,&|\\_][ \t]*)*` + lineEnd + `(?:[+.,&|]+[ \t]*)?` +
	// "…" + System.lineSeparator() + "…", '…' . PHP_EOL . '…', "…" & vbCrLf & _ "…"
	`|[+.&|,][ \t]*[A-Za-z_][\w.]*(?:\(\))?[ \t]*(?:[+.&|,][ \t]*)?(?:[_\\][ \t]*)?` + lineEnd + `(?:[+.&|]+[ \t]*)?` +
	// sb.append("…"); sb.append("…"); key += "…"; $key .= '…'; key = key & "…"
	`|\)?[ \t]*;?` + lineEnd +
	`[\w.$>-]*?[ \t]*(?:\.?(?:append|concat|push|add|write)\w*\(|[+.&]=|<<|=[ \t]*\w+[ \t]*[+.&])[ \t]*` +
	")[\"'`]")

const lineEnd = `(?:(?://|#|/\*)[^\n]*)?\n?[ \t]*`
