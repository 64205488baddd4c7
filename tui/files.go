package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/english"
	"countersign/apiclient/hint"
	"countersign/apiclient/suite"
	"countersign/apiclient/workspace"
	"countersign/tui/box"
	"countersign/tui/desk"
	"countersign/tui/endpoints"
	"countersign/tui/files"
	"countersign/tui/keymap"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// fromFiles takes what is asked for of request files, and what came of that.
func (a *App) fromFiles(msg tea.Msg) (cmd tea.Cmd, known bool) {
	switch msg := msg.(type) {
	case endpoints.RequestChosen:
		return a.chooseRequest(msg), true
	case endpoints.FaultOpened:
		return a.openText(box.Text{Title: msg.Title, What: "fault", Bytes: []byte(msg.Text), Prose: true}), true
	case endpoints.NewAsked:
		return a.askNew(msg.Path), true
	case endpoints.RenameAsked:
		a.files.AskRename(files.Place{Path: msg.Path, ID: msg.ID})
		return nil, true
	case endpoints.DuplicateAsked:
		return a.files.Duplicate(files.Place{Path: msg.Path, ID: msg.ID}), true
	case endpoints.DeleteAsked:
		return a.files.Delete(files.Place{Path: msg.Path, ID: msg.ID}), true
	case endpoints.UndoAsked:
		return a.files.Undo(), true
	case endpoints.RunAsked:
		return a.askRunFiles(msg.Path), true
	case files.Looked:
		return a.takeFiles(msg.Snapshot), true
	case files.Read:
		cmd, opened := a.desk.Read(msg)
		if opened {
			a.markOpen()
		}
		return cmd, true
	case files.Changed:
		return a.takeChange(msg), true
	case files.TheirsTaken:
		cmd := a.desk.TakeTheirs(msg)
		if msg.Theirs == nil {
			a.markOpen()
		}
		return cmd, true
	case files.StepOpened:
		return a.fetch(msg.Run, toShow), true
	case files.RunEnded:
		return tea.Batch(a.panes.runs.Refresh(), a.checkHistory(false)), true
	}
	return nil, false
}

// takeChange has the open draft and the list follow a change of request files.
func (a *App) takeChange(msg files.Changed) tea.Cmd {
	was := a.panes.request.Key()
	var cmds []tea.Cmd
	switch did := msg.Did.(type) { // before the files are shown: the open draft may have moved
	case files.Saved:
		cmds = append(cmds, a.desk.Saved(did))
	case files.Added:
		cmds = append(cmds, a.desk.Added(did))
	case files.Moved:
		cmds = append(cmds, a.desk.Moved(did.From, did.To))
	}
	cmds = append(cmds, a.takeFiles(msg.Snapshot))
	a.files.Tell(msg)
	a.panes.endpoints.SetDeleted(a.files.CanUndo())
	if a.panes.request.Key() != was {
		a.markOpen()
	}
	switch did := msg.Did.(type) {
	case files.Made:
		cmds = append(cmds, a.chooseRequest(endpoints.RequestChosen{Path: did.Path, ID: did.ID}))
	case files.Restored:
		a.panes.endpoints.GoTo(did.Path, did.ID)
	}
	return tea.Batch(cmds...)
}

// takeFiles shows files that have changed; the open draft follows its own.
func (a *App) takeFiles(s *workspace.Snapshot) tea.Cmd {
	was, changed := a.files.Take(s)
	if !changed {
		return a.openFirst()
	}
	a.panes.endpoints.SetRequests(a.files.Space.Place, s)
	if a.desk.File() == nil || a.services == nil {
		return a.openFirst()
	}
	return a.desk.FollowFile(was)
}

// openFirst opens what the explorer was started for, once it can be, else follows
// the file of the draft that was left open.
func (a *App) openFirst() tea.Cmd {
	at := a.config.OpenAt
	switch {
	case a.services == nil || a.files.Snapshot == nil:
		return nil
	case at == "":
		return a.openLeft()
	case a.first:
		return nil
	}
	a.first = true
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

// openLeft opens the request of a file that was left open, or follows its file.
func (a *App) openLeft() tea.Cmd {
	if f := a.desk.File(); f != nil {
		return a.desk.ReadRequest(f.Place, true)
	}
	at := a.desk.Unopened
	a.desk.Unopened = files.Place{}
	if _, r := a.files.Find(at); r != nil && a.desk.Untouched() {
		return a.desk.ReadRequest(at, false)
	}
	return nil
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
	return a.desk.ReadRequest(at, false)
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
			all = append(all, box.Command{Name: "Open " + f.Path + "  " + r.Label(), Word: cmp.Or(r.Name, r.Target),
				Run: func() tea.Cmd {
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

// askNew asks for the file and name of a new request of the open endpoint.
func (a *App) askNew(path string) tea.Cmd {
	if a.services == nil {
		return ui.Tell("Still starting: a moment")
	}
	a.files.AskNew(path, a.desk.Endpoint())
	return nil
}

// askRunFiles runs files, or asks first where the profile wants it.
func (a *App) askRunFiles(path string) tea.Cmd {
	if a.services == nil || a.services.Resolver == nil {
		return ui.Tell("Still starting: a moment")
	}
	s, below := a.services, a.files.Below(path)
	count := 0
	for _, f := range below {
		count += len(f.Requests)
	}
	switch {
	case len(below) == 0:
		return ui.Tell("There is no request in " + path)
	case a.files.Run.Running() || a.desk.Flight.Running():
		return ui.Tell("Something is being sent already")
	}
	run := func() tea.Cmd {
		if s != a.services {
			a.status.Set(desk.OtherProfile, status.Warn)
			return nil
		}
		return a.files.Run.Start(path, a.desk.UnsavedNote(below), below, suite.Options{
			Target: s.Targets(a.config.Switch), Mask: files.Masking(a.redactor())})
	}
	if p := s.Client.Profile(); p.Confirm {
		a.confirm(fmt.Sprintf("Send %s of %s to %s?", english.Count(count, "request"), path, p.Name), "They go to "+p.BaseURL+
			". This profile asks before requests are sent, because they may move money.", run)
		return nil
	}
	return run()
}
