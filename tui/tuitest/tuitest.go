// Package tuitest drives a Bubble Tea model in a test, synchronously: a
// message goes in, the commands that it returns are run at once and their messages go
// in too, until nothing is left. No program, terminal, goroutine or clock takes part.
package tuitest

import (
	"reflect"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	_ "countersign/tui/quiet" // before Bubble Tea's init asks the terminal
)

// limit is how many messages one Send may lead to. A model that goes on
// talking to itself, as with a tick that is not skipped, fails the test.
const limit = 10_000

// Driver holds a model and the screen that it believes to have.
type Driver struct {
	t     testing.TB
	model tea.Model
	w, h  int
	quit  bool

	// Skip is asked for each message that a command returned: true drops it.
	// Ticks belong here. Nil drops nothing.
	Skip func(tea.Msg) bool
	// Hold is asked for each command before it is run; true keeps it for
	// Release. Commands that would wait for the world or the clock belong here.
	// Nil holds none.
	Hold func(tea.Cmd) bool
	// Checked looks at the screen after every message that a test sends and once
	// all that it leads to is done, Exact by default; nil looks at nothing.
	Checked func(testing.TB)
	// Each has Checked look after the messages of commands too.
	Each bool

	held []tea.Cmd
	seen []tea.Msg
	last []string // the rows that were found exact, at their size
	size [2]int
}

// Option changes a driver before the model's Init is run.
type Option func(*Driver)

// SkipIf drops the messages of commands for which f is true.
func SkipIf(f func(tea.Msg) bool) Option { return func(d *Driver) { d.Skip = f } }

// Each has the screen looked at after the messages of commands too.
func Each(d *Driver) { d.Each = true }

// HoldIf keeps the commands for which f is true until Release.
func HoldIf(f func(tea.Cmd) bool) Option { return func(d *Driver) { d.Hold = f } }

// New returns a model a screen of w x h cells and runs its Init.
func New(t testing.TB, model tea.Model, w, h int, opts ...Option) *Driver {
	t.Helper()
	d := &Driver{t: t, model: model, w: w, h: h}
	d.Checked = d.Exact
	for _, o := range opts {
		o(d)
	}
	start := d.model.Init()
	d.Resize(w, h)
	d.Run(start)
	return d
}

// Quit reports whether the model has asked to end.
func (d *Driver) Quit() bool { return d.quit }

// Resize sends the model a new size of the screen.
func (d *Driver) Resize(w, h int) {
	d.t.Helper()
	d.w, d.h = w, h
	d.Send(tea.WindowSizeMsg{Width: w, Height: h})
}

// Send returns messages to the model, one after the other, each with all that
// its commands lead to.
func (d *Driver) Send(msgs ...tea.Msg) {
	d.t.Helper()
	for _, m := range msgs {
		d.settle([]tea.Msg{m}, nil)
	}
}

// Run runs a command and gives what it returns to the model.
func (d *Driver) Run(cmd tea.Cmd) {
	d.t.Helper()
	d.settle(nil, []tea.Cmd{cmd})
}

// Release runs the commands that Hold kept.
func (d *Driver) Release() {
	d.t.Helper()
	cmds := d.held
	d.held = nil
	hold := d.Hold
	d.Hold = nil
	defer func() { d.Hold = hold }()
	d.settle(nil, cmds)
}

// Held says how many commands wait for Release.
func (d *Driver) Held() int { return len(d.held) }

// Seen returns the messages that commands returned so far, in order, those
// without Skip's; it is how a test sees what a model asks the program for.
func (d *Driver) Seen() []tea.Msg { return d.seen }

func (d *Driver) settle(msgs []tea.Msg, cmds []tea.Cmd) {
	d.t.Helper()
	sent, looked := len(msgs) > 0, true
	for n := 0; len(msgs) > 0 || len(cmds) > 0; n++ {
		if n > limit {
			d.t.Fatalf("the model does not come to rest: %d messages after one; the last is a %T", limit, last(d.seen))
		}
		if len(msgs) == 0 {
			cmd := cmds[0]
			cmds = cmds[1:]
			more, out := d.call(cmd)
			cmds = append(more, cmds...)
			msgs = append(msgs, out...)
			continue
		}
		m := msgs[0]
		msgs = msgs[1:]
		var cmd tea.Cmd
		d.model, cmd = d.model.Update(m)
		if cmd != nil {
			cmds = append(cmds, cmd)
		}
		looked = d.Each || n == 0 && sent
		if d.Checked != nil && looked {
			d.Checked(d.t)
		}
	}
	if d.Checked != nil && !looked {
		d.Checked(d.t)
	}
}

// call runs one command: a batch or a sequence gives its parts, any other one
// a message.
func (d *Driver) call(cmd tea.Cmd) (more []tea.Cmd, out []tea.Msg) {
	if cmd == nil {
		return nil, nil
	}
	if d.Hold != nil && d.Hold(cmd) {
		d.held = append(d.held, cmd)
		return nil, nil
	}
	m := cmd()
	if m == nil {
		return nil, nil
	}
	if parts, ok := Parts(m); ok {
		return parts, nil
	}
	if d.Skip != nil && d.Skip(m) {
		return nil, nil
	}
	d.seen = append(d.seen, m)
	if _, ok := m.(tea.QuitMsg); ok {
		d.quit = true
	}
	return nil, []tea.Msg{m}
}

// Parts takes batches and sequences apart. The type of a sequence is
// private to Bubble Tea; both are slices of commands.
func Parts(m tea.Msg) ([]tea.Cmd, bool) {
	v := reflect.ValueOf(m)
	if v.Kind() != reflect.Slice || v.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
		return nil, false
	}
	parts := make([]tea.Cmd, v.Len())
	for i := range parts {
		parts[i], _ = v.Index(i).Interface().(tea.Cmd)
	}
	return parts, true
}

func last(msgs []tea.Msg) tea.Msg {
	if len(msgs) == 0 {
		return nil
	}
	return msgs[len(msgs)-1]
}
