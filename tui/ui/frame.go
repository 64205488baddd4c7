package ui

import "strings"

// FrameOpts is everything that a frame shows besides its body.
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
	side := border.Render("│")

	var out strings.Builder
	out.Grow(len(body) + o.Height*(2*len(side)+1) + 8*o.Width) // about what it comes to
	inner := o.Width - 2
	out.WriteString(edge(border, "╭", title.Render, o.Title, o.TitleRight, "╮", inner))
	for i := range o.Height - 2 {
		out.WriteString("\n" + side)
		if i < len(lines) {
			out.WriteString(Fit(lines[i], inner))
		} else {
			out.WriteString(Spaces(inner))
		}
		out.WriteString(side)
	}
	out.WriteByte('\n')
	out.WriteString(edge(border, "╰", title.Render, "", o.Footer, "╯", inner))
	return out.String()
}

// edge draws ╭ Title ──────── right ╮.
func edge(border Style, from string, draw func(string) string, title, right, to string, inner int) string {
	title, right = oneLine(title), oneLine(right)
	if inner < 4 {
		title = ""
	}
	if title != "" {
		title = " " + Truncate(title, inner-2) + " "
	}
	if right != "" {
		right = " " + right + " "
	}
	if Width(title)+Width(right)+1 > inner {
		right = ""
	}
	rule := strings.Repeat("─", inner-Width(title)-Width(right))
	if title == "" {
		return border.Render(from+rule) + right + border.Render(to)
	}
	return border.Render(from) + draw(title) + border.Render(rule) + right + border.Render(to)
}

// oneLine keeps a border in one piece.
func oneLine(s string) string {
	if i := strings.IndexAny(s, "\r\n\t"); i < 0 {
		return s
	}
	return strings.NewReplacer("\r", " ", "\n", " ", "\t", " ").Replace(s)
}
