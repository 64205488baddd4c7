package deflate

import (
	"bytes"
	"compress/flate"
	"io"
	"sync"
)

const (
	goDefault = flate.DefaultCompression
	goHuffman = flate.HuffmanOnly
)

// goWriters holds the compressors of the standard library by level; each takes
// about a megabyte.
var goWriters [flate.BestCompression - flate.HuffmanOnly + 1]sync.Pool

// goStream compresses as compress/flate does, which is also what compress/gzip
// and compress/zlib contain. Writing to memory at a valid level does not fail.
func goStream(data []byte, level int, flush bool) []byte {
	var b bytes.Buffer
	pool := &goWriters[level-flate.HuffmanOnly]
	w, ok := pool.Get().(*flate.Writer)
	if !ok {
		w, _ = flate.NewWriter(io.Discard, level)
	}
	w.Reset(&b)
	_, _ = w.Write(data)
	if flush {
		_ = w.Flush()
	}
	_ = w.Close()
	w.Reset(io.Discard)
	pool.Put(w)
	return b.Bytes()
}

func goGzip(level int, flush bool) func(*encoder) []byte {
	return func(e *encoder) []byte {
		return appendGzip(e.goStream(level, flush), e.crc, len(e.data), Header{XFL: xflOf(level), OS: osUnknown})
	}
}

func goZlib(level int) func(*encoder) []byte {
	return func(e *encoder) []byte { return appendZlib(e.goStream(level, false), e.adler, level) }
}

func goRaw(level int) func(*encoder) []byte {
	return func(e *encoder) []byte { return e.goStream(level, false) }
}
