package files

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/expect"
	"countersign/apiclient/hint"
	"countersign/apiclient/requests"
	"countersign/apiclient/workspace"
	"countersign/tui/status"
)

// Changed says how a change of request files ended.
type Changed struct {
	Snapshot *workspace.Snapshot // as they stand now
	// Did is what was done that the explorer follows: Saved, Added, Made, Moved,
	// Deleted or Restored. Nil: nothing of the kind.
	Did  any
	says string
	err  error
}

type (
	// Saved says that a draft stands in its file.
	Saved struct {
		Place
		Mine, As apiclient.Draft // as it was here, and as the file has it
	}
	// Added says that a draft was saved as a further request of a file.
	Added struct {
		Place
		As       apiclient.Draft // as the file has it
		Endpoint string          // its endpoint; "": none
		From     string          // key of the draft in another place whose unsaved edits these are; "": none
		Expect   string          // expectation that is to be written next; "": none
	}
	// Made says that there is a request that nothing is open of.
	Made struct{ Place }
	// Moved says where a request was, and where it is now; with IDs of "" it was a
	// file, with all that is in it.
	Moved struct{ From, To Place }
	// Deleted says that something is gone. Undo brings it back.
	Deleted struct{ gone deletion }
	// Restored says that something is back.
	Restored struct {
		Place
		n int // how many deletions there were
	}
)

// deletion is what was deleted, to be brought back.
type deletion struct {
	Place
	before, after []byte // the file
	content       requests.Content
}

const (
	// changeLimit is how long a change of a file may take.
	changeLimit = 10 * time.Second
	// mostDeleted bounds what undo keeps.
	mostDeleted = 50
)

// change changes files in the background. Its answer is Changed.
func (f *Files) change(
	work func(ctx context.Context, w *workspace.Workspace) (says string, did any, err error),
) tea.Cmd {
	w, all := f.Space, f.catalog
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), changeLimit)
		defer cancel()
		says, did, err := work(ctx, w)
		if err != nil {
			did = nil
		}
		s, _ := w.Look(ctx, all)
		return Changed{s, did, says, err}
	}
}

// Tell notes how a change ended and says so, or asks which of two edits stays.
func (f *Files) Tell(msg Changed) {
	switch did := msg.Did.(type) {
	case Deleted:
		if f.deleted = append(f.deleted, did.gone); len(f.deleted) > mostDeleted {
			f.deleted = f.deleted[1:]
		}
	case Restored:
		if len(f.deleted) == did.n {
			f.deleted = f.deleted[:did.n-1]
		}
	}
	var c *conflict
	switch {
	case errors.As(msg.err, &c):
		f.askWhoWins(c)
	case msg.err != nil:
		f.o.Status.Keep(hint.Sentence(msg.err), status.Bad)
	default:
		f.o.Status.Keep(msg.says, status.Good)
	}
}

// CanUndo reports whether Undo has something to bring back.
func (f *Files) CanUndo() bool { return len(f.deleted) > 0 }

// Save writes mine into its place in its file. What somebody else has changed there
// since is a conflict, unless it is what over says and anyway is set.
func (f *Files) Save(d Filed, mine apiclient.Draft, over *apiclient.Draft, anyway bool) tea.Cmd {
	names := f.profile.HeaderNames
	return f.change(func(ctx context.Context, w *workspace.Workspace) (string, any, error) {
		as, lost, err := put(ctx, w, names, d, mine, over, anyway)
		return savedWords(d.Place, lost), Saved{d.Place, mine, as}, err
	})
}

// saveAs saves mine as a further request of a file. from and expect are those of
// Added.
func (f *Files) saveAs(at Place, mine apiclient.Draft, from, expect string) tea.Cmd {
	names := f.profile.HeaderNames
	return f.change(func(ctx context.Context, w *workspace.Workspace) (string, any, error) {
		as, lost, err := add(ctx, w, names, at, mine.Endpoint, mine)
		return savedWords(at, lost), Added{at, as, mine.Endpoint, from, expect}, err
	})
}

// create makes a request of an endpoint's example; e is nil where there is none.
func (f *Files) create(at Place, e *catalog.Endpoint) tea.Cmd {
	made := "Made " + at.ID + " in " + at.Path
	return f.edit(at.Path, made, Made{at}, func(file *requests.File, read requests.ReadFile) (requests.Change, error) {
		c := requests.Content{Name: at.ID, Method: "POST", Target: file.Prefix() + "/", Body: []byte("{}")}
		if e != nil {
			c.Method, c.Target, c.Body = e.Method, file.Prefix()+e.Path, e.Example
			c.Directives = []requests.Setting{{Name: "endpoint", Value: e.ID}}
		}
		return file.Add(nil, c, read)
	})
}

// edit changes the text of a file.
func (f *Files) edit(
	path, says string, did any, do func(*requests.File, requests.ReadFile) (requests.Change, error),
) tea.Cmd {
	return f.change(func(ctx context.Context, w *workspace.Workspace) (string, any, error) {
		_, err := w.Edit(ctx, path, do)
		return says, did, err
	})
}

// contentOf returns a request where it stands, and what it says.
func contentOf(file *requests.File, at Place, read requests.ReadFile) (*requests.Request, requests.Content, error) {
	r := workspace.Find(file, at.ID)
	if r == nil {
		return nil, requests.Content{}, &hint.Error{Says: at.ID + " is gone from " + at.Path, Fix: "look at the file"}
	}
	c, err := file.Content(r, read)
	return r, c, err
}

