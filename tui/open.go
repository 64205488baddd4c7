package tui

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/expect"
	"countersign/apiclient/followup"
	"countersign/apiclient/hint"
	"countersign/tui/box"
	"countersign/tui/endpoints"
	"countersign/tui/keymap"
	"countersign/tui/pasted"
	"countersign/tui/response"
	"countersign/tui/runs"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// choose opens an endpoint's draft.
func (a *App) choose(msg endpoints.Chosen) tea.Cmd {
	if !msg.Stay {
		defer a.setFocus(keymap.Request)
	}
	if a.panes.request.Key() == msg.Endpoint.ID {
		return nil // it is open: nothing is lost by choosing it again
	}
	cmd := a.desk.OpenEndpoint(msg.Endpoint)
	a.markOpen()
	return cmd
}

// back goes from a saved run to the draft that was open before it.
func (a *App) back() tea.Cmd {
	cmd := a.desk.Back()
	a.markOpen()
	return cmd
}

// markOpen shows in the list what is open.
func (a *App) markOpen() {
	if f := a.desk.File(); f != nil {
		a.panes.endpoints.MarkRequest(f.Path, f.ID)
		return
	}
	e, _ := a.panes.request.Endpoint()
	a.panes.endpoints.Mark(e.ID)
}

// purpose is what a run is fetched for. Only toSend and toResend ever send.
type purpose int

const (
	toShow purpose = iota
	toSend
	toDiagnose
	toResend
)

func (p purpose) sends() bool { return p == toSend || p == toResend }

// fetched is a run that was asked for.
type fetched struct {
	seq      int // a run that was overtaken is not shown, and never sent
	exchange apiclient.Exchange
	purpose  purpose
	expected []expect.Result // how what its request expects stands, where it is known which that is
	err      error
}

func (a *App) fetch(id string, why purpose) tea.Cmd {
	was, _ := a.files.SentAs(id)
	services, seq, h := a.services, a.desk.Ask(), a.desk.Hold(was)
	return func() tea.Msg {
		ctx := context.Background()
		e, err := services.History.Get(ctx, id)
		if err == nil && services.Recheck != nil {
			services.Recheck(ctx, &e)
		}
		msg := fetched{seq: seq, exchange: e, purpose: why, err: err}
		if err == nil {
			msg.expected = h.Against(ctx, &e)
		}
		return msg
	}
}

// handle lays a saved run on the desk. It never sends, unless the person
// asked for that by name.
func (msg fetched) handle(a *App) tea.Cmd {
	if a.desk.Overtaken(msg.seq) || msg.purpose.sends() && a.box != nil {
		if msg.purpose.sends() {
			a.status.Set("The run came late, after something else was opened: it was not sent", status.Warn)
		}
		return nil
	}
	if msg.err != nil {
		a.status.Set(hint.Sentence(msg.err), status.Bad)
		return nil
	}
	e := msg.exchange
	if a.desk.Flight.Is(e.ID) {
		a.status.Set(a.theme.Words("This one is still under way: {cancel} cancels it"), status.Warn)
		return nil
	}
	ep, known := a.config.Catalog.Match(e.Request.Path())
	if own, ok := a.config.Catalog.ByID(e.Endpoint); ok && e.Origin.AsPlatform() {
		ep, known = own, true // its path is that of the merchant's server
	}
	cmd := a.desk.OpenRun(e, ep, msg.expected)
	if known {
		a.panes.endpoints.Mark(ep.ID)
	}
	text := e.StartedAt.Local().Format("15:04:05")
	elsewhere := e.Profile != "" && e.Profile != a.services.Client.Profile().Name
	if elsewhere {
		text += " · run of profile " + e.Profile
	}
	shown := a.desk.Shown()
	a.status.SetOutcome(text+" · ", shown)
	switch {
	case msg.purpose == toDiagnose:
		return tea.Batch(cmd, a.openDiagnosis(shown))
	case msg.purpose == toSend && elsewhere && !e.Origin.AsPlatform():
		a.desk.SendElsewhere(e.Profile)
	case msg.purpose == toSend:
		return tea.Batch(cmd, a.desk.Send())
	case msg.purpose == toResend:
		return tea.Batch(cmd, a.desk.Resend(e, elsewhere))
	}
	return cmd
}

// longestName bounds the name of a run, in characters: a row shows a few dozen.
const longestName = 200

func (a *App) askName(msg runs.NameAsked) tea.Cmd {
	return a.ask("Name of this run (nothing: none)", msg.Name, func(name string) (tea.Cmd, error) {
		if n := utf8.RuneCountInString(name); n > longestName {
			return nil, fmt.Errorf("a name has at most %d characters, this one has %s", longestName, ui.Thousands(n))
		}
		return a.panes.runs.Rename(msg.ID, name), nil
	})
}

