package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/export"
	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/page"
	"countersign/apiclient/redact"
	"countersign/apiclient/requests"
	"countersign/tui/ui"
)

func (a *app) exportCommand() *cobra.Command {
	var as, out string
	var reveal bool
	var o evidenceOptions
	var formats []cobra.Completion
	cmd := &cobra.Command{
		Use: "export RUN|FILE|-", Short: "Write an exchange as curl, HAR, Postman collection, program that signs",
		Args:              args(1, 1, "one RUN, FILE or -"),
		ValidArgsFunction: a.completeEvidence,
		RunE: func(cmd *cobra.Command, args []string) error {
			if as == "" {
				return usage("add --as curl; \"countersign export --help\" lists the formats", "export needs a format")
			}
			if as == pageFormat {
				return a.exportPage(cmd.Context(), args[0], out, reveal, o)
			}
			f, err := export.FormatNamed(as)
			if err != nil {
				return unreadable(err)
			}
			return a.export(cmd.Context(), args[0], f, out, reveal, o)
		},
	}
	name := func(format, title string) {
		cmd.Long += fmt.Sprintf("  %-10s  %s\n", format, title)
		formats = append(formats, cobra.CompletionWithDesc(format, title))
	}
	for _, f := range export.Formats() {
		name(f.Name, f.Title)
	}
	name(pageFormat, pageTitle)
	cmd.Flags().StringVar(&as, "as", "", "write it in this `FORMAT`")
	cmd.Flags().BoolVar(&reveal, "reveal", false, "mask nothing: the very bytes")
	cmd.Flags().StringVarP(&out, "out", "o", "", "write it to this new `FILE`")
	cmd.Flags().IntVar(&o.entry, "entry", 0, "take the exchange with this `NUMBER`, of several")
	complete(cmd, "as", oneOf(formats...))
	return cmd
}

// redactor is what is masked: nothing where the person asked for it.
func (a *app) redactor(reveal bool) (redact.Redactor, error) {
	if reveal {
		return redact.Reveal(), nil
	}
	c, err := a.config()
	if err != nil {
		return redact.Redactor{}, err
	}
	return a.hide(c.Redact), nil
}

// hide masks the values of the environment that were asked for, too.
func (a *app) hide(r redact.Redactor) redact.Redactor {
	a.secrets.Range(func(name, value any) bool {
		r = r.Hiding(name.(string), value.(string)) //nolint:forcetypeassert // nothing else is stored
		return true
	})
	return r
}

func (a *app) export(
	ctx context.Context, name string, f export.Format, out string, reveal bool, o evidenceOptions,
) error {
	in := export.Input{}
	var err error
	if in.Exchange, _, err = a.exported(ctx, name, o); err != nil {
		return err
	}
	if in.Redactor, err = a.redactor(reveal); err != nil {
		return err
	}
	profile, _, err := a.profileName()
	if err != nil {
		return err
	}
	if in.Profile, err = a.verifier(ctx, false); err != nil { // its keys are not at hand: the rule is enough
		if in.Profile, err = a.verifier(ctx, true); err != nil {
			return err
		}
	}
	in.Profile.Name = profile
	if f.Explains() {
		in.Report = a.explained(ctx, in.Profile, in.Exchange)
	}
	written, err := f.Write(in)
	if err != nil {
		return unreadable(err)
	}
	for _, note := range written.Notes {
		a.warn(note)
	}
	if out != "" {
		return a.writeNew(out, written.Data)
	}
	if a.flags.json {
		return a.printJSON(exportDocument(f.Name, written))
	}
	return a.write(written.Data)
}

