// Package ui is the kit that panes are built of: theme, frame, text that is
// safe to draw, lists, lines of text to type in, work in the background. The
// viewer and the editor stand on it.
package ui

import (
	"math"
	"slices"
	"strings"
)

// Whole is as many lines as a text takes.
const Whole = math.MaxInt

// Block joins lines into exactly w x h cells: lines are cut or padded, missing
// ones are blank.
func Block(lines []string, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	var b strings.Builder
	b.Grow(h * (w + 1))
	for i := range h {
		if i > 0 {
			b.WriteByte('\n')
		}
		if i < len(lines) {
			b.WriteString(Fit(lines[i], w))
		} else {
			b.WriteString(strings.Repeat(" ", w))
		}
	}
	return b.String()
}

// Rows cuts or fills lines to n.
func Rows(lines []string, n int) []string {
	lines = lines[:min(len(lines), max(0, n))]
	return append(lines, make([]string, max(0, n-len(lines)))...)
}

// Words wraps plain text at blanks to lines of at most w cells; a word that is
// longer is broken.
func Words(text string, w int) []string {
	w = max(1, w)
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			for Width(word) > w {
				if line != "" {
					lines, line = append(lines, line), ""
				}
				head := Cells(word, 0, w)
				lines = append(lines, head)
				word = strings.TrimLeft(Cells(word, w, Width(word)), " ")
			}
			switch {
			case line == "":
				line = word
			case Width(line)+1+Width(word) <= w:
				line += " " + word
			default:
				lines = append(lines, line)
				line = word
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// AtMost cuts wrapped text to n lines; an ellipsis says that there is more.
func AtMost(lines []string, n, w int) []string {
	if len(lines) <= n {
		return lines
	}
	if n <= 0 {
		return nil
	}
	lines = slices.Clone(lines[:n])
	if last := lines[n-1]; Width(last)+2 <= w {
		lines[n-1] = last + " …"
	} else {
		lines[n-1] = Truncate(last+"  ", w)
	}
	return lines
}

// Prose wraps plain text to at most n lines of w cells, in a style; an ellipsis
// says that there is more.
func Prose(style Style, text string, w, n int) []string {
	lines := AtMost(Words(text, w), n, w)
	for i, l := range lines {
		lines[i] = style.Render(l)
	}
	return lines
}
