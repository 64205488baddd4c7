package tui

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/history"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// facetsCounted is how many runs each filter finds.
type facetsCounted struct {
	facets []history.Facet
	err    error
}

// filterBox chooses filters of the list of runs, with how many each finds.
type filterBox struct {
	box
	app     *App
	facets  []history.Facet
	waiting bool
	err     error
	list    ui.List
}

func (a *App) openFilters() tea.Cmd {
	a.open(&filterBox{box: box{theme: a.theme}, app: a, waiting: true})
	store := a.services.History
	return func() tea.Msg {
		facets, err := store.Facets(context.Background())
		return facetsCounted{facets, err}
	}
}

// take shows the counts. What nothing is found with is left out, unless it is
// chosen.
func (f *filterBox) take(msg facetsCounted) {
	f.waiting, f.err = false, msg.err
	f.facets = slices.DeleteFunc(msg.facets, func(x history.Facet) bool { return x.Count == 0 && !f.chosen(x.Filter) })
	f.resize(f.app.layout.width, f.app.layout.height)
}

func (f *filterBox) resize(w, h int) {
	f.within(w, h, 64, max(6, len(f.facets)+3))
	f.list.Len, f.list.Height = len(f.facets), max(1, f.h-3)
	f.list.To(f.list.Cursor)
}

// words are those of the search.
func (f *filterBox) words() []string { return strings.Fields(f.app.panes.runs.Filter()) }

func (f *filterBox) chosen(filter string) bool { return slices.Contains(f.words(), filter) }

// toggle adds a filter to the search in place of another of its kind, or takes
// it away.
func (f *filterBox) toggle(filter string) tea.Cmd {
	words := f.words()
	if at := slices.Index(words, filter); at >= 0 {
		words = slices.Delete(words, at, at+1)
	} else {
		key, _, valued := strings.Cut(filter, ":")
		words = slices.DeleteFunc(words, func(w string) bool { return valued && strings.HasPrefix(w, key+":") })
		words = append(words, filter)
	}
	return f.app.panes.runs.SetFilter(strings.Join(words, " "))
}

func (f *filterBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	does, enter := f.motion(msg, false), msg.String() == "enter"
	switch {
	case f.list.Act(does):
		return nil, false
	case does == keymap.ListsClear:
		return f.app.panes.runs.SetFilter(""), false
	case (enter || does == keymap.ListsTick) && f.list.Cursor < len(f.facets):
		return f.toggle(f.facets[f.list.Cursor].Filter), enter
	}
	return nil, f.leaves(msg, "runs.filter", false)
}

func (f *filterBox) mouse(msg tea.MouseMsg) tea.Cmd {
	f.list.Wheel(msg)
	return nil
}

// click chooses the filter under the mouse, or takes it away.
func (f *filterBox) click(_, y int) (tea.Cmd, bool) {
	if !f.list.Click(y - 1) {
		return nil, false
	}
	return f.toggle(f.facets[f.list.Cursor].Filter), false
}

func (f *filterBox) keys() string {
	return f.theme.Words("{lists.up}{lists.down} · {lists.tick} chooses · enter chooses and closes · {lists.clear} clears · {cancel} closes")
}
func (f *filterBox) typing() bool { return false }

func (f *filterBox) view() string {
	text := f.app.panes.runs.Filter()
	head := f.theme.Muted.Render(" all runs are shown")
	if text != "" {
		head = " " + f.theme.Accent.Render("/ ") + f.theme.Text.Render(ui.Safe(text))
	}
	lines := []string{ui.Fit(head, f.w-2)}
	switch {
	case f.waiting:
		lines = append(lines, f.theme.Muted.Render(" counting…"))
	case f.err != nil:
		lines = append(lines, f.theme.Bad.Render(" ✗ "+ui.Safe(f.err.Error())))
	case len(f.facets) == 0:
		lines = append(lines, f.theme.Muted.Render(" There are no runs yet"))
	}
	lines = append(lines, f.list.Lines(func(i int) string { return f.line(f.facets[i], i == f.list.Cursor) })...)
	return f.frame("Show only", f.theme.Words("{lists.tick} chooses · {lists.clear} clears · {cancel} closes"), lines)
}

func (f *filterBox) line(x history.Facet, here bool) string {
	w := f.w - 2
	tick := "[ ]"
	if f.chosen(x.Filter) {
		tick = "[✓]"
	}
	count := " " + strconv.Itoa(x.Count) + " "
	room := max(0, w-ui.Width(count))
	text := ui.Fit(ui.Truncate(fmt.Sprintf(" %s %s  %s", tick, ui.Safe(x.Filter), says(x.Filter)), room), room)
	if here {
		return f.theme.Selection.Render(text + count)
	}
	return f.theme.Text.Render(text) + f.theme.Muted.Render(count)
}

// says explains the filters that do not speak for themselves.
func says(filter string) string {
	return map[string]string{
		"status:S": "success", "status:F": "failed", "status:U": "unknown: inquire", "status:A": "accepted",
		"status:unknown": "begun, never completed", "status:lost": "sent, no answer", "status:failed": "nothing was sent",
		"status:answered": "a response arrived", "status:canceled": "stopped",
		"verdict:bad": "a signature does not verify", "tampered": "made wrong on purpose", "pinned": "kept", "named": "with a name",
	}[filter]
}
