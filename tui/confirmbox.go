package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// confirmBox asks before something that cannot be taken back, or says what
// must not be missed: then there is nothing to answer.
type confirmBox struct {
	box
	title         string
	question, why string
	yes           tea.Cmd // nil for a notice
	lines         []string
}

// newConfirm asks a question, which may have several lines.
func newConfirm(a *App, question, why string, yes tea.Cmd) *confirmBox {
	lines := strings.Split(question, "\n")
	for i, l := range lines {
		lines[i] = ui.Safe(l)
	}
	return &confirmBox{box: box{theme: a.theme}, title: "Confirm", question: strings.Join(lines, "\n"), why: why, yes: yes}
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
		return nil, key == "enter" || key == " " || c.leaves(msg, "", false)
	case key == "y" || key == "Y":
		return c.yes, true
	case key == "n" || key == "N" || c.leaves(msg, "", false):
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

// notify has things said that must not be missed.
func (a *App) notify(notices []string) { a.guide.notices = append(a.guide.notices, notices...) }

// showNotices says them once nothing is typed or asked: the next keys are meant
// for something else.
func (a *App) showNotices() {
	_, typing := a.typist()
	if len(a.guide.notices) == 0 || a.overlay != nil || typing || len(a.early.waiting) > 0 {
		return
	}
	a.open(newNotice(a, a.guide.notices))
	a.guide.notices = nil
}
