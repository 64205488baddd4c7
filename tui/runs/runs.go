// Package runs is the pane that lists what was sent, newest first.
package runs

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/history"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Opened asks for a run to be shown. It never sends.
type Opened struct{ ID string }

// AgainAsked asks for a run to be sent again.
type AgainAsked struct{ ID string }

// Store is what the pane reads from.
type Store interface {
	List(ctx context.Context, q history.Query) ([]history.Run, error)
}

// listed is an answer of the store.
type listed struct {
	seq    int // of the question: late answers are dropped
	runs   []history.Run
	append bool // a further page, not the first
	err    error
}

// page is how many runs are read at once.
const page = 200

// Pane is the list of runs.
type Pane struct {
	theme  *ui.Theme
	now    func() time.Time
	store  Store
	runs   []history.Run
	err    error
	seq    int
	asking bool // for a further page
	all    bool // the oldest run is loaded
	list   ui.List
	search *ui.Input
	typing bool
	w, h   int
	focus  bool
}

// New makes an empty list.
func New(theme *ui.Theme, now func() time.Time) *Pane {
	return &Pane{theme: theme, now: now, search: ui.NewInput(theme)}
}

// Attach gives the pane the store to read from.
func (p *Pane) Attach(s Store) { p.store = s }

// Refresh reads the newest runs again. The cursor stays on its run.
func (p *Pane) Refresh() tea.Cmd {
	if p.store == nil {
		return nil
	}
	p.seq++
	p.asking = false
	return p.ask(history.Query{Search: p.search.Value(), Limit: max(page, len(p.runs))}, false)
}

// more reads the next page once the cursor comes near the end.
func (p *Pane) more() tea.Cmd {
	if p.store == nil || p.all || p.asking || len(p.runs) == 0 || p.list.Cursor < len(p.runs)-page/4 {
		return nil
	}
	p.asking = true
	return p.ask(history.Query{Search: p.search.Value(), Before: p.runs[len(p.runs)-1].Seq, Limit: page}, true)
}

func (p *Pane) ask(q history.Query, further bool) tea.Cmd {
	store, seq := p.store, p.seq
	return func() tea.Msg {
		found, err := store.List(context.Background(), q)
		return listed{seq: seq, runs: found, append: further, err: err}
	}
}

// Update takes the store's answers.
func (p *Pane) Update(msg tea.Msg) tea.Cmd {
	answer, ok := msg.(listed)
	if !ok || answer.seq != p.seq {
		return nil
	}
	p.err = answer.err
	if answer.append {
		p.asking = false
		p.runs = append(p.runs, answer.runs...)
		p.all = len(answer.runs) < page
	} else {
		at := p.currentID()
		p.runs = answer.runs
		p.all = len(answer.runs) < page
		p.list.Len = len(p.runs)
		p.restore(at)
	}
	p.list.Len = len(p.runs)
	p.list.To(p.list.Cursor)
	return nil
}

// restore keeps the cursor on the run it was on, so that no key ever means
// another run than the one that was under it. Only while nobody is in the
// list does the newest stay the newest.
func (p *Pane) restore(id string) {
	if id == "" || (p.list.Cursor == 0 && !p.focus) || p.typing {
		p.list.To(0)
		return
	}
	for i, r := range p.runs {
		if r.ID == id {
			p.list.To(i)
			return
		}
	}
}

func (p *Pane) currentID() string {
	if r, ok := p.current(); ok {
		return r.ID
	}
	return ""
}

func (p *Pane) current() (history.Run, bool) {
	if p.list.Cursor < 0 || p.list.Cursor >= len(p.runs) {
		return history.Run{}, false
	}
	return p.runs[p.list.Cursor], true
}

// Title names the pane.
func (p *Pane) Title() string { return "Runs" }

// TitleRight says where in the list the cursor is.
func (p *Pane) TitleRight() string {
	if len(p.runs) == 0 {
		return ""
	}
	more := ""
	if !p.all {
		more = "+"
	}
	return fmt.Sprintf("%d/%d%s", p.list.Cursor+1, len(p.runs), more)
}

// Scope is the pane's place in the table of actions.
func (p *Pane) Scope() keymap.Scope { return keymap.Runs }

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	p.w, p.h = w, h
	p.search.Resize(max(0, w-2))
	p.fit()
}

func (p *Pane) fit() {
	p.list.Height = p.h
	if p.searching() {
		p.list.Height = max(0, p.h-1)
	}
	p.list.To(p.list.Cursor)
}

func (p *Pane) searching() bool { return p.typing || p.search.Value() != "" }

// Focus shows or hides the cursor.
func (p *Pane) Focus(on bool) {
	p.focus = on
	if !on {
		p.stopTyping()
	}
}

// Typing reports whether keys go into the search.
func (p *Pane) Typing() bool { return p.typing }

// Type edits the search; each change searches anew.
func (p *Pane) Type(msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "enter":
		p.stopTyping()
		return nil
	case "up":
		p.list.Move(-1)
		return nil
	case "down":
		p.list.Move(1)
		return p.more()
	}
	before := p.search.Value()
	p.search.Update(msg)
	if p.search.Value() == before {
		return nil
	}
	// The old rows stay until the answer comes.
	p.list.To(0)
	return p.Refresh()
}

