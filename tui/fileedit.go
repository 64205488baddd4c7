package tui

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/expect"
	"countersign/apiclient/hint"
	"countersign/apiclient/requests"
	"countersign/apiclient/workspace"
	"countersign/tui/endpoints"
	"countersign/tui/files"
	"countersign/tui/response"
	"countersign/tui/ui"
)

// changeLimit is how long a change of a file may take.
const changeLimit = 10 * time.Second

// deletion is what was deleted, to be brought back.
type deletion struct {
	files.Place
	before, after []byte // the file
	content       requests.Content
}

// mostDeleted bounds what undo keeps.
const mostDeleted = 50

// askNew asks for the file and name of a new request.
func (a *App) askNew(path string) tea.Cmd {
	if a.services == nil {
		return ui.Tell("Still starting: a moment")
	}
	text := a.suggested()
	if path != "" {
		text = path + "#"
	}
	return a.ask("New request in FILE#NAME", text, func(text string) (tea.Cmd, error) {
		at, err := a.placeTyped(text)
		if err != nil {
			return nil, err
		}
		return a.create(at), nil
	})
}

// create makes a request of the open endpoint's example.
func (a *App) create(at files.Place) tea.Cmd {
	e, known := a.panes.request.Endpoint()
	return a.change(func(ctx context.Context, w *workspace.Workspace) (string, func(*App) tea.Cmd, error) {
		_, err := w.Edit(ctx, at.Path, func(f *requests.File, read requests.ReadFile) (requests.Change, error) {
			c := requests.Content{Name: at.ID, Method: "POST", Target: f.Prefix() + "/", Body: []byte("{}")}
			if known {
				c.Method, c.Target, c.Body = e.Method, f.Prefix()+e.Path, e.Example
				c.Directives = []requests.Setting{{Name: "endpoint", Value: e.ID}}
			}
			return f.Add(nil, c, read)
		})
		return "Made " + at.ID + " in " + at.Path, openLater(at), err
	})
}

// openLater opens a request once its file is read.
func openLater(at files.Place) func(*App) tea.Cmd {
	return func(*App) tea.Cmd { return ui.Emit(endpoints.RequestChosen{Path: at.Path, ID: at.ID}) }
}

// askRename asks for the new name of a request, or of a file.
func (a *App) askRename(at files.Place) tea.Cmd {
	if at.ID == "" {
		return a.ask("New path of the file", at.Path, func(to string) (tea.Cmd, error) {
			to, err := a.files.Space.Path(to)
			if err != nil {
				return nil, err
			}
			return a.moveFile(at.Path, to), nil
		})
	}
	return a.ask("New name of "+at.Title(), files.NameFor(at.ID), func(name string) (tea.Cmd, error) {
		name = strings.Join(strings.Fields(name), " ")
		if f := a.files.Snapshot.Find(at.Path); name == "" || f != nil && name != at.ID && f.Find(name) != nil {
			return nil, &hint.Error{Says: fmt.Sprintf("%q cannot be its name", name), Fix: "give it one that no other request of the file has"}
		}
		return a.rename(at, name), nil
	})
}

// edit changes the content of a request where it stands.
func (a *App) edit(at files.Place, says string, then func(*App) tea.Cmd, do func(*requests.Content) error) tea.Cmd {
	return a.change(func(ctx context.Context, w *workspace.Workspace) (string, func(*App) tea.Cmd, error) {
		_, err := w.Edit(ctx, at.Path, func(f *requests.File, read requests.ReadFile) (requests.Change, error) {
			r := workspace.Find(f, at.ID)
			if r == nil {
				return requests.Change{}, &hint.Error{Says: at.ID + " is gone from " + at.Path, Fix: "look at the file"}
			}
			c, err := f.Content(r, read)
			if err == nil {
				err = do(&c)
			}
			if err != nil {
				return requests.Change{}, err
			}
			return f.Put(r, c, read)
		})
		return says, then, err
	})
}

func (a *App) rename(at files.Place, name string) tea.Cmd {
	to := files.Place{Path: at.Path, ID: name}
	return a.edit(at, "Renamed to "+name, func(a *App) tea.Cmd { return a.moved(at, to) },
		func(c *requests.Content) error { c.Name = name; return nil })
}

