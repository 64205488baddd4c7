package editor

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/tuitest"
)

// BenchmarkEditorKey: a key and a frame, in the middle of 1 MB.
func BenchmarkEditorKey(b *testing.B) {
	for _, body := range tuitest.Bodies {
		content := body.Make(1 << 20)
		b.Run(body.Name, func(b *testing.B) {
			e := New(colourTheme())
			e.Resize(100, 50)
			e.SetBytes(content)
			e.SetCursor(len(content) / 2)
			e.Focus()
			_ = e.View()
			keys := []tea.KeyMsg{
				{Type: tea.KeyRunes, Runes: []rune("x")}, {Type: tea.KeyRunes, Runes: []rune("\"")}, {Type: tea.KeyBackspace},
				{Type: tea.KeyDown}, {Type: tea.KeyEnter}, {Type: tea.KeyBackspace}, {Type: tea.KeyLeft}, {Type: tea.KeyUp},
			}
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				e.Update(keys[i%len(keys)])
				e.Cursor()
				_ = e.View()
				i++
			}
		})
	}
}

// BenchmarkEditorBytes: what a live canonical string costs per key, 1 MB.
func BenchmarkEditorBytes(b *testing.B) {
	e := New(colourTheme())
	e.SetBytes(tuitest.ManyLines(1 << 20))
	e.Resize(100, 50)
	for b.Loop() {
		e.joined = nil
		_ = e.Bytes()
	}
}
