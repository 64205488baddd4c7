package tui

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/expect"
	"countersign/apiclient/hint"
	"countersign/apiclient/variables"
	"countersign/apiclient/workspace"
	"countersign/tui/box"
	"countersign/tui/endpoints"
	"countersign/tui/files"
	"countersign/tui/headers"
	"countersign/tui/keymap"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// filing is what the explorer knows of the request files, and what it does with
// them.
type filing struct {
	files.Files
	said    map[string]bool // of which drafts it was said what is not run
	deleted []deletion      // what undo brings back, the last one at the end
	opened  bool            // what the explorer was started for is open
	left    files.Place     // what was open when it was left, to be opened again
	run     running
}

// Messages about the files.
type (
	// filesRead are the files, where they changed.
	filesRead struct{ snapshot *workspace.Snapshot }
	// requestOpened is a request of a file, read.
	requestOpened struct {
		seq      int
		filed    files.Filed
		endpoint catalog.Endpoint
		known    bool
		notes    []string
		again    bool // it is on the screen, and its file has changed
		err      error
	}
)

// useFiles works with the request files of another place.
func (a *App) useFiles(at workspace.Place) {
	if a.files.Use(at) {
		a.panes.endpoints.SetRequests(at, nil)
	}
}

// lookAtFiles reads what has changed of the files.
func (a *App) lookAtFiles() tea.Cmd {
	space, all := a.files.Space, a.config.Catalog
	if space == nil {
		return nil
	}
	return func() tea.Msg {
		s, _ := space.Look(context.Background(), all)
		return filesRead{s}
	}
}

func (msg filesRead) handle(a *App) tea.Cmd { return a.takeFiles(msg.snapshot) }

// takeFiles shows files that have changed; the open draft follows its own.
func (a *App) takeFiles(s *workspace.Snapshot) tea.Cmd {
	was := a.files.Snapshot
	if s == nil || was != nil && s.Number <= was.Number {
		return a.openFirst()
	}
	a.files.Snapshot = s
	a.panes.endpoints.SetRequests(a.files.Space.Place, s)
	f := a.openFile()
	if f == nil || a.services == nil {
		return a.openFirst()
	}
	if old, now := was.Find(f.Path), s.Find(f.Path); old != nil && now != nil && old.File == now.File {
		return nil
	}
	if now := s.Find(f.Path); now == nil || now.Find(f.ID) == nil {
		a.status.Keep(a.theme.Words(fmt.Sprintf("%s is gone from %s: what you have stays here, and {save} puts it back", f.ID, f.Path)),
			status.Warn)
		return nil
	}
	return a.readRequest(f.Place, true)
}

// openFirst opens what the explorer was started for, once it can be, else follows
// the file of the draft that was left open.
func (a *App) openFirst() tea.Cmd {
	at := a.config.OpenAt
	if f := a.openFile(); f != nil && at == "" && a.services != nil && a.files.Snapshot != nil {
		return a.readRequest(f.Place, true)
	}
	if left := a.files.left; at == "" && left != (files.Place{}) && a.files.Snapshot != nil && a.services != nil {
		a.files.left = files.Place{}
		if file := a.files.Snapshot.Find(left.Path); file != nil && file.Find(left.ID) != nil && a.desk.opened == 0 && !a.panes.request.Edited() {
			return a.readRequest(left, false)
		}
	}
	if a.files.opened || at == "" || a.files.Snapshot == nil || a.services == nil {
		return nil
	}
	a.files.opened = true
	a.setFocus(keymap.Endpoints)
	path, name, _ := strings.Cut(at, "#")
	file := a.files.Snapshot.Find(path)
	a.panes.endpoints.GoToFile(path)
	if file == nil || len(file.Requests) == 0 {
		return nil
	}
	r := file.Requests[0]
	if name != "" {
		named, err := file.File.Find(name)
		if err != nil {
			return ui.Complain(hint.Sentence(err))
		}
		r = named
	}
	return ui.Emit(endpoints.RequestChosen{Path: path, ID: file.ID(r), Stay: true})
}

// chooseRequest opens a request of a file.
func (a *App) chooseRequest(msg endpoints.RequestChosen) tea.Cmd {
	if !msg.Stay {
		a.setFocus(keymap.Request)
	}
	at := files.Place{Path: msg.Path, ID: msg.ID}
	if a.panes.request.Key() == at.Key() {
		return nil
	}
	return a.readRequest(at, false)
}

