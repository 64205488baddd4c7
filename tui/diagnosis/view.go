package diagnosis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
	"countersign/tui/ui"
)

// block is a part of the document: rows that are there, or that are made when
// they are looked at.
type block interface {
	rows() int
	row(i int) string
}

type lines []string

func (l lines) rows() int        { return len(l) }
func (l lines) row(i int) string { return l[i] }

// margin is what is left free at each side.
const margin = 1

func (p *Pane) inner() int { return max(1, p.w-2*margin) }

// build lays the document out: once for each report and width, not for each
// frame.
func (p *Pane) build() {
	p.doc, p.all = nil, 0
	if p.exchange != nil && p.w > 0 {
		p.add(p.tampered())
		p.add(p.headline())
		p.add(p.comparison())
		if p.reading != nil {
			p.add(p.findings())
			p.add(p.certain())
			p.add(p.advice())
			p.addStrings()
		}
	}
	p.scrollTo(p.top)
}

func (p *Pane) add(b block) {
	if n := b.rows(); n > 0 {
		p.doc, p.all = append(p.doc, b), p.all+n
	}
}

// addStrings draws the two strings whole, as text or as hex, or the only one.
func (p *Pane) addStrings() {
	pair, w := p.reading.pair, p.inner()
	if len(pair.left)+len(pair.right) == 0 {
		return
	}
	title := "Both strings, invisible characters drawn"
	switch report := p.reading.Report; {
	case pair.single() && report.Refusal != nil:
		title = "Our string, which verifies here; compare theirs"
	case pair.single() && report.Proven():
		title = "The string that was signed"
	case pair.single():
		title = "The string that the rule gives"
	case p.hex:
		title = "The difference, byte for byte"
	}
	p.add(append(lines{"", p.rule(title)}, p.names(w)...))
	if p.hex && !pair.single() {
		p.add(newHex(p, pair.spans, w))
		return
	}
	p.add(lines(p.stringLines(w)))
}

// stringsAt is the row at which the strings begin.
func (p *Pane) stringsAt() int {
	if n := len(p.doc); n > 1 {
		return p.all - p.doc[n-1].rows() - p.doc[n-2].rows() + 1
	}
	return 0
}

func (p *Pane) rule(title string) string {
	w := p.inner()
	title = ui.Truncate(title, max(0, w-4))
	return p.theme.Border.Render("── ") + p.theme.Title.Render(title) + " " +
		p.theme.Border.Render(strings.Repeat("─", max(0, w-4-ui.Width(title))))
}

// View draws how far the search is, and the document below it through a window.
func (p *Pane) View() string {
	if p.exchange == nil {
		return ui.Block([]string{p.theme.Muted.Render(p.theme.Words(" Nothing is diagnosed yet: {diagnose} explains a " +
			"signature that does not match"))}, p.w, p.h)
	}
	view := p.searchLines()
	view = view[:min(len(view), p.h)]
	skip, room := p.top, p.h-len(view)
	for _, b := range p.doc {
		n := b.rows()
		for i := skip; i < n && room > 0; i++ {
			view = append(view, b.row(i))
			room--
		}
		skip = max(0, skip-n)
	}
	return ui.Block(indented(strings.Repeat(" ", margin), view), p.w, p.h)
}

// room is how many rows of the document are seen.
func (p *Pane) room() int { return max(0, p.h-len(p.searchLines())) }

// searchLines say that a search runs and how to stop it; the rule below them
// fills as its time is spent.
func (p *Pane) searchLines() []string {
	if !p.Searching() {
		return nil
	}
	stage := cmp.Or(p.progress.Stage, "opening the signature with every known key")
	head := p.theme.Info.Render(ui.Truncate(strings.TrimSpace(p.job.Frame()+" Searching: "+safe(stage)), p.inner()))
	texts := ui.Words(p.searchWords(), p.inner())
	rows := []string{head}
	for _, l := range texts[:min(2, len(texts))] {
		rows = append(rows, p.theme.Muted.Render(l))
	}
	return append(rows, ui.Progress(p.theme, p.spent(), p.inner()))
}

// tampered says first that what follows was wanted.
func (p *Pane) tampered() block {
	if len(p.exchange.Tampered) == 0 {
		return lines(nil)
	}
	says := "This request was tampered with on purpose: " + safe(apiclient.TamperTitles(p.exchange.Tampered)) + "."
	out := p.paragraph("● ", p.theme.Warn, says, p.theme.Warn.Bold(true))
	for _, name := range p.exchange.Tampered {
		out = append(out, p.note(safe(apiclient.TamperOf(name).Says))...)
	}
	return append(out, "")
}

// headline is what is certain, and how the search ended.
func (p *Pane) headline() block {
	if p.err != nil {
		out := p.paragraph("✗ ", p.theme.Bad, "Cannot be diagnosed: "+safe(p.mask(p.err.Error())), p.theme.Text)
		if fix := hint.Of(p.err); fix != "" {
			out = append(out, p.note(safe(fix))...)
		}
		return out
	}
	status, text := p.verdict()
	glyph, style := "✗ ", p.theme.Bad
	if status == signing.Verified {
		glyph, style = "✓ ", p.theme.Good
	}
	out := p.paragraph(glyph, style, text, p.theme.Text.Bold(true))
	if p.reading != nil {
		if other := p.reading.Report.OtherSide(); other != "" {
			out = append(out, p.note(safe(other))...)
		}
	}
	if p.reading != nil && !p.Searching() {
		if words := p.ended(); words != "" {
			out = append(out, p.note(words)...)
		}
	}
	return out
}

