package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/runs"
	"countersign/tui/ui"
)

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
	section("Texts over the screen", keymap.Sheet)
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

// refusal says why a row cannot be done now: once below all those that stand
// together and cannot for the same reason.
func (s helpSection) refusal(i int) string {
	why := s.rows[i].refused
	if why == "" || i+1 < len(s.rows) && s.rows[i+1].refused == why {
		return ""
	}
	n := 1
	for n <= i && s.rows[i-n].refused == why {
		n++
	}
	if n == 1 {
		return "not now: " + ui.Safe(why)
	}
	return fmt.Sprintf("these %d not now: %s", n, ui.Safe(why))
}

// helpKeys is the width of the column of keys.
const helpKeys = 20

func (h *helpBox) resize(w, hgt int) {
	h.within(w, hgt, 90, hgt)
	h.lines = nil
	column := min(helpKeys, (h.w-4)/3)
	for _, s := range h.sections {
		h.lines = append(h.lines, " "+h.theme.Title.Render(s.name))
		for i, r := range s.rows {
			style := h.theme.Text
			if r.refused != "" {
				style = h.theme.Muted
			}
			keys := ui.Fit(ui.Truncate(r.keys, column), column)
			for _, l := range ui.Words(r.long, h.w-6-column) {
				h.lines = append(h.lines, "  "+h.theme.Key.Render(keys)+" "+style.Render(l))
				keys = strings.Repeat(" ", column)
			}
			if why := s.refusal(i); why != "" {
				for _, l := range ui.Words(why, h.w-6-column) {
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
	does := h.motion(msg, false)
	if does == keymap.ListsTick {
		does = keymap.ListsPageDn
	}
	if m, moved := ui.MoveOf(does); moved {
		h.move(m.Rows(h.h - 1))
		return nil, false
	}
	opened := keymap.Help
	if h.theme.Keys().Has(keymap.HelpAnywhere, msg.String()) {
		opened = keymap.HelpAnywhere
	}
	return nil, msg.String() == "enter" || h.leaves(msg, opened, false)
}

func (h *helpBox) mouse(msg tea.MouseMsg) tea.Cmd {
	h.move(3 * ui.Turned(msg))
	return nil
}

func (h *helpBox) click(int, int) (tea.Cmd, bool) { return nil, false }

func (h *helpBox) keys() string {
	return h.theme.Words("{lists.up}{lists.down} scroll · {cancel} closes")
}

func (h *helpBox) typing() bool { return false }

func (h *helpBox) view() string {
	end := min(len(h.lines), h.scroll+h.h-2)
	footer := h.theme.Words("{cancel} closes")
	if len(h.lines) > h.h-2 {
		footer = fmt.Sprintf("%d–%d of %d · ", h.scroll+1, end, len(h.lines)) + h.keys()
	}
	return h.frame("Keys", footer, h.lines[h.scroll:end])
}
