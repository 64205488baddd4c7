package keys

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"countersign/apiclient/hint"
)

// TestHintsSayWhatToDo asks for a longer key where one is too short, and names
// the command with its file.
func TestHintsSayWhatToDo(t *testing.T) {
	t.Parallel()
	short, err := os.ReadFile("testdata/tiny512.pkcs8.pem")
	if err != nil {
		t.Fatal(err)
	}
	_, err = ParsePrivate(t.Context(), short, nil)
	if !strings.Contains(hint.Of(err), "2048 bits or more") {
		t.Errorf("%v", err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	file := filepath.Join(t.TempDir(), "my key.pem")
	if err := os.WriteFile(file, short, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o644); err != nil { //nolint:gosec // that is what is told
		t.Fatal(err)
	}
	if says := (Loader{}).exposed(Source{File: file}, "the private key"); len(says) != 1 || !strings.HasSuffix(says[0], "; run chmod 600 '"+file+"'") {
		t.Errorf("%q", says)
	}
}
