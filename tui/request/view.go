package request

import (
	"fmt"
	"strings"

	"countersign/apiclient/catalog"
	"countersign/tui/ui"
)

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	p.w, p.h = w, h
	p.refit()
}

// contentHeight is what the tabs and the row of faults leave.
func (p *Pane) contentHeight() int {
	rows := 1
	if p.faultLine() != "" {
		rows++
	}
	return max(0, p.h-rows)
}

func (p *Pane) refit() {
	h := p.contentHeight()
	p.complete.room = h
	p.editor.Resize(p.w, max(1, h-p.complete.rows()))
	p.viewer.Resize(p.w, h)
	p.docs = docsOf(p.theme, p.open(), p.base, p.w)
	p.scroll = max(0, min(p.scroll, len(p.docs)-h))
}

// View draws the tabs, the open one, and the first fault of the body.
func (p *Pane) View() string {
	lines := []string{p.tabLine()}
	h := p.contentHeight()
	switch {
	case p.tab == fieldsTab:
		lines = append(lines, p.fieldLines(h)...)
	case p.tab == docsTab:
		lines = append(lines, p.docs[min(p.scroll, len(p.docs)):min(p.scroll+h, len(p.docs))]...)
	case p.showExpanded:
		lines = append(lines, strings.Split(p.viewer.View(), "\n")...)
	case p.open().target == "":
		lines = append(lines, p.theme.Muted.Render("Choose an endpoint: 1, then enter"))
	default:
		lines = append(append(lines, strings.Split(p.editor.View(), "\n")...), p.complete.lines(p.w)...)
	}
	if fault := p.faultLine(); fault != "" {
		for len(lines) < p.h-1 {
			lines = append(lines, "")
		}
		lines = append(lines[:max(0, p.h-1)], fault)
	}
	return ui.Block(lines, p.w, p.h)
}

func (p *Pane) tabLine() string {
	line := ui.Tabs(p.theme, tabs, int(p.tab))
	switch {
	case p.showExpanded:
		line += "  " + p.theme.Warn.Render("expanded, as signed · v: back")
	case p.editing:
		l, c, _ := p.editor.Cursor()
		line += "  " + p.theme.Muted.Render(fmt.Sprintf("editing %d:%d · esc leaves", l, c))
	}
	mark := p.mark()
	if mark == "" {
		return line
	}
	return ui.Fit(line, max(0, p.w-ui.Width(mark)-1)) + " " + p.theme.Warn.Render(mark)
}

// mark says what differs from the draft as it began.
func (p *Pane) mark() string {
	var words []string
	if p.Edited() {
		words = append(words, "edited")
	}
	if n := p.headerChanges; n == 1 {
		words = append(words, "1 header changed")
	} else if n > 1 {
		words = append(words, fmt.Sprintf("%d headers changed", n))
	}
	if len(words) == 0 {
		return ""
	}
	return "● " + strings.Join(words, ", ")
}

// faultLine is the first thing that is wrong with the body: a variable without
// a value, else a syntax or schema fault. A wrong body can be sent all the
// same.
func (p *Pane) faultLine() string {
	if p.expandErr != nil {
		return p.theme.Bad.Render(ui.Truncate("✗ "+ui.Safe(p.expandErr.Error()), p.w))
	}
	if len(p.faults) == 0 {
		return ""
	}
	f := p.faults[0]
	text := "! " + ui.Safe(f.Message)
	if f.Line > 0 {
		text += fmt.Sprintf(" · line %d", f.Line)
	}
	if n := len(p.faults) - 1; n > 0 {
		text += fmt.Sprintf(" · %d more", n)
	}
	return p.theme.Warn.Render(ui.Truncate(text, p.w))
}

// markFaults shows the faults at their places. They were found in the expanded body;
// variables hold no line ends, so lines agree, and columns up to the first
// variable of a line.
func (p *Pane) markFaults() {
	body := p.editor.Bytes()
	marks := make([]ui.Mark, 0, len(p.faults))
	for _, f := range p.faults {
		if f.Line > 0 {
			marks = append(marks, ui.Mark{Offset: offsetAt(body, f), Severity: ui.MarkWarning, Text: f.Message})
		}
	}
	p.editor.SetMarks(marks)
}

func offsetAt(body []byte, f catalog.Violation) int {
	line, at := 1, 0
	for i, c := range body {
		if line == f.Line {
			break
		}
		if c == '\n' {
			line, at = line+1, i+1
		}
	}
	end := at
	for end < len(body) && body[end] != '\n' && end-at < f.Column-1 {
		end++
	}
	return end
}
