package box

import (
	"slices"
	"strings"

	"countersign/tui/ui/editor"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// Paste takes a text of many lines, as it is pasted.
type Paste struct {
	frame
	title  string
	what   string   // may be pasted
	does   string   // what enter does with it
	help   []string // what, wrapped
	Editor *editor.Editor
	done   func([]byte) tea.Cmd
}

// NewPaste makes the box: what says what may be pasted, does what enter does with
// it, text is what it begins with. done takes what is left in it, nil where that is
// nothing.
func NewPaste(theme *ui.Theme, title, what, does string, text []byte, done func([]byte) tea.Cmd) *Paste {
	p := &Paste{title: title, what: what, does: does, Editor: editor.New(theme), done: done}
	p.frame = frame{theme: theme, typing: true,
		keys: "enter " + does + " · alt+enter breaks the line · {cancel} leaves it"}
	p.Editor.SetBytes(text)
	p.Editor.SetCursor(len(text))
	p.Editor.Focus()
	return p
}

// Resize implements Box.
func (p *Paste) Resize(w, h int) {
	p.within(w, h, 110, max(8, min(h*6/10, 18)))
	p.help = p.said(p.theme.Muted, p.what, ui.Whole)
	p.Editor.Resize(p.w-4, max(1, p.h-3-len(p.help)))
}

// Key implements Box.
func (p *Paste) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case p.leaves(msg):
		return nil, true
	case msg.String() == "alt+enter":
		// Pasted, not typed: no blanks go in front of the new line.
		p.Editor.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'\n'}, Paste: true})
	case msg.String() == "enter":
		text := p.Editor.Bytes()
		if len(text) == 0 {
			text = nil
		}
		return p.done(text), true
	default:
		p.Editor.Update(msg)
	}
	return nil, false
}

// View implements Box.
func (p *Paste) View() string {
	lines := append(slices.Clone(p.help), p.theme.Border.Render(" "+strings.Repeat("─", p.w-4)))
	for _, l := range strings.Split(p.Editor.View(), "\n") {
		lines = append(lines, " "+l)
	}
	return p.bordered(p.title, p.theme.Words("enter "+p.does+" · {cancel}"), lines)
}
