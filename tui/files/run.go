package files

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/apiclient/hint"
	"countersign/apiclient/suite"
	"countersign/apiclient/workspace"
	"countersign/tui/box"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// Run runs request files, one run at a time, and shows it in a box.
type Run struct {
	files  *Files
	job    ui.Job
	events chan suite.Result
	box    *box.Suite // the last one; nil: there was none
	of     []*workspace.File
}

// Messages of a run.
type (
	// StepOpened asks for what was sent of a request to be shown.
	StepOpened struct{ Run string } // its ID
	// RunEnded says that a run is over.
	RunEnded struct{}
)

// Messages inside the package.
type (
	// checked says what is wrong with files before anything is sent.
	checked struct {
		seq  int
		errs []error
	}
	// stepped says how a request of the run stands; nil: all is over.
	stepped struct {
		seq    int
		result *suite.Result
	}
)

// Start checks files and then runs them. note is said above their requests; of o the
// target and the mask are to be given.
func (r *Run) Start(title, note string, of []*workspace.File, o suite.Options) tea.Cmd {
	f := r.files
	ctx, seq := r.job.Start(f.o.Now())
	var steps []box.Step
	var tested []suite.File
	for _, file := range of {
		tested = append(tested, suite.File{File: file.File, Read: f.Space.Bodies(file.Path)})
		for _, q := range file.Requests {
			steps = append(steps, box.Step{File: file.Path, Name: q.Label(), Line: q.Line})
		}
	}
	events := make(chan suite.Result)
	r.of, r.events = of, events
	show := func(s box.Step) tea.Cmd { return ui.Emit(StepOpened{s.Run}) }
	r.box = box.NewSuite(f.o.Theme, "Run "+title, note, steps, r.job.Cancel, show)
	f.o.Open(r.box)
	o.Catalog, o.Now, o.Observe = f.catalog, f.o.Now, func(s suite.Result) { events <- s }
	o.Allow = func(d apiclient.Draft) error { return noKeyIn(d, "not sent") }
	return func() tea.Msg {
		errs := suite.Check(ctx, tested, o)
		if len(errs) == 0 {
			go func() {
				defer close(events)
				suite.Run(ctx, tested, o)
			}()
		}
		return checked{seq, errs}
	}
}

// Running reports whether a run is under way.
func (r *Run) Running() bool { return r.job.Running() }

// Tick turns the spinner of the box.
func (r *Run) Tick(now time.Time) {
	r.job.Tick(now)
	r.box.Tick(r.job.Frame(), r.job.Elapsed())
}

// Show shows the last run again.
func (r *Run) Show() tea.Cmd {
	r.files.o.Open(r.box)
	return nil
}

// CannotShow returns why there is no run to be shown; "" where there is one.
func (r *Run) CannotShow() string {
	if r.box == nil {
		return r.files.o.Theme.Words("No request file was run yet: {endpoints.run} in the endpoints runs one")
	}
	return ""
}

func (msg checked) update(f *Files) tea.Cmd {
	r := &f.Run
	if len(msg.errs) == 0 {
		return r.next(msg.seq)
	}
	if !r.job.Ends(msg.seq) {
		return nil
	}
	r.box.End(0)
	paragraphs := []string{fmt.Sprintf("Nothing was sent: %s must be fixed first.", english.Count(len(msg.errs), "fault"))}
	for _, e := range msg.errs {
		paragraphs = append(paragraphs, hint.Sentence(e))
	}
	f.o.Status.Keep(paragraphs[0], status.Bad)
	if open := f.o.Box(); open == nil || open == box.Box(r.box) {
		f.o.Open(box.NewSheet(f.o.Theme, box.Text{Title: "Not run", What: "faults", Prose: true,
			Bytes: []byte(strings.Join(paragraphs, "\n\n"))}))
	}
	return nil
}

// next waits for the next event of the run.
func (r *Run) next(seq int) tea.Cmd {
	events := r.events
	return func() tea.Msg {
		if s, ok := <-events; ok {
			return stepped{seq, &s}
		}
		return stepped{seq, nil}
	}
}

// update shows how a request of the run stands, and waits for the next one.
func (msg stepped) update(f *Files) tea.Cmd {
	r := &f.Run
	if msg.result == nil {
		return r.end(msg.seq)
	}
	if e := msg.result.Exchange; e != nil {
		f.Note(e.ID, r.placeOf(msg.result), nil)
	}
	r.Tick(f.o.Now())
	r.box.Take(stepOf(msg.result))
	return r.next(msg.seq)
}

func (r *Run) end(seq int) tea.Cmd {
	elapsed := r.job.Elapsed()
	if !r.job.Ends(seq) {
		return nil
	}
	r.box.End(elapsed)
	tone := status.Good
	if r.box.Failures() > 0 {
		tone = status.Bad
	}
	r.files.o.Status.Keep("Run: "+r.box.Sum(), tone)
	return ui.Emit(RunEnded{})
}

// placeOf returns where the request of a result stands.
func (r *Run) placeOf(s *suite.Result) Place {
	i := slices.IndexFunc(r.of, func(f *workspace.File) bool { return f.Path == s.File })
	if i < 0 {
		return Place{}
	}
	for _, q := range r.of[i].Requests {
		if q.Line == s.Line {
			return Place{Path: s.File, ID: r.of[i].ID(q)}
		}
	}
	return Place{}
}

// states are those of a result, as the box names them.
var states = map[suite.Status]box.State{
	suite.Running: box.Running, suite.Passed: box.Passed, suite.Failed: box.Failed, suite.Skipped: box.Skipped,
}

// stepOf returns how a request of the run stands, as a row of the box.
func stepOf(s *suite.Result) box.Step {
	step := box.Step{File: s.File, Name: s.Name, Line: s.Line, Took: s.Took, State: states[s.Status]}
	if e := s.Exchange; e != nil {
		step.Run, step.Took = e.ID, e.Timing.Total
		step.Says = strings.TrimSuffix(apiclient.Summary(*e), " · "+ui.Millis(step.Took))
	}
	for _, f := range s.Failures {
		step.Why = append(step.Why, hint.Sentence(&hint.Error{Says: f.Says, Fix: f.Hint}))
	}
	if len(s.Failures) > 0 {
		step.Says = s.Failures[0].Says
	}
	step.Says = cmp.Or(s.Why, step.Says)
	return step
}
