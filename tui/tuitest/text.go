package tuitest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// Seeded returns a source of random numbers that is the same with each run.
func Seeded(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, 17)) }

// Pieces are what hostile and honest bodies are made of.
var Pieces = []string{
	"a", "b", "{", "}", "[", "]", ":", ",", "\"", "\\", "\\\"", " ", "  ", "0", "-1.5e3", "true", "null", "word",
	"\n", "\n", "\r\n", "\r", "\t", "\x00", "\x1b", "\x1b[31m", "\x1b]0;t\a", "\x7f", "\u0085", "\u009b",
	"é", "e\u0301", "\u0301", "世", "界", "ａ", "한", "ᄀ", "각", "\u200b", "\u200d", "\ufeff", "\u202e", "\u2066", "\u00ad",
	"\u2028", "\u2029", "👍", "👍🏽", "👩‍👩‍👧", "🇩🇪", "🇩", "❤️", "1️⃣", "क्षि", "स्ते", "กำ", "ກຳ", "ก่ำ", "ا", "לָ",
	"\U000e0041", "\U0010fffd", "\ue000", "\ufe0f", "\u3164", "\u115f", "\xff", "\xc3", "\xe4\xb8", "\xf0\x9f", "\u0378",
	"\u00a0", "\u3000", "ૌ", "ｶﾞ", "\uff9e", "🏽", "\u0d4e", "ำ",
	strings.Repeat("x", 30), strings.Repeat("世", 9), strings.Repeat("\u0301", 40), strings.Repeat("ᄀ", 20),
}

// Jumble returns n of Pieces, one after the other.
func Jumble(r *rand.Rand, n int) []byte {
	var out strings.Builder
	for range n {
		out.WriteString(Pieces[r.IntN(len(Pieces))])
	}
	return []byte(out.String())
}

// Must fails a test in which something is not as it should be.
func Must[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// ManyLines returns JSON of many short lines.
func ManyLines(size int) []byte {
	var b bytes.Buffer
	b.WriteString("{\n")
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "  \"key%d\": \"value with some text, 世界 %d\",\n", i, i)
	}
	b.WriteString("  \"end\": true\n}")
	return b.Bytes()
}

// oneLine returns JSON of one long string.
func oneLine(size int) []byte {
	return []byte(`{"k":"` + strings.Repeat("abcdefghij", size/10) + `"}`)
}

// Bodies are the shapes of large texts that benchmarks measure.
var Bodies = []struct {
	Name string
	Make func(size int) []byte
}{{"lines", ManyLines}, {"line", oneLine}}
