package viewer

import (
	"countersign/tui/ui"
	"countersign/tui/ui/rows"
)

const hexDigits = "0123456789abcdef"

// hexOffset is the digits of an offset: 8 reach to 4 GB.
const hexOffset = 8

// perRow is how many bytes a row of hex holds: 16, or what the width allows.
func (v *Viewer) perRow() int {
	for _, n := range []int{16, 8, 4} {
		if v.w >= hexOffset+2+3*n+1+n {
			return n
		}
	}
	return 4
}

func (v *Viewer) hexLines(lines []string) []string {
	for x := range v.rows.Screen(v.top, v.h) {
		lines = append(lines, v.hexRow(x.Row, v.rows.Every))
	}
	return lines
}

// hexRow draws 00000010  7b 22 61 22 …  {"a"…
func (v *Viewer) hexRow(x rows.Row, n int) string {
	c := rows.NewCanvas(v.theme, v.w)
	number := ui.PaintLineNumber
	if v.marked && x.Start == v.cursor {
		number = ui.PaintCursorLine
	}
	var digits [hexOffset]byte
	for i, rest := hexOffset-1, x.Start; i >= 0; i, rest = i-1, rest>>4 {
		digits[i] = hexDigits[rest&15]
	}
	c.Put(string(digits[:]), hexOffset, number)
	c.Blank(1, ui.PaintNone)

	over := v.find.Overlays(nil, v.text, x, 0)
	for i := range n {
		c.Blank(1, ui.PaintNone)
		if i == n/2 && n == 16 && v.w > hexOffset+2+3*n+1+n {
			c.Blank(1, ui.PaintNone)
		}
		if x.Start+i >= x.End {
			c.Blank(2, ui.PaintNone)
			continue
		}
		b := v.text.B[x.Start+i]
		style, _ := rows.Cover(byteStyle(b), over, x.Start+i, 1)
		c.Put(string([]byte{hexDigits[b>>4], hexDigits[b&15]}), 2, style)
	}
	c.Blank(2, ui.PaintNone)
	for i := x.Start; i < x.End; i++ {
		b := v.text.B[i]
		style, _ := rows.Cover(byteStyle(b), over, i, 1)
		if b < 0x20 || b > 0x7e {
			c.Put("·", 1, style)
			continue
		}
		c.Put(string([]byte{b}), 1, style)
	}
	return c.Line()
}

func byteStyle(b byte) ui.Paint {
	switch {
	case b == 0:
		return ui.PaintFaint
	case b < 0x20 || b == 0x7f:
		return ui.PaintInvisible
	case b > 0x7f:
		return ui.PaintNumber
	}
	return ui.PaintText
}
