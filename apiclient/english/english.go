// Package english puts numbers and names into sentences.
package english

import (
	"strconv"
	"strings"
)

// Plural returns the noun for n of something: "run" for 1, else "runs"; a noun
// in -is becomes one in -es.
func Plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	if stem, ok := strings.CutSuffix(noun, "is"); ok {
		return stem + "es"
	}
	return noun + "s"
}

// Count returns "1 run" or "3 runs".
func Count(n int, noun string) string { return strconv.Itoa(n) + " " + Plural(n, noun) }

// Nearest returns the name that s was probably meant to be; "" where none is
// near: more than half of its characters would have to change.
func Nearest(s string, names []string) string {
	best, least := "", len(s)/2+1
	for _, name := range names {
		if d := Distance(s, name); d < least {
			best, least = name, d
		}
	}
	return best
}

// maxCompared is the characters of a name that are compared: longer ones are no
// typing errors.
const maxCompared = 100

// Distance returns how many single characters have to be inserted, deleted,
// replaced or exchanged with their neighbour to make b of a, within the first
// 100 of each.
func Distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	x, y = x[:min(len(x), maxCompared)], y[:min(len(y), maxCompared)]
	before, last := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row := make([]int, len(y)+1)
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}

// Clipped returns the start of s, at most that many bytes and whole characters
// of it, with … for what is left out.
func Clipped(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
