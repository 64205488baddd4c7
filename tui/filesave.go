package tui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/apiclient/requests"
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
	var c *conflict
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

// conflict is the error for a request that somebody else has changed, too.
type conflict struct {
	filed  files.Filed
	mine   apiclient.Draft
	theirs *apiclient.Draft // nil: it is gone
}

func (c *conflict) Error() string { return c.filed.Title() + " was changed by somebody else" }

// askWhoWins asks which of two edits of a request stays; both can.
func (a *App) askWhoWins(c *conflict) {
	why, theirs := "It is gone from the file, or has another name there. ", "Theirs: leave it gone; what you have here goes"
	if c.theirs != nil {
		why = "Since you opened it somebody else changed " + files.Differs(c.filed.Base, *c.theirs) + ". "
		theirs = "Theirs: take what is in the file; what you have here goes"
	}
	why += "You changed " + cmp.Or(files.Differs(c.filed.Base, c.mine), "nothing") + "."
	a.open(box.NewPick(a.theme, c.filed.Title()+" was changed by somebody else", why, []box.Option{
		{Text: "Both: theirs stays, mine is saved under another name", Do: func() tea.Cmd { return a.saveBoth(c) }},
		{Text: "Mine: write mine in its place", Do: func() tea.Cmd { return a.saveInto(c.filed, c.mine, c.theirs, true) }},
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

// noKeyIn refuses a draft that holds a private key; what says what is not done.
func noKeyIn(d apiclient.Draft, what string) error {
	texts := [][]byte{d.Body, []byte(d.Target)}
	for _, f := range d.Header {
		texts = append(texts, []byte(f.Value))
	}
	for _, text := range texts {
		if key := keys.PrivateIn(text); key != "" {
			return &hint.Error{Says: what + ": it holds " + key, Fix: "put a variable in its place, such as {{env.KEY}}"}
		}
	}
	return nil
}

// saveInto writes mine into its place in its file. What somebody else has changed
// there since is a conflict, unless it is what over says, or anything goes.
func (a *App) saveInto(f files.Filed, mine apiclient.Draft, over *apiclient.Draft, anyway bool) tea.Cmd {
	names := a.services.Client.Profile().HeaderNames
	return a.change(func(ctx context.Context, w *workspace.Workspace) (string, func(*App) tea.Cmd, error) {
		var lost []string
		var saved apiclient.Draft
		err := noKeyIn(mine, "not saved")
		if err == nil {
			_, err = w.Edit(ctx, f.Path, func(file *requests.File, read requests.ReadFile) (requests.Change, error) {
				r := workspace.Find(file, f.ID)
				was := requests.Content{Name: nameFor(f.ID)}
				var theirs *apiclient.Draft
				if r != nil {
					c, err := file.Content(r, read)
					if err != nil {
						c.Body = f.Base.Body // its file is gone: it is written again
					}
					d := c.Draft(names)
					was, theirs = c, &d
				}
				free := theirs != nil && (files.Same(*theirs, f.Base) || files.Same(*theirs, mine)) ||
					anyway && (theirs == nil) == (over == nil) && (theirs == nil || files.Same(*theirs, *over))
				if !free {
					return requests.Change{}, &conflict{f, mine, theirs}
				}
				var c requests.Content
				c, lost = was.With(mine, names)
				saved = c.Draft(names)
				if r == nil {
					return file.Add(nil, c, read)
				}
				return file.Put(r, c, read)
			})
		}
		return savedWords(f.Place, lost), func(a *App) tea.Cmd { return a.fileSaved(f.Place, mine, saved) }, err
	})
}

// nameFor is the name that an ID stands for; "" where it is a number.
func nameFor(id string) string {
	if strings.HasPrefix(id, "#") {
		return ""
	}
	return id
}

func savedWords(at files.Place, lost []string) string {
	says := "Saved in " + at.Path + ": " + at.ID
	if len(lost) > 0 {
		says += "; a file cannot say " + strings.Join(lost, ", ")
	}
	return says
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
func (a *App) takeTheirs(c *conflict) tea.Cmd {
	key := c.filed.Key()
	if c.theirs == nil {
		if a.panes.request.Key() != key {
			return nil
		}
		return a.leaveFile(key)
	}
	f := a.files.Open(key)
	if f == nil {
		return nil
	}
	f.Base = *c.theirs
	e, known := a.panes.request.Endpoint()
	a.panes.request.OpenFile(key, c.filed.Title(), e, known, *c.theirs, true)
	a.setChanges(key, changesOf(*c.theirs))
	a.showChanges()
	a.mark(key)
	a.status.Keep(c.filed.Title()+" is as the file has it", status.Neutral)
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
func (a *App) saveBoth(c *conflict) tea.Cmd {
	taken := func(name string) bool {
		f := a.files.Snapshot.Find(c.filed.Path)
		return f != nil && f.Find(name) != nil
	}
	name := freeName(cmp.Or(nameFor(c.filed.ID), "request")+" (mine)", taken)
	return a.saveAs(files.Place{Path: c.filed.Path, ID: name}, c.mine, c.filed.Key(), nil)
}

// freeName is a name like the one that is wanted, that nothing has yet.
func freeName(want string, taken func(string) bool) string {
	name := want
	for n := 2; taken(name); n++ {
		name = fmt.Sprintf("%s %d", want, n)
	}
	return name
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
		name = freeName(name, func(n string) bool { return f.Find(n) != nil })
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
		var lost []string
		var saved apiclient.Draft
		err := noKeyIn(mine, "not saved")
		if err == nil {
			_, err = w.Edit(ctx, at.Path, func(file *requests.File, read requests.ReadFile) (requests.Change, error) {
				if workspace.Find(file, at.ID) != nil {
					return requests.Change{}, &hint.Error{Says: at.Path + " has a request " + at.ID + " already", Fix: "choose another name"}
				}
				c := requests.Content{Name: at.ID}
				if known {
					c.Directives = []requests.Setting{{Name: "endpoint", Value: endpoint.ID}}
				}
				d := mine
				if strings.HasPrefix(d.Target, "/") {
					d.Target = file.Prefix() + d.Target
				}
				c, lost = c.With(d, names)
				saved = c.Draft(names)
				return file.Add(nil, c, read)
			})
		}
		return savedWords(at, lost), func(a *App) tea.Cmd {
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
