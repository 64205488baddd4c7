package tui

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/english"
	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/history"
	"countersign/tui/headers"
	"countersign/tui/status"
)

// keeper keeps what was typed in the history, so that quitting and crashing
// lose nothing. A draft is written a moment after its first unwritten edit: a
// person who types on and on is not waited for.
type keeper struct {
	dirty   map[string]bool // drafts with edits that are not written
	place   history.Place   // as it was written last
	due     bool            // the moment is running
	writing int
	seq     int
	writer  history.DraftWriter
	failed  error // why the drafts cannot be kept; said once
	asked   bool  // whether to quit all the same
	seen    edition
}

// moment is how long an edit waits to be written; a large draft, which is
// written whole, waits a tenth of a second more for each megabyte.
const moment = 300 * time.Millisecond

// quitting is how long quitting waits for the drafts to be written.
const quitting = 3 * time.Second

// Messages of the keeper.
type (
	keepDue struct{}
	kept    struct {
		keys []string
		quit bool
		err  error
	}
	leaving struct{}
	left    struct{}
)

func (keepDue) handle(a *App) tea.Cmd {
	a.keeper.due = false
	if a.keeper.writing > 0 {
		return nil // comes again when that is done
	}
	return a.keep(false)
}

func (msg kept) handle(a *App) tea.Cmd { return a.keptDrafts(msg) }

func (leaving) handle(a *App) tea.Cmd { return a.leave() }

func (left) handle(*App) tea.Cmd { return tea.Quit }

// touched notes that the open draft was edited.
func (a *App) touched() tea.Cmd {
	a.mark(a.panes.request.Key())
	a.keeper.seen = a.edition()
	return a.keepSoon()
}

// keepSoon has what was typed written in a moment.
func (a *App) keepSoon() tea.Cmd {
	if a.keeper.due || a.services == nil {
		return nil
	}
	a.keeper.due = true
	wait := moment + time.Duration(a.panes.request.Size()>>20)*100*time.Millisecond
	return a.config.After(wait, func(time.Time) tea.Msg { return keepDue{} })
}

// unkept reports whether there is anything to write.
func (a *App) unkept() bool {
	return a.services != nil && (len(a.keeper.dirty) > 0 || a.keeper.place != a.panes.request.Place())
}

// keep takes what is to be written and gives the command that writes it; nil
// where there is nothing.
func (a *App) keep(quit bool) tea.Cmd {
	a.notice()
	if !a.unkept() {
		return nil
	}
	keys, drafts := a.unkeptDrafts()
	a.keeper.dirty = nil
	place := a.panes.request.Place()
	a.keeper.place = place
	a.keeper.seq++
	a.keeper.writing++
	w, h, seq, profile := &a.keeper.writer, a.services.History, a.keeper.seq, a.services.Client.Profile().Name
	return func() tea.Msg {
		ctx := context.Background()
		for i, d := range drafts { // nothing on the disk holds a private key
			drafts[i].Gone = d.Gone || holdsPrivateKey(d.Draft.Body)
		}
		if quit {
			var cancel func()
			ctx, cancel = context.WithTimeout(ctx, quitting)
			defer cancel()
		}
		return kept{keys: keys, quit: quit, err: w.Write(ctx, h, profile, seq, drafts, &place)}
	}
}

func holdsPrivateKey(body []byte) bool { return keys.PrivateIn(body) != "" }

// unkeptDrafts gives the drafts that were edited since they were written.
func (a *App) unkeptDrafts() (keys []string, drafts []history.Draft) {
	for key := range a.keeper.dirty {
		d, edited := a.panes.request.Keep(key)
		c := a.desk.changes[key]
		if key == a.panes.request.Key() {
			c = a.panes.headers.Changes()
		}
		d.Draft.Header, d.Draft.Omit, d.Draft.Tamper = c.Set, c.Omit, c.Tamper
		d.Gone = !edited && c.Count() == 0
		keys, drafts = append(keys, key), append(drafts, d)
	}
	return keys, drafts
}

// keptDrafts hears how writing ended. What could not be written is still in
// the explorer, and is tried again with the next edit.
func (a *App) keptDrafts(msg kept) tea.Cmd {
	a.keeper.writing--
	if msg.err == nil {
		a.keeper.failed = nil
		if msg.quit {
			return tea.Quit
		}
		if len(a.keeper.dirty) > 0 {
			return a.keepSoon()
		}
		return nil
	}
	asked := a.keeper.asked
	for _, k := range msg.keys {
		a.mark(k)
	}
	a.keeper.asked = asked
	first := a.keeper.failed == nil
	a.keeper.failed = msg.err
	if msg.quit {
		return a.quitUnkept()
	}
	if first {
		a.status.Keep("What you type is not kept: "+hint.Sentence(msg.err), status.Bad)
	}
	return nil
}

// quitUnkept asks before what was typed is lost after all.
func (a *App) quitUnkept() tea.Cmd {
	n := len(a.keeper.dirty)
	if n == 0 || a.keeper.asked {
		return tea.Quit
	}
	a.keeper.asked = true
	a.confirm(fmt.Sprintf("Quit and lose %d edited %s?", n, english.Plural(n, "request")), "They cannot be kept: "+a.keeper.failed.Error(), left{})
	return nil
}

// leave quits, once what is unrecorded is recorded and what was typed is kept.
func (a *App) leave() tea.Cmd {
	if a.unrecorded.Len() > 0 {
		return a.unrecorded.Retry(a.services.History, true)
	}
	if a.panes.request.TakeTyped() {
		a.touched()
	}
	if cmd := a.keep(true); cmd != nil {
		return cmd
	}
	return tea.Quit
}