// moved has an open draft follow its request to another place.
func (a *App) moved(from, to files.Place) tea.Cmd {
	was := from.Key()
	open := a.panes.request.Key() == was
	if !a.files.Moved(from, to) {
		return nil
	}
	if c, ok := a.desk.changes[was]; ok {
		delete(a.desk.changes, was)
		a.setChanges(to.Key(), c)
	}
	a.panes.request.Rekey(was, to.Key(), to.Title())
	a.mark(was)
	a.mark(to.Key())
	if !open {
		return a.saveSoon()
	}
	a.saver.seen = a.edition()
	return tea.Batch(a.saveSoon(), ui.Emit(marking(to)))
}

func (a *App) moveFile(from, to string) tea.Cmd {
	return a.change(func(ctx context.Context, w *workspace.Workspace) (string, func(*App) tea.Cmd, error) {
		to, err := w.Move(ctx, from, to)
		return "Renamed to " + to, func(a *App) tea.Cmd {
			var cmds []tea.Cmd
			for _, f := range a.files.OpenIn(from) {
				cmds = append(cmds, a.moved(f.Place, files.Place{Path: to, ID: f.ID}))
			}
			return tea.Batch(cmds...)
		}, err
	})
}

// duplicate copies a request, or a file.
func (a *App) duplicate(at files.Place) tea.Cmd {
	file := a.files.Snapshot.Find(at.Path)
	if file == nil {
		return nil
	}
	if at.ID == "" {
		return a.duplicateFile(file)
	}
	name := files.FreeName(files.NameFor(at.ID)+" copy", func(n string) bool { return file.Find(n) != nil })
	to := files.Place{Path: at.Path, ID: strings.TrimSpace(name)}
	return a.change(func(ctx context.Context, w *workspace.Workspace) (string, func(*App) tea.Cmd, error) {
		_, err := w.Edit(ctx, at.Path, func(f *requests.File, read requests.ReadFile) (requests.Change, error) {
			r := workspace.Find(f, at.ID)
			if r == nil {
				return requests.Change{}, &hint.Error{Says: at.ID + " is gone from " + at.Path, Fix: "look at the file"}
			}
			c, err := f.Content(r, read)
			if err != nil {
				return requests.Change{}, err
			}
			c.Name = to.ID
			return f.Add(r, c, read)
		})
		return "Copied to " + to.ID, openLater(to), err
	})
}

func (a *App) duplicateFile(file *workspace.File) tea.Cmd {
	stem, ext, _ := strings.Cut(file.Path, ".")
	to := files.FreeName(stem+" copy", func(n string) bool { return a.files.Snapshot.Find(n+"."+ext) != nil }) + "." + ext
	return a.change(func(ctx context.Context, w *workspace.Workspace) (string, func(*App) tea.Cmd, error) {
		_, err := w.Edit(ctx, to, func(f *requests.File, _ requests.ReadFile) (requests.Change, error) {
			if len(f.Text) > 0 {
				return requests.Change{}, &hint.Error{Says: "there is " + to + " already", Fix: "rename it first"}
			}
			return requests.Change{Text: file.Text}, nil
		})
		return "Copied to " + to, nil, err
	})
}

// deleteRequest deletes a request; undo brings it back. Of a file it asks first.
func (a *App) deleteRequest(at files.Place) tea.Cmd {
	if at.ID != "" {
		return a.remove(at)
	}
	file := a.files.Snapshot.Find(at.Path)
	if file == nil {
		return nil
	}
	a.confirm("Delete "+at.Path+"?", fmt.Sprintf("It has %d requests. %s brings it back while the explorer runs.", len(file.Requests),
		a.keys.KeyName("endpoints.undo")), removing{at, file.Text})
	return nil
}

// removing is the yes to delete a file, as it was shown.
type removing struct {
	files.Place
	text []byte
}

func (msg removing) handle(a *App) tea.Cmd {
	return a.change(func(ctx context.Context, w *workspace.Workspace) (string, func(*App) tea.Cmd, error) {
		err := w.Remove(ctx, msg.Path, msg.text)
		return "Deleted " + msg.Path, func(a *App) tea.Cmd { return a.deleted(deletion{Place: msg.Place, before: msg.text}) }, err
	})
}

