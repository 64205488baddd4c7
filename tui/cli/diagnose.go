package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/rawbody"
	"countersign/tui/ui"
)

func (a *app) diagnoseCommand() *cobra.Command {
	var o evidenceOptions
	var d diagnoseOptions
	cmd := &cobra.Command{
		Use:               "diagnose [FILE|RUN|-]",
		Short:             "Why does this exchange's signature not verify?",
		Args:              args(0, 1, "one FILE, RUN or -"),
		ValidArgsFunction: a.completeEvidence,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.diagnose(cmd.Context(), args, o, d)
		},
	}
	o.flags(cmd)
	f := cmd.Flags()
	f.DurationVar(&d.budget, "budget", diagnose.DefaultBudget,
		"search for this `TIME` at most; 0 means until everything known is tried")
	f.Var(&d.told, "told",
		"what the other side built or logged: a string, its digest, length or header, or an error text; a `TEXT` or @FILE")
	f.BoolVar(&d.markdown, "markdown", false, "print the report as Markdown, with what is secret masked")
	f.StringVar(&d.html, "html", "", "write the report into this new `FILE` too: a page that proves itself in any browser")
	f.BoolVar(&d.reveal, "reveal", false, "with --markdown and --html: mask nothing")
	return cmd
}

type diagnoseOptions struct {
	budget   time.Duration
	told     given
	markdown bool
	html     string
	reveal   bool
}

// diagnose searches for what was signed, and reports it.
func (a *app) diagnose(ctx context.Context, args []string, o evidenceOptions, d diagnoseOptions) error {
	if d.budget < 0 {
		return usage("write a time such as 10s; 0 means without end", "--budget %s is negative", d.budget)
	}
	if d.markdown && a.flags.json {
		return usage("give one of them", "--markdown and --json are two forms of one report")
	}
	if d.reveal && d.html == "" && !d.markdown {
		return usage("give --html FILE or --markdown", "--reveal is for reports that go to others")
	}
	if d.html != "" && exists(d.html) {
		return usage("move it away first, or give another name", "%s exists and is not overwritten", ui.Safe(d.html))
	}
	e, err := a.gather(ctx, args, o)
	if err != nil {
		return err
	}
	if d.told.set {
		if e.Told, err = a.readBody(d.told.text, inputTold); err != nil {
			return err
		}
	}
	a.widenFile(ctx, &e)
	options := diagnose.Options{Budget: d.budget}
	if d.budget == 0 {
		options.Budget = -1
	}
	progress, done := a.searching()
	options.Progress = progress
	r := diagnose.Diagnose(ctx, e, options)
	done()
	adviseRawBody(&r, e)
	if d.html != "" {
		if err := a.writePage(d.html, e, r, d.reveal); err != nil {
			return err
		}
	}
	if d.markdown {
		return a.reportMarkdown(r, e, d.reveal)
	}
	return a.report(r, e)
}

// reportMarkdown prints a report that goes to others.
func (a *app) reportMarkdown(r diagnose.Report, e diagnose.Evidence, reveal bool) error {
	redactor, err := a.redactor(reveal)
	if err != nil {
		return err
	}
	m := redactor.Masker()
	m.Learn(&e.Exchange)
	masked := r.Masked(func(b []byte) []byte {
		return m.Signed(b, e.Exchange.Request.Body, e.Exchange.Message(e.Side).Body)
	})
	text := masked.Markdown()
	if says := m.Says(); says != "" {
		text += "_" + says + "; --reveal writes the very bytes._\n"
	}
	if err := a.write([]byte(text)); err != nil {
		return err
	}
	return verdictCode(r)
}

// adviseRawBody adds to the findings on a callback how to reach the bytes of its
// body, where our own server verified a parsed one.
func adviseRawBody(r *diagnose.Report, e diagnose.Evidence) {
	callback := e.Exchange.Origin == apiclient.FromListen ||
		slices.ContainsFunc(r.Findings, func(f diagnose.Finding) bool { return f.Cause == "callback" })
	if !callback {
		return
	}
	for i, f := range r.Findings {
		if rawbody.Parsed(f.Cause) {
			r.Findings[i].Fix = strings.TrimSpace(f.Fix + "\n" + rawbody.Advice(saidByHandler(e)))
			return
		}
	}
}

// saidByHandler is what may name the framework of our server: what it told, and the
// answer that it gave.
func saidByHandler(e diagnose.Evidence) []byte {
	text := slices.Clone(e.Told)
	if m := e.Exchange.Response; m != nil {
		text = append(append(append(text, '\n'), m.HeadBytes()...), m.Body...)
	}
	return text
}
