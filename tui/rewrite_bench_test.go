package tui

import (
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// longest runs a message and all that follows from it, and gives how long the
// slowest single Update with its frame took.
func (x *world) longest(msg tea.Msg) (most time.Duration) {
	queue := []tea.Msg{msg}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		if batch, ok := next.(tea.BatchMsg); ok {
			for _, cmd := range batch {
				if cmd != nil {
					queue = append(queue, cmd())
				}
			}
			continue
		}
		if next == nil {
			continue
		}
		start := time.Now()
		_, cmd := x.app.Update(next)
		_ = x.app.View()
		most = max(most, time.Since(start))
		if cmd != nil {
			queue = append(queue, cmd())
		}
	}
	return most
}

// What rewrites a body of 20 MB is done beside Update: the figure to look at is
// the slowest single Update, in milliseconds. It is to stay below one frame or
// two, 20 ms.
func BenchmarkRewriteOfALargeRequest(b *testing.B) {
	for _, c := range []struct {
		name string
		keys func(x *world) tea.Msg
	}{
		{"replace-all", func(x *world) tea.Msg {
			x.Key("e", "ctrl+f")
			x.Type("abcdefgh")
			x.Key("alt+r", "down")
			x.Type("zyx")
			return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'a'}, Alt: true}
		}},
		{"format", func(*world) tea.Msg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'F'}} }},
		{"compact", func(*world) tea.Msg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'C'}} }},
		{"undo", func(x *world) tea.Msg {
			x.Key("F")
			return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'u'}}
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			most := time.Duration(0)
			for b.Loop() {
				b.StopTimer()
				x := largeRequest(b)
				last := c.keys(x)
				before := x.app.panes.request.Revision()
				b.StartTimer()
				most = max(most, x.longest(last))
				if x.app.panes.request.Revision() == before {
					b.Fatal("nothing was rewritten")
				}
			}
			b.ReportMetric(float64(most.Microseconds())/1000, "ms-update")
		})
	}
}
