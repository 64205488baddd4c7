package tui

import (
	"os"
	"strings"
	"testing"
)

// painting gives a terminal whose output is read back.
func painting(t *testing.T) (*terminal, func() string) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close(); _ = w.Close() })
	return newTerminal(w), func() string {
		t.Helper()
		if _, err := w.WriteString("$"); err != nil { // so that there is always something to read
			t.Fatal(err)
		}
		b := make([]byte, 4096)
		n, err := r.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSuffix(string(b[:n]), "$")
	}
}

func TestPainterDrawsWhatChanged(t *testing.T) {
	screen, read := painting(t)
	draw := func(frame string) string {
		screen.show(frame)
		screen.drawNext()
		return read()
	}
	steps := []struct {
		name string
		do   func() string
		want string
	}{
		{"nothing before the screen is there", func() string { return draw("a\nb") }, ""},
		{"the screen comes by WriteString", func() string { _, _ = screen.WriteString("\x1b[?1049h"); return read() }, "\x1b[?1049h"},
		{"the frame that waited", func() string { screen.drawNext(); return read() }, "\x1b[Ha\x1b[2;1Hb"},
		{"a row that changed", func() string { return draw("a\nc") }, "\x1b[2;1Hc"},
		{"the same again", func() string { return draw("a\nc") }, ""},
		{"only the newest", func() string { screen.show("x\ny"); return draw("a\nd") }, "\x1b[2;1Hd"},
		{"Bubble Tea's own frame", func() string { _, _ = screen.Write([]byte("\x1b[H" + nothing + "\x1b[K")); return read() }, ""},
		{"another size", func() string { return draw("a\nd\ne") }, "\x1b[Ha\x1b[2;1Hd\x1b[3;1He"},
		{"a terminal that was resized", func() string { screen.forget(); return draw("a\nd\ne") }, "\x1b[Ha\x1b[2;1Hd\x1b[3;1He"},
		{"the screen is an editor's", func() string { _, _ = screen.WriteString("\x1b[?1049l"); return draw("f\nd\ne") }, "\x1b[?1049l"},
		{"it is back, and empty", func() string { _, _ = screen.WriteString("\x1b[?1049h"); screen.drawNext(); return read() },
			"\x1b[?1049h\x1b[Hf\x1b[2;1Hd\x1b[3;1He"},
	}
	for _, s := range steps {
		if got := s.do(); got != s.want {
			t.Errorf("%s: wrote %q, want %q", s.name, got, s.want)
		}
	}
}
