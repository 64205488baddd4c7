package export

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"countersign/apiclient"
)

// unneeded are headers that curl writes by itself, or better leaves out; unasked
// are those that it adds where nobody gave them.
var (
	unneeded = map[string]bool{"host": true, "content-length": true, "connection": true}
	unasked  = []string{"Content-Type", "Accept", "User-Agent", "Expect"}
)

// curl writes a command for a POSIX shell. One that was tampered says so in its
// first line, and one that needs values of the environment stops where they are
// not there.
func (j *job) curl() ([]byte, error) {
	var mark strings.Builder
	if len(j.e.Tampered) > 0 {
		// A command that does nothing: not every shell takes comments at its prompt.
		mark.WriteString(": " + quote("tampered on purpose: "+apiclient.TamperTitles(j.e.Tampered)) + "\n")
	}
	for _, name := range j.names() {
		fmt.Fprintf(&mark, ": \"${%s:?is secret and not in this command: set it first}\"\n", name)
	}
	body := j.e.Request.Body
	first, data := j.curlBody(body)
	// -g: braces and brackets of the URL are no patterns.
	parts := []string{first + "curl -g --http1.1 --path-as-is -sS -i -X " + quote(method(&j.e)), j.posix(j.e.URL)}
	for _, h := range curlHeaders(&j.e) {
		parts = append(parts, "-H "+j.posix(h))
	}
	return []byte(mark.String() + strings.Join(append(parts, data), " \\\n  ") + "\n"), nil
}

func method(e *apiclient.Exchange) string {
	method, _, _ := strings.Cut(e.Request.Line, " ")
	return method
}

// curlHeaders returns the values of -H: a header without a value ends in a
// semicolon, and one that curl must not add in a colon.
func curlHeaders(e *apiclient.Exchange) []string {
	var list []string
	for _, f := range e.Request.Header {
		switch {
		case unneeded[strings.ToLower(f.Name)] && !(strings.EqualFold(f.Name, "Host") && f.Value != hostAt(e.URL)):
		case f.Value == "":
			list = append(list, f.Name+";") // as curl wants it
		default:
			list = append(list, f.Name+": "+f.Value)
		}
	}
	for _, name := range unasked {
		if !e.Request.Has(name) && (name != "Expect" || len(e.Request.Body) > expectedFrom) {
			list = append(list, name+":")
		}
	}
	return list
}

// posix writes a word, with what is taken from the environment.
func (j *job) posix(s string) string {
	var b strings.Builder
	for _, p := range j.pieces(s) {
		if p.env != "" {
			b.WriteString(`"$` + p.env + `"`)
		} else {
			b.WriteString(quote(p.text))
		}
	}
	if s == "" {
		return "''"
	}
	return b.String()
}

func hostAt(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// Bounds of a command line, in bytes: no system takes a much longer word, and
// curl asks before it sends a longer body.
const (
	longestWord  = 100_000
	expectedFrom = 1024
)

// curlBody returns how curl gets the body: as a word, or from what stands before
// it where no word can hold it, which a NUL ends.
func (j *job) curlBody(body []byte) (first, data string) {
	switch {
	case bytes.IndexByte(body, 0) >= 0 || len(body) > longestWord && !printed(body):
		format, words := "", ""
		for _, p := range j.pieces(string(body)) {
			if p.env != "" {
				format, words = format+"%s", words+` "$`+p.env+`"`
			} else {
				format, words = format+"%b", words+" "+octal([]byte(p.text))
			}
		}
		return "printf " + format + words + " | ", "--data-binary @-"
	case len(body) > longestWord:
		return "printf %s " + j.posix(string(body)) + " | ", "--data-binary @-"
	case len(body) > 0 && body[0] == '@':
		return "", "--data-raw " + j.posix(string(body)) // else curl would send the file of that name
	}
	return "", "--data-binary " + j.posix(string(body))
}

// printed reports whether a terminal takes all of a text as it is on pasting.
func printed(b []byte) bool {
	return utf8.Valid(b) && !bytes.ContainsFunc(b, func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 })
}

// octal writes bytes as a word for printf %b.
func octal(b []byte) string {
	out := []byte{'\''}
	for i := 0; i < len(b); {
		_, n := utf8.DecodeRune(b[i:])
		switch c := b[i]; {
		case c == '\'':
			out = append(out, `'\''`...)
		case c == '\\':
			out = append(out, `\\`...)
		case !printed(b[i : i+n]):
			for _, c := range b[i : i+n] {
				out = fmt.Appendf(out, `\0%03o`, c)
			}
		default:
			out = append(out, b[i:i+n]...)
		}
		i += n
	}
	return string(append(out, '\''))
}

// quote writes a word for a POSIX shell; bytes that a terminal would change on
// pasting are written as escapes, which bash and zsh understand.
func quote(s string) string {
	if printed([]byte(s)) {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + "'"
}
