package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/expect"
	"countersign/apiclient/hint"
	"countersign/apiclient/junit"
	"countersign/apiclient/probe"
	"countersign/tui/ui"
)

type probeOptions struct {
	callbackOptions
	accepts, junit string
	markdown       bool
}

func (a *app) probeCommand() *cobra.Command {
	var o probeOptions
	cmd := &cobra.Command{
		Use: "probe URL [ENDPOINT]", Short: "Send your server good and bad callbacks; say which bad one it accepts",
		Args:              args(1, 2, "the URL of your server, such as http://127.0.0.1:3000/notify"),
		ValidArgsFunction: a.completeCallbacks,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				o.endpoint = args[1]
			}
			return a.probe(cmd.Context(), args[0], o)
		},
	}
	f := cmd.Flags()
	o.flags(f)
	f.StringVar(&o.accepts, "accepts", "", "an answer accepts where this `JQ` expression holds, such as '.status == 200'")
	f.StringVar(&o.junit, "junit", "", "write the rows as JUnit XML into this `FILE`")
	f.BoolVar(&o.markdown, "markdown", false, "print a report in Markdown")
	complete(cmd, "from", a.completeRuns)
	return cmd
}

func (a *app) probe(ctx context.Context, target string, o probeOptions) error {
	if o.markdown && a.flags.json {
		return usage("give one of them", "--markdown and --json exclude each other")
	}
	options := probe.Options{Now: a.now, MakeKey: a.stranger, Hold: a.hold}
	if o.accepts != "" {
		x, err := expect.Compile(o.accepts)
		if err != nil {
			return unreadable(fmt.Errorf("--accepts: %w", err))
		}
		options.Accepts = func(ctx context.Context, e *apiclient.Exchange) (bool, error) {
			r := x.Check(ctx, expect.Value(e, nil))
			return r.Holds, r.Err
		}
	}
	p, u, err := a.platform(ctx, target)
	if err != nil {
		return err
	}
	draft, _, err := a.callback(ctx, p, target, o.callbackOptions)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("Send %d callbacks, most of them forged, to", len(probe.Cases()))
	if err := a.confirmBeyond(ctx, u, o.yes, what); err != nil {
		return err
	}
	done := a.waiting("probing " + u.Host)
	report, err := probe.Run(ctx, p, draft, options)
	done()
	switch {
	case errors.Is(err, probe.ErrUnreachable):
		return failed(hint.Of(err), "%w", err)
	case err != nil:
		return unreadable(err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if o.noSave {
		forgetIDs(report)
	} else if err := a.keepProbes(ctx, report); err != nil {
		a.warn("the probes are not in the history: " + err.Error())
		forgetIDs(report)
	}
	a.maskProbe(&report)
	if o.junit != "" {
		if err := a.writeJUnit(o.junit, probeSuite(report)); err != nil {
			return err
		}
	}
	if err := a.printProbe(report, o.markdown); err != nil {
		return err
	}
	switch {
	case report.Unverified():
		return said(exitUnverified)
	case report.Count(probe.Failed) > 0:
		return said(exitFailed)
	}
	return nil
}

// keepProbes records what was sent, in one transaction.
func (a *app) keepProbes(ctx context.Context, r probe.Report) error {
	store, err := a.store()
	if err != nil {
		return err
	}
	var list []*apiclient.Exchange
	for _, row := range r.Rows {
		if row.Exchange != nil && row.Exchange.Request.Line != "" {
			list = append(list, row.Exchange)
		}
	}
	return store.Record(ctx, list)
}

// maskProbe masks what is told of the answers. What was kept of them is not changed.
func (a *app) maskProbe(r *probe.Report) {
	r.URL = a.masking(nil)(r.URL)
	for i := range r.Rows {
		row := &r.Rows[i]
		mask := a.masking(row.Exchange)
		row.Sends, row.Says, row.Why, row.Advice = mask(row.Sends), mask(row.Says), mask(row.Why), mask(row.Advice)
	}
}

// forgetIDs takes away the ids of what is not in the history: they would find nothing.
func forgetIDs(r probe.Report) {
	for _, row := range r.Rows {
		if row.Exchange != nil {
			row.Exchange.ID = ""
		}
	}
}

// writeJUnit writes suites into a file.
func (a *app) writeJUnit(name string, suites ...junit.Suite) error {
	var out bytes.Buffer
	if err := junit.Write(&out, suites...); err != nil {
		return err
	}
	err := os.MkdirAll(filepath.Dir(name), 0o750)
	if err == nil {
		err = os.WriteFile(name, out.Bytes(), 0o600)
	}
	if err != nil {
		return failed("check the name and that you may write there", "--junit: %s cannot be written: %w", name, reasonOf(err))
	}
	return nil
}

func probeSuite(r probe.Report) junit.Suite {
	s := junit.Suite{Name: "probe " + r.URL, Time: r.Took}
	for _, row := range r.Rows {
		c := junit.Case{Name: row.Name, Class: "probe." + row.Group}
		if row.Exchange != nil {
			c.Time = row.Exchange.Timing.Total
		}
		switch row.Mark {
		case probe.Failed:
			c.Failure = row.Says
			c.Detail = fmt.Sprintf("sent: %s\nwhy: %s\nfix: %s", row.Sends, row.Why, row.Advice)
			if row.Exchange != nil && row.Exchange.ID != "" {
				c.Detail += "\nrun: " + row.Exchange.ID
			}
		case probe.Left:
			c.Skipped = row.Says
		}
		s.Cases = append(s.Cases, c)
	}
	return s
}

// probeDocument is probe --json.
type probeDocument struct {
	URL        string     `json:"url"`
	Key        string     `json:"key"`
	Passed     int        `json:"passed"`
	Warnings   int        `json:"warnings"`
	Failed     int        `json:"failed"`
	Skipped    int        `json:"skipped"`
	ElapsedMS  float64    `json:"elapsedMs"`
	Conclusion []string   `json:"conclusion"`
	Probes     []probeRow `json:"probes"`
}

type probeRow struct {
	Name    string        `json:"name"`
	Group   string        `json:"group"`
	Expect  probe.Expect  `json:"expect"`
	Outcome probe.Outcome `json:"outcome"`
	Mark    probe.Mark    `json:"mark"`
	Sends   string        `json:"sends"`
	Why     string        `json:"why"`
	Says    string        `json:"says"`
	Fix     string        `json:"fix"`    // of the server: what came of this, or else what a wrong one should do
	Answer  string        `json:"answer"` // how its signature stands; "" where there is no answer
	Status  int           `json:"status"`
	Run     string        `json:"run"`
}

func newProbeDocument(r probe.Report) probeDocument {
	d := probeDocument{URL: r.URL, Key: r.Key, Passed: r.Count(probe.Passed), Warnings: r.Count(probe.Warned),
		Failed: r.Count(probe.Failed), Skipped: r.Count(probe.Left), ElapsedMS: float64(r.Took.Microseconds()) / 1000, Conclusion: r.Conclusion()}
	for _, row := range r.Rows {
		line := probeRow{Name: row.Name, Group: row.Group, Expect: row.Expect, Outcome: row.Outcome, Mark: row.Mark,
			Sends: row.Sends, Why: row.Why, Says: row.Says, Fix: cmp.Or(row.Advice, row.Fix)}
		if e := row.Exchange; e != nil {
			line.Run = e.ID
			if e.Response != nil {
				line.Answer, line.Status = string(e.Received.Status), e.Response.Status()
			}
		}
		d.Probes = append(d.Probes, line)
	}
	return d
}

func (a *app) printProbe(r probe.Report, markdown bool) error {
	switch {
	case a.flags.json:
		return a.printJSON(newProbeDocument(r))
	case markdown:
		return a.write([]byte(r.Markdown()))
	}
	tones := map[probe.Mark]tone{probe.Passed: good, probe.Warned: worse, probe.Failed: bad, probe.Left: faint}
	var out printer
	out.line("Probe of %s, signed with %s", ui.Safe(r.URL), ui.Safe(r.Key))
	for _, section := range []struct {
		title string
		of    probe.Expect
	}{{"must be accepted", probe.Accepted}, {"must be refused", probe.Refused}, {"right servers differ", probe.Either}} {
		a.heading(&out, section.title)
		for _, row := range r.Rows {
			if row.Expect == section.of {
				a.probeLine(&out, row, tones[row.Mark])
			}
		}
	}
	out.line("")
	for _, says := range r.Conclusion() {
		out.line("%s", says)
	}
	out.line("%s", a.paint(faint, fmt.Sprintf("%s, in %.1f s", r.Counts(), r.Took.Seconds())))
	return a.print(&out)
}

// probeLine prints a row, and where it is not right, why and how to fix it.
func (a *app) probeLine(out *printer, row probe.Row, t tone) {
	what := row.Sends
	if row.Mark == probe.Left {
		what = row.Says
	}
	out.line("%s %-27s %-11s %s", a.paint(t, row.Mark.Sign()), row.Name, row.Outcome, ui.Safe(what))
	if row.Mark != probe.Failed && row.Mark != probe.Warned {
		return
	}
	detail := [][2]string{{"", row.Says}, {"why: ", row.Why}, {"fix: ", row.Advice}}
	for _, d := range detail {
		if d[1] != "" {
			out.line("    %s", ui.Safe(d[0]+d[1]))
		}
	}
	if row.Exchange != nil && row.Exchange.ID != "" && row.Mark == probe.Failed {
		out.line("    %s", a.paint(faint, "run "+row.Exchange.ID))
	}
}
