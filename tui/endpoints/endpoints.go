// Package endpoints is the pane that lists the catalogue: by group, versions
// apart, callbacks marked, with a fuzzy filter.
package endpoints

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/sahilm/fuzzy"

	"countersign/apiclient/catalog"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Chosen says that a person chose an endpoint.
type Chosen struct {
	Endpoint catalog.Endpoint
	Stay     bool // the focus stays where it is
}

// row is a group's name or an endpoint.
type row struct {
	group    string // "" for an endpoint
	endpoint int    // index into all
	matched  []int  // bytes of the name that the filter matched
}

// Pane is the list of endpoints.
type Pane struct {
	theme  *ui.Theme
	all    []catalog.Endpoint
	rows   []row
	cursor int // index into rows, never a group's
	offset int // first row on the screen
	filter *ui.Input
	typing bool
	marked string // ID of the endpoint that is open
	w, h   int
	focus  bool
}

// New makes an empty list.
func New(theme *ui.Theme) *Pane {
	return &Pane{theme: theme, filter: ui.NewInput(theme)}
}

// SetEndpoints fills the list and opens the first endpoint.
func (p *Pane) SetEndpoints(all []catalog.Endpoint) {
	p.all = all
	p.refilter()
}

// Mark shows which endpoint is open and moves the cursor to it.
func (p *Pane) Mark(id string) {
	p.marked = id
	for i, r := range p.rows {
		if r.group == "" && p.all[r.endpoint].ID == id {
			p.cursor = i
			p.follow()
		}
	}
}

// Title names the pane, with the filter while there is one.
func (p *Pane) Title() string { return "Endpoints" }

// TitleRight counts what the filter leaves, or says where in a list that does
// not fit the cursor is.
func (p *Pane) TitleRight() string {
	switch {
	case p.filter.Value() != "":
		return fmt.Sprintf("%d of %d", len(p.rows), len(p.all))
	case len(p.rows) > p.listHeight() && len(p.rows) > 0 && p.rows[p.cursor].group == "":
		return fmt.Sprintf("%d/%d", p.rows[p.cursor].endpoint+1, len(p.all))
	}
	return ""
}

// Scope is the pane's place in the table of actions.
func (p *Pane) Scope() keymap.Scope { return keymap.Endpoints }

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	p.w, p.h = w, h
	p.filter.Resize(max(0, w-2))
	p.follow()
}

// Focus shows or hides the cursor.
func (p *Pane) Focus(on bool) {
	p.focus = on
	if !on {
		p.stopTyping()
	}
}

// Typing reports whether keys go into the filter.
func (p *Pane) Typing() bool { return p.typing }

// Type edits the filter; enter chooses and ends it, the arrows move.
func (p *Pane) Type(msg tea.KeyMsg) tea.Cmd {
	if msg.String() == "enter" {
		return p.choose()
	}
	if !msg.Paste && p.motion(p.theme.Keys().InList(msg.String(), true)) {
		return nil
	}
	p.filter.Update(msg)
	p.refilter()
	return nil
}

// Update ignores all messages: the pane has no commands of its own.
func (p *Pane) Update(tea.Msg) tea.Cmd { return nil }

// Refuses says why an action is not possible now.
func (p *Pane) Refuses(id keymap.ID) string {
	switch id {
	case keymap.Cancel:
		if !p.typing && p.filter.Value() == "" {
			return "There is no filter to leave"
		}
	case keymap.EndpointsChoose, keymap.Copy:
		if _, ok := p.current(); !ok {
			return p.theme.Words("No endpoint matches the filter: {cancel} clears it")
		}
	}
	return ""
}

// Act does an action.
func (p *Pane) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.EndpointsChoose:
		return p.choose()
	case keymap.EndpointsFilter:
		p.typing = true
		p.filter.Focus()
	case keymap.Cancel:
		p.endFilter()
	case keymap.EndpointsUp:
		p.move(-1)
	case keymap.EndpointsDown:
		p.move(1)
	case keymap.EndpointsPageUp:
		p.move(-max(1, p.listHeight()-1))
	case keymap.EndpointsPageDn:
		p.move(max(1, p.listHeight()-1))
	case keymap.EndpointsTop:
		p.move(-len(p.rows))
	case keymap.EndpointsBottom:
		p.move(len(p.rows))
	case keymap.Copy:
		if e, ok := p.current(); ok {
			return ui.CopyText("path", e.Path)
		}
	}
	return nil
}

