package diagnose

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"

	"countersign/apiclient/signing"
)

// Kinds of what the other side tells.
const (
	ToldString = "string"
	ToldDigest = "digest"
	ToldLength = "length"
	ToldHeader = "signature header"
	ToldError  = "error text"
)

// compare looks at what the other side told. covers tests a string against the
// signature; nil where no known key opened it.
func (e *Evidence) compare(r *Report, covers func([]byte) bool) *Comparison {
	told := e.Told
	text := strings.TrimSpace(string(told))
	switch {
	case text == "":
		return nil
	case isDigits(text) && len(text) <= 9:
		return e.compareLength(r, text)
	case strings.Contains(strings.ToLower(text), "signature=") && !strings.Contains(text, "\n"):
		return e.compareHeader(text)
	}
	if digest, ok := readDigest(text); ok {
		return e.compareDigest(r, digest)
	}
	return e.compareString(r, told, covers)
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// readDigest reads a digest in hexadecimal or base64, with a name such as
// "sha256:" in front or not.
func readDigest(text string) ([]byte, bool) {
	if i := strings.LastIndexAny(text, ":= "); i >= 0 && i < 24 {
		text = strings.TrimSpace(text[i+1:])
	}
	text = strings.Trim(text, `"'`)
	if b, err := hex.DecodeString(strings.NewReplacer(" ", "", ":", "").Replace(text)); err == nil && isDigestSize(len(b)) {
		return b, true
	}
	for _, coding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if b, err := coding.DecodeString(text); err == nil && isDigestSize(len(b)) && len(text) <= 90 && !printableText(b) {
			return b, true
		}
	}
	return nil, false
}

func isDigestSize(n int) bool { return hashOfSize(n) != 0 }

func hashOfSize(n int) crypto.Hash {
	return map[int]crypto.Hash{16: crypto.MD5, 20: crypto.SHA1, 28: crypto.SHA224, 32: crypto.SHA256, 48: crypto.SHA384, 64: crypto.SHA512}[n]
}

