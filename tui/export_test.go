package tui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"countersign/apiclient/redact"
	"countersign/tui/terminal"
)

const secretAnswer = `{"result":{"resultStatus":"S"},"accessToken":"TOKEN-0123456789","authRedirectUrl":"https://example.test/a?b=1","other":"http://x.test/"}`

func withSecrets() func(*world) {
	return answering(200, map[string]string{"Content-Type": "application/json", "Set-Cookie": "sid=COOKIE-0123456789"}, secretAnswer)
}

// Y copies in any form: secrets are masked until r asks for them.
func TestCopyAs(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withSecrets())
	x.Key("ctrl+r", "Y", "down", "down", "down", "enter")
	if !strings.Contains(x.copied, "HTTP/1.1 200") || strings.Contains(x.copied, "TOKEN-0123456789") || strings.Contains(x.copied, "COOKIE-") {
		t.Errorf("copied %s", x.copied)
	}
	x.shows(t, "Copied the raw HTTP messages")
	x.Key("Y", "down", "down", "down", "r", "y")
	if !strings.Contains(x.copied, secretAnswer) {
		t.Errorf("copied %s", x.copied)
	}
	before := x.copied
	x.Key("Y", "esc")
	if x.copied != before {
		t.Error("esc copied something")
	}
}

// What is saved is a new file, for this user alone; one that is there stays.
func TestSave(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := explore(t, 140, 40, withSecrets(), func(x *world) {
		x.config.Folder = dir
	})
	x.Key("ctrl+r", "5", "s")
	x.shows(t, "Save to a new file")
	x.Key("enter")
	x.shows(t, "Saved pay-")
	files, err := filepath.Glob(filepath.Join(dir, "pay-*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil || string(data) != secretAnswer {
		t.Errorf("saved %s, %v", data, err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(files[0], []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	x.Key("s", "enter")
	x.shows(t, "Not saved")
	if data, _ := os.ReadFile(files[0]); string(data) != "mine" {
		t.Errorf("the file was written over: %s", data)
	}
	x.Key("Y", "s", "enter")
	if files, _ := filepath.Glob(filepath.Join(dir, "pay-*.sh")); len(files) != 1 {
		t.Error("the command was not saved")
	}
}

// An address of the answer is opened once that was agreed to, and nothing but http.
func TestBrowse(t *testing.T) {
	t.Parallel()
	var opened []string
	x := explore(t, 140, 40, withSecrets(), func(x *world) {
		x.config.Browse = func(address string) error { opened = append(opened, address); return nil }
	})
	x.Key("ctrl+r", "5", "u")
	x.shows(t, "There are several web addresses")
	for range 10 {
		if x.Key("u"); x.app.box != nil {
			break
		}
		x.Key("down")
	}
	x.shows(t, "Open in the browser?")
	x.Key("n")
	if len(opened) != 0 {
		t.Errorf("opened %q without a yes", opened)
	}
	x.Key("u", "y")
	if len(opened) != 1 || opened[0] != "https://example.test/a?b=1" {
		t.Errorf("opened %q", opened)
	}
	for _, address := range []string{"file:///etc/passwd", "javascript:alert(1)", "http://", "-x", "https:relative"} {
		if terminal.Browse(address) == nil {
			t.Errorf("%s was opened", address)
		}
	}
}

// M takes what is secret from the screen; what is sent and kept stays.
func TestMaskedScreen(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withSecrets())
	x.Key("ctrl+r", "5")
	x.shows(t, "TOKEN-0123456789")
	x.Key("M")
	if strings.Contains(x.app.View(), "TOKEN-") {
		t.Errorf("the token is on the screen:\n%s", x.app.View())
	}
	x.Key("ctrl+r")
	if strings.Contains(x.app.View(), "TOKEN-") {
		t.Error("the next answer's token is on the screen")
	}
	if !strings.Contains(string(x.app.desk.Shown().Response.Body), "TOKEN-0123456789") {
		t.Error("the answer itself was masked")
	}
	x.Key("M")
	x.shows(t, "TOKEN-0123456789")
}

// [redact] of the configuration masks headers on the screen as the built-in names
// do, from the moment that it says so.
func TestConfiguredHeadersAreMasked(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, answering(200, map[string]string{"X-Device": "DEVICE-0123456789"}, secretAnswer))
	x.Key("ctrl+r", "3", "end")
	x.shows(t, "DEVICE-0123456789")
	masks, err := redact.New([]string{"X-Device"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := x.app.config.Settings
	s.Redact = masks
	x.Run(reloaded{settings: &s}.handle(x.app))
	masked := func(where string) {
		t.Helper()
		if view := x.app.View(); strings.Contains(view, "DEVICE-") || !strings.Contains(view, "masked") {
			t.Errorf("%s:\n%s", where, view)
		}
	}
	masked("the list of headers")
	for range 20 {
		if x.Key("enter"); strings.Contains(x.app.View(), "X-Device of the response") {
			break
		}
		x.Key("esc", "up")
	}
	x.shows(t, "X-Device of the response")
	masked("a header whole")
	x.Key("esc", "5", "]")
	masked("the raw answer")
	x.Key("y")
	if strings.Contains(x.copied, "DEVICE-") || !strings.Contains(x.copied, "X-Device: ***") {
		t.Errorf("copied %s", x.copied)
	}
	x.Key("ctrl+r", "6", "c", "4")
	masked("the comparison")
}

// M masks a diagnosis and a comparison that are open, and shows them again. What
// leaves is masked all the same.
func TestMaskedCovers(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 60, withSecrets())
	toggles := func(where string) {
		t.Helper()
		x.shows(t, "TOKEN-0123456789")
		x.Key("M")
		if view := x.app.View(); strings.Contains(view, "TOKEN-") || !strings.Contains(view, "***masked-") {
			t.Errorf("%s:\n%s", where, view)
		}
		x.Key("M")
		x.shows(t, "TOKEN-0123456789")
	}
	x.Key("ctrl+r", "d")
	toggles("the diagnosis")
	x.Key("M", "s", "s")
	x.lacks(t, "TOKEN-")
	x.shows(t, "***masked-")
	x.Key("y")
	if strings.Contains(x.copied, "TOKEN-") || !strings.Contains(x.copied, "***masked-") {
		t.Errorf("copied %s", x.copied)
	}
	x.Key("M", "esc", "ctrl+r", "6", "c", "4")
	toggles("the comparison")
	x.Key("M", "esc", "c", "4")
	x.lacks(t, "TOKEN-")
}

// A redactor of the configuration is that of the diagnosis too, whichever run it
// turns to.
func TestConfiguredPathsAreMaskedInCopiedReports(t *testing.T) {
	t.Parallel()
	masks, err := redact.New(nil, []string{"..other"})
	if err != nil {
		t.Fatal(err)
	}
	x := explore(t, 140, 60, withSecrets(), func(x *world) { x.config.Redact = masks })
	x.Key("ctrl+r", "d", "y")
	if !strings.Contains(x.copied, "***masked-") || strings.Contains(x.copied, "http://x.test/") {
		t.Errorf("copied %s", x.copied)
	}
}
