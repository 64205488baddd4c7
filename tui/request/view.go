package request

import (
	"strings"

	"countersign/tui/ui"
)

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	p.w, p.h = w, h
	p.refit()
}

// contentHeight is the height left by the tabs, the parameters and the rows at the foot.
func (p *Pane) contentHeight() int { return max(0, p.h-1-p.paramRows()-p.footRows()) }

func (p *Pane) refit() {
	h := p.contentHeight()
	p.complete.room = h
	p.fitBody()
	p.docs.Width, p.docs.Height, p.written = p.w, h, false
}

// scrollDocs scrolls the Docs tab. It is written when it is looked at: to wrap it
// takes as long as to draw all the rest.
func (p *Pane) scrollDocs(lines int) {
	if !p.written {
		p.docs.SetContent(strings.Join(docsOf(p.theme, p.open(), p.base, p.triggers, p.w), "\n"))
		p.written = true
	}
	p.docs.SetYOffset(p.docs.YOffset + lines)
}

// View draws the tabs, the open one, and at the foot what is wrong with the
// body.
func (p *Pane) View() string {
	lines := append([]string{p.tabLine()}, p.paramLines()...)
	h := p.contentHeight()
	switch {
	case p.tab == fieldsTab:
		lines = append(lines, p.fieldLines(h)...)
	case p.tab == docsTab:
		p.scrollDocs(0)
		lines = append(lines, strings.Split(p.docs.View(), "\n")...)
	case p.open().target == "":
		lines = append(lines, p.theme.Muted.Render(p.theme.Words("Choose an endpoint: {focus.endpoints}, then "+
			"{endpoints.choose}")))
	default:
		lines = append(append(lines, p.bodyLines()...), p.complete.lines(p.w)...)
	}
	foot := p.foot()
	return ui.Block(append(ui.Rows(lines, p.h-len(foot)), foot...), p.w, p.h)
}

func (p *Pane) tabLine() string {
	line := ui.Tabs(p.theme, tabs, int(p.tab))
	switch {
	case p.job.Running():
		return line + "  " + p.theme.Info.Render(p.doing+"… "+p.theme.Words("{cancel} stops it"))
	case p.showExpanded && !p.both():
		line += "  " + p.theme.Warn.Render("expanded, as signed · "+p.keyNow("request.expanded")+": back")
	case p.editing:
		line += "  " + p.theme.Muted.Render(p.place())
	case p.SavedRun():
		line += "  " + p.wayBack(p.w-ui.Width(line)-ui.Width(p.mark())-3)
	}
	mark := p.mark()
	if mark == "" {
		return line
	}
	return ui.Fit(line, max(0, p.w-ui.Width(mark)-1)) + " " + p.theme.Warn.Render(mark)
}

// wayBack says which key goes from a saved run back to the draft, in as many
// words as there is room for.
func (p *Pane) wayBack(room int) string {
	words := p.theme.Words
	return p.theme.Info.Render(ui.FirstFit(room, words("a saved run · {cancel} goes back to the draft"),
		words("saved run: {cancel} to the draft"), words("{cancel}: draft")))
}

// mark says what differs from the draft as it began.
func (p *Pane) mark() string {
	var words []string
	if p.Edited() {
		words = append(words, "edited")
	}
	if n := p.headerChanges; n > 0 {
		words = append(words, ui.Count(n, "header")+" changed")
	}
	if len(words) == 0 {
		return ""
	}
	return "● " + strings.Join(words, ", ")
}
