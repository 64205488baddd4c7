package tui

import (
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// opening is the explorer as the program runs it, before anything has been
// loaded.
func opening(t *testing.T) *model {
	t.Helper()
	m := &model{App: New(newWorld(t).config), busy: &rescue{now: time.Now}}
	m.Update(tea.WindowSizeMsg{Width: 140, Height: 40})
	return m
}

func TestNothingIsDrawnUntilThereIsAFrame(t *testing.T) {
	m := opening(t)
	if got := m.View(); got != "" {
		t.Fatalf("a frame without content is drawn:\n%s", got)
	}
	m.Update(m.load()())
	if got := m.View(); !strings.Contains(got, "would be signed now") || !strings.Contains(got, "Ready") {
		t.Fatalf("the first frame is not the whole one:\n%s", got)
	}
}

// Where loading takes long, that is said.
func TestASlowStartIsSeen(t *testing.T) {
	for name, msg := range map[string]tea.Msg{"time": waitedFor{}, "key": tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'j'}}} {
		t.Run(name, func(t *testing.T) {
			m := opening(t)
			m.Update(msg)
			if got := m.View(); !strings.Contains(got, "starting…") {
				t.Fatalf("drawn is:\n%s", got)
			}
		})
	}
}
