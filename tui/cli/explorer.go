package cli

import (
	"cmp"
	"context"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/muesli/termenv"
	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/localcert"
	"countersign/apiclient/sandbox"
	"countersign/tui"
	"countersign/tui/cli/config"
	"countersign/tui/ui"
)

// explore opens the explorer, which needs a terminal.
func (a *app) explore(cmd *cobra.Command, args []string) error {
	if err := a.open(args); err != nil {
		return err
	}
	out, ok := a.out.(*os.File)
	if !ok || !isTerminal(a.in) || !isTerminal(out) || a.flags.json {
		return usage(`use a command, such as "countersign send payments/pay"; "countersign --help" lists them`,
			"the explorer needs a terminal, and this is none")
	}
	go catalog.Builtin() // it is read while the configuration is
	// What is wrong with the configuration is said before the screen changes,
	// and pass phrases are asked for: by us, or by the command that has the key.
	c, err := a.config()
	if err != nil {
		return err
	}
	name, _, err := a.profileName()
	if err != nil {
		return err
	}
	load := a.connected
	if name != config.Sandbox {
		p, err := a.sender(cmd.Context(), name)
		if err != nil {
			return err
		}
		load = func(context.Context) (apiclient.Profile, error) { return p, nil }
	}
	a.exploring, a.served = true, a.keepServed
	// The services are made while the catalogue is read and the terminal is set
	// up: by the time the explorer asks for them they are there.
	var observer atomic.Pointer[func(apiclient.Progress)]
	made := a.ahead(cmd.Context(), load, func(p apiclient.Progress) {
		if observe := observer.Load(); observe != nil {
			(*observe)(p)
		}
	})
	profile := a.colours(out)
	theme := a.theme(c.UI.Theme, profile)
	defer theme(c.UI.Theme) // where it ends early, the terminal is put back before
	reloads, err := a.reloader(func(configured string) *ui.Theme { return ui.NewTheme(theme(configured), profile) })
	if err != nil {
		return err
	}
	all, later, err := a.catalogSoon(reloads)
	if err != nil {
		return err
	}
	start := settings(c, all, ui.NewTheme(ui.ThemeDark, profile))
	start.File, start.Requests = reloads.file, a.requestPlace(c)
	return tui.Run(cmd.Context(), tui.Config{
		Load: func(_ context.Context, observe func(apiclient.Progress)) (*tui.Services, error) {
			observer.Store(&observe)
			defer started()
			return made()
		},
		ThemeName: func() string { return theme(c.UI.Theme) },
		OpenAt:    a.openAt(start.Requests), Settings: start, Later: later, Reload: reloads.reload,
		Switch: a.switchTo, Topics: topics, HintsSeen: a.hintsSeen(), KeepHints: a.keepHints, KeepTheme: a.keepTheme,
		Now: a.now, Editor: a.editor(), Restore: &a.restore, Abandon: a.abandon,
	}, a.in, out)
}

// catalogPatience is how long the screen waits for the catalogue. Most documents
// are read in less, and what is wrong with one is said before the screen changes.
const catalogPatience = 150 * time.Millisecond

// catalogSoon returns the catalogue, or, where it takes longer, the built-in one
// and what reads the rest while the screen is there.
func (a *app) catalogSoon(r *reloader) (*catalog.Catalog, func(context.Context) (*tui.Settings, error), error) {
	type result struct {
		all *catalog.Catalog
		err error
	}
	done := make(chan result, 1)
	go func() {
		all, err := a.catalog()
		done <- result{all, err}
	}()
	select {
	case now := <-done:
		if now.err == nil {
			r.follow(now.all)
		}
		return now.all, nil, now.err
	case <-time.After(catalogPatience):
	}
	return catalog.Builtin(), func(context.Context) (*tui.Settings, error) {
		late := <-done
		if late.err != nil || a.current.Load() != nil { // it was read again meanwhile
			return nil, late.err
		}
		r.follow(late.all)
		c, err := a.config()
		if err != nil {
			return nil, err
		}
		s := settings(c, late.all, r.theme(c.UI.Theme))
		s.File, s.Requests = r.file, a.requestPlace(c)
		return &s, nil
	}, nil
}

// ahead starts making the services; the function that it returns waits for
// them.
func (a *app) ahead(ctx context.Context, load func(context.Context) (apiclient.Profile, error),
	observe func(apiclient.Progress)) func() (*tui.Services, error) {
	type result struct {
		services *tui.Services
		err      error
	}
	done := make(chan result, 1)
	go func() {
		s, err := a.services(ctx, load, observe)
		done <- result{s, err}
	}()
	return func() (*tui.Services, error) {
		r := <-done
		return r.services, r.err
	}
}

