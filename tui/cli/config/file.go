package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Sizes up to which files are read, in bytes: what is larger is another file
// than the one that was meant.
const (
	MaxConfig  = 1 << 20
	MaxCatalog = 64 << 20
	maxCA      = 4 << 20
)

// ErrTooLarge is wrapped by the error of a file that is larger than it may be.
var ErrTooLarge = errors.New("it is too large")

// ReadFile reads a file of limit bytes at most. A device that never ends is
// refused as a large file is. Errors are of type *fs.PathError.
func ReadFile(name string, limit int) ([]byte, error) {
	f, err := os.Open(name) //nolint:gosec // the person names it
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	data, err := ReadUpTo(f, limit)
	if errors.Is(err, ErrTooLarge) {
		err = &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return data, err
}

// ReadUpTo reads all that comes from r, limit bytes at most. A file that is known
// to be larger is not read at all.
func ReadUpTo(r io.Reader, limit int) ([]byte, error) {
	tooLarge := fmt.Errorf("%w: more than %d MiB", ErrTooLarge, limit>>20)
	var into bytes.Buffer
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			if info.Size() > int64(limit) {
				return nil, tooLarge
			}
			into.Grow(int(info.Size()) + bytes.MinRead)
		}
	}
	_, err := into.ReadFrom(io.LimitReader(r, int64(limit)+1))
	if err == nil && into.Len() > limit {
		return nil, tooLarge
	}
	return into.Bytes(), err
}

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
