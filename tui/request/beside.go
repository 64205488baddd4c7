package request

import (
	"strings"

	"countersign/tui/ui"
	"countersign/tui/ui/editor"
)

// wideEnough is the width from which the expanded body has room beside the
// body, and tallEnough the height from which it has room below it; in a smaller
// pane it takes its place.
const (
	wideEnough = 100
	tallEnough = 15
)

func (p *Pane) wide() bool { return p.w >= wideEnough }

// both reports whether there is room for the body and the expanded one.
func (p *Pane) both() bool { return p.wide() || p.h >= tallEnough }

// upper is how many of h rows the body has where the expanded one is below it:
// a row of the rest names what is there.
func upper(h int) int { return max(1, (h-1)/2) }

func (p *Pane) toggleExpanded() {
	p.tab = bodyTab
	p.showExpanded = !p.showExpanded
	if p.showExpanded {
		p.fillBeside()
		p.beside.SetTop(p.found.Place(p.editor.Top()))
	}
	p.refit()
}

// fillBeside shows the expanded body byte for byte, with the values of the
// variables marked. The place on the screen is kept.
func (p *Pane) fillBeside() {
	x, top := p.found, p.beside.Top()
	p.beside.SetBytes(x.Text)
	var marks []editor.Mark
	for _, s := range x.Spans[:min(len(x.Spans), maxMarks)] {
		m := editor.Mark{Offset: s.At, Length: s.End - s.At, Severity: editor.MarkInformation}
		if s.Err != nil {
			m.Severity = editor.MarkError
		}
		marks = append(marks, m)
	}
	p.beside.SetMarks(marks)
	p.beside.SetTop(top)
}

// fitBody returns the body, and the expanded one, their place.
func (p *Pane) fitBody() {
	h := max(1, p.contentHeight()-p.complete.rows())
	switch left := (p.w - 1) / 2; {
	case p.showExpanded && p.wide():
		p.editor.Resize(left, h-1)
		p.beside.Resize(p.w-1-left, h-1)
	case p.showExpanded && p.both():
		p.editor.Resize(p.w, upper(h))
		p.beside.Resize(p.w, max(1, h-1-upper(h)))
	default:
		p.editor.Resize(p.w, h)
		p.beside.Resize(p.w, h)
	}
}

// bodyLines draws the body, the expanded one, or both side by side or one above
// the other, the expanded one at the same place.
func (p *Pane) bodyLines() []string {
	p.fitBody() // the foot comes and goes
	if !p.showExpanded || !p.both() {
		return strings.Split(p.shown().View(), "\n")
	}
	p.beside.SetTop(p.found.Place(p.editor.Top()))
	right := p.expandedWords()
	if !p.wide() {
		rule := p.theme.Border.Render("── ") + p.theme.Warn.Render(ui.Truncate(right, max(0, p.w-3))) + " "
		rule += p.theme.Border.Render(strings.Repeat("─", max(0, p.w-ui.Width(rule))))
		lines := append(strings.Split(p.editor.View(), "\n"), ui.Fit(rule, p.w))
		return append(lines, strings.Split(p.beside.View(), "\n")...)
	}
	left := (p.w - 1) / 2
	bar := p.theme.Border.Render("│")
	lines := []string{ui.Fit(p.theme.Muted.Render("as written"), left) + bar +
		ui.Fit(p.theme.Warn.Render(right), p.w-1-left)}
	l, r := strings.Split(p.editor.View(), "\n"), strings.Split(p.beside.View(), "\n")
	for i := range min(len(l), len(r)) {
		lines = append(lines, l[i]+bar+r[i])
	}
	return lines
}

// expandedWords say what the expanded body is.
func (p *Pane) expandedWords() string {
	switch {
	case p.expandErr != nil:
		return "✗ not all variables have a value"
	case p.foundIn != p.editor.Revision():
		return "expanded, a moment ago"
	}
	return "expanded, as signed · " + p.keyNow("request.expanded") + ": back"
}

// bodyRow is the row of the pane in which the editor begins.
func (p *Pane) bodyRow() int {
	if p.showExpanded && p.wide() {
		return 2 + p.paramRows()
	}
	return 1 + p.paramRows()
}

// overEditor reports whether a cell of the pane is one of the editor's.
func (p *Pane) overEditor(x, y int) bool {
	if y < p.bodyRow() || y >= p.h-p.footRows() || p.shown() != p.editor {
		return false
	}
	switch {
	case !p.showExpanded:
		return true
	case p.wide():
		return x < (p.w-1)/2
	}
	return y < p.bodyRow()+upper(max(1, p.contentHeight()-p.complete.rows()))
}
