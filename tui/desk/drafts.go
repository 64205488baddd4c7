package desk

import (
	"context"
	"reflect"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/history"
	"countersign/tui/headers"
	"countersign/tui/status"
)

// saver saves what was typed in the history, so that quitting and crashing
// lose nothing. A draft is written a moment after its first unwritten edit: a
// person who types on and on is not waited for.
type saver struct {
	dirty   map[string]bool // drafts with edits that are not written
	place   history.Place   // as it was written last
	due     bool            // the moment is running
	writing int
	seq     int
	writer  history.DraftWriter
	failed  error // why the drafts cannot be kept; said once
	asked   bool  // whether to leave all the same
	seen    edition
}

// SaveDelay is how long an edit waits to be written; a large draft, which is
// written whole, waits a tenth of a second more for each megabyte.
const SaveDelay = 300 * time.Millisecond

// leaveLimit is how long leaving waits for the drafts to be written.
const leaveLimit = 3 * time.Second

// Left says that what was typed is written, and the explorer can be left.
type Left struct {
	Lost int   // drafts that could not be written: the person is to be asked
	Err  error // why
}

// Messages of the saver.
type (
	saveDue struct{}
	saved   struct {
		keys  []string
		leave bool
		err   error
	}
)

func (saveDue) update(d *Desk) tea.Cmd {
	d.saver.due = false
	if d.saver.writing > 0 {
		return nil // comes again when that is done
	}
	return d.save(false)
}

// SaveSoon has what was typed written in a moment.
func (d *Desk) SaveSoon() tea.Cmd {
	if d.saver.due || d.services == nil {
		return nil
	}
	d.saver.due = true
	wait := SaveDelay + time.Duration(d.o.Request.Size()>>20)*100*time.Millisecond
	return d.o.After(wait, func(time.Time) tea.Msg { return saveDue{} })
}

// SaveThen writes what was typed before something else is done: what follows
// may end the program, or change the world.
func (d *Desk) SaveThen(next tea.Cmd) tea.Cmd {
	switch cmd := d.save(false); {
	case cmd == nil:
		return next
	case next == nil:
		return cmd
	default:
		return tea.Sequence(cmd, next)
	}
}

// Leave writes what was typed; then comes Left.
func (d *Desk) Leave() tea.Cmd {
	d.TakeTyped()
	if cmd := d.save(true); cmd != nil {
		return cmd
	}
	return func() tea.Msg { return Left{} }
}

// Flush writes what is left after the program has ended without asking.
func (d *Desk) Flush() error {
	d.o.Request.TakeTyped()
	if cmd := d.save(true); cmd != nil {
		if done, ok := cmd().(saved); ok {
			return done.err
		}
	}
	return nil
}

// unwritten reports whether there is anything to write.
func (d *Desk) unwritten() bool {
	return d.services != nil && (len(d.saver.dirty) > 0 || d.saver.place != d.o.Request.Place())
}

// save takes what is to be written and returns the command that writes it; nil
// where there is nothing.
func (d *Desk) save(leave bool) tea.Cmd {
	d.markIfEdited()
	if !d.unwritten() {
		return nil
	}
	keys, drafts := d.unwrittenDrafts()
	d.saver.dirty = nil
	place := d.o.Request.Place()
	d.saver.place = place
	d.saver.seq++
	d.saver.writing++
	w, h, seq, profile := &d.saver.writer, d.services.History, d.saver.seq, d.services.Client.Profile().Name
	return func() tea.Msg {
		ctx := context.Background()
		for i, k := range drafts { // nothing on the disk holds a private key
			drafts[i].Gone = k.Gone || holdsPrivateKey(k.Draft.Body)
		}
		if leave {
			var cancel func()
			ctx, cancel = context.WithTimeout(ctx, leaveLimit)
			defer cancel()
		}
		return saved{keys: keys, leave: leave, err: w.Write(ctx, h, profile, seq, drafts, &place)}
	}
}

func holdsPrivateKey(body []byte) bool { return keys.PrivateIn(body) != "" }

// unwrittenDrafts returns the drafts that were edited since they were written.
func (d *Desk) unwrittenDrafts() (keys []string, drafts []history.Draft) {
	for key := range d.saver.dirty {
		k, edited := d.o.Request.Keep(key)
		c := d.changesIn(key)
		k.Draft.Header, k.Draft.Omit, k.Draft.Tamper = c.Set, c.Omit, c.Tamper
		k.Gone = !edited && c.Count() == 0
		if f := d.o.Files.Open(key); f != nil {
			k.Base, k.Gone = &f.Base, !d.Unsaved(key)
		}
		keys, drafts = append(keys, key), append(drafts, k)
	}
	return keys, drafts
}

// update learns how writing ended. What could not be written is still in
// the explorer, and is tried again with the next edit.
func (msg saved) update(d *Desk) tea.Cmd {
	s := &d.saver
	s.writing--
	if msg.err == nil {
		s.failed = nil
		switch {
		case msg.leave:
			return func() tea.Msg { return Left{} }
		case len(s.dirty) > 0:
			return d.SaveSoon()
		}
		return nil
	}
	asked, first := s.asked, s.failed == nil
	for _, k := range msg.keys {
		d.mark(k)
	}
	s.asked, s.failed = asked, msg.err
	switch {
	case msg.leave && s.asked:
		return func() tea.Msg { return Left{} }
	case msg.leave:
		s.asked = true
		left := Left{len(s.dirty), msg.err}
		return func() tea.Msg { return left }
	case first:
		d.o.Status.Keep("What you type is not kept: "+hint.Sentence(msg.err), status.Bad)
	}
	return nil
}

// edition identifies a state of the open draft.
type edition struct {
	key      string
	revision int // of the body
	target   string
	changes  headers.Changes
}

func (d *Desk) edition() edition {
	r := d.o.Request
	return edition{r.Key(), r.Revision(), r.Target(), d.o.Headers.Changes()}
}

// markIfEdited marks the open draft where it was edited and the message of that is
// still on its way: leaving, or opening another draft, may come before it.
func (d *Desk) markIfEdited() {
	if now := d.edition(); !reflect.DeepEqual(now, d.saver.seen) {
		d.mark(now.key)
		d.saver.seen = now
	}
}

// mark has a draft written when it is time.
func (d *Desk) mark(key string) {
	if d.saver.dirty == nil {
		d.saver.dirty = map[string]bool{}
	}
	d.saver.dirty[key] = true
	d.saver.asked = false // that something may be lost was said of less
}

// Begun says that the draft that is open is the one to begin with: nobody typed it.
func (d *Desk) Begun() { d.saver.seen = d.edition() }
