package ui

import "strings"

// FrameOpts is what a frame shows besides its body.
type FrameOpts struct {
	Title      string // in the top border, on the left
	TitleRight string // in the top border, on the right; the first to go where room is scarce
	Focused    bool
	Footer     string // in the bottom border, on the right
	// Width and Height are the outer size in cells.
	Width, Height int
}

// Frame draws a body in a rounded border. The result has exactly Width x
// Height cells whatever the body; below 3 x 3 there is room for the body only.
// Title and footer may be styled and must be safe, as the body must.
func Frame(theme *Theme, o FrameOpts, body string) string {
	if o.Width <= 0 || o.Height <= 0 {
		return ""
	}
	lines := strings.Split(body, "\n")
	if o.Width < 3 || o.Height < 3 {
		return Block(lines, o.Width, o.Height)
	}
	border, title := theme.Border, theme.Title
	if o.Focused {
		border, title = theme.BorderFocused, theme.TitleFocused
	}
	side := border.ends
	edge := side.open + "│" + side.close

	var out strings.Builder
	out.Grow(len(body) + o.Height*(2*len(edge)+1) + 8*o.Width) // about what it comes to
	inner := o.Width - 2
	topEdge(&out, o, side, title.Render, inner)
	for i := range o.Height - 2 {
		out.WriteString("\n" + edge)
		if i < len(lines) {
			out.WriteString(Fit(lines[i], inner))
		} else {
			out.WriteString(strings.Repeat(" ", inner))
		}
		out.WriteString(edge)
	}
	out.WriteByte('\n')
	bottomEdge(&out, o, side, inner)
	return out.String()
}

// topEdge draws ╭ Title ──────── right ╮.
func topEdge(out *strings.Builder, o FrameOpts, side ends, draw func(string) string, inner int) {
	title, right := oneLine(o.Title), oneLine(o.TitleRight)
	if inner < 4 {
		title = ""
	}
	if title != "" {
		title = " " + Truncate(title, max(0, inner-2)) + " "
	}
	if right != "" {
		right = " " + right + " "
	}
	if Width(title)+Width(right)+1 > inner {
		right = ""
	}
	rule := strings.Repeat("─", inner-Width(title)-Width(right))
	out.WriteString(side.open + "╭" + side.close)
	if title != "" {
		out.WriteString(draw(title))
	}
	out.WriteString(side.open + rule + side.close)
	out.WriteString(right)
	out.WriteString(side.open + "╮" + side.close)
}

func bottomEdge(out *strings.Builder, o FrameOpts, side ends, inner int) {
	footer := oneLine(o.Footer)
	if footer != "" {
		footer = " " + footer + " "
	}
	if Width(footer)+1 > inner {
		footer = ""
	}
	rule := strings.Repeat("─", inner-Width(footer))
	out.WriteString(side.open + "╰" + rule + side.close + footer + side.open + "╯" + side.close)
}

// oneLine keeps a border in one piece.
func oneLine(s string) string {
	if i := strings.IndexAny(s, "\r\n\t"); i < 0 {
		return s
	}
	return strings.NewReplacer("\r", " ", "\n", " ", "\t", " ").Replace(s)
}
