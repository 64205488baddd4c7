package tui

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
)

// bodies of one megabyte: what a person types into.
var megabytes = []struct {
	name string
	make func() []byte
}{
	{"lines", func() []byte {
		var b bytes.Buffer
		b.WriteString("{\n  \"paymentRequestId\": \"{{uuid}}\"")
		for i := 0; b.Len() < 1<<20; i++ {
			fmt.Fprintf(&b, ",\n  \"key%d\": {\"text\": \"value %d\", \"list\": [1, 2.50, true]}", i, i)
		}
		b.WriteString("\n}\n")
		return b.Bytes()
	}},
	{"line", func() []byte {
		var b bytes.Buffer
		b.WriteString(`{"paymentRequestId":"{{uuid}}"`)
		for i := 0; b.Len() < 1<<20; i++ {
			fmt.Fprintf(&b, `,"key%d":{"text":"value %d","list":[1,2.50,true]}`, i, i)
		}
		b.WriteString("}")
		return b.Bytes()
	}},
	{"string", func() []byte { return []byte(`{"k":"` + strings.Repeat("abcdefghij", 1<<20/10) + `"}`) }},
}

// background runs commands beside the test as Bubble Tea does, and hands over
// their messages.
type background struct {
	app  *App
	msgs chan tea.Msg
}

func (r *background) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		if msg := cmd(); msg != nil {
			r.msgs <- msg
		}
	}()
}

// take updates the application with a message, as the event loop would.
func (r *background) take(msg tea.Msg) {
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, cmd := range batch {
			r.run(cmd)
		}
		return
	}
	_, cmd := r.app.Update(msg)
	r.run(cmd)
}

// drain takes what has come meanwhile; each message costs a frame too.
func (r *background) drain() {
	for {
		select {
		case msg := <-r.msgs:
			r.take(msg)
		default:
			return
		}
	}
}

// BenchmarkTyping: from a key to its frame in the real explorer, with a body of
// 1 MB, its previews running beside. A key comes every 20 ms, which is faster
// than anybody types.
func BenchmarkTyping(b *testing.B) {
	for _, body := range megabytes {
		b.Run(body.name, func(b *testing.B) {
			x := explore(b, 160, 45)
			x.app.config.After = tea.Tick // from here on: the driver waits for no watch
			x.app.setFocus(keymap.Request)
			x.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'e'}})
			r := &background{app: x.app, msgs: make(chan tea.Msg, 1000)}
			p := x.app.panes.request
			_, cmd := x.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(string(body.make())), Paste: true})
			r.run(cmd)
			for range 10 {
				time.Sleep(100 * time.Millisecond)
				r.drain()
			}
			p.Type(tea.KeyMsg{Type: tea.KeyCtrlHome})
			for range 2000 {
				p.Type(tea.KeyMsg{Type: tea.KeyCtrlRight})
			}
			keys := []tea.KeyMsg{
				{Type: tea.KeyRunes, Runes: []rune("x")}, {Type: tea.KeyRunes, Runes: []rune("y")}, {Type: tea.KeyBackspace},
				{Type: tea.KeyRight}, {Type: tea.KeyEnter}, {Type: tea.KeyBackspace}, {Type: tea.KeyBackspace}, {Type: tea.KeyLeft}, {Type: tea.KeyDown}, {Type: tea.KeyUp},
			}
			var took []time.Duration
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				start := time.Now()
				r.drain()
				r.take(keys[i%len(keys)])
				_ = x.app.View()
				took = append(took, time.Since(start))
				b.StopTimer()
				time.Sleep(20*time.Millisecond - time.Since(start))
				b.StartTimer()
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100])/1e6, "ms/p95")
			b.ReportMetric(float64(took[len(took)/2])/1e6, "ms/median")
			b.ReportMetric(float64(took[len(took)-1])/1e6, "ms/max")
		})
	}
}
