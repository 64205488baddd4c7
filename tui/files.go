package tui

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/requests"
	"countersign/apiclient/workspace"
	"countersign/tui/box"
	"countersign/tui/endpoints"
	"countersign/tui/headers"
	"countersign/tui/keymap"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// filing is what the explorer knows of the request files.
type filing struct {
	space    *workspace.Workspace // nil: there is no folder
	snapshot *workspace.Snapshot  // nil until it is read
	open     map[string]*filed    // drafts that stand in files, by key
	passes   map[string]*pass     // by file
	sent     map[string]sentRun   // which request a run was, by the ID of the run
	said     map[string]bool      // of which drafts it was said what is not run
	deleted  []deletion           // what undo brings back, the last one at the end
	opened   bool                 // what the explorer was started for is open
	run      running
}

// place names a request in a file.
type place struct{ path, id string }

// key names the draft of a request in a file.
func (p place) key() string { return inFile + p.path + "#" + p.id }

// inFile begins the keys of drafts that stand in files.
const inFile = "file:"

// placeOf reads a key.
func placeOf(key string) (place, bool) {
	rest, ok := strings.CutPrefix(key, inFile)
	path, id, cut := strings.Cut(rest, "#")
	return place{path, id}, ok && cut
}

// title is what the request pane calls it.
func (p place) title() string {
	return p.path[strings.LastIndexByte(p.path, '/')+1:] + " · " + p.id
}

// filed is a draft that stands in a file.
type filed struct {
	place
	base    apiclient.Draft // what the file said when it was opened or saved last
	foreign string          // why it cannot be sent; "" where it can
	profile string          // that the file wants; "": any
}

// Messages about the files.
type (
	// filesRead are the files, where they changed.
	filesRead struct{ snapshot *workspace.Snapshot }
	// requestOpened is a request of a file, read.
	requestOpened struct {
		seq      int
		filed    filed
		endpoint catalog.Endpoint
		known    bool
		notes    []string
		again    bool // it is on the screen, and its file has changed
		err      error
	}
)

// useFiles works with the request files of another place.
func (a *App) useFiles(at workspace.Place) {
	f := &a.files
	if f.space == nil && at.Dir == "" || f.space != nil && f.space.Place == at {
		return
	}
	f.space, f.snapshot, f.passes = workspace.New(at), nil, nil
	a.panes.endpoints.SetRequests(at, nil)
}

// lookAtFiles reads what has changed of the files.
func (a *App) lookAtFiles() tea.Cmd {
	space, all := a.files.space, a.config.Catalog
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
	was := a.files.snapshot
	if s == nil || was != nil && s.Number <= was.Number {
		return a.openFirst()
	}
	a.files.snapshot = s
	a.panes.endpoints.SetRequests(a.files.space.Place, s)
	f := a.openFile()
	if f == nil || a.services == nil {
		return a.openFirst()
	}
	if old, now := was.Find(f.path), s.Find(f.path); old != nil && now != nil && old.File == now.File {
		return nil
	}
	if now := s.Find(f.path); now == nil || now.Find(f.id) == nil {
		a.status.Keep(a.theme.Words(fmt.Sprintf("%s is gone from %s: what you have stays here, and {save} puts it back", f.id, f.path)),
			status.Warn)
		return nil
	}
	return a.readRequest(f.place, true)
}

// openFirst opens what the explorer was started for, once it can be, else follows
// the file of the draft that was left open.
func (a *App) openFirst() tea.Cmd {
	at := a.config.OpenAt
	if f := a.openFile(); f != nil && at == "" && a.services != nil && a.files.snapshot != nil {
		return a.readRequest(f.place, true)
	}
	if a.files.opened || at == "" || a.files.snapshot == nil || a.services == nil {
		return nil
	}
	a.files.opened = true
	a.setFocus(keymap.Endpoints)
	path, name, _ := strings.Cut(at, "#")
	file := a.files.snapshot.Find(path)
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
	at := place{msg.Path, msg.ID}
	if a.panes.request.Key() == at.key() {
		return nil
	}
	return a.readRequest(at, false)
}

// readRequest reads a request out of its file.
func (a *App) readRequest(at place, again bool) tea.Cmd {
	file := a.files.snapshot.Find(at.path)
	if a.services == nil || a.services.Resolver == nil || file == nil || file.Find(at.id) == nil {
		return ui.Tell(fmt.Sprintf("%s of %s cannot be opened now", at.id, at.path))
	}
	if !again {
		a.desk.opened++
	}
	p, seq, r := a.pass(file), a.desk.opened, file.Find(at.id)
	names := a.services.Client.Profile().HeaderNames
	read := a.files.space.Bodies(at.path)
	return func() tea.Msg {
		ctx := context.Background()
		c, err := file.Content(r, read)
		msg := requestOpened{seq: seq, again: again, err: err, notes: notesOf(file, r),
			filed: filed{place: at, base: c.Draft(names), foreign: r.Foreign, profile: file.ProfileName(r)}}
		msg.endpoint, msg.known = p.session.Endpoint(ctx, r, p.resolver.Fresh())
		return msg
	}
}