// exported reads the exchange that is exported: FILE.http#NAME is one request of a
// request file. ours says that it is a run of this history, or was signed just now.
func (a *app) exported(
	ctx context.Context, name string, o evidenceOptions,
) (e apiclient.Exchange, ours bool, err error) {
	file, part, ok := cutRequest(name)
	if !ok {
		return a.evidence(ctx, []string{name}, o)
	}
	if part == "" && o.entry > 0 {
		part = strconv.Itoa(o.entry)
	}
	f, err := a.requestFile(file)
	if err != nil {
		return e, false, err
	}
	r, err := theRequest(f.File, part)
	switch {
	case err == nil && !a.isEvidence(f.File, r):
		e, err = a.signedRequest(ctx, file+"#"+part)
		return e, true, err
	case err == nil && part != "":
		e, err = a.readEvidence(ctx, name, partOf(f.File, r), evidenceOptions{})
		return e, false, err
	case part != "" || len(f.Requests) > 1 && !slices.ContainsFunc(f.Requests, func(r *requests.Request) bool {
		return a.isEvidence(f.File, r)
	}):
		return e, false, unreadable(err)
	}
	return a.evidence(ctx, []string{file}, o) // messages as they went over the wire, perhaps
}

// answerLine is the first line of an answer.
var answerLine = lazyregexp.New(`(?m)^HTTP/\d(?:\.\d)? +\d{3}\b`)

// isEvidence reports whether a request of a file has its signature or its answer
// there: it is what went over the wire then, and no draft.
func (a *app) isEvidence(f *requests.File, r *requests.Request) bool {
	names := a.headerNames("")
	return answerLine.Match(r.Part.Of(f.Text)) || slices.ContainsFunc(r.Header,
		func(h requests.Header) bool { return names.IsSignature(h.Name) })
}

// partOf returns one request of a file, with the variables of the file.
func partOf(f *requests.File, r *requests.Request) []byte {
	var b bytes.Buffer
	for _, v := range f.Variables {
		fmt.Fprintf(&b, "@%s = %s\n", v.Name, v.Value)
	}
	b.Write(r.Part.Of(f.Text))
	return b.Bytes()
}

// signedRequest signs a request of a request file as it would be sent now.
func (a *app) signedRequest(ctx context.Context, arg string) (apiclient.Exchange, error) {
	d, _, p, _, err := a.prepareRequest(ctx, arg, sendOptions{dryRun: true})
	if err != nil {
		return apiclient.Exchange{}, err
	}
	e, err := a.signed(p, d)
	if err == nil {
		a.flags.profile = e.Profile // the file may name another one
	}
	return e, err
}

// explained is the diagnosis of an exchange whose signatures do not all verify; nil
// where they do, or nothing can be said of them.
func (a *app) explained(ctx context.Context, p apiclient.Profile, e apiclient.Exchange) *diagnose.Report {
	evidence, err := diagnose.Both("", &e, func(side apiclient.Side) (diagnose.Evidence, error) {
		return diagnose.FromProfile(p, e, side)
	})
	if err != nil || len(p.Keys()) == 0 {
		return nil
	}
	if r := diagnose.Verify(evidence); r.Verdict == "verified" {
		return nil
	}
	r := diagnose.Diagnose(ctx, evidence, diagnose.Options{Budget: diagnose.DefaultBudget})
	return &r
}

func exportDocument(format string, out export.Output) any {
	doc := struct {
		Format string   `json:"format"`
		Text   *string  `json:"text,omitempty"`
		Base64 []byte   `json:"base64,omitempty"` // where it is not UTF-8
		Notes  []string `json:"notes"`
	}{Format: format, Notes: append([]string{}, out.Notes...)}
	if text := string(out.Data); utf8.ValidString(text) {
		doc.Text = &text
	} else {
		doc.Base64 = out.Data
	}
	return doc
}

// writeNew writes a file that is not there yet, for this user alone.
func (a *app) writeNew(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the person names it
	switch {
	case errors.Is(err, fs.ErrExist):
		return usage("nothing was written: name another file", "%s is there already", name)
	case err != nil:
		return &codeError{exitFailed, err, hint.Fix("check the name and that you may write there")}
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

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
