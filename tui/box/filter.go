package box

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

// counted is how many runs each filter finds.
type counted struct {
	facets []history.Facet
	err    error
}

// Filter chooses filters of the list of runs, with how many each finds.
type Filter struct {
	listed
	runs    Filtered
	Facets  []history.Facet
	waiting bool
	err     error
}

// Filtered is a list of runs that shows what a search finds: words, some of them
// filters such as status:F.
type Filtered interface {
	Filter() string
	SetFilter(search string) tea.Cmd
}

// NewFilter makes the box. Count counts what each filter finds.
func NewFilter(theme *ui.Theme, runs Filtered) *Filter {
	f := &Filter{runs: runs, waiting: true}
	f.frame = frame{theme: theme, opener: "runs.filter", keys: "{lists.up}{lists.down} · {lists.tick} chooses · enter " +
		"chooses and closes · {lists.clear} clears · {cancel} closes"}
	return f
}

// Count counts what each filter finds; the answer is for Update.
func (f *Filter) Count(store *history.Store) tea.Cmd {
	return func() tea.Msg {
		facets, err := store.Facets(context.Background())
		return counted{facets, err}
	}
}

// Update shows the counts. What nothing is found with is left out, unless it is
// chosen.
func (f *Filter) Update(msg tea.Msg) tea.Cmd {
	if msg, ok := msg.(counted); ok {
		f.waiting, f.err = false, msg.err
		f.Facets = slices.DeleteFunc(msg.facets, func(x history.Facet) bool { return x.Count == 0 && !f.chosen(x.Filter) })
		f.Resize(f.screen.w, f.screen.h)
	}
	return nil
}

// Resize implements Box.
func (f *Filter) Resize(w, h int) {
	f.List.Len = len(f.Facets)
	f.fit(w, h, 64, max(6, len(f.Facets)+3), 3)
}

// words are those of the search.
func (f *Filter) words() []string { return strings.Fields(f.runs.Filter()) }

func (f *Filter) chosen(filter string) bool { return slices.Contains(f.words(), filter) }

// toggle adds a filter to the search in place of another of its kind, or takes
// it away.
func (f *Filter) toggle(filter string) tea.Cmd {
	words := f.words()
	if at := slices.Index(words, filter); at >= 0 {
		words = slices.Delete(words, at, at+1)
	} else {
		key, _, valued := strings.Cut(filter, ":")
		words = slices.DeleteFunc(words, func(w string) bool { return valued && strings.HasPrefix(w, key+":") })
		words = append(words, filter)
	}
	return f.runs.SetFilter(strings.Join(words, " "))
}

// Key implements Box.
func (f *Filter) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	does, enter := f.motion(msg), msg.String() == "enter"
	switch {
	case f.List.Act(does):
		return nil, false
	case does == keymap.ListsClear:
		return f.runs.SetFilter(""), false
	case (enter || does == keymap.ListsTick) && f.List.Cursor < len(f.Facets):
		return f.toggle(f.Facets[f.List.Cursor].Filter), enter
	}
	return nil, f.leaves(msg)
}

// Click chooses the filter under the mouse, or takes it away.
func (f *Filter) Click(_, y int) (tea.Cmd, bool) {
	if !f.List.Click(y - 1) {
		return nil, false
	}
	return f.toggle(f.Facets[f.List.Cursor].Filter), false
}

// View implements Box.
func (f *Filter) View() string {
	text := f.runs.Filter()
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
	case len(f.Facets) == 0:
		lines = append(lines, f.theme.Muted.Render(" There are no runs yet"))
	}
	lines = append(lines, f.List.Lines(func(i int) string { return f.line(f.Facets[i], i == f.List.Cursor) })...)
	return f.bordered("Show only", f.theme.Words("{lists.tick} chooses · {lists.clear} clears · {cancel} closes"), lines)
}

func (f *Filter) line(x history.Facet, here bool) string {
	tick, t := "[ ]", f.theme
	if f.chosen(x.Filter) {
		tick = "[✓]"
	}
	count := " " + strconv.Itoa(x.Count) + " "
	text := ui.Fit(fmt.Sprintf(" %s %s  %s", tick, ui.Safe(x.Filter), says(x.Filter)), f.w-2-ui.Width(count))
	return t.Row(here, f.w-2, t.Text.On(text), t.Muted.On(count))
}

// says explains the filters that do not speak for themselves.
func says(filter string) string {
	return map[string]string{
		"status:S": "success", "status:F": "failed", "status:U": "unknown: query it", "status:A": "accepted",
		"status:unknown": "begun, never completed", "status:lost": "sent, no answer", "status:failed": "nothing was sent",
		"status:answered": "a response arrived", "status:canceled": "stopped",
		"verdict:bad": "a signature does not verify", "tampered": "made wrong on purpose", "pinned": "kept",
		"named": "with a name",
	}[filter]
}
