package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/keys"
	"countersign/apiclient/sandbox"
	"countersign/tui"
	"countersign/tui/cli/config"
	"countersign/tui/ui"
)

// current is a configuration that took the place of the one at the start.
type current struct {
	config  *config.Config
	catalog *catalog.Catalog
}

// settings are what the explorer is told of a configuration.
func settings(c *config.Config, all *catalog.Catalog, theme *ui.Theme) tui.Settings {
	s := tui.Settings{Catalog: all, Theme: theme, Keys: c.UI.Keys, Hints: c.UI.Hints, Redact: c.Redact}
	if faults := faultLines(all.Faults(), 8); len(faults) > 0 {
		const says = "Parts of the catalogue could not be read; the rest is in use, and ! marks what is concerned"
		s.Notices = append([]string{says}, faults...)
	}
	for _, name := range c.Names() {
		s.Profiles = append(s.Profiles, outline(c, name))
	}
	return s
}

func outline(c *config.Config, name string) apiclient.Profile {
	if p, ok := c.Profile(name); ok {
		return p.Outline()
	}
	return apiclient.Profile{
		Name: config.Sandbox, BaseURL: "http://127.0.0.1" +
			sandbox.Prefix, ClientID: sandbox.ClientID, MerchantID: sandbox.MerchantID,
		KeyVersion: sandbox.KeyVersion, KeyName: "the sandbox's own",
	}
}

// reloader reads the configuration again when its file, or a document that it
// names, has changed. The files are looked at, not watched: that works on
// every disk and with every editor, and costs a system call for each.
type reloader struct {
	app   *app
	theme func(name string) *ui.Theme
	file  string
	named bool
	had   bool   // the file was there once
	wait  func() // between two looks at a file that changed
	mu    sync.Mutex
	files []seenFile
}

// seenFile is what a file was when it was looked at.
type seenFile struct {
	name string
	info fs.FileInfo // nil: it was not there, or could not be looked at
}

func (f seenFile) same(g seenFile) bool {
	if f.name != g.name || (f.info == nil) != (g.info == nil) {
		return false
	}
	// A file that was put in its place may have its size and its time.
	return f.info == nil || os.SameFile(f.info, g.info) && f.info.Size() == g.info.Size() &&
		f.info.ModTime().Equal(g.info.ModTime())
}

// settleFor is how long a file that changed must stay as it is before it is
// read: an editor that does not put a new one in its place empties it first, or
// takes it away.
const (
	settleFor = 60 * time.Millisecond
	settles   = 20 // after so many changes in a row it is read all the same
)

func (a *app) reloader(theme func(string) *ui.Theme) (*reloader, error) {
	file, named, err := config.Locate(a.flags.config, a.env)
	if err != nil {
		return nil, err
	}
	r := &reloader{app: a, theme: theme, file: file, named: named, wait: func() { time.Sleep(settleFor) }}
	if c, err := a.config(); err == nil {
		r.files = r.look(c.Watched())
	} else {
		r.files = r.look(nil)
	}
	r.had = r.files[0].info != nil
	return r, nil
}

// follow looks at the files of a catalogue's documents too.
func (r *reloader) follow(all *catalog.Catalog) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.files = append(r.files, r.look(all.Files())[1:]...)
}

func (r *reloader) look(catalogs []string) []seenFile {
	files := make([]seenFile, 0, 1+len(catalogs))
	for _, name := range append([]string{r.file}, catalogs...) {
		info, err := os.Stat(name)
		if err != nil {
			info = nil
		}
		files = append(files, seenFile{name, info})
	}
	return files
}

// again looks at the same files once more.
func (r *reloader) again() []seenFile {
	var catalogs []string
	for _, f := range r.files[1:] {
		catalogs = append(catalogs, f.name)
	}
	return r.look(catalogs)
}

