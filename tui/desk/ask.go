package desk

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/amount"
	"countersign/apiclient/keys"
	"countersign/tui/box"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// CannotSend returns why the draft cannot be sent as it stands; "" where it can.
func (d *Desk) CannotSend() string {
	if f := d.File(); f != nil && f.Foreign != "" {
		return f.Title() + " cannot be sent here (" + f.Foreign + "): send it with the tool that it was written for"
	}
	if d.Flight.Running() {
		return d.UnderWay()
	}
	p, missing := d.services.Client.Profile(), d.Missing()
	switch what := d.request.Rewriting(); {
	case what != "":
		return d.theme.Words("Waiting for the body (" + what + "): {cancel} leaves it as it was")
	case d.request.Callback() && p.PlatformKey == nil:
		return "Not sent: profile " + p.Name + " has no platform_key, which signs callbacks as the Super App"
	case missing != "":
		return d.theme.Words("Not sent: no value yet for " + missing + " of the path: press {request.parameters} in the " +
			"request")
	}
	return ""
}

// UnderWay says that a request is under way; "" where none is.
func (d *Desk) UnderWay() string {
	if d.Flight.Running() {
		return d.theme.Words("A request is under way: {cancel} cancels it")
	}
	return ""
}

// confirm asks a question; yes is done upon a yes, unless requests go somewhere else
// by then.
func (d *Desk) confirm(question, why string, yes func() tea.Cmd) {
	asked := d.services
	d.show(box.NewConfirm(d.theme, question, why, func() tea.Cmd {
		if asked != d.services {
			d.status.Set(OtherProfile, status.Warn)
			return nil
		}
		return yes()
	}))
}

// Send sends the draft, or asks first where the profile wants it.
func (d *Desk) Send() tea.Cmd {
	p := d.services.Client.Profile()
	cmd := d.TakeTyped() // what is on the screen is what is sent
	if d.request.Untaken() {
		d.status.Set("Not sent: what is typed in the form cannot be taken as it stands", status.Warn)
		return cmd
	}
	draft := d.Draft()
	if what := keys.PrivateIn(draft.Body); what != "" {
		d.askAbout("Send a private key as the body?", "The body holds "+what+". It would go to "+d.Destination()+
			" and into the history: anyone who has it can sign as you.")
		return cmd
	}
	if other := d.files.OtherProfile(d.File()); other != "" {
		d.askAbout(fmt.Sprintf("Send this request to %s, which its file has for %s?", p.Name, other),
			"It goes to "+p.BaseURL+".")
		return cmd
	}
	if draft.Callback {
		return tea.Batch(cmd, d.notify())
	}
	if !p.Confirm {
		return tea.Batch(cmd, d.launch())
	}
	d.askAbout(fmt.Sprintf("Send %s %s to %s?", cmp.Or(draft.Method, "POST"), ui.Safe(draft.Target), p.Name),
		"It goes to "+p.BaseURL+". This profile asks before each request, because it may move money.")
	return cmd
}

// SendElsewhere asks before a run of another profile is sent again with the one in
// use.
func (d *Desk) SendElsewhere(run string) {
	p := d.services.Client.Profile()
	d.askAbout(fmt.Sprintf("Send this run of profile %s to %s (%s)?", run, p.Name, p.BaseURL),
		"It was sent with another profile: other host, client id and keys.")
}

// askAbout asks whether the draft is to be sent as it stands, to where requests
// go now. A run may come while the question stands there: then a yes is no answer.
func (d *Desk) askAbout(question, why string) {
	key, draft := d.request.Key(), d.Draft()
	question += d.warnings()
	if titles := apiclient.TamperTitles(draft.Tamper); titles != "" {
		why += " It is tampered with on purpose: " + titles + "."
	}
	d.confirm(question, why, func() tea.Cmd {
		if key != d.request.Key() || !reflect.DeepEqual(draft, d.Draft()) {
			d.status.Set(otherDraft, status.Warn)
			return nil
		}
		return d.launch()
	})
}

// Why a yes was no answer any more.
const (
	OtherProfile = "Nothing was sent: another profile came into use, or this one changed, since you were asked"
	otherDraft   = "Nothing was sent: it is not the request any more that you were asked about"
)

// oldBytes says what it means to send the same bytes again.
const oldBytes = " The bytes are those of then: old time, old signature."

// Resend sends the bytes of a run again, or asks first where the profile wants it, or
// where they were meant for another.
func (d *Desk) Resend(saved apiclient.Exchange, elsewhere bool) tea.Cmd {
	p, resend := d.services.Client.Profile(), func() tea.Cmd { return d.resend(saved) }
	if saved.Origin.AsPlatform() {
		if u, err := p.CallbackURL(saved.URL); err != nil || apiclient.Local(u) {
			return resend()
		}
		d.confirm("Send the same bytes again to "+ui.Safe(saved.URL)+"?",
			"That is not this machine."+oldBytes, resend)
		return nil
	}
	if !p.Confirm && !elsewhere {
		return resend()
	}
	why := "This profile asks before each request, because it may move money." + oldBytes
	if elsewhere {
		why = "It was sent with profile " + saved.Profile + ": other host, client id and keys." + oldBytes
	}
	if titles := apiclient.TamperTitles(saved.Tampered); titles != "" {
		why += " They were tampered with on purpose: " + titles + "."
	}
	question := fmt.Sprintf("Send the same bytes again to %s (%s)?", p.Name, p.BaseURL)
	d.confirm(question+amountsOf(saved.Request.Content()), why, resend)
	return nil
}

// warnings are what a person must know before the draft is sent, as lines below a
// question: how much money it names, and what is known to be wrong with it.
func (d *Desk) warnings() string {
	body := d.request.Draft().Body
	var faults []string
	for _, m := range d.request.Marks() {
		faults = append(faults, m.Text)
	}
	if p := d.preview.exchange; p != nil && d.current() {
		body = p.Request.Content() // with its variables expanded
		for _, f := range p.Findings {
			if f.Severity == apiclient.Problem {
				faults = append(faults, f.Says)
			}
		}
	}
	lines := amountsOf(body)
	if d.preview.err != nil && d.current() {
		faults = append(faults, d.preview.err.Error())
	}
	switch n := len(faults); n {
	case 0:
	case 1:
		lines += "\n1 fault: " + ui.Safe(faults[0])
	default:
		lines += fmt.Sprintf("\n%d faults: %s (and %d more)", n, ui.Safe(faults[0]), n-1)
	}
	return lines
}

// brief is a text of the body as a part of a line.
func brief(s string) string { return ui.Truncate(ui.Safe(s[:min(len(s), 400)]), 60) }

// amountsOf lists the money that a body names, a line each.
func amountsOf(body []byte) string {
	if len(body) > amount.MaxBody {
		return "\nThe body is large (" + ui.Bytes(int64(len(body))) + "): the amounts in it are not listed."
	}
	var b strings.Builder
	for _, a := range amount.Find(body) {
		fmt.Fprintf(&b, "\n%s %s, sent as %s", cmp.Or(brief(a.Name), "amount"), brief(a.String()), brief(a.Value))
	}
	return b.String()
}
