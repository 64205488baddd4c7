package tuitest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write golden files instead of comparing them")

// Golden compares the screen with testdata/<name>.golden.
func (d *Driver) Golden(t testing.TB, name string) {
	t.Helper()
	Golden(t, name, d.Screen())
}

// Golden compares a text with testdata/<name>.golden. With -update it writes
// the file.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	GoldenFile(t, filepath.Join("testdata", name+".golden"), got)
}

// GoldenFile is Golden for a file of any name.
func GoldenFile(t testing.TB, path, got string) {
	t.Helper()
	if !strings.HasSuffix(got, "\n") {
		got += "\n"
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path) //nolint:gosec // a path of the test's own
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if string(want) != got {
		t.Errorf("%s differs; go test -update accepts the new one\n--- want\n%s\n--- got\n%s", path, want, got)
	}
}