// reload returns the new settings; nil where nothing changed. An error leaves
// what was read before in use; it is told once for each change.
func (r *reloader) reload(ctx context.Context) (*tui.Settings, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.again()
	if slices.EqualFunc(now, r.files, seenFile.same) {
		return nil, nil
	}
	was := r.files
	for n := 0; n < settles && !slices.EqualFunc(was, now, seenFile.same) && ctx.Err() == nil; n++ {
		r.wait()
		was, now = now, r.again()
	}
	r.files = now
	r.had = r.had || now[0].info != nil
	old, err := r.app.config()
	if err != nil {
		return nil, err
	}
	if r.had && now[0].info == nil {
		return nil, &config.Error{File: r.file, Says: "the file is gone; what it said stays in use",
			Fix: "put it back, or start again to do without it"}
	}
	c, err := r.app.loadConfigFrom(r.file, r.named, r.named || r.had)
	if err != nil {
		return nil, err
	}
	// It may name other documents now, also one that is still to come.
	r.files = slices.Concat(now[:1], r.look(c.Watched())[1:])
	all, err := readCatalog(c)
	if err != nil {
		return nil, err
	}
	r.files = append(r.files, r.look(all.Files())[1:]...)
	r.app.current.Store(&current{c, all})
	if !slices.Equal(old.Sandbox.Faults, c.Sandbox.Faults) {
		r.app.misbehave(c.Sandbox.Faults)
	}
	s := settings(c, all, r.theme(c.UI.Theme))
	s.File, s.Requests = r.file, r.app.requestPlace(c)
	for name, p := range c.Profiles {
		if was, ok := old.Profile(name); ok && !was.Same(p) {
			s.Outdated = append(s.Outdated, name)
		}
	}
	return &s, nil
}

// switchTo makes the services of another profile, while the explorer runs.
func (a *app) switchTo(ctx context.Context, name string, onTerminal bool,
	observe func(apiclient.Progress)) (*tui.Services, error) {
	c, err := a.config()
	if err != nil {
		return nil, err
	}
	if p, ok := c.Profile(name); ok && p.AsksItself() && !onTerminal {
		return nil, tui.ErrTerminalNeeded
	}
	a.quiet.Store(!onTerminal)
	defer a.quiet.Store(false)
	said := len(a.noticed())
	s, err := a.services(ctx, func(ctx context.Context) (apiclient.Profile, error) {
		return a.connectedAs(ctx, name)
	}, observe)
	if errors.Is(err, keys.ErrPassphraseNeeded) && !onTerminal {
		err = errors.Join(tui.ErrTerminalNeeded, err)
	}
	if err != nil {
		return nil, err
	}
	s.Notices = s.Notices[said:]
	return s, nil
}

// Files of the data folder that remember what was seen and chosen.
const (
	hintsFile = "hints" // which hints a newcomer has seen, one name on a line
	themeFile = "theme" // the theme that was chosen, and what the configuration said then
)

func (a *app) hintsSeen() []string { return a.remembered(hintsFile) }

func (a *app) keepHints(seen []string) error { return a.remember(hintsFile, seen) }

// keptTheme is the theme that was chosen in the explorer; "" where none was, or
// where the configuration has changed its own since: what was said last counts.
func (a *app) keptTheme(configured string) string {
	words := a.remembered(themeFile)
	if len(words) != 2 || words[1] != configured || !slices.Contains(ui.Themes, words[0]) {
		return ""
	}
	return words[0]
}

func (a *app) keepTheme(name string) error {
	c, err := a.config()
	if err != nil {
		return err
	}
	return a.remember(themeFile, []string{name, c.UI.Theme})
}

// remembered returns the words of a small file among the data.
func (a *app) remembered(name string) []string {
	path, err := a.dataFile(name)
	if err != nil {
		return nil
	}
	data, err := os.ReadFile(path) //nolint:gosec // a file of our own
	if err != nil {
		return nil
	}
	return strings.Fields(string(data))
}

func (a *app) remember(name string, words []string) error {
	path, err := a.dataFile(name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(strings.Join(words, "\n")+"\n"), 0o600)
}
