package tuitest

import (
	"fmt"
	"html"
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
)

// Cell sizes of the picture, and the colours of a dark terminal.
const (
	cellWidth  = 8.4
	cellHeight = 18.0
	fontSize   = 14
	paper      = "#16191f"
	ink        = "#d7dce2"
)

// SVG draws a screen as a picture: what a terminal of w x h cells shows of it.
// The same screen makes the same bytes.
func SVG(screen string, w, h int) string {
	terminal := vt.NewEmulator(w, h)
	_, _ = terminal.WriteString(strings.ReplaceAll(screen, "\n", "\r\n"))
	var b strings.Builder
	width, height := float64(w)*cellWidth+16, float64(h)*cellHeight+16
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="%d">`+"\n",
		width, height, width, height, fontSize)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", paper)
	for y := range h {
		row(&b, terminal, y, w)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// row draws runs of cells of one style; runs have different lengths, so
// that a font of another width does not move what comes after it.
func row(b *strings.Builder, terminal *vt.Emulator, y, w int) {
	for x := 0; x < w; {
		cell := terminal.CellAt(x, y)
		if cell == nil {
			x++
			continue
		}
		start, style := x, cell.Style
		var text strings.Builder
		for x < w {
			next := terminal.CellAt(x, y)
			if next == nil || !next.Style.Equal(&style) {
				break
			}
			text.WriteString(next.Content)
			if next.Content == "" {
				text.WriteByte(' ')
			}
			x += max(1, next.Width)
		}
		run(b, text.String(), style, start, x-start, y)
	}
}

func run(b *strings.Builder, text string, style uv.Style, x, cells, y int) {
	fg, bg := ink, ""
	if style.Fg != nil {
		fg = hex(style.Fg)
	}
	if style.Bg != nil {
		bg = hex(style.Bg)
	}
	if style.Attrs&uv.AttrReverse != 0 {
		if bg == "" {
			bg = paper
		}
		fg, bg = bg, fg
	}
	left, top := 8+float64(x)*cellWidth, 8+float64(y)*cellHeight
	if bg != "" {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n",
			left, top, float64(cells)*cellWidth, cellHeight, bg)
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	weight := ""
	if style.Attrs&uv.AttrBold != 0 {
		weight = ` font-weight="bold"`
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" textLength="%.1f" fill="%s"%s xml:space="preserve">%s</text>`+"\n",
		left, top+cellHeight-5, float64(cells)*cellWidth, fg, weight, html.EscapeString(text))
}

func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
