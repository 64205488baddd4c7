package tui

import (
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
	a.panes.endpoints.SetEndpoints(a.config.Catalog.Endpoints())
	a.useFiles(a.config.Requests)
	again := tea.Batch(a.followCatalog(), a.lookAtFiles())
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

// followCatalog has the drafts follow a catalogue that was read again, and the
// open one checked and signed again.
func (a *App) followCatalog() tea.Cmd {
	before := a.panes.request.Revision()
	a.panes.request.SetCatalog(func(id string) (catalog.Endpoint, bool) { return endpointOf(a.config.Catalog, id) })
	if e, known := a.panes.request.Endpoint(); known {
		a.panes.response.SetEndpoint(e)
	}
	if a.services == nil {
		return nil
	}
	a.panes.response.SetSteps(a.steps())
	if a.panes.request.Revision() != before {
		a.saver.seen = a.edition() // nobody typed that
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

// ErrTerminalNeeded is in the chain of an error of Config.Switch: the
// profile's keys can only be loaded where the terminal is free, because a pass
// phrase is asked for or another program asks.
var ErrTerminalNeeded = errors.New("the terminal is needed")

type (
	// chosenProfile is a profile that a person chose.
	chosenProfile struct{ name string }
	// switched are the services of another profile.
	switched struct {
		name     string
		services *Services
		kept     savedBefore // drafts that were left with this profile
		again    bool        // it was the profile in use
		onTerm   bool        // the terminal was free
		unasked  bool        // the configuration changed; nobody asked for it
		began    loads       // when it was asked for
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
	now := a.desk.loads
	if msg.unasked {
		return msg.began.unasked != now.unasked || msg.began.used != now.used
	}
	return msg.began.asked != now.asked
}

func (a *App) loadProfile(done switched) tea.Cmd {
	if done.unasked {
		a.desk.loads.unasked++
	} else {
		a.desk.loads.asked++
	}
	done.began = a.desk.loads
	load, observe := a.config.Switch, a.flight.observe
	name, onTerminal := done.name, done.onTerm
	done.again = a.services != nil && a.services.Client.Profile().Name == name
	work := func() error {
		ctx := context.Background()
		if done.services, done.err = load(ctx, name, onTerminal, observe); done.err != nil {
			return done.err
		}
		var err error
		if done.kept.drafts, done.kept.place, err = done.services.History.Drafts(ctx, name); err != nil {
			done.services.Notices = append(done.services.Notices, hint.Sentence(err))
		}
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

// attach returns the panes what they work with.
func (a *App) attach() {
	s, p := a.services, a.services.Client.Profile()
	a.panes.request.SetBase(p.BaseURL)
	a.panes.request.SetSentHeaders(func(header string) bool { return s.Client.SendsHeader(apiclient.Draft{Body: []byte("{}")}, header) })
	a.panes.request.SetTriggers(s.Triggers)
	a.panes.headers.SetProfile(p)
	a.panes.signature.SetProfile(p)
	a.panes.response.SetProfile(p.Name)
	a.panes.response.SetSteps(a.steps())
	a.files.Forget() // their values are of another profile
	a.panes.request.SetVariables(a.variables())
	a.panes.runs.Attach(s.History)
	a.panes.diagnosis.Attach(s.examine)
	a.traffic.Attach(s.Traffic)
}

// handle works with another profile from now on.
func (msg switched) handle(a *App) tea.Cmd {
	switch {
	case a.late(msg):
		return nil
	case errors.Is(msg.err, ErrTerminalNeeded) && msg.unasked:
		a.status.Keep("The profile "+msg.name+" has changed, and its key needs the terminal: "+
			a.keys.KeyName(keymap.Profiles)+" chooses it again", status.Warn)
		return nil
	case errors.Is(msg.err, ErrTerminalNeeded) && !msg.onTerm:
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
	a.desk.loads.used++
	keep := a.saveDrafts(false) // with the profile that they were typed for
	a.services, a.loadErr = msg.services, nil
	var moved tea.Cmd
	if !msg.again {
		moved = a.moveDrafts(msg.kept)
	}
	p := a.services.Client.Profile()
	a.attach()
	text := "Requests go to " + p.BaseURL + " as " + p.Name + " now"
	if msg.again {
		text = "The profile " + p.Name + " was loaded again"
	}
	a.status.Set(text, status.Neutral)
	a.notify(a.services.Notices)
	a.desk.previewing = false
	return tea.Batch(keep, moved, a.draftChanged(), a.panes.runs.Refresh())
}
