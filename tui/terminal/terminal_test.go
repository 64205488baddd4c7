package terminal

import (
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

// starting is a program that is not ready.
type starting struct{ ready bool }

func (s *starting) Init() tea.Cmd                       { return nil }
func (s *starting) Update(tea.Msg) (tea.Model, tea.Cmd) { return s, nil }
func (s *starting) Loading() bool                       { return !s.ready }
func (s *starting) View() string {
	if s.ready {
		return "ready"
	}
	return "starting…"
}

func opening() (*starting, *watched) {
	s := &starting{}
	m := &watched{Model: s, rescue: &rescue{now: time.Now}}
	m.Update(tea.WindowSizeMsg{Width: 140, Height: 40})
	return s, m
}

func TestNothingIsDrawnUntilThereIsAFrame(t *testing.T) {
	t.Parallel()
	s, m := opening()
	if got := m.View(); got != "" {
		t.Fatalf("a frame without content is drawn: %q", got)
	}
	s.ready = true
	if got := ansi.Strip(m.View()); got != "ready" {
		t.Fatalf("the first frame is %q", got)
	}
}

// Bubble Tea keeps a frame that equals the one that it wrote, and compares it for
// ever. Between two that it writes there may be several.
func TestNoFrameEqualsTheOnesBefore(t *testing.T) {
	t.Parallel()
	s, m := opening()
	s.ready = true
	before := map[string]bool{}
	for i := range marks {
		frame := m.View()
		if before[frame] {
			t.Fatalf("frame %d is one of those before, to the byte: %q", i, frame)
		}
		if got := ansi.Strip(frame); got != "ready" {
			t.Fatalf("frame %d shows %q", i, got)
		}
		before[frame] = true
	}
}

// Where loading takes long, that is said.
func TestSlowStartIsSeen(t *testing.T) {
	t.Parallel()
	for name, msg := range map[string]tea.Msg{"time": waitedFor{}, "key": tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'j'}}} {
		_, m := opening()
		m.Update(msg)
		if got := ansi.Strip(m.View()); got != "starting…" {
			t.Errorf("%s: drawn is %q", name, got)
		}
	}
}
