package bodies

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"

	"countersign/apiclient/diagnose/variant"
)

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

// Compressed gives the body as Go compresses it, the default level first. It
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
			list = append(list, Variant{Bytes: packed, Cost: min(usual+len(list)/12, exotic), Changes: []variant.Change{{
				Cause: "body_gzip_signed", Says: "The body was signed compressed, and received without compression.",
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
