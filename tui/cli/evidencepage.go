package cli

import (
	"bytes"
	"context"
	"fmt"

	"countersign/apiclient/diagnose"
	"countersign/apiclient/page"
	"countersign/tui/ui"
)

// The evidence page as a format of export.
const (
	pageFormat = "html"
	pageTitle  = "evidence page, which proves itself in any browser"
)

// page returns the evidence page of a report, and a note on what is masked in it.
func (a *app) page(e diagnose.Evidence, r diagnose.Report, reveal bool) (data []byte, note string, err error) {
	masks, err := a.redactor(reveal)
	if err != nil {
		return nil, "", err
	}
	var b bytes.Buffer
	err = page.Write(&b, e, r, page.Options{Now: a.now(), By: "countersign " + version(), Redact: masks})
	if reveal {
		return b.Bytes(), "nothing in it is masked", err
	}
	return b.Bytes(), "secrets are masked", err
}

// writePage writes the evidence page into a new file.
func (a *app) writePage(name string, e diagnose.Evidence, r diagnose.Report, reveal bool) error {
	data, note, err := a.page(e, r, reveal)
	if err != nil {
		return err
	}
	if err := a.writeNew(name, data); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.err, "wrote %s: open it in a browser; %s\n", ui.Safe(name), note)
	return err
}

// exportPage diagnoses an exchange, and writes its evidence page.
func (a *app) exportPage(ctx context.Context, name, out string, reveal bool, o evidenceOptions) error {
	exchange, ours, err := a.exported(ctx, name, o)
	if err != nil {
		return err
	}
	e, err := a.gatherOf(ctx, exchange, ours, o)
	if err != nil {
		return err
	}
	a.widenFile(ctx, &e)
	r := diagnose.Diagnose(ctx, e, diagnose.Options{})
	adviseRawBody(&r, e)
	if out != "" {
		return a.writePage(out, e, r, reveal)
	}
	data, note, err := a.page(e, r, reveal)
	if err != nil {
		return err
	}
	if a.flags.json {
		text := string(data)
		return a.printJSON(struct {
			Format string   `json:"format"`
			Text   *string  `json:"text"`
			Notes  []string `json:"notes"`
		}{pageFormat, &text, []string{note}})
	}
	return a.write(data)
}