// paragraph wraps a text behind a sign, which stands in its first row.
func (p *Pane) paragraph(sign string, signStyle ui.Style, text string, style ui.Style) lines {
	var out lines
	lead, blank := signStyle.Render(sign), ui.Spaces(ui.Width(sign))
	for _, l := range ui.Words(text, max(1, p.inner()-len(blank))) {
		out = append(out, lead+style.Render(l))
		lead = blank
	}
	return out
}

// note is a paragraph behind no sign.
func (p *Pane) note(text string) lines { return p.paragraph("  ", p.theme.Muted, text, p.theme.Muted) }

// comparison is how what the other side told stands to what is known.
func (p *Pane) comparison() block {
	if p.Searching() || p.reading == nil {
		return lines(nil)
	}
	c := p.reading.Report.Comparison
	if len(p.told) == 0 && c == nil {
		return lines(nil)
	}
	if c == nil {
		return append(lines{""}, p.paragraph("○ ", p.theme.Warn,
			p.theme.Words("What the other side says it signed could not be compared: {diagnosis.tell} takes a string, a "+
				"digest, a length, a header or an error text."), p.theme.Text)...)
	}
	sign, style := "○ ", p.theme.Warn
	if c.Matches {
		sign, style = "● ", p.theme.Good
	}
	return append(lines{""}, p.paragraph(sign, style, safe(c.Says), p.theme.Text.Bold(true))...)
}

// findings are the causes, each with its proof, its remedy and its parts.
func (p *Pane) findings() block {
	var out lines
	proven := 0
	for i, f := range p.reading.Report.Findings {
		out = append(out, "", p.cause(f, &proven))
		for _, part := range []struct {
			says  string
			style ui.Style
			text  string
		}{
			{"", p.theme.Text, f.Says}, {"Fix: ", p.theme.Info, f.Fix}, {"Setting: ", p.theme.Accent, f.Setting},
			{"The very same bytes come from: ", p.theme.Muted, strings.Join(f.Also, ", ")},
		} {
			if part.text != "" {
				out = append(out, p.paragraph("  ", part.style, part.says+safe(part.text), part.style)...)
			}
		}
		if p.partsTell(i) {
			signed, expected := f.Sides()
			out = append(out, p.partLines(signed, p.reading.parts[i], true)...)
			out = append(out, p.partLines(expected, p.reading.parts[i], false)...)
		}
	}
	return out
}

// cause heads a finding: what, and how sure that is. The numbers of the search
// stand at the first proof only: they are of the whole search.
func (p *Pane) cause(f diagnose.Finding, proven *int) string {
	name := safe(f.Cause)
	sign, style, words := "○ ", p.theme.Warn, "likely, not proven"
	switch {
	case f.Family == diagnose.FamilyWarning:
		sign, words = "! ", "odd, not the cause"
	case f.Proven:
		sign, style, words = "● ", p.theme.Good, "proven"
		if r := p.reading.Report; *proven == 0 && r.Tried > 0 {
			words += fmt.Sprintf(", %s, %s", ui.Count(int(r.Tried), "hypothesis"), took(r.Elapsed))
		}
		*proven++
	}
	return ui.Truncate(style.Render(sign)+p.theme.Accent.Bold(true).Render(name)+"   "+p.theme.Muted.Render(words),
		p.inner())
}

// partsTell reports whether the parts of a finding say what is not said
// already: by the finding before it, or by the digests that are certain.
func (p *Pane) partsTell(i int) bool {
	all := p.reading.Report.Findings
	f := all[i]
	switch {
	case f.Signed == "" && f.Expected == "":
		return false
	case f.Family == diagnose.FamilyContent && !f.Proven:
		return false
	}
	return i == 0 || f.Signed != all[i-1].Signed || f.Expected != all[i-1].Expected
}

// partLabel is the width of the words in front of a part.
const partLabel = 10

// partRows is how many rows of a part are drawn at most: the whole strings are
// below.
const partRows = 2

func (p *Pane) partLines(name string, spans []diagnose.Span, left bool) lines {
	w := p.inner() - 2 - partLabel
	if w < 8 {
		return nil
	}
	rows := []string{p.theme.Muted.Render("nothing")}
	if slices.ContainsFunc(spans, func(s diagnose.Span) bool { return len(sideOf(s, left)) > 0 }) {
		rows = ui.AtMost(ui.Flow(p.theme, p.pieces(excerpt(spans, left), left), w), partRows, w)
	}
	var out lines
	label := p.name(left).Render(name) + ui.Spaces(partLabel-len(name))
	for _, r := range rows {
		out = append(out, "  "+label+r)
		label = ui.Spaces(partLabel)
	}
	return out
}
