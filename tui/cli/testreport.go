package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/apiclient/expect"
	"countersign/apiclient/hint"
	"countersign/apiclient/junit"
	"countersign/apiclient/requests"
	"countersign/apiclient/suite"
	"countersign/tui/ui"
)

// testReport tells the results of test: live, and all of them at the end.
type testReport struct {
	a      *app
	o      testOptions
	begun  time.Time
	told   int // results in TAP so far
	others []notRunLine
	broken error // stdout is gone
}

type notRunLine struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Says string `json:"says"`
}

func (a *app) newReport(o testOptions) *testReport { return &testReport{a: a, o: o, begun: a.now()} }

// notRun takes what of a file is not run.
func (t *testReport) notRun(f *requests.File) {
	for _, n := range f.NotRun {
		t.others = append(t.others, notRunLine{f.Name, n.Line, n.Says})
	}
	if !t.a.flags.json {
		t.a.tellNotRun(f)
	}
}

// observe prints a result as it comes.
func (t *testReport) observe(r suite.Result) {
	if r.Status == suite.Running || t.a.flags.json || t.broken != nil {
		return
	}
	var out printer
	if t.o.tap {
		t.tap(&out, r)
	} else {
		t.lines(&out, r)
	}
	t.broken = t.a.print(&out)
}

func (t *testReport) lines(out *printer, r suite.Result) {
	round := ""
	if t.o.repeat > 1 && r.Round > 0 {
		round = fmt.Sprintf(" (round %d)", r.Round)
	}
	out.line("%s%s", t.a.headline(r), round)
	for _, f := range r.Failures {
		out.line("    %s", ui.Safe(f.Says))
		if f.Hint != "" {
			out.line("      hint: %s", ui.Safe(f.Hint))
		}
	}
}

