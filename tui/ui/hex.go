package ui

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
	n := v.perRow()
	for off := v.top; len(lines) < v.h && off < v.size(); off += n {
		x := row{off, min(off+n, v.size())}
		lines = append(lines, v.hexRow(x, n))
	}
	return lines
}

// hexRow draws 00000010  7b 22 61 22 …  {"a"…
func (v *Viewer) hexRow(x row, n int) string {
	c := newCanvas(v.theme, v.w)
	number := paintLineNumber
	if v.marked && x.start == v.cursor {
		number = paintCursorLine
	}
	var digits [hexOffset]byte
	for i, rest := hexOffset-1, x.start; i >= 0; i, rest = i-1, rest>>4 {
		digits[i] = hexDigits[rest&15]
	}
	c.put(string(digits[:]), hexOffset, number)
	c.blank(1, paintNone)

	over := v.find.overlays(nil, v.text.b, x, 0)
	for i := range n {
		c.blank(1, paintNone)
		if i == n/2 && n == 16 && v.w > hexOffset+2+3*n+1+n {
			c.blank(1, paintNone)
		}
		if x.start+i >= x.end {
			c.blank(2, paintNone)
			continue
		}
		b := v.text.b[x.start+i]
		style, _ := cover(byteStyle(b), over, x.start+i, 1)
		c.put(string([]byte{hexDigits[b>>4], hexDigits[b&15]}), 2, style)
	}
	c.blank(2, paintNone)
	for i := x.start; i < x.end; i++ {
		b := v.text.b[i]
		style, _ := cover(byteStyle(b), over, i, 1)
		if b < 0x20 || b > 0x7e {
			c.put("·", 1, style)
			continue
		}
		c.put(string([]byte{b}), 1, style)
	}
	return c.line()
}

func byteStyle(b byte) paintID {
	switch {
	case b == 0:
		return paintFaint
	case b < 0x20 || b == 0x7f:
		return paintInvisible
	case b > 0x7f:
		return paintNumber
	}
	return paintText
}
