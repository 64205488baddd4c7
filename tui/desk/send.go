package desk

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/expect"
	"countersign/apiclient/hint"
	"countersign/apiclient/variables"
	"countersign/tui/files"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// Flight is an exchange that is being sent.
type Flight struct {
	ui.Job
	latest   atomic.Pointer[apiclient.Progress] // from the goroutine that sends
	progress apiclient.Progress                 // as it was at the last tick
}

// Observe takes how far a request is. Any goroutine may call it.
func (f *Flight) Observe(p apiclient.Progress) { f.latest.Store(&p) }

// Is reports whether a run is the one that is being sent.
func (f *Flight) Is(id string) bool {
	p := f.latest.Load()
	return f.Running() && p != nil && p.ID == id
}

// Words say what a request under way is doing and, in the words that are given, how
// to stop it.
func (f *Flight) Words(cancels string) string {
	parts := []string{f.Frame() + " " + cmp.Or(f.progress.Phase, "signing")}
	if f.progress.Bytes > 0 {
		parts = append(parts, ui.Bytes(f.progress.Bytes))
	}
	seconds := int(f.Elapsed() / time.Second)
	return strings.Join(append(parts, fmt.Sprintf("%d s", seconds), cancels), " · ")
}

// Tick turns the spinner, and shows how far the request is.
func (d *Desk) Tick(now time.Time) {
	d.Flight.Tick(now)
	if p := d.Flight.latest.Load(); p != nil {
		d.Flight.progress = *p
	}
	d.showFlight()
}

// showFlight says in the response pane how far the request is.
func (d *Desk) showFlight() {
	d.o.Response.Wait(d.Flight.Words(d.o.Theme.Words("{cancel} cancels")))
}

// sent is an exchange that ended.
type sent struct {
	seq, revision int
	key           string // of the draft that was sent
	exchange      apiclient.Exchange
	expansion     variables.Expansion // of the body that was sent
	at            files.Place         // of the request in its file, if it has one
	expected      []expect.Result     // how what it expects stands
}

// Ended says that an exchange ended that was sent.
type Ended struct {
	Exchange apiclient.Exchange
	Shown    bool // it is on the desk; else another draft was open by then
}

// launch puts the draft in flight.
func (d *Desk) launch() tea.Cmd {
	if d.Flight.Running() || d.services == nil {
		return nil
	}
	s, draft, fill, done := d.services, d.Draft(), d.expander(), d.sendsOfFile()
	return d.SaveThen(d.inBackground(func(ctx context.Context) sent {
		began := d.o.Now()
		draft, x, err := fill(ctx, draft)
		if err != nil {
			return sent{expansion: x, exchange: apiclient.Exchange{
				Endpoint: draft.Endpoint, StartedAt: began, Outcome: apiclient.Failed,
				Err: "not sent: " + err.Error(), Hint: hint.Of(err),
			}}
		}
		msg := sent{expansion: x, exchange: s.Client.Send(ctx, draft, apiclient.FromExplorer)}
		s.Resolver.Renew()
		done(ctx, &msg)
		return msg
	}))
}

// sendsOfFile begins to send a request of a file, if the draft is one, and returns
// what is done with its answer: its values are for the next request of the file,
// and what it expects is held against it.
func (d *Desk) sendsOfFile() func(context.Context, *sent) {
	nothing := func(context.Context, *sent) {}
	f := d.File()
	if f == nil {
		return nothing
	}
	file, r := d.o.Files.Find(f.Place)
	if r == nil {
		return nothing
	}
	p, h := d.o.Files.Pass(file), d.Hold(files.Sent{Place: f.Place})
	p.Begin(f.ID)
	return func(ctx context.Context, msg *sent) {
		msg.at, msg.expected = f.Place, h.Sent(ctx, p, &msg.exchange)
		p.Took(ctx, r, &msg.exchange)
	}
}

// inBackground sends something in the background; it is shown beside the open draft.
func (d *Desk) inBackground(send func(context.Context) sent) tea.Cmd {
	d.o.Status.Set("", status.Neutral)
	ctx, seq := d.Flight.Start(d.o.Now())
	d.Flight.progress = apiclient.Progress{}
	d.Flight.latest.Store(nil)
	d.showFlight()
	revision, key := d.revision, d.o.Request.Key()
	return func() tea.Msg {
		msg := send(ctx)
		msg.seq, msg.revision, msg.key = seq, revision, key
		return msg
	}
}

// update shows how the exchange that was in flight ended.
func (msg sent) update(d *Desk) tea.Cmd {
	if d.Flight.Ends(msg.seq) {
		d.o.Response.Wait("")
	}
	e := msg.exchange
	d.o.Files.Note(e.ID, msg.at, msg.expected)
	if msg.key != d.o.Request.Key() {
		// Another draft is open by now: the answer is not put beside it.
		says := "sent before: " + apiclient.Summary(e) + " · it is among the runs"
		if f, not := e.NotRecorded(); not {
			says = "The answer of " + cmp.Or(e.Endpoint, e.Request.Path(), "–") + " is not in the history: " + f.Says
		}
		d.o.Status.Keep(says, status.ToneOf(e))
		return ui.Emit(Ended{Exchange: e})
	}
	d.o.Response.SetStale(msg.revision != d.revision)
	d.shown, d.shownRevision = &e, msg.revision
	if msg.revision == d.revision && e.Request.Line != "" {
		d.o.Request.SetSent(msg.expansion)
	}
	d.o.Status.SetOutcome("", &e)
	cmd := d.o.Response.Show(d.asShown(&e))
	d.o.Response.SetExpectations(msg.expected)
	d.updatePanes()
	// What was sent used up its variables: the next preview has new ones.
	return tea.Batch(cmd, ui.Emit(Ended{Exchange: e, Shown: true}))
}

// resend puts the very bytes of a run in flight.
func (d *Desk) resend(saved apiclient.Exchange) tea.Cmd {
	if d.Flight.Running() || d.services == nil {
		return nil
	}
	s := d.services
	return d.inBackground(func(ctx context.Context) sent { return sent{exchange: s.Client.Resend(ctx, saved)} })
}
