package response

import (
	"cmp"

	"countersign/tui/ui/viewer"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/jq"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Actions are what can be done with a response.
func (p *Pane) Actions() keymap.Actions {
	on := keymap.On
	return keymap.In(keymap.Response, keymap.Actions{
		{ID: "response.tab-next", Keys: on("]", "right", "l"), Short: "raw, hex, timing", Footer: 15,
			Long: "Show the next of Body, Raw, Hex, Timing", Do: p.turn(1)},
		{ID: "response.tab-previous", Keys: on("[", "left", "h"), Long: "Show the previous of Body, Raw, Hex, Timing",
			Do: p.turn(-1)},
		{ID: "response.follow", Keys: on("a"), Short: "what next", Footer: 14,
			Long: "Open the request that follows, filled in from this one: query, refund, revoke",
			Do:   p.follow, Cannot: p.nothingFollows},
		{ID: "response.approve", Keys: on("A"), Short: "approve", Footer: 13,
			Long: "Approve the payment as the buyer, in the built-in Super App", Do: p.approve, Cannot: p.nothingToApprove},
		{ID: "response.explain", Keys: on("v"), Short: "explain", Footer: 15,
			Long: "Show all that is said of this answer: what is wrong, what its result means, what to do next",
			Do:   p.explain},
		{ID: "response.search", Keys: on("/"), Short: "search", Footer: 16, Long: "Search the response",
			Do: ui.Just(p.startSearch)},
		{ID: "response.next-match", Keys: on("n"), Long: "Go to the next match", Do: p.match((*viewer.Viewer).Next), Cannot: p.noSearch},
		{ID: "response.previous-match", Keys: on("N"), Long: "Go to the previous match",
			Do: p.match((*viewer.Viewer).Prev), Cannot: p.noSearch},
		{ID: "response.filter", Keys: on("|"), Short: "jq", Footer: 17, Long: "Filter the body with jq; the body itself stays as it is",
			Do: p.openFilter, Cannot: p.noJQ},
		{ID: "response.fold", Keys: on("enter", "o"), Short: "fold", Footer: 18,
			Long: "Fold what begins in this line, or is around it; open what is folded",
			Do:   p.fold((*viewer.Viewer).ToggleFold), Cannot: p.noValues},
		{ID: "response.fold-all", Keys: on("-"), Long: "Fold all below the first level; again, a level more",
			Do: p.fold((*viewer.Viewer).FoldAll), Cannot: p.noValues},
		{ID: "response.fold-less", Keys: on("+", "="), Long: "Open one level more of what is folded",
			Do: p.fold((*viewer.Viewer).FoldLess), Cannot: p.noValues},
		{ID: "response.unfold-all", Keys: on("*"), Long: "Open all folds", Do: p.fold((*viewer.Viewer).UnfoldAll), Cannot: p.noValues},
		{ID: "response.copy-value", Keys: on("c"), Short: "copy value", Footer: 19, Long: "Copy the value under the cursor",
			Do: p.copyValue, Cannot: p.noValues},
		{ID: "response.expect", Keys: on("E"), Short: "expect", Footer: 21,
			Long: "Expect the value under the cursor of this request from now on: a line # @expect in its file",
			Do:   p.expect, Cannot: p.noValues},
		{ID: "response.copy-path", Keys: on("C"), Long: "Copy the path of the value under the cursor",
			Do: p.copyPath, Cannot: p.noValues},
		{ID: "response.save", Keys: on("s"), Short: "save", Footer: 19, Long: "Save the body to a new file", Do: p.save},
		{ID: "response.browse", Keys: on("u"), Long: "Open the web address under the cursor in the browser", Do: p.browse},
		{ID: "response.wrap", Keys: on("w"), Short: "wrap", Footer: 20, Long: "Wrap long lines, or cut them",
			Do: ui.Just(func() { p.shown().SetWrap(!p.shown().Wrap()) })},
		{ID: "response.left", Keys: on("<", "shift+left"), Long: "Move cut lines to the left",
			Do: ui.Just(func() { p.shown().ScrollX(-sideways) })},
		{ID: "response.right", Keys: on(">", "shift+right"), Long: "Move cut lines to the right",
			Do: ui.Just(func() { p.shown().ScrollX(sideways) })},
		{ID: keymap.Copy, Do: p.copy},
		{ID: keymap.Cancel, Do: ui.Just(p.leave), Cannot: p.nothingToLeave},
	}, ui.Scrolls(keymap.Response, "Go", p.move)).Unless(p.noResponse)
}

// noResponse returns why nothing can be done with the response.
func (p *Pane) noResponse() string {
	switch {
	case p.waiting != "":
		return "The answer is not there yet"
	case p.answer() == nil:
		return p.theme.Words("There is no response yet: {send} sends the request")
	}
	return ""
}

func (p *Pane) noSearch() string {
	return cmp.Or(p.noResponse(),
		keymap.When(p.search.Value() == "", p.theme.Words("Nothing is searched for: {response.search} searches")))
}

// noValues returns why there are no values to fold and copy.
func (p *Pane) noValues() string {
	return cmp.Or(p.noResponse(), keymap.When(p.tab != bodyTab || !p.kind.mode.Folds(),
		"Only a body of JSON or XML has values to fold and copy"))
}

func (p *Pane) noJQ() string {
	if why := p.noResponse(); why != "" {
		return why
	}
	if !kindOf(p.exchange.Response).mode.Folds() {
		return "The body is neither JSON nor XML, which is what jq filters"
	}
	return ""
}

func (p *Pane) nothingToLeave() string {
	return keymap.When(!p.searching() && !p.filtering(), "There is no search or filter to leave")
}

func (p *Pane) turn(by int) func() tea.Cmd {
	return func() tea.Cmd { return p.open((p.tab + tab(len(tabs)+by)) % tab(len(tabs))) }
}

func (p *Pane) startSearch() {
	p.endTyping()
	p.search.Focus()
	p.fit()
}

func (p *Pane) match(step func(*viewer.Viewer)) func() tea.Cmd {
	return func() tea.Cmd { step(p.shown()); return p.shown().Work() }
}

func (p *Pane) fold(how func(*viewer.Viewer) string) func() tea.Cmd {
	return func() tea.Cmd { return p.folded(how(p.shown())) }
}

func (p *Pane) move(m ui.Move) tea.Cmd {
	p.shown().Walk(m)
	return nil
}

func (p *Pane) approve() tea.Cmd {
	return ui.Emit(FollowAsked{Exchange: p.exchange, Steps: p.buyers()})
}

// sideways is how far cut lines move at a time, in cells.
const sideways = 16

// leave is esc: it stops a filter that runs, else leaves what was opened last.
func (p *Pane) leave() {
	switch {
	case !p.filter.input.Focused() && p.searching():
		p.leaveSearch()
	case p.filter.job.Running():
		p.filter.job.Drop()
		p.filter.last, p.filter.fresh = filtered{err: jq.ErrStopped.Error()}, true
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
		m, masks := p.exchange.Response, p.redactor
		return func() tea.Msg { return ui.Copied{What: "response", Text: string(raw(m, masks))} }
	case p.tab == timingTab:
		what, text = "timing", []byte(timing(p.exchange))
	}
	return func() tea.Msg { return ui.Copied{What: what, Text: string(text)} } // a body may be large
}

// copyValue copies the value under the cursor. Of a text that is what it says,
// without quotes and escapes.
func (p *Pane) copyValue() tea.Cmd {
	value, path, why := p.valueHere()
	if why != "" {
		return ui.Tell(why)
	}
	mode := p.shown().Mode()
	return func() tea.Msg { return ui.Copied{What: "value of " + ui.Safe(path), Text: mode.Says(value)} }
}

func (p *Pane) copyPath() tea.Cmd {
	_, path, why := p.valueHere()
	if why != "" {
		return ui.Tell(why)
	}
	return ui.CopyText("path "+ui.Safe(path), path)
}

// valueHere returns the value under the cursor and the way to it, or why there
// is none.
func (p *Pane) valueHere() (value []byte, path, why string) {
	value, path, ok := p.shown().Value()
	switch words := p.shown().Waiting(); {
	case ok:
		return value, cmp.Or(path, "."), ""
	case words != "":
		return nil, "", "Not yet: " + words
	}
	return nil, "", "There is no value in this line"
}

func (p *Pane) open(t tab) tea.Cmd {
	p.tab = t
	p.fit()
	return p.fill()
}

// Click opens the tab under the mouse, moves the cursor, or folds.
func (p *Pane) Click(x, y int) tea.Cmd {
	if p.answer() == nil || p.waiting != "" {
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
	case result > 0 && x >= p.w-result:
		return p.folded(p.filter.viewer.ClickAt(x-(p.w-result), y))
	case x < body:
		return tea.Batch(p.folded(p.viewer.ClickAt(x, y)), p.viewer.Work())
	}
	return nil
}

// Wheel scrolls; the cursor stays on the screen.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.shown().ScrollBy(lines)
	p.shown().HoldCursor()
	return nil
}

// Targets are the tabs, where there is an answer.
func (p *Pane) Targets() []ui.Target {
	if p.noResponse() != "" {
		return nil
	}
	return ui.TabTargets(tabs, len(p.summary()), func(i int) tea.Cmd { return p.open(tab(i)) })
}
