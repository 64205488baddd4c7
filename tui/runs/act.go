package runs

import (
	"context"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/history"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// What the pane asks the root for, or tells it.
type (
	// CompareAsked asks for two runs side by side: With, which is the older one,
	// and Run. A nil With is the run before of the same endpoint.
	CompareAsked struct {
		Run  history.Run
		With *history.Run
	}
	// NameAsked asks a person for the name of a run; Rename takes it.
	NameAsked struct{ ID, Name string }
	// Changed says that the pane has changed the history.
	Changed struct{}
)

// changed is how a change of the history ended.
type changed struct {
	says    string
	err     error
	deleted []string // what undo brings back, where something was deleted
	back    []string // what came back
	pinned  []string // what was pinned, or no longer
	pin     bool
}

// Refuses says why an action is not possible now.
func (p *Pane) Refuses(id keymap.ID) string {
	switch id {
	case keymap.Cancel:
		if !p.searching() && len(p.marked) == 0 {
			return "There is no search to leave"
		}
	case keymap.RunsLoad, keymap.RunsAgain, keymap.RunsExact, keymap.RunsMark, keymap.RunsCompare, keymap.RunsPin, keymap.RunsName,
		keymap.RunsDelete, keymap.Copy, keymap.Diagnose:
		switch {
		case len(p.runs) == 0 && p.searching():
			return p.theme.Words("No run is shown: {cancel} leaves the search")
		case len(p.runs) == 0:
			return p.theme.Words("There is no run yet: {send} sends one")
		case id == keymap.RunsCompare && len(p.marked) > 2:
			return fmt.Sprintf("Two can be compared, %d are marked", len(p.marked)) + p.theme.Words(": {runs.mark} unmarks, {cancel} all")
		}
	case keymap.RunsUndo:
		if len(p.deleted) == 0 {
			return "Nothing was deleted since the start"
		}
	case keymap.RunsSearch, keymap.RunsFilter:
		if p.store == nil {
			return "Still starting: a moment"
		}
	}
	return ""
}

// Act does an action.
func (p *Pane) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.RunsLoad:
		return ui.Emit(Opened{ID: p.currentID()})
	case keymap.RunsAgain:
		return ui.Emit(AgainAsked{ID: p.currentID()})
	case keymap.RunsExact:
		return ui.Emit(ExactAsked{ID: p.currentID()})
	case keymap.Diagnose:
		return ui.Emit(WhyAsked{ID: p.currentID()})
	case keymap.RunsSearch:
		p.typing = true
		p.search.Focus()
		p.fit()
	case keymap.RunsFilter:
		return ui.Emit(FilterAsked{Text: p.search.Value()})
	case keymap.Cancel:
		return p.cancel()
	case keymap.RunsTop:
		return p.toTop()
	case keymap.RunsBottom:
		return p.toEnd()
	case keymap.Copy:
		return ui.CopyText("run id", p.currentID())
	case keymap.RunsMark:
		p.mark()
	case keymap.RunsCompare:
		return p.compare()
	case keymap.RunsPin:
		return p.pin()
	case keymap.RunsName:
		r, _ := p.current()
		return ui.Emit(NameAsked{ID: r.ID, Name: r.Name})
	case keymap.RunsDelete:
		return p.remove()
	case keymap.RunsUndo:
		return p.undo()
	default:
		p.move(id)
	}
	return p.more()
}

func (p *Pane) move(id keymap.ID) {
	switch id {
	case keymap.RunsUp:
		p.list.Move(-1)
	case keymap.RunsDown:
		p.list.Move(1)
	case keymap.RunsPageUp:
		p.list.PageBy(-1)
	case keymap.RunsPageDn:
		p.list.PageBy(1)
	}
}

// cancel leaves the search; where there is none it takes the marks away.
func (p *Pane) cancel() tea.Cmd {
	if !p.searching() {
		p.marked = nil
		return nil
	}
	p.search.SetValue("")
	p.stopTyping()
	return p.searchAnew()
}

// mark marks the run under the cursor, or unmarks it, and goes on to the next.
func (p *Pane) mark() {
	r, _ := p.current()
	if at := p.markedAt(r.ID); at >= 0 {
		p.marked = slices.Delete(p.marked, at, at+1)
	} else {
		p.marked = append(p.marked, r)
	}
	p.list.Move(1)
}

func (p *Pane) markedAt(id string) int {
	return slices.IndexFunc(p.marked, func(r history.Run) bool { return r.ID == id })
}

// Marked gives the runs that are marked, in the order of marking. They stay as
// they are: a command may read them.
func (p *Pane) Marked() []history.Run { return slices.Clone(p.marked) }