// services makes what the explorer works with: the history opens while the
// keys are loaded.
func (a *app) services(ctx context.Context, load func(context.Context) (apiclient.Profile, error),
	observe func(apiclient.Progress)) (*tui.Services, error) {
	go func() { _, _ = a.store() }()
	p, err := load(ctx)
	if err != nil {
		return nil, err
	}
	store, err := a.store()
	if err != nil {
		return nil, err
	}
	client, err := apiclient.New(p, apiclient.Options{Now: a.now, UserAgent: "countersign/" + version(), Journal: store,
		Observe: observe})
	if err != nil {
		return nil, err
	}
	values := a.resolver(p)
	buyer, err := a.buyer(p)
	if err != nil {
		return nil, err
	}
	faulty, _ := buyer.(tui.Faulty)
	return &tui.Services{
		Buyer:    buyer,
		Faulty:   faulty,
		Faults:   faultRows(),
		Triggers: triggersOf(p.Name),
		Client:   client, History: store, Expand: values.ExpandDraft, Resolver: values,
		Trace: values.TraceDraft, Renew: values.Renew, Variables: values.Known, Notices: a.noticed(),
		Evidence: func(ctx context.Context, e apiclient.Exchange, side apiclient.Side) (diagnose.Evidence, error) {
			return a.evidenceOf(ctx, client.Profile(), e, side)
		},
		Traffic: explorerTraffic{a, p}, Hide: a.hide,
		Recheck: func(ctx context.Context, e *apiclient.Exchange) { a.recheck(ctx, client, e) },
	}, nil
}

// buyer is the one who decides in the built-in Super App, or in one on this machine
// that another program runs; nil for any other profile.
func (a *app) buyer(p apiclient.Profile) (tui.Buyer, error) {
	if p.Name != config.Sandbox {
		dir, err := config.DataDir(a.env)
		if u, parsed := url.Parse(p.BaseURL); err != nil || parsed != nil || !apiclient.Local(u) {
			return nil, err
		}
		return sandbox.NewVisitor(localcert.Trusted(dir)), nil
	}
	server, err := a.server()
	if err != nil {
		return nil, err
	}
	a.faulty.Store(server.Sandbox)
	a.announced.Do(func() {
		if forget, err := a.announce(server.Sandbox); err == nil {
			a.onClose(forget)
		}
	})
	return server.Sandbox, nil
}

// misbehave puts other faults in force in the sandbox of this process, if there is one.
func (a *app) misbehave(faults []string) {
	if s := a.faulty.Load(); s != nil {
		if err := s.SetFaults(faults...); err != nil {
			a.notice(err.Error()) // config.toml was checked
		}
	}
}

// keepServed keeps in the history what the sandbox in this process did by itself: its
// notifications. What it answered is a run of the explorer's anyway.
func (a *app) keepServed(e apiclient.Exchange) {
	if e.Request.Line == "" || !strings.HasSuffix(e.Endpoint, sandbox.NotifyEndpoint) {
		return
	}
	store, err := a.store()
	if err == nil {
		err = store.Record(context.Background(), []*apiclient.Exchange{&e})
	}
	if err != nil {
		a.notice("a notification is not in the history: " + err.Error())
	}
}

// faultRows are the faults by what they concern.
func faultRows() []tui.Fault {
	var rows []tui.Fault
	heading := ""
	seen := map[string]bool{}
	for _, f := range sandbox.Faults() {
		if f.Name == "" || seen[f.Name] {
			continue
		}
		seen[f.Name] = true
		next := "Result of " + f.Endpoint
		switch {
		case f.Cause != "":
			next = "Signature: the diagnosis names it"
		case f.Code == "":
			next = "On the wire"
		case f.Endpoint == "":
			next = "Result of all interfaces"
		}
		if next != heading {
			heading = next
			rows = append(rows, tui.Fault{Name: heading, Heading: true})
		}
		rows = append(rows, tui.Fault{Name: f.Name, Says: f.Says})
	}
	return rows
}

// triggersOf are the values that the other side of a profile is known to
// answer in a certain way: those of the built-in Super App.
func triggersOf(profile string) []tui.Trigger {
	if profile != config.Sandbox {
		return nil
	}
	var all []tui.Trigger
	for _, t := range sandbox.Faults() {
		if t.Field == "" {
			continue
		}
		all = append(all, tui.Trigger{Endpoint: t.Endpoint, Field: t.Field, Value: t.Value, Result: t.Status + " " + t.Code,
			Says: t.Says})
	}
	return all
}

// theme returns the name of the theme for a configuration: what was chosen in the
// explorer, else what the configuration says, else what suits the terminal's
// background. The terminal is asked once, from now on; what theme returns waits for
// its answer, and has to be called before anything else reads there.
func (a *app) theme(configured string, profile termenv.Profile) func(configured string) string {
	auto := config.Themes[0]
	suits := sync.OnceValue(func() string {
		switch {
		case configured != auto:
			return configured
		case profile == termenv.Ascii || ui.DetectDark(a.getenv, ui.QueryBackground):
			return ui.ThemeDark
		}
		return ui.ThemeLight
	})
	go suits()
	return func(configured string) string {
		name := suits()
		if configured != auto {
			name = configured
		}
		return cmp.Or(a.keptTheme(configured), name)
	}
}

// colours are as many as the terminal has, and the person wants.
func (a *app) colours(out *os.File) termenv.Profile {
	if !a.colored() {
		return termenv.Ascii
	}
	return termenv.NewOutput(out).EnvColorProfile()
}

// editor is the person's editor with its arguments; nil where none is set.
func (a *app) editor() []string {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if words := strings.Fields(a.getenv(name)); len(words) > 0 {
			return words
		}
	}
	return nil
}

func (a *app) getenv(name string) string {
	value, _ := a.env(name)
	return value
}
