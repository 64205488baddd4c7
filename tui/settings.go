package tui

import (
	"cmp"
	"context"
	"reflect"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/redact"
	"countersign/apiclient/workspace"
	"countersign/tui/keymap"
	"countersign/tui/layout"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// Settings are what the configuration says to the explorer. They may change
// while it runs.
type Settings struct {
	Catalog  *catalog.Catalog
	Theme    *ui.Theme
	Keys     *keymap.Table       // nil: the defaults
	Profiles []apiclient.Profile // all that can be chosen, without their keys
	Requests workspace.Place     // of the request files; without a folder: there are none
	Hints    bool                // whether a newcomer is shown the way
	Redact   redact.Redactor     // what is masked on the screen and in what leaves
	File     string              // the configuration, there or not; "": it has no place
	// Outdated are the profiles that no longer are what the services were made
	// of: they are made again where one of them is in use.
	Outdated []string
	Notices  []string // worth saying, such as what is wrong with a catalogue
}

// file names the configuration's file.
func (s *Settings) file() string {
	if s.File == "" {
		return "config.toml"
	}
	return ui.Safe(s.File)
}

// useSettings works with the settings as they are now.
func (a *App) useSettings() {
	a.desk.Use(a.config.Catalog, a.config.Redact)
	a.panes.endpoints.SetEndpoints(a.config.Catalog.Endpoints())
	if a.files.Use(a.config.Requests, a.config.Catalog) {
		a.panes.endpoints.SetRequests(a.config.Requests, nil)
	}
}

// reloaded is the configuration, read because its file changed.
type reloaded struct {
	settings *Settings // nil where it did not change
	err      error     // why the new one cannot be used; the last good one stays
	first    bool      // it is what the explorer was to begin with
}

// reload asks whether the configuration has changed.
func (a *App) reload() tea.Cmd { return reading(a.config.Reload, false) }

// later reads what the explorer did not wait for.
func (a *App) later() tea.Cmd { return reading(a.config.Later, true) }

// reading reads settings, where there is something that can.
func reading(read func(context.Context) (*Settings, error), first bool) tea.Cmd {
	if read == nil {
		return nil
	}
	return func() tea.Msg {
		s, err := read(context.Background())
		return reloaded{s, err, first}
	}
}

func (msg reloaded) handle(a *App) tea.Cmd {
	if msg.err != nil {
		a.banner.fault = hint.Sentence(msg.err)
		a.rearrange()
		return nil
	}
	if msg.settings == nil {
		return nil
	}
	a.banner.fault = ""
	masks := a.config.Redact
	a.config.Settings = *msg.settings
	a.config.Theme = nil
	if t := msg.settings.Theme; t != nil {
		a.useTheme(t.Name)
	}
	a.useKeys(msg.settings.Keys)
	a.useSettings()
	again := tea.Batch(a.desk.FollowCatalog(), a.files.Look())
	if !reflect.DeepEqual(masks, a.config.Redact) {
		again = tea.Batch(again, a.mask())
	}
	if !msg.first {
		a.status.Set("The configuration was read again", status.Neutral)
	}
	a.notify(msg.settings.Notices)
	a.rearrange()
	if a.services == nil {
		return nil
	}
	name := a.services.Client.Profile().Name
	switch {
	case !slices.ContainsFunc(a.config.Profiles, func(p apiclient.Profile) bool { return p.Name == name }):
		a.status.Set("The profile "+name+" is gone from the configuration; it stays in use as it was", status.Warn)
	case slices.Contains(msg.settings.Outdated, name):
		return tea.Batch(again, a.loadProfile(switched{name: name, unasked: true}))
	}
	return again
}

// useTheme changes the colours of everything: all panes hold the one theme.
func (a *App) useTheme(name string) {
	if name == a.theme.Name {
		return
	}
	*a.theme = *a.theme.As(name)
	a.theme.SetKeys(a.keys)
	a.restyle()
}

// restyle has what was drawn beforehand drawn again.
func (a *App) restyle() {
	for _, s := range slices.Concat(layout.Order, []keymap.Scope{keymap.Diagnosis}) {
		if p, ok := a.panes.get(s).(interface{ Restyle() }); ok {
			p.Restyle()
		}
	}
	a.rearrange()
}

func (a *App) useKeys(t *keymap.Table) {
	a.keys = cmp.Or(t, Keys()).Bind(a.actions())
	a.theme.SetKeys(a.keys)
}

// nextTheme goes to the next theme, and has it remembered.
func (a *App) nextTheme() tea.Cmd {
	names := ui.Themes
	next := names[(slices.Index(names, a.theme.Name)+1)%len(names)]
	a.useTheme(next)
	keep := a.config.KeepTheme
	if keep == nil {
		a.status.Set("Theme "+next, status.Neutral)
		return nil
	}
	a.status.Set("Theme "+next+", from now on: until theme under [ui] changes in "+a.config.file(), status.Neutral)
	return func() tea.Msg {
		if err := keep(next); err != nil {
			return ui.Told{Text: "The theme cannot be remembered: " + hint.Sentence(err), Bad: true}
		}
		return nil
	}
}
