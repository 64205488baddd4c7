package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient/english"
)

// Bytes writes a size for people: "412 B", "1.2 kB", "20 MB" (powers of 1000).
func Bytes(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 10_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", n/1000)
	case n < 10_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	default:
		return fmt.Sprintf("%d MB", n/1_000_000)
	}
}

// Count writes a number and what it counts: 1 item, 1,204 items.
func Count(n int, what string) string { return Thousands(n) + " " + english.Plural(n, what) }

// Thousands writes a number with a comma every three digits.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	if n < 1000 {
		return s
	}
	var out strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(c)
	}
	return out.String()
}

// Millis writes a duration for people: "41 ms", "0.3 ms", "12.4 s".
func Millis(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < 10*time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	default:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
}
