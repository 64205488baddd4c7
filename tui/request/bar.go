package request

import (
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// barKind is the purpose of the bar.
type barKind int

const (
	barClosed barKind = iota
	barFind
	barReplace
	barLine
)

// bar is the rows below the body in which a person types what to find, what to
// put in its place, or a line to go to.
type bar struct {
	kind     barKind // what it was opened for
	text     *ui.Input
	with     *ui.Input // what replaces it
	from     int       // where the cursor was when it was opened
	searched bool
}

func newBar(theme *ui.Theme) bar { return bar{text: ui.NewInput(theme), with: ui.NewInput(theme)} }

func (b *bar) open() bool { return b.kind != barClosed }
func (b *bar) shut()      { b.kind = barClosed }

// rows is its height.
func (b *bar) rows() int {
	return map[barKind]int{barFind: 1, barReplace: 2, barLine: 1}[b.kind]
}

// besideBar are the actions of the body that work while the bar is open: the
// keys of all others mean something else in it.
var besideBar = map[keymap.ID]bool{
	"request.find": true, "request.replace": true, "request.replace-all": true, "request.line": true,
	"request.expanded": true,
}

func (p *Pane) openBar(kind barKind) {
	b, e := &p.bar, p.shown()
	if kind == barReplace {
		p.showExpanded = p.showExpanded && p.both()
		e = p.editor
	}
	if b.open() && b.kind != barLine && kind != barLine {
		if b.kind == kind { // again: the next one
			e.FindNext(1)
		} else {
			b.with.SetValue("")
		}
		b.kind = kind
		b.focus(b.text)
		return
	}
	b.kind, b.searched = kind, false
	b.from, _ = e.Selection()
	b.text.SetValue("")
	b.with.SetValue("")
	b.text.Placeholder = "a line, 1 to " + strconv.Itoa(e.Lines())
	b.with.Placeholder = "nothing: the matches go away"
	if kind != barLine {
		b.text.Placeholder = "a text"
		if query := e.Query(); query != "" {
			b.text.Placeholder = "a text; enter finds " + query + " again"
		}
		if from, to := e.Selection(); e.Selecting() && to-from <= 200 {
			b.text.SetValue(string(e.Selected()))
			p.search()
		}
	}
	b.focus(b.text)
}

// turnBar goes to the other line of the bar.
func (p *Pane) turnBar() tea.Cmd {
	if b := &p.bar; b.with.Focused() {
		b.focus(b.text)
	} else {
		b.focus(b.with)
	}
	return nil
}

// stepActions take the keys that go to the next pane or the one before while
// they mean something nearer: the other line of the bar, or to choose the
// variable that is offered.
func (p *Pane) stepActions() keymap.Actions {
	return keymap.Actions{
		{ID: keymap.Next, Do: p.stepOn, Cannot: func() string { return p.nothingWithin(p.complete.open) }},
		{ID: keymap.Previous, Do: p.turnBar, Cannot: func() string { return p.nothingWithin(false) }},
	}
}

func (p *Pane) stepOn() tea.Cmd {
	if p.bar.kind == barReplace {
		return p.turnBar()
	}
	cmd, _ := p.completeKey(tea.KeyMsg{Type: tea.KeyEnter})
	return cmd
}

func (p *Pane) nothingWithin(offered bool) string {
	return keymap.When(p.bar.kind != barReplace && !offered, "There is nothing nearer to go to")
}

func (b *bar) focus(in *ui.Input) {
	b.text.Blur()
	b.with.Blur()
	in.Focus()
}

// closeBar leaves the bar; what was found is selected, to go on with it.
func (p *Pane) closeBar() {
	if p.bar.searched && p.editing {
		p.editor.SelectMatch()
	}
	p.bar.shut()
}

// search finds what stands in the bar, from where it was opened.
func (p *Pane) search() {
	e := p.shown()
	e.SetCursor(p.bar.from)
	e.Find(p.bar.text.Value())
	p.bar.searched = true
}

func (p *Pane) typeInBar(msg tea.KeyMsg) tea.Cmd {
	b, e := &p.bar, p.shown()
	key := msg.String()
	keys := p.theme.Keys()
	action, _ := keys.Typed(keymap.Request, key)
	motion := keys.InList(key, true)
	up, down := motion == keymap.ListsUp, motion == keymap.ListsDown
	switch {
	case key == "enter":
		return p.enterInBar()
	case b.kind == barLine:
	case b.kind == barReplace && up:
		b.focus(b.text)
		return nil
	case b.kind == barReplace && down:
		b.focus(b.with)
		return nil
	case down, action.ID == "request.fault":
		e.FindNext(1)
		return nil
	case up, action.ID == "request.fault-previous":
		e.FindNext(-1)
		return nil
	}
	if b.with.Focused() {
		b.with.Update(msg)
	} else if b.text.Update(msg) && b.kind != barLine {
		p.search()
	}
	return nil
}

func (p *Pane) enterInBar() tea.Cmd {
	b, e := &p.bar, p.shown()
	switch {
	case b.kind == barLine:
		n, err := strconv.Atoi(b.text.Value())
		if err != nil || n < 1 {
			return ui.Tell(fmt.Sprintf("A line is a number, 1 to %d", e.Lines()))
		}
		e.GoToLine(n)
		b.shut()
		return nil
	case b.text.Value() == "" && e.Query() != "":
		b.text.SetValue(e.Query())
		b.searched = true
		e.FindNext(1)
	case b.with.Focused():
		before := p.editor.Revision()
		if !p.editor.ReplaceMatch([]byte(b.with.Value())) {
			return ui.Tell(fmt.Sprintf("%q is not in the body", b.text.Value()))
		}
		return p.after(before, nil)
	default:
		e.FindNext(1)
	}
	return nil
}

func (p *Pane) replaceAll() tea.Cmd {
	if p.editor.Query() == "" {
		return ui.Tell("There is nothing to replace")
	}
	work := p.editor.ReplaceWork([]byte(p.bar.with.Value()))
	back := p.theme.Words("; {request.undo} takes it back")
	return p.rewrite("replacing all", func(stop func() bool) rewritten {
		m := rewritten{at: -1}
		n := 0
		switch m.body, n = work(stop); {
		case n == 0:
			m.says = "There is nothing to replace"
		case m.body == nil:
			m.says = "The matches are that already: nothing was changed"
		case n == 1:
			m.says = "1 place was replaced" + back
		default:
			m.says = fmt.Sprintf("%d places were replaced", n) + back
		}
		return m
	})
}

// barLines draws the bar.
func (p *Pane) barLines() []string {
	b := &p.bar
	words := p.theme.Words
	label, keys := "find ", words("enter next · {lists.up} before · {cancel}")
	switch b.kind {
	case barClosed:
		return nil
	case barLine:
		return []string{p.barRow("line ", b.text, words("enter goes there · {cancel}"))}
	case barReplace:
		label, keys = "find    ", words("enter next · {focus.next} by what · {cancel}")
	}
	query := b.text.Value()
	if current, count := p.shown().Matches(); count > 0 && query != "" {
		keys = fmt.Sprintf("%d of %d · ", current, count) + keys
	} else if query != "" && p.shown().Counting() {
		keys = "counting… · " + keys
	} else if query != "" {
		keys = words("✗ not in the body · {cancel}")
	}
	lines := []string{p.barRow(label, b.text, keys)}
	if b.kind == barReplace {
		lines = append(lines, p.barRow("replace ", b.with, words("enter this one · {request.replace-all} all")))
	}
	return lines
}

// leastField is the cells that the text keeps beside what the keys do.
const leastField = 10

// barRow is a label, a field, and what the keys do; the field keeps some room.
func (p *Pane) barRow(label string, in *ui.Input, keys string) string {
	room := p.w - ui.Width(label) - 2
	for at := strings.LastIndex(keys, " · "); room-ui.Width(keys) < leastField && at > 0; {
		keys = keys[:at] // whole words only
		at = strings.LastIndex(keys, " · ")
	}
	keys = ui.Truncate(keys, room-leastField)
	in.Resize(room - ui.Width(keys))
	style := p.theme.Muted
	if in.Focused() {
		style = p.theme.Accent
	}
	return ui.Fit(style.Render(label)+in.View()+"  "+p.theme.Muted.Render(keys), p.w)
}
