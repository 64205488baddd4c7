package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/tui"
	"countersign/tui/ui"
)

// reloading is a configuration that is edited under a running explorer.
type reloading struct {
	*reloader
	t    *testing.T
	path string
}

const twoProfiles = `default_profile = "a"
[profiles.a]
base_url = "https://a.example.com/api"
client_id = "1"
[profiles.b]
base_url = "https://b.example.com/api"
client_id = "2"
`

func newReloading(t *testing.T, text string, named bool) *reloading {
	t.Helper()
	dir := t.TempDir()
	x := &reloading{t: t, path: filepath.Join(dir, "countersign", "config.toml")}
	if err := os.MkdirAll(filepath.Dir(x.path), 0o700); err != nil {
		t.Fatal(err)
	}
	if text != "" {
		x.write(text)
	}
	a := newApp(strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{})
	a.env = func(name string) (string, bool) {
		return dir, name == "XDG_CONFIG_HOME" || name == "HOME"
	}
	if named {
		a.flags.config = x.path
	}
	theme := ui.NewTheme(ui.ThemeDark, 0)
	r, err := a.reloader(func(string) *ui.Theme { return theme })
	if err != nil {
		t.Fatal(err)
	}
	r.wait = func() {}
	x.reloader = r
	return x
}

func (x *reloading) write(text string) {
	x.t.Helper()
	if err := os.WriteFile(x.path, []byte(text), 0o600); err != nil {
		x.t.Fatal(err)
	}
}

// profiles reloads, and gives the profiles that can be chosen; nil where
// nothing changed.
func (x *reloading) profiles() []string {
	x.t.Helper()
	s, err := x.reload(context.Background())
	if err != nil {
		x.t.Fatal(err)
	}
	return names(s)
}

func names(s *tui.Settings) []string {
	if s == nil {
		return nil
	}
	list := []string{}
	for _, p := range s.Profiles {
		list = append(list, p.Name)
	}
	return list
}

func (x *reloading) fails(want string) {
	x.t.Helper()
	s, err := x.reload(context.Background())
	if err == nil || !strings.Contains(err.Error(), want) {
		x.t.Fatalf("%v, %v; want %q", names(s), err, want)
	}
	if s, err := x.reload(context.Background()); s != nil || err != nil {
		x.t.Fatalf("said again: %v, %v", s, err)
	}
	c, err := x.app.config()
	if err != nil || !slices.Contains(c.Names(), "b") {
		x.t.Fatalf("the last good one is not kept: %v, %v", c, err)
	}
}

// A document that the new configuration names, and that is not there yet, is
// waited for: it has not to be touched again.
func TestReloadWaitsForANewCatalogue(t *testing.T) {
	t.Parallel()
	x := newReloading(t, twoProfiles, false)
	x.write("catalogs = [\"own.yaml\"]\n" + twoProfiles)
	x.fails("own.yaml")
	own := filepath.Join(filepath.Dir(x.path), "own.yaml")
	const document = "openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\npaths:\n  /v2/own/thing:\n    post:\n      responses: {\"200\": {description: ok}}\n"
	if err := os.WriteFile(own, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := x.reload(context.Background())
	if err != nil || s == nil {
		t.Fatalf("the document is there now: %v, %v", s, err)
	}
	if _, err := s.Catalog.Lookup("v2/own/thing"); err != nil {
		t.Error(err)
	}
}

// A file that is emptied and written, or taken away and written, is not read in
// between.
func TestReloadDoesNotReadHalfAFile(t *testing.T) {
	t.Parallel()
	x := newReloading(t, twoProfiles, false)
	half := twoProfiles[:strings.Index(twoProfiles, "[profiles.b]")] // is sound TOML too
	for name, between := range map[string]func(){
		"emptied":    func() { x.write("") },
		"half":       func() { x.write(half) },
		"taken away": func() { _ = os.Remove(x.path) },
	} {
		between()
		x.wait = func() { x.write(twoProfiles + "# " + name + "\n"); x.wait = func() {} }
		if got := x.profiles(); !slices.Contains(got, "b") {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestReloadKeepsWhatARemovedFileSaid(t *testing.T) {
	t.Parallel()
	for _, named := range []bool{false, true} {
		x := newReloading(t, twoProfiles, named)
		if err := os.Remove(x.path); err != nil {
			t.Fatal(err)
		}
		x.fails("config.toml: the file is gone")
		x.write(twoProfiles)
		if got := x.profiles(); !slices.Contains(got, "b") {
			t.Errorf("put back: %v", got)
		}
	}
	x := newReloading(t, "", false)
	if got := x.profiles(); got != nil {
		t.Errorf("no file: %v", got)
	}
	x.write(twoProfiles)
	if got := x.profiles(); !slices.Contains(got, "b") {
		t.Errorf("the first file: %v", got)
	}
}

// An editor puts a new file in the place of the old one; a link is turned to
// another file. Neither size nor time needs to differ.
func TestReloadSeesAnotherFileInItsPlace(t *testing.T) {
	t.Parallel()
	x := newReloading(t, twoProfiles, false)
	info, err := os.Stat(x.path)
	if err != nil {
		t.Fatal(err)
	}
	put := func(client string) {
		t.Helper()
		other := filepath.Join(filepath.Dir(x.path), "other"+client)
		if err := os.WriteFile(other, []byte(strings.ReplaceAll(twoProfiles, `"2"`, client)), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(other, time.Time{}, info.ModTime()); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(client, "4") { // a link, which is put there at once too
			link := other + "link"
			if err := os.Symlink(other, link); err != nil {
				t.Fatal(err)
			}
			other = link
		}
		if err := os.Rename(other, x.path); err != nil {
			t.Fatal(err)
		}
	}
	for _, client := range []string{`"3"`, `"4"`, `"5"`} {
		put(client)
		s, err := x.reload(context.Background())
		if err != nil || s == nil || !slices.Equal(s.Outdated, []string{"b"}) {
			t.Fatalf("client %s: %+v, %v", client, s, err)
		}
		i := slices.IndexFunc(s.Profiles, func(p apiclient.Profile) bool { return p.Name == "b" })
		if `"`+s.Profiles[i].ClientID+`"` != client {
			t.Errorf("client %s: %s", client, s.Profiles[i].ClientID)
		}
	}
}
