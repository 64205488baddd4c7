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
	"countersign/tui/files"
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
	asked   bool  // whether to quit all the same
	seen    edition
}

// saveDelay is how long an edit waits to be written; a large draft, which is
// written whole, waits a tenth of a second more for each megabyte.
const saveDelay = 300 * time.Millisecond

// quitLimit is how long quitting waits for the drafts to be written.
const quitLimit = 3 * time.Second

// Messages of the saver.
type (
	saveDue struct{}
	saved   struct {
		keys []string
		quit bool
		err  error
	}
	leaving struct{}
	left    struct{}
)

func (saveDue) handle(a *App) tea.Cmd {
	a.saver.due = false
	if a.saver.writing > 0 {
		return nil // comes again when that is done
	}
	return a.saveDrafts(false)
}

func (leaving) handle(a *App) tea.Cmd { return a.leave() }

func (left) handle(*App) tea.Cmd { return tea.Quit }

// markEdited notes that the open draft was edited.
func (a *App) markEdited() tea.Cmd {
	a.mark(a.panes.request.Key())
	a.saver.seen = a.edition()
	return a.saveSoon()
}

// saveSoon has what was typed written in a moment.
func (a *App) saveSoon() tea.Cmd {
	if a.saver.due || a.services == nil {
		return nil
	}
	a.saver.due = true
	wait := saveDelay + time.Duration(a.panes.request.Size()>>20)*100*time.Millisecond
	return a.config.After(wait, func(time.Time) tea.Msg { return saveDue{} })
}

// unsaved reports whether there is anything to write.
func (a *App) unsaved() bool {
	return a.services != nil && (len(a.saver.dirty) > 0 || a.saver.place != a.panes.request.Place())
}

// saveDrafts takes what is to be written and gives the command that writes it; nil
// where there is nothing.
func (a *App) saveDrafts(quit bool) tea.Cmd {
	a.markIfEdited()
	if !a.unsaved() {
		return nil
	}
	keys, drafts := a.unsavedDrafts()
	a.saver.dirty = nil
	place := a.panes.request.Place()
	a.saver.place = place
	a.saver.seq++
	a.saver.writing++
	w, h, seq, profile := &a.saver.writer, a.services.History, a.saver.seq, a.services.Client.Profile().Name
	return func() tea.Msg {
		ctx := context.Background()
		for i, d := range drafts { // nothing on the disk holds a private key
			drafts[i].Gone = d.Gone || holdsPrivateKey(d.Draft.Body)
		}
		if quit {
			var cancel func()
			ctx, cancel = context.WithTimeout(ctx, quitLimit)
			defer cancel()
		}
		return saved{keys: keys, quit: quit, err: w.Write(ctx, h, profile, seq, drafts, &place)}
	}
}

func holdsPrivateKey(body []byte) bool { return keys.PrivateIn(body) != "" }

// unsavedDrafts returns the drafts that were edited since they were written.
func (a *App) unsavedDrafts() (keys []string, drafts []history.Draft) {
	for key := range a.saver.dirty {
		d, edited := a.panes.request.Keep(key)
		c := a.desk.changes[key]
		if key == a.panes.request.Key() {
			c = a.panes.headers.Changes()
		}
		d.Draft.Header, d.Draft.Omit, d.Draft.Tamper = c.Set, c.Omit, c.Tamper
		d.Gone = !edited && c.Count() == 0
		if f := a.files.Open(key); f != nil {
			d.Base, d.Gone = &f.Base, !a.unsavedFile(key)
		}
		keys, drafts = append(keys, key), append(drafts, d)
	}
	return keys, drafts
}

// handle learns how writing ended. What could not be written is still in
// the explorer, and is tried again with the next edit.
func (msg saved) handle(a *App) tea.Cmd {
	a.saver.writing--
	if msg.err == nil {
		a.saver.failed = nil
		if msg.quit {
			return tea.Quit
		}
		if len(a.saver.dirty) > 0 {
			return a.saveSoon()
		}
		return nil
	}
	asked := a.saver.asked
	for _, k := range msg.keys {
		a.mark(k)
	}
	a.saver.asked = asked
	first := a.saver.failed == nil
	a.saver.failed = msg.err
	if msg.quit {
		return a.quitUnsaved()
	}
	if first {
		a.status.Keep("What you type is not kept: "+hint.Sentence(msg.err), status.Bad)
	}
	return nil
}

// quitUnsaved asks before what was typed is lost after all.
func (a *App) quitUnsaved() tea.Cmd {
	n := len(a.saver.dirty)
	if n == 0 || a.saver.asked {
		return tea.Quit
	}
	a.saver.asked = true
	a.confirm(fmt.Sprintf("Quit and lose %d edited %s?", n, english.Plural(n, "request")),
		"They cannot be kept: "+a.saver.failed.Error(), left{})
	return nil
}

