package tui

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/amount"
	"countersign/apiclient/english"
	"countersign/apiclient/expect"
	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/apiclient/variables"
	"countersign/tui/files"
	"countersign/tui/status"
	"countersign/tui/ui"
	"countersign/tui/unrecorded"
)

// flight is an exchange that is being sent.
type flight struct {
	job      ui.Job
	news     atomic.Pointer[apiclient.Progress] // from the goroutine that sends
	progress apiclient.Progress                 // as it was at the last tick
}

// finished is an exchange that ended.
type finished struct {
	seq, revision int
	key           string // of the draft that was sent
	exchange      apiclient.Exchange
	expansion     variables.Expansion // of the body that was sent
	at            files.Place         // of the request in its file, if it has one
	expected      []expect.Result     // how what it expects stands
}

// observe takes how far a request is. Any goroutine may call it.
func (f *flight) observe(p apiclient.Progress) { f.news.Store(&p) }

// words says what a request under way is doing and, in the words that are
// given, how to stop it.
func (f *flight) words(cancels string) string {
	parts := []string{f.job.Frame() + " " + cmp.Or(f.progress.Phase, "signing")}
	if f.progress.Bytes > 0 {
		parts = append(parts, ui.Bytes(f.progress.Bytes))
	}
	seconds := int(f.job.Elapsed() / time.Second)
	return strings.Join(append(parts, fmt.Sprintf("%d s", seconds), cancels), " · ")
}

// inFlight reports whether a run is the one that is being sent.
func (a *App) inFlight(id string) bool {
	p := a.flight.news.Load()
	return a.flight.job.Running() && p != nil && p.ID == id
}

// confirmed is the answer to what askAbout asks, and what it asked about.
type confirmed struct {
	services *Services
	key      string // of the draft
	draft    apiclient.Draft
}

// askToSend sends, or asks first where the profile wants it.
func (a *App) askToSend() tea.Cmd {
	p := a.services.Client.Profile()
	var cmd tea.Cmd
	if a.panes.request.TakeTyped() { // what is on the screen is what is sent
		cmd = tea.Batch(a.draftChanged(), a.markEdited())
	}
	if a.panes.request.Untaken() {
		a.status.Set("Not sent: what is typed in the form cannot be taken as it stands", status.Warn)
		return cmd
	}
	d := a.draft()
	if what := keys.PrivateIn(d.Body); what != "" {
		a.askAbout("Send a private key as the body?", "The body holds "+what+". It would go to "+a.destination()+
			" and into the history: whoever has it can sign as you.")
		return cmd
	}
	if other := a.otherProfile(a.openFile()); other != "" {
		a.askAbout(fmt.Sprintf("Send this request to %s, which its file has for %s?", p.Name, other), "It goes to "+p.BaseURL+".")
		return cmd
	}
	if d.Callback {
		return tea.Batch(cmd, a.askToNotify())
	}
	if !p.Confirm {
		return tea.Batch(cmd, a.launch())
	}
	a.askAbout(fmt.Sprintf("Send %s %s to %s?", cmp.Or(d.Method, "POST"), ui.Safe(d.Target), p.Name),
		"It goes to "+p.BaseURL+". This profile asks before each request, because it may move money.")
	return cmd
}

// askAbout asks whether the draft is to be sent as it stands, to where requests
// go now. The answer says what was asked about: a run, or the services of
// another profile, may come while the question stands there.
func (a *App) askAbout(question, why string) {
	d := a.draft()
	question += a.sendWarnings()
	if titles := apiclient.TamperTitles(d.Tamper); titles != "" {
		why += " It is tampered with on purpose: " + titles + "."
	}
	a.confirm(question, why, confirmed{a.services, a.panes.request.Key(), d})
}

// Why a yes was no answer any more.
const (
	otherProfile = "Nothing was sent: another profile came into use, or this one changed, since you were asked"
	otherDraft   = "Nothing was sent: it is not the request any more that you were asked about"
)

// handle puts the draft in flight if it still is what was asked about.
func (msg confirmed) handle(a *App) tea.Cmd {
	switch {
	case msg.services != a.services:
		a.status.Set(otherProfile, status.Warn)
	case msg.key != a.panes.request.Key() || !reflect.DeepEqual(msg.draft, a.draft()):
		a.status.Set(otherDraft, status.Warn)
	default:
		return a.launch()
	}
	return nil
}

