package tui

import (
	"context"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Settings are what the configuration says to the explorer. They may change
// while it runs.
type Settings struct {
	Catalog  *catalog.Catalog
	Theme    *ui.Theme
	Keys     *keymap.Table       // nil: the defaults
	Profiles []apiclient.Profile // all that can be chosen, without their keys
	Hints    bool                // whether a newcomer is shown the way
	File     string              // the configuration, there or not; "": it has no place
	// Outdated are the profiles that no longer are what the services were made
	// of: they are made anew where one of them is in use.
	Outdated []string
}

// file names the configuration's file.
func (s *Settings) file() string {
	if s.File == "" {
		return "config.toml"
	}
	return ui.Safe(s.File)
}

// reloaded is the configuration, read because its file changed.
type reloaded struct {
	settings *Settings // nil where it did not change
	err      error     // why the new one cannot be used; the last good one stays
}

// reload asks whether the configuration has changed.
func (a *App) reload() tea.Cmd {
	read := a.config.Reload
	if read == nil {
		return nil
	}
	return func() tea.Msg {
		s, err := read(context.Background())
		return reloaded{s, err}
	}
}

// settingsNews takes over a configuration that changed.
func (a *App) settingsNews(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case reloaded:
		return a.takeSettings(msg), true
	case chosenProfile:
		return a.switchTo(msg.name, false), true
	case switched:
		return a.takeServices(msg), true
	}
	return nil, false
}

func (a *App) takeSettings(msg reloaded) tea.Cmd {
	if msg.err != nil {
		a.guide.fault = sentence(msg.err)
		a.rearrange()
		return nil
	}
	if msg.settings == nil {
		return nil
	}
	a.guide.fault = ""
	a.config.Settings = *msg.settings
	a.config.Theme = nil
	a.useTheme(msg.settings.Theme)
	a.useKeys(msg.settings.Keys)
	a.panes.endpoints.SetEndpoints(a.config.Catalog.Endpoints())
	again := a.followCatalog()
	a.say("The configuration was read again", neutral)
	a.rearrange()
	if a.services == nil {
		return nil
	}
	name := a.services.Client.Profile().Name
	switch {
	case !slices.ContainsFunc(a.config.Profiles, func(p apiclient.Profile) bool { return p.Name == name }):
		a.say("The profile "+name+" is gone from the configuration; it stays in use as it was", warn)
	case slices.Contains(msg.settings.Outdated, name):
		return tea.Batch(again, a.loadProfile(switched{name: name, unasked: true}))
	}
	return again
}

// followCatalog has the drafts follow a catalogue that was read again, and the
// open one checked and signed anew.
func (a *App) followCatalog() tea.Cmd {
	before := a.panes.request.Revision()
	a.panes.request.SetCatalog(func(id string) (catalog.Endpoint, bool) { return endpointOf(a.config.Catalog, id) })
	if e, known := a.panes.request.Endpoint(); known {
		a.panes.response.SetEndpoint(e)
	}
	switch {
	case a.services == nil:
		return nil
	case a.panes.request.Revision() != before:
		a.keeper.seen = a.edition() // nobody typed that
		return a.draftChanged()
	}
	return a.nextPreview()
}

// useTheme changes the colours of everything: all panes hold the one theme.
func (a *App) useTheme(t *ui.Theme) {
	if t == nil || t.Name == a.theme.Name {
		return
	}
	*a.theme = *t
	a.theme.SetKeys(a.keys)
	a.restyle()
}

// restyle has what was drawn beforehand drawn anew.
func (a *App) restyle() {
	for _, s := range slices.Concat(order, []keymap.Scope{keymap.Diagnosis}) {
		if p, ok := a.panes.get(s).(interface{ Restyle() }); ok {
			p.Restyle()
		}
	}
	a.rearrange()
}

func (a *App) useKeys(t *keymap.Table) {
	if t == nil {
		t = Keys()
	}
	a.keys = t.Bind(a.actions())
	a.theme.SetKeys(a.keys)
}

// nextTheme goes to the next theme, and has it remembered.
func (a *App) nextTheme() tea.Cmd {
	names := ui.Themes
	next := names[(slices.Index(names, a.theme.Name)+1)%len(names)]
	a.useTheme(a.theme.As(next))
	keep := a.config.KeepTheme
	if keep == nil {
		a.say("Theme "+next, neutral)
		return nil
	}
	a.say("Theme "+next+", from now on: until theme under [ui] changes in "+a.config.file(), neutral)
	return func() tea.Msg {
		if err := keep(next); err != nil {
			return ui.Told{Text: "The theme cannot be remembered: " + sentence(err), Bad: true}
		}
		return nil
	}
}
