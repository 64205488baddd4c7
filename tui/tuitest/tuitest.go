// Package tuitest drives a Bubble Tea model in a test, synchronously: a
// message goes in, the commands that it returns are run at once and their messages go
// in too, until nothing is left. No program, terminal, goroutine or clock takes part.
package tuitest

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	_ "countersign/tui/quiet" // before Bubble Tea's init asks the terminal
)

var update = flag.Bool("update", false, "write golden files instead of comparing them")

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
	// Checked looks at the screen after every message, Exact by default; nil
	// looks at nothing.
	Checked func(testing.TB)

	held []tea.Cmd
	seen []tea.Msg
	last []string // the rows that were found exact, at their size
	size [2]int
}

// Option changes a driver before the model's Init is run.
type Option func(*Driver)

// SkipIf drops the messages of commands for which f is true.
func SkipIf(f func(tea.Msg) bool) Option { return func(d *Driver) { d.Skip = f } }

// HoldIf keeps the commands for which f is true until Release.
func HoldIf(f func(tea.Cmd) bool) Option { return func(d *Driver) { d.Hold = f } }

// New gives a model a screen of w x h cells and runs its Init.
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

// Model gives the model as it is now.
func (d *Driver) Model() tea.Model { return d.model }

// Quit reports whether the model has asked to end.
func (d *Driver) Quit() bool { return d.quit }

// Resize tells the model a new size of the screen.
func (d *Driver) Resize(w, h int) {
	d.t.Helper()
	d.w, d.h = w, h
	d.Send(tea.WindowSizeMsg{Width: w, Height: h})
}

// Send gives messages to the model, one after the other, each with all that
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

// Seen gives the messages that commands returned so far, in order, those
// without Skip's; it is how a test sees what a model asks the program for.
func (d *Driver) Seen() []tea.Msg { return d.seen }

func (d *Driver) settle(msgs []tea.Msg, cmds []tea.Cmd) {
	d.t.Helper()
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
		if d.Checked != nil {
			d.Checked(d.t)
		}
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

// Key presses keys by the names that Bubble Tea gives them: "ctrl+r", "enter",
// "alt+b", "?".
func (d *Driver) Key(names ...string) {
	d.t.Helper()
	for _, name := range names {
		k, ok := KeyOf(name)
		if !ok {
			d.t.Fatalf("there is no key %q", name)
		}
		d.Send(k)
	}
}

// Type types a text, one key for each character; a line end is the enter key.
func (d *Driver) Type(text string) {
	d.t.Helper()
	for _, r := range text {
		switch r {
		case '\n':
			d.Send(tea.KeyMsg{Type: tea.KeyEnter})
		case '\t':
			d.Send(tea.KeyMsg{Type: tea.KeyTab})
		case ' ':
			d.Send(tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}})
		default:
			d.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
		}
	}
}

// Paste pastes a text as a terminal with bracketed paste does.
func (d *Driver) Paste(text string) {
	d.t.Helper()
	d.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
}

// Click presses and releases the left button at a cell, counted from 0.
func (d *Driver) Click(x, y int) {
	d.t.Helper()
	d.Send(tea.MouseMsg{X: x, Y: y, Action: tea.MouseActionPress, Button: tea.MouseButtonLeft},
		tea.MouseMsg{X: x, Y: y, Action: tea.MouseActionRelease, Button: tea.MouseButtonLeft})
}

// Wheel turns the wheel over a cell; down is positive.
func (d *Driver) Wheel(x, y, turns int) {
	d.t.Helper()
	button := tea.MouseButtonWheelDown
	if turns < 0 {
		button, turns = tea.MouseButtonWheelUp, -turns
	}
	for range turns {
		d.Send(tea.MouseMsg{X: x, Y: y, Action: tea.MouseActionPress, Button: button})
	}
}

var named = func() map[string]tea.KeyMsg {
	keys := map[string]tea.KeyMsg{}
	for t := tea.KeyType(-200); t < 200; t++ {
		k := tea.KeyMsg{Type: t}
		if t == tea.KeySpace {
			k.Runes = []rune{' '}
		}
		if name := k.String(); name != "" && t != tea.KeyRunes {
			keys[name] = k
		}
	}
	keys["space"] = tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}
	return keys
}()

// KeyOf gives the key with one of Bubble Tea's names, or a character.
func KeyOf(name string) (tea.KeyMsg, bool) {
	if k, ok := named[name]; ok {
		return k, true
	}
	if rest, ok := strings.CutPrefix(name, "alt+"); ok {
		k, found := KeyOf(rest)
		k.Alt = true
		return k, found
	}
	if r := []rune(name); len(r) == 1 {
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: r}, true
	}
	return tea.KeyMsg{}, false
}

