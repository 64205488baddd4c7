package tui

import (
	"cmp"
	"context"
	"errors"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/workspace"
	"countersign/tui/box"
	"countersign/tui/files"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// fileDone is how a change of request files ended.
type fileDone struct {
	says     string
	err      error
	snapshot *workspace.Snapshot // as they stand now
	then     func(*App) tea.Cmd  // nil: nothing
}

// change changes request files in the background. then is what follows on the
// screen.
func (a *App) change(work func(ctx context.Context, w *workspace.Workspace) (says string, then func(*App) tea.Cmd, err error)) tea.Cmd {
	w, all := a.files.Space, a.config.Catalog
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), changeLimit)
		defer cancel()
		var done fileDone
		done.says, done.then, done.err = work(ctx, w)
		done.snapshot, _ = w.Look(ctx, all)
		return done
	}
}

func (msg fileDone) handle(a *App) tea.Cmd {
	var cmds []tea.Cmd
	if msg.err == nil && msg.then != nil {
		cmds = append(cmds, msg.then(a)) // before the files are shown: the open draft may have moved
	}
	cmds = append(cmds, a.takeFiles(msg.snapshot))
	var c *files.Conflict
	switch {
	case errors.As(msg.err, &c):
		a.askWhoWins(c)
	case msg.err != nil:
		a.status.Keep(hint.Sentence(msg.err), status.Bad)
	default:
		a.status.Keep(msg.says, status.Good)
	}
	return tea.Batch(cmds...)
}

// askWhoWins asks which of two edits of a request stays; both can.
func (a *App) askWhoWins(c *files.Conflict) {
	why, theirs := "It is gone from the file, or has another name there. ", "Theirs: leave it gone; what you have here goes"
	if c.Theirs != nil {
		why = "Since you opened it somebody else changed " + files.Differs(c.Filed.Base, *c.Theirs) + ". "
		theirs = "Theirs: take what is in the file; what you have here goes"
	}
	why += "You changed " + cmp.Or(files.Differs(c.Filed.Base, c.Mine), "nothing") + "."
	a.open(box.NewPick(a.theme, c.Filed.Title()+" was changed by somebody else", why, []box.Option{
		{Text: "Both: theirs stays, mine is saved under another name", Do: func() tea.Cmd { return a.saveBoth(c) }},
		{Text: "Mine: write mine in its place", Do: func() tea.Cmd { return a.saveInto(c.Filed, c.Mine, c.Theirs, true) }},
		{Text: theirs, Do: func() tea.Cmd { return a.takeTheirs(c) }},
	}))
}

// cannotSave returns why the draft cannot be saved in a file.
func (a *App) cannotSave() string {
	switch {
	case a.files.Space == nil:
		return `There is no folder of request files: set requests = "requests" in ` + a.config.file() + `, or start with countersign DIR`
	case a.services == nil:
		return "Still starting: a moment"
	}
	return a.coveredRequest()
}

// save saves the draft in its file, or asks for one.
func (a *App) save() tea.Cmd {
	var cmd tea.Cmd
	if a.panes.request.TakeTyped() {
		cmd = tea.Batch(a.draftChanged(), a.markEdited())
	}
	if a.panes.request.Untaken() {
		a.status.Set("Not saved: what is typed in the form cannot be taken as it stands", status.Warn)
		return cmd
	}
	f := a.openFile()
	if f == nil {
		return tea.Batch(cmd, a.askWhere(nil))
	}
	if file := a.files.Snapshot.Find(f.Path); file == nil || file.Find(f.ID) == nil {
		return tea.Batch(cmd, a.saveInto(*f, a.draft(), nil, true)) // it is put back
	}
	if !a.unsavedFile(f.Key()) {
		a.status.Set(f.Title()+" is saved as it stands here", status.Neutral)
		return cmd
	}
	return tea.Batch(cmd, a.saveInto(*f, a.draft(), nil, false))
}

// saveInto writes mine into its place in its file. What somebody else has changed
// there since is a conflict, unless it is what over says, or anything goes.
func (a *App) saveInto(f files.Filed, mine apiclient.Draft, over *apiclient.Draft, anyway bool) tea.Cmd {
	names := a.services.Client.Profile().HeaderNames
	return a.change(func(ctx context.Context, w *workspace.Workspace) (string, func(*App) tea.Cmd, error) {
		saved, lost, err := files.Put(ctx, w, names, f, mine, over, anyway)
		return files.SavedWords(f.Place, lost), func(a *App) tea.Cmd { return a.fileSaved(f.Place, mine, saved) }, err
	})
}

// fileSaved notes that a draft is in its file as it was then; what was typed
// meanwhile is unsaved.
func (a *App) fileSaved(at files.Place, mine, saved apiclient.Draft) tea.Cmd {
	key := at.Key()
	f := a.files.Open(key)
	if f == nil {
		return nil
	}
	f.Base = saved
	a.panes.request.Saved(key, saved)
	if c := a.desk.changes[key]; key != a.panes.request.Key() && c.Equal(changesOf(mine)) {
		a.setChanges(key, changesOf(saved))
	}
	if key == a.panes.request.Key() && a.panes.headers.Changes().Equal(changesOf(mine)) {
		a.setChanges(key, changesOf(saved))
		a.showChanges()
	}
	a.mark(key) // the copy in the history goes
	return tea.Batch(a.saveSoon(), a.draftChangedIf(saved.Target != mine.Target))
}

func (a *App) draftChangedIf(is bool) tea.Cmd {
	if !is {
		a.panes.request.SetUnsaved(a.unsavedFile(a.panes.request.Key()))
		return nil
	}
	return a.draftChanged()
}

