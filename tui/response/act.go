package response

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// ofBody are the actions on JSON and XML: the open tab must be the body.
var ofBody = map[keymap.ID]bool{
	keymap.ResponseFold: true, keymap.ResponseFoldAll: true, keymap.ResponseFoldLess: true, keymap.ResponseUnfold: true,
	keymap.ResponseCopyValue: true, keymap.ResponseCopyPath: true,
}

// Refuses says why an action is not possible now.
func (p *Pane) Refuses(id keymap.ID) string {
	if id == keymap.Cancel {
		if !p.searching() && !p.filtering() {
			return "There is no search or filter to leave"
		}
		return ""
	}
	switch {
	case p.waiting != "":
		return "The answer is not there yet"
	case id == keymap.ResponseFollow:
		return p.refusesFollow()
	case id == keymap.ResponseApprove:
		return p.refusesApprove()
	case p.exchange == nil || p.exchange.Response == nil:
		return p.theme.Words("There is no response yet: {send} sends the request")
	case (id == keymap.ResponseNext || id == keymap.ResponsePrevious) && p.search.Value() == "":
		return p.theme.Words("Nothing is searched for: {response.search} searches")
	case ofBody[id] && (p.tab != bodyTab || !p.kind.mode.Folds()):
		return "Only a body of JSON or XML has values to fold and copy"
	case id == keymap.ResponseFilter && !kindOf(p.exchange.Response).mode.Folds():
		return "The body is neither JSON nor XML, which is what jq filters"
	}
	return ""
}

// Act does an action.
func (p *Pane) Act(id keymap.ID) tea.Cmd {
	v := p.shown()
	switch id {
	case keymap.ResponseTabNext:
		return p.open((p.tab + 1) % tab(len(tabs)))
	case keymap.ResponseTabPrev:
		return p.open((p.tab + tab(len(tabs)) - 1) % tab(len(tabs)))
	case keymap.ResponseSearch:
		p.endTyping()
		p.typing = typeSearch
		p.search.Focus()
		p.fit()
	case keymap.ResponseFilter:
		return p.openFilter()
	case keymap.ResponseFollow:
		return p.follow()
	case keymap.ResponseApprove:
		return ui.Emit(FollowAsked{Exchange: p.exchange, Steps: p.buyers()})
	case keymap.ResponseExplain:
		return p.explain()
	case keymap.Cancel:
		p.leave()
	case keymap.ResponseNext:
		v.Next()
		return v.Work()
	case keymap.ResponsePrevious:
		v.Prev()
		return v.Work()
	case keymap.ResponseWrap:
		v.SetWrap(!v.Wrap())
	case keymap.Copy:
		return p.copy()
	case keymap.ResponseCopyValue, keymap.ResponseCopyPath:
		return p.copyValue(id)
	case keymap.ResponseFold:
		return p.folded(v.ToggleFold())
	case keymap.ResponseFoldAll:
		return p.folded(v.FoldAll())
	case keymap.ResponseFoldLess:
		return p.folded(v.FoldLess())
	case keymap.ResponseUnfold:
		return p.folded(v.UnfoldAll())
	default:
		move(v, id)
	}
	return nil
}

// move moves the cursor, and the screen with it.
func move(v *ui.Viewer, id keymap.ID) {
	switch id {
	case keymap.ResponseUp:
		v.Step(-1)
	case keymap.ResponseDown:
		v.Step(1)
	case keymap.ResponsePageUp:
		v.StepPage(-1)
	case keymap.ResponsePageDn:
		v.StepPage(1)
	case keymap.ResponseTop:
		v.Top()
	case keymap.ResponseBottom:
		v.Bottom()
	case keymap.ResponseLeft:
		v.ScrollX(-sideways)
	case keymap.ResponseRight:
		v.ScrollX(sideways)
	}
}

// sideways is how far cut lines move at a time, in cells.
const sideways = 16

// leave is esc: it stops a filter that runs, else leaves what was opened last.
func (p *Pane) leave() {
	switch {
	case p.typing == typeSearch, p.typing == typeNothing && p.search.Value() != "":
		p.leaveSearch()
	case p.filter.cancel != nil:
		p.stopFilter()
		p.filter.last, p.filter.fresh = filtered{err: errStopped.Error(), at: -1}, true
	case p.filtering():
		p.closeFilter()
	default:
		p.leaveSearch()
	}
	p.fit()
}

// folded says why nothing was folded, if so, and has the rest done.
func (p *Pane) folded(words string) tea.Cmd {
	work := p.shown().Work()
	if words == "" {
		return work
	}
	return tea.Batch(ui.Tell(words), work)
}

func (p *Pane) copy() tea.Cmd {
	what, text := "response body", p.exchange.Response.Content()
	switch {
	case p.filtering():
		what, text = "result of the filter", p.filter.viewer.Copy()
	case p.tab == rawTab:
		m := p.exchange.Response
		return func() tea.Msg { return ui.Copied{What: "response", Text: string(raw(m))} }
	case p.tab == timingTab:
		what, text = "timing", []byte(timing(p.exchange))
	}
	return copyBytes(what, text)
}

// copyBytes copies outside of Update: a body may be large.
func copyBytes(what string, text []byte) tea.Cmd {
	return func() tea.Msg { return ui.Copied{What: what, Text: string(text)} }
}

// copyValue copies the value under the cursor, or the way to it. Of a text that
// is what it says, without quotes and escapes.
func (p *Pane) copyValue(id keymap.ID) tea.Cmd {
	value, path, ok := p.shown().Value()
	if path == "" {
		path = "."
	}
	if !ok {
		if words := p.shown().Waiting(); words != "" {
			return ui.Tell("Not yet: " + words)
		}
		return ui.Tell("There is no value in this line")
	}
	if id == keymap.ResponseCopyPath {
		return ui.CopyText("path "+ui.Safe(path), path)
	}
	mode := p.shown().Mode()
	return func() tea.Msg { return ui.Copied{What: "value of " + ui.Safe(path), Text: mode.Says(value)} }
}

func (p *Pane) open(t tab) tea.Cmd {
	p.tab = t
	p.fit()
	return p.fill()
}

// Click opens the tab under the mouse, moves the cursor, or folds.
func (p *Pane) Click(x, y int) tea.Cmd {
	if p.exchange == nil || p.exchange.Response == nil || p.waiting != "" {
		return nil
	}
	if y == len(p.summary()) {
		if i, ok := ui.TabAt(tabs, x); ok {
			return p.open(tab(i))
		}
		return nil
	}
	if y -= p.headRows(); y < 0 {
		return nil
	}
	body, result := p.resultWidth()
	switch {
	case result == 0:
		return p.folded(p.viewer.ClickAt(x, y))
	case x >= p.w-result:
		return p.folded(p.filter.viewer.ClickAt(x-(p.w-result), y))
	case x < body:
		words := p.viewer.ClickAt(x, y)
		return tea.Batch(p.folded(words), p.viewer.Work())
	}
	return nil
}

// Wheel scrolls; the cursor stays on the screen.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.shown().ScrollBy(lines)
	p.shown().HoldCursor()
	return nil
}
