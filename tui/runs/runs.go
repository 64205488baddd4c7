// Package runs is the pane that lists what was sent, newest first.
package runs

import (
	"context"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/history"
	"countersign/tui/ui"
)

// Opened asks for a run to be shown. It never sends.
type Opened struct{ ID string }

// AgainAsked asks for a run's request to be sent again, signed again.
type AgainAsked struct{ ID string }

// ExactAsked asks for the very bytes of a run to be sent again.
type ExactAsked struct{ ID string }

// Store is what the pane reads from and writes to.
type Store interface {
	List(ctx context.Context, q history.Query) ([]history.Run, error)
	CountOf(ctx context.Context, q history.Query) (int, error)
	Delete(ctx context.Context, ids ...string) (int, error)
	Restore(ctx context.Context, ids ...string) (int, error)
	Pin(ctx context.Context, on bool, ids ...string) (int, error)
	Rename(ctx context.Context, id, name string) (bool, error)
}

// Pane is the list of runs. It holds a window of the whole list: of a long
// history only what is near the cursor is loaded.
type Pane struct {
	theme  *ui.Theme
	now    func() time.Time
	absent string // why there is no store
	store  Store

	window
	err  error
	seq  int    // of the question: late answers are dropped
	stop func() // ends the question before: nobody waits for it any more
	list ui.List

	codes int  // width of the column of codes
	short bool // the time makes room for it

	search *ui.Input
	query  history.Query // what the search asks for
	wrong  []string      // filters in it that cannot be
	typing bool

	marked  []history.Run
	deleted [][]string // what undo brings back, the last batch last
	wanted  string     // the run to go to once it is listed

	w, h  int
	focus bool
}

// New makes an empty list.
func New(theme *ui.Theme, now func() time.Time) *Pane {
	return &Pane{theme: theme, now: now, search: ui.NewInput(theme), window: window{total: -1}}
}

// Attach returns the pane the store to read from.
func (p *Pane) Attach(s Store) { p.store = s }

// Update takes the store's answers.
func (p *Pane) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case listed:
		if msg.seq == p.seq {
			return p.take(msg)
		}
	case counted:
		if msg.seq == p.seq {
			p.takeCount(msg)
		}
	case changed:
		return p.onChanged(msg)
	}
	return nil
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

// Title names the pane, and says how many runs are marked.
func (p *Pane) Title() string {
	if p.held {
		return fmt.Sprintf("Runs  held, %d new", p.first)
	}
	if n := len(p.marked); n > 0 {
		return fmt.Sprintf("Runs  %d marked", n)
	}
	return "Runs"
}

// TitleRight says where in the list the cursor is.
func (p *Pane) TitleRight() string {
	switch {
	case len(p.runs) == 0:
		return ""
	case p.total >= 0:
		return fmt.Sprintf("%d/%d", min(p.first+p.list.Cursor+1, p.total), p.total)
	case p.oldest:
		return fmt.Sprintf("%d/%d", p.first+p.list.Cursor+1, p.first+len(p.runs))
	}
	return fmt.Sprintf("%d/%d+", p.first+p.list.Cursor+1, p.first+len(p.runs))
}

// Footer says what the signs at the end of a line are.
func (p *Pane) Footer() string {
	switch {
	case len(p.runs) == 0:
		return ""
	case p.w < roomy:
		return "result · sent · got"
	}
	return "result · request verified · response verified · time"
}

// Signs explains the signs of the list, each with what it means.
func Signs() [][2]string {
	return [][2]string{
		{"S F U A", "The result: success, failed, unknown, accepted; – where there is none"},
		{"✓ ✗ –", "Whether the request verified, then whether the response did; – where that is not known"},
		{captureSign, "Passed through capture"},
		{listenSign, "A callback that listen received"},
		{mark, "Marked, to compare or delete"},
		{pinSign, "Pinned: kept when old runs are removed"},
		{tamperedSign, "Tampered on purpose"},
	}
}

// Fail says why there is no history to show.
func (p *Pane) Fail(why string) { p.absent = why }

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	p.w, p.h = w, h
	p.search.Resize(max(0, w-2))
	p.fit()
}

func (p *Pane) fit() {
	p.list.Len = len(p.runs)
	p.list.Height = max(0, p.h-p.head())
	p.list.To(p.list.Cursor)
}

// Focus shows or hides the cursor.
func (p *Pane) Focus(on bool) {
	p.focus = on
	if !on {
		p.stopTyping()
	}
}

// Click shows the run under the mouse.
func (p *Pane) Click(_, y int) tea.Cmd {
	y -= p.head()
	i := p.list.Offset + y
	if y < 0 || i >= len(p.runs) {
		return nil
	}
	p.list.To(i)
	p.follow = false
	return ui.Emit(Opened{ID: p.currentID()})
}

// Wheel moves the cursor.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.follow = false
	p.list.Move(lines)
	return p.more()
}
