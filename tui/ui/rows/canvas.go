package rows

import (
	"strings"

	"countersign/tui/ui"
)

// Overlay paints a range of offsets over the colours of the text: a match, a
// mark, the cursor. Where several overlap the last wins.
type Overlay struct {
	From, To int
	Paint    ui.Paint
}

// Canvas builds one row of exactly so many cells out of short runs.
type Canvas struct {
	theme *ui.Theme
	out   strings.Builder
	run   ui.Paint
	col   int
	width int
}

// NewCanvas returns an empty row of so many cells.
func NewCanvas(theme *ui.Theme, width int) *Canvas {
	c := &Canvas{theme: theme, width: width}
	c.out.Grow(width * 2)
	return c
}

func (c *Canvas) style(p ui.Paint) {
	if p == c.run {
		return
	}
	_, end := c.theme.Ends(c.run)
	open, _ := c.theme.Ends(p)
	c.out.WriteString(end)
	c.out.WriteString(open)
	c.run = p
}

// Put draws a text of so many cells, cut where the row ends.
func (c *Canvas) Put(text string, cells int, p ui.Paint) {
	if room := c.width - c.col; cells > room {
		text, cells = ui.Fit(text, room), room
	}
	if cells <= 0 {
		return
	}
	c.style(p)
	c.out.WriteString(text)
	c.col += cells
}

// putBytes is put without a copy for text that is drawn as it is.
func (c *Canvas) putBytes(b []byte, cells int, p ui.Paint) {
	if c.col+cells > c.width {
		c.Put(string(b), cells, p)
		return
	}
	c.style(p)
	c.out.Write(b)
	c.col += cells
}

// Blank draws n spaces, as far as the row goes.
func (c *Canvas) Blank(n int, p ui.Paint) {
	n = min(n, c.width-c.col)
	if n > 0 {
		c.Put(ui.Spaces(n), n, p)
	}
}

func (c *Canvas) full() bool { return c.col >= c.width }

// Line ends the row.
func (c *Canvas) Line() string {
	c.Blank(c.width-c.col, ui.PaintNone)
	c.style(ui.PaintNone)
	return c.out.String()
}
