package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// told is what the other side says that it signed, as it was pasted; nil takes
// it back.
type told struct{ text []byte }

// pasteBox takes a text of many lines, as it is pasted.
type pasteBox struct {
	box
	title  string
	editor *ui.Editor
}

func newPasteBox(a *App, text []byte) *pasteBox {
	p := &pasteBox{box: box{theme: a.theme}, title: "What the other side says it signed", editor: ui.NewEditor(a.theme)}
	if a.study.side == apiclient.RequestSide {
		p.title = "The string that the other side built"
	}
	p.editor.SetBytes(text)
	p.editor.SetCursor(len(text))
	p.editor.Focus()
	return p
}

func (p *pasteBox) resize(w, h int) {
	p.within(w, h, 110, clamp(h*6/10, 8, 18))
	p.editor.Resize(max(0, p.w-4), max(1, p.h-2-len(p.help())-1))
}

// help says what may be pasted, and what the keys do.
func (p *pasteBox) help() []string {
	return ui.Words("The string, its SHA-256 or length, the Signature header, or the error text from its log. Empty takes it back.", p.w-4)
}

func (p *pasteBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case msg.Paste:
		p.editor.Update(msg)
	case p.leaves(msg, "", true):
		return nil, true
	case msg.String() == "alt+enter":
		// Pasted, not typed: no blanks go in front of the new line.
		p.editor.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'\n'}, Paste: true})
	case msg.String() == "enter":
		text := p.editor.Bytes()
		if len(text) == 0 {
			text = nil
		}
		return ui.Emit(told{text}), true
	default:
		p.editor.Update(msg)
	}
	return nil, false
}

func (p *pasteBox) mouse(tea.MouseMsg) tea.Cmd { return nil }
func (p *pasteBox) keys() string {
	return p.theme.Words("enter compares · alt+enter breaks the line · {cancel} leaves it")
}
func (p *pasteBox) typing() bool { return true }

func (p *pasteBox) view() string {
	lines := make([]string, 0, p.h)
	for _, l := range p.help() {
		lines = append(lines, " "+p.theme.Muted.Render(l))
	}
	lines = append(lines, p.theme.Border.Render(" "+strings.Repeat("─", max(0, p.w-4))))
	for _, l := range strings.Split(p.editor.View(), "\n") {
		lines = append(lines, " "+l)
	}
	return p.frame(p.title, p.theme.Words("enter compares · {cancel}"), lines)
}
