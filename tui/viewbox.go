package tui

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// sheet is what a viewBox shows: bytes, and words about them.
type sheet struct {
	title string
	what  string   // names it when it is copied
	intro []string // paragraphs above it
	text  []byte   // as it is shown
	copy  []byte   // as it is copied; nil: text
	mode  ui.Mode
	prose bool // the text is sentences: it is broken between words
}

// viewBox shows bytes whole over the screen, through a window.
type viewBox struct {
	box
	sheet
	viewer *ui.Viewer
	search *ui.Input
	asking bool
	lead   []string // intro, wrapped
	hex    bool
	over   struct{ w, h int } // the screen
}

func newViewBox(a *App, s sheet) *viewBox {
	if s.copy == nil {
		s.copy = s.text
	}
	v := &viewBox{box: box{theme: a.theme}, sheet: s, viewer: ui.NewViewer(a.theme), search: ui.NewInput(a.theme)}
	v.viewer.SetLineNumbers(!s.prose)
	v.viewer.SetContent(s.text, s.mode)
	return v
}

func (v *viewBox) resize(w, h int) {
	v.over.w, v.over.h = w, h
	v.within(w, h, 120, h)
	v.lead = nil
	for _, p := range v.intro {
		v.lead = append(v.lead, ui.Words(ui.Safe(p), max(1, v.w-4))...)
	}
	// The words give way to the bytes, of which a few rows must be seen.
	inner := v.h - 2
	v.lead = v.lead[:min(len(v.lead), max(1, inner/2))]
	rows := inner - len(v.lead) - 1
	if v.asking || v.search.Value() != "" {
		rows--
	}
	if v.prose && !v.hex {
		v.viewer.SetContent(v.shown(), v.mode)
		v.viewer.Search(v.search.Value())
	}
	v.viewer.Resize(v.w-2, max(1, rows))
}

// shown is the text as it is drawn: lines of prose that do not fit are broken
// between words, and keep their indent.
func (v *viewBox) shown() []byte {
	if !v.prose {
		return v.text
	}
	w := max(1, v.w-3)
	var lines []string
	for line := range strings.SplitSeq(string(v.text), "\n") {
		if ui.Width(line) <= w {
			lines = append(lines, line)
			continue
		}
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		for _, l := range ui.Words(line, w-len(indent)) {
			lines = append(lines, indent+l)
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

// refit gives the search its row, or takes it back.
func (v *viewBox) refit() { v.resize(v.over.w, v.over.h) }

func (v *viewBox) typing() bool { return v.asking }

func (v *viewBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if v.asking {
		v.ask(msg)
		return v.viewer.Work(), false
	}
	keys, key := v.theme.Keys(), msg.String()
	switch {
	case msg.Paste:
		return nil, false
	case keys.Leaves(key) && v.search.Value() != "":
		v.find("")
		v.refit()
		return nil, false
	case key == "enter", v.leaves(msg, "", false):
		return nil, true
	}
	return v.act(keys.InSheet(key)), false
}

// act does an action of a text over the screen.
func (v *viewBox) act(id keymap.ID) tea.Cmd {
	if m, moved := ui.MoveOf(id); moved {
		v.viewer.Go(m)
		return v.viewer.Work()
	}
	switch id {
	case keymap.SheetPageDn:
		v.viewer.Go(ui.Move{Pages: 1})
	case keymap.SheetWrap:
		v.viewer.SetWrap(!v.viewer.Wrap())
	case keymap.SheetHex:
		v.toggleHex()
	case keymap.SheetSearch:
		v.asking = true
		v.search.Focus()
		v.refit()
	case keymap.SheetNext:
		v.viewer.Next()
	case keymap.SheetPrevious:
		v.viewer.Prev()
	case keymap.SheetCopy:
		return ui.CopyText(v.what, string(v.copy))
	case keymap.SheetCopyHex:
		return ui.CopyText(v.what+" in hex", hex.EncodeToString(v.copy))
	case keymap.SheetCopyBase64:
		return ui.CopyText(v.what+" in base64", base64.StdEncoding.EncodeToString(v.copy))
	}
	return v.viewer.Work()
}

// find searches for a text; the empty one ends the search.
func (v *viewBox) find(text string) {
	v.search.SetValue(text)
	v.viewer.Search(text)
}

// ask edits the search; the view jumps as one types.
func (v *viewBox) ask(msg tea.KeyMsg) {
	left := v.leaves(msg, "", true)
	switch {
	case left || msg.String() == "enter":
		v.asking = false
		v.search.Blur()
		if left {
			v.find("")
		}
	case v.search.Update(msg):
		v.viewer.Search(v.search.Value())
	}
	v.refit()
}

// found says how the search stands.
func (v *viewBox) found() string {
	if _, n := v.viewer.Matches(); n > 0 {
		return v.viewer.Found() + " found"
	}
	return v.viewer.Found()
}

// update takes what was counted in a large text.
func (v *viewBox) update(msg tea.Msg) tea.Cmd { return v.viewer.Update(msg) }

// toggleHex shows the very bytes, or the text again; the search goes on in them.
func (v *viewBox) toggleHex() {
	if v.hex = !v.hex; v.hex {
		v.viewer.SetContent(v.copy, ui.ModeHex)
	} else {
		v.viewer.SetContent(v.shown(), v.mode)
	}
	v.viewer.Search(v.search.Value())
}

func (v *viewBox) mouse(msg tea.MouseMsg) tea.Cmd {
	v.viewer.ScrollBy(3 * ui.Turned(msg))
	return nil
}

func (v *viewBox) keys() string {
	if v.asking {
		return v.theme.Words("type to find · enter keeps it · {cancel} leaves the search")
	}
	return v.theme.Words("{lists.up}{lists.down} scroll · {sheet.search} search · {sheet.next-match} next · {sheet.hex} hex · " +
		"{sheet.copy} copy · {sheet.copy-hex} in hex · {sheet.copy-base64} in base64 · {cancel} closes")
}

func (v *viewBox) view() string {
	lines := make([]string, 0, v.h)
	for i, l := range v.lead {
		style := v.theme.Muted
		if i == 0 {
			style = v.theme.Text
		}
		lines = append(lines, " "+style.Render(l))
	}
	lines = append(lines, v.rule())
	if v.asking || v.search.Value() != "" {
		found := v.found()
		v.search.Resize(max(1, v.w-max(20, ui.Width(found)+7)))
		lines = append(lines, " "+v.theme.Accent.Render("/ ")+v.search.View()+"  "+v.theme.Muted.Render(found))
	}
	if len(v.text) == 0 {
		lines = append(lines, v.theme.Muted.Render(" There is nothing in it."))
	} else {
		lines = append(lines, strings.Split(v.viewer.View(), "\n")...)
	}
	return v.frame(v.title, v.viewer.Position()+v.theme.Words(" · {sheet.hex} hex · {sheet.copy} copy · {cancel} closes"), lines)
}
