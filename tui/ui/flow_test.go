package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

func TestFlow(t *testing.T) {
	theme := NewTheme(ThemeDark, termenv.TrueColor)
	for _, c := range []struct {
		name   string
		pieces []Piece
		w      int
		want   []string
	}{
		{"nothing", nil, 4, []string{"    "}},
		{"no room", []Piece{{Bytes: []byte("a")}}, 0, nil},
		{"blanks and line feeds", []Piece{{Bytes: []byte("a b\nc")}}, 6, []string{"a·b␊  ", "c     "}},
		{"wraps", []Piece{{Bytes: []byte("abcdef")}}, 4, []string{"abcd", "ef  "}},
		{"wide is not cut", []Piece{{Bytes: []byte("abc漢d")}}, 4, []string{"abc ", "漢d "}},
		{"marked", []Piece{{Bytes: []byte("a")}, {Bytes: []byte("b\n"), Marked: true}, {Bytes: []byte("c")}}, 6, []string{"a[b␊] ", "c     "}},
		{"line feeds inside a mark", []Piece{{Bytes: []byte("a\nb"), Marked: true}}, 6, []string{"[a␊   ", "b]    "}},
		{"missing", []Piece{{Bytes: []byte("a")}, {Marked: true}}, 6, []string{"a[]   "}},
		{"words", []Piece{{Bytes: []byte("… so far"), Words: true}}, 10, []string{"… so far  "}},
		{"wider than a row", []Piece{{Bytes: []byte("\u202e!")}}, 4, []string{"‹U+…", "!   "}},
	} {
		got := Flow(theme, c.pieces, c.w)
		for i := range got {
			got[i] = ansi.Strip(got[i])
		}
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
