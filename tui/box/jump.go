package box

import (
	"cmp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// Jump puts letters on everything that can be gone to: panes, their tabs, the
// rows of their lists. The letters typed go there.
type Jump struct {
	frame
	places func() []ui.Target
	Marks  []Mark // from top to bottom
	typed  string
}

// Mark is a place with its letters.
type Mark struct {
	ui.Target
	Label string
}

// jumpLetters are the letters of the labels, those under strong fingers first.
const jumpLetters = "asdfghjklqwertyuiopzxcvbnm"

// NewJump makes the box. places are those on the screen as it is now.
func NewJump(theme *ui.Theme, places func() []ui.Target) *Jump {
	return &Jump{frame: frame{theme: theme}, places: places}
}

// Resize labels what is on the screen.
func (j *Jump) Resize(_, _ int) {
	places := j.places()
	slices.SortFunc(places, func(p, q ui.Target) int { return cmp.Or(p.Y-q.Y, p.X-q.X) })
	j.Marks, j.typed = nil, ""
	for i, label := range jumpLabels(len(places)) {
		j.Marks = append(j.Marks, Mark{places[i], label})
	}
}

// jumpLabels returns n labels, none of which begins another: one letter each
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

// Key implements Box.
func (j *Jump) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if msg.Type != tea.KeyRunes || len(msg.Runes) != 1 || msg.Paste {
		return nil, true
	}
	j.typed += strings.ToLower(string(msg.Runes))
	open := false
	for _, m := range j.Marks {
		if m.Label == j.typed {
			return m.Go(), true
		}
		open = open || strings.HasPrefix(m.Label, j.typed)
	}
	return nil, !open
}

// Keys implements Box.
func (j *Jump) Keys() string { return "type the letters of where to go · esc stays here" }

// View implements Box.
func (j *Jump) View() string { return "" }

// draw puts the labels over the screen.
func (j *Jump) draw(rows []string, w int) []string {
	for i := len(j.Marks) - 1; i >= 0; i-- {
		m := j.Marks[i]
		if m.Y >= len(rows) || !strings.HasPrefix(m.Label, j.typed) {
			continue
		}
		label := ui.Truncate(m.Label, max(0, w-m.X))
		style := j.theme.BadgeWarn
		row := rows[m.Y]
		rows[m.Y] = ui.Cells(row, 0, m.X) + style.Render(label) + ui.Cells(row, m.X+ui.Width(label), w)
	}
	return rows
}
