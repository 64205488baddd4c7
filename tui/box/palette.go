package box

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/sahilm/fuzzy"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Command is a line of the palette: an action, or an endpoint to open.
type Command struct {
	Name    string
	Word    string // what a person would call it: "send", "help"
	Keys    string
	Refused string // why it cannot be run now; "" where it can
	Run     func() tea.Cmd
}

// Palette runs anything by its name.
type Palette struct {
	listed
	Input *ui.Input
	all   []Command
	found []int // indexes into all
}

// NewPalette makes the box.
func NewPalette(theme *ui.Theme, commands []Command) *Palette {
	p := &Palette{Input: ui.NewInput(theme), all: commands}
	p.frame = frame{theme: theme, opener: keymap.Palette, typing: true,
		keys: "type to find · {lists.up}{lists.down} · enter runs · {cancel} closes"}
	p.choose = func() (tea.Cmd, bool) {
		if len(p.found) == 0 {
			return nil, false
		}
		return p.all[p.found[p.List.Cursor]].Run(), true
	}
	p.Input.Focus()
	p.refilter()
	return p
}

// refilter finds what is called by the typed words: what is called so comes
// first, then what has a word that begins so. Where nothing is, the letters in
// this order will do.
func (p *Palette) refilter() {
	p.found = p.found[:0]
	q := strings.ToLower(strings.TrimSpace(p.Input.Value()))
	names := make([]string, len(p.all))
	for i, c := range p.all {
		names[i] = c.Name + " " + c.Word
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
	p.List.Len = len(p.found)
	p.List.To(0)
}

// longestQuery is how many bytes of a query are looked for: what is longer was
// pasted by mistake, and nothing is called so.
const longestQuery = 256

// scattered is the rank of what is not called so at all.
const scattered = 4

// rank orders what matches: 0 is called so, 1 is called something that begins
// so, 2 has a word that begins so, or one for each word that was typed, 3 has it
// somewhere in a word.
func (c Command) rank(q string) int {
	word, name := strings.ToLower(c.Word), strings.ToLower(c.Name)
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

// Resize implements Box.
func (p *Palette) Resize(w, h int) {
	p.fit(w, h, 90, 24, 3)
	p.Input.Resize(p.w - 5)
}

// Key finds what is called as it is typed.
func (p *Palette) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	cmd, done := p.listed.Key(msg)
	if !done && p.motion(msg) == "" && p.Input.Update(msg) {
		p.refilter()
	}
	return cmd, done
}

// Click runs the command under the mouse.
func (p *Palette) Click(x, y int) (tea.Cmd, bool) { return p.listed.Click(x, y-1) }

// View implements Box.
func (p *Palette) View() string {
	lines := []string{" " + p.theme.Accent.Render("› ") + p.Input.View()}
	if len(p.found) == 0 {
		lines = append(lines, p.theme.Muted.Render("   Nothing has these letters in this order"))
	}
	lines = append(lines, p.List.Lines(func(i int) string { return p.line(p.all[p.found[i]], i == p.List.Cursor) })...)
	return p.bordered("Commands", fmt.Sprintf("%d · ", len(p.found))+p.theme.Words("enter runs · {cancel} closes"), lines)
}

func (p *Palette) line(c Command, selected bool) string {
	keys, t := " "+c.Keys+" ", p.theme
	text, style, keyStyle := ui.Safe(c.Name), t.Text, t.Key
	if c.Refused != "" {
		text, style, keyStyle = text+"  (not now: "+ui.Safe(c.Refused)+")", t.Muted, t.Muted
	}
	row := "   " + ui.Fit(text, p.w-5-ui.Width(keys))
	return t.Row(selected, p.w-2, style.On(row), keyStyle.On(keys))
}
