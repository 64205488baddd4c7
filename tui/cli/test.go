package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/requests"
	"countersign/apiclient/suite"
	"countersign/apiclient/variables"
	"countersign/tui/ui"
)

type testOptions struct {
	runs     given
	expect   []string
	junit    string
	tap      bool
	bail     bool
	only     string
	vars     []string
	repeat   int
	parallel int
	noSave   bool
	yes      bool
	limit    int
}

func (a *app) testCommand() *cobra.Command {
	var o testOptions
	cmd := &cobra.Command{
		Use: "test [PATH...]", Short: "Run request files and check what they expect",
		Args: args(0, 1<<16, "request files or folders"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.test(cmd.Context(), args, o) },
	}
	f := cmd.Flags()
	f.Var(&o.runs, "runs", "hold it against the saved runs that this `QUERY` finds; nothing is sent")
	f.StringArrayVar(&o.expect, "expect", nil, "expect this of every answer, a `JQ` expression; repeatable")
	f.StringVar(&o.junit, "junit", "", "write the results to this `FILE`, as JUnit XML")
	f.BoolVar(&o.tap, "tap", false, "print the results as TAP, version 14")
	f.BoolVar(&o.bail, "bail", false, "send nothing more after the first failure")
	f.StringVar(&o.only, "only", "", "only the requests of this `NAME`, which may have * in it, and those that they need")
	f.StringArrayVar(&o.vars, "var", nil, "give a variable another value, as `K=V`; repeatable")
	f.IntVar(&o.repeat, "repeat", 1, "run all of it this `NUMBER` of times")
	f.IntVar(&o.parallel, "parallel", 1, "run this `NUMBER` of files at once")
	f.IntVarP(&o.limit, "limit", "n", 10_000, "with --runs: look at this `NUMBER` of runs at most, the newest")
	f.BoolVar(&o.noSave, "no-save", false, "do not keep the runs in the history")
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask, even where a profile has confirm = true")
	return cmd
}

func (o testOptions) check(a *app, paths []string) error {
	switch {
	case o.tap && a.flags.json:
		return usage("give one of them", "--tap and --json exclude each other")
	case o.runs.set && len(paths) > 0:
		return usage("give one of them", "--runs and PATH exclude each other")
	case o.runs.set && (o.only != "" || len(o.vars) > 0 || o.repeat != 1 || o.parallel != 1 || o.bail):
		return usage("leave them out", "--only, --var, --repeat, --parallel and --bail are for request files, not for --runs")
	case o.repeat < 1 || o.repeat > 10_000:
		return usage("give a number from 1 to 10000", "--repeat is %d", o.repeat)
	case o.parallel < 1 || o.parallel > 64:
		return usage("give a number from 1 to 64", "--parallel is %d", o.parallel)
	case o.limit < 1:
		return usage("give a number of at least 1", "--limit is %d", o.limit)
	}
	return nil
}

// parseVars reads --var.
func parseVars(list []string) (map[string]string, error) {
	vars := map[string]string{}
	for _, text := range list {
		name, value, ok := strings.Cut(text, "=")
		if name = strings.TrimSpace(name); !ok || name == "" || strings.ContainsAny(name, "{} \t") {
			return nil, usage("write it as --var buyer=BUYER-42", "--var %q is no K=V", text)
		}
		vars[name] = value
	}
	return vars, nil
}

func (a *app) test(ctx context.Context, paths []string, o testOptions) error {
	if err := o.check(a, paths); err != nil {
		return err
	}
	expects, err := compileExpectations(o.expect)
	if err != nil {
		return err
	}
	report := a.newReport(o)
	if o.runs.set {
		return a.testRuns(ctx, o, expects, report)
	}
	if !o.noSave {
		go func() { _, _ = a.store() }()
	}
	vars, err := parseVars(o.vars)
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		c, err := a.config()
		if err != nil {
			return err
		}
		if c.Requests == "" {
			return usage(`name them, or set requests = "requests" in the configuration`, "there are no request files to run")
		}
		paths = []string{c.Requests}
	}
	files, only, err := a.requestFiles(paths)
	if err != nil {
		return err
	}
	all, err := a.catalog()
	if err != nil {
		return err
	}
	s := suite.Options{
		Catalog: all, Target: a.targets(o.noSave), Vars: vars, Only: cmp.Or(o.only, only), Expect: expects,
		Bail: o.bail, Repeat: o.repeat, Parallel: o.parallel, Mask: a.masking, Now: a.now,
		Allow:   func(d apiclient.Draft) error { return refuseKey(d.Body, false) },
		Observe: report.observe,
	}
	if err := a.checkSuite(ctx, files, s, o.yes); err != nil {
		return err
	}
	for _, f := range files {
		report.notRun(f.File)
	}
	return report.end(suite.Run(ctx, files, s), ctx.Err())
}

