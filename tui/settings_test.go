package tui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/history"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Of two profiles that were chosen, the one chosen last is used, however long
// the keys of the other take.
func TestLateProfileIsNotUsed(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, elsewhere)
	_, slow := x.app.Update(chosenProfile{"production"})
	x.Send(chosenProfile{"sandbox"})
	x.Run(slow)
	if got := x.app.services.Client.Profile().Name; got != "sandbox" {
		t.Errorf("requests go to %s, which was chosen before", got)
	}
}

// A profile that was chosen while the first one was still loading stays chosen.
func TestLateStartDoesNotUndoAChoice(t *testing.T) {
	t.Parallel()
	x := newWorld(t, elsewhere)
	x.app = New(x.config)
	x.app.Update(tea.WindowSizeMsg{Width: 140, Height: 40})
	first := x.app.load()
	_, choice := x.app.Update(chosenProfile{"production"})
	x.app.Update(choice())
	if x.app.services == nil {
		t.Fatal("the profile was not loaded")
	}
	x.app.Update(first())
	if got := x.app.services.Client.Profile().Name; got != "production" {
		t.Errorf("requests go to %s, though production was chosen", got)
	}
}

// What a document says of an endpoint counts as soon as it is read again, for
// drafts that are there already; what was typed stays.
func TestOpenDraftsFollowTheCatalogue(t *testing.T) {
	t.Parallel()
	var next *Settings
	x := explore(t, 140, 40, func(x *world) {
		x.config.Reload = func(context.Context) (*Settings, error) { s := next; next = nil; return s, nil }
	})
	x.Key("2", "]")
	x.shows(t, "productCode")
	reread := func(change func(*catalog.Endpoint)) {
		all := &catalog.Catalog{}
		for _, e := range x.app.config.Catalog.Endpoints() {
			if e.ID == "v2/payments/pay" {
				change(&e)
			}
			if err := all.Add(e); err != nil {
				t.Fatal(err)
			}
		}
		s := x.app.config.Settings
		s.Catalog = all
		next = &s
		x.Send(watchDue{})
	}
	reread(func(e *catalog.Endpoint) {
		e.Request = slices.Concat([]catalog.Property{{Name: "brandNew", Type: "string", Required: true}}, e.Request)
	})
	x.shows(t, "brandNew", "missing")
	reread(func(e *catalog.Endpoint) { e.Example = []byte(`{"another":"example"}`) })
	x.Key("[")
	x.shows(t, `{"another":"example"}`)
	x.Key("e")
	x.Type("Z")
	x.Key("esc")
	reread(func(e *catalog.Endpoint) { e.Example = []byte(`{"third":"example"}`) })
	x.shows(t, `Z{"another":"example"}`, "● edited")
	x.Key("ctrl+r")
	if got := string(x.newest(t).Request.Body); got != `Z{"another":"example"}` {
		t.Errorf("sent %s", got)
	}
}

// elsewhere adds a profile to a world: production, which asks before sending.
func elsewhere(x *world) {
	production := x.profile
	production.Name, production.BaseURL, production.ClientID, production.Confirm = "production", "https://superapp.example.com/api", "2021", true
	outline := production
	outline.Key, outline.KeyName = nil, "merchant.pem"
	x.config.Profiles = append(x.config.Profiles, outline)
	x.config.Switch = func(_ context.Context, name string, onTerminal bool, _ func(apiclient.Progress)) (*Services, error) {
		p := x.profile
		switch name {
		case "production":
			p = production
		case "locked":
			if !onTerminal {
				return nil, fmt.Errorf("asks: %w", ErrTerminalNeeded)
			}
		case "broken":
			return nil, errors.New("the key is no key")
		}
		client, err := apiclient.New(p, apiclient.Options{Journal: x.history, Now: x.config.Now})
		if err != nil {
			return nil, err
		}
		return &Services{Client: client, History: x.history, Renew: func() {},
			Expand: func(_ context.Context, d apiclient.Draft) (apiclient.Draft, error) { return d, nil }}, nil
	}
}

func TestSwitchingTheProfile(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, elsewhere)
	x.Key("e")
	x.Type("Z")
	x.Key("esc", "P")
	x.shows(t, "◆ sandbox", "production", "asks before sending", "This profile is in use")
	x.Key("down")
	x.shows(t, "base URL", "superapp.test/miniprogram/api → https://superapp.example.com/api", "2188487325442931042 → 2021", "merchant.pem")
	x.Key("enter")
	x.shows(t, "◆ production (asks before sending)", "as production now", "Z{")
	if got := x.app.desk.Signed().ClientID; got != "2021" {
		t.Errorf("signed for client %s", got)
	}
	x.Key("ctrl+r")
	x.shows(t, "Send POST /v2/payments/pay to production?", "may move money")
	x.Key("n")
	if n := x.runs(t); n != 0 {
		t.Fatalf("%d runs without an answer to the question", n)
	}
	x.Send(chosenProfile{"broken"})
	x.shows(t, "broken cannot be used; production stays in use: the key is no key", "◆ production")
	x.Send(chosenProfile{"sandbox"})
	x.shows(t, "as sandbox now")
	x.Key("ctrl+r")
	if n := x.runs(t); n != 1 {
		t.Fatalf("%d runs", n)
	}
}

