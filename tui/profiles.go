package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

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
		kept     keptBefore // drafts that were left with this profile
		again    bool       // it was the profile in use
		onTerm   bool       // the terminal was free
		unasked  bool       // the configuration changed; nobody asked for it
		began    loads      // when it was asked for
		err      error
	}
)

// switchTo loads another profile's keys, with the screen given up where they
// need it. What was typed stays.
func (a *App) switchTo(name string, onTerminal bool) tea.Cmd {
	a.say("Loading the keys of "+name+"…", neutral)
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
	load, observe := a.config.Switch, a.config.post.progress
	name, onTerminal := done.name, done.onTerm
	done.again = a.services != nil && a.services.Client.Profile().Name == name
	work := func() error {
		ctx := context.Background()
		if done.services, done.err = load(ctx, name, onTerminal, observe); done.err != nil {
			return done.err
		}
		var err error
		if done.kept.drafts, done.kept.place, err = done.services.History.Drafts(ctx, name); err != nil {
			done.services.Notices = append(done.services.Notices, sentence(err))
		}
		return nil
	}
	if !onTerminal {
		return func() tea.Msg {
			_ = work()
			return done
		}
	}
	return tea.Exec(offScreen{work}, func(err error) tea.Msg {
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

// takeServices works with another profile from now on.
func (a *App) takeServices(msg switched) tea.Cmd {
	switch {
	case a.late(msg):
		return nil
	case errors.Is(msg.err, ErrTerminalNeeded) && msg.unasked:
		a.sum("The profile "+msg.name+" has changed, and its key needs the terminal: "+a.keyName(keymap.Profiles)+" chooses it again", warn)
		return nil
	case errors.Is(msg.err, ErrTerminalNeeded) && !msg.onTerm:
		return a.switchTo(msg.name, true)
	case msg.err != nil:
		stays := ""
		if a.services != nil {
			stays = "; " + a.services.Client.Profile().Name + " stays in use"
		}
		a.sum("The profile "+msg.name+" cannot be used"+stays+": "+sentence(msg.err), bad)
		return nil
	}
	a.desk.loads.used++
	keep := a.keep(false) // with the profile that they were typed for
	a.services, a.loadErr = msg.services, nil
	var moved tea.Cmd
	if !msg.again {
		moved = a.moveIn(msg.kept)
	}
	p := a.services.Client.Profile()
	a.panes.request.SetBase(p.BaseURL)
	a.panes.request.SetTriggers(a.services.Triggers)
	a.panes.headers.SetTemplate(p.ContentTemplate)
	a.panes.runs.Attach(a.services.History)
	text := "Requests go to " + p.BaseURL + " as " + p.Name + " now"
	if msg.again {
		text = "The profile " + p.Name + " was loaded again"
	}
	a.say(text, neutral)
	a.notify(a.services.Notices)
	a.desk.previewing = false
	return tea.Batch(keep, moved, a.draftChanged(), a.panes.runs.Refresh())
}

// profileBox chooses a profile and says what is different in it.
type profileBox struct {
	box
	all   []apiclient.Profile
	inUse apiclient.Profile
	list  ui.List
	file  string // where more are made
}

func newProfiles(a *App) *profileBox {
	p := &profileBox{box: box{theme: a.theme}, all: a.config.Profiles, file: a.config.file()}
	if a.services != nil {
		p.inUse = a.services.Client.Profile()
	}
	p.list.Len = len(p.all)
	for i, q := range p.all {
		if q.Name == p.inUse.Name {
			p.list.Cursor = i
		}
	}
	return p
}

// profileDetail is how many rows say what is different in the chosen profile.
const profileDetail = 7

func (p *profileBox) resize(w, h int) {
	p.within(w, h, 96, len(p.all)+profileDetail+3)
	p.list.Height = max(1, p.h-2-profileDetail)
	p.list.To(p.list.Cursor)
}

func (p *profileBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if p.list.Act(p.motion(msg, false)) {
		return nil, false
	}
	switch msg.String() {
	case "esc", "q", "P":
		return nil, true
	case "tab":
		p.list.Move(1)
	case "enter":
		return p.choose(), true
	}
	return nil, false
}

func (p *profileBox) choose() tea.Cmd {
	return ui.Emit(chosenProfile{p.all[p.list.Cursor].Name})
}

func (p *profileBox) mouse(msg tea.MouseMsg) tea.Cmd {
	p.list.Wheel(msg)
	return nil
}

// click points at a profile; a second click uses it.
func (p *profileBox) click(_, y int) (tea.Cmd, bool) {
	before := p.list.Cursor
	if !p.list.Click(y) || p.list.Cursor != before {
		return nil, false
	}
	return p.choose(), true
}

func (p *profileBox) keys() string { return "↑↓ · enter uses it · esc leaves it as it is" }
func (p *profileBox) typing() bool { return false }

func (p *profileBox) view() string {
	lines := append(p.above(&p.list, p.line), p.differences(p.all[p.list.Cursor])...)
	return p.frame("Profiles", fmt.Sprintf("%d · enter uses it · esc", len(p.all)), lines)
}

func (p *profileBox) line(i int) string {
	q := p.all[i]
	mark := "  "
	if q.Name == p.inUse.Name {
		mark = "◆ "
	}
	tail := ""
	if q.Confirm {
		tail = " ! asks before sending "
	}
	nameW := min(20, max(8, p.w/4))
	name := ui.Fit(ui.Truncate(ui.Safe(q.Name), nameW), nameW)
	room := max(0, p.w-2-3-nameW-1-ui.Width(tail))
	where := ui.Fit(ui.Truncate(ui.Safe(hostOf(q.BaseURL)), room), room)
	if i == p.list.Cursor {
		return p.theme.Selection.Render(" " + mark + name + " " + where + tail)
	}
	style := p.theme.Text
	if q.Confirm {
		style = p.theme.Warn
	}
	return " " + p.theme.Accent.Render(mark) + style.Render(name) + " " + p.theme.Muted.Render(where) + p.theme.Warn.Render(tail)
}

func hostOf(base string) string {
	if u, err := url.Parse(base); err == nil && u.Host != "" {
		return u.Host + u.Path
	}
	return base
}

// differences says what sending with a profile would change.
func (p *profileBox) differences(q apiclient.Profile) []string {
	w := p.w - 4
	if q.Name == p.inUse.Name {
		return p.more(w)
	}
	var lines []string
	differ := func(what, now, then string) {
		if now == then {
			return
		}
		text := fmt.Sprintf("%-12s %s → %s", what, orDash(ui.Safe(now)), orDash(ui.Safe(then)))
		lines = append(lines, " "+p.theme.Text.Render(ui.Truncate(text, w)))
	}
	differ("base URL", p.inUse.BaseURL, q.BaseURL)
	differ("client id", p.inUse.ClientID, q.ClientID)
	differ("merchant id", p.inUse.MerchantID, q.MerchantID)
	differ("key", keyOf(p.inUse), keyOf(q))
	differ("confirm", yesNo(p.inUse.Confirm, "asks before sending", "sends at once"), yesNo(q.Confirm, "asks before sending", "sends at once"))
	if len(lines) == 0 {
		lines = append(lines, " "+p.theme.Muted.Render("The same host, client and key"))
	}
	return lines
}

// more says what the profile in use is good for, and how another one is made.
func (p *profileBox) more(w int) []string {
	lines := []string{" " + p.theme.Muted.Render(ui.Truncate("This profile is in use; enter loads its keys again", w)), ""}
	text := "Another one: a table [profiles.NAME] in " + p.file + ", with base_url, client_id, private_key and peer_keys. It is here as soon as the file is saved."
	for _, l := range ui.AtMost(ui.Words(text, w), profileDetail-len(lines)-1, w) {
		lines = append(lines, " "+p.theme.Muted.Render(l))
	}
	return lines
}

// keyOf names a profile's key before it is loaded: where it comes from.
func keyOf(p apiclient.Profile) string {
	if p.KeyName == "" {
		return "none: cannot sign"
	}
	return p.KeyName + ", v" + orDash(p.KeyVersion)
}

func yesNo(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}
