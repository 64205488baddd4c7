package config

import "bytes"

// Sizes up to which files are read, in bytes: what is larger is another file
// than the one that was meant.
const (
	MaxConfig  = 1 << 20
	MaxCatalog = 64 << 20
	maxCA      = 4 << 20
)

// byteOrderMark is what some editors of Windows begin UTF-8 with.
var byteOrderMark = []byte("\ufeff")

// asText returns a configuration without a byte order mark. What is no text, or
// text in UTF-16, is an error.
func asText(shown string, data []byte) ([]byte, error) {
	data = bytes.TrimPrefix(data, byteOrderMark)
	nul := bytes.IndexByte(data, 0)
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")):
		return nil, &Error{File: shown, Line: 1, Column: 1, Says: "the file is UTF-16, and TOML is UTF-8",
			Fix: "save it as UTF-8 in your editor"}
	case nul >= 0:
		return nil, newWalker(shown, data).at(nul, "a NUL byte: this is not a text file in UTF-8",
			"check that it is the right file, and save it as UTF-8 in your editor")
	}
	return data, nil
}
