package tui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/apiclient/hint"
	"countersign/apiclient/suite"
	"countersign/apiclient/workspace"
	"countersign/tui/box"
	"countersign/tui/files"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// running is a run of request files.
type running struct {
	job    ui.Job
	events chan suite.Result
	box    *box.Suite // the last one; nil: there was none
	files  []*workspace.File
}

// Messages of a run.
type (
	// runFiles is the yes to run files.
	runFiles struct {
		services *Services
		title    string
		files    []*workspace.File
	}
	// runChecked says what is wrong with files before anything is sent.
	runChecked struct {
		seq  int
		errs []error
	}
	// runEvent is how a request of the run stands; nil: all is over.
	runEvent struct {
		seq    int
		result *suite.Result
	}
)

// filesBelow are a file, or those of a folder that ends in /, which have requests.
func (a *App) filesBelow(path string) []*workspace.File {
	var list []*workspace.File
	for _, f := range a.files.Snapshot.Files {
		if f.Path == path || strings.HasSuffix(path, "/") && strings.HasPrefix(f.Path, path) {
			if len(f.Requests) > 0 || len(f.Faults) > 0 {
				list = append(list, f)
			}
		}
	}
	return list
}

// askRunFiles runs files, or asks first where the profile wants it.
func (a *App) askRunFiles(path string) tea.Cmd {
	if a.services == nil || a.services.Resolver == nil {
		return ui.Tell("Still starting: a moment")
	}
	files := a.filesBelow(path)
	count := 0
	for _, f := range files {
		count += len(f.Requests)
	}
	switch {
	case len(files) == 0:
		return ui.Tell("There is no request in " + path)
	case a.files.run.job.Running() || a.flight.job.Running():
		return ui.Tell("Something is being sent already")
	}
	p := a.services.Client.Profile()
	msg := runFiles{a.services, path, files}
	if p.Confirm {
		a.confirm(fmt.Sprintf("Send %s of %s to %s?", english.Count(count, "request"), path, p.Name), "They go to "+p.BaseURL+
			". This profile asks before requests are sent, because they may move money.", msg)
		return nil
	}
	return msg.handle(a)
}

// handle checks the files and then runs them.
func (msg runFiles) handle(a *App) tea.Cmd {
	if msg.services != a.services {
		a.status.Set(otherProfile, status.Warn)
		return nil
	}
	r := &a.files.run
	ctx, seq := r.job.Start(a.config.Now())
	var steps []box.Step
	var tested []suite.File
	for _, f := range msg.files {
		tested = append(tested, suite.File{File: f.File, Read: a.files.Space.Bodies(f.Path)})
		for _, q := range f.Requests {
			steps = append(steps, box.Step{File: f.Path, Name: q.Label(), Line: q.Line})
		}
	}
	r.files, r.events = msg.files, make(chan suite.Result)
	r.box = box.NewSuite(a.theme, "Run "+msg.title, a.unsavedNote(msg.files), steps, r.job.Cancel, a.showStep)
	a.open(r.box)
	events := r.events
	options := suite.Options{Catalog: a.config.Catalog, Target: a.targets(), Now: a.config.Now, Mask: a.masking(),
		Allow: func(d apiclient.Draft) error { return files.NoKeyIn(d, "not sent") }, Observe: func(s suite.Result) {
			events <- s
		}}
	return tea.Batch(func() tea.Msg {
		errs := suite.Check(ctx, tested, options)
		if len(errs) == 0 {
			go func() {
				defer close(events)
				suite.Run(ctx, tested, options)
			}()
		}
		return runChecked{seq, errs}
	}, a.nextTick())
}