func printableText(b []byte) bool {
	return bytes.IndexFunc(b, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

func (e *Evidence) compareLength(r *Report, text string) *Comparison {
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil
	}
	c := &Comparison{Kind: ToldLength}
	switch ours := len(r.Expected); {
	case n == ours:
		c.Matches = true
		c.Says = fmt.Sprintf("Their string is as long as ours, %d bytes: look for characters that were exchanged, not for some that are missing.", ours)
	case n == len([]rune(string(r.Expected))):
		c.Says = fmt.Sprintf("Theirs has %d where ours has %d bytes, and ours has %d characters: they counted characters, or signed them in a charset of one byte each.", n, ours, n)
	case n > ours:
		c.Says = fmt.Sprintf("Their string is longer than ours by %d bytes: %d against %d.%s", n-ours, n, ours, e.lengthHint(n-ours))
	default:
		c.Says = fmt.Sprintf("Their string is shorter than ours by %d bytes: %d against %d.%s", ours-n, n, ours, e.lengthHint(ours-n))
	}
	return c
}

// lengthHint says what is as long as a difference.
func (e *Evidence) lengthHint(by int) string {
	if !e.hasExchange() {
		return ""
	}
	rule := e.Rule()
	path, query, _ := strings.Cut(rule.Target, "?")
	for _, p := range []struct {
		text, name string
	}{{rule.ClientID, "the client id"}, {rule.Time, "the time"}, {"?" + query, "the query"}, {path, "the path"}, {string(rule.Body), "the body"}} {
		if len(p.text) == by && by > 1 {
			return fmt.Sprintf(" That is the length of %s.", p.name)
		}
	}
	prefix := ""
	for _, segment := range strings.Split(strings.TrimPrefix(path, "/"), "/") {
		if prefix += "/" + segment; len(prefix) == by {
			return fmt.Sprintf(" That is the length of the path's prefix %s.", prefix)
		}
	}
	switch by {
	case 1:
		return " One byte is a line feed at the end, as a rule."
	case 2:
		return " Two bytes are a CR LF at the end, as a rule."
	case 3:
		return " Three bytes are a byte order mark, or the three digits of milliseconds."
	}
	return ""
}

func (e *Evidence) compareDigest(r *Report, digest []byte) *Comparison {
	c := &Comparison{Kind: ToldDigest}
	h := hashOfSize(len(digest))
	sum := h.New()
	sum.Write(r.Expected)
	ours := bytes.Equal(sum.Sum(nil), digest)
	signed := r.SignedDigest != nil && bytes.Equal(r.SignedDigest, digest)
	c.Matches = ours || signed
	name := HashName(h)
	switch {
	case ours && signed:
		c.Says = fmt.Sprintf("It is the %s of our string, and the one inside the signature.", name)
	case ours:
		c.Says = fmt.Sprintf("It is the %s of our string: both sides have the same string, so the fault is in the key or in how the signature is made or sent.", name)
	case signed:
		c.Says = fmt.Sprintf("It is the %s inside the signature: they signed what they logged, and it is another string than ours.", name)
	case r.SignedDigest != nil:
		c.Says = fmt.Sprintf("It is neither the %s of our string nor the one inside the signature: what they logged is not what they signed.", name)
	default:
		c.Says = fmt.Sprintf("It is not the %s of our string: the strings differ.", name)
	}
	return c
}

func (e *Evidence) compareHeader(text string) *Comparison {
	c := &Comparison{Kind: ToldHeader}
	if len(e.Headers) == 0 {
		c.Says = "They log a Signature header, and none arrived: something between the two sides removed it."
		return c
	}
	if name, rest, ok := strings.Cut(text, ":"); ok && e.Names.Protocol(strings.TrimSpace(name)) == signing.HeaderName {
		text = strings.TrimSpace(rest)
	}
	if text == e.Headers[0] {
		c.Matches = true
		c.Says = "It is the header that arrived, character for character: nothing changed it on the way."
		return c
	}
	theirs, errTheirs := signing.ParseHeader(text)
	ours, errOurs := signing.ParseHeader(e.Headers[0])
	switch {
	case errTheirs != nil || errOurs != nil:
		c.Says = "It differs from the header that arrived."
	case theirs.Value != ours.Value:
		front, _ := commonEnds([]byte(theirs.Value), []byte(ours.Value))
		c.Says = fmt.Sprintf("The signature value that arrived differs from theirs from character %d on (%d characters against %d): it was changed on the way.", front+1, len(ours.Value), len(theirs.Value))
	case theirs.KeyVersion != ours.KeyVersion:
		c.Says = fmt.Sprintf("The value is the same, but they log keyVersion %q and %q arrived.", theirs.KeyVersion, ours.KeyVersion)
	default:
		c.Matches = true
		c.Says = "Algorithm, keyVersion and value are the same; only the spelling of the header differs."
	}
	return c
}

// compareString finds the string in what was told: as it stands, without the
// line feed that pasting adds, or inside a log line or an error.
func (e *Evidence) compareString(r *Report, told []byte, covers func([]byte) bool) *Comparison {
	kind, best := ToldString, told
	candidates := e.stringsTold(told)
	for i, s := range candidates {
		signed := covers != nil && covers(s)
		if signed || bytes.Equal(s, r.Expected) {
			c := &Comparison{Kind: kindOf(i), Matches: true, Told: s}
			switch {
			case signed && bytes.Equal(s, r.Expected):
				c.Says = "It is our string, and the signature covers it."
			case signed:
				c.Says = "The signature covers exactly this string; that is proven. It differs from ours as shown."
			default:
				c.Says = "It is our string, byte for byte: the fault is in the key or in how the signature is made or sent."
			}
			return c
		}
	}
	if len(candidates) > 1 {
		kind, best = kindOf(1), nearest(candidates, r.Expected)
	}
	c := &Comparison{Kind: kind, Told: best}
	front, _ := commonEnds(best, r.Expected)
	c.Says = fmt.Sprintf("It differs from ours from byte %d on (%d bytes against %d).", front+1, len(best), len(r.Expected))
	if covers != nil {
		c.Says += " The signature does not cover it either: what they logged is not what they signed, or pasting changed it."
	}
	return c
}

func kindOf(i int) string {
	if i < 6 {
		return ToldString
	}
	return ToldError
}

// nearest is the candidate that shares most with the expected string.
func nearest(candidates [][]byte, expected []byte) []byte {
	best, shared := candidates[0], -1
	for _, s := range candidates {
		if front, back := commonEnds(s, expected); front+back > shared {
			best, shared = s, front+back
		}
	}
	return best
}

var (
	jsonString = compiled(`"((?:[^"\\]|\\.)*)"`)
	bracketed  = compiled(`(?s)[\[({<'` + "`" + `]((?:GET|POST|PUT|DELETE|PATCH) .*)[\])}>'` + "`" + `]`)
)

// stringsTold lists what of a text may be the signed string, as it stands
// first.
func (e *Evidence) stringsTold(told []byte) [][]byte {
	unix := bytes.ReplaceAll(told, []byte("\r\n"), []byte("\n"))
	list := [][]byte{
		told, bytes.TrimSuffix(bytes.TrimSuffix(told, []byte("\n")), []byte("\r")), bytes.TrimSpace(told),
		unix, bytes.TrimSuffix(unix, []byte("\n")), bytes.TrimSpace(unix),
	}
	add := func(s string) {
		for _, t := range []string{s, strings.TrimSpace(s), strings.ReplaceAll(s, "␊", "\n"), strings.ReplaceAll(s, `\n`, "\n"), html.UnescapeString(s)} {
			list = append(list, []byte(t))
		}
		if t, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.ReplaceAll(s, `\/`, "/"), "\n", `\n`) + `"`); err == nil {
			list = append(list, []byte(t))
		}
		if t, err := url.QueryUnescape(s); err == nil {
			list = append(list, []byte(t))
		}
	}
	text := string(told)
	add(text)
	for _, m := range jsonString().FindAllStringSubmatch(text, 50) {
		if len(m[1]) > 16 {
			add(m[1])
		}
	}
	for _, m := range bracketed().FindAllStringSubmatch(text, 5) {
		add(m[1])
	}
	method := "POST"
	if e.hasExchange() {
		method = e.Rule().Method
	}
	if i := strings.Index(text, method+" "); i > 0 && method != "" {
		rest := text[i:]
		add(rest)
		for _, end := range []string{`"`, "'", "]", ")", ">", "`", "</"} {
			if k := strings.LastIndex(rest, end); k > 0 {
				add(rest[:k])
			}
		}
	}
	return list
}