// maxFaultsTold is how many faults of request files are told at once.
const maxFaultsTold = 20

// checkSuite refuses files that cannot be run as they are, and asks for profiles
// that want to be asked for.
func (a *app) checkSuite(ctx context.Context, files []suite.File, s suite.Options, yes bool) error {
	faults := suite.Check(ctx, files, s)
	if len(faults) == 1 {
		return a.suiteFault(faults[0])
	}
	if len(faults) > 1 {
		list := &listError{says: fmt.Sprintf("%d faults; nothing was sent:", len(faults))}
		code := exitUsage
		for i, err := range faults {
			var coded *codeError
			if errors.As(err, &coded) {
				code = min(code, coded.code)
			}
			if i < maxFaultsTold {
				list.lines = append(list.lines, hint.Sentence(err))
			}
		}
		if more := len(faults) - maxFaultsTold; more > 0 {
			list.lines = append(list.lines, fmt.Sprintf("and %d more", more))
		}
		return &codeError{exitUsage, list, ""}
	}
	names := map[string]bool{}
	for _, f := range files {
		for _, q := range f.Requests {
			names[f.ProfileName(q)] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		t, err := s.Target(ctx, name)
		if err != nil {
			return err
		}
		if err := a.confirm(ctx, t.Client.Profile(), yes); err != nil {
			return err
		}
	}
	return nil
}

// suiteFault is the error for one fault: of the file, or of the profile it needs.
func (a *app) suiteFault(err error) error {
	var coded *codeError
	var file *requests.Error
	var unknown *variables.Error
	if errors.As(err, &coded) || !errors.As(err, &file) && !errors.As(err, &unknown) && hint.Of(err) == "" {
		return err
	}
	return unreadable(err)
}

// request is one result in the document of test --json.
type testLine struct {
	File      string          `json:"file"`
	Name      string          `json:"name"`
	Line      int             `json:"line,omitempty"`
	Round     int             `json:"round,omitempty"`
	Status    suite.Status    `json:"status"`
	Failures  []failureLine   `json:"failures"`
	Why       string          `json:"why,omitempty"`
	Run       string          `json:"run,omitempty"`
	Profile   string          `json:"profile,omitempty"`
	Endpoint  string          `json:"endpoint,omitempty"`
	HTTP      int             `json:"httpStatus,omitempty"`
	Result    *result         `json:"result,omitempty"`
	Verdict   *verdictsOfLine `json:"verdict,omitempty"`
	ElapsedMs float64         `json:"elapsedMs"`
}

type verdictsOfLine struct {
	Request  string `json:"request"`
	Response string `json:"response"`
}

type failureLine struct {
	Kind suite.Kind `json:"kind"`
	Says string     `json:"says"`
	Hint string     `json:"hint,omitempty"`
}

func lineOf(r suite.Result) testLine {
	l := testLine{
		File: r.File, Name: r.Name, Line: r.Line, Round: r.Round, Status: r.Status, Why: r.Why, Failures: []failureLine{},
		ElapsedMs: float64(r.Took.Microseconds()) / 1000,
	}
	for _, f := range r.Failures {
		l.Failures = append(l.Failures, failureLine(f))
	}
	if e := r.Exchange; e != nil {
		sides := e.Sides()
		l.Run, l.Profile, l.Endpoint = e.ID, e.Profile, e.Endpoint
		l.Result = &result{e.Result.Status, e.Result.Code, e.Result.Message}
		l.Verdict = &verdictsOfLine{string(sides.Request.Status), string(sides.Response.Status)}
		if e.Response != nil {
			l.HTTP = e.Response.Status()
		}
	}
	return l
}

// headline is one result in a line.
func (a *app) headline(r suite.Result) string {
	mark := map[suite.Status]string{
		suite.Passed: a.paint(good, "✓"), suite.Failed: a.paint(bad, "✗"), suite.Skipped: a.paint(faint, "-"),
	}[r.Status]
	text := mark + " " + ui.Safe(r.File+"#"+r.Name)
	switch {
	case r.Status == suite.Skipped:
		text += a.paint(faint, " · skipped: "+ui.Safe(r.Why))
	case r.Exchange != nil:
		text += " · " + ui.Safe(apiclient.Summary(*r.Exchange))
	}
	return text
}
