package box

import (
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
	lead    []string
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
	b := &Suite{listed: listed{frame: frame{theme: theme}}, title: ui.Safe(title), note: ui.Safe(note), steps: steps,
		places: map[place]int{}, running: true, follow: true, stop: stop, show: show}
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
	for i, s := range b.steps {
		if s.State == Waiting || s.State == Running {
			b.steps[i].State, b.steps[i].Says = Skipped, "not sent"
		}
	}
}

// Resize implements Box.
func (b *Suite) Resize(w, h int) {
	b.within(w, h, 110, h)
	b.lead = nil
	if b.note != "" {
		for _, l := range ui.AtMost(ui.Words(b.note, max(1, b.w-4)), max(1, h/4), max(1, b.w-4)) {
			b.lead = append(b.lead, " "+b.theme.Warn.Render(l))
		}
	}
	b.aboutRows = 1
	if h >= 24 {
		b.aboutRows = 3
	}
	b.within(w, h, 110, len(b.rows)+len(b.lead)+4+b.aboutRows)
	b.List.Height = max(1, b.h-4-b.aboutRows-len(b.lead))
	b.List.To(b.List.Cursor)
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
	if b.List.Act(b.motion(msg, false)) {
		b.follow = false
		return nil, false
	}
	switch {
	case msg.String() == "enter" && !msg.Paste:
		return b.open()
	case !b.leaves(msg, "endpoints.run", false):
		return nil, false
	case b.running:
		b.stopped = true
		b.stop()
		return nil, false
	}
	return nil, true
}

// open opens the run under the cursor.
func (b *Suite) open() (tea.Cmd, bool) {
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

// Click opens the run under the mouse.
func (b *Suite) Click(_, y int) (tea.Cmd, bool) {
	if !b.List.Click(y - len(b.lead)) {
		return nil, false
	}
	b.follow = false
	return b.open()
}

// Keys implements Box.
func (b *Suite) Keys() string {
	if b.running {
		return b.theme.Words("{lists.up}{lists.down} · {cancel} stops the run")
	}
	return b.theme.Words("{lists.up}{lists.down} · enter shows the run · {cancel} closes")
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
	lines := append(b.lead[:len(b.lead):len(b.lead)], b.List.Lines(b.line)...)
	for len(lines) < len(b.lead)+b.List.Height {
		lines = append(lines, "")
	}
	lines = append(append(append(lines, b.rule()), b.about()...), b.verdict())
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
	return " " + style.Render(ui.Truncate(sign+b.Sum(), max(0, b.w-4)))
}

// about says all of the step under the cursor, as far as it fits.
func (b *Suite) about() []string {
	rows := make([]string, b.aboutRows)
	s := b.current()
	if s == nil {
		return rows
	}
	text := strings.Join(s.Why, " · ")
	if text == "" {
		text = fmt.Sprintf("%s, line %d", s.File, s.Line)
	}
	w := max(1, b.w-4)
	for i, l := range ui.AtMost(ui.Words(ui.SafeUpTo(text, mostAbout), w), len(rows), w) {
		rows[i] = " " + b.theme.Muted.Render(l)
	}
	return rows
}

// mostAbout bounds what is said of a step, in bytes.
const mostAbout = 2000

func (b *Suite) line(at int) string {
	i, w := b.rows[at], b.w-2
	if i < 0 {
		return ui.Fit(" "+b.theme.Title.Render(ui.Truncate(ui.Safe(b.steps[-1-i].File), max(0, w-2))), w)
	}
	s := b.steps[i]
	sign, style := "· ", b.theme.Muted
	switch s.State {
	case Running:
		sign, style = b.spinner+" ", b.theme.Info
	case Passed:
		sign, style = "✓ ", b.theme.Good
	case Failed:
		sign, style = "✗ ", b.theme.Bad
	case Skipped:
		sign, style = "– ", b.theme.Warn
	}
	took := ""
	if s.Took > 0 {
		took = " " + ui.Millis(s.Took)
	}
	names := min(30, max(8, w/3))
	name := ui.Fit(ui.Truncate(ui.Safe(s.Name), names), names)
	room := max(0, w-4-names-2-ui.Width(took)-1)
	says := ui.Fit(ui.Truncate(ui.Safe(s.Says), room), room)
	if at == b.List.Cursor {
		return b.theme.Selection.Render(ui.Fit("  "+sign+name+"  "+says+took, w))
	}
	return ui.Fit("  "+style.Render(sign+name)+"  "+b.theme.Text.Render(says)+b.theme.Muted.Render(took), w)
}
