package deflate

import (
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
)

// Header is what a producer decides about a gzip stream: the compression and
// the ten bytes before it. No common platform sets a name or a comment when it
// compresses memory.
type Header struct {
	Level    int    // as for Raw
	MemLevel int    // as for Raw
	XFL      byte   // extra flags: 2 for level 9, 4 for level 1 where zlib writes it
	OS       byte   // 3 Unix, 10 Windows, 19 macOS, 0 FAT, 255 unknown
	MTime    uint32 // seconds since 1970, or 0
}

// Gzip gives data as a gzip stream (RFC 1952) under h.
func Gzip(data []byte, h Header) []byte {
	return appendGzip(Raw(data, h.Level, h.MemLevel), crc32.ChecksumIEEE(data), len(data), h)
}

// appendGzip puts header and trailer around a stream.
func appendGzip(stream []byte, crc uint32, size int, h Header) []byte {
	out := make([]byte, 0, len(stream)+18)
	out = append(out, 0x1f, 0x8b, 8, 0)
	out = binary.LittleEndian.AppendUint32(out, h.MTime)
	out = append(out, h.XFL, h.OS)
	out = append(out, stream...)
	out = binary.LittleEndian.AppendUint32(out, crc)
	return binary.LittleEndian.AppendUint32(out, uint32(size))
}

// Zlib gives data as a zlib stream (RFC 1950), as compress2 does.
func Zlib(data []byte, level int) []byte {
	return appendZlib(Raw(data, level, 8), adler32.Checksum(data), level)
}

// appendZlib puts header and trailer around a stream. The level in the header
// counts for nothing, but every zlib writes it.
func appendZlib(stream []byte, adler uint32, level int) []byte {
	flevel := uint16(3)
	switch {
	case level < 0 || level > 9 || level == 6:
		flevel = 2
	case level < 2:
		flevel = 0
	case level < 6:
		flevel = 1
	}
	head := 0x7800 | flevel<<6
	head += 31 - head%31
	out := make([]byte, 0, len(stream)+6)
	out = binary.BigEndian.AppendUint16(out, head)
	out = append(out, stream...)
	return binary.BigEndian.AppendUint32(out, adler)
}

// xflOf gives the extra flags that zlib and gzip write for a level.
func xflOf(level int) byte {
	switch level {
	case 9:
		return 2
	case 1:
		return 4
	}
	return 0
}