// leave quits, once nothing listens any more, what is unrecorded is recorded and
// what was typed is kept.
func (a *App) leave() tea.Cmd {
	if cmd, some := a.traffic.StopAll(); some {
		return cmd
	}
	if a.unrecorded.Len() > 0 {
		return a.unrecorded.Retry(a.services.History, true)
	}
	if a.panes.request.TakeTyped() {
		a.markEdited()
	}
	if cmd := a.saveDrafts(true); cmd != nil {
		return cmd
	}
	return tea.Quit
}

// saveThen writes what was typed before something else is done: what follows
// may end the program, or change the world.
func (a *App) saveThen(next tea.Cmd) tea.Cmd {
	if cmd := a.saveDrafts(false); cmd != nil && next != nil {
		return tea.Sequence(cmd, next)
	}
	return next
}

// flush writes what is left after the program has ended without asking: by a
// signal, or with its terminal.
func (a *App) flush() error {
	a.traffic.Close()
	if a.services == nil {
		return nil
	}
	err := a.unrecorded.Flush(a.services.History)
	a.panes.request.TakeTyped()
	if cmd := a.saveDrafts(true); cmd != nil {
		if done, ok := cmd().(saved); ok {
			err = errors.Join(err, done.err)
		}
	}
	return err
}

// savedBefore is what an earlier explorer left.
type savedBefore struct {
	drafts []history.Draft
	place  history.Place
}

// first is the draft that is shown at the start: of the place that was left,
// else the one that is open.
func (k savedBefore) first(c *catalog.Catalog, open apiclient.Draft) apiclient.Draft {
	for _, key := range []string{k.place.Key, open.Endpoint} {
		e, ok := endpointOf(c, key)
		i := slices.IndexFunc(k.drafts, func(d history.Draft) bool { return d.Key == key })
		switch {
		case i >= 0 && (ok || k.drafts[i].Title != ""):
			d := k.drafts[i].Draft
			d.Media, d.Bodiless = e.Media, e.Bodiless // they are the catalogue's
			return d
		case ok:
			return apiclient.Draft{Endpoint: e.ID, Method: e.Method, Target: e.Path, Body: e.Example, Media: e.Media,
				Bodiless: e.Bodiless}
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
func (a *App) restore(k savedBefore, untouched bool) {
	a.restoreDrafts(k, untouched)
	if !untouched {
		return
	}
	e, known := endpointOf(a.config.Catalog, k.place.Key)
	a.panes.request.Return(k.place, e, known)
	if at, is := files.PlaceOf(k.place.Key); is && a.panes.request.Key() != k.place.Key {
		a.files.left = at
	}
	a.showChanges()
	if e, known := a.panes.request.Endpoint(); known {
		a.markOpen()
		a.panes.response.SetEndpoint(e)
	}
	a.saver.place = a.panes.request.Place()
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

// markIfEdited marks the open draft where it was edited and the message of that is
// still on its way: quitting, or opening another draft, may come before it.
func (a *App) markIfEdited() {
	if now := a.edition(); !reflect.DeepEqual(now, a.saver.seen) {
		a.mark(now.key)
		a.saver.seen = now
	}
}

func (a *App) mark(key string) {
	if a.saver.dirty == nil {
		a.saver.dirty = map[string]bool{}
	}
	a.saver.dirty[key] = true
	a.saver.asked = false // that something may be lost was said of less
}

// restoreDrafts puts back drafts; the open one only where nothing was typed in
// it.
func (a *App) restoreDrafts(k savedBefore, untouched bool) {
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
		if at, is := files.PlaceOf(d.Key); is && d.Base != nil {
			a.files.Keep(files.Filed{Place: at, Base: *d.Base})
		}
		a.desk.changes[d.Key] = headers.Changes{Set: d.Draft.Header, Omit: d.Draft.Omit, Tamper: d.Draft.Tamper}
		if d.Key == open {
			a.showChanges()
		}
	}
	a.saver.seen = a.edition()
}

// showChanges shows what was changed on purpose in the open draft.
func (a *App) showChanges() {
	c := a.desk.changes[a.panes.request.Key()]
	a.panes.headers.SetChanges(c)
	a.tellHeaders(c)
	a.panes.request.SetUnsaved(a.unsavedFile(a.panes.request.Key()))
	if a.services != nil {
		a.panes.request.SetVariables(a.variables())
	}
	a.saver.seen = a.edition()
}

// moveDrafts brings the drafts to another profile. What is typed stays and goes
// along, and what was left with that profile comes back, unless something is
// typed in its place: then that is kept there with the next edit.
func (a *App) moveDrafts(k savedBefore) tea.Cmd {
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
	if len(a.saver.dirty) == 0 {
		return nil
	}
	return a.saveSoon()
}
