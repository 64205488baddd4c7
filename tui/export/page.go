package export

import (
	"bytes"
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/page"
	"countersign/tui/ui"
)

// Page is an evidence page: what proves the report on a signature.
type Page struct {
	Exchange apiclient.Exchange
	Side     apiclient.Side
	Told     []byte // what the other side says that it signed
	Report   diagnose.Report
	// Evidence gathers what is known around the signature.
	Evidence func(ctx context.Context, e apiclient.Exchange, side apiclient.Side) (diagnose.Evidence, error)
	Options  page.Options
}

// WritePage writes an evidence page into a new file.
func (f Files) WritePage(p Page) tea.Cmd {
	return func() tea.Msg {
		path, err := f.writePage(p)
		if err != nil {
			return ui.Told{Text: "No evidence page: " + err.Error(), Bad: true}
		}
		return ui.Told{Text: "Evidence page with secrets masked: " + path + " · open it in a browser"}
	}
}

func (f Files) writePage(p Page) (path string, err error) {
	evidence, err := p.Evidence(context.Background(), p.Exchange, p.Side)
	if err != nil {
		return "", err
	}
	evidence.Told = p.Told
	var b bytes.Buffer
	if err = page.Write(&b, evidence, p.Report, p.Options); err != nil {
		return "", err
	}
	at := p.Exchange.StartedAt
	if at.IsZero() {
		at = p.Options.Now
	}
	return f.writeFree(fmt.Sprintf("evidence-%s-%s", at.Local().Format("20060102-150405"), p.Side), ".html", b.Bytes())
}
