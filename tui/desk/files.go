package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/expect"
	"countersign/apiclient/hint"
	"countersign/apiclient/variables"
	"countersign/apiclient/workspace"
	"countersign/tui/files"
	"countersign/tui/headers"
	"countersign/tui/request"
	"countersign/tui/services"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// File is the request of a file that is open; nil where the draft is in none.
func (d *Desk) File() *files.Filed { return d.files.Open(d.request.Key()) }

// changesOf returns the headers that a request of a file sets.
func changesOf(d apiclient.Draft) headers.Changes {
	return headers.Changes{Set: d.Header, Omit: d.Omit, Tamper: d.Tamper}
}

// headerChanges counts the headers of the open draft that were changed by hand.
// Those that its file has are not.
func (d *Desk) headerChanges(c headers.Changes) int {
	if f := d.File(); f != nil && c.Equal(changesOf(f.Base)) {
		return 0
	}
	return c.Fields()
}

// Unsaved reports whether a draft differs from its file.
func (d *Desk) Unsaved(key string) bool {
	f := d.files.Open(key)
	return f != nil && (d.request.EditedIn(key) || !d.changesIn(key).Equal(changesOf(f.Base)))
}

// UnsavedNote says of files that are to be run which edits are not in them; "": all are.
func (d *Desk) UnsavedNote(of []*workspace.File) string {
	var names []string
	for _, file := range of {
		for _, f := range d.files.OpenIn(file.Path) {
			if d.Unsaved(f.Key()) {
				names = append(names, f.ID)
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return "Run as saved: your edits of " + strings.Join(names, ", ") + " are not in it."
}

// ReadRequest reads a request out of its file, to be opened or, where it is open and
// has changed, to be followed.
func (d *Desk) ReadRequest(at files.Place, again bool) tea.Cmd {
	if !d.files.CanRead(at) {
		return ui.Tell(fmt.Sprintf("%s of %s cannot be opened now", at.ID, at.Path))
	}
	if !again {
		d.asked++
	}
	return d.files.Read(at, d.asked, again)
}

// FollowFile has the open draft follow its file, where that has changed since an
// earlier look.
func (d *Desk) FollowFile(was *workspace.Snapshot) tea.Cmd {
	f := d.File()
	old, now := was.Find(f.Path), d.files.Snapshot.Find(f.Path)
	switch {
	case old != nil && now != nil && old.File == now.File:
		return nil
	case now == nil || now.Find(f.ID) == nil:
		d.warn(fmt.Sprintf("%s is gone from %s: what you have stays here, and {save} puts it back", f.ID, f.Path))
		return nil
	}
	return d.ReadRequest(f.Place, true)
}

// warn says something on the status line, with the keys of its actions.
func (d *Desk) warn(says string) { d.status.Keep(d.theme.Words(says), status.Warn) }

// Read opens a request that was read from its file, or has the open draft follow its
// file, unless something unsaved is in it. It reports whether a draft was opened.
func (d *Desk) Read(msg files.Read) (cmd tea.Cmd, opened bool) {
	key := msg.Key()
	switch {
	case d.Overtaken(msg.Seq), msg.Again && d.request.Key() != key:
		return nil, false
	case msg.Err != nil:
		d.status.Set(hint.Sentence(msg.Err), status.Bad)
		return nil, false
	}
	had := d.files.Open(key)
	unsaved := had != nil && d.Unsaved(key)
	if msg.Again && had != nil && files.Same(had.Base, msg.Base) {
		d.files.Keep(msg.Filed) // something else of the file changed
		return tea.Batch(d.nextPreview(), d.holdAgain()), false
	}
	if unsaved {
		if msg.Again {
			d.warn(msg.Title() + " was changed by somebody else, and here: {save} asks which one stays")
			return d.nextPreview(), false
		}
		msg.Base = had.Base // a save still compares with what was read then
	}
	d.files.Keep(msg.Filed)
	open := func() {
		d.request.OpenFile(key, msg.Title(), msg.Endpoint, msg.Base, !unsaved)
		if !unsaved {
			d.changes[key] = changesOf(msg.Base)
		}
	}
	if msg.Again {
		open()
		d.showChanges()
		d.status.Set(msg.Title()+" was read again: its file has changed", status.Neutral)
		return tea.Batch(d.Changed(), d.holdAgain()), false
	}
	d.open(open)
	cmd = d.opened()
	d.files.TellNotes(msg)
	return cmd, true
}

// Save saves the draft in its file, or asks for one.
func (d *Desk) Save() tea.Cmd {
	cmd := d.TakeTyped()
	if d.request.Untaken() {
		d.status.Set("Not saved: what is typed in the form cannot be taken as it stands", status.Warn)
		return cmd
	}
	f := d.File()
	if f == nil {
		d.files.AskWhere(d.Draft(), d.Endpoint(), "")
		return cmd
	}
	if _, r := d.files.Find(f.Place); r == nil {
		return tea.Batch(cmd, d.files.Save(*f, d.Draft(), nil, true)) // it is put back
	}
	if !d.Unsaved(f.Key()) {
		d.status.Set(f.Title()+" is saved as it stands here", status.Neutral)
		return cmd
	}
	return tea.Batch(cmd, d.files.Save(*f, d.Draft(), nil, false))
}

// Saved notes that a draft is in its file as it was then; what was typed meanwhile is
// unsaved.
func (d *Desk) Saved(did files.Saved) tea.Cmd {
	key := did.Key()
	f := d.files.Open(key)
	if f == nil {
		return nil
	}
	f.Base = did.As
	d.request.Saved(key, did.As)
	if d.changesIn(key).Equal(changesOf(did.Mine)) {
		d.changes[key] = changesOf(did.As)
		if key == d.request.Key() {
			d.showChanges()
		}
	}
	d.mark(key) // the copy in the history goes
	if did.As.Target != did.Mine.Target {
		return tea.Batch(d.SaveSoon(), d.Changed())
	}
	d.request.SetUnsaved(d.Unsaved(d.request.Key()))
	return d.SaveSoon()
}

// Added opens a draft that was saved as a further request of a file.
func (d *Desk) Added(did files.Added) tea.Cmd {
	d.files.Keep(files.Filed{Place: did.Place, Base: did.As})
	endpoint, _ := d.endpoint(did.Endpoint)
	d.open(func() {
		d.request.OpenFile(did.Key(), did.Title(), endpoint, did.As, true)
		d.changes[did.Key()] = changesOf(did.As)
	})
	if did.From != "" { // theirs is there when it is opened again
		d.forget(did.From)
	}
	cmds := []tea.Cmd{d.Changed(), d.SaveSoon()}
	if d.shown != nil {
		d.files.Note(d.shown.ID, did.Place, nil)
	}
	if did.Expect != "" {
		cmds = append(cmds, d.files.Expect(did.Place, did.Expect, d.shown))
	}
	return tea.Batch(cmds...)
}

// forget drops a draft that is not open any more, and its copy in the history.
func (d *Desk) forget(key string) {
	d.files.Drop(key)
	delete(d.changes, key)
	d.request.Drop(key)
	d.mark(key)
}

// TakeTheirs drops what was edited here. Where their request is gone, the draft of its
// endpoint opens.
func (d *Desk) TakeTheirs(c files.TheirsTaken) tea.Cmd {
	key := c.Filed.Key()
	if c.Theirs == nil {
		e, known := d.nearestEndpoint()
		if d.request.Key() != key || !known {
			return nil
		}
		d.open(func() { d.request.Open(e) })
		d.forget(key)
		return d.opened()
	}
	f := d.files.Open(key)
	if f == nil {
		return nil
	}
	f.Base = *c.Theirs
	e, _ := d.request.Endpoint()
	d.request.OpenFile(key, c.Filed.Title(), e, *c.Theirs, true)
	d.changes[key] = changesOf(*c.Theirs)
	d.showChanges()
	d.mark(key)
	d.status.Keep(c.Filed.Title()+" is as the file has it", status.Neutral)
	return tea.Batch(d.Changed(), d.SaveSoon())
}

// Moved has drafts follow a request, or with IDs of "" those of a file, to another
// place.
func (d *Desk) Moved(from, to files.Place) tea.Cmd {
	if from.ID != "" {
		d.moved(from, to)
		return d.SaveSoon()
	}
	for _, f := range d.files.OpenIn(from.Path) {
		d.moved(f.Place, files.Place{Path: to.Path, ID: f.ID})
	}
	return d.SaveSoon()
}

func (d *Desk) moved(from, to files.Place) {
	was := from.Key()
	open := d.request.Key() == was
	if !d.files.Moved(from, to) {
		return
	}
	if c, ok := d.changes[was]; ok {
		delete(d.changes, was)
		d.changes[to.Key()] = c
	}
	d.request.Rekey(was, to.Key(), to.Title())
	d.mark(was)
	d.mark(to.Key())
	if open {
		d.saver.seen = d.edition()
	}
}

// Expect turns a value of the answer into an expectation of its request. Where that
// stands in no file it asks for one, unless cannotSave says why there is none.
func (d *Desk) Expect(expression, cannotSave string) tea.Cmd {
	if d.shown != nil {
		if was, ok := d.files.SentAs(d.shown.ID); ok {
			return d.files.Expect(was.Place, expression, d.shown)
		}
	}
	if f := d.File(); f != nil {
		return d.files.Expect(f.Place, expression, d.shown)
	}
	if cannotSave != "" {
		return ui.Tell(cannotSave)
	}
	d.files.AskWhere(d.Draft(), d.Endpoint(), expression)
	return nil
}

// variables lists the variables that can be written in the open draft: those of its
// file first.
func (d *Desk) variables() request.Variables {
	all := d.services.Variables
	f := d.File()
	if all == nil || f == nil {
		return all
	}
	file := d.files.Snapshot.Find(f.Path)
	if file == nil {
		return all
	}
	return func(ctx context.Context, of string) ([]variables.Known, error) {
		list, err := all(ctx, of)
		if of != "" {
			return list, err
		}
		return append(files.Variables(file.File), list...), err
	}
}

// expander fills in the variables of the open draft: those of its file too.
func (d *Desk) expander() services.Expander {
	if f := d.File(); f != nil {
		if file := d.files.Snapshot.Find(f.Path); file != nil {
			return d.files.Pass(file).Expand
		}
	}
	return d.services.Fill
}

// expected are expectations, held against an answer.
type expected struct {
	run     string // the ID of the run
	results []expect.Result
}

// Hold is what is expected of a request; nil where it expects nothing.
func (d *Desk) Hold(was files.Sent) *files.Held {
	e, _ := d.request.Endpoint()
	return d.files.Hold(was.Place, was.Results, e, files.Masking(d.redactor))
}

// holdAgain holds the expectations against the answer that is shown, as they have
// changed.
func (d *Desk) holdAgain() tea.Cmd {
	e := d.shown
	if e == nil {
		return nil
	}
	was, ok := d.files.SentAs(e.ID)
	h := d.Hold(was)
	if !ok || h == nil {
		d.response.SetExpectations(nil)
		return nil
	}
	return func() tea.Msg { return expected{e.ID, h.Against(context.Background(), e)} }
}

func (msg expected) update(d *Desk) tea.Cmd {
	if d.shown != nil && d.shown.ID == msg.run {
		d.response.SetExpectations(msg.results)
	}
	return nil
}
