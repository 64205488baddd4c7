package export

import (
	"bytes"
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/page"
	"countersign/apiclient/redact"
	"countersign/tui/ui"
)

// Page is an evidence page: what proves the report on a signature.
type Page struct {
	Exchange apiclient.Exchange
	Side     apiclient.Side
	Told     []byte           // what the other side says that it signed
	Report   *diagnose.Report // nil: Examine finds it out
	// Examine explains a signature.
	Examine func(ctx context.Context, e apiclient.Exchange, side apiclient.Side, told []byte,
		o diagnose.Options) (diagnose.Report, error)
	// Evidence gathers what is known around the signature.
	Evidence func(ctx context.Context, e apiclient.Exchange, side apiclient.Side) (diagnose.Evidence, error)
	Options  page.Options
	Reveal   bool // mask nothing
}

// WritePage writes an evidence page into a new file.
func (f Files) WritePage(p Page) tea.Cmd {
	return func() tea.Msg {
		path, err := f.writePage(p)
		if err != nil {
			return ui.Told{Text: "No evidence page: " + err.Error(), Bad: true}
		}
		secrets := "secrets masked"
		if p.Reveal {
			secrets = "every secret"
		}
		return ui.Told{Text: "Evidence page with " + secrets + ": " + path + " · open it in a browser"}
	}
}

func (f Files) writePage(p Page) (path string, err error) {
	ctx := context.Background()
	if p.Report == nil {
		r, err := p.Examine(ctx, p.Exchange, p.Side, p.Told, diagnose.Options{Budget: diagnose.DefaultBudget})
		if err != nil {
			return "", err
		}
		p.Report = &r
	}
	evidence, err := p.Evidence(ctx, p.Exchange, p.Side)
	if err != nil {
		return "", err
	}
	evidence.Told = p.Told
	if p.Reveal {
		p.Options.Redact = redact.Reveal()
	}
	var b bytes.Buffer
	if err = page.Write(&b, evidence, *p.Report, p.Options); err != nil {
		return "", err
	}
	at := p.Exchange.StartedAt
	if at.IsZero() {
		at = p.Options.Now
	}
	return f.writeFree(fmt.Sprintf("evidence-%s-%s", at.Local().Format("20060102-150405"), p.Side), ".html", b.Bytes())
}
