package box

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/viewport"
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// scroller is a box with a text that may be longer than the box.
type scroller struct {
	frame
	text viewport.Model
}

// show sets the text, already wrapped, and how many rows of the box it has.
func (s *scroller) show(lines []string, rows int) {
	s.text.Width, s.text.Height = s.w-2, max(0, rows)
	s.text.SetContent(strings.Join(lines, "\n"))
	s.scroll(0)
}

// Top returns the first line that is shown, from 0.
func (s *scroller) Top() int { return s.text.YOffset }

func (s *scroller) scroll(by int) { s.text.SetYOffset(s.text.YOffset + by) }

// turn scrolls by a key of the lists.
func (s *scroller) turn(msg tea.KeyMsg) (turned bool) {
	does := s.motion(msg)
	if does == keymap.ListsTick {
		does = keymap.ListsPageDn
	}
	m, turned := ui.MoveOf(does)
	s.scroll(m.Rows(s.text.Height + 1))
	return turned
}

// Wheel scrolls.
func (s *scroller) Wheel(turns int) tea.Cmd {
	s.scroll(3 * turns)
	return nil
}

// place says which lines are shown where there are more, "" where all are.
func (s *scroller) place() string {
	n := s.text.TotalLineCount()
	if n <= s.text.Height {
		return ""
	}
	return fmt.Sprintf("%d–%d of %d · ", s.Top()+1, s.Top()+s.text.VisibleLineCount(), n) +
		s.theme.Words("{lists.up}{lists.down} scroll")
}