// unsavedNote says that files are run as they are saved.
func (a *App) unsavedNote(of []*workspace.File) string {
	var names []string
	for _, file := range of {
		for _, f := range a.files.OpenIn(file.Path) {
			if a.unsavedFile(f.Key()) {
				names = append(names, f.ID)
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return "Run as saved: your edits of " + strings.Join(names, ", ") + " are not in it."
}

// targets returns what sends with the profiles that files name: the one in use, or
// others, which are made once for each run.
func (a *App) targets() func(ctx context.Context, profile string) (suite.Target, error) {
	in, load, observe := a.services, a.config.Switch, func(apiclient.Progress) {}
	made := map[string]*Services{in.Client.Profile().Name: in, "": in}
	failed := map[string]error{}
	var one sync.Mutex
	return func(ctx context.Context, profile string) (suite.Target, error) {
		one.Lock()
		defer one.Unlock()
		s, err := made[profile], failed[profile]
		if s == nil && err == nil {
			if load == nil {
				err = &hint.Error{Says: "there is no profile " + profile, Fix: "name one of the configuration"}
			} else if s, err = load(ctx, profile, false, observe); errors.Is(err, ErrTerminalNeeded) {
				err = &hint.Error{Says: "the key of the profile " + profile + " needs the terminal", Err: err,
					Fix: "countersign test runs it, or choose that profile here first"}
			}
			made[profile], failed[profile] = s, err
		}
		if err != nil {
			return suite.Target{}, err
		}
		return suite.Target{Client: s.Client, Resolver: s.Resolver}, nil
	}
}

func (msg runChecked) handle(a *App) tea.Cmd {
	r := &a.files.run
	if len(msg.errs) == 0 {
		return r.next(msg.seq)
	}
	if !r.job.Ends(msg.seq) {
		return nil
	}
	r.box.End(0)
	paragraphs := []string{fmt.Sprintf("Nothing was sent: %s must be mended first.", english.Count(len(msg.errs), "fault"))}
	for _, e := range msg.errs {
		paragraphs = append(paragraphs, hint.Sentence(e))
	}
	a.status.Keep(paragraphs[0], status.Bad)
	if a.box != nil && a.box != box.Box(r.box) {
		return nil
	}
	return a.openText(box.Text{Title: "Not run", What: "faults", Bytes: []byte(strings.Join(paragraphs, "\n\n")), Prose: true})
}

// next waits for the next event of the run.
func (r *running) next(seq int) tea.Cmd {
	events := r.events
	return func() tea.Msg {
		if s, ok := <-events; ok {
			return runEvent{seq, &s}
		}
		return runEvent{seq, nil}
	}
}

// handle shows how a request of the run stands.
func (msg runEvent) handle(a *App) tea.Cmd {
	r := &a.files.run
	if msg.result == nil {
		elapsed := r.job.Elapsed()
		if !r.job.Ends(msg.seq) {
			return nil
		}
		r.box.End(elapsed)
		tone := status.Good
		if r.box.Failures() > 0 {
			tone = status.Bad
		}
		a.status.Keep("Run: "+r.box.Sum(), tone)
		return tea.Batch(a.panes.runs.Refresh(), a.checkHistory(false))
	}
	s := *msg.result
	step := box.Step{File: s.File, Name: s.Name, Line: s.Line, Took: s.Took,
		State: map[suite.Status]box.State{suite.Running: box.Running, suite.Passed: box.Passed, suite.Failed: box.Failed,
			suite.Skipped: box.Skipped}[s.Status]}
	if e := s.Exchange; e != nil {
		step.Run, step.Took = e.ID, e.Timing.Total
		step.Says = strings.TrimSuffix(apiclient.Summary(*e), " · "+ui.Millis(step.Took))
		if i := slices.IndexFunc(r.files, func(f *workspace.File) bool { return f.Path == s.File }); i >= 0 {
			for _, q := range r.files[i].Requests {
				if q.Line == s.Line {
					a.files.Note(e.ID, files.Place{Path: s.File, ID: r.files[i].ID(q)}, nil)
				}
			}
		}
	}
	for _, f := range s.Failures {
		step.Why = append(step.Why, hint.Sentence(&hint.Error{Says: f.Says, Fix: f.Hint}))
	}
	if len(s.Failures) > 0 {
		step.Says = s.Failures[0].Says
	}
	step.Says = cmp.Or(s.Why, step.Says)
	r.job.Tick(a.config.Now())
	r.box.Tick(r.job.Frame(), r.job.Elapsed())
	r.box.Take(step)
	return r.next(msg.seq)
}

// showStep opens the run of a request.
func (a *App) showStep(s box.Step) tea.Cmd { return a.fetch(s.Run, toShow) }

// lastRun shows the last run of files again.
func (a *App) lastRun() tea.Cmd {
	a.open(a.files.run.box)
	return nil
}

func (a *App) noLastRun() string {
	if a.files.run.box == nil {
		return a.theme.Words("No request file was run yet: {endpoints.run} in the endpoints runs one")
	}
	return ""
}