// takeTheirs drops what is here.
func (a *App) takeTheirs(c *files.Conflict) tea.Cmd {
	key := c.Filed.Key()
	if c.Theirs == nil {
		if a.panes.request.Key() != key {
			return nil
		}
		return a.leaveFile(key)
	}
	f := a.files.Open(key)
	if f == nil {
		return nil
	}
	f.Base = *c.Theirs
	e, known := a.panes.request.Endpoint()
	a.panes.request.OpenFile(key, c.Filed.Title(), e, known, *c.Theirs, true)
	a.setChanges(key, changesOf(*c.Theirs))
	a.showChanges()
	a.mark(key)
	a.status.Keep(c.Filed.Title()+" is as the file has it", status.Neutral)
	return tea.Batch(a.draftChanged(), a.saveSoon())
}

// leaveFile closes a draft whose request is gone, and opens that of its endpoint.
func (a *App) leaveFile(key string) tea.Cmd {
	e, known := a.panes.request.Endpoint()
	if all := a.config.Catalog.Endpoints(); !known && len(all) > 0 {
		e, known = all[0], true
	}
	if !known {
		return nil
	}
	a.openDraft(func() { a.panes.request.Open(e) })
	a.files.Drop(key)
	delete(a.desk.changes, key)
	a.panes.request.Drop(key)
	a.mark(key)
	return a.draftOpened()
}

// saveBoth leaves theirs, and saves mine under another name, which is open then.
func (a *App) saveBoth(c *files.Conflict) tea.Cmd {
	taken := func(name string) bool {
		f := a.files.Snapshot.Find(c.Filed.Path)
		return f != nil && f.Find(name) != nil
	}
	name := files.FreeName(cmp.Or(files.NameFor(c.Filed.ID), "request")+" (mine)", taken)
	return a.saveAs(files.Place{Path: c.Filed.Path, ID: name}, c.Mine, c.Filed.Key(), nil)
}

// askWhere asks for the file and name of a draft that has none. then is what
// follows once it is saved; nil: nothing.
func (a *App) askWhere(then func(files.Place) tea.Cmd) tea.Cmd {
	d := a.draft()
	title := "Save in FILE#NAME"
	if then != nil {
		title = "The request has no file yet: save it in FILE#NAME"
	}
	return a.ask(title, a.suggested(), func(text string) (tea.Cmd, error) {
		at, err := a.placeTyped(text)
		if err != nil {
			return nil, err
		}
		return a.saveAs(at, d, "", then), nil
	})
}

// suggested is where a draft may be saved: in the file that was used last, under
// the name of its endpoint.
func (a *App) suggested() string {
	e, _ := a.panes.request.Endpoint()
	name := e.Name[strings.LastIndexByte(e.Name, '/')+1:]
	file := a.files.Space.One
	if file == "" {
		file = cmp.Or(e.Name[:max(0, strings.IndexByte(e.Name, '/'))], "requests") + ".http"
	}
	name = cmp.Or(name, "request")
	if f := a.files.Snapshot.Find(file); f != nil {
		name = files.FreeName(name, func(n string) bool { return f.Find(n) != nil })
	}
	return file + "#" + name
}

// placeTyped reads FILE#NAME of a request that is still to be made.
func (a *App) placeTyped(text string) (files.Place, error) {
	path, name, ok := strings.Cut(text, "#")
	name = strings.Join(strings.Fields(name), " ")
	if !ok || name == "" {
		return files.Place{}, &hint.Error{Says: "the request needs a name", Fix: "write it behind the file: payments/pay.http#pay"}
	}
	path, err := a.files.Space.Path(path)
	if err != nil {
		return files.Place{}, err
	}
	if f := a.files.Snapshot.Find(path); f != nil && f.Find(name) != nil {
		return files.Place{}, &hint.Error{Says: path + " has a request " + name + " already", Fix: "choose another name"}
	}
	return files.Place{Path: path, ID: name}, nil
}

// saveAs saves a draft as a further request of a file, and opens that. from is the
// key of the draft in another place whose unsaved edits these are; "": none.
func (a *App) saveAs(at files.Place, mine apiclient.Draft, from string, then func(files.Place) tea.Cmd) tea.Cmd {
	names := a.services.Client.Profile().HeaderNames
	endpoint, known := a.panes.request.Endpoint()
	return a.change(func(ctx context.Context, w *workspace.Workspace) (string, func(*App) tea.Cmd, error) {
		id := ""
		if known {
			id = endpoint.ID
		}
		saved, lost, err := files.Add(ctx, w, names, at, id, mine)
		return files.SavedWords(at, lost), func(a *App) tea.Cmd {
			a.files.Keep(files.Filed{Place: at, Base: saved})
			a.openDraft(func() {
				a.panes.request.OpenFile(at.Key(), at.Title(), endpoint, known, saved, true)
				a.setChanges(at.Key(), changesOf(saved))
			})
			if from != "" { // theirs is there when it is opened again
				a.files.Drop(from)
				delete(a.desk.changes, from)
				a.panes.request.Drop(from)
				a.mark(from)
			}
			if e := a.desk.shown; e != nil {
				a.files.Note(e.ID, at, nil)
			}
			cmds := []tea.Cmd{a.draftChanged(), a.saveSoon()}
			if then != nil {
				cmds = append(cmds, then(at))
			}
			return tea.Batch(append(cmds, ui.Emit(marking(at)))...)
		}, err
	})
}

// marking has the open request shown in the list, once its file is there.
type marking files.Place

func (m marking) handle(a *App) tea.Cmd {
	if a.panes.request.Key() == files.Place(m).Key() {
		a.markOpen()
	}
	return nil
}
