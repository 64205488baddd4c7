package apiclient

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

// WriteJSON writes what MarshalJSON gives, indented and with a line feed at the
// end. Large bodies and signed strings go from where they are to w: an exchange
// holds 32 MB up to four times, and encoding/json would copy each several times
// over.
func (e Exchange) WriteJSON(w io.Writer) error {
	h := &holes{nonce: rand.Text()}
	b, err := e.toJSON(h)
	if err != nil {
		return err
	}
	var document bytes.Buffer
	if err := json.Indent(&document, b, "", "  "); err != nil {
		return err
	}
	document.WriteByte('\n')
	return h.fill(w, document.Bytes())
}

// wideFrom is the size in bytes from which a value is written by itself.
const wideFrom = 64 << 10

// holes are the large values of a document. A short text stands for each while
// the rest is made. Nil: there are none, and everything is written where it
// belongs.
type holes struct {
	nonce string // which no value can hold: nobody knows it before
	list  []hole
}

type hole struct {
	text    []byte // what stands for it, without quotes
	value   []byte
	encoded bool // in base64
	at      int
}

// put returns what to write for b as a string, or else as base64 where it is
// not UTF-8.
func (h *holes) put(b []byte) (text string, binary []byte) {
	valid := utf8.Valid(b)
	if h != nil && len(b) >= wideFrom {
		mark := []byte(fmt.Sprint(h.nonce, len(h.list)))
		standsFor := mark
		if !valid {
			standsFor = []byte(base64.StdEncoding.EncodeToString(mark))
		}
		h.list = append(h.list, hole{text: standsFor, value: b, encoded: !valid})
		b = mark
	}
	if valid {
		return string(b), nil
	}
	return "", b
}

// fill writes the document with the values in their places.
func (h *holes) fill(w io.Writer, document []byte) error {
	for i := range h.list {
		h.list[i].at = bytes.Index(document, append(append([]byte{'"'}, h.list[i].text...), '"')) + 1
	}
	slices.SortFunc(h.list, func(a, b hole) int { return a.at - b.at })
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
func (v hole) write(w io.Writer) error {
	if v.encoded {
		enc := base64.NewEncoder(base64.StdEncoding, w)
		if _, err := enc.Write(v.value); err != nil {
			return err
		}
		return enc.Close()
	}
	for rest := v.value; len(rest) > 0; {
		n := min(len(rest), wideFrom)
		for n < len(rest) && !utf8.RuneStart(rest[n]) {
			n--
		}
		quoted, err := marshal(string(rest[:n]))
		if err != nil {
			return err
		}
		if _, err := w.Write(quoted[1 : len(quoted)-1]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}
