package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/sahilm/fuzzy"

	"countersign/apiclient/catalog"
	"countersign/tui/endpoints"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// command is a line of the palette: an action, or an endpoint to open.
type command struct {
	name    string
	word    string // what a person would call it: "send", "help"
	keys    string
	refused string
	run     func() tea.Cmd
}

// paletteBox runs anything by its name.
type paletteBox struct {
	box
	input *ui.Input
	all   []command
	found []int // indexes into all
	list  ui.List
}

func newPalette(a *App) *paletteBox {
	p := &paletteBox{box: box{theme: a.theme}, input: ui.NewInput(a.theme)}
	p.input.Focus()
	scopes := append([]keymap.Scope{a.scope(), a.focus, keymap.Global}, keymap.Scopes...)
	seen := map[keymap.Scope]bool{}
	for _, s := range scopes {
		if seen[s] || s == keymap.Lists || s == keymap.Sheet || (covers(s) && a.focus != s) {
			continue
		}
		seen[s] = true
		for _, action := range a.keys.In(s) {
			if action.ID == keymap.Palette || action.ID == keymap.HelpAnywhere || action.Text {
				continue
			}
			name := action.Long
			if s != keymap.Global {
				name = title(s) + ": " + name
			}
			p.all = append(p.all, command{name, action.Short, action.Key(), a.refuses(action), func() tea.Cmd { return a.do(action) }})
		}
	}
	for _, e := range a.config.Catalog.Endpoints() {
		p.all = append(p.all, command{"Open " + e.ID + describe(e), e.Name, "", "", func() tea.Cmd {
			a.panes.endpoints.Mark(e.ID)
			return ui.Emit(endpoints.Chosen{Endpoint: e})
		}})
	}
	if a.cannotSwitch() == "" {
		for _, q := range a.config.Profiles {
			p.all = append(p.all, command{"Use profile " + q.Name + "  " + hostOf(q.BaseURL), q.Name, "", "", func() tea.Cmd { return ui.Emit(chosenProfile{q.Name}) }})
		}
	}
	p.all = append(p.all, a.topicCommands()...)
	p.refilter()
	return p
}

// topicCommands open the texts that explain things.
func (a *App) topicCommands() []command {
	if a.config.Topics == nil {
		return nil
	}
	var list []command
	for _, t := range a.config.Topics(a.keys) {
		list = append(list, command{"Help: " + t.Title, "help " + t.Name, "", "", func() tea.Cmd {
			a.open(newViewBox(a, sheet{title: t.Title, what: "the text", text: []byte(t.Text), prose: true}))
			return nil
		}})
	}
	return list
}

func describe(e catalog.Endpoint) string {
	if e.Summary == "" {
		return ""
	}
	return "  " + e.Summary
}

// refilter finds what is called by the typed words: what is called so comes
// first, then what has a word that begins so. Where nothing is, the letters in
// this order will do.
func (p *paletteBox) refilter() {
	p.found = p.found[:0]
	q := strings.ToLower(strings.TrimSpace(p.input.Value()))
	names := make([]string, len(p.all))
	for i, c := range p.all {
		names[i] = c.name + " " + c.word
		if q == "" || len(q) <= longestQuery && c.rank(q) < scattered {
			p.found = append(p.found, i)
		}
	}
	if q != "" {
		slices.SortStableFunc(p.found, func(i, j int) int { return p.all[i].rank(q) - p.all[j].rank(q) })
	}
	if len(p.found) == 0 && len(q) <= longestQuery {
		for _, m := range fuzzy.Find(q, names) {
			p.found = append(p.found, m.Index)
		}
	}
	p.list.Len = len(p.found)
	p.list.To(0)
}

// longestQuery is how many bytes of a query are looked for: what is longer was
// pasted by mistake, and nothing is called so.
const longestQuery = 256

// scattered is the rank of what is not called so at all.
const scattered = 4

// rank orders what matches: 0 is called so, 1 is called something that begins
// so, 2 has a word that begins so, or one for each word that was typed, 3 has it
// somewhere in a word.
func (c command) rank(q string) int {
	word, name := strings.ToLower(c.word), strings.ToLower(c.name)
	switch {
	case word == q:
		return 0
	case strings.HasPrefix(word, q) || strings.HasPrefix(word[strings.LastIndexByte(word, '/')+1:], q):
		return 1
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '/' || r == ':' })
	begins := func(typed string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, typed) })
	}
	switch typed := strings.Fields(q); {
	case !slices.ContainsFunc(typed, func(t string) bool { return !begins(t) }):
		return 2
	case strings.Contains(name, q) || strings.Contains(word, q):
		return 3
	}
	return scattered
}

func (p *paletteBox) resize(w, h int) {
	p.within(w, h, 90, 24)
	p.input.Resize(p.w - 5)
	p.list.Height = max(1, p.h-3)
	p.list.To(p.list.Cursor)
}

func (p *paletteBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case p.leaves(msg, keymap.Palette, true):
		return nil, true
	case msg.String() == "enter":
		if len(p.found) == 0 {
			return nil, false
		}
		return p.all[p.found[p.list.Cursor]].run(), true
	}
	if !p.list.Act(p.motion(msg, true)) && p.input.Update(msg) {
		p.refilter()
	}
	return nil, false
}

func (p *paletteBox) mouse(msg tea.MouseMsg) tea.Cmd {
	p.list.Wheel(msg)
	return nil
}

// click runs the command under the mouse.
func (p *paletteBox) click(_, y int) (tea.Cmd, bool) {
	if !p.list.Click(y - 1) {
		return nil, false
	}
	return p.all[p.found[p.list.Cursor]].run(), true
}

func (p *paletteBox) keys() string {
	return p.theme.Words("type to find · {lists.up}{lists.down} · enter runs · {cancel} closes")
}
func (p *paletteBox) typing() bool { return true }

func (p *paletteBox) view() string {
	lines := []string{" " + p.theme.Accent.Render("› ") + p.input.View()}
	if len(p.found) == 0 {
		lines = append(lines, p.theme.Muted.Render("   Nothing has these letters in this order"))
	}
	lines = append(lines, p.list.Lines(func(i int) string { return p.line(p.all[p.found[i]], i == p.list.Cursor) })...)
	return p.frame("Commands", fmt.Sprintf("%d · ", len(p.found))+p.theme.Words("enter runs · {cancel} closes"), lines)
}

func (p *paletteBox) line(c command, selected bool) string {
	w := p.w - 2
	keys := " " + c.keys + " "
	text := ui.Safe(c.name)
	if c.refused != "" {
		text += "  (not now: " + ui.Safe(c.refused) + ")"
	}
	room := max(0, w-3-ui.Width(keys))
	text = ui.Fit(ui.Truncate(text, room), room)
	switch {
	case selected:
		return p.theme.Selection.Render("   " + text + keys)
	case c.refused != "":
		return p.theme.Muted.Render("   " + text + keys)
	default:
		return "   " + p.theme.Text.Render(text) + p.theme.Key.Render(keys)
	}
}
