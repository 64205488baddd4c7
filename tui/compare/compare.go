// Package compare is the pane that lays two runs side by side: request,
// headers, the strings that were signed, and response, byte for byte.
package compare

import (
	"fmt"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/compare"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Left closes the pane; a comparison that is not done is given up.
type Left struct{}

// tab is a group by name.
type tab struct {
	group compare.Group
	name  string
	short string // for a narrow screen
	open  keymap.ID
}

var tabs = []tab{
	{compare.Request, "Request", "Request", keymap.CompareRequest},
	{compare.Headers, "Headers", "Headers", keymap.CompareHeaders},
	{compare.Canonical, "Canonical string", "String", keymap.CompareCanonical},
	{compare.Response, "Response", "Answer", keymap.CompareResponse},
}

// Pane is the comparison.
type Pane struct {
	theme   *ui.Theme
	tab     int
	folded  bool
	waiting bool
	frame   string // of the spinner
	elapsed time.Duration
	reading *Reading
	err     error
	views   []*ui.DiffView // one for each tab, so that each keeps its place
	w, h    int
}

// New makes an empty pane.
func New(theme *ui.Theme) *Pane { return &Pane{theme: theme} }

// Open says that a comparison is under way; a group is shown first.
func (p *Pane) Open(g compare.Group) {
	*p = Pane{theme: p.theme, folded: p.folded, w: p.w, h: p.h, waiting: true}
	p.tab = max(0, slices.IndexFunc(tabs, func(t tab) bool { return t.group == g }))
}

// Tick moves the spinner.
func (p *Pane) Tick(frame string, elapsed time.Duration) { p.frame, p.elapsed = frame, elapsed }

// Show shows a comparison, each tab from its first difference.
func (p *Pane) Show(r *Reading) {
	p.waiting, p.err, p.reading = false, nil, r
	p.views = p.views[:0]
	for _, t := range tabs {
		v := ui.NewDiffView(p.theme)
		v.SetFolded(p.folded)
		v.Resize(p.w, p.room())
		v.SetSections(r.sections[t.group])
		v.First()
		p.views = append(p.views, v)
	}
}

// Fail says why there is none.
func (p *Pane) Fail(err error) { p.waiting, p.err = false, err }

// Update ignores all messages: the pane has no commands of its own.
func (p *Pane) Update(tea.Msg) tea.Cmd { return nil }

// Title says what is compared.
func (p *Pane) Title() string { return "Compare" }

// TitleRight says at which difference one is.
func (p *Pane) TitleRight() string {
	v := p.view()
	if v == nil {
		return ""
	}
	at, n := v.Place()
	text := fmt.Sprintf("difference %d of %d", at, n)
	if n == 0 {
		text = "no difference"
	}
	if !v.Fits() {
		text += fmt.Sprintf(" · %d%%", v.Percent())
	}
	return text
}

// Scope is the pane's place in the table of actions.
func (p *Pane) Scope() keymap.Scope { return keymap.Compare }

// head is how many rows stand above the view: the names of both sides, why
// these, and the tabs with a blank row.
func (p *Pane) head() int {
	n := 4
	if p.reading != nil && p.reading.Why != "" {
		n++
	}
	return n
}

func (p *Pane) room() int { return max(0, p.h-p.head()) }

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	p.w, p.h = w, h
	for _, v := range p.views {
		v.Resize(w, p.room())
	}
}

// Folded reports whether only the differences are shown.
func (p *Pane) Folded() bool { return p.folded }

// view is that of the open tab; nil before there is one.
func (p *Pane) view() *ui.DiffView {
	if p.reading == nil || p.tab >= len(p.views) {
		return nil
	}
	return p.views[p.tab]
}

// Refuses says why an action is not possible now.
func (p *Pane) Refuses(id keymap.ID) string {
	v := p.view()
	switch {
	case id == keymap.Cancel, id == keymap.Next, id == keymap.Previous:
	case v == nil && p.err != nil:
		return p.theme.Words("There is no comparison: {cancel} leaves")
	case v == nil:
		return p.theme.Words("Still comparing: {cancel} gives up")
	case id == keymap.CompareNext || id == keymap.ComparePrev:
		if _, n := v.Place(); n == 0 {
			return "There is no difference in this part"
		}
	}
	return ""
}

// Act does an action.
func (p *Pane) Act(id keymap.ID) tea.Cmd {
	v := p.view()
	switch id {
	case keymap.Cancel:
		return ui.Emit(Left{})
	case keymap.Next, keymap.CompareTabNext:
		p.tab = (p.tab + 1) % len(tabs)
	case keymap.Previous, keymap.CompareTabPrev:
		p.tab = (p.tab + len(tabs) - 1) % len(tabs)
	case keymap.CompareNext:
		v.Next()
	case keymap.ComparePrev:
		v.Prev()
	case keymap.CompareFold:
		p.folded = !p.folded
		for _, v := range p.views {
			v.SetFolded(p.folded)
		}
	case keymap.CompareSwap:
		p.Show(p.reading.swapped())
	case keymap.Copy:
		return p.copyText()
	case keymap.CompareUp:
		v.ScrollBy(-1)
	case keymap.CompareDown:
		v.ScrollBy(1)
	case keymap.ComparePageUp:
		v.PageUp()
	case keymap.ComparePageDn:
		v.PageDown()
	case keymap.CompareTop:
		v.Top()
	case keymap.CompareBottom:
		v.Bottom()
	default:
		for i, t := range tabs {
			if t.open == id {
				p.tab = i
			}
		}
	}
	return nil
}

// copyText hands over the whole comparison as unified text; making it is the
// command's work.
func (p *Pane) copyText() tea.Cmd {
	r := p.reading
	return func() tea.Msg {
		text := r.Unified()
		if text == "" {
			return ui.Told{Text: "There is nothing to copy: both are the same"}
		}
		return ui.Copied{Text: text, What: "differences"}
	}
}

// Click opens a tab.
func (p *Pane) Click(x, y int) tea.Cmd {
	if y == p.head()-2 {
		if i, ok := ui.TabAt(p.tabNames(), x-1); ok {
			p.tab = i
		}
	}
	return nil
}

// Wheel scrolls.
func (p *Pane) Wheel(lines int) tea.Cmd {
	if v := p.view(); v != nil {
		v.ScrollBy(lines)
	}
	return nil
}