// Click opens the endpoint under the mouse.
func (p *Pane) Click(_, y int) tea.Cmd {
	if p.filtering() {
		y--
	}
	i := p.offset + y
	if y < 0 || i >= len(p.rows) || p.rows[i].group != "" {
		return nil
	}
	p.cursor = i
	e := p.all[p.rows[i].endpoint]
	p.marked = e.ID
	return ui.Emit(Chosen{Endpoint: e, Stay: true})
}

// Wheel moves the cursor.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.move(lines)
	return nil
}

func (p *Pane) choose() tea.Cmd {
	e, ok := p.current()
	if !ok {
		return nil
	}
	p.marked = e.ID
	p.endFilter()
	return ui.Emit(Chosen{Endpoint: e})
}

func (p *Pane) current() (catalog.Endpoint, bool) {
	if p.cursor < 0 || p.cursor >= len(p.rows) || p.rows[p.cursor].group != "" {
		return catalog.Endpoint{}, false
	}
	return p.all[p.rows[p.cursor].endpoint], true
}

func (p *Pane) stopTyping() {
	p.typing = false
	p.filter.Blur()
}

// endFilter shows all endpoints again, with the cursor at the open one.
func (p *Pane) endFilter() {
	p.filter.SetValue("")
	p.stopTyping()
	p.refilter()
}

func (p *Pane) filtering() bool { return p.typing || p.filter.Value() != "" }

// refilter builds the rows: grouped without a filter, best match first with
// one.
func (p *Pane) refilter() {
	p.rows = p.rows[:0]
	if q := strings.TrimSpace(p.filter.Value()); q != "" {
		names := make([]string, len(p.all))
		for i, e := range p.all {
			names[i] = label(e) + " " + e.Version
		}
		for _, m := range fuzzy.Find(q, names) {
			p.rows = append(p.rows, row{endpoint: m.Index, matched: m.MatchedIndexes})
		}
		p.cursor = 0
		p.follow()
		return
	}
	group := ""
	for i, e := range p.all {
		if e.Group != group {
			group = e.Group
			p.rows = append(p.rows, row{group: group})
		}
		p.rows = append(p.rows, row{endpoint: i})
	}
	p.cursor = 0
	p.move(0)
	p.Mark(p.marked)
}

// motion moves as in any list. It reports whether the action does that.
func (p *Pane) motion(id keymap.ID) bool {
	page := max(1, p.listHeight()-1)
	by := map[keymap.ID]int{keymap.ListsUp: -1, keymap.ListsDown: 1, keymap.ListsPageUp: -page, keymap.ListsPageDn: page}[id]
	p.move(by)
	return by != 0
}

// move steps over the names of groups.
func (p *Pane) move(by int) {
	if len(p.rows) == 0 {
		return
	}
	p.cursor = min(max(p.cursor+by, 0), len(p.rows)-1)
	step := 1
	if by < 0 {
		step = -1
	}
	for tries := 0; p.rows[p.cursor].group != "" && tries < 2; {
		next := p.cursor + step
		if next < 0 || next >= len(p.rows) {
			step, tries = -step, tries+1
			continue
		}
		p.cursor = next
	}
	p.follow()
}

// follow scrolls so that the cursor is visible, its group's name with it.
func (p *Pane) follow() {
	h := max(1, p.listHeight())
	first := p.cursor
	if first > 0 && first-1 < len(p.rows) && p.rows[first-1].group != "" {
		first--
	}
	if first < p.offset {
		p.offset = first
	}
	if p.cursor >= p.offset+h {
		p.offset = p.cursor - h + 1
	}
	p.offset = max(0, min(p.offset, len(p.rows)-h))
}
