package tuitest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// recorder is a model that notes what it is told.
type recorder struct {
	w, h  int
	log   []string
	reply func(tea.Msg) tea.Cmd
	draw  func(w, h int) string
}

func (m *recorder) Init() tea.Cmd { return func() tea.Msg { return "init" } }

func (m *recorder) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if s, ok := msg.(tea.WindowSizeMsg); ok {
		m.w, m.h = s.Width, s.Height
		return m, nil
	}
	m.log = append(m.log, fmt.Sprint(msg))
	if m.reply != nil {
		return m, m.reply(msg)
	}
	return m, nil
}

func (m *recorder) View() string {
	if m.draw != nil {
		return m.draw(m.w, m.h)
	}
	return blank(m.w, m.h)
}

func blank(w, h int) string {
	return strings.TrimSuffix(strings.Repeat(strings.Repeat(" ", w)+"\n", h), "\n")
}

func say(s string) tea.Cmd { return func() tea.Msg { return s } }

func TestCommandsAreRunInOrder(t *testing.T) {
	t.Parallel()
	m := &recorder{}
	m.reply = func(msg tea.Msg) tea.Cmd {
		if msg == "go" {
			return tea.Batch(say("a"), nil, tea.Sequence(say("b"), tea.Batch(say("c"), say("d"))), say("e"))
		}
		return nil
	}
	d := New(t, m, 10, 3)
	d.Send("go", "end")
	if got, want := strings.Join(m.log, " "), "init go a b c d e end"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(d.Seen()) != 6 {
		t.Errorf("seen: %v", d.Seen())
	}
}

func TestSkipAndHold(t *testing.T) {
	t.Parallel()
	m := &recorder{}
	ticks := 0
	m.reply = func(msg tea.Msg) tea.Cmd {
		if _, ok := msg.(time.Time); ok || msg == "init" {
			ticks++
			return func() tea.Msg { return time.Unix(int64(ticks), 0) }
		}
		return nil
	}
	isTick := func(msg tea.Msg) bool { _, ok := msg.(time.Time); return ok }
	d := New(t, m, 10, 3, SkipIf(isTick))
	if ticks != 1 || len(m.log) != 1 {
		t.Errorf("%d ticks, log %v", ticks, m.log)
	}
	d.Hold = func(tea.Cmd) bool { return true }
	d.Run(say("late"))
	if len(m.log) != 1 || d.Held() != 1 {
		t.Errorf("not held: %v", m.log)
	}
	d.Release()
	if got := m.log[len(m.log)-1]; got != "late" || d.Held() != 0 {
		t.Errorf("after release the last is %q", got)
	}
	d.Run(tea.Quit)
	if d.Quit() {
		t.Error("what is held has not been run")
	}
	d.Release()
	if !d.Quit() {
		t.Error("quit was not seen")
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	m := &recorder{}
	d := New(t, m, 10, 3)
	m.log = nil
	names := []string{"ctrl+r", "enter", "esc", "tab", "shift+tab", "?", "/", "alt+b", "alt+left", "up", "f1", "space", "ctrl+home", "世", "pgdown"}
	d.Key(names...)
	want := strings.ReplaceAll(strings.Join(names, "|"), "space", " ")
	if got := strings.Join(m.log, "|"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	m.log = nil
	d.Type("a b\n")
	d.Paste("p\nq")
	if got, want := strings.Join(m.log, "|"), "a| |b|enter|[p\nq]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	m.log = nil
	d.Click(3, 2)
	d.Wheel(1, 1, -2)
	if got, want := strings.Join(m.log, "|"), "left press|left release|wheel up|wheel up"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// double stands for a test that fails.
type double struct {
	testing.TB
	said []string
}

func (d *double) Helper() {}
func (d *double) Errorf(format string, args ...any) {
	d.said = append(d.said, fmt.Sprintf(format, args...))
}
func (d *double) Fatalf(format string, args ...any) {
	d.Errorf(format, args...)
	panic(errFatal)
}

var errFatal = errors.New("fatal")

func fails(do func(t testing.TB)) (said string) {
	d := &double{}
	defer func() {
		if r := recover(); r != nil && r != errFatal { //nolint:errorlint // what was panicked with, itself
			panic(r)
		}
		said = strings.Join(d.said, "\n")
	}()
	do(d)
	return ""
}

func TestFailuresAreSeen(t *testing.T) {
	t.Parallel()
	for what, do := range map[string]func(testing.TB){
		"line 1 has 3 cells":  func(t testing.TB) { Exact(t, "ab\nabc", 2, 2) },
		"1 lines, not 2":      func(t testing.TB) { Exact(t, "ab", 2, 2) },
		"control character":   func(t testing.TB) { Exact(t, "ab\b", 2, 1) },
		"character U+001B":    func(t testing.TB) { Exact(t, "a\x1b[2J\x1b[1mb\x1b[0m", 2, 1) },
		"character U+009B":    func(t testing.TB) { Exact(t, "a\u009b", 1, 1) },
		"room for nothing":    func(t testing.TB) { Exact(t, "ab", 0, 1) },
		"no key \"nonsense\"": func(t testing.TB) { New(t, &recorder{}, 2, 2).Key("nonsense") },
		"come to rest": func(t testing.TB) {
			New(t, &recorder{reply: func(tea.Msg) tea.Cmd { return say("again") }}, 2, 2)
		},
		"does not show \"x\"": func(t testing.TB) { New(t, &recorder{}, 2, 2).Has("x") },
		"shows \" \"": func(t testing.TB) {
			New(t, &recorder{draw: func(int, int) string { return "a b" }}, 3, 1).Lacks(" ")
		},
		"not 2: \"abc\"": func(t testing.TB) {
			New(t, &recorder{draw: func(int, int) string { return "abc" }}, 2, 1)
		},
		"go test -update writes it": func(t testing.TB) { Golden(t, "there-is-none", "x") },
		"differs":                   func(t testing.TB) { Golden(t, "plain", "other") },
	} {
		if said := fails(do); !strings.Contains(said, what) {
			t.Errorf("no %q in %q", what, said)
		}
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	m := &recorder{draw: func(int, int) string { return "\x1b[31mred\x1b[0m  \nline " }}
	New(t, m, 5, 2).Golden(t, "plain")
}