// rewrite changes the content of a request where it stands.
func (f *Files) rewrite(at Place, says string, did any, do func(*requests.Content) error) tea.Cmd {
	return f.edit(at.Path, says, did, func(file *requests.File, read requests.ReadFile) (requests.Change, error) {
		r, c, err := contentOf(file, at, read)
		if err == nil {
			err = do(&c)
		}
		if err != nil {
			return requests.Change{}, err
		}
		return file.Put(r, c, read)
	})
}

func (f *Files) rename(at Place, name string) tea.Cmd {
	moved := Moved{at, Place{Path: at.Path, ID: name}}
	return f.rewrite(at, "Renamed to "+name, moved, func(c *requests.Content) error { c.Name = name; return nil })
}

func (f *Files) moveFile(from, to string) tea.Cmd {
	return f.change(func(ctx context.Context, w *workspace.Workspace) (string, any, error) {
		to, err := w.Move(ctx, from, to)
		return "Renamed to " + to, Moved{Place{Path: from}, Place{Path: to}}, err
	})
}

// Duplicate copies a request, or with an ID of "" a file.
func (f *Files) Duplicate(at Place) tea.Cmd {
	file := f.Snapshot.Find(at.Path)
	if file == nil {
		return nil
	}
	if at.ID == "" {
		return f.duplicateFile(file)
	}
	name := freeName(nameFor(at.ID)+" copy", func(n string) bool { return file.Find(n) != nil })
	to := Place{Path: at.Path, ID: strings.TrimSpace(name)}
	copied := "Copied to " + to.ID
	return f.edit(at.Path, copied, Made{to}, func(file *requests.File, read requests.ReadFile) (requests.Change, error) {
		r, c, err := contentOf(file, at, read)
		if err != nil {
			return requests.Change{}, err
		}
		c.Name = to.ID
		return file.Add(r, c, read)
	})
}

func (f *Files) duplicateFile(of *workspace.File) tea.Cmd {
	stem, ext, _ := strings.Cut(of.Path, ".")
	to := freeName(stem+" copy", func(n string) bool { return f.Snapshot.Find(n+"."+ext) != nil }) + "." + ext
	return f.edit(to, "Copied to "+to, nil, func(file *requests.File, _ requests.ReadFile) (requests.Change, error) {
		if len(file.Text) > 0 {
			return requests.Change{}, &hint.Error{Says: "there is " + to + " already", Fix: "rename it first"}
		}
		return requests.Change{Text: of.Text}, nil
	})
}

// removeFile deletes a file, if it still is as it was shown.
func (f *Files) removeFile(path string, text []byte) tea.Cmd {
	return f.change(func(ctx context.Context, w *workspace.Workspace) (string, any, error) {
		err := w.Remove(ctx, path, text)
		return "Deleted " + path, Deleted{deletion{Place: Place{Path: path}, before: text}}, err
	})
}

func (f *Files) remove(at Place) tea.Cmd {
	return f.change(func(ctx context.Context, w *workspace.Workspace) (string, any, error) {
		gone := deletion{Place: at}
		_, err := w.Edit(ctx, at.Path, func(file *requests.File, read requests.ReadFile) (requests.Change, error) {
			r := workspace.Find(file, at.ID)
			if r == nil {
				return requests.Change{}, &hint.Error{Says: at.ID + " is gone from " + at.Path + " already",
					Fix: "look at the file"}
			}
			gone.content, _ = file.Content(r, read) // without its body, the text brings it back all the same
			gone.before, gone.after = file.Text, file.Remove([]*requests.Request{r}, nil)
			return requests.Change{Text: gone.after}, nil
		})
		return "Deleted " + at.ID + " from " + at.Path, Deleted{gone}, err
	})
}

// Undo brings back what was deleted last: at its place, where nobody changed the
// file since, else at the end of the file.
func (f *Files) Undo() tea.Cmd {
	n := len(f.deleted)
	if n == 0 {
		return nil
	}
	gone := f.deleted[n-1]
	says := "Restored " + gone.Path
	if gone.ID != "" {
		says = "Restored " + gone.ID + " in " + gone.Path
	}
	done := Restored{gone.Place, n}
	return f.edit(gone.Path, says, done, func(file *requests.File, read requests.ReadFile) (requests.Change, error) {
		switch {
		case bytes.Equal(file.Text, gone.after):
			return requests.Change{Text: gone.before}, nil
		case bytes.Equal(file.Text, gone.before):
			return requests.Change{Text: file.Text}, nil // the key was pressed twice
		case gone.ID == "":
			return requests.Change{}, &hint.Error{Says: "there is another " + gone.Path + " by now",
				Fix: "rename it, then undo again"}
		}
		return file.Add(nil, gone.content, read)
	})
}

// Expect writes an expectation, which the answer that is shown meets, into a
// request, and nothing else. shown may be nil.
func (f *Files) Expect(at Place, expression string, shown *apiclient.Exchange) tea.Cmd {
	return f.rewrite(at, "Added to "+at.Title()+": # @expect "+expression, nil, func(c *requests.Content) error {
		wanted := requests.Setting{Name: "expect", Value: expression}
		if slices.Contains(c.Directives, wanted) {
			return &hint.Error{Says: at.Title() + " expects that already", Fix: "nothing was changed"}
		}
		x, err := expect.Compile(expression)
		if err != nil {
			return err
		}
		if shown != nil && !x.Check(context.Background(), expect.Value(shown, nil)).Holds {
			return &hint.Error{Says: "not added: the answer does not have this value",
				Fix: "it is masked on the screen, or from a filter"}
		}
		c.Directives = append(c.Directives, wanted)
		return nil
	})
}
