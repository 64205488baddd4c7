package tui

import (
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// opening is the explorer as the program runs it, before anything has been
// loaded, and the frame that is to be drawn.
func opening(t *testing.T) (model drawnModel, frame func() string) {
	t.Helper()
	x := newWorld(t)
	screen, _ := painting(t)
	x.config.drawn = screen.paint.drawn
	model = drawnModel{New(x.config), screen, &rescue{now: time.Now}}
	model.Update(tea.WindowSizeMsg{Width: 140, Height: 40})
	return model, func() string {
		model.View()
		return screen.paint.next
	}
}

func TestNothingIsDrawnUntilThereIsAFrame(t *testing.T) {
	model, frame := opening(t)
	if got := frame(); got != "" {
		t.Fatalf("a frame without content is drawn:\n%s", got)
	}
	model.Update(model.load()())
	if got := frame(); !strings.Contains(got, "would be signed now") || !strings.Contains(got, "Ready") {
		t.Fatalf("the first frame is not the whole one:\n%s", got)
	}
}

// Where loading takes long, that is said.
func TestASlowStartIsSeen(t *testing.T) {
	for name, msg := range map[string]tea.Msg{"time": waitedFor{}, "key": tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'j'}}} {
		t.Run(name, func(t *testing.T) {
			model, frame := opening(t)
			model.Update(msg)
			if got := frame(); !strings.Contains(got, "starting…") {
				t.Fatalf("drawn is:\n%s", got)
			}
		})
	}
}

// What is only seen later waits for the first frame.
func TestTheFirstCheckWaitsForTheFrame(t *testing.T) {
	model, frame := opening(t)
	_, cmd := model.Update(model.load()())
	checked := make(chan previewed, 1)
	go func() {
		batch, _ := cmd().(tea.BatchMsg)
		for _, c := range batch {
			if c == nil {
				continue
			}
			go func() {
				if p, ok := c().(previewed); ok {
					checked <- p
				}
			}()
		}
	}()
	select {
	case <-checked:
		t.Fatal("the body is checked before there is a frame")
	case <-time.After(50 * time.Millisecond):
	}
	frame()
	_, _ = model.screen.WriteString("\x1b[?1049h")
	model.screen.drawNext()
	select {
	case p := <-checked:
		if p.err != nil || len(p.exchange.Request.Line) == 0 {
			t.Errorf("the draft is not signed: %v", p.err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the body is not checked after the first frame")
	}
}