// View gives the screen with its styles.
func (d *Driver) View() string { return d.model.View() }

// Screen gives the screen as text alone, blanks at line ends cut.
func (d *Driver) Screen() string { return Plain(d.model.View()) }

// Plain takes the styles and the blanks at line ends from a drawn text.
func Plain(view string) string {
	lines := strings.Split(ansi.Strip(view), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// Has fails the test unless the screen shows every one of the texts.
func (d *Driver) Has(texts ...string) {
	d.t.Helper()
	screen := d.Screen()
	for _, s := range texts {
		if !strings.Contains(screen, s) {
			d.t.Errorf("the screen does not show %q:\n%s", s, screen)
		}
	}
}

// Lacks fails the test if the screen shows one of the texts.
func (d *Driver) Lacks(texts ...string) {
	d.t.Helper()
	screen := d.Screen()
	for _, s := range texts {
		if strings.Contains(screen, s) {
			d.t.Errorf("the screen shows %q:\n%s", s, screen)
		}
	}
}

// Exact fails the test unless the model draws exactly its screen. Rows that
// were found exact after the last message are not looked at again.
func (d *Driver) Exact(t testing.TB) {
	t.Helper()
	if d.w <= 0 || d.h <= 0 {
		return
	}
	if size := [2]int{d.w, d.h}; size != d.size {
		d.last, d.size = nil, size
	}
	rows := strings.Split(d.model.View(), "\n")
	exactRows(t, rows, d.last, d.w, d.h)
	d.last = rows
}

// Exact fails the test unless a drawn text has exactly w x h cells and no
// control character or escape sequence but those of colours and styles (SGR):
// so nothing in it moves the terminal's cursor.
func Exact(t testing.TB, view string, w, h int) {
	t.Helper()
	if w <= 0 || h <= 0 {
		if view != "" {
			t.Errorf("%d x %d cells have room for nothing, not for %q", w, h, view)
		}
		return
	}
	exactRows(t, strings.Split(view, "\n"), nil, w, h)
}

// exactRows is Exact for the rows that are not the same as before.
func exactRows(t testing.TB, rows, before []string, w, h int) {
	t.Helper()
	if len(rows) != h {
		t.Errorf("%d lines, not %d:\n%s", len(rows), h, Plain(strings.Join(rows, "\n")))
	}
	for i, row := range rows {
		if i < len(before) && row == before[i] {
			continue
		}
		if got := ansi.StringWidth(row); got != w {
			t.Errorf("line %d has %d cells, not %d: %q", i, got, w, row)
		}
		if r, found := control(row); found {
			t.Errorf("line %d has the control character %U: %q", i, r, row)
		}
	}
}

// control finds the first control character of a line but those of SGR
// sequences.
func control(line string) (rune, bool) {
	for i, r := range line {
		switch {
		case r == 0x1b && styles(line[i:]) > 0:
		case r < 0x20, r >= 0x7f && r < 0xa0:
			return r, true
		}
	}
	return 0, false
}

// styles is the length of the SGR sequence that a text begins with; 0 where it
// begins with none. Its parameters are no control characters.
func styles(s string) int {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == ';', c == ':':
		case c == 'm':
			return i + 1
		default:
			return 0
		}
	}
	return 0
}

// Golden compares the screen with testdata/<name>.golden.
func (d *Driver) Golden(t testing.TB, name string) {
	t.Helper()
	Golden(t, name, d.Screen())
}

// Golden compares a text with testdata/<name>.golden. With -update it writes
// the file.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	GoldenFile(t, filepath.Join("testdata", name+".golden"), got)
}

// GoldenFile is Golden for a file of any name.
func GoldenFile(t testing.TB, path, got string) {
	t.Helper()
	if !strings.HasSuffix(got, "\n") {
		got += "\n"
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path) //nolint:gosec // a path of the test's own
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if string(want) != got {
		t.Errorf("%s differs; go test -update accepts the new one\n--- want\n%s\n--- got\n%s", path, want, got)
	}
}

// Sizes are screens worth trying: tiny, odd, usual, wide, huge.
var Sizes = [][2]int{
	{1, 1}, {2, 2}, {3, 3}, {10, 4}, {39, 11}, {40, 12}, {41, 13}, {60, 20}, {79, 24}, {80, 24}, {80, 43},
	{100, 30}, {120, 40}, {139, 40}, {140, 40}, {141, 41}, {200, 60}, {300, 100},
}
