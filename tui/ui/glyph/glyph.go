// Package glyph says what one character on the screen is: which bytes make it,
// and what is drawn for it so that it takes the same cells on every terminal.
package glyph

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Glyph is the smallest thing that is drawn: one grapheme cluster, or one byte
// that is no text. The cursor moves from glyph to glyph.
type Glyph struct {
	Bytes  int    // how many bytes of the source it takes, at least 1
	Cells  int    // how many cells of the screen it takes, at least 1
	Text   string // what is drawn; "" means the source bytes themselves
	Symbol bool   // text stands for something that has no shape
}

// maxCluster bounds the bytes of a cluster. No writing system comes near;
// stacks of marks made to tamper a screen do.
const maxCluster = 64

// Next reads the glyph at the start of b, which must not be empty.
//
// Two kinds of terminals exist: those that advance by grapheme cluster and those
// that sum up code points (wcwidth). A glyph is drawn as it is only where both
// agree on its width; otherwise its parts are drawn as symbols, so that a line
// has one width everywhere.
func Next(b []byte) Glyph {
	c := b[0]
	if c < utf8.RuneSelf {
		if c < 0x20 || c == 0x7f {
			return Glyph{1, 1, controlPicture(c), true}
		}
		if len(b) == 1 || b[1] < utf8.RuneSelf {
			return Glyph{Bytes: 1, Cells: 1}
		}
		return clusterGlyph(b)
	}
	r, n := utf8.DecodeRune(b)
	if r == utf8.RuneError && n <= 1 {
		return Glyph{1, 4, fmt.Sprintf("‹%02X›", c), true}
	}
	switch {
	case isIdeograph(r) && standsAlone(b[n:]):
		return Glyph{Bytes: n, Cells: 2}
	case isLine(r) && standsAlone(b[n:]):
		return Glyph{Bytes: n, Cells: 1}
	}
	return clusterGlyph(b)
}

// isLine reports dashes, quotes, dots, arrows, lines, blocks and ticks: one cell
// wide on every terminal, and a separate cluster unless a mark follows. They are
// those of the explorer's own words, which so need no table of widths: to build
// it takes longer than to draw a frame.
func isLine(r rune) bool {
	return r >= 0x2010 && r <= 0x2027 || r >= 0x2190 && r <= 0x21ff || r >= 0x2500 && r <= 0x25fc || r == 0x2713 ||
		r == 0x2717
}

// isIdeograph reports the ranges in which every code point is assigned, two
// cells wide and a separate cluster unless a mark follows.
func isIdeograph(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3041 && r <= 0x3096 || r >= 0x30a1 && r <= 0x30fa || r >= 0x3400 &&
		r <= 0x4dbf
}

// standsAlone reports whether rest cannot continue the cluster before it.
func standsAlone(rest []byte) bool {
	if len(rest) == 0 || rest[0] < utf8.RuneSelf {
		return true
	}
	r, _ := utf8.DecodeRune(rest)
	return isIdeograph(r) || isLine(r)
}

func clusterGlyph(b []byte) Glyph {
	window := b[:min(len(b), maxCluster+utf8.UTFMax)]
	cluster, cells := ansi.FirstGraphemeCluster(window, ansi.GraphemeWidth)
	whole := len(cluster) <= maxCluster
	if whole && cells > 0 && drawable(cluster) && ansi.WcWidth.StringWidth(string(cluster)) == cells {
		return Glyph{Bytes: len(cluster), Cells: cells}
	}
	return spelledGlyph(cluster)
}

// drawable reports whether every rune has a shape and the first does not join
// what stands before it.
func drawable(cluster []byte) bool {
	for i, w := 0, 0; i < len(cluster); i += w {
		var r rune
		r, w = utf8.DecodeRune(cluster[i:])
		if r == utf8.RuneError && w <= 1 || NeedsSymbol(r) {
			return false
		}
		if i == 0 && joinsBack(r) {
			return false
		}
	}
	return true
}

