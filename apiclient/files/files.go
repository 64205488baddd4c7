// Package files reads files up to a limit, and writes them whole or not at all.
//
// A name comes from a person: it may be a device that never ends, or a folder that
// another program writes to at the same time.
package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrTooLarge is wrapped by the error of a file that is larger than it may be.
var ErrTooLarge = errors.New("it is too large")

// Read reads a file of limit bytes at most. A device that never ends is refused as a
// large file is. Errors are of type *fs.PathError.
func Read(name string, limit int) ([]byte, error) {
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

// ReadUpTo reads all that comes from r, limit bytes at most; more is an error that wraps
// ErrTooLarge. A file that is known to be larger is not read at all. What was read
// before another error is returned with it.
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

// Replace puts data into the place of a file at once: a reader sees the old file or the
// new one, and never a part.
func Replace(name string, data []byte, mode fs.FileMode) error {
	temp, err := beside(name, data, mode)
	if err == nil {
		err = os.Rename(temp, name)
	}
	if err != nil {
		_ = os.Remove(temp) // of no use; where there is none, nothing to remove
	}
	return err
}

// Create writes a new file whole or not at all, and never over another. It reports
// whether the name was free.
func Create(name string, data []byte, mode fs.FileMode) (bool, error) {
	if _, err := os.Lstat(name); err == nil {
		return false, nil
	}
	temp, err := beside(name, data, mode)
	if err != nil {
		return false, fmt.Errorf("writing %s: %w", name, err)
	}
	defer os.Remove(temp) //nolint:errcheck // gone after a rename, and harmless otherwise
	err = os.Link(temp, name)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrExist):
		return false, nil
	}
	// A file system without links: renaming is whole too, and two programs that start in
	// the same instant on such a one are left to luck.
	if err := os.Rename(temp, name); err != nil {
		return false, err
	}
	return true, nil
}

// beside writes data to a file of its own in the same folder, and returns that one's name.
func beside(name string, data []byte, mode fs.FileMode) (string, error) {
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*") // mode 0600
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		at.Path = name // which was asked for
	}
	if err != nil {
		return "", err
	}
	_, err = temp.Write(data)
	err = errors.Join(err, temp.Chmod(mode), temp.Sync(), temp.Close())
	if err != nil {
		_ = os.Remove(temp.Name()) // a part is of no use
	}
	return temp.Name(), err
}
