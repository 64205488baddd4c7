package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/runs"
	"countersign/tui/ui"
)

// overlay is a box over the screen that has all keys while it is open.
type overlay interface {
	resize(w, h int)
	key(msg tea.KeyMsg) (cmd tea.Cmd, done bool)
	mouse(msg tea.MouseMsg) tea.Cmd
	view() string
	keys() string // for the footer
	typing() bool
}

func (a *App) open(o overlay) {
	a.overlay = o
	o.resize(a.layout.width, a.layout.height)
}

// overlayKey gives the key to the overlay. ctrl+c means the same everywhere.
func (a *App) overlayKey(msg tea.KeyMsg) tea.Cmd {
	if msg.String() == "ctrl+c" {
		a.overlay = nil
		return a.interrupt()
	}
	if msg.Type == tea.KeyRunes && len(msg.Runes) > 1 && !msg.Alt && !msg.Paste && !a.overlay.typing() {
		return a.eachRune(msg)
	}
	current := a.overlay
	cmd, done := current.key(msg)
	if done && a.overlay == current {
		a.overlay = nil
	}
	return cmd
}

// box is the size and the frame that all overlays share.
type box struct {
	theme *ui.Theme
	w, h  int // outer
	x, y  int // of its corner on the screen
}

// within sets a size of at most w x h that leaves a margin of the screen.
func (b *box) within(screenW, screenH, w, h int) {
	b.w, b.h = max(10, min(w, screenW-2)), max(4, min(h, screenH-2))
	b.x, b.y = corner(screenW, screenH, b.w, b.h)
}

// motion is what a key does in the list or the text of a box, as the person has
// set it; "" where it does something else.
func (b *box) motion(msg tea.KeyMsg, typing bool) keymap.ID {
	if msg.Paste {
		return ""
	}
	return b.theme.Keys().InList(msg.String(), typing)
}

// corner places a box in the middle of the screen.
func corner(screenW, screenH, w, h int) (x, y int) {
	return max(0, (screenW-w)/2), max(0, (screenH-h)/2)
}

// clicked is an overlay that takes clicks. Coordinates are inside its frame,
// from 0.
type clicked interface {
	at(x, y int) (innerX, innerY int, inside bool)
	click(x, y int) (cmd tea.Cmd, done bool)
}

func (b *box) at(x, y int) (int, int, bool) {
	x, y = x-b.x-1, y-b.y-1
	return x, y, x >= 0 && y >= 0 && x < b.w-2 && y < b.h-2
}

// overlayMouse gives the mouse to the overlay; a click beside it leaves it, as
// esc does.
func (a *App) overlayMouse(msg tea.MouseMsg) tea.Cmd {
	current := a.overlay
	c, ok := current.(clicked)
	if !ok || msg.Action != tea.MouseActionPress || msg.Button != tea.MouseButtonLeft {
		return current.mouse(msg)
	}
	var cmd tea.Cmd
	var done bool
	if x, y, inside := c.at(msg.X, msg.Y); inside {
		cmd, done = c.click(x, y)
	} else {
		cmd, done = current.key(tea.KeyMsg{Type: tea.KeyEsc})
	}
	if done && a.overlay == current {
		a.overlay = nil
	}
	return cmd
}

func (b *box) frame(title, footer string, lines []string) string {
	return ui.Frame(b.theme, ui.FrameOpts{Title: title, Footer: footer, Focused: true, Width: b.w, Height: b.h},
		ui.Block(lines, b.w-2, b.h-2))
}

// prompt asks for a line of text. done takes it, or says why not.
type prompt struct {
	title string
	text  string
	done  func(string) (tea.Cmd, error)
}

type promptBox struct {
	box
	prompt
	input *ui.Input
	err   error // why the text was not taken
}

func (a *App) ask(p prompt) tea.Cmd {
	in := ui.NewInput(a.theme)
	in.SetValue(p.text)
	in.Focus()
	a.open(&promptBox{box: box{theme: a.theme}, prompt: p, input: in})
	return nil
}

