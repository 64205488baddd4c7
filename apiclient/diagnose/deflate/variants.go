package deflate

import (
	"hash/adler32"
	"hash/crc32"
)

// Variant is one encoding of some data, with the name of who makes it.
type Variant struct {
	Name  string
	Bytes []byte
	// Also names others who make the same bytes when nobody chooses a level.
	Also []string
}

// Variants lists the gzip, zlib and raw encodings of data that common platforms
// produce when no time is set, likeliest first. Of equal encodings only the first
// is listed, and the others are in Also: small data is often the same at several
// levels.
//
// The bytes of Go come from the standard library that this program is built
// with, and other versions of Go may compress differently.
func Variants(data []byte) []Variant {
	e := &encoder{
		data: data, streams: map[params][]byte{},
		crc: crc32.ChecksumIEEE(data), adler: adler32.Checksum(data),
	}
	seen := map[string]int{}
	var list []Variant
	for i, producers := range [][]producer{
		defaults(len(data)), gzipLevels(len(data)), zlibLevels(), flushing(),
	} {
		for _, p := range producers {
			b := p.encode(e)
			first, ok := seen[string(b)]
			if !ok {
				seen[string(b)] = len(list)
				list = append(list, Variant{Name: p.name, Bytes: b})
			} else if i == 0 {
				list[first].Also = append(list[first].Also, p.name)
			}
		}
	}
	return list
}

// encoder makes the encodings of one body; many share a stream.
type encoder struct {
	data       []byte
	streams    map[params][]byte
	crc, adler uint32
}

// stream gives the raw stream for p.
func (e *encoder) stream(p params) []byte {
	s, ok := e.streams[p]
	if !ok {
		s = appendStream(nil, e.data, p)
		e.streams[p] = s
	}
	return s
}

// goStream gives the raw stream of Go.
func (e *encoder) goStream(level int, flush bool) []byte {
	p := params{level: level, flavour: golang, syncFlush: flush}
	s, ok := e.streams[p]
	if !ok {
		s = goStream(e.data, level, flush)
		e.streams[p] = s
	}
	return s
}

// producer is somebody who compresses.
type producer struct {
	name   string
	encode func(*encoder) []byte
}

// gz is a producer's gzip encoding.
func gz(p params, xfl, os byte) func(*encoder) []byte {
	return func(e *encoder) []byte {
		return appendGzip(e.stream(p), e.crc, len(e.data), Header{XFL: xfl, OS: os})
	}
}

// zl is a producer's zlib encoding.
func zl(p params) func(*encoder) []byte {
	return func(e *encoder) []byte { return appendZlib(e.stream(p), e.adler, p.level) }
}

// raw is a producer's encoding without header.
func raw(p params) func(*encoder) []byte {
	return func(e *encoder) []byte { return e.stream(p) }
}

// at is zlib as nearly everybody sets it up.
func at(level int) params { return params{level: level, memLevel: 8, windowBits: 15} }

// mem9 is zlib with the most memory, as in PHP and Perl (MAX_MEM_LEVEL) and in
// Apache's mod_deflate (DEFAULT_MEMLEVEL).
func mem9(level int) params { return params{level: level, memLevel: 9, windowBits: 15} }

// nodeJS is the zlib of Node.js.
func nodeJS(level int) params {
	return params{level: level, memLevel: 8, windowBits: 15, flavour: chromium}
}

// gnu is GNU gzip.
func gnu(level int) params {
	return params{level: level, memLevel: 8, windowBits: 15, flavour: gnuGzip}
}

// nginx is zlib as ngx_http_gzip_filter_module sets it up: for a response of
// known size it takes a smaller window, and less memory with it.
func nginx(level, size int) params {
	p := at(level)
	for size > 0 && size < 1<<(p.windowBits-1)-262 {
		p.windowBits--
		p.memLevel--
	}
	p.memLevel = max(p.memLevel, 1)
	return p
}

// flushed is p with a flush between the data and the end.
func flushed(p params) params {
	p.syncFlush = true
	return p
}