// launch puts the draft in flight.
func (a *App) launch() tea.Cmd {
	if a.flight.job.Running() || a.services == nil {
		return nil
	}
	s, d, expand, done := a.services, a.draft(), a.expander(), a.sendsOfFile()
	return a.saveThen(a.sendInBackground(func(ctx context.Context) finished {
		began := a.config.Now()
		d, x, err := expand(ctx, d)
		if err != nil {
			return finished{expansion: x, exchange: apiclient.Exchange{
				Endpoint: d.Endpoint, StartedAt: began, Outcome: apiclient.Failed,
				Err: "not sent: " + err.Error(), Hint: hint.Of(err),
			}}
		}
		sent := finished{expansion: x, exchange: s.Client.Send(ctx, d, apiclient.FromExplorer)}
		s.Renew()
		done(ctx, &sent)
		return sent
	}))
}

// sendsOfFile begins to send a request of a file, if the draft is one, and returns
// what is done with its answer: its values are for the next request of the file,
// and what it expects is held against it.
func (a *App) sendsOfFile() func(context.Context, *finished) {
	f := a.openFile()
	if f == nil {
		return func(context.Context, *finished) {}
	}
	file, r := a.files.Find(f.Place)
	if r == nil {
		return func(context.Context, *finished) {}
	}
	p, h := a.pass(file), a.holdingOf(files.Sent{Place: f.Place})
	p.Begin(f.ID)
	return func(ctx context.Context, sent *finished) {
		sent.at, sent.expected = f.Place, h.Sent(ctx, p, &sent.exchange)
		p.Took(ctx, r, &sent.exchange)
	}
}

// sendInBackground sends something in the background; it is shown beside the open draft.
func (a *App) sendInBackground(send func(context.Context) finished) tea.Cmd {
	a.status.Set("", status.Neutral)
	ctx, seq := a.flight.job.Start(a.config.Now())
	a.flight.progress = apiclient.Progress{}
	a.flight.news.Store(nil)
	a.showFlight()
	revision, key := a.desk.revision, a.panes.request.Key()
	return tea.Batch(func() tea.Msg {
		done := send(ctx)
		done.seq, done.revision, done.key = seq, revision, key
		return done
	}, a.nextTick())
}

// showFlight says in the response pane how far the request is.
func (a *App) showFlight() {
	a.panes.response.Wait(a.flight.words(a.theme.Words("{cancel} cancels")))
}

// handle shows how the exchange that was in flight ended.
func (msg finished) handle(a *App) tea.Cmd {
	if a.flight.job.Ends(msg.seq) {
		a.panes.response.Wait("")
	}
	e := msg.exchange
	record := a.keepUnrecorded(e)
	a.files.Note(e.ID, msg.at, msg.expected)
	if msg.key != a.panes.request.Key() {
		// Another draft is open by now: the answer is not put beside it.
		says := "sent before: " + apiclient.Summary(e) + " · it is among the runs"
		if f, not := e.NotRecorded(); not {
			says = "The answer of " + cmp.Or(e.Endpoint, e.Request.Path(), "–") + " is not in the history: " + f.Says
		}
		a.status.Keep(says, status.ToneOf(e))
		return tea.Batch(record, a.panes.runs.Refresh(), a.checkHistory(false))
	}
	a.panes.response.SetStale(msg.revision != a.desk.revision)
	a.desk.shown, a.desk.shownRevision = &e, msg.revision
	if msg.revision == a.desk.revision && e.Request.Line != "" {
		a.panes.request.SetSent(msg.expansion)
	}
	a.status.SetOutcome("", &e)
	cmd := a.panes.response.Show(a.asShown(&e))
	a.panes.response.SetExpectations(msg.expected)
	a.updatePanes()
	// What was sent used up its variables: the next preview has new ones.
	return tea.Batch(record, cmd, a.checkHistory(false), a.learnFrom())
}

// resendConfirmed says that the very bytes of a run are to be sent again, to
// where requests went when that was asked.
type resendConfirmed struct {
	services *Services
	saved    apiclient.Exchange
}

func (msg resendConfirmed) handle(a *App) tea.Cmd {
	if msg.services != a.services {
		a.status.Set(otherProfile, status.Warn)
		return nil
	}
	return a.resend(msg.saved)
}

