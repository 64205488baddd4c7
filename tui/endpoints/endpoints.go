// Package endpoints is the pane that lists what can be sent: the requests in the
// team's files, by folder and file, and the catalogue, by group, versions apart,
// callbacks marked; with a fuzzy filter over both.
package endpoints

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/catalog"
	"countersign/apiclient/workspace"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Chosen says that a person chose an endpoint.
type Chosen struct {
	Endpoint catalog.Endpoint
	Stay     bool // the focus stays where it is
}

// Pane is the list of endpoints and requests.
type Pane struct {
	theme   *ui.Theme
	all     []catalog.Endpoint
	place   workspace.Place     // of request files
	files   *workspace.Snapshot // nil until they are read
	folds   map[string]bool     // as the person left them, by the key of the row
	many    bool                // too many are there to show all by themselves
	deleted bool
	rows    []row
	list    ui.List // of rows; the names of groups are its headings
	filter  *ui.Input
	marked  string // key of the row that is open
	w, h    int
	focus   bool
}

// New makes an empty list.
func New(theme *ui.Theme) *Pane {
	p := &Pane{theme: theme, filter: ui.NewInput(theme)}
	p.list.Heading = func(i int) bool { return p.rows[i].kind == groupRow }
	return p
}

// SetEndpoints fills the list and opens the first endpoint.
func (p *Pane) SetEndpoints(all []catalog.Endpoint) {
	p.all = all
	p.refilter(false)
}

// Mark shows which endpoint is open and moves the cursor to it.
func (p *Pane) Mark(id string) {
	p.marked = "endpoint " + id
	p.goTo(p.marked)
}

// Title names the pane, with the filter while there is one.
func (p *Pane) Title() string { return "Endpoints" }

// TitleRight counts what the filter leaves, or says where in a list that does
// not fit the cursor is.
func (p *Pane) TitleRight() string {
	switch {
	case p.filter.Value() != "":
		return fmt.Sprintf("%d of %d", len(p.rows), len(p.all)+p.files.Count())
	case len(p.rows) > p.list.Height:
		if r, ok := p.current(); ok && r.kind == endpointRow {
			return fmt.Sprintf("%d/%d", r.endpoint+1, len(p.all))
		}
	}
	return ""
}

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
		p.filter.Blur()
	}
}

// Typing reports whether keys go into the filter.
func (p *Pane) Typing() bool { return p.filter.Focused() }

// Type edits the filter; enter chooses and ends it, the arrows move.
func (p *Pane) Type(msg tea.KeyMsg) tea.Cmd {
	if msg.String() == "enter" {
		return p.choose()
	}
	if !msg.Paste && p.list.Act(p.theme.Keys().InList(msg.String(), true)) {
		return nil
	}
	if p.filter.Update(msg) {
		p.refilter(false)
	}
	return nil
}

// Update ignores all messages: the pane has no commands of its own.
func (p *Pane) Update(tea.Msg) tea.Cmd { return nil }

// Actions are what can be done in the list of endpoints.
func (p *Pane) Actions() keymap.Actions {
	return keymap.In(keymap.Endpoints, keymap.Actions{
		{ID: "endpoints.choose", Keys: keymap.On("enter", "l", "right"), Short: "choose", Now: p.chooseWord, Footer: 15,
			Long: "Choose this endpoint or request, and go to it; fold a file or folder, or open it", Do: p.choose, Cannot: p.noMatch},
		{ID: "endpoints.filter", Keys: keymap.On("/"), Short: "filter", Footer: 16,
			Long: "Filter endpoints and requests by any letters of their names", Do: ui.Just(p.startFilter)},
		{ID: keymap.Copy, Do: p.copyPath, Cannot: p.noMatch},
		{ID: keymap.Cancel, Do: ui.Just(p.endFilter), Cannot: p.noFilter},
	}, p.requestActions(), ui.Moves(keymap.Endpoints, "Go", "the first row", "the last endpoint", p.move))
}

func (p *Pane) noMatch() string {
	_, ok := p.current()
	return keymap.When(!ok, p.theme.Words("Nothing matches the filter: {cancel} clears it"))
}

func (p *Pane) noFilter() string { return keymap.When(!p.filtering(), "There is no filter to leave") }

func (p *Pane) move(m ui.Move) tea.Cmd {
	p.list.Go(m)
	return nil
}

func (p *Pane) startFilter() {
	p.filter.Focus()
	p.fit()
}

func (p *Pane) copyPath() tea.Cmd {
	switch r, _ := p.current(); r.kind {
	case endpointRow:
		return ui.CopyText("path", p.all[r.endpoint].Path)
	case requestRow:
		return ui.CopyText("name for countersign send", r.file.Path+"#"+r.file.ID(r.request))
	case faultRow:
		return ui.CopyText("fault", r.fault.Error())
	default:
		return ui.CopyText("path", strings.TrimSuffix(p.pathHere(), "/"))
	}
}

// Click opens what is under the mouse.
func (p *Pane) Click(_, y int) tea.Cmd {
	if !p.list.Click(y - (p.h - p.list.Height)) {
		return nil
	}
	return p.openRow(p.rows[p.list.Cursor], true)
}

// Wheel moves the cursor.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.list.Move(lines)
	return nil
}

func (p *Pane) choose() tea.Cmd {
	if r, ok := p.current(); ok {
		return p.openRow(r, false)
	}
	return nil
}

// openRow does what enter does on a row.
func (p *Pane) openRow(r row, stay bool) tea.Cmd {
	switch r.kind {
	case folderRow, fileRow:
		p.toggle(r)
		return nil
	case faultRow:
		return openFault(r)
	}
	p.marked = p.key(r)
	if !stay {
		p.endFilter()
	}
	if r.kind == requestRow {
		return ui.Emit(RequestChosen{r.file.Path, r.file.ID(r.request), stay})
	}
	return ui.Emit(Chosen{Endpoint: p.all[r.endpoint], Stay: stay})
}

// chooseWord is what enter does now.
func (p *Pane) chooseWord() string {
	switch r, _ := p.current(); {
	case r.kind == faultRow:
		return "read"
	case r.kind != folderRow && r.kind != fileRow:
		return "choose"
	case p.folded(r):
		return "open"
	}
	return "fold"
}

// current returns the row under the cursor.
func (p *Pane) current() (row, bool) {
	if i := p.list.Cursor; i < len(p.rows) && p.rows[i].kind != groupRow {
		return p.rows[i], true
	}
	return row{}, false
}

// endFilter shows all again, with the cursor at what is open.
func (p *Pane) endFilter() {
	p.filter.SetValue("")
	p.filter.Blur()
	if path, is := strings.CutPrefix(p.marked, "request "); is {
		path, _, _ = strings.Cut(path, "\x00")
		p.unfoldTo(path)
	}
	p.refilter(false)
}

func (p *Pane) filtering() bool { return p.Typing() || p.filter.Value() != "" }
