package box

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"countersign/tui/ui/viewer"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Text is what a Sheet shows: bytes, and words about them.
type Text struct {
	Title string
	What  string   // names it when it is copied
	Intro []string // paragraphs above it
	Bytes []byte   // as they are shown
	Copy  []byte   // as they are copied; nil: Bytes
	Mode  viewer.Mode
	Prose bool // it is sentences, which are broken between words
}

// Sheet shows bytes whole over the screen, through a window.
type Sheet struct {
	frame
	Text
	viewer *viewer.Viewer
	Search *ui.Input // typed in while the box is typing
	lead   []string  // intro, wrapped
	hex    bool
}

// NewSheet makes the box.
func NewSheet(theme *ui.Theme, t Text) *Sheet {
	if t.Copy == nil {
		t.Copy = t.Bytes
	}
	v := &Sheet{frame: frame{theme: theme}, Text: t, viewer: viewer.New(theme), Search: ui.NewInput(theme)}
	v.viewer.SetLineNumbers(!t.Prose)
	v.viewer.SetContent(t.Bytes, t.Mode)
	return v
}

// Resize implements Box.
func (v *Sheet) Resize(w, h int) {
	v.within(w, h, 120, h)
	v.lead = nil
	for _, p := range v.Intro {
		v.lead = append(v.lead, ui.Words(ui.Safe(p), v.w-4)...)
	}
	// The words give way to the bytes, of which a few rows must be seen.
	inner := v.h - 2
	v.lead = v.lead[:min(len(v.lead), max(1, inner/2))]
	rows := inner - len(v.lead) - 1
	if v.searching() {
		rows--
	}
	if v.Prose && !v.hex {
		v.viewer.SetContent(v.shown(), v.Mode)
		v.viewer.Search(v.Search.Value())
	}
	v.viewer.Resize(v.w-2, max(1, rows))
}

// shown is the text as it is drawn: lines of prose that do not fit are broken
// between words, and keep their indent.
func (v *Sheet) shown() []byte {
	if !v.Prose {
		return v.Bytes
	}
	w := v.w - 3
	var lines []string
	for line := range strings.SplitSeq(string(v.Bytes), "\n") {
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

// refit returns the search its row, or takes it back.
func (v *Sheet) refit() { v.Resize(v.screen.w, v.screen.h) }

func (v *Sheet) searching() bool { return v.typing || v.Search.Value() != "" }

// Key implements Box.
func (v *Sheet) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if v.typing {
		v.ask(msg)
		return v.viewer.Work(), false
	}
	keys, key := v.theme.Keys(), msg.String()
	switch {
	case keys.Leaves(key) && v.Search.Value() != "":
		v.find("")
		v.refit()
		return nil, false
	case key == "enter", v.leaves(msg):
		return nil, true
	}
	return v.act(keys.InSheet(key)), false
}

// act does an action of a text over the screen.
func (v *Sheet) act(id keymap.ID) tea.Cmd {
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
		v.typing = true
		v.Search.Focus()
		v.refit()
	case keymap.SheetNext:
		v.viewer.Next()
	case keymap.SheetPrevious:
		v.viewer.Prev()
	case keymap.SheetCopy:
		return ui.CopyText(v.What, string(v.Copy))
	case keymap.SheetCopyHex:
		return ui.CopyText(v.What+" in hex", hex.EncodeToString(v.Copy))
	case keymap.SheetCopyBase64:
		return ui.CopyText(v.What+" in base64", base64.StdEncoding.EncodeToString(v.Copy))
	}
	return v.viewer.Work()
}

// find searches for a text; the empty one ends the search.
func (v *Sheet) find(text string) {
	v.Search.SetValue(text)
	v.viewer.Search(text)
}

// ask edits the search; the view jumps as one types.
func (v *Sheet) ask(msg tea.KeyMsg) {
	left := v.leaves(msg)
	switch {
	case left || msg.String() == "enter":
		v.typing = false
		v.Search.Blur()
		if left {
			v.find("")
		}
	case v.Search.Update(msg):
		v.viewer.Search(v.Search.Value())
	}
	v.refit()
}

// found says how the search stands.
func (v *Sheet) found() string {
	if _, n := v.viewer.Matches(); n > 0 {
		return v.viewer.Found() + " found"
	}
	return v.viewer.Found()
}

// Update takes what was counted in a large text.
func (v *Sheet) Update(msg tea.Msg) tea.Cmd { return v.viewer.Update(msg) }

// toggleHex shows the very bytes, or the text again; the search goes on in them.
func (v *Sheet) toggleHex() {
	if v.hex = !v.hex; v.hex {
		v.viewer.SetContent(v.Copy, viewer.Hex)
	} else {
		v.viewer.SetContent(v.shown(), v.Mode)
	}
	v.viewer.Search(v.Search.Value())
}

// Wheel scrolls.
func (v *Sheet) Wheel(turns int) tea.Cmd {
	v.viewer.ScrollBy(3 * turns)
	return nil
}

// Keys implements Box.
func (v *Sheet) Keys() string {
	if v.typing {
		return v.theme.Words("type to find · enter keeps it · {cancel} leaves the search")
	}
	return v.theme.Words("{lists.up}{lists.down} scroll · {sheet.search} search · {sheet.next-match} next · {sheet.hex} hex · " +
		"{sheet.copy} copy · {sheet.copy-hex} in hex · {sheet.copy-base64} in base64 · {cancel} closes")
}

// View implements Box.
func (v *Sheet) View() string {
	var lines []string
	for i, l := range v.lead {
		style := v.theme.Muted
		if i == 0 {
			style = v.theme.Text
		}
		lines = append(lines, " "+style.Render(l))
	}
	lines = append(lines, v.rule())
	if v.searching() {
		found := v.found()
		v.Search.Resize(max(1, v.w-max(20, ui.Width(found)+7)))
		lines = append(lines, " "+v.theme.Accent.Render("/ ")+v.Search.View()+"  "+v.theme.Muted.Render(found))
	}
	if len(v.Bytes) == 0 {
		lines = append(lines, v.theme.Muted.Render(" There is nothing in it."))
	} else {
		lines = append(lines, strings.Split(v.viewer.View(), "\n")...)
	}
	return v.bordered(v.Title, v.viewer.Position()+v.theme.Words(" · {sheet.hex} hex · {sheet.copy} copy · {cancel} "+
		"closes"), lines)
}
