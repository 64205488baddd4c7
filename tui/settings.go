package tui

import (
	"cmp"
	"context"
	"errors"
	"io"
	"reflect"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/redact"
	"countersign/apiclient/workspace"
	"countersign/tui/desk"
	"countersign/tui/keymap"
	"countersign/tui/layout"
	"countersign/tui/services"
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

// loaded is what the explorer works with.
type loaded struct {
	services *Services
	recorded historyState
	begin    desk.Beginning
	err      error
}

// load makes the services and signs the first draft with them.
func (a *App) load() tea.Cmd {
	load, observe, begin := a.config.Load, a.desk.Flight.Observe, a.desk.Begin()
	return func() tea.Msg {
		ctx := context.Background()
		s, err := load(ctx, observe)
		if err != nil {
			return loaded{err: err}
		}
		signed := begin(s)
		version, err := s.History.Version(ctx)
		n, countErr := s.History.Count(ctx)
		if err = cmp.Or(err, countErr); err != nil {
			s.Notices = append(s.Notices, hint.Sentence(err))
		}
		return loaded{services: s, recorded: historyState{n, version}, begin: signed(s.Left(ctx))}
	}
}

// Loading implements terminal.Model: it reports whether the services are still
// being made.
func (a *App) Loading() bool { return a.services == nil && a.loadErr == nil }

// handle starts the work once everything is loaded.
func (msg loaded) handle(a *App) tea.Cmd {
	if a.services != nil {
		return nil // another profile was chosen meanwhile, and is there
	}
	if msg.err != nil {
		a.loadErr = msg.err
		a.status.Set("Nothing can be sent yet: the reason stands above", status.Bad)
		a.panes.runs.Fail("The history is opened when this is fixed.")
		a.panes.signature.Show(nil, nil, true, msg.err)
		return nil
	}
	a.recorded = msg.recorded
	cmd, returned := a.desk.Start(msg.services, msg.begin)
	if returned {
		a.markOpen()
	}
	a.attach(msg.services)
	return tea.Batch(cmd, a.panes.runs.Refresh(), a.openFirst())
}

// reloaded is the configuration, read because its file changed.
type reloaded struct {
	settings *Settings // nil where it did not change
	err      error     // why the new one cannot be used; the last good one stays
	first    bool      // it is what the explorer was to begin with
}

// reload asks whether the configuration has changed.
func (a *App) reload() tea.Cmd {
	read := a.config.Reload
	if read == nil {
		return nil
	}
	return func() tea.Msg {
		s, err := read(context.Background())
		return reloaded{settings: s, err: err}
	}
}

// later reads what the explorer did not wait for.
func (a *App) later() tea.Cmd {
	read := a.config.Later
	if read == nil {
		return nil
	}
	return func() tea.Msg {
		s, err := read(context.Background())
		return reloaded{s, err, true}
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
	a.useTheme(msg.settings.Theme)
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
func (a *App) useTheme(t *ui.Theme) {
	if t == nil || t.Name == a.theme.Name {
		return
	}
	*a.theme = *t
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

type (
	// chosenProfile is a profile that a person chose.
	chosenProfile struct{ name string }
	// switched are the services of another profile.
	switched struct {
		name     string
		services *Services
		left     services.Left // with this profile
		again    bool          // it was the profile in use
		onTerm   bool          // the terminal was free
		unasked  bool          // the configuration changed; nobody asked for it
		began    loads         // when it was asked for
		err      error
	}
)

func (msg chosenProfile) handle(a *App) tea.Cmd { return a.switchTo(msg.name, false) }

// switchTo loads another profile's keys, with the screen given up where they
// need it. What was typed stays.
func (a *App) switchTo(name string, onTerminal bool) tea.Cmd {
	a.status.Set("Loading the keys of "+name+"…", status.Neutral)
	return a.loadProfile(switched{name: name, onTerm: onTerminal})
}

// loads counts what is loaded of profiles, so that a late one is not used.
type loads struct{ asked, unasked, used int }

// late reports that a profile came after a newer choice, or after the
// configuration had changed once more.
func (a *App) late(msg switched) bool {
	now := a.loads
	if msg.unasked {
		return msg.began.unasked != now.unasked || msg.began.used != now.used
	}
	return msg.began.asked != now.asked
}

func (a *App) loadProfile(done switched) tea.Cmd {
	if done.unasked {
		a.loads.unasked++
	} else {
		a.loads.asked++
	}
	done.began = a.loads
	load, observe := a.config.Switch, a.desk.Flight.Observe
	name, onTerminal := done.name, done.onTerm
	done.again = a.services != nil && a.services.Client.Profile().Name == name
	work := func() error {
		ctx := context.Background()
		if done.services, done.err = load(ctx, name, onTerminal, observe); done.err != nil {
			return done.err
		}
		done.left = done.services.Left(ctx)
		return nil
	}
	if !onTerminal {
		return func() tea.Msg {
			_ = work()
			return done
		}
	}
	return a.config.Exec(offScreen{work}, func(err error) tea.Msg {
		done.err = err
		return done
	})
}

// offScreen is work that needs the terminal for itself.
type offScreen struct{ work func() error }

func (o offScreen) Run() error          { return o.work() }
func (o offScreen) SetStdin(io.Reader)  {}
func (o offScreen) SetStdout(io.Writer) {}
func (o offScreen) SetStderr(io.Writer) {}

// attach works with services that have come, as the desk does already.
func (a *App) attach(s *Services) {
	a.services, a.loadErr = s, nil
	a.panes.runs.Attach(s.History)
	a.panes.diagnosis.Attach(s.Examine)
	a.traffic.Attach(s.Traffic)
	a.notify(s.Notices)
}

// handle works with another profile from now on.
func (msg switched) handle(a *App) tea.Cmd {
	switch {
	case a.late(msg):
		return nil
	case errors.Is(msg.err, services.ErrTerminalNeeded) && msg.unasked:
		a.status.Keep("The profile "+msg.name+" has changed, and its key needs the terminal: "+
			a.keys.KeyName(keymap.Profiles)+" chooses it again", status.Warn)
		return nil
	case errors.Is(msg.err, services.ErrTerminalNeeded) && !msg.onTerm:
		return a.switchTo(msg.name, true)
	case msg.err != nil:
		stays := ""
		if a.services != nil {
			stays = "; " + a.services.Client.Profile().Name + " stays in use"
		}
		text := "The profile " + msg.name + " cannot be used" + stays + ": " + hint.Sentence(msg.err)
		a.status.Keep(text, status.Bad)
		if ui.Width(ui.Safe(text)) > a.layout.Width-3 { // the status line would cut the reason off
			a.notify([]string{text})
		}
		return nil
	}
	a.loads.used++
	left := &msg.left
	if msg.again {
		left = nil
	}
	cmd := a.desk.Switch(msg.services, left)
	a.attach(msg.services)
	p := a.services.Client.Profile()
	text := "Requests go to " + p.BaseURL + " as " + p.Name + " now"
	if msg.again {
		text = "The profile " + p.Name + " was loaded again"
	}
	a.status.Set(text, status.Neutral)
	return tea.Batch(cmd, a.panes.runs.Refresh())
}
