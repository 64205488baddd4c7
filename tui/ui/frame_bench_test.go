package ui_test

import (
	"testing"

	"github.com/muesli/termenv"

	"countersign/tui/tuitest"
	"countersign/tui/ui"
	"countersign/tui/ui/viewer"
)

// BenchmarkFrame: a border around a body of a full screen.
func BenchmarkFrame(b *testing.B) {
	theme := ui.NewTheme(ui.ThemeDark, termenv.TrueColor)
	v := viewer.New(theme)
	v.Resize(118, 38)
	v.SetContent(tuitest.ManyLines(1<<16), viewer.JSON)
	body := v.View()
	for b.Loop() {
		_ = ui.Frame(theme, ui.FrameOpts{Title: "Response", TitleRight: "1/3", Width: 120, Height: 40, Focused: true}, body)
	}
}
