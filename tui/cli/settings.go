package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"

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
	s := tui.Settings{Catalog: all, Theme: theme, Keys: c.UI.Keys, Hints: c.UI.Hints}
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
		Name: config.Sandbox, BaseURL: "http://127.0.0.1" + sandbox.Prefix, ClientID: sandbox.ClientID, MerchantID: sandbox.MerchantID,
		KeyVersion: sandbox.KeyVersion, KeyName: "the sandbox's own",
	}
}

// reloader reads the configuration again when its file, or a document that it
// names, has changed. The files are looked at, not watched: that works on
// every disk and with every editor, and costs two system calls.
type reloader struct {
	app   *app
	theme func(name string) *ui.Theme
	file  string
	named bool
	mu    sync.Mutex
	stamp string
}

func (a *app) reloader(theme func(string) *ui.Theme) (*reloader, error) {
	file, named, err := config.Locate(a.flags.config, a.env)
	if err != nil {
		return nil, err
	}
	r := &reloader{app: a, theme: theme, file: file, named: named}
	r.stamp = r.look()
	return r, nil
}

// look sums up the state of the files.
func (r *reloader) look() string {
	files := []string{r.file}
	if c, err := r.app.config(); err == nil {
		files = append(files, c.Catalogs...)
	}
	var b strings.Builder
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			fmt.Fprintf(&b, "%s: %v\n", f, errors.Is(err, fs.ErrNotExist))
			continue
		}
		fmt.Fprintf(&b, "%s: %d %d\n", f, info.Size(), info.ModTime().UnixNano())
	}
	return b.String()
}

// reload gives the new settings; nil where nothing changed.
func (r *reloader) reload(context.Context) (*tui.Settings, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	stamp := r.look()
	if stamp == r.stamp {
		return nil, nil
	}
	r.stamp = stamp
	old, err := r.app.config()
	if err != nil {
		return nil, err
	}
	c, err := config.Load(r.file, r.named)
	if err != nil {
		return nil, err
	}
	all, err := readCatalog(c)
	if err != nil {
		return nil, err
	}
	r.app.current.Store(&current{c, all})
	r.stamp = r.look() // it may name other documents now
	s := settings(c, all, r.theme(c.UI.Theme))
	s.File = r.file
	for name, p := range c.Profiles {
		if was, ok := old.Profile(name); ok && !reflect.DeepEqual(was, p) {
			s.Outdated = append(s.Outdated, name)
		}
	}
	return &s, nil
}

// switchTo makes the services of another profile, while the explorer runs.
func (a *app) switchTo(ctx context.Context, name string, onTerminal bool, observe func(apiclient.Progress)) (*tui.Services, error) {
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

// hintsFile remembers which hints a newcomer has seen, one name on a line.
const hintsFile = "hints"

func (a *app) hintsSeen() []string {
	path, err := a.dataFile(hintsFile)
	if err != nil {
		return nil
	}
	data, err := os.ReadFile(path) //nolint:gosec // a file of our own
	if err != nil {
		return nil
	}
	return strings.Fields(string(data))
}

func (a *app) keepHints(seen []string) error {
	path, err := a.dataFile(hintsFile)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(strings.Join(seen, "\n")+"\n"), 0o600)
}