// keepThen writes what was typed before something else is done: what follows
// may end the program, or change the world.
func (a *App) keepThen(next tea.Cmd) tea.Cmd {
	if cmd := a.keep(false); cmd != nil && next != nil {
		return tea.Sequence(cmd, next)
	}
	return next
}

// flush writes what is left after the program has ended without asking: by a
// signal, or with its terminal.
func (a *App) flush() error {
	if a.services == nil {
		return nil
	}
	err := a.unrecorded.Flush(a.services.History)
	a.panes.request.TakeTyped()
	if cmd := a.keep(true); cmd != nil {
		if done, ok := cmd().(kept); ok {
			err = errors.Join(err, done.err)
		}
	}
	return err
}

// keptBefore is what an earlier explorer left.
type keptBefore struct {
	drafts []history.Draft
	place  history.Place
}

// first is the draft that is shown at the start: of the place that was left,
// else the one that is open.
func (k keptBefore) first(c *catalog.Catalog, open apiclient.Draft) apiclient.Draft {
	for _, key := range []string{k.place.Key, open.Endpoint} {
		e, ok := endpointOf(c, key)
		i := slices.IndexFunc(k.drafts, func(d history.Draft) bool { return d.Key == key })
		switch {
		case i >= 0 && (ok || k.drafts[i].Title != ""):
			return k.drafts[i].Draft
		case ok:
			return apiclient.Draft{Endpoint: e.ID, Method: e.Method, Target: e.Path, Body: e.Example}
		}
	}
	return open
}

var errNotHere = errors.New("the catalogue has no such endpoint")

func endpointOf(c *catalog.Catalog, id string) (catalog.Endpoint, bool) {
	if id == "" {
		return catalog.Endpoint{}, false
	}
	e, err := c.Lookup(id)
	if err == nil && e.ID != id {
		err = errNotHere
	}
	return e, err == nil
}

// restore puts back what an earlier explorer left. What was typed meanwhile
// wins.
func (a *App) restore(k keptBefore, untouched bool) {
	a.restoreDrafts(k, untouched)
	if !untouched {
		return
	}
	e, known := endpointOf(a.config.Catalog, k.place.Key)
	a.panes.request.Return(k.place, e, known)
	a.takeChanges()
	if e, known := a.panes.request.Endpoint(); known {
		a.panes.endpoints.Mark(e.ID)
		a.panes.response.SetEndpoint(e)
	}
	a.keeper.place = a.panes.request.Place()
}

// edition tells one state of the open draft from another.
type edition struct {
	key      string
	revision int // of the body
	target   string
	changes  headers.Changes
}

func (a *App) edition() edition {
	r := a.panes.request
	return edition{r.Key(), r.Revision(), r.Target(), a.panes.headers.Changes()}
}

// notice marks the open draft where it was edited and the message of that is
// still on its way: quitting, or opening another draft, may come before it.
func (a *App) notice() {
	if now := a.edition(); !reflect.DeepEqual(now, a.keeper.seen) {
		a.mark(now.key)
		a.keeper.seen = now
	}
}

func (a *App) mark(key string) {
	if a.keeper.dirty == nil {
		a.keeper.dirty = map[string]bool{}
	}
	a.keeper.dirty[key] = true
	a.keeper.asked = false // that something may be lost was said of less
}

// restoreDrafts puts back drafts; the open one only where nothing was typed in
// it.
func (a *App) restoreDrafts(k keptBefore, untouched bool) {
	if a.desk.changes == nil {
		a.desk.changes = map[string]headers.Changes{}
	}
	open := a.panes.request.Key()
	for _, d := range k.drafts {
		e, known := endpointOf(a.config.Catalog, d.Draft.Endpoint)
		typed := d.Key == open && !untouched || d.Key != open && a.desk.changes[d.Key].Count() > 0
		if typed || !a.panes.request.Restore(d, e, known) {
			continue
		}
		a.desk.changes[d.Key] = headers.Changes{Set: d.Draft.Header, Omit: d.Draft.Omit, Tamper: d.Draft.Tamper}
		if d.Key == open {
			a.takeChanges()
		}
	}
	a.keeper.seen = a.edition()
}

// takeChanges shows what was changed on purpose in the open draft.
func (a *App) takeChanges() {
	c := a.desk.changes[a.panes.request.Key()]
	a.panes.headers.SetChanges(c)
	a.panes.request.SetHeaderChanges(c.Fields())
	a.keeper.seen = a.edition()
}

// moveIn brings the drafts to another profile. What is typed stays and goes
// along, and what was left with that profile comes back, unless something is
// typed in its place: then that is kept there with the next edit.
func (a *App) moveIn(k keptBefore) tea.Cmd {
	a.restoreDrafts(k, !a.panes.request.Edited() && a.panes.headers.Changes().Count() == 0)
	left := map[string]bool{}
	for _, d := range k.drafts {
		left[d.Key] = true
	}
	keys := a.panes.request.EditedKeys()
	for key, c := range a.desk.changes {
		if c.Count() > 0 && key != a.panes.request.Key() {
			keys = append(keys, key)
		}
	}
	if a.panes.headers.Changes().Count() > 0 {
		keys = append(keys, a.panes.request.Key())
	}
	for _, key := range keys {
		if !left[key] {
			a.mark(key)
		}
	}
	if len(a.keeper.dirty) == 0 {
		return nil
	}
	return a.keepSoon()
}
