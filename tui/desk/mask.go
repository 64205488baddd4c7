package desk

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// largestMasked is the largest body that is searched for secrets to show the rest
// of it, in bytes: keys wait for that.
const largestMasked = 1 << 20

// Masked reports whether what is secret is masked on the screen.
func (d *Desk) Masked() bool { return d.masked }

// SetMasked masks what is secret on the screen, or shows it.
func (d *Desk) SetMasked(on bool) tea.Cmd {
	d.masked = on
	cmd := d.Mask()
	d.updatePanes()
	return cmd
}

// Mask has the panes mask what is to be masked now.
func (d *Desk) Mask() tea.Cmd {
	d.o.Headers.SetRedactor(d.redactor)
	d.o.Response.SetRedactor(d.redactor)
	if d.shown == nil {
		return nil
	}
	return tea.Batch(d.o.Response.Show(d.asShown(d.shown)), d.holdAgain())
}

// asShown is an exchange as panes show it: masked where that is wanted.
func (d *Desk) asShown(e *apiclient.Exchange) *apiclient.Exchange {
	if e == nil || !d.masked {
		return e
	}
	large := *e
	if e.Response != nil && len(e.Response.Content()) > largestMasked {
		answer := *e.Response
		says := "A body of " + ui.Bytes(int64(len(answer.Body))) + " is not shown while secrets are masked"
		answer.Body, answer.Decoded = []byte(says), nil
		large.Response, large.Received.Canonical = &answer, nil
	}
	if len(e.Request.Content()) > largestMasked {
		large.Request.Body, large.Request.Decoded, large.Sent.Canonical, large.SentVerdict.Canonical = nil, nil, nil, nil
	}
	masked := d.redactor.Masker().Exchange(large)
	return &masked
}
