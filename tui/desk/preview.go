package desk

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/variables"
	"countersign/tui/request"
	"countersign/tui/services"
	"countersign/tui/ui/editor"
)

// preview is the draft as it would be signed.
type preview struct {
	underWay bool
	exchange *apiclient.Exchange // nil where there is none
	err      error               // why the draft cannot be signed
	revision int                 // the draft's that it is of
}

// current reports whether a preview is of the draft as it stands.
func (d *Desk) current() bool { return d.preview.revision == d.revision }

// CannotSign returns why the draft on the screen is not signed; "" where it is, or is
// not what the screen shows.
func (d *Desk) CannotSign() string {
	switch {
	case d.Live() && d.preview.err != nil:
		return "The request cannot be signed: " + d.preview.err.Error()
	case d.Live() && d.preview.exchange != nil && !d.current():
		return "The request is being signed: a moment"
	case d.Signed() == nil:
		return "There is no signed request yet"
	}
	return ""
}

// signed is a draft as it would be signed now.
type signed struct {
	revision int
	body     []byte              // expanded
	faults   []catalog.Violation // what the schema says of it
	exchange apiclient.Exchange
	err      error

	expansion variables.Expansion
	marks     []editor.Mark // the faults, at their places in the body as it is written
}

// sign signs a draft as it stands and sends nothing. It says what is wrong with it
// where its endpoint is known.
func sign(s *services.Services, fill services.Expander, draft apiclient.Draft, endpoint *catalog.Endpoint,
	revision int) signed {
	text := draft.Body
	draft, x, err := fill(context.Background(), draft)
	p := signed{revision: revision, body: x.Text, expansion: x, err: err}
	if endpoint != nil {
		p.faults = endpoint.Check(x.Text)
	}
	p.marks = request.Find(text, x, p.faults)
	if x.Err != nil {
		p.faults = nil // they may be those of what stands for a missing value
	}
	if p.err == nil {
		p.exchange, p.err = s.Client.Preview(draft)
	}
	return p
}

func (msg signed) update(d *Desk) tea.Cmd {
	d.preview.underWay = false
	if msg.revision != d.revision {
		return d.nextPreview() // edited meanwhile: a late answer is not shown
	}
	d.preview.err, d.preview.revision = msg.err, msg.revision
	d.o.Request.SetExpanded(msg.body, msg.faults, msg.err)
	d.o.Request.SetFindings(msg.expansion, msg.marks)
	d.preview.exchange = nil // what cannot be signed now must not be shown or copied as if it were
	if msg.err == nil {
		d.preview.exchange = &msg.exchange
	}
	d.updatePanes()
	return nil
}

// To sign and check a large body takes longer than to type a character, and
// keeps a core busy that the next key needs. So it waits for a pause.
const (
	largeBody   = 64 << 10 // bytes
	typingPause = 150 * time.Millisecond
	mostPauses  = 6 // a person who types on and on sees a preview about once a second
)

// paused says that the pause after an edit of a large body is over.
type paused struct {
	revision int // the draft's when the pause began
	pauses   int // how many there were before the preview
}

func (m paused) update(d *Desk) tea.Cmd {
	if m.revision != d.revision && m.pauses < mostPauses {
		if cmd := d.pause(m.pauses + 1); cmd != nil {
			return cmd
		}
	}
	return d.signNow()
}

// pause waits for a pause in the typing; nil where there is no clock to wait by.
func (d *Desk) pause(pauses int) tea.Cmd {
	revision := d.revision
	return d.o.After(typingPause, func(time.Time) tea.Msg { return paused{revision, pauses} })
}

// nextPreview has the draft signed as it stands, unless that is under way.
func (d *Desk) nextPreview() tea.Cmd {
	if d.services == nil || d.preview.underWay {
		return nil
	}
	d.preview.underWay = true
	if d.o.Request.Size() > largeBody {
		if cmd := d.pause(0); cmd != nil {
			return cmd
		}
	}
	return d.signNow()
}

func (d *Desk) signNow() tea.Cmd {
	s, fill, draft, endpoint, revision := d.services, d.expander(), d.Draft(), d.Endpoint(), d.revision
	return func() tea.Msg { return sign(s, fill, draft, endpoint, revision) }
}

// Endpoint is the endpoint of the open draft; nil where it has none.
func (d *Desk) Endpoint() *catalog.Endpoint {
	if e, known := d.o.Request.Endpoint(); known {
		return &e
	}
	return nil
}
