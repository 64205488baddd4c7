package bodies

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/md5"  // #nosec G501 -- recognises what others hashed with
	"crypto/sha1" // #nosec G505 -- the same
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"html"
	"io"
	"net/url"
	"strconv"
	"strings"

	"countersign/apiclient/diagnose/variant"
)

var htmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// htmlEscape escapes as htmlspecialchars of PHP does without quotes.
func htmlEscape(s string) string { return htmlEscapes.Replace(s) }

func htmlUnescape(s string) string { return html.UnescapeString(s) }

func queryEscape(s string) string { return url.QueryEscape(s) }

// Unreserved are the characters that percent-encoding never touches (RFC 3986,
// section 2.3).
const Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"

// Percent encodes all bytes but those of keep, with lower-case hex where lower
// says so.
func Percent(s, keep string, lower bool) string {
	digits := "0123456789ABCDEF"
	if lower {
		digits = "0123456789abcdef"
	}
	var kept [256]bool
	for i := range len(keep) {
		kept[keep[i]] = true
	}
	b := make([]byte, 0, len(s)+len(s)/2)
	for i := range len(s) {
		if c := s[i]; kept[c] {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}

// PercentAll encodes all but the unreserved characters.
func PercentAll(s string) string { return Percent(s, Unreserved, false) }

// EncodeURIComponent is JavaScript's.
func EncodeURIComponent(s string) string { return Percent(s, Unreserved+"!*'()", false) }

// EncodeURI is JavaScript's.
func EncodeURI(s string) string { return Percent(s, Unreserved+"!*'();/?:@&=+$,#", false) }

// PercentDecode undoes percent-encoding, and with plus also + for a space;
// what is no escape stays.
func PercentDecode(s string, plus bool) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%' && i+2 < len(s):
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b = append(b, byte(n))
				i += 2
				continue
			}
			b = append(b, '%')
		case s[i] == '+' && plus:
			b = append(b, ' ')
		default:
			b = append(b, s[i])
		}
	}
	return string(b)
}

func percentDecodeLoose(s string) string { return PercentDecode(s, true) }

// Digest is a hash function by name.
type Digest struct {
	Name string // "SHA-256"
	Word string // "sha256"
	Sum  func(b []byte) []byte
	Cost int
}

// Digests lists the hashes that people put into a string to be signed.
var Digests = []Digest{
	{"SHA-256", "sha256", func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }, common},
	{"MD5", "md5", func(b []byte) []byte { s := md5.Sum(b); return s[:] }, usual},     // #nosec G401
	{"SHA-1", "sha1", func(b []byte) []byte { s := sha1.Sum(b); return s[:] }, usual}, // #nosec G401
	{"SHA-512", "sha512", func(b []byte) []byte { s := sha512.Sum512(b); return s[:] }, plausible},
	{"SHA-384", "sha384", func(b []byte) []byte { s := sha512.Sum384(b); return s[:] }, rare},
	{"SHA-224", "sha224", func(b []byte) []byte { s := sha256.Sum224(b); return s[:] }, rare},
}

// Wrap breaks s into lines of that width; last puts a line break behind the
// last one, too.
func Wrap(s string, width int, newline string, last bool) string {
	var b strings.Builder
	for len(s) > width {
		b.WriteString(s[:width] + newline)
		s = s[width:]
	}
	b.WriteString(s)
	if last {
		b.WriteString(newline)
	}
	return b.String()
}

// Stringify writes s as a JSON string, with \uXXXX for characters outside
// ASCII where ascii says so.
func Stringify(s string, ascii bool) string {
	e := escaping{}
	if ascii {
		e.nonASCII = lowerUnits
	}
	return string(stringify([]byte(s), e))
}

// maxCompressed is the size in bytes up to which the compressors are tried.
const maxCompressed = 1 << 20

// compressors are those of the standard library. A stream is not determined by
// its data: other compressors, zlib above all, make other bytes.
var compressors = []struct {
	name   string
	writer func(w io.Writer, level int) (io.WriteCloser, error)
}{
	{"gzip", func(w io.Writer, level int) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, level) }},
	{"zlib", func(w io.Writer, level int) (io.WriteCloser, error) { return zlib.NewWriterLevel(w, level) }},
	{"deflate", func(w io.Writer, level int) (io.WriteCloser, error) { return flate.NewWriter(w, level) }},
}

// Compressed returns the body as Go compresses it, the default level first. It
// takes some milliseconds, so it is not among Singles.
func (m *Maker) Compressed() []Variant {
	if len(m.sent) == 0 || len(m.sent) > maxCompressed {
		return nil
	}
	var list []Variant
	seen := map[string]bool{}
	for _, level := range []int{flate.DefaultCompression, 1, 2, 3, 4, 5, 6, 7, 8, 9} {
		for _, c := range compressors {
			if m.stop() {
				return list
			}
			packed, err := compress(m.sent, c.writer, level)
			if err != nil || seen[string(packed)] {
				continue
			}
			seen[string(packed)] = true
			cost := min(usual+len(list)/12, exotic)
			list = append(list, Variant{Bytes: packed, Cost: cost, Changes: []variant.Change{{
				Cause: "body_gzip_signed", Says: "compressed, and received without compression",
				Habit: fmt.Sprintf("signing behind the code that compresses (Go's %s), or an HTTP client that "+
					"decompresses by itself", c.name),
			}}})
		}
	}
	return list
}

func compress(body []byte, writer func(io.Writer, int) (io.WriteCloser, error), level int) ([]byte, error) {
	var b bytes.Buffer
	w, err := writer(&b, level)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}