func (p *Pane) stopTyping() {
	p.typing = false
	p.search.Blur()
	p.fit()
}

// Refuses says why an action is not possible now.
func (p *Pane) Refuses(id keymap.ID) string {
	switch id {
	case keymap.Cancel:
		if !p.searching() {
			return "There is no search to leave"
		}
	case keymap.RunsLoad, keymap.RunsAgain, keymap.Copy, keymap.Diagnose:
		if len(p.runs) == 0 {
			return "There is no run yet: ctrl+r sends one"
		}
	case keymap.RunsSearch:
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
	case keymap.Diagnose:
		return ui.Emit(WhyAsked{ID: p.currentID()})
	case keymap.RunsSearch:
		p.typing = true
		p.search.Focus()
		p.fit()
	case keymap.Cancel:
		p.search.SetValue("")
		p.stopTyping()
		return p.Refresh()
	case keymap.RunsUp:
		p.list.Move(-1)
	case keymap.RunsDown:
		p.list.Move(1)
	case keymap.RunsPageUp:
		p.list.PageBy(-1)
	case keymap.RunsPageDn:
		p.list.PageBy(1)
	case keymap.RunsTop:
		p.list.To(0)
	case keymap.RunsBottom:
		p.list.To(len(p.runs) - 1)
	case keymap.Copy:
		return ui.CopyText("run id", p.currentID())
	}
	return p.more()
}

// Click shows the run under the mouse.
func (p *Pane) Click(_, y int) tea.Cmd {
	if p.searching() {
		y--
	}
	i := p.list.Offset + y
	if y < 0 || i >= len(p.runs) {
		return nil
	}
	p.list.To(i)
	return ui.Emit(Opened{ID: p.currentID()})
}

// Wheel moves the cursor.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.list.Move(lines)
	return p.more()
}

// View draws the list.
func (p *Pane) View() string {
	var lines []string
	if p.searching() {
		lines = append(lines, ui.Fit(p.theme.Accent.Render("/ ")+p.search.View(), p.w))
	}
	if len(p.runs) == 0 {
		for _, l := range ui.Words(p.empty(), p.w) {
			lines = append(lines, p.theme.Muted.Render(l))
		}
	}
	from, to := p.list.Window()
	for i := from; i < min(to, len(p.runs)); i++ {
		lines = append(lines, p.line(i))
	}
	return ui.Block(lines, p.w, p.h)
}

func (p *Pane) empty() string {
	switch {
	case p.err != nil:
		return "The runs cannot be read: " + ui.Safe(p.err.Error())
	case p.store == nil:
		return "Opening the history…"
	case p.search.Value() != "":
		return "No run has all these words. esc leaves the search."
	default:
		return "Nothing sent yet. ctrl+r sends the request; every run is kept here."
	}
}

// line is one run: time, endpoint, result, request verified, response
// verified, duration.
func (p *Pane) line(i int) string {
	r := p.runs[i]
	when := r.StartedAt.Local()
	clock := when.Format("15:04:05")
	if n := p.now().Local(); when.YearDay() != n.YearDay() || when.Year() != n.Year() {
		clock = when.Format("02 Jan  ")
	}
	name := r.Endpoint
	if name == "" {
		name = r.Path
	}
	name = ui.Safe(name[strings.LastIndexByte(name, '/')+1:])
	took := duration(r.Total)
	if p.w < 30 {
		took = "" // the endpoint's name is worth more
	}
	tail := " " + outcome(r) + " " + check(r.Sent) + " " + check(r.Received) + took
	room := max(0, p.w-ui.Width(clock)-1-ui.Width(tail))
	text := ui.Fit(ui.Truncate(name, room), room)
	if i == p.list.Cursor && p.focus {
		return p.theme.Selection.Render(ui.Fit(clock+" "+text+tail, p.w))
	}
	return p.theme.Muted.Render(clock) + " " + p.theme.Text.Render(text) + " " +
		p.tone(r).Render(outcome(r)) + " " + p.verdict(r.Sent) + " " + p.verdict(r.Received) +
		p.theme.Muted.Render(took)
}

// outcome is the result's status, or a sign for how far the run got: "?" where
// the request may have arrived and nobody knows.
func outcome(r history.Run) string {
	switch {
	case r.Result.Status != "":
		return ui.Fit(ui.Safe(r.Result.Status), 1)
	case r.Outcome == apiclient.Unknown, r.Outcome == apiclient.Lost, r.Outcome == apiclient.Canceled:
		return "?"
	default:
		return "–"
	}
}

func check(status string) string {
	switch status {
	case "":
		return "–"
	case "verified":
		return "✓"
	default:
		return "✗"
	}
}

func duration(d time.Duration) string {
	switch {
	case d <= 0:
		return fmt.Sprintf("%7s", "–")
	case d < 10*time.Second:
		return fmt.Sprintf("%5dms", d.Milliseconds())
	default:
		return fmt.Sprintf("%6ds", int(d.Seconds()))
	}
}
