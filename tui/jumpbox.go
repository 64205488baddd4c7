package tui

import (
	"sort"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// jumpBox puts letters on everything that can be gone to: panes, their tabs,
// the rows of their lists. The letters typed go there.
type jumpBox struct {
	app   *App
	marks []jumpMark
	typed string
}

type jumpMark struct {
	label string
	x, y  int // on the screen
	run   func() tea.Cmd
}

// jumpLetters are the letters of the labels, those under strong fingers first.
const jumpLetters = "asdfghjklqwertyuiopzxcvbnm"

func newJump(a *App) *jumpBox {
	j := &jumpBox{app: a}
	j.find()
	return j
}

// find labels what is on the screen, from top to bottom.
func (j *jumpBox) find() {
	a := j.app
	j.marks = nil
	for scope, r := range a.layout.panes {
		j.marks = append(j.marks, jumpMark{x: r.x + 2, y: r.y, run: func() tea.Cmd { a.setFocus(scope); return nil }})
		pane, ok := a.panes.get(scope).(ui.Jumped)
		if !ok {
			continue
		}
		for _, t := range pane.Targets() {
			j.marks = append(j.marks, jumpMark{x: r.x + 1 + t.X, y: r.y + 1 + t.Y, run: func() tea.Cmd {
				a.setFocus(scope)
				return t.Go()
			}})
		}
	}
	if a.layout.shape == single {
		at := 0
		for _, c := range a.stripCells() {
			j.marks = append(j.marks, jumpMark{x: at, y: headRows, run: func() tea.Cmd { a.setFocus(c.scope); return nil }})
			at += ui.Width(c.text)
		}
	}
	sort.Slice(j.marks, func(p, q int) bool {
		return j.marks[p].y < j.marks[q].y || j.marks[p].y == j.marks[q].y && j.marks[p].x < j.marks[q].x
	})
	for i, label := range jumpLabels(len(j.marks)) {
		j.marks[i].label = label
	}
}

// jumpLabels gives n labels, none of which begins another: one letter each
// while there are enough, else some letters begin labels of two.
func jumpLabels(n int) []string {
	letters := strings.Split(jumpLetters, "")
	long := 0 // letters that begin labels of two
	for long < len(letters) && len(letters)-long+long*len(letters) < n {
		long++
	}
	labels := append([]string{}, letters[:len(letters)-long]...)
	for _, first := range letters[len(letters)-long:] {
		for _, second := range letters {
			labels = append(labels, first+second)
		}
	}
	return labels[:min(n, len(labels))]
}

func (j *jumpBox) resize(_, _ int) { j.find(); j.typed = "" }

func (j *jumpBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if msg.Type != tea.KeyRunes || len(msg.Runes) != 1 || msg.Paste {
		return nil, true
	}
	j.typed += strings.ToLower(string(msg.Runes))
	open := false
	for _, m := range j.marks {
		if m.label == j.typed {
			return m.run(), true
		}
		open = open || strings.HasPrefix(m.label, j.typed)
	}
	return nil, !open
}

func (j *jumpBox) mouse(tea.MouseMsg) tea.Cmd { return nil }
func (j *jumpBox) keys() string               { return "type the letters of where to go · esc stays here" }
func (j *jumpBox) typing() bool               { return false }
func (j *jumpBox) view() string               { return "" }

// draw puts the labels over the screen.
func (j *jumpBox) draw(rows []string, w int) []string {
	for i := len(j.marks) - 1; i >= 0; i-- {
		m := j.marks[i]
		if m.y >= len(rows) || !strings.HasPrefix(m.label, j.typed) {
			continue
		}
		label := ui.Truncate(m.label, max(0, w-m.x))
		style := j.app.theme.BadgeWarn
		row := rows[m.y]
		rows[m.y] = ui.Cells(row, 0, m.x) + style.Render(label) + ui.Cells(row, m.x+ui.Width(label), w)
	}
	return rows
}

// painted is an overlay that is drawn on the screen itself, not in a box.
type painted interface {
	draw(rows []string, w int) []string
}
