package box

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// State is how a step of a run stands.
type State int

// States of a step.
const (
	Waiting State = iota
	Running
	Passed
	Failed
	Skipped
)

// Step is a request of a run of request files.
type Step struct {
	File, Name string
	Line       int
	State      State
	Says       string   // how it ended, in a line
	Why        []string // all that is said of it, a paragraph each
	Run        string   // ID of the run; "" where nothing was sent
	Took       time.Duration
}

// Suite shows a run of request files, a line for each request, as it goes on.
type Suite struct {
	listed
	title   string
	note    string // said above the requests; ""
	steps   []Step
	places  map[place]int
	rows    []int // indexes into steps; -1-i is the heading of the file of step i
	spinner string
	// rows that say all of the step under the cursor
	aboutRows int
	elapsed   time.Duration
	running   bool
	stopped   bool
	follow    bool // the cursor follows what runs

	stop func()
	show func(Step) tea.Cmd
}

type place struct {
	file string
	line int
}

// NewSuite makes the box. stop ends the run, show opens what was sent.
func NewSuite(theme *ui.Theme, title, note string, steps []Step, stop func(), show func(Step) tea.Cmd) *Suite {
	b := &Suite{title: ui.Safe(title), note: ui.Safe(note), steps: steps, places: map[place]int{}, running: true,
		follow: true, stop: stop, show: show}
	b.frame = frame{theme: theme, opener: "endpoints.run", keys: "{lists.up}{lists.down} · {cancel} stops the run"}
	b.choose = b.open
	several := len(steps) > 0 && steps[0].File != steps[len(steps)-1].File
	for i, s := range steps {
		b.places[place{s.File, s.Line}] = i
		if several && (i == 0 || steps[i-1].File != s.File) {
			b.rows = append(b.rows, -1-i)
		}
		b.rows = append(b.rows, i)
	}
	b.List.Len = len(b.rows)
	b.List.Heading = func(i int) bool { return b.rows[i] < 0 }
	b.List.Move(0)
	return b
}

// Take takes how a step stands now.
func (b *Suite) Take(s Step) {
	i, ok := b.places[place{s.File, s.Line}]
	if !ok {
		return
	}
	b.steps[i] = s
	if !b.follow {
		return
	}
	for at, r := range b.rows {
		if r == i {
			b.List.To(at)
			b.List.Move(0)
		}
	}
}

// Tick turns the spinner.
func (b *Suite) Tick(frame string, elapsed time.Duration) { b.spinner, b.elapsed = frame, elapsed }

// End says that the run is over. What was not begun is not sent any more.
func (b *Suite) End(elapsed time.Duration) {
	b.running, b.elapsed, b.follow = false, elapsed, false
	b.keys = "{lists.up}{lists.down} · enter shows the run · {cancel} closes"
	for i, s := range b.steps {
		if s.State == Waiting || s.State == Running {
			b.steps[i].State, b.steps[i].Says = Skipped, "not sent"
		}
	}
}

// Resize implements Box.
func (b *Suite) Resize(w, h int) {
	b.within(w, h, 110, h)
	if b.lead = nil; b.note != "" {
		b.lead = b.said(b.theme.Warn, b.note, max(1, h/4))
	}
	b.aboutRows = 1
	if h >= 24 {
		b.aboutRows = 3
	}
	others := len(b.lead) + 4 + b.aboutRows
	b.fit(w, h, 110, len(b.rows)+others, others)
}

// current is the step under the cursor; nil where there is none.
func (b *Suite) current() *Step {
	if i := b.List.Cursor; i < len(b.rows) && b.rows[i] >= 0 {
		return &b.steps[b.rows[i]]
	}
	return nil
}

// Key implements Box. To leave stops first what still runs.
func (b *Suite) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case b.List.Act(b.motion(msg)):
		b.follow = false
		return nil, false
	case b.running && b.leaves(msg):
		b.stopped = true
		b.stop()
		return nil, false
	}
	return b.listed.Key(msg)
}

// open opens the run under the cursor.
func (b *Suite) open() (tea.Cmd, bool) {
	b.follow = false
	switch s := b.current(); {
	case s == nil:
		return nil, false
	case b.running:
		return ui.Tell(b.theme.Words("Still running: {cancel} stops it")), false
	case s.Run == "":
		return ui.Tell("Nothing was sent of this one: " + s.Says), false
	default:
		return b.show(*s), true
	}
}

// Failures counts the steps that failed.
func (b *Suite) Failures() int { return b.count(Failed) }

func (b *Suite) count(s State) int {
	n := 0
	for _, step := range b.steps {
		if step.State == s {
			n++
		}
	}
	return n
}

// Sum says in a line how the run stands.
func (b *Suite) Sum() string {
	passed, failed, skipped := b.count(Passed), b.count(Failed), b.count(Skipped)
	parts := []string{fmt.Sprintf("%d of %d passed", passed, len(b.steps))}
	if failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", failed))
	}
	if skipped > 0 {
		parts = append(parts, fmt.Sprintf("%d skipped", skipped))
	}
	if b.stopped {
		parts = append(parts, "stopped")
	}
	return strings.Join(append(parts, ui.Millis(b.elapsed)), " · ")
}

// View implements Box.
func (b *Suite) View() string {
	lines := append(append(append(b.lines(b.line), b.rule()), b.about()...), b.verdict())
	keys := b.theme.Words("enter shows the run · {cancel} closes")
	if b.running {
		keys = b.theme.Words("{cancel} stops")
	}
	return b.bordered(b.title, keys, lines)
}

// verdict is the sum, in the colour of its worst.
func (b *Suite) verdict() string {
	sign, style := "✓ ", b.theme.Good
	switch {
	case b.running:
		sign, style = b.spinner+" ", b.theme.Info
	case b.Failures() > 0:
		sign, style = "✗ ", b.theme.Bad
	case b.count(Passed) < len(b.steps):
		sign, style = "! ", b.theme.Warn
	}
	return " " + style.Render(ui.Truncate(sign+b.Sum(), b.w-4))
}

// about says all of the step under the cursor, as far as it fits.
func (b *Suite) about() []string {
	text := ""
	if s := b.current(); s != nil {
		text = cmp.Or(strings.Join(s.Why, " · "), fmt.Sprintf("%s, line %d", s.File, s.Line))
	}
	return ui.Rows(b.said(b.theme.Muted, ui.SafeUpTo(text, mostAbout), b.aboutRows), b.aboutRows)
}

// mostAbout bounds what is said of a step, in bytes.
const mostAbout = 2000

func (b *Suite) line(at int) string {
	i, w, t := b.rows[at], b.w-2, b.theme
	if i < 0 {
		return " " + b.theme.Title.Render(ui.Truncate(ui.Safe(b.steps[-1-i].File), w-2))
	}
	s := b.steps[i]
	sign, style := "· ", t.Muted
	switch s.State {
	case Running:
		sign, style = b.spinner+" ", t.Info
	case Passed:
		sign, style = "✓ ", t.Good
	case Failed:
		sign, style = "✗ ", t.Bad
	case Skipped:
		sign, style = "– ", t.Warn
	}
	took := ""
	if s.Took > 0 {
		took = " " + ui.Millis(s.Took)
	}
	names := min(30, max(8, w/3))
	name := ui.Fit(ui.Safe(s.Name), names) + "  "
	says := ui.Fit(ui.Safe(s.Says), w-4-names-2-ui.Width(took)-1)
	return t.Row(at == b.List.Cursor, w, style.On("  "+sign+name), t.Text.On(says), t.Muted.On(took))
}