func (a *App) remove(at files.Place) tea.Cmd {
	return a.change(func(ctx context.Context, w *workspace.Workspace) (string, func(*App) tea.Cmd, error) {
		gone := deletion{Place: at}
		_, err := w.Edit(ctx, at.Path, func(f *requests.File, read requests.ReadFile) (requests.Change, error) {
			r := workspace.Find(f, at.ID)
			if r == nil {
				return requests.Change{}, &hint.Error{Says: at.ID + " is gone from " + at.Path + " already", Fix: "look at the file"}
			}
			gone.content, _ = f.Content(r, read) // without its body, the text brings it back all the same
			gone.before, gone.after = f.Text, f.Remove(r)
			return requests.Change{Text: gone.after}, nil
		})
		return "Deleted " + at.ID + " from " + at.Path, func(a *App) tea.Cmd { return a.deleted(gone) }, err
	})
}

// deleted keeps what is gone for undo. A draft of it that is open stays.
func (a *App) deleted(gone deletion) tea.Cmd {
	if a.files.deleted = append(a.files.deleted, gone); len(a.files.deleted) > mostDeleted {
		a.files.deleted = a.files.deleted[1:]
	}
	a.panes.endpoints.SetDeleted(true)
	return nil
}

// undoDelete brings back what was deleted last: at its place, where nobody changed
// the file since, else at the end of the file.
func (a *App) undoDelete() tea.Cmd {
	n := len(a.files.deleted)
	if n == 0 {
		return nil
	}
	gone := a.files.deleted[n-1]
	what := gone.Path
	if gone.ID != "" {
		what = gone.ID + " in " + gone.Path
	}
	return a.change(func(ctx context.Context, w *workspace.Workspace) (string, func(*App) tea.Cmd, error) {
		_, err := w.Edit(ctx, gone.Path, func(f *requests.File, read requests.ReadFile) (requests.Change, error) {
			switch {
			case bytes.Equal(f.Text, gone.after):
				return requests.Change{Text: gone.before}, nil
			case bytes.Equal(f.Text, gone.before):
				return requests.Change{Text: f.Text}, nil // the key was pressed twice
			case gone.ID == "":
				return requests.Change{}, &hint.Error{Says: "there is another " + gone.Path + " by now", Fix: "rename it, then undo again"}
			}
			return f.Add(nil, gone.content, read)
		})
		return "Restored " + what, func(a *App) tea.Cmd { return a.restored(gone.Place, n) }, err
	})
}

// restored forgets the last of n deletions.
func (a *App) restored(at files.Place, n int) tea.Cmd {
	if len(a.files.deleted) == n {
		a.files.deleted = a.files.deleted[:n-1]
		a.panes.endpoints.SetDeleted(n > 1)
	}
	return ui.Emit(pointing(at))
}

// pointing moves the cursor of the list to a request, once its file is there.
type pointing files.Place

func (m pointing) handle(a *App) tea.Cmd {
	a.panes.endpoints.GoTo(m.Path, m.ID)
	return nil
}

// addExpectation turns a value of the answer into an expectation of its request,
// which must be in a file.
func (a *App) addExpectation(msg response.ExpectAsked) tea.Cmd {
	at, ok := files.Place{}, false
	if e := a.desk.shown; e != nil {
		var was files.Sent
		was, ok = a.files.SentAs(e.ID)
		at = was.Place
	}
	if f := a.openFile(); f != nil && !ok {
		at, ok = f.Place, true
	}
	if ok {
		return a.expectIn(at, msg.Expression)
	}
	if why := a.cannotSave(); why != "" {
		return ui.Tell(why)
	}
	return a.askWhere(func(at files.Place) tea.Cmd { return a.expectIn(at, msg.Expression) })
}

// expectIn writes an expectation, which the answer meets, into a file, and nothing
// else of the draft.
func (a *App) expectIn(at files.Place, expression string) tea.Cmd {
	e := a.desk.shown
	return a.edit(at, "Added to "+at.Title()+": # @expect "+expression, nil, func(c *requests.Content) error {
		wanted := requests.Setting{Name: "expect", Value: expression}
		if slices.Contains(c.Directives, wanted) {
			return &hint.Error{Says: at.Title() + " expects that already", Fix: "nothing was changed"}
		}
		x, err := expect.Compile(expression)
		if err != nil {
			return err
		}
		if e != nil && !x.Check(context.Background(), expect.Value(e, nil)).Holds {
			return &hint.Error{Says: "not added: the answer does not have this value", Fix: "it is masked on the screen, or from a filter"}
		}
		c.Directives = append(c.Directives, wanted)
		return nil
	})
}