// joinsBack reports whether a rune continues the cluster before it, whatever that
// is: a mark, a modifier.
func joinsBack(r rune) bool {
	if r < 0x300 {
		return false
	}
	var pair [1 + utf8.UTFMax]byte
	pair[0] = 'x'
	n := 1 + utf8.EncodeRune(pair[1:], r)
	cluster, _ := ansi.FirstGraphemeCluster(pair[:n], ansi.GraphemeWidth)
	return len(cluster) > 1
}

// spelledGlyph draws a cluster that cannot be drawn as it is: shapes where
// they are safe, symbols for the rest.
func spelledGlyph(cluster []byte) Glyph {
	var text strings.Builder
	symbol, read := false, 0
	for read < len(cluster) && read < maxCluster {
		r, w := utf8.DecodeRune(cluster[read:])
		if r == utf8.RuneError && w <= 1 {
			break // a separate glyph
		}
		switch {
		case NeedsSymbol(r), (read == 0 || symbol) && joinsBack(r) && !unicode.Is(unicode.Mn, r):
			text.WriteString(codePoint(r))
			symbol = true
		case unicode.Is(unicode.Mn, r):
			// A virama or a lone mark: on a dotted circle, as in code charts.
			if read == 0 || symbol || joins(cluster[read+w:]) {
				text.WriteString("◌")
			}
			text.WriteRune(r)
		case r == 0x0e33: // Thai sara am is drawn the same in two parts, of which one is a mark
			text.WriteString("\u0e4d\u0e32")
		case r == 0x0eb3: // Lao am likewise
			text.WriteString("\u0ecd\u0eb2")
		default:
			text.WriteRune(r)
		}
		read += w
		if symbol && read == w {
			break // what follows a symbol is read on its own
		}
	}
	s := text.String()
	if len(cluster) > maxCluster || !agreed(s) {
		return pointsGlyph(cluster[:read])
	}
	return Glyph{read, ansi.StringWidth(s), s, symbol}
}

// agreed reports whether all terminals give each cluster of a text one width.
func agreed(s string) bool {
	for len(s) > 0 {
		cluster, cells := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		if cells == 0 || cells != ansi.StringWidthWc(cluster) {
			return false
		}
		s = s[len(cluster):]
	}
	return true
}

// joins reports whether a letter follows in the same cluster, as after a virama.
func joins(rest []byte) bool {
	r, _ := utf8.DecodeRune(rest)
	return len(rest) > 0 && unicode.Is(unicode.L, r)
}

// pointsGlyph draws the first rune if it can stand alone and every other one
// by its number.
func pointsGlyph(cluster []byte) Glyph {
	var text strings.Builder
	for i, w := 0, 0; i < len(cluster); i += w {
		var r rune
		r, w = utf8.DecodeRune(cluster[i:])
		if i == 0 && drawable(cluster[:w]) && agreed(string(r)) {
			text.WriteRune(r)
			continue
		}
		text.WriteString(codePoint(r))
	}
	s := text.String()
	return Glyph{len(cluster), ansi.StringWidth(s), s, true}
}

// controlPicture returns the symbol of a C0 control or DEL.
func controlPicture(c byte) string {
	if c == 0x7f {
		return "␡"
	}
	return string(0x2400 + rune(c))
}

// codePoint spells a code point.
func codePoint(r rune) string { return fmt.Sprintf("‹U+%04X›", r) }

// NeedsSymbol reports the code points that a terminal obeys, hides, or draws at a
// width of its choice: controls, formats (bidi, zero width, tags, soft
// hyphen, BOM), separators other than the space, blanks, fillers, variation selectors,
// enclosing marks, private and unassigned ones.
func NeedsSymbol(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa1, r == 0xad:
		return true
	case r < 0x300:
		return false
	case isIdeograph(r), r == 0x3000:
		return false
	case r == 0x2800: // blank pattern of Braille
		return true
	case prepends(r):
		return true
	case !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S):
		return true
	}
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Me)
}

// prepends reports the letters that join whatever comes after them to one
// cluster.
func prepends(r rune) bool {
	switch {
	case r < 0xd4e:
		return false
	case r == 0xd4e, r == 0x111c2, r == 0x111c3, r == 0x113d1, r == 0x1193f, r == 0x11941, r == 0x11a3a,
		r >= 0x11a84 && r <= 0x11a89, r == 0x11d46, r == 0x11f02:
		return true
	}
	return false
}
