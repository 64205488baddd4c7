package request

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/catalog"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/variables"
	"countersign/tui/ui"
	"countersign/tui/ui/editor"
)

// maxMarks bounds the faults that are marked: nobody fixes more at once.
const maxMarks = 1000

// Find says what is wrong with a body, at its place in the text as it is
// written: variables without a value and the faults of the expanded text. It
// is pure and takes as long as the body is large.
func Find(text []byte, x variables.Expansion, faults []catalog.Violation) []editor.Mark {
	var marks []editor.Mark
	blind := map[int]bool{} // variables without a value: what stands for them proves nothing
	for _, s := range x.Spans {
		if s.Err != nil {
			blind[s.From] = true
			marks = append(marks, editor.Mark{Offset: s.From, Length: s.To - s.From, Severity: editor.MarkError,
				Text: s.Err.Error() + fix(s.Err)})
		}
	}
	severity := editor.MarkWarning
	if len(faults) == 1 && faults[0].Pointer == "" {
		severity = editor.MarkError // the syntax: nothing else can be said before it is fixed
	}
	for _, f := range faults {
		if f.Offset < 0 || len(marks) >= maxMarks {
			continue
		}
		at := min(max(0, x.Origin(f.Offset)), len(text))
		if !blind[at] {
			marks = append(marks, editor.Mark{Offset: at, Length: extent(text[at:]), Severity: severity, Text: f.Message})
		}
	}
	return marks[:min(len(marks), maxMarks)]
}

func fix(e *variables.Error) string {
	if e.Fix == "" {
		return ""
	}
	return ": " + e.Hint()
}

// extent returns the length of the token at the start of a text; of white space
// one byte.
func extent(b []byte) int {
	if t := jsontext.Glance(b[:min(len(b), 512)], 0); t.From == 0 {
		return t.To
	}
	return 1
}

// SetFindings takes what was found out about the body as it stands.
func (p *Pane) SetFindings(x variables.Expansion, marks []editor.Mark) {
	p.found, p.foundIn = x, p.editor.Revision()
	p.editor.SetMarks(marks)
	if p.showExpanded {
		p.fillBeside()
	}
}

// SetSent takes what the variables of the body stood for when it was sent: each
// time they are others.
func (p *Pane) SetSent(x variables.Expansion) {
	if p.foundIn != p.editor.Revision() || p.expanded == nil {
		return // it was sent before it was shown
	}
	p.found, p.expanded = x, x.Text
	p.form.faults++ // the form shows values, too
	if p.showExpanded {
		p.fillBeside()
	}
}

// Marks returns what is marked in the body, in the order of the text.
func (p *Pane) Marks() []editor.Mark { return p.editor.Marks() }

// footRows is the height of what stands at the foot.
func (p *Pane) footRows() int {
	if n := p.bar.rows(); n > 0 {
		return min(n, max(0, p.h-2))
	}
	return len(p.faultLines())
}

func (p *Pane) foot() []string {
	if p.bar.open() {
		lines := p.barLines()
		return lines[:min(len(lines), p.footRows())]
	}
	return p.faultLines()
}

// faultRows bounds what is said of a fault: what stands at the foot takes from
// the body.
const faultRows = 2

// wrapped draws a text at the foot in a few rows, with the tail whole.
func (p *Pane) wrapped(style ui.Style, text, tail string) []string {
	n := max(1, min(faultRows, p.h/4))
	if ui.Width(text)+ui.Width(tail) <= p.w || n == 1 {
		return []string{style.Render(ui.Truncate(ui.Truncate(text, p.w-ui.Width(tail))+tail, p.w))}
	}
	rows := ui.AtMost(ui.Words(ui.Truncate(text, (n+1)*p.w), p.w), n, p.w)
	last := &rows[len(rows)-1]
	switch {
	case ui.Width(*last)+ui.Width(tail) <= p.w:
		*last += tail
	case len(rows) < n:
		rows = append(rows, strings.TrimPrefix(tail, " · "))
	default:
		*last = ui.Truncate(*last, max(0, p.w-ui.Width(tail))) + tail
	}
	for i, row := range rows {
		rows[i] = style.Render(ui.Truncate(row, p.w))
	}
	return rows
}

// faultLines say what stands at the cursor: the value of a variable, or a
// fault; else the first thing that is wrong with the body. A wrong body can be
// sent all the same.
func (p *Pane) faultLines() []string {
	t := p.theme
	if p.tab == bodyTab && p.focus && p.shown() == p.editor {
		if lines := p.variableLines(); lines != nil {
			return lines
		}
		if i, ok := p.editor.MarkHere(); ok {
			return p.markLines(i)
		}
	}
	switch marks := p.editor.Marks(); {
	case len(marks) > 0:
		worst := slices.IndexFunc(marks, func(m editor.Mark) bool { return m.Severity == editor.MarkError })
		return p.markLines(max(0, worst))
	case p.expandErr != nil:
		return p.wrapped(t.Bad, "✗ "+ui.Safe(p.expandErr.Error()), "")
	case len(p.faults) > 0: // without a place in the text
		return p.wrapped(t.Warn, "! "+ui.Safe(p.faults[0].Message), "")
	}
	return nil
}

// markLines word a fault and which of how many it is.
func (p *Pane) markLines(i int) []string {
	marks := p.editor.Marks()
	sign, style := "!", p.theme.Warn
	if marks[i].Severity == editor.MarkError {
		sign, style = "✗", p.theme.Bad
	}
	count := ""
	if len(marks) > 1 {
		count = fmt.Sprintf("%d of %d · ", i+1, len(marks))
	}
	tail := fmt.Sprintf(" · line %d", p.editor.LineOf(marks[i].Offset))
	return p.wrapped(style, sign+" "+count+ui.Safe(marks[i].Text), tail)
}

// variableLines tell the value of the variable at the cursor.
func (p *Pane) variableLines() []string {
	name, from, ok := p.editor.VariableHere()
	if !ok {
		return nil
	}
	label := "{{" + ui.Safe(name) + "}} "
	if p.foundIn != p.editor.Revision() {
		return []string{p.theme.Muted.Render(ui.Truncate(label+"…", p.w))} // its value is on the way
	}
	spans := p.found.Spans
	i, found := slices.BinarySearchFunc(spans, from,
		func(s variables.Span, from int) int { return cmp.Compare(s.From, from) })
	if !found {
		return nil
	}
	s := spans[i]
	if s.Err != nil {
		return p.wrapped(p.theme.Bad, "✗ "+label+ui.Safe(s.Err.Says)+ui.Safe(fix(s.Err)), "")
	}
	value := s.Value[:min(len(s.Value), 4*p.w)]
	return []string{p.theme.Info.Render(ui.Truncate("= "+label+"is "+ui.Safe(value), p.w))}
}

// place says where the cursor is, and what is selected.
func (p *Pane) place() string {
	l, c, _ := p.editor.Cursor()
	text := fmt.Sprintf("editing %d:%d", l, c)
	if from, to := p.editor.Selection(); from < to {
		return fmt.Sprintf("%d:%d · %s selected", l, c, ui.Bytes(int64(to-from)))
	}
	return text + p.theme.Words(" · {cancel} leaves")
}