// readRequest reads a request out of its file.
func (a *App) readRequest(at files.Place, again bool) tea.Cmd {
	file := a.files.Snapshot.Find(at.Path)
	if a.services == nil || a.services.Resolver == nil || file == nil || file.Find(at.ID) == nil {
		return ui.Tell(fmt.Sprintf("%s of %s cannot be opened now", at.ID, at.Path))
	}
	if !again {
		a.desk.opened++
	}
	p, seq, r := a.pass(file), a.desk.opened, file.Find(at.ID)
	names := a.services.Client.Profile().HeaderNames
	read := a.files.Space.Bodies(at.Path)
	return func() tea.Msg {
		ctx := context.Background()
		c, err := file.Content(r, read)
		msg := requestOpened{seq: seq, again: again, err: err, notes: files.NotRun(file, r),
			filed: files.Filed{Place: at, Base: c.Draft(names), Foreign: r.Foreign, Profile: file.ProfileName(r)}}
		msg.endpoint, msg.known = p.Endpoint(ctx, r)
		return msg
	}
}

// handle opens the request, or follows its file, unless something unsaved is in it.
func (msg requestOpened) handle(a *App) tea.Cmd {
	key := msg.filed.Key()
	switch {
	case msg.seq != a.desk.opened, msg.again && a.panes.request.Key() != key:
		return nil
	case msg.err != nil:
		a.status.Set(hint.Sentence(msg.err), status.Bad)
		return nil
	}
	had := a.files.Open(key)
	unsaved := had != nil && a.unsavedFile(key)
	if msg.again && had != nil && files.Same(had.Base, msg.filed.Base) {
		a.files.Keep(msg.filed) // something else of the file changed
		return tea.Batch(a.nextPreview(), a.holdAgain())
	}
	if unsaved {
		if msg.again {
			a.status.Keep(a.theme.Words(fmt.Sprintf("%s was changed by somebody else, and here: {save} asks which one stays", msg.filed.Title())),
				status.Warn)
			return a.nextPreview()
		}
		msg.filed.Base = had.Base // a save still compares with what was read then
	}
	a.files.Keep(msg.filed)
	open := func() {
		a.panes.request.OpenFile(key, msg.filed.Title(), msg.endpoint, msg.known, msg.filed.Base, !unsaved)
		if !unsaved {
			a.setChanges(key, changesOf(msg.filed.Base))
		}
	}
	if msg.again {
		open()
		a.showChanges()
		a.status.Set(msg.filed.Title()+" was read again: its file has changed", status.Neutral)
		return tea.Batch(a.draftChanged(), a.holdAgain())
	}
	a.openDraft(open)
	a.markOpen()
	cmd := a.requestShown(msg.endpoint)
	a.sayNotes(msg)
	return cmd
}

// setChanges sets what the headers of a draft have on purpose.
func (a *App) setChanges(key string, c headers.Changes) {
	if a.desk.changes == nil {
		a.desk.changes = map[string]headers.Changes{}
	}
	a.desk.changes[key] = c
}

// sayNotes says once of a request what of it is not done here.
func (a *App) sayNotes(msg requestOpened) {
	f := msg.filed
	var says []string
	if f.Foreign != "" {
		says = append(says, "it cannot be sent here: "+f.Foreign)
	}
	if len(msg.notes) > 0 {
		says = append(says, "not run: "+strings.Join(msg.notes, ", "))
	}
	if other := a.otherProfile(&f); other != "" {
		says = append(says, a.theme.Words("the file is for the profile "+other+": {profiles} chooses it"))
	}
	if len(says) == 0 || a.files.said[f.Key()] {
		return
	}
	if a.files.said == nil {
		a.files.said = map[string]bool{}
	}
	a.files.said[f.Key()] = true
	a.status.Keep(f.Title()+": "+strings.Join(says, "; "), status.Warn)
}

// otherProfile names the profile that a request is for, where another is in use.
func (a *App) otherProfile(f *files.Filed) string {
	if f == nil || f.Profile == "" || a.services == nil || f.Profile == a.services.Client.Profile().Name {
		return ""
	}
	return f.Profile
}

// openFile is the file's request that is open; nil where the draft is another.
func (a *App) openFile() *files.Filed { return a.files.Open(a.panes.request.Key()) }

// changesOf is what a request of a file sets in the headers.
func changesOf(d apiclient.Draft) headers.Changes {
	return headers.Changes{Set: d.Header, Omit: d.Omit, Tamper: d.Tamper}
}

// headerChanges counts the headers of the open draft that were changed by hand.
// Those that its file has are not.
func (a *App) headerChanges(c headers.Changes) int {
	if f := a.openFile(); f != nil && c.Equal(changesOf(f.Base)) {
		return 0
	}
	return c.Fields()
}

