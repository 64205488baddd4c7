package cli

import (
	"os"
	"path/filepath"
	"testing"

	"countersign/apiclient/workspace"
	"countersign/tui/cli/config"
)

// A folder, or a file, opens the requests that its project has.
func TestWhatTheExplorerIsStartedFor(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{"repo/requests/pay", "repo/src", "alone"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o750); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{"repo/requests/pay/a.http", "alone/b.http"} {
		if err := os.WriteFile(filepath.Join(dir, f), []byte("### x\nGET /x\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	project := filepath.Join(dir, "repo", "requests")
	for _, tt := range []struct {
		arg, requests string
		want          workspace.Place
		at            string
	}{
		{"", project, workspace.Place{Dir: project}, ""},
		{"", "", workspace.Place{}, ""},
		{"repo", project, workspace.Place{Dir: project}, "."},
		{"repo/requests", project, workspace.Place{Dir: project}, "."},
		{"repo/src", project, workspace.Place{Dir: filepath.Join(dir, "repo", "src")}, "."},
		{"alone", "", workspace.Place{Dir: filepath.Join(dir, "alone")}, "."},
		{"repo/requests/pay/a.http#x", project, workspace.Place{Dir: project}, "pay/a.http#x"},
		{"alone/b.http", project, workspace.Place{Dir: filepath.Join(dir, "alone"), One: "b.http"}, "b.http"},
	} {
		a := newApp(nil, nil, nil)
		var args []string
		if tt.arg != "" {
			args = []string{tt.arg}
		}
		if err := a.open(args); err != nil {
			t.Fatal(err)
		}
		got := a.requestPlace(&config.Config{Requests: tt.requests})
		if got != tt.want || a.openAt(got) != tt.at {
			t.Errorf("%q: %+v at %q, want %+v at %q", tt.arg, got, a.openAt(got), tt.want, tt.at)
		}
	}
	if err := newApp(nil, nil, nil).open([]string{"gone.http"}); err == nil {
		t.Error("a file that is not there is opened")
	}
}