// compare asks for the marked two; for the marked one and that under the
// cursor; or for that one and the run before it of the same endpoint.
func (p *Pane) compare() tea.Cmd {
	newer, _ := p.current()
	var with *history.Run
	switch {
	case len(p.marked) == 2:
		newer, with = p.marked[0], &p.marked[1]
	case len(p.marked) == 1 && p.marked[0].ID != newer.ID:
		with = &p.marked[0]
	}
	asked := CompareAsked{Run: newer}
	if with != nil {
		older := *with
		if older.Seq > asked.Run.Seq {
			older, asked.Run = asked.Run, older
		}
		asked.With = &older
	}
	return ui.Emit(asked)
}

// chosen are the marked runs or, without marks, the one under the cursor.
func (p *Pane) chosen() []history.Run {
	if len(p.marked) > 0 {
		return p.marked
	}
	if r, ok := p.current(); ok {
		return []history.Run{r}
	}
	return nil
}

func idsOf(runs []history.Run) []string {
	ids := make([]string, len(runs))
	for i, r := range runs {
		ids[i] = r.ID
	}
	return ids
}

// remove deletes what is chosen. The rows go at once, so that the next key
// means the next run.
func (p *Pane) remove() tea.Cmd {
	ids := idsOf(p.chosen())
	gone := func(r history.Run) bool { return slices.Contains(ids, r.ID) }
	before := 0
	for _, r := range p.runs[:p.list.Cursor] {
		if gone(r) {
			before++
		}
	}
	p.runs = slices.DeleteFunc(p.runs, gone)
	p.marked = nil
	p.list.Cursor -= before
	p.fit()
	store := p.store
	undo := p.theme.Words("{runs.undo} brings ")
	return func() tea.Msg {
		n, err := store.Delete(context.Background(), ids...)
		return changed{says: runsWord(n) + " deleted: " + undo + pronoun(n) + " back", err: err, deleted: ids}
	}
}

// undo brings back what was deleted last.
func (p *Pane) undo() tea.Cmd {
	last := len(p.deleted) - 1
	ids := p.deleted[last]
	p.deleted = p.deleted[:last]
	store := p.store
	return func() tea.Msg {
		n, err := store.Restore(context.Background(), ids...)
		says := runsWord(n) + " back at " + possessive(n) + " place"
		if n == 0 {
			says = "What was deleted is gone for good: it was removed meanwhile"
		}
		return changed{says: says, err: err, back: ids}
	}
}

// Pinned reports whether the run under the cursor is pinned.
func (p *Pane) Pinned() bool {
	r, ok := p.current()
	return ok && r.Pinned
}

// pin pins what is chosen, or takes the pins away where all have one.
func (p *Pane) pin() tea.Cmd {
	runs := p.chosen()
	on := slices.ContainsFunc(runs, func(r history.Run) bool { return !r.Pinned })
	ids, store := idsOf(runs), p.store
	says := runsWord(len(ids)) + " pinned: kept when old runs are removed"
	if !on {
		says = runsWord(len(ids)) + " no longer pinned"
	}
	return func() tea.Msg {
		_, err := store.Pin(context.Background(), on, ids...)
		return changed{says: says, err: err, pinned: ids, pin: on}
	}
}

// Rename gives a run a name; "" takes it away.
func (p *Pane) Rename(id, name string) tea.Cmd {
	store := p.store
	return func() tea.Msg {
		ok, err := store.Rename(context.Background(), id, name)
		says := "The run is called " + name
		switch {
		case !ok:
			says = "The run is not there any more"
		case name == "":
			says = "The run has no name any more"
		}
		return changed{says: says, err: err}
	}
}

// conclude shows how a change ended.
func (p *Pane) conclude(msg changed) tea.Cmd {
	if msg.err != nil {
		if len(msg.back) > 0 {
			p.deleted = append(p.deleted, msg.back) // to be tried again
		}
		return tea.Batch(ui.Complain(msg.err.Error()), p.Refresh())
	}
	if len(msg.deleted) > 0 {
		p.deleted = append(p.deleted, msg.deleted)
	}
	if len(msg.back) > 0 {
		p.wanted = msg.back[0]
	}
	for i := range p.marked {
		if slices.Contains(msg.pinned, p.marked[i].ID) {
			p.marked[i].Pinned = msg.pin
		}
	}
	return tea.Batch(ui.Tell(msg.says), p.Refresh(), ui.Emit(Changed{}))
}

func runsWord(n int) string {
	if n == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", n)
}

func pronoun(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

func possessive(n int) string {
	if n == 1 {
		return "its"
	}
	return "their"
}