// agreed is what came of the buyer's yes.
type agreed struct {
	outcome string
	err     error
}

func (msg agreed) handle(a *App) tea.Cmd {
	if msg.err != nil {
		a.status.Set(hint.Sentence(msg.err), status.Bad)
	} else {
		next := a.theme.Words(" · {response.follow} opens what comes next")
		a.status.Set(strings.TrimSuffix(msg.outcome, ".")+next, status.Good)
	}
	return a.panes.response.LookAhead()
}

// chooseStep opens the step that is urgent or the only one, and asks where there
// are more.
func (a *App) chooseStep(msg response.FollowAsked) tea.Cmd {
	if a.desk.Masked() {
		msg.Exchange = a.desk.Shown() // not the one with masks, which was shown
	}
	if len(msg.Steps) == 1 || msg.Steps[0].Urgent {
		return a.follow(msg.Exchange, msg.Steps[0])
	}
	a.open(box.NewSteps(a.theme, msg.Steps, func(s followup.Step) tea.Cmd { return a.follow(msg.Exchange, s) }))
	return nil
}

// follow opens a step as a new draft: what was written for its endpoint
// stays, and nothing is sent.
func (a *App) follow(e *apiclient.Exchange, s followup.Step) tea.Cmd {
	if s.Buyer {
		buyer := a.services.Buyer
		if buyer == nil { // another profile came into use since it was offered
			a.status.Set("Nothing was approved: requests do not go to the built-in Super App any more", status.Warn)
			return nil
		}
		return func() tea.Msg {
			outcome, err := buyer.Agree(e.Response.Content())
			return agreed{outcome, err}
		}
	}
	cmd := a.desk.OpenStep(s, e)
	a.panes.endpoints.Mark(s.Endpoint.ID)
	a.setFocus(keymap.Request)
	a.status.Set(fmt.Sprintf("%s: filled in from the exchange of %s; %s sends it", s.Says,
		e.StartedAt.Local().Format("15:04:05"), a.keys.KeyName(keymap.Send)), status.Neutral)
	return cmd
}

// pasteRead is what a paste holds.
type pasteRead struct {
	seq      int
	requests pasted.Requests
	err      error
}

// askPaste opens a place for the text of a request.
func (a *App) askPaste() tea.Cmd {
	a.open(box.NewPaste(a.theme, "Paste a request", "A curl command, a HAR, a call of fetch, a raw HTTP message, or "+
		"the path of such a file. It becomes a draft; nothing is sent.", "opens it", nil,
		func(text []byte) tea.Cmd { return a.takePaste(string(text)) }))
	return nil
}

// takePaste makes a draft of a request that was pasted, or of a file that was
// dropped.
func (a *App) takePaste(text string) tea.Cmd {
	if a.services == nil {
		return ui.Tell("Still starting: a moment")
	}
	seq, reader := a.desk.Ask(), pasted.Reader{Client: a.services.Client, Catalog: a.config.Catalog}
	return func() tea.Msg {
		all, err := reader.Read(text)
		return pasteRead{seq, all, err}
	}
}

// handle opens the request, or asks which one of several.
func (msg pasteRead) handle(a *App) tea.Cmd {
	switch {
	case a.desk.Overtaken(msg.seq):
	case msg.err != nil:
		a.status.Set("No request was pasted: "+hint.Sentence(msg.err)+
			a.theme.Words(". Text goes into a text field: {request.edit} opens the body"), status.Warn)
	case len(msg.requests.List) == 1:
		return a.openPasted(msg.requests.List[0])
	default:
		a.open(pasted.NewPick(a.theme, msg.requests, a.openPasted))
	}
	return nil
}

// openPasted opens a request that was pasted as a new draft.
func (a *App) openPasted(p pasted.Request) tea.Cmd {
	cmd := a.desk.OpenPasted(p)
	a.markOpen()
	a.setFocus(keymap.Request)
	text := "{send} signs and sends it"
	if a.files.Space != nil {
		text += ", {save} saves it in a file"
	}
	text = strings.Join(append(append([]string{"Pasted"}, p.Notes...), a.theme.Words(text)), " · ")
	a.status.Keep(text, status.Neutral)
	if ui.Width(ui.Safe(text)) > a.layout.Width-3 && len(p.Notes) > 0 { // the status line would cut it off
		a.notify([]string{"The request was pasted as a draft: " + strings.Join(p.Notes, "; ") + "."})
	}
	return cmd
}

// canPaste returns why no request can be pasted now.
func (a *App) canPaste() string {
	if a.services == nil {
		return "Still starting: a moment"
	}
	return a.coveredRequest()
}
