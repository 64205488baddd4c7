package tui

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// terminals are lent: a new one takes and clears megabytes.
var terminals = sync.Pool{New: func() any { return vt.NewEmulator(1, 1) }}

// drawnBy gives what a terminal shows after some bytes: of each cell the
// character, and of its style what can be seen.
func drawnBy(w, h int, text string) string {
	screen := terminals.Get().(*vt.Emulator)
	defer terminals.Put(screen)
	_, _ = screen.WriteString("\x1bc") // all of it as at the start
	screen.Resize(w, h)
	_, _ = screen.WriteString(text)
	var b strings.Builder
	for y := range h {
		for x := range w {
			cell := screen.CellAt(x, y)
			if cell == nil {
				cell = &uv.EmptyCell
			}
			content, style := cell.Content, cell.Style
			if content == "" {
				content = " "
			}
			if content == " " {
				style.Fg = nil
				style.Attrs &^= uv.AttrBold | uv.AttrFaint | uv.AttrItalic
			}
			fmt.Fprintf(&b, "%s%v%v%v%v|", content, style.Fg, style.Bg, style.Attrs, style.Underline)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// slimmed writes rows as the painter does.
func slimmed(rows []string, blank bool) string {
	var b bytes.Buffer
	s := slimmer{out: &b}
	for i, row := range rows {
		b.WriteString(ansi.CursorPosition(1, i+1))
		s.row(row, blank)
	}
	return b.String()
}

func written(rows []string) string {
	var b strings.Builder
	for i, row := range rows {
		b.WriteString(ansi.CursorPosition(1, i+1) + row)
	}
	return b.String()
}

// sameDrawn compares rows as they are with what the painter writes, on an empty
// screen and on one with something else on it.
func sameDrawn(t *testing.T, w int, rows []string) {
	t.Helper()
	h := len(rows)
	if have, want := drawnBy(w, h, slimmed(rows, true)), drawnBy(w, h, written(rows)); have != want {
		t.Fatalf("on an empty screen %q is drawn as\n%s\nnot\n%s", rows, have, want)
	}
	before := make([]string, h)
	for i := range before {
		before[i] = "\x1b[1;4;48;5;238m" + strings.Repeat("#", w) + "\x1b[0m"
	}
	if have, want := drawnBy(w, h, written(before)+slimmed(rows, false)), drawnBy(w, h, written(before)+written(rows)); have != want {
		t.Fatalf("over another frame %q is drawn as\n%s\nnot\n%s", rows, have, want)
	}
}

func TestSlimRows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		row   string
		blank bool
		want  string
	}{
		{"a b", false, "a b"},
		{"a          b", false, "a          b"},
		{"a          b   ", true, "a\x1b[10Cb"},
		{"a     b", true, "a     b"},
		{"\x1b[31ma\x1b[0m \x1b[31mb\x1b[0m", false, "\x1b[31ma b\x1b[m"},
		{"\x1b[31ma\x1b[0m\x1b[32mb\x1b[0m", false, "\x1b[31ma\x1b[0;32mb\x1b[m"},
		{"\x1b[31ma\x1b[1mb\x1b[mc", false, "\x1b[31ma\x1b[1mb\x1b[mc"},
		{"\x1b[38;5;247m  a\x1b[0m  ", true, "  \x1b[38;5;247ma\x1b[m"},
		{"\x1b[48;5;238m          \x1b[0m", true, "\x1b[48;5;238m          \x1b[m"},
		{"\x1b[4ma          b\x1b[0m          ", true, "\x1b[4ma          b\x1b[m"},
		{"\x1b[7m \x1b[0m \x1b[38;2;1;4;7m \x1b[38:5:7m ", false, "\x1b[7m \x1b[m  \x1b[38;2;1;4;7;38:5:7m \x1b[m"},
		{"a\x1b]8;;http://x\x1b\\b", true, "a\x1b]8;;http://x\x1b\\b"},
		{"", true, ""},
	} {
		var b bytes.Buffer
		s := slimmer{out: &b}
		s.row(tt.row, tt.blank)
		if b.String() != tt.want {
			t.Errorf("%q (blank %v) is written %q, want %q", tt.row, tt.blank, b.String(), tt.want)
		}
	}
}

// A real frame looks the same and has far fewer bytes.
func TestSlimFrame(t *testing.T) {
	x := explore(t, 160, 45)
	x.Key("ctrl+r")
	rows := strings.Split(x.app.View(), "\n")
	sameDrawn(t, 160, rows)
	if slim, whole := len(slimmed(rows, true)), len(written(rows)); slim*4 > whole*3 {
		t.Errorf("%d bytes of %d are left", slim, whole)
	}
}

func FuzzSlim(f *testing.F) {
	pieces := []string{
		"a", "word", " ", "       ", "─", "中", "é", "\x1b[0m", "\x1b[m", "\x1b[31m", "\x1b[38;5;239m", "\x1b[1;38;5;111m", "\x1b[48;5;238m",
		"\x1b[38;2;1;2;3m", "\x1b[4m", "\x1b[7m", "\x1b[39m", "\x1b[0;32m", "\x1b[22m", "\x1b[24m", "\x1b[49m",
	}
	made := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		data := make([]byte, made.IntN(40))
		for i := range data {
			data[i] = byte(made.IntN(256))
		}
		f.Add(data)
	}
	f.Add([]byte{9, 0, 7, 2, 9, 1, 7})
	f.Add([]byte{12, 3, 7, 3, 11, 1, 3, 255, 14, 3, 0, 3, 7, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		const w = 40
		rows := []string{""}
		for _, d := range data {
			last := &rows[len(rows)-1]
			if d == 255 && len(rows) < 4 {
				rows = append(rows, "")
				continue
			}
			if next := pieces[int(d)%len(pieces)]; ansi.StringWidth(*last+next) <= w {
				*last += next
			}
		}
		for i, row := range rows {
			rows[i] = row + "\x1b[0m"
		}
		sameDrawn(t, w, rows)
	})
}
