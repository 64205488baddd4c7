package ui

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/muesli/termenv"
)

// plainTheme draws nothing but text, bold, underline and reverse.
func plainTheme() *Theme { return NewTheme(ThemeDark, termenv.Ascii) }

func colourTheme() *Theme { return NewTheme(ThemeDark, termenv.TrueColor) }

func seeded(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, 17)) }

// pieces are what hostile and honest bodies are made of.
var pieces = []string{
	"a", "b", "{", "}", "[", "]", ":", ",", "\"", "\\", "\\\"", " ", "  ", "0", "-1.5e3", "true", "null", "word",
	"\n", "\n", "\r\n", "\r", "\t", "\x00", "\x1b", "\x1b[31m", "\x1b]0;t\a", "\x7f", "\u0085", "\u009b",
	"é", "e\u0301", "\u0301", "世", "界", "ａ", "한", "ᄀ", "각", "\u200b", "\u200d", "\ufeff", "\u202e", "\u2066", "\u00ad",
	"\u2028", "\u2029", "👍", "👍🏽", "👩‍👩‍👧", "🇩🇪", "🇩", "❤️", "1️⃣", "क्षि", "स्ते", "กำ", "ກຳ", "ก่ำ", "ا", "לָ",
	"\U000e0041", "\U0010fffd", "\ue000", "\ufe0f", "\u3164", "\u115f", "\xff", "\xc3", "\xe4\xb8", "\xf0\x9f", "\u0378", "\u00a0", "\u3000", "ૌ", "ｶﾞ", "\uff9e", "🏽", "\u0d4e", "ำ",
	strings.Repeat("x", 30), strings.Repeat("世", 9), strings.Repeat("\u0301", 40), strings.Repeat("ᄀ", 20),
}

func jumble(r *rand.Rand, n int) []byte {
	var out strings.Builder
	for range n {
		out.WriteString(pieces[r.IntN(len(pieces))])
	}
	return []byte(out.String())
}

func must[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func hasCursor(view string) bool { return strings.Contains(view, "\x1b[7m") }
