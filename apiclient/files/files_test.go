package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadStopsAtItsLimit(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(name, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := Read(name, 5); err != nil || string(data) != "12345" {
		t.Errorf("%q, %v", data, err)
	}
	var path *fs.PathError
	if data, err := Read(name, 4); data != nil || !errors.Is(err, ErrTooLarge) || !errors.As(err, &path) || path.Path != name {
		t.Errorf("%q, %v", data, err)
	}
	if data, err := ReadUpTo(strings.NewReader("12345"), 4); data != nil || !errors.Is(err, ErrTooLarge) {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := Read(name+"b", 4); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := Read("/dev/zero", 4); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func TestFilesAreWholeOrNotThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "a")
	for i, want := range []bool{true, false} {
		if made, err := Create(name, []byte{byte('1' + i)}, 0o600); made != want || err != nil {
			t.Errorf("%d: %v, %v", i, made, err)
		}
	}
	has(t, name, "1", 0o600)
	if err := Replace(name, []byte("2"), 0o640); err != nil {
		t.Error(err)
	}
	has(t, name, "2", 0o640)
	if err := Replace(filepath.Join(dir, "none", "a"), nil, 0o600); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	folder := filepath.Join(dir, "folder")
	if err := os.MkdirAll(filepath.Join(folder, "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Replace(folder, []byte("3"), 0o600); err == nil {
		t.Error("a folder was replaced")
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("left over: %v", left)
	}
}

func has(t *testing.T, name, want string, mode fs.FileMode) {
	t.Helper()
	data, err := os.ReadFile(name)
	info, statErr := os.Stat(name)
	if err != nil || statErr != nil || string(data) != want || info.Mode().Perm() != mode {
		t.Errorf("%q, %v, %v", data, err, info.Mode())
	}
}