// What is typed stays where it is, and is kept with the profile that it was
// typed for; what was left with the other profile comes back.
func TestDraftsOfProfiles(t *testing.T) {
	ctx := context.Background()
	x := explore(t, 140, 40, elsewhere, func(x *world) {
		e, err := x.config.Catalog.Lookup("v1/payments/refund")
		if err != nil {
			t.Fatal(err)
		}
		d := history.Draft{Key: e.ID, Draft: apiclient.Draft{Endpoint: e.ID, Method: "POST", Target: e.Path, Body: []byte(`{"left":"in production"}`)}}
		if err := x.history.SaveDrafts(ctx, "production", []history.Draft{d}, nil); err != nil {
			t.Fatal(err)
		}
	})
	x.Key("e")
	x.Type("Z")
	x.Send(chosenProfile{"production"})
	x.shows(t, "Z{")
	if drafts, _, err := x.history.Drafts(ctx, "sandbox"); err != nil || len(drafts) != 1 || !strings.HasPrefix(string(drafts[0].Draft.Body), "Z{") {
		t.Errorf("kept for the sandbox: %+v, %v", drafts, err)
	}
	x.Key("esc", "1", "/")
	x.Type("paymentsrefund")
	x.Key("enter")
	x.shows(t, "in production")
}

// A profile whose keys need the terminal gets it only when a person asked.
func TestProfileThatNeedsTheTerminal(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30, elsewhere)
	cmd := switched{name: "locked", err: fmt.Errorf("asks: %w", ErrTerminalNeeded), unasked: true}.handle(x.app)
	if cmd != nil {
		t.Error("the screen is given up though nobody asked")
	}
	x.shows(t, "P chooses it again")
	if (switched{name: "locked", err: fmt.Errorf("asks: %w", ErrTerminalNeeded)}).handle(x.app) == nil {
		t.Error("the terminal is not given")
	}
}

func TestConfigurationIsReadAgain(t *testing.T) {
	t.Parallel()
	var next *Settings
	var fault error
	x := explore(t, 140, 40, elsewhere, func(x *world) {
		x.config.Reload = func(context.Context) (*Settings, error) { s := next; next = nil; return s, fault }
	})
	x.Key("e")
	x.Type("Z")
	x.Key("esc")

	fault = errors.New("config.toml:3:1: unknown key")
	x.Send(watchDue{})
	x.shows(t, "✗ config.toml:3:1: unknown key", "Z{")
	x.Key("5") // nothing else is lost by it
	x.shows(t, "✗ config.toml:3:1: unknown key")

	keys, err := Keys().With(map[keymap.ID][]string{keymap.Send: {"f5"}})
	if err != nil {
		t.Fatal(err)
	}
	all := &catalog.Catalog{}
	if err := all.Add(catalog.Endpoint{Path: "/v2/orders/create"}); err != nil {
		t.Fatal(err)
	}
	fault = nil
	next = &Settings{Catalog: all, Theme: ui.NewTheme(ui.ThemeLight, termenv.Ascii), Keys: keys, Profiles: x.config.Profiles}
	x.Send(watchDue{})
	x.lacks(t, "unknown key", "inquiryPayment")
	x.shows(t, "read again", "create", "f5 send", "Z{")
	x.Key("ctrl+r")
	if n := x.runs(t); n != 0 {
		t.Fatal("the old key still sends")
	}
	x.Key("f5")
	if n := x.runs(t); n != 1 {
		t.Fatal("the new key does not send")
	}
	x.Send(watchDue{}) // nothing changed
	x.lacks(t, "read again")
}

// The profile in use is loaded again where it changed, and stays where it went.
func TestProfileInUseChanges(t *testing.T) {
	t.Parallel()
	var next *Settings
	x := explore(t, 140, 40, elsewhere, func(x *world) {
		x.config.Reload = func(context.Context) (*Settings, error) { s := next; next = nil; return s, nil }
	})
	x.Send(chosenProfile{"production"})
	base := x.app.config.Settings
	changed := base
	changed.Outdated = []string{"production"}
	next = &changed
	x.Send(watchDue{})
	x.shows(t, "The profile production was loaded again")
	gone := base
	gone.Profiles = slices.DeleteFunc(slices.Clone(base.Profiles), func(p apiclient.Profile) bool { return p.Name == "production" })
	next = &gone
	x.Send(watchDue{})
	x.shows(t, "production is gone from the configuration", "◆ production")
}

func TestThemesAreChanged(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) { x.config.Theme = ui.NewTheme(ui.ThemeDark, termenv.TrueColor) })
	before := x.View()
	x.Key("T")
	x.shows(t, "Theme light")
	if x.View() == before {
		t.Error("nothing changed")
	}
	x.Key("T", "T")
	x.shows(t, "Theme dark")
}

