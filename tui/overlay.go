package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// overlay is a box over the screen that has all keys while it is open.
type overlay interface {
	resize(w, h int)
	key(msg tea.KeyMsg) (cmd tea.Cmd, done bool)
	mouse(msg tea.MouseMsg) tea.Cmd
	view() string
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
}

// within sets a size of at most w x h that leaves a margin of the screen.
func (b *box) within(screenW, screenH, w, h int) {
	b.w, b.h = max(10, min(w, screenW-2)), max(4, min(h, screenH-2))
}

func (b *box) frame(title, footer string, lines []string) string {
	return ui.Frame(b.theme, ui.FrameOpts{Title: title, Footer: footer, Focused: true, Width: b.w, Height: b.h},
		ui.Block(lines, b.w-2, b.h-2))
}

// prompt asks for a line of text.
type prompt struct {
	title string
	text  string
	done  func(string) tea.Cmd
}

type promptBox struct {
	box
	prompt
	input *ui.Input
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
		return p.done(p.input.Value()), true
	}
	p.input.Update(msg)
	return nil, false
}

func (p *promptBox) mouse(tea.MouseMsg) tea.Cmd { return nil }

func (p *promptBox) view() string {
	return p.frame(ui.Safe(p.title), "", []string{
		" " + p.input.View(),
		p.theme.Muted.Render(" enter takes it · esc leaves it as it was"),
	})
}

// confirmBox asks before something that cannot be taken back.
type confirmBox struct {
	box
	question, why string
	yes           tea.Cmd
}

func newConfirm(a *App, question, why string, yes tea.Cmd) *confirmBox {
	return &confirmBox{box: box{theme: a.theme}, question: question, why: why, yes: yes}
}

func (c *confirmBox) resize(w, h int) { c.within(w, h, 72, 8) }

func (c *confirmBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch msg.String() {
	case "y", "Y":
		return c.yes, true
	case "n", "N", "esc", "q":
		return nil, true
	}
	return nil, false
}

func (c *confirmBox) mouse(tea.MouseMsg) tea.Cmd { return nil }

func (c *confirmBox) view() string {
	var lines []string
	for _, l := range ui.Words(ui.Safe(c.question), c.w-4) {
		lines = append(lines, " "+c.theme.Warn.Render(l))
	}
	for _, l := range ui.Words(ui.Safe(c.why), c.w-4) {
		lines = append(lines, " "+c.theme.Muted.Render(l))
	}
	lines = append(lines, "", " "+c.theme.Key.Render("y")+" yes    "+c.theme.Key.Render("n")+" no")
	return c.frame("Confirm", "", lines)
}

// helpBox lists all keys of the focused pane and of everywhere.
type helpBox struct {
	box
	lines  []string
	scroll int
}

func newHelp(a *App) *helpBox {
	h := &helpBox{box: box{theme: a.theme}}
	section := func(name string, s keymap.Scope) {
		h.lines = append(h.lines, " "+a.theme.Title.Render(name))
		for _, action := range a.keys.In(s) {
			keys := ui.Fit(ui.Truncate(action.AllKeys(), 20), 20)
			line := "  " + a.theme.Key.Render(keys) + " " + a.theme.Text.Render(action.Long)
			h.lines = append(h.lines, line)
			if why := a.refuses(action); why != "" {
				h.lines = append(h.lines, strings.Repeat(" ", 23)+a.theme.Muted.Render("not now: "+ui.Safe(why)))
			}
		}
		h.lines = append(h.lines, "")
	}
	section(title(a.focus), a.focus)
	section("Everywhere", keymap.Global)
	return h
}

func (h *helpBox) resize(w, hgt int) {
	h.within(w, hgt, 90, len(h.lines)+2)
	h.move(0)
}

func (h *helpBox) move(by int) {
	h.scroll = max(0, min(h.scroll+by, len(h.lines)-(h.h-2)))
}

func (h *helpBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch msg.String() {
	case "esc", "?", "q", "f1", "enter":
		return nil, true
	case "up", "k":
		h.move(-1)
	case "down", "j":
		h.move(1)
	case "pgup":
		h.move(2 - h.h)
	case "pgdown", " ":
		h.move(h.h - 2)
	case "home", "g":
		h.move(-len(h.lines))
	case "end", "G":
		h.move(len(h.lines))
	}
	return nil, false
}

func (h *helpBox) mouse(msg tea.MouseMsg) tea.Cmd {
	switch msg.Button {
	case tea.MouseButtonWheelUp:
		h.move(-3)
	case tea.MouseButtonWheelDown:
		h.move(3)
	}
	return nil
}

func (h *helpBox) view() string {
	end := min(len(h.lines), h.scroll+h.h-2)
	footer := "esc closes"
	if len(h.lines) > h.h-2 {
		footer = fmt.Sprintf("%d–%d of %d · ↑↓ scroll · esc closes", h.scroll+1, end, len(h.lines))
	}
	return h.frame("Keys", footer, h.lines[h.scroll:end])
}
