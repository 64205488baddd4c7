package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"countersign/apiclient/diagnose"
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
			d.hasTold = cmd.Flags().Changed("told")
			return a.diagnose(cmd.Context(), args, o.given(cmd), d)
		},
	}
	o.flags(cmd)
	f := cmd.Flags()
	f.DurationVar(&d.budget, "budget", diagnose.DefaultBudget,
		"search for this `TIME` at most; 0 means until everything known is tried")
	f.StringVar(&d.told, "told", "",
		"what the other side built or logged: a string, its digest, length or header, or an error text; a `TEXT` or @FILE")
	f.BoolVar(&d.markdown, "markdown", false, "print the report as Markdown, with what is secret masked")
	f.StringVar(&d.html, "html", "", "write the report into this new `FILE` too: a page that proves itself in any browser")
	f.BoolVar(&d.reveal, "reveal", false, "with --markdown and --html: mask nothing")
	return cmd
}

type diagnoseOptions struct {
	budget   time.Duration
	told     string
	hasTold  bool
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
	if d.hasTold {
		if e.Told, err = a.readBody(d.told, inputTold); err != nil {
			return err
		}
	}
	a.widenFile(ctx, &e)
	options := diagnose.Options{Budget: d.budget}
	if d.budget == 0 {
		options.Budget = -1
	}
	done := func() {}
	if !a.flags.json {
		options.Progress, done = a.searching()
	}
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