func TestHintsLeadToTheFirstDiagnosis(t *testing.T) {
	t.Parallel()
	var kept []string
	newcomer := func(x *world) {
		x.config.Hints = true
		x.config.KeepHints = func(seen []string) error { kept = seen; return nil }
	}
	x := explore(t, 140, 40, newcomer)
	x.shows(t, "ctrl+r signs this request and sends it to the built-in Super App")
	x.Key("ctrl+r")
	x.shows(t, "It verifies, both ways. Now break it: 3 goes to the headers, where s tampers with the request")
	x.Key("3")
	x.shows(t, "s lists ways to make the request wrong: space chooses the first (path signed without prefix), ctrl+r sends it")
	x.Key("s")
	x.choose(t, "wrong_key")
	x.Key("esc")
	x.shows(t, "The request is tampered with on purpose: ctrl+r sends it so")
	x.Key("ctrl+r")
	x.shows(t, "d says why a signature is refused")
	x.Key("d")
	x.shows(t, "esc leaves the diagnosis; then u in the headers takes the fault back, and ctrl+r sends again")
	x.Key("esc")
	x.shows(t, "u takes back what was tampered with; then ctrl+r sends again")
	x.Key("2")
	x.shows(t, "3 goes to the headers, where u takes the fault back")
	x.Key("3", "u")
	x.shows(t, "ctrl+r sends the request again, as it should be")
	x.Key("ctrl+r")
	x.shows(t, "ctrl+p runs anything by its name")
	x.Key("?", "esc")
	x.lacks(t, "➜")
	if len(kept) != 5 {
		t.Errorf("kept %v", kept)
	}
	y := explore(t, 140, 40, newcomer, func(x *world) { x.config.HintsSeen = kept })
	y.lacks(t, "➜")
}

func TestHintsEnd(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) { x.config.Hints = true })
	x.Key("H")
	x.lacks(t, "➜")
	x.Key("ctrl+r")
	x.lacks(t, "➜")
	off := explore(t, 140, 40)
	off.lacks(t, "➜")
}

// A fault that leaves the signature right is not the one to diagnose: the hints
// go on to another.
func TestHintsAfterAFaultThatIsNotInTheSignature(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, newcomer)
	x.Key("ctrl+r", "3", "s")
	x.choose(t, "key_version_unknown")
	x.Key("esc", "ctrl+r")
	x.shows(t, "This fault leaves the signature right: 3, then u takes it back and s chooses another")
}

// Where the status line has no room for why a profile cannot be used, a box
// says it: the reason is what a person fixes.
func TestWhyAProfileCannotBeUsedIsSaidWhole(t *testing.T) {
	t.Parallel()
	why := "/home/merchant/.config/countersign/config.toml:17:1: private_key: /home/merchant/.config/countersign/nosuch.pem cannot be read: no such file or directory"
	broken := func(x *world) {
		x.config.Switch = func(context.Context, string, bool, func(apiclient.Progress)) (*Services, error) {
			return nil, errors.New(why)
		}
	}
	x := explore(t, 140, 40, broken)
	for _, size := range [][2]int{{140, 40}, {100, 30}, {60, 20}} {
		x.Resize(size[0], size[1])
		x.Send(chosenProfile{"broken"})
		x.shows(t, "Please note", "no such file or", "stays in use")
		x.Key("enter")
		x.lacks(t, "Please note")
	}
	x = explore(t, 240, 60, broken)
	x.Send(chosenProfile{"broken"})
	x.lacks(t, "Please note") // all of it fits the status line
	x.shows(t, "no such file or directory")
}

// The theme that is chosen is remembered.
func TestThemeIsKept(t *testing.T) {
	t.Parallel()
	var kept []string
	x := explore(t, 140, 40, func(x *world) {
		x.config.KeepTheme = func(name string) error { kept = append(kept, name); return nil }
	})
	x.Key("T", "T")
	if got := strings.Join(kept, " "); got != "light high-contrast" {
		t.Errorf("kept %q", got)
	}
	x.shows(t, "Theme high-contrast, from now on")
}

func TestThemeThatCannotBeKept(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) {
		x.config.KeepTheme = func(string) error { return errors.New("the disk is full") }
	})
	x.Key("T")
	x.shows(t, "The theme cannot be remembered: the disk is full")
	if x.app.theme.Name != "light" {
		t.Errorf("the theme is %s", x.app.theme.Name)
	}
}

// A large catalogue comes while the screen is there; what was typed stays, and what
// is wrong with the catalogue is said.
func TestLaterCatalogue(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) {
		x.config.Later = func(context.Context) (*Settings, error) {
			s := x.config.Settings
			s.Catalog = catalog.Builtin()
			doc := []byte("openapi: 3.0.3\npaths:\n  /v2/aaa/late:\n    post: {tags: [Payments], requestBody: {$ref: '#/no'}, responses: {}}\n")
			s.Notices = []string{"a part of it could not be read"}
			return &s, s.Catalog.Load(context.Background(), "late.yaml", doc, nil)
		}
	})
	x.shows(t, "a part of it could not be read")
	x.Key("enter", "1", "/")
	x.Type("late")
	x.shows(t, "aaa/late", "v2 !")
	x.Key("enter", "2", "]", "]")
	x.shows(t, "late.yaml:4:50: $ref #/no leads nowhere")
}
