package runs

import (
	"context"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/history"
)

// window is the part of the list that is loaded: runs that follow each other,
// newest first.
type window struct {
	runs   []history.Run
	first  int  // how many runs of the list are newer than the window
	total  int  // runs of the whole list; -1: not counted yet
	newest bool // the window begins with the newest run
	oldest bool // the window ends with the oldest
	asking bool // for a further page
	held   bool // what is newer than the window is counted, and not shown
	follow bool // the cursor goes with the newest run, until it is moved
}

// page is how many runs are read at once, and most how many are held: then
// those are let go that are furthest from the cursor.
const (
	page = 200
	most = 5 * page
)

// where says which runs an answer holds.
type where int

const (
	fromTop where = iota // the newest, in place of the window
	fromEnd              // the oldest, in place of the window
	inPlace              // the window as it is now
	older                // those that follow the window
	newer                // those before it
)

// Answers of the store.
type (
	listed struct {
		seq   int
		where where
		asked int // the limit
		runs  []history.Run
		err   error
	}
	counted struct {
		seq   int
		total int
		first int // runs newer than the window; -1: not asked
		err   error
	}
)

// Refresh reads again what is loaded. The cursor stays on its run.
func (p *Pane) Refresh() tea.Cmd {
	if p.newest && !p.held || len(p.runs) == 0 {
		q := p.query
		q.Limit = min(most, max(page, len(p.runs)))
		return p.question(fromTop, q)
	}
	q := p.query
	q.Before, q.Limit = p.runs[0].Seq+1, len(p.runs)
	return p.question(inPlace, q)
}

// question puts a question in place of the one before, and counts what it finds.
func (p *Pane) question(w where, q history.Query) tea.Cmd {
	if p.store == nil {
		return nil
	}
	if p.stop != nil {
		p.stop()
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.stop = cancel
	p.seq++
	p.asking = false
	return tea.Batch(p.read(ctx, w, q), p.count(ctx, w))
}

func (p *Pane) read(ctx context.Context, w where, q history.Query) tea.Cmd {
	store, seq := p.store, p.seq
	return func() tea.Msg {
		found, err := store.List(ctx, q)
		return listed{seq: seq, where: w, asked: q.Limit, runs: found, err: err}
	}
}

func (p *Pane) count(ctx context.Context, w where) tea.Cmd {
	store, seq, q := p.store, p.seq, p.query
	var above int64
	if w == inPlace {
		above = p.runs[0].Seq
	}
	return func() tea.Msg {
		c := counted{seq: seq, first: -1}
		if c.total, c.err = store.CountOf(ctx, q); c.err == nil && w == inPlace {
			q.After = above
			c.first, c.err = store.CountOf(ctx, q)
		}
		return c
	}
}

// more reads the next page once the cursor comes near an end of the window.
func (p *Pane) more() tea.Cmd {
	if p.store == nil || p.asking || len(p.runs) == 0 {
		return nil
	}
	q := p.query
	q.Limit = page
	switch {
	case !p.oldest && p.list.Cursor >= len(p.runs)-page/4:
		q.Before = p.runs[len(p.runs)-1].Seq
		p.asking = true
		return p.read(context.Background(), older, q)
	case !p.newest && p.list.Cursor < page/4:
		q.After, q.Oldest = p.runs[0].Seq, true
		p.asking = true
		return p.read(context.Background(), newer, q)
	}
	return nil
}

// hold stops following the newest runs, or follows them again.
func (p *Pane) hold() tea.Cmd {
	if p.held {
		return p.Follow()
	}
	p.held, p.follow = true, false
	return nil
}

// Follow goes to the newest run, and stays with the newest until the cursor is
// moved.
func (p *Pane) Follow() tea.Cmd {
	p.held, p.follow, p.newest = false, true, false
	return p.toTop()
}

// outrun reports whether so many runs came that the one under the cursor of a
// person is not among the newest any more.
func (p *Pane) outrun(msg listed) bool {
	r, some := p.current()
	return some && p.focus && !p.follow && !p.typing && p.wanted == "" && len(msg.runs) == msg.asked &&
		r.Seq < msg.runs[msg.asked-1].Seq
}

// toTop goes to the newest run, toEnd to the oldest.
func (p *Pane) toTop() tea.Cmd {
	p.list.To(0)
	if p.newest || len(p.runs) == 0 {
		return nil
	}
	q := p.query
	q.Limit = page
	p.wanted = first
	return p.question(fromTop, q)
}

func (p *Pane) toEnd() tea.Cmd {
	p.list.To(len(p.runs) - 1)
	if p.oldest || len(p.runs) == 0 {
		return nil
	}
	q := p.query
	q.Limit, q.Oldest = page, true
	return p.question(fromEnd, q)
}

// first is wanted where the newest run is, whatever its ID.
const first = "\x00first"

// take puts an answer in its place.
func (p *Pane) take(msg listed) tea.Cmd {
	p.asking = false
	p.err = msg.err
	if msg.err != nil {
		return nil
	}
	full := len(msg.runs) < msg.asked // there are no more
	switch msg.where {
	case older:
		p.runs, p.oldest = append(p.runs, msg.runs...), full
		if over := len(p.runs) - most; over > 0 {
			p.runs = slices.Delete(p.runs, 0, over)
			p.first, p.newest = p.first+over, false
			p.shift(-over)
		}
	case newer:
		p.runs, p.newest = append(msg.runs[:len(msg.runs):len(msg.runs)], p.runs...), full
		p.first = max(0, p.first-len(msg.runs))
		if full {
			p.first = 0
		}
		p.shift(len(msg.runs))
		if len(p.runs) > most {
			p.runs, p.oldest = p.runs[:most], false
		}
	case fromEnd:
		p.runs, p.oldest, p.newest = msg.runs, true, full
		p.first = max(0, p.total-len(p.runs))
		p.list.Len = len(p.runs)
		p.list.To(len(p.runs) - 1)
	case fromTop:
		if p.outrun(msg) {
			p.newest = false
			return p.Refresh()
		}
		fallthrough
	default:
		at := p.currentID()
		p.runs, p.oldest = msg.runs, full
		if msg.where == fromTop {
			p.newest, p.first = true, 0
		}
		p.list.Len = len(p.runs)
		p.restore(at)
	}
	p.fit()
	return p.more()
}

// shift moves the cursor and the screen along with the runs.
func (p *Pane) shift(by int) {
	p.list.Len = len(p.runs)
	p.list.Offset = max(0, p.list.Offset+by)
	p.list.To(p.list.Cursor + by)
}

func (p *Pane) takeCount(msg counted) {
	if msg.err != nil {
		p.total = -1 // the list says why, if it fails too
		return
	}
	p.total = msg.total
	switch {
	case msg.first >= 0:
		p.first = msg.first
	case p.oldest && !p.newest:
		p.first = max(0, p.total-len(p.runs))
	}
}

// restore keeps the cursor on the run it was on, so that no key ever means
// another run than the one that was under it. Only while nobody is in the
// list does the newest stay the newest. Where the run is gone the cursor
// stays at its place.
func (p *Pane) restore(id string) {
	wanted := p.wanted
	p.wanted = ""
	if wanted == first || id == "" || p.follow || (p.list.Cursor == 0 && !p.focus) || p.typing {
		p.list.To(0)
		return
	}
	for _, id := range []string{wanted, id} {
		at := slices.IndexFunc(p.runs, func(r history.Run) bool { return r.ID == id })
		if at >= 0 {
			p.list.Offset = max(0, p.list.Offset+at-p.list.Cursor)
			p.list.To(at)
			return
		}
	}
	p.list.To(p.list.Cursor)
}