// notesOf lists what other tools would do with a request, and this one does not.
func notesOf(file *workspace.File, r *requests.Request) []string {
	from := 1 + bytes.Count(file.Text[:r.Part.From], []byte{'\n'})
	to := from + bytes.Count(r.Part.Of(file.Text), []byte{'\n'})
	var list []string
	for _, n := range file.NotRun {
		if n.Line >= from && n.Line <= to {
			list = append(list, fmt.Sprintf("%s (line %d)", n.Says, n.Line))
		}
	}
	return list
}

// handle opens the request, or follows its file, unless something unsaved is in it.
func (msg requestOpened) handle(a *App) tea.Cmd {
	key := msg.filed.key()
	switch {
	case msg.seq != a.desk.opened, msg.again && a.panes.request.Key() != key:
		return nil
	case msg.err != nil:
		a.status.Set(hint.Sentence(msg.err), status.Bad)
		return nil
	}
	had := a.files.open[key]
	unsaved := had != nil && a.unsavedFile(key)
	if msg.again && had != nil && sameDraft(had.base, msg.filed.base) {
		a.keepFiled(msg.filed) // something else of the file changed
		return tea.Batch(a.nextPreview(), a.holdAgain())
	}
	if unsaved {
		if msg.again {
			a.status.Keep(a.theme.Words(fmt.Sprintf("%s was changed by somebody else, and here: {save} asks which one stays", msg.filed.title())),
				status.Warn)
			return a.nextPreview()
		}
		msg.filed.base = had.base // a save still compares with what was read then
	}
	a.keepFiled(msg.filed)
	open := func() {
		a.panes.request.OpenFile(key, msg.filed.title(), msg.endpoint, msg.known, msg.filed.base, !unsaved)
		if !unsaved {
			a.setChanges(key, changesOf(msg.filed.base))
		}
	}
	if msg.again {
		open()
		a.showChanges()
		a.status.Set(msg.filed.title()+" was read again: its file has changed", status.Neutral)
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

func (a *App) keepFiled(f filed) {
	if a.files.open == nil {
		a.files.open = map[string]*filed{}
	}
	a.files.open[f.key()] = &f
}

// sayNotes says once of a request what of it is not done here.
func (a *App) sayNotes(msg requestOpened) {
	f := msg.filed
	var says []string
	if f.foreign != "" {
		says = append(says, "it cannot be sent here: "+f.foreign)
	}
	if len(msg.notes) > 0 {
		says = append(says, "not run: "+strings.Join(msg.notes, ", "))
	}
	if other := a.otherProfile(&f); other != "" {
		says = append(says, a.theme.Words("the file is for the profile "+other+": {profiles} chooses it"))
	}
	if len(says) == 0 || a.files.said[f.key()] {
		return
	}
	if a.files.said == nil {
		a.files.said = map[string]bool{}
	}
	a.files.said[f.key()] = true
	a.status.Keep(f.title()+": "+strings.Join(says, "; "), status.Warn)
}

// otherProfile names the profile that a request is for, where another is in use.
func (a *App) otherProfile(f *filed) string {
	if f == nil || f.profile == "" || a.services == nil || f.profile == a.services.Client.Profile().Name {
		return ""
	}
	return f.profile
}

// openFile is the file's request that is open; nil where the draft is another.
func (a *App) openFile() *filed { return a.files.open[a.panes.request.Key()] }

// changesOf is what a request of a file sets in the headers.
func changesOf(d apiclient.Draft) headers.Changes {
	return headers.Changes{Set: d.Header, Omit: d.Omit, Tamper: d.Tamper}
}

// headerChanges counts the headers of the open draft that were changed by hand.
// Those that its file has are not.
func (a *App) headerChanges(c headers.Changes) int {
	if f := a.openFile(); f != nil && c.Equal(changesOf(f.base)) {
		return 0
	}
	return c.Fields()
}

// sameDraft reports whether two say the same.
func sameDraft(a, b apiclient.Draft) bool {
	return a.Method == b.Method && a.Target == b.Target && bytes.Equal(a.Body, b.Body) && changesOf(a).Equal(changesOf(b))
}

// unsavedFile reports whether a draft differs from its file.
func (a *App) unsavedFile(key string) bool {
	f := a.files.open[key]
	if f == nil {
		return false
	}
	c := a.desk.changes[key]
	if key == a.panes.request.Key() {
		c = a.panes.headers.Changes()
	}
	return a.panes.request.EditedIn(key) || !c.Equal(changesOf(f.base))
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
		return a.askRename(place{msg.Path, msg.ID}), true
	case endpoints.DuplicateAsked:
		return a.duplicate(place{msg.Path, msg.ID}), true
	case endpoints.DeleteAsked:
		return a.deleteRequest(place{msg.Path, msg.ID}), true
	case endpoints.UndoAsked:
		return a.undoDelete(), true
	case endpoints.RunAsked:
		return a.askRunFiles(msg.Path), true
	}
	return nil, false
}

// requestCommands are the requests of files, for the palette.
func (a *App) requestCommands() []box.Command {
	if a.files.snapshot == nil {
		return nil
	}
	var all []box.Command
	for _, f := range a.files.snapshot.Files {
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
