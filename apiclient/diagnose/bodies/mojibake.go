package bodies

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

func mojibake(e encoding.Encoding) rewriter {
	return func(b []byte) ([]byte, bool) {
		if !hasHigh(b) || !utf8.Valid(b) {
			return nil, false
		}
		out, err := e.NewDecoder().Bytes(b)
		return out, err == nil && !bytes.Equal(out, b)
	}
}

// webMojibake makes mojibake by the Windows-1252 of browsers, which has a
// control character for each byte that the charset leaves out.
func webMojibake(b []byte) ([]byte, bool) {
	if !hasHigh(b) || !utf8.Valid(b) {
		return nil, false
	}
	out := make([]byte, 0, 2*len(b))
	for _, c := range b {
		r := charmap.Windows1252.DecodeByte(c)
		if r == utf8.RuneError {
			r = rune(c)
		}
		out = utf8.AppendRune(out, r)
	}
	return out, true
}

func twice(f rewriter) rewriter {
	return func(b []byte) ([]byte, bool) {
		once, ok := f(b)
		if !ok {
			return nil, false
		}
		return f(once)
	}
}

func undoMojibake(e encoding.Encoding) rewriter {
	return func(b []byte) ([]byte, bool) {
		if !hasHigh(b) {
			return nil, false
		}
		out, ok := inEncoding(e, "")(b)
		return out, ok && utf8.Valid(out)
	}
}

func fromCharset(e encoding.Encoding) rewriter {
	return func(b []byte) ([]byte, bool) {
		if utf8.Valid(b) {
			return nil, false
		}
		out, err := e.NewDecoder().Bytes(b)
		return out, err == nil
	}
}

func hasHigh(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return true
		}
	}
	return false
}

func lowBytes(b []byte) ([]byte, bool) {
	return eachUnit(b, func(dst []byte, u uint16) []byte {
		return append(dst, byte(u)) //nolint:gosec // cut on purpose
	})
}

func lastBytes(b []byte) ([]byte, bool) {
	if !hasHigh(b) {
		return nil, false
	}
	out := bytes.Clone(b)
	for i := range out {
		out[i] &= 0x7f
	}
	return out, true
}

func cesu8(b []byte) ([]byte, bool) {
	return eachUnit(b, func(dst []byte, u uint16) []byte {
		switch {
		case u < 0x80:
			return append(dst, byte(u))
		case u < 0x800:
			return append(dst, 0xc0|byte(u>>6), 0x80|byte(u)&0x3f)
		}
		return append(dst, 0xe0|byte(u>>12), 0x80|byte(u>>6)&0x3f, 0x80|byte(u)&0x3f)
	})
}

// eachUnit rebuilds text from its UTF-16 units.
func eachUnit(b []byte, f func(dst []byte, u uint16) []byte) ([]byte, bool) {
	if !hasHigh(b) || !utf8.Valid(b) {
		return nil, false
	}
	out := make([]byte, 0, len(b))
	for _, r := range string(b) {
		if r > 0xffff {
			r -= 0x10000
			out = f(f(out, uint16(0xd800|r>>10)), uint16(0xdc00|r&0x3ff)) //nolint:gosec // surrogates
			continue
		}
		out = f(out, uint16(r)) //nolint:gosec // below 0x10000
	}
	return out, true
}

// perByte puts something in the place of the bytes outside ASCII.
func perByte(with string) rewriter {
	return func(b []byte) ([]byte, bool) {
		if !hasHigh(b) {
			return nil, false
		}
		out := make([]byte, 0, len(b))
		for _, c := range b {
			if c < 0x80 {
				out = append(out, c)
			} else {
				out = append(out, with...)
			}
		}
		return out, true
	}
}

// perRune puts something in the place of the characters beyond most.
func perRune(with string, most rune) rewriter {
	return func(b []byte) ([]byte, bool) {
		if !hasHigh(b) || !utf8.Valid(b) {
			return nil, false
		}
		changed := false
		out := make([]byte, 0, len(b))
		for _, r := range string(b) {
			if r <= most {
				out = utf8.AppendRune(out, r)
				continue
			}
			out, changed = append(out, with...), true
		}
		return out, changed
	}
}
