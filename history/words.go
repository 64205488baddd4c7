package history

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"countersign/apiclient"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/signing"
	"countersign/apiclient/xmltext"
)

// SearchedBytes is how much of each body a search looks at.
const SearchedBytes = 256 << 10

// documentOf returns the text of a run that the index takes words from.
func documentOf(ctx context.Context, tx querier, seq int64) (string, error) {
	var data []byte
	var name string
	found := false
	err := eachRow(ctx, tx, func(rows *sql.Rows) error {
		found = true
		return rows.Scan(&data, &name)
	}, "SELECT record, name FROM records JOIN runs USING (seq) WHERE seq = ?", seq)
	if err == nil && !found {
		err = sql.ErrNoRows
	}
	if err != nil {
		return "", err
	}
	bodies, err := loadStarts(ctx, tx, seq, SearchedBytes)
	if err != nil {
		return "", err
	}
	e, err := decode(data, bodies)
	if err != nil {
		return "", err
	}
	return document(&e, name), nil
}

// document is all that a person can see of e and of the name that was given to
// it, one thing per line.
func document(e *apiclient.Exchange, name string) string {
	var d doc
	d.add(name)
	d.add(e.ID, e.Profile, e.Endpoint, string(e.Origin), string(e.Outcome), e.URL, e.ClientID, e.MerchantID,
		e.SentKey, e.SignedAs, e.Remote, e.Err, e.Hint, e.Result.Status, e.Result.Code, e.Result.Message)
	if !e.StartedAt.IsZero() {
		d.add(e.StartedAt.Local().Format("2006-01-02 15:04:05"))
	}
	d.add(e.Tampered...)
	d.message(&e.Request)
	d.verdict("request", e.SentVerdict)
	d.add(e.Sent.Header, e.Sent.Value, hexOf(e.Sent.Digest))
	if e.Response != nil {
		d.message(e.Response)
		d.verdict("response", e.Received)
	}
	for _, f := range e.Findings {
		d.add(string(f.Side), f.Field, f.Cause, string(f.Severity), f.Says, f.Hint)
	}
	return d.String()
}

func hexOf(digest [32]byte) string {
	if digest == ([32]byte{}) {
		return ""
	}
	return hex.EncodeToString(digest[:])
}

// apart is a word between two items that nobody searches for: without it the
// end of one and the start of the next would be a phrase.
const apart = "\n\ue000\n"

// doc gathers text, each item apart from the next.
type doc struct{ strings.Builder }

func (d *doc) add(items ...string) {
	for _, s := range items {
		if s != "" {
			spread(&d.Builder, s)
			d.WriteString(apart)
		}
	}
}

func (d *doc) message(m *apiclient.Message) {
	d.add(m.Line)
	for _, f := range m.Header {
		d.add(f.Name + ": " + f.Value)
	}
	if m.Line == "" {
		d.add(readable(m.Head))
	}
	body := m.Content()
	if text, _, ok := xmltext.Read(body[:min(len(body), SearchedBytes)], m.Get("Content-Type")); ok {
		body = text
	} else if strings.Contains(strings.ToLower(m.Get("Content-Type")), "charset=gb") {
		if utf, err := simplifiedchinese.GB18030.NewDecoder().Bytes(body); err == nil {
			body = utf
		}
	}
	d.add(readable(body))
}

func (d *doc) verdict(side string, v signing.Verdict) {
	d.add(side+" "+string(v.Status), v.Reason, v.Hint, v.Key, hexOf(v.Digest))
	if r := v.Recovered; r != nil {
		d.add(string(r.Padding), hex.EncodeToString(r.Digest))
	}
	if r := v.Repaired; r != nil {
		d.add(r.Causes...)
		d.add(r.Says, r.Fix)
	}
	for _, w := range v.Warnings {
		d.add(w.Cause, w.Says)
	}
}

// readable is the text of a body: of JSON with its escapes undone, and of XML
// and HTML with their references, because a person searches for 中 and not for
// \u4e2d; of anything that is no UTF-8, the
// stretches that are.
func readable(body []byte) string {
	if len(body) > SearchedBytes {
		body = body[:SearchedBytes]
	}
	body = wholeRunes(body)
	if !utf8.Valid(body) {
		return printable(body)
	}
	s := string(body)
	if t := bytes.TrimSpace(body); len(t) > 0 && (t[0] == '{' || t[0] == '[' || t[0] == '"') {
		return unescape(body)
	} else if len(t) > 0 && t[0] == '<' {
		return html.UnescapeString(s)
	}
	return s
}

// wholeRunes drops a character that the cut at SearchedBytes went through.
func wholeRunes(b []byte) []byte {
	for i := 1; i <= utf8.UTFMax && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// printable returns the stretches of at least four characters that are text, as
// strings(1) does: the rest would fill the index with noise.
func printable(b []byte) string {
	var out strings.Builder
	other := func(r rune) bool { return r == utf8.RuneError || r != '\t' && r != '\n' && !unicode.IsPrint(r) }
	for text := range bytes.FieldsFuncSeq(b, other) {
		if utf8.RuneCount(text) >= 4 {
			out.Write(text)
			out.WriteByte(' ')
		}
	}
	return out.String()
}

// unescape undoes the escapes of JSON strings. Control characters become
// spaces, so that "\n" does not stick to the word after it.
func unescape(b []byte) string {
	var out strings.Builder
	out.Grow(len(b))
	for at := bytes.IndexByte(b, '\\'); at >= 0 && at+1 < len(b); at = bytes.IndexByte(b, '\\') {
		out.Write(b[:at])
		r, size := jsontext.Escape(b[at:])
		if r < ' ' || !utf8.ValidRune(r) {
			r, size = ' ', max(size, 2)
		}
		out.WriteRune(r)
		b = b[at+size:]
	}
	out.Write(b)
	return out.String()
}

// unspaced are the scripts that are written without spaces between words, or
// glue words together.
var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// spread writes s with each character of an unspaced script as a word of its
// own, in the index and in a query alike, so that any stretch of such text is
// a phrase.
func spread(out *strings.Builder, s string) {
	start := 0
	for i, r := range s {
		if r < 0x0e00 || !unicode.In(r, unspaced...) {
			continue
		}
		out.WriteString(s[start:i])
		out.WriteByte(' ')
		out.WriteRune(r)
		out.WriteByte(' ')
		start = i + utf8.RuneLen(r)
	}
	out.WriteString(s[start:])
}

// matchOf makes an FTS5 query of what a person typed: each word a quoted
// phrase, all of them wanted. The last piece of a word may be only a
// beginning, unless punctuation ends it. A word without a letter or digit,
// such as "%", asks for nothing. "" means everything.
func matchOf(search string) string {
	var out strings.Builder
	seen := map[string]bool{}
	for _, word := range strings.Fields(strings.ToValidUTF8(search, " ")) {
		if seen[word] || !strings.ContainsFunc(word, inWord) {
			continue
		}
		seen[word] = true
		if out.Len() > 0 {
			out.WriteString(" AND ")
		}
		out.WriteByte('"')
		spread(&out, strings.NewReplacer(`"`, " ", "\x00", " ").Replace(word))
		out.WriteByte('"')
		if end, _ := utf8.DecodeLastRuneInString(word); inWord(end) || unicode.IsMark(end) || end == '*' {
			out.WriteByte('*')
		}
	}
	return out.String()
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
