package tui

import (
	"bytes"
	"context"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
)

// largeRequest opens a run whose request has a body of some 20 MB.
func largeRequest(b *testing.B) *world {
	b.Helper()
	x := explore(b, 160, 45, func(x *world) {
		x.config.Hints = true
		body := append(append([]byte(`{"items": [`), bytes.Repeat([]byte("\n  {\"id\": \"abcdefghijklmnop\", \"value\": 100},"), 20<<20/46)...), "\n  {}]}"...)
		e := &apiclient.Exchange{ID: "018aaaaa-0000-7000-8000-000000000001", Profile: "sandbox", Endpoint: "v2/payments/pay",
			Request:   apiclient.Message{Line: "POST /miniprogram/api/v2/payments/pay HTTP/1.1", Body: body},
			StartedAt: noon, Outcome: apiclient.Answered}
		if err := x.history.Complete(context.Background(), e); err != nil {
			b.Fatal(err)
		}
	})
	x.Key("6", "enter", "2")
	return x
}

// A frame and a key cost the same with a request of 20 MB on the screen as with
// a small one: BenchmarkFrameOfALargeRequest stays below a millisecond or two.
func BenchmarkFrameOfALargeRequest(b *testing.B) {
	x := largeRequest(b)
	b.ResetTimer()
	for b.Loop() {
		x.app.Update(tea.KeyMsg{Type: tea.KeyDown})
		_ = x.app.View()
	}
}

func BenchmarkKeyInALargeRequest(b *testing.B) {
	x := largeRequest(b)
	x.Key("e")
	b.ResetTimer()
	for b.Loop() {
		x.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'x'}})
		_ = x.app.View()
	}
}

func BenchmarkFindInALargeRequest(b *testing.B) {
	x := largeRequest(b)
	x.Key("/")
	b.ResetTimer()
	for b.Loop() {
		x.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'x'}})
		_ = x.app.View()
		x.app.Update(tea.KeyMsg{Type: tea.KeyBackspace})
		_ = x.app.View()
	}
}
