package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"countersign/tui/ui"
)

// The theme that was chosen with a key is there the next time, until the
// configuration says something else than it said then. The configuration itself
// is never written.
func TestChosenThemeIsKept(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "countersign", "config.toml")
	say := func(text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	start := func() *app {
		a := newApp(strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{})
		a.env = func(name string) (string, bool) {
			return dir, name == "XDG_CONFIG_HOME" || name == "XDG_DATA_HOME" || name == "HOME"
		}
		return a
	}
	shown := func(a *app) string {
		t.Helper()
		c, err := a.config()
		if err != nil {
			t.Fatal(err)
		}
		return a.theme(c.UI.Theme, termenv.TrueColor)(c.UI.Theme)
	}
	const dark = "[ui]\ntheme = \"dark\"\n"
	say(dark)
	a := start()
	if got := shown(a); got != ui.ThemeDark {
		t.Fatalf("it begins %s", got)
	}
	if err := a.keepTheme(ui.ThemeHighContrast); err != nil {
		t.Fatal(err)
	}
	if got := shown(start()); got != ui.ThemeHighContrast {
		t.Errorf("the next time it is %s", got)
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != dark {
		t.Errorf("the configuration is %q, %v", data, err)
	}
	say("[ui]\ntheme = \"light\"\n")
	if got := shown(start()); got != ui.ThemeLight {
		t.Errorf("the configuration says light since, and it is %s", got)
	}
	say(dark)
	for _, broken := range []string{"", "blue dark", "light", "light dark more", "\x00"} {
		path, err := a.dataFile(themeFile)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := shown(start()); got != ui.ThemeDark {
			t.Errorf("%q makes it %s", broken, got)
		}
	}
}