func (p *promptBox) resize(w, h int) {
	p.within(w, h, 100, 4)
	p.input.Resize(p.w - 4)
}

func (p *promptBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch msg.String() {
	case "esc":
		return nil, true
	case "enter":
		cmd, err := p.done(p.input.Value())
		p.err = err
		return cmd, err == nil
	}
	if p.input.Update(msg) {
		p.err = nil
	}
	return nil, false
}

func (p *promptBox) mouse(tea.MouseMsg) tea.Cmd { return nil }

func (p *promptBox) view() string {
	note := p.theme.Muted.Render(" enter takes it · esc leaves it as it was")
	if p.err != nil {
		note = p.theme.Bad.Render(" ✗ " + ui.Safe(p.err.Error()))
	}
	return p.frame(ui.Safe(p.title), "", []string{" " + p.input.View(), note})
}

func (p *promptBox) keys() string { return "enter takes it · esc leaves it as it was" }
func (p *promptBox) typing() bool { return true }

// confirmBox asks before something that cannot be taken back, or says what
// must not be missed: then there is nothing to answer.
type confirmBox struct {
	box
	title         string
	question, why string
	yes           tea.Cmd // nil for a notice
	lines         []string
}

func newConfirm(a *App, question, why string, yes tea.Cmd) *confirmBox {
	return &confirmBox{box: box{theme: a.theme}, title: "Confirm", question: ui.Safe(question), why: why, yes: yes}
}

// newNotice says things at the start that the status line would cut or lose.
func newNotice(a *App, notices []string) *confirmBox {
	safe := make([]string, len(notices))
	for i, n := range notices {
		safe[i] = ui.Safe(n)
	}
	return &confirmBox{box: box{theme: a.theme}, title: "Please note", question: strings.Join(safe, "\n\n")}
}

func (c *confirmBox) resize(w, h int) {
	c.within(w, h, 76, h)
	c.lines = nil
	for _, l := range ui.Words(c.question, c.w-4) {
		c.lines = append(c.lines, " "+c.theme.Warn.Render(l))
	}
	if c.why != "" {
		for _, l := range ui.Words(ui.Safe(c.why), c.w-4) {
			c.lines = append(c.lines, " "+c.theme.Muted.Render(l))
		}
	}
	c.within(w, h, 76, min(len(c.lines)+4, max(4, h-2)))
}

func (c *confirmBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch key := msg.String(); {
	case c.yes == nil:
		return nil, key == "esc" || key == "enter" || key == "q" || key == " "
	case key == "y" || key == "Y":
		return c.yes, true
	case key == "n" || key == "N" || key == "esc" || key == "q":
		return nil, true
	}
	return nil, false
}

func (c *confirmBox) mouse(tea.MouseMsg) tea.Cmd { return nil }

// click answers on the row of the answers.
func (c *confirmBox) click(x, y int) (tea.Cmd, bool) {
	switch {
	case y != c.h-3:
		return nil, false
	case c.yes == nil:
		return nil, true
	case x < len(" y yes  "):
		return c.yes, true
	case x >= len(" y yes    "):
		return nil, true
	}
	return nil, false
}

func (c *confirmBox) keys() string {
	if c.yes == nil {
		return "enter closes"
	}
	return "y yes · n no"
}

func (c *confirmBox) typing() bool { return false }

// view keeps the last row for the keys, whatever the height.
func (c *confirmBox) view() string {
	room := c.h - 3
	lines := append([]string{}, c.lines[:min(len(c.lines), max(0, room))]...)
	if len(lines) < room {
		lines = append(lines, "")
	}
	answer := " " + c.theme.Key.Render("enter") + " closes"
	if c.yes != nil {
		answer = " " + c.theme.Key.Render("y") + " yes    " + c.theme.Key.Render("n") + " no"
	}
	return c.frame(c.title, "", append(lines, answer))
}

