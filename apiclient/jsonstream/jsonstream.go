// Package jsonstream writes JSON documents with large values in them: these go
// from where they are to the output, where encoding/json would copy each several
// times over.
package jsonstream

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// WideFrom is the size in bytes from which a value is written by itself.
const WideFrom = 64 << 10

// Values are the large values of one document. A short text stands for each while
// the rest is made. Nil takes none: everything is written where it belongs.
type Values struct {
	nonce string // which no value can hold: nobody knows it before
	list  []value
}

type value struct {
	text    []byte // what stands for it, without quotes
	value   []byte
	encoded bool // in base64
	at      int
}

// New begins a document.
func New() *Values { return &Values{nonce: rand.Text()} }

// Put returns what to marshal for b as a string, or else as base64 where it is
// not UTF-8. What is returned must be in the document once at most.
func (h *Values) Put(b []byte) (text string, binary []byte) {
	if !utf8.Valid(b) {
		return "", h.Binary(b)
	}
	return string(h.keep(b, false)), nil
}

// Binary returns what to marshal for b as base64.
func (h *Values) Binary(b []byte) []byte { return h.keep(b, true) }

// keep returns what stands for b while the document is made.
func (h *Values) keep(b []byte, encoded bool) []byte {
	if h == nil || len(b) < WideFrom {
		return b
	}
	mark := []byte(fmt.Sprint(h.nonce, len(h.list)))
	standsFor := mark
	if encoded {
		standsFor = []byte(base64.StdEncoding.EncodeToString(mark))
	}
	h.list = append(h.list, value{text: standsFor, value: b, encoded: encoded})
	return mark
}

// Write writes the document indented, without escapes for HTML, and with a line
// feed at the end, the values in their places.
func (h *Values) Write(w io.Writer, document any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(document); err != nil {
		return err
	}
	return h.fill(w, b.Bytes())
}

// fill writes the document with the values in their places.
func (h *Values) fill(w io.Writer, document []byte) error {
	for i := range h.list {
		h.list[i].at = bytes.Index(document, append(append([]byte{'"'}, h.list[i].text...), '"')) + 1
	}
	slices.SortFunc(h.list, func(a, b value) int { return a.at - b.at })
	from := 0
	for _, v := range h.list {
		if v.at == 0 {
			continue // it was left out
		}
		if _, err := w.Write(document[from:v.at]); err != nil {
			return err
		}
		if err := v.write(w); err != nil {
			return err
		}
		from = v.at + len(v.text)
	}
	_, err := w.Write(document[from:])
	return err
}

// write writes the value as it stands between quotes.
func (v value) write(w io.Writer) error {
	if v.encoded {
		enc := base64.NewEncoder(base64.StdEncoding, w)
		if _, err := enc.Write(v.value); err != nil {
			return err
		}
		return enc.Close()
	}
	for rest := v.value; len(rest) > 0; {
		n := min(len(rest), WideFrom)
		for n < len(rest) && !utf8.RuneStart(rest[n]) {
			n--
		}
		var quoted bytes.Buffer
		enc := json.NewEncoder(&quoted)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(string(rest[:n])); err != nil {
			return err
		}
		if _, err := w.Write(quoted.Bytes()[1 : quoted.Len()-len("\"\n")]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}
