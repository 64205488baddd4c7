package runs

import (
	"context"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/english"
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

// Actions are what can be done in the list of runs.
func (p *Pane) Actions() keymap.Actions {
	on := keymap.On
	noStore := func() string { return keymap.When(p.store == nil, "Still starting: a moment") }
	return keymap.In(keymap.Runs, keymap.Actions{
		{ID: "runs.load", Keys: on("enter", "l", "right"), Short: "show", Footer: 15, Long: "Show this run (sends nothing)",
			Do: p.ask(ToShow), Cannot: p.noRun},
		{ID: "runs.again", Keys: on("r"), Short: "send again", Footer: 16, Sends: true,
			Long: "Send this run's request again, with a new time and signature",
			Do:   p.ask(ToSend), Cannot: p.noRun},
		{ID: "runs.search", Keys: on("/"), Short: "search", Footer: 17,
			Long: "Search all runs: words, and filters such as status:F endpoint:pay pinned",
			Do:   ui.Just(p.startSearch), Cannot: noStore},
		{ID: "runs.mark", Keys: on(" "), Short: "mark", Footer: 18, Long: "Mark this run, to compare or delete it, or unmark it",
			Do: p.mark, Cannot: p.noRun},
		{ID: "runs.compare", Keys: on("c"), Short: "compare", Footer: 19,
			Long: "Compare the two marked runs, this one with the marked one, or with the one before of its endpoint",
			Do:   p.compare, Cannot: p.cannotCompare},
		{ID: "runs.filter", Keys: on("f"), Short: "filter", Footer: 20,
			Long: "Choose what to show: by result, verdict, endpoint, profile and origin, with counts",
			Do:   func() tea.Cmd { return ui.Emit(FilterAsked{Text: p.search.Value()}) }, Cannot: noStore},
		{ID: "runs.undo", Keys: on("u"), Short: "undo", Footer: 14, Long: "Restore what was deleted last (for 24 hours)",
			Do:     p.undo,
			Cannot: func() string { return keymap.When(len(p.deleted) == 0, "Nothing was deleted since the start") }},
		{ID: "runs.pin", Keys: on("p"), Short: "pin", Footer: 21,
			Now:  func() string { return keymap.Either(p.pinned(), "unpin", "pin") },
			Long: "Keep this run when old ones are removed, or no longer",
			Do:   p.pin, Cannot: p.noRun},
		{ID: "runs.name", Keys: on("n"), Short: "name", Footer: 22, Long: "Give this run a name", Do: p.askName, Cannot: p.noRun},
		{ID: "runs.delete", Keys: on("x", "delete"), Short: "delete", Footer: 23, Long: "Delete this run, or all that are marked",
			Do: p.remove, Cannot: p.noRun},
		{ID: "runs.hold", Keys: on("w"), Short: "hold", Footer: 25,
			Now:  func() string { return keymap.Either(p.held, "follow", "hold") },
			Long: "Hold the list as it is while runs come in, or follow the newest again", Do: p.hold, Cannot: p.noRun},
		{ID: "runs.exact", Keys: on("R"), Short: "same bytes", Footer: 24, Sends: true,
			Long: "Send the very bytes of this run again: old time, old signature",
			Do:   p.ask(ToResend), Cannot: p.noRun},
		{ID: keymap.Copy, Do: func() tea.Cmd { return ui.CopyText("run id", p.currentID()) }, Cannot: p.noRun},
		{ID: keymap.Diagnose, Do: p.ask(ToDiagnose), Cannot: p.noRun},
		{ID: keymap.Cancel, Do: p.cancel, Cannot: func() string {
			return keymap.When(!p.searching() && len(p.marked) == 0, "There is no search to leave")
		}},
	}, ui.Moves(keymap.Runs, "Go", "the newest run", "the oldest run", p.move))
}

// noRun returns why nothing can be done with the run under the cursor.
func (p *Pane) noRun() string {
	switch {
	case len(p.runs) == 0 && p.searching():
		return p.theme.Words("No run is shown: {cancel} leaves the search")
	case len(p.runs) == 0:
		return p.theme.Words("There is no run yet: {send} sends one")
	}
	return ""
}

func (p *Pane) cannotCompare() string {
	if len(p.marked) > 2 && len(p.runs) > 0 {
		return fmt.Sprintf("Two can be compared, %d are marked", len(p.marked)) +
			p.theme.Words(": {runs.mark} unmarks, {cancel} all")
	}
	return p.noRun()
}

// move moves the cursor; the newest and the oldest run are read first, where
// the window does not hold them.
func (p *Pane) move(m ui.Move) tea.Cmd {
	p.follow = false
	switch m.End {
	case -1:
		return p.toTop()
	case 1:
		return p.toEnd()
	}
	p.list.Go(m)
	return p.more()
}

// ask asks for the run under the cursor.
func (p *Pane) ask(what Purpose) func() tea.Cmd {
	return func() tea.Cmd { return ui.Emit(Asked{p.currentID(), what}) }
}

// Targets are the runs on the screen; to jump to one shows it.
func (p *Pane) Targets() []ui.Target { return p.list.Targets(p.h-p.list.Height, p.ask(ToShow)) }

func (p *Pane) startSearch() {
	p.typing = true
	p.search.Focus()
	p.fit()
}

func (p *Pane) askName() tea.Cmd {
	r, _ := p.current()
	return ui.Emit(NameAsked{ID: r.ID, Name: r.Name})
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
func (p *Pane) mark() tea.Cmd {
	r, _ := p.current()
	p.follow = false
	if at := p.markedAt(r.ID); at >= 0 {
		p.marked = slices.Delete(p.marked, at, at+1)
	} else {
		p.marked = append(p.marked, r)
	}
	p.list.Move(1)
	return p.more()
}

func (p *Pane) markedAt(id string) int {
	return slices.IndexFunc(p.marked, func(r history.Run) bool { return r.ID == id })
}

// Marked returns the runs that are marked, in the order of marking. They stay as
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
	undo := p.theme.Words("{runs.undo} restores ")
	return func() tea.Msg {
		n, err := store.Delete(context.Background(), ids...)
		return changed{says: runsWord(n) + " deleted: " + undo + pronoun(n), err: err, deleted: ids}
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
		says := runsWord(n) + " restored"
		if n == 0 {
			says = "What was deleted is gone for good: it was removed meanwhile"
		}
		return changed{says: says, err: err, back: ids}
	}
}

func (p *Pane) pinned() bool {
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

// Rename returns a run a name; "" takes it away.
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

// onChanged shows how a change ended.
func (p *Pane) onChanged(msg changed) tea.Cmd {
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

func runsWord(n int) string { return english.Count(n, "run") }

func pronoun(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// Unverified reports whether the run under the cursor has a signature that
// does not verify.
func (p *Pane) Unverified() bool {
	r, ok := p.current()
	return ok && (check(r.Sent) == "✗" || check(r.Received) == "✗")
}
