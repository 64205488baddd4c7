package diagnosis

import (
	"fmt"

	"countersign/apiclient/english"
	"countersign/tui/ui"
)

// sideBySide is the least width at which both strings stand in columns of
// their own.
const sideBySide = 90

// pieces returns bits their styles: what was signed or told as what goes away,
// what the rule gives as what comes.
func (p *Pane) pieces(bits []bit, left bool) []ui.Piece {
	pieces := make([]ui.Piece, len(bits))
	for i, b := range bits {
		piece := ui.Piece{Bytes: b.bytes, Style: p.theme.Muted}
		switch b.kind {
		case differ:
			piece.Style, piece.Marked = p.mark(left), true
		case remark:
			piece.Style, piece.Words = p.theme.Faint, true
		}
		pieces[i] = piece
	}
	return pieces
}

// stringLines draws the pair of strings as text.
func (p *Pane) stringLines(w int) []string {
	r := p.reading
	if w < 4 {
		return nil
	}
	var lines []string
	for _, c := range r.chunks {
		switch {
		case c.fold != "":
			lines = append(lines, p.theme.Faint.Render(ui.Fit(c.fold, w)))
		case r.pair.single():
			lines = append(lines, ui.Flow(p.theme, p.pieces(c.right, false), w)...)
		case w >= sideBySide:
			lines = append(lines, p.columns(c, w)...)
		default:
			lines = append(lines, p.stacked(c, w)...)
		}
	}
	if r.hidden > 0 {
		for _, l := range ui.Words(fmt.Sprintf("⋯ and %d more %s: Y copies the signed string", r.hidden,
			english.Plural(r.hidden, "difference")), w) {
			lines = append(lines, p.theme.Faint.Render(l))
		}
	}
	return lines
}

// columns draws a chunk side by side.
func (p *Pane) columns(c chunk, w int) []string {
	w = half(w)
	left, right := ui.Flow(p.theme, p.pieces(c.left, true), w), ui.Flow(p.theme, p.pieces(c.right, false), w)
	lines := make([]string, max(len(left), len(right)))
	rule := p.theme.Border.Render(" │ ")
	at := func(side []string, i int) string {
		if i < len(side) {
			return side[i]
		}
		return ui.Spaces(w)
	}
	for i := range lines {
		lines[i] = at(left, i) + rule + at(right, i)
	}
	return lines
}

// half is the width of each of two texts side by side: what is the same in both breaks
// at the same places.
func half(w int) int { return (w - 3) / 2 }

// stacked draws a chunk one side above the other, as a diff does.
func (p *Pane) stacked(c chunk, w int) []string {
	if !c.differs {
		return indented("  ", ui.Flow(p.theme, p.pieces(c.right, false), w-2))
	}
	lines := indented(p.name(true).Render("-")+" ", ui.Flow(p.theme, p.pieces(c.left, true), w-2))
	return append(lines, indented(p.name(false).Render("+")+" ", ui.Flow(p.theme, p.pieces(c.right, false), w-2))...)
}

func indented(by string, lines []string) []string {
	for i, l := range lines {
		lines[i] = by + l
	}
	return lines
}

// names heads the two strings: what they are and how long.
func (p *Pane) names(w int) []string {
	r := p.reading.pair
	name := func(name string, b []byte, w int) string {
		return ui.Truncate(fmt.Sprintf("%s  %s", name, ui.Count(len(b), "byte")), w)
	}
	left, right := p.name(true), p.name(false)
	switch {
	case r.single():
		return []string{p.theme.Muted.Render(name(r.rightName, r.right, w))}
	case w >= sideBySide:
		w = half(w)
		return []string{
			ui.Pad(left.Render(name(r.leftName, r.left, w)), w) + p.theme.Border.Render(" │ ") +
				ui.Pad(right.Render(name(r.rightName, r.right, w)), w),
		}
	}
	return []string{left.Render("- " + name(r.leftName, r.left, w-2)), right.Render("+ " + name(r.rightName, r.right, w-2))}
}