// helpBox lists all keys of the focused pane and of everywhere.
type helpBox struct {
	box
	sections []helpSection
	lines    []string
	scroll   int
}

type helpSection struct {
	name string
	rows []helpRow
}

type helpRow struct{ keys, long, refused string }

func newHelp(a *App) *helpBox {
	h := &helpBox{box: box{theme: a.theme}}
	section := func(name string, s keymap.Scope) {
		rows := make([]helpRow, 0, 32)
		for _, action := range a.keys.In(s) {
			refused := a.refuses(action)
			if action.Text {
				refused = ""
			}
			rows = append(rows, helpRow{action.AllKeys(), action.Long, refused})
		}
		h.sections = append(h.sections, helpSection{name, rows})
	}
	if tab := a.scope(); tab != a.focus {
		section(title(tab), tab)
	}
	section(title(a.focus), a.focus)
	if a.focus == keymap.Runs {
		h.sections = append(h.sections, signs())
	}
	section("Everywhere", keymap.Global)
	section("Boxes and lists over the screen", keymap.Lists)
	return h
}

// signs explain what the list of runs shows.
func signs() helpSection {
	s := helpSection{name: "Signs in the list"}
	for _, sign := range runs.Signs() {
		s.rows = append(s.rows, helpRow{keys: sign[0], long: sign[1]})
	}
	return s
}

// helpKeys is the width of the column of keys.
const helpKeys = 20

func (h *helpBox) resize(w, hgt int) {
	h.within(w, hgt, 90, hgt)
	h.lines = nil
	column := min(helpKeys, (h.w-4)/3)
	for _, s := range h.sections {
		h.lines = append(h.lines, " "+h.theme.Title.Render(s.name))
		for _, r := range s.rows {
			keys := ui.Fit(ui.Truncate(r.keys, column), column)
			for i, l := range ui.Words(r.long, h.w-6-column) {
				if i > 0 {
					keys = strings.Repeat(" ", column)
				}
				h.lines = append(h.lines, "  "+h.theme.Key.Render(keys)+" "+h.theme.Text.Render(l))
			}
			if r.refused != "" {
				for _, l := range ui.Words("not now: "+ui.Safe(r.refused), h.w-6-column) {
					h.lines = append(h.lines, strings.Repeat(" ", column+3)+h.theme.Muted.Render(l))
				}
			}
		}
		h.lines = append(h.lines, "")
	}
	h.within(w, hgt, 90, len(h.lines)+2)
	h.move(0)
}

func (h *helpBox) move(by int) {
	h.scroll = max(0, min(h.scroll+by, len(h.lines)-(h.h-2)))
}

func (h *helpBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch h.motion(msg, false) {
	case keymap.ListsUp:
		h.move(-1)
	case keymap.ListsDown:
		h.move(1)
	case keymap.ListsPageUp:
		h.move(2 - h.h)
	case keymap.ListsPageDn:
		h.move(h.h - 2)
	case keymap.ListsTop:
		h.move(-len(h.lines))
	case keymap.ListsBottom:
		h.move(len(h.lines))
	default:
		switch msg.String() {
		case "esc", "?", "q", "f1", "enter":
			return nil, true
		case " ":
			h.move(h.h - 2)
		}
	}
	return nil, false
}

func (h *helpBox) mouse(msg tea.MouseMsg) tea.Cmd {
	h.move(3 * ui.Turned(msg))
	return nil
}

func (h *helpBox) click(int, int) (tea.Cmd, bool) { return nil, false }

func (h *helpBox) keys() string { return "↑↓ scroll · esc closes" }
func (h *helpBox) typing() bool { return false }

func (h *helpBox) view() string {
	end := min(len(h.lines), h.scroll+h.h-2)
	footer := "esc closes"
	if len(h.lines) > h.h-2 {
		footer = fmt.Sprintf("%d–%d of %d · ↑↓ scroll · esc closes", h.scroll+1, end, len(h.lines))
	}
	return h.frame("Keys", footer, h.lines[h.scroll:end])
}