// askToResend sends the bytes of a run again, or asks first where the profile
// wants it, or where they were meant for another.
func (a *App) askToResend(saved apiclient.Exchange, elsewhere bool) tea.Cmd {
	p := a.services.Client.Profile()
	if saved.Origin.AsPlatform() {
		if u, err := p.CallbackURL(saved.URL); err != nil || apiclient.Local(u) {
			return a.resend(saved)
		}
		a.confirm("Send the same bytes again to "+ui.Safe(saved.URL)+"?", "That is not this machine. The bytes are those of then: old time, "+
			"old signature.", resendConfirmed{a.services, saved})
		return nil
	}
	if !p.Confirm && !elsewhere {
		return a.resend(saved)
	}
	const bytes = " The bytes are those of then: old time, old signature."
	why := "This profile asks before each request, because it may move money." + bytes
	if elsewhere {
		why = "It was sent with profile " + saved.Profile + ": other host, client id and keys." + bytes
	}
	if titles := apiclient.TamperTitles(saved.Tampered); titles != "" {
		why += " They were tampered with on purpose: " + titles + "."
	}
	question := fmt.Sprintf("Send the same bytes again to %s (%s)?", p.Name, p.BaseURL)
	a.confirm(question+amountsOf(saved.Request.Content()), why, resendConfirmed{a.services, saved})
	return nil
}

// resend puts the very bytes of a run in flight.
func (a *App) resend(saved apiclient.Exchange) tea.Cmd {
	if a.flight.job.Running() || a.services == nil {
		return nil
	}
	s := a.services
	return a.sendInBackground(func(ctx context.Context) finished { return finished{exchange: s.Client.Resend(ctx, saved)} })
}

// ticked turns the spinners.
type ticked time.Time

// nextTick is due while anything is under way: there is never more than one.
func (a *App) nextTick() tea.Cmd {
	if a.ticks {
		return nil
	}
	a.ticks = true
	return a.config.After(ui.Spinner.FPS, func(t time.Time) tea.Msg { return ticked(t) })
}

func (msg ticked) handle(a *App) tea.Cmd {
	a.ticks = false
	flying, searching, comparing := a.flight.job.Running(), a.panes.diagnosis.Searching(), a.panes.compare.Comparing()
	r := &a.files.run
	if r.job.Running() {
		r.job.Tick(time.Time(msg))
		r.box.Tick(r.job.Frame(), r.job.Elapsed())
	}
	if flying {
		a.flight.job.Tick(time.Time(msg))
		if p := a.flight.news.Load(); p != nil {
			a.flight.progress = *p
		}
		a.showFlight()
	}
	if searching {
		a.panes.diagnosis.Tick(time.Time(msg))
	}
	if comparing {
		a.panes.compare.Tick(time.Time(msg))
	}
	if flying || searching || comparing || r.job.Running() {
		return a.nextTick()
	}
	return nil
}

// sendWarnings is what a person must know before the draft is sent, as lines below a
// question: how much money it names, and what is known to be wrong with it.
func (a *App) sendWarnings() string {
	body := a.panes.request.Draft().Body
	var faults []string
	for _, m := range a.panes.request.Marks() {
		faults = append(faults, m.Text)
	}
	if p := a.desk.preview; p != nil && a.desk.previewed == a.desk.revision {
		body = p.Request.Content() // with its variables expanded
		for _, f := range p.Findings {
			if f.Severity == apiclient.Problem {
				faults = append(faults, f.Says)
			}
		}
	}
	lines := amountsOf(body)
	if a.desk.previewErr != nil && a.desk.previewed == a.desk.revision {
		faults = append(faults, a.desk.previewErr.Error())
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

// keepUnrecorded keeps an exchange that could not be recorded. After one that
// could, there may be room for the others.
func (a *App) keepUnrecorded(e apiclient.Exchange) tea.Cmd {
	if _, not := e.NotRecorded(); not {
		a.unrecorded.Add(e)
		return nil
	}
	if a.unrecorded.Len() == 0 {
		return nil
	}
	return a.unrecorded.Retry(a.services.History, false)
}

// takeRecorded shows what is now said of exchanges that are recorded after all,
// and leaves where that was waited for.
func (a *App) takeRecorded(msg unrecorded.Retried) tea.Cmd {
	for _, e := range a.unrecorded.Take(msg) {
		if a.desk.shown != nil && a.desk.shown.ID == e.ID {
			a.desk.shown = &e
			a.status.SetOutcome("", &e)
			a.panes.response.Restate(&e)
			a.updatePanes()
		}
	}
	switch n := a.unrecorded.Len(); {
	case !msg.Leaving:
	case n == 0:
		return tea.Batch(a.checkHistory(false), a.leave())
	default:
		a.confirm(fmt.Sprintf("Quit and lose %d %s?", n, english.Plural(n, "answer")),
			fmt.Sprintf("Not in the history, still not: %v. There the %s stay, marked as outcome unknown.",
				msg.Err, english.Plural(n, "run")), givenUp{})
	}
	return a.checkHistory(false)
}

// givenUp is the answer of who leaves without the unrecorded ones.
type givenUp struct{}

func (givenUp) handle(a *App) tea.Cmd {
	a.unrecorded.GiveUp()
	return a.leave()
}