// tap prints a result in the Test Anything Protocol.
func (t *testReport) tap(out *printer, r suite.Result) {
	if t.told == 0 {
		out.line("TAP version 14")
	}
	t.told++
	ok := "ok"
	if r.Status == suite.Failed {
		ok = "not ok"
	}
	name := strings.NewReplacer(`\`, `\\`, "#", `\#`).Replace(ui.Safe(r.File + "#" + r.Name))
	line := fmt.Sprintf("%s %d - %s", ok, t.told, name)
	if r.Status == suite.Skipped {
		line += " # SKIP " + ui.Safe(r.Why)
	}
	out.line("%s", line)
	if len(r.Failures) == 0 {
		return
	}
	out.line("  ---")
	out.line("  failures:")
	for _, f := range r.Failures {
		out.line("    - %s", yamlText(f.Says))
	}
	out.line("  ...")
}

// yamlText quotes a text for YAML, of which JSON's strings are a part.
func yamlText(s string) string { return fmt.Sprintf("%q", ui.Safe(s)) }

// counts are how many requests ended how.
type counts struct {
	Passed, Failed, Skipped int
}

func (c counts) String() string {
	text := english.Count(c.Passed+c.Failed+c.Skipped, "request") + fmt.Sprintf(": %d passed", c.Passed)
	if c.Failed > 0 {
		text += fmt.Sprintf(", %d failed", c.Failed)
	}
	if c.Skipped > 0 {
		text += fmt.Sprintf(", %d skipped", c.Skipped)
	}
	return text
}

// end tells the whole and returns the exit code: 2, then 3, then 1 wins.
func (t *testReport) end(results []suite.Result, canceled error) error {
	var n counts
	code := exitDone
	rank := map[int]int{exitUsage: 3, exitUnverified: 2, exitFailed: 1}
	worse := func(c int) {
		if rank[c] > rank[code] {
			code = c
		}
	}
	for _, r := range results {
		switch r.Status {
		case suite.Passed:
			n.Passed++
		case suite.Skipped:
			n.Skipped++
		default:
			n.Failed++
			worse(exitFailed)
		}
		for _, f := range r.Failures {
			switch f.Kind {
			case suite.Unusable:
				worse(exitUsage)
			case suite.Unverified:
				worse(exitUnverified)
			}
		}
	}
	if err := errors.Join(t.broken, t.print(results, n)); err != nil {
		return err
	}
	if t.o.junit != "" {
		if err := t.writeJUnit(results); err != nil {
			return err
		}
	}
	if canceled != nil {
		return canceled
	}
	return said(code)
}

func (t *testReport) print(results []suite.Result, n counts) error {
	if t.a.flags.json {
		lines := []testLine{}
		for _, r := range results {
			lines = append(lines, lineOf(r))
		}
		if t.others == nil {
			t.others = []notRunLine{}
		}
		return t.a.printJSON(struct {
			Passed    int          `json:"passed"`
			Failed    int          `json:"failed"`
			Skipped   int          `json:"skipped"`
			ElapsedMs float64      `json:"elapsedMs"`
			Requests  []testLine   `json:"requests"`
			NotRun    []notRunLine `json:"notRun"`
		}{n.Passed, n.Failed, n.Skipped, float64(t.a.now().Sub(t.begun).Microseconds()) / 1000, lines, t.others})
	}
	var out printer
	switch {
	case t.o.tap && t.told == 0:
		out.line("TAP version 14")
		out.line("1..0 # SKIP there are no requests")
	case t.o.tap:
		out.line("1..%d", t.told)
	default:
		tone := good
		if n.Failed > 0 {
			tone = bad
		}
		out.line("%s", t.a.paint(tone, n.String())+" · "+ui.Millis(t.a.now().Sub(t.begun)))
	}
	return t.a.print(&out)
}

// writeJUnit writes the results as JUnit XML: a suite for each file.
func (t *testReport) writeJUnit(results []suite.Result) error {
	var suites []junit.Suite
	at := map[string]int{}
	for _, r := range results {
		name := r.File
		if t.o.repeat > 1 {
			name = fmt.Sprintf("%s, round %d", r.File, r.Round)
		}
		i, ok := at[name]
		if !ok {
			i = len(suites)
			at[name] = i
			suites = append(suites, junit.Suite{Name: name})
		}
		c := junit.Case{Name: r.Name, Class: r.File, Time: r.Took, Skipped: r.Why}
		for j, f := range r.Failures {
			if j == 0 {
				c.Failure = f.Says
			}
			c.Detail += f.Says + "\n"
			if f.Hint != "" {
				c.Detail += "hint: " + f.Hint + "\n"
			}
		}
		if e := r.Exchange; e != nil && len(r.Failures) > 0 {
			c.Detail += apiclient.Summary(*e) + "\nrun " + e.ID + "\n"
		}
		suites[i].Cases = append(suites[i].Cases, c)
	}
	return t.a.writeJUnit(t.o.junit, suites...)
}

// failedExpectations is the error for what does not hold of one exchange.
func failedExpectations(of int, failures []suite.Failure, err error) error {
	code := exitFailed
	if codeOf(err) == exitUnverified {
		code = exitUnverified
	}
	list := &listError{says: fmt.Sprintf("%d of %s failed", len(failures), english.Count(of, "expectation"))}
	for _, f := range failures {
		list.lines = append(list.lines, f.Says)
	}
	if err != nil && !isSaid(err) {
		list.lines = append(list.lines, err.Error())
	}
	return &codeError{code, list, hint.Fix(hint.Of(err))}
}

// isSaid reports whether an error is an exit code alone.
func isSaid(err error) bool {
	var coded *codeError
	return errors.As(err, &coded) && coded.err == nil
}

// testRuns holds expectations against saved runs; nothing is sent.
func (a *app) testRuns(ctx context.Context, o testOptions, expects []*expect.Expectation, report *testReport) error {
	runs, err := a.found(ctx, o.runs.text, a.flags.profile, o.limit)
	if err != nil {
		return err
	}
	store, err := a.store()
	if err != nil {
		return err
	}
	clients := a.quietClients(ctx)
	var results []suite.Result
	for _, run := range runs {
		if err := ctx.Err(); err != nil {
			return report.end(results, err)
		}
		e, err := store.Get(ctx, run.ID)
		if err != nil {
			return err
		}
		begun := a.now()
		if client := clients(e.Profile); client != nil {
			client.Recheck(&e) // what was recorded is not repeated as if it were so now
		}
		endpoint, _, err := a.endpointByID(e.Endpoint)
		if err != nil {
			return err
		}
		failures := suite.Judge(ctx, &e, endpoint, suite.Rules{Expect: expects, Mask: a.masking(&e)})
		r := suite.OfRun(run.ID, &e, failures, a.masking)
		r.Took = a.now().Sub(begun)
		report.observe(r)
		r.Exchange = slim(r.Exchange)
		results = append(results, r)
	}
	return report.end(results, nil)
}

// slim is an exchange without its bodies: of many runs only the rest is reported.
func slim(e *apiclient.Exchange) *apiclient.Exchange {
	s := *e
	s.Request.Body = nil
	if s.Response != nil {
		m := *s.Response
		m.Body, m.Decoded = nil, nil
		s.Response = &m
	}
	s.Sent.Canonical, s.Received.Canonical = nil, nil
	return &s
}
