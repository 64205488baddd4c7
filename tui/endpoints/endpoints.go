// Package endpoints is the pane that lists the catalogue: by group, versions
// apart, callbacks marked, with a fuzzy filter.
package endpoints

import (
	"fmt"
	"slices"
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
	list   ui.List // of rows; the names of groups are its headings
	filter *ui.Input
	typing bool
	marked string // ID of the endpoint that is open
	w, h   int
	focus  bool
}

// New makes an empty list.
func New(theme *ui.Theme) *Pane {
	p := &Pane{theme: theme, filter: ui.NewInput(theme)}
	p.list.Heading = func(i int) bool { return p.rows[i].group != "" }
	return p
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
			p.list.To(i)
			p.list.Move(0)
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
	case len(p.rows) > p.list.Height:
		if e, ok := p.current(); ok {
			return fmt.Sprintf("%d/%d", slices.IndexFunc(p.all, func(o catalog.Endpoint) bool { return o.ID == e.ID })+1,
				len(p.all))
		}
	}
	return ""
}

// Scope is the pane's place in the table of actions.
func (p *Pane) Scope() keymap.Scope { return keymap.Endpoints }

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	p.w, p.h = w, h
	p.filter.Resize(max(0, w-2))
	p.fit()
}

// fit returns the list the rows that the filter leaves.
func (p *Pane) fit() {
	p.list.Len, p.list.Height = len(p.rows), p.h
	if p.filtering() {
		p.list.Height--
	}
	p.list.Move(0)
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
	if !msg.Paste && p.list.Act(p.theme.Keys().InList(msg.String(), true)) {
		return nil
	}
	p.filter.Update(msg)
	p.refilter()
	return nil
}

// Update ignores all messages: the pane has no commands of its own.
func (p *Pane) Update(tea.Msg) tea.Cmd { return nil }

// Actions are what can be done in the list of endpoints.
func (p *Pane) Actions() keymap.Actions {
	return keymap.In(keymap.Endpoints, keymap.Actions{
		{ID: "endpoints.choose", Keys: keymap.On("enter", "l", "right"), Short: "choose", Footer: 15,
			Long: "Choose this endpoint and go to its request", Do: p.choose, Cannot: p.noMatch},
		{ID: "endpoints.filter", Keys: keymap.On("/"), Short: "filter", Footer: 16,
			Long: "Filter the endpoints by any letters of their names", Do: ui.Just(p.startFilter)},
		{ID: keymap.Copy, Do: p.copyPath, Cannot: p.noMatch},
		{ID: keymap.Cancel, Do: ui.Just(p.endFilter), Cannot: p.noFilter},
	}, ui.Moves(keymap.Endpoints, "Go", "the first endpoint", "the last endpoint", p.move))
}

func (p *Pane) noMatch() string {
	if _, ok := p.current(); !ok {
		return p.theme.Words("No endpoint matches the filter: {cancel} clears it")
	}
	return ""
}

func (p *Pane) noFilter() string {
	if !p.filtering() {
		return "There is no filter to leave"
	}
	return ""
}

func (p *Pane) move(m ui.Move) tea.Cmd {
	p.list.Go(m)
	return nil
}

func (p *Pane) startFilter() {
	p.typing = true
	p.filter.Focus()
	p.fit()
}

func (p *Pane) copyPath() tea.Cmd {
	e, _ := p.current()
	return ui.CopyText("path", e.Path)
}

// Click opens the endpoint under the mouse.
func (p *Pane) Click(_, y int) tea.Cmd {
	i := p.list.Offset + y - (p.h - p.list.Height)
	if i < p.list.Offset || i >= len(p.rows) || p.rows[i].group != "" {
		return nil
	}
	p.list.To(i)
	e := p.all[p.rows[i].endpoint]
	p.marked = e.ID
	return ui.Emit(Chosen{Endpoint: e, Stay: true})
}

// Wheel moves the cursor.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.list.Move(lines)
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
	if i := p.list.Cursor; i < len(p.rows) && p.rows[i].group == "" {
		return p.all[p.rows[i].endpoint], true
	}
	return catalog.Endpoint{}, false
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
		p.list.Cursor = 0
		p.fit()
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
	p.list.Cursor = 0
	p.fit()
	p.Mark(p.marked)
}
