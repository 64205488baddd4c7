//go:build unix

package history

import (
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"countersign/apiclient/hint"
)

// TestRefusesAPipe: opening one would wait for ever.
func TestRefusesAPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(context.Background(), path); err == nil || !strings.Contains(err.Error(), "not a regular file") || hint.Of(err) == "" {
		t.Errorf("%v (hint %q)", err, hint.Of(err))
	}
}
