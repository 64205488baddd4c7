package bodies

import "unicode/utf16"

// Forge returns the bytes that node-forge hashes in the place of text: without
// "utf8" its md.update takes four UTF-16 units for the four bytes of a word, and
// what is above the low byte of a unit spills into the byte before it. It is false
// where every unit fits into a byte.
func Forge(dst []byte, text string) ([]byte, bool) {
	start, spilt := len(dst), false
	for i, u := range utf16.Encode([]rune(text)) {
		dst = append(dst, byte(u)) //nolint:gosec // the low byte
		if high := byte(u >> 8); high != 0 {
			spilt = true
			if i%4 != 0 {
				dst[start+i-1] ^= high
			}
		}
	}
	return dst, spilt
}
