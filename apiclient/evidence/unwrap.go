package evidence

import (
	"bytes"
	"encoding/binary"
	"html"
	"slices"
	"strings"
	"unicode/utf16"

	"countersign/apiclient"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

// maxWraps is how much is taken away around a text, such as the > of a
// quotation in a quotation.
const maxWraps = 6

// unwrap reads what stands in the wrapping that people and programs put around
// a text; done is false where there is none, or nothing in it can be read, which
// err says.
func (r Reader) unwrap(data, text []byte) (e Evidence, err error, done bool) { //nolint:revive // as the comment says
	if r.depth++; r.depth > maxWraps || startsMessage(text) {
		return Evidence{}, nil, false
	}
	if plain, ok := fromUTF16(data); ok {
		if e, err = r.read(plain); err == nil {
			e.Notes = append(e.Notes, "the file is in UTF-16, as PowerShell writes files: it was read as UTF-8")
		}
		return e, err, true
	}
	if plain, ok := fromPage(text); ok {
		e, err = r.read(plain)
		return e, err, true
	}
	if isJSON(text) || text[0] == '>' && isPieceLog(text) {
		return Evidence{}, nil, false
	}
	if e, err = r.pieces(fenced(string(text))); len(e.Exchanges) > 0 {
		return e, nil, true
	}
	if plain, ok := unquoted(text); ok && err == nil {
		e, err = r.read(plain)
		return e, err, true
	}
	return Evidence{}, err, false
}

var (
	pageStart = lazyregexp.New(`(?i)^<(pre|code|p|div|span|blockquote)\b[^>]*>`)
	pageBreak = lazyregexp.New(`(?i)<br\s*/?>\n?|</(?:p|div)>\n?`)
	pageMark  = lazyregexp.New(`(?i)</?(?:pre|code|p|div|span|blockquote|b|i|em|strong|a)\b[^<>]*>`)
)

// fromPage takes the marks and entities of HTML from a text that was copied with
// them, such as <pre><code>.
func fromPage(text []byte) ([]byte, bool) {
	if text[0] != '<' || !pageStart.Match(text) {
		return text, false
	}
	plain := pageMark.ReplaceAll(pageBreak.ReplaceAll(text, []byte{'\n'}), nil)
	return []byte(html.UnescapeString(string(plain))), true
}

// dedented takes away the blanks that a message has before each of its lines.
func dedented(data []byte) ([]byte, bool) {
	blanks := data[:len(data)-len(bytes.TrimLeft(data, " \t"))]
	if len(blanks) == 0 || !isMessage(bytes.TrimLeft(data, " \t")) {
		return nil, false
	}
	out := make([]byte, 0, len(data))
	for line := range bytes.Lines(data) {
		rest, ok := bytes.CutPrefix(line, blanks)
		if !ok && len(bytes.TrimSpace(line)) > 0 {
			return nil, false
		}
		if !ok {
			rest = bytes.TrimLeft(line, " \t")
		}
		out = append(out, rest...)
	}
	return out, true
}

// pieces reads the fenced pieces of a text that can be read: a response belongs
// to the request before it. Of several exchanges those that are signed count,
// where any is. failed is why the first of the others cannot be read.
func (r Reader) pieces(texts []string) (all Evidence, failed error) {
	for _, text := range texts[:min(len(texts), maxExchanges)] {
		if n := len(all.Exchanges); n > 0 && all.Exchanges[n-1].Response == nil && strings.HasPrefix(text, "HTTP/") {
			if m, err := wire.ParseMessage([]byte(text)); err == nil {
				all.Exchanges[n-1].Response, all.Exchanges[n-1].Outcome = &m, apiclient.Answered
			}
			continue
		}
		e, err := r.read([]byte(text))
		if err != nil {
			if failed == nil {
				failed = err
			}
			continue
		}
		all.Kind = e.Kind
		all.Exchanges, all.Notes = append(all.Exchanges, e.Exchanges...), append(all.Notes, e.Notes...)
	}
	if slices.ContainsFunc(all.Exchanges, r.isSigned) {
		all.Exchanges = slices.DeleteFunc(all.Exchanges, func(x apiclient.Exchange) bool { return !r.isSigned(x) })
	}
	return all, failed
}

// fences are what people put around a piece of text; the first group is what
// the closing line begins with.
var fences = []struct{ open, end *lazyregexp.Regexp }{
	{lazyregexp.New("^[ \t]*(?:[-*][ \t]+|\\d+\\.[ \t]+)?(`{3,})[ \t]*[\\w+#.{}=\" -]*[ \t\r]*$"),
		lazyregexp.New("^[ \t]*`{3,}[ \t\r]*$")},
	{lazyregexp.New("^[ \t]*(?:[-*][ \t]+|\\d+\\.[ \t]+)?(~{3,})[ \t]*[\\w+#.{}=\" -]*[ \t\r]*$"),
		lazyregexp.New("^[ \t]*~{3,}[ \t\r]*$")},
	{lazyregexp.New(`^[ \t]*\{(?:code|noformat)[^}]*\}[ \t\r]*$`), lazyregexp.New(`^[ \t]*\{(?:code|noformat)\}[ \t\r]*$`)},
	{lazyregexp.New(`^[ \t]*<pre[^>]*>(?:<code[^>]*>)?[ \t\r]*$`), lazyregexp.New(`^[ \t]*(?:</code>)?</pre>[ \t\r]*$`)},
}

// fenced returns the texts between the fences of Markdown, wikis and chats.
func fenced(text string) []string {
	if !strings.ContainsAny(text, "`~{<") {
		return nil
	}
	var pieces, lines []string
	var end *lazyregexp.Regexp
	indent, mark := 0, ""
	for line := range strings.Lines(text) {
		bare := strings.TrimSuffix(line, "\n")
		switch {
		case end != nil && end.MatchString(bare) && strings.Contains(bare, mark):
			pieces = append(pieces, fencedText(lines))
			end, lines = nil, nil
		case end != nil:
			lines = append(lines, line[min(indent, len(line)-len(strings.TrimLeft(line, " \t"))):])
		default:
			for _, f := range fences {
				if m := f.open.FindStringSubmatch(bare); m != nil {
					end, indent, mark = f.end, len(bare)-len(strings.TrimLeft(bare, " \t")), ""
					if len(m) > 1 {
						mark = m[1]
					}
					break
				}
			}
		}
	}
	if end != nil {
		pieces = append(pieces, fencedText(lines))
	}
	return pieces
}

// fencedText joins lines; the end of the last one belongs to the fence.
func fencedText(lines []string) string {
	return strings.TrimSuffix(strings.TrimSuffix(strings.Join(lines, ""), "\n"), "\r")
}

var (
	verboseLine = lazyregexp.New(`^> [A-Z]{3,10} \S+ HTTP/`)
	inlineFence = lazyregexp.New("(?s)^(`{1,3})([^`\n].*?)(`{1,3})[ \t\r\n]*$")
)

// unquoted takes away what is put before each line of a quotation, or around a
// text in one line; ok is false where there is nothing of that.
func unquoted(text []byte) (plain []byte, ok bool) {
	if m := inlineFence.FindSubmatch(text); m != nil && bytes.Equal(m[1], m[3]) {
		return m[2], true
	}
	if verboseLine.Match(text) {
		return text, false
	}
	return unmarked(text)
}

// fromUTF16 reads a text in UTF-16, as PowerShell writes what is redirected into
// a file.
func fromUTF16(data []byte) ([]byte, bool) {
	var order binary.ByteOrder
	switch { // without its mark, ASCII tells: every other byte is zero
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), everyOther(data, 1):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}), everyOther(data, 0):
		order = binary.BigEndian
	}
	if order == nil || len(data)%2 == 1 {
		return data, false
	}
	units := make([]uint16, len(data)/2)
	_, _ = binary.Decode(data, order, units) // it has their size
	return []byte(strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff")), true
}

// everyOther reports whether a text begins with characters of ASCII that have a
// zero byte each, before (0) or behind (1) them.
func everyOther(data []byte, zero int) bool {
	head := data[:min(len(data), 64)]
	for i, c := range head {
		if (c == 0) != (i%2 == zero) {
			return false
		}
	}
	return len(head) >= 16
}