// unsavedFile reports whether a draft differs from its file.
func (a *App) unsavedFile(key string) bool {
	f := a.files.Open(key)
	if f == nil {
		return false
	}
	c := a.desk.changes[key]
	if key == a.panes.request.Key() {
		c = a.panes.headers.Changes()
	}
	return a.panes.request.EditedIn(key) || !c.Equal(changesOf(f.Base))
}

// fromFiles takes what the list of endpoints asks for of requests in files.
func (a *App) fromFiles(msg tea.Msg) (cmd tea.Cmd, known bool) {
	switch msg := msg.(type) {
	case endpoints.RequestChosen:
		return a.chooseRequest(msg), true
	case endpoints.FaultOpened:
		return a.openText(box.Text{Title: msg.Title, What: "fault", Bytes: []byte(msg.Text), Prose: true}), true
	case endpoints.NewAsked:
		return a.askNew(msg.Path), true
	case endpoints.RenameAsked:
		return a.askRename(files.Place{Path: msg.Path, ID: msg.ID}), true
	case endpoints.DuplicateAsked:
		return a.duplicate(files.Place{Path: msg.Path, ID: msg.ID}), true
	case endpoints.DeleteAsked:
		return a.deleteRequest(files.Place{Path: msg.Path, ID: msg.ID}), true
	case endpoints.UndoAsked:
		return a.undoDelete(), true
	case endpoints.RunAsked:
		return a.askRunFiles(msg.Path), true
	}
	return nil, false
}

// requestCommands are the requests of files, for the palette.
func (a *App) requestCommands() []box.Command {
	if a.files.Snapshot == nil {
		return nil
	}
	var all []box.Command
	for _, f := range a.files.Snapshot.Files {
		if len(f.Requests) > 0 {
			all = append(all, box.Command{Name: "Run " + f.Path, Word: "run " + f.Path, Run: func() tea.Cmd {
				return a.askRunFiles(f.Path)
			}})
		}
		for _, r := range f.Requests {
			all = append(all, box.Command{Name: "Open " + f.Path + "  " + r.Label(), Word: cmp.Or(r.Name, r.Target), Run: func() tea.Cmd {
				return ui.Emit(endpoints.RequestChosen{Path: f.Path, ID: f.ID(r)})
			}})
		}
		if len(all) > mostCommands {
			break
		}
	}
	return slices.Clip(all)
}

// mostCommands bounds what the palette offers of files: the filter of the list has
// all of them.
const mostCommands = 2000

// pass returns the values of a file.
func (a *App) pass(file *workspace.File) *files.Pass {
	return a.files.Pass(file, a.config.Catalog, a.services.Resolver)
}

// variables lists the variables that can be written in the open draft: those of
// its file first.
func (a *App) variables() func(context.Context, string) ([]variables.Known, error) {
	all := a.services.Variables
	f := a.openFile()
	if all == nil || f == nil {
		return all
	}
	file := a.files.Snapshot.Find(f.Path)
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

// expander fills in the variables of a draft.
type expander func(ctx context.Context, d apiclient.Draft) (apiclient.Draft, variables.Expansion, error)

// expand fills in the variables of the open draft: those of its file too.
func (a *App) expander() expander {
	f := a.openFile()
	if f == nil {
		return a.services.trace
	}
	file := a.files.Snapshot.Find(f.Path)
	if file == nil {
		return a.services.trace
	}
	return a.pass(file).Expand
}

// expected are expectations, held against an answer.
type expected struct {
	run     string // the ID of the run
	results []expect.Result
}

// holdingOf is what is expected of a request; nil where it expects nothing.
func (a *App) holdingOf(was files.Sent) *files.Held {
	e, _ := a.panes.request.Endpoint()
	return a.files.Hold(was.Place, was.Results, e, a.masking())
}

// masking masks the secrets of an exchange in what is told of it.
func (a *App) masking() files.Mask {
	r := a.redactor()
	return func(e *apiclient.Exchange) func(string) string {
		m := r.Masker()
		if e != nil { // something was sent
			m.Learn(e)
		}
		return m.Text
	}
}

// holdAgain holds the expectations against the answer that is shown, as they have
// changed.
func (a *App) holdAgain() tea.Cmd {
	e := a.desk.shown
	if e == nil {
		return nil
	}
	was, ok := a.files.SentAs(e.ID)
	h := a.holdingOf(was)
	if !ok || h == nil {
		a.panes.response.SetExpectations(nil)
		return nil
	}
	return func() tea.Msg { return expected{e.ID, h.Against(context.Background(), e)} }
}

func (msg expected) handle(a *App) tea.Cmd {
	if a.desk.shown != nil && a.desk.shown.ID == msg.run {
		a.panes.response.SetExpectations(msg.results)
	}
	return nil
}
