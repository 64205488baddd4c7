package wire

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/andybalholm/brotli"
)

// ContentCodings lists the codings of the body in the order in which they were
// applied, "identity" left out.
func (m Message) ContentCodings() []string {
	var codings []string
	for _, c := range strings.Split(strings.ToLower(strings.Join(m.Values("Content-Encoding"), ",")), ",") {
		if c = strings.TrimSpace(c); c != "" && c != "identity" {
			codings = append(codings, c)
		}
	}
	return codings
}

// maxCodings is how many codings on top of each other are undone.
const maxCodings = 3

// errTooLong says that a body grows past the limit when it is decoded.
var errTooLong = errors.New("it grows past the limit")

// DecodeBody returns the body of m without its content coding; nil where it has
// none. limit is the size in bytes that it may have then. The error says why
// the coding cannot be undone.
func DecodeBody(m *Message, limit int64) ([]byte, error) {
	codings := m.ContentCodings()
	if len(codings) == 0 || len(m.Body) == 0 {
		return nil, nil
	}
	if len(codings) > maxCodings {
		return nil, fmt.Errorf("%d codings on top of each other are too many", len(codings))
	}
	body := m.Body
	for i := len(codings) - 1; i >= 0; i-- {
		var err error
		body, err = decodeOne(codings[i], body, limit)
		switch {
		case err != nil && m.Partial:
			return nil, errors.New("it is incomplete")
		case err != nil:
			return nil, err
		}
	}
	return body, nil
}

func decodeOne(coding string, body []byte, limit int64) ([]byte, error) {
	r, err := decoder(coding, body)
	if err != nil {
		return nil, err
	}
	decoded := bytes.NewBuffer(make([]byte, 0, 512))
	if _, err := decoded.ReadFrom(io.LimitReader(r, limit+1)); err != nil {
		return nil, fmt.Errorf("the %s data is damaged: %w", coding, err)
	}
	if int64(decoded.Len()) > limit {
		return nil, errTooLong
	}
	return decoded.Bytes(), nil
}

func decoder(coding string, body []byte) (io.Reader, error) {
	src := bytes.NewReader(body)
	switch coding {
	case "gzip", "x-gzip":
		r, err := gzip.NewReader(src)
		if err != nil {
			return nil, fmt.Errorf("it is not gzip data: %w", err)
		}
		return r, nil
	case "deflate":
		// The name means zlib, but bare DEFLATE is met as often.
		if r, err := zlib.NewReader(src); err == nil {
			return r, nil
		}
		return flate.NewReader(bytes.NewReader(body)), nil
	case "br":
		return brotli.NewReader(src), nil
	}
	return nil, fmt.Errorf("the coding %q is not known here", coding)
}
