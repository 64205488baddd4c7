package files

import (
	"cmp"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/tui/box"
)

// ask asks for a line of text.
func (f *Files) ask(title, text string, done func(string) (tea.Cmd, error)) {
	f.o.Open(box.NewPrompt(f.o.Theme, title, text, done))
}

// AskNew asks for the file and name of a new request, and makes it of an endpoint's
// example; e is nil where there is none. path is its file; "": any.
func (f *Files) AskNew(path string, e *catalog.Endpoint) {
	text := path + "#"
	if path == "" {
		text = f.suggested(e)
	}
	f.ask("New request in FILE#NAME", text, func(text string) (tea.Cmd, error) {
		at, err := f.placeTyped(text)
		if err != nil {
			return nil, err
		}
		return f.create(at, e), nil
	})
}

// AskWhere asks for the file and name of a draft of an endpoint, nil for none, that
// is in no file, and saves it. expect is an expectation that follows; "": none.
func (f *Files) AskWhere(d apiclient.Draft, e *catalog.Endpoint, expect string) {
	title := "Save in FILE#NAME"
	if expect != "" {
		title = "The request has no file yet: save it in FILE#NAME"
	}
	f.ask(title, f.suggested(e), func(text string) (tea.Cmd, error) {
		at, err := f.placeTyped(text)
		if err != nil {
			return nil, err
		}
		return f.saveAs(at, d, "", expect), nil
	})
}

// suggested is where a draft may be saved: in the file that was used last, under
// the name of its endpoint.
func (f *Files) suggested(e *catalog.Endpoint) string {
	folder, name := "", ""
	if e != nil {
		i := strings.LastIndexByte(e.Name, '/')
		folder, name = e.Name[:max(0, strings.IndexByte(e.Name, '/'))], e.Name[i+1:]
	}
	path := cmp.Or(f.Space.One, cmp.Or(folder, "requests")+".http")
	name = cmp.Or(name, "request")
	if file := f.Snapshot.Find(path); file != nil {
		name = freeName(name, func(n string) bool { return file.Find(n) != nil })
	}
	return path + "#" + name
}

// placeTyped reads FILE#NAME of a request that is still to be made.
func (f *Files) placeTyped(text string) (Place, error) {
	path, name, ok := strings.Cut(text, "#")
	name = strings.Join(strings.Fields(name), " ")
	if !ok || name == "" {
		return Place{}, &hint.Error{Says: "the request needs a name", Fix: "write it behind the file: payments/pay.http#pay"}
	}
	path, err := f.Space.Path(path)
	if err != nil {
		return Place{}, err
	}
	if file := f.Snapshot.Find(path); file != nil && file.Find(name) != nil {
		return Place{}, &hint.Error{Says: path + " has a request " + name + " already", Fix: "choose another name"}
	}
	return Place{Path: path, ID: name}, nil
}

// AskRename asks for the new name of a request, or with an ID of "" of a file.
func (f *Files) AskRename(at Place) {
	if at.ID == "" {
		f.ask("New path of the file", at.Path, func(to string) (tea.Cmd, error) {
			to, err := f.Space.Path(to)
			if err != nil {
				return nil, err
			}
			return f.moveFile(at.Path, to), nil
		})
		return
	}
	f.ask("New name of "+at.Title(), nameFor(at.ID), func(name string) (tea.Cmd, error) {
		name = strings.Join(strings.Fields(name), " ")
		if file := f.Snapshot.Find(at.Path); name == "" || file != nil && name != at.ID && file.Find(name) != nil {
			return nil, &hint.Error{Says: fmt.Sprintf("%q cannot be its name", name),
				Fix: "give it one that no other request of the file has"}
		}
		return f.rename(at, name), nil
	})
}

// Delete deletes a request; Undo brings it back. Of a file, with an ID of "", it
// asks first.
func (f *Files) Delete(at Place) tea.Cmd {
	if at.ID != "" {
		return f.remove(at)
	}
	file := f.Snapshot.Find(at.Path)
	if file == nil {
		return nil
	}
	why := fmt.Sprintf("It has %d requests. ", len(file.Requests)) +
		f.o.Theme.Words("{endpoints.undo} brings it back while the explorer runs.")
	f.o.Open(box.NewConfirm(f.o.Theme, "Delete "+at.Path+"?", why,
		func() tea.Cmd { return f.removeFile(at.Path, file.Text) }))
	return nil
}

// TheirsTaken says that what is in the file stays, and what was edited here goes.
type TheirsTaken struct {
	Filed  Filed            // as it was here
	Theirs *apiclient.Draft // nil: it is gone
}

// askWhoWins asks which of two edits of a request stays; both can.
func (f *Files) askWhoWins(c *conflict) {
	why, theirs := "It is gone from the file, or has another name there. ", "Theirs: leave it gone; what you have "+
		"here goes"
	if c.Theirs != nil {
		why = "Since you opened it somebody else changed " + differs(c.Filed.Base, *c.Theirs) + ". "
		theirs = "Theirs: take what is in the file; what you have here goes"
	}
	why += "You changed " + cmp.Or(differs(c.Filed.Base, c.Mine), "nothing") + "."
	f.o.Open(box.NewPick(f.o.Theme, c.Filed.Title()+" was changed by somebody else", why, []box.Option{
		{Text: "Both: theirs stays, mine is saved under another name", Do: func() tea.Cmd { return f.saveBoth(c) }},
		{Text: "Mine: write mine in its place", Do: func() tea.Cmd { return f.Save(c.Filed, c.Mine, c.Theirs, true) }},
		{Text: theirs, Do: func() tea.Cmd { return func() tea.Msg { return TheirsTaken{c.Filed, c.Theirs} } }},
	}))
}

// saveBoth leaves theirs, and saves mine under another name, which is open then.
func (f *Files) saveBoth(c *conflict) tea.Cmd {
	taken := func(name string) bool {
		file := f.Snapshot.Find(c.Filed.Path)
		return file != nil && file.Find(name) != nil
	}
	name := freeName(cmp.Or(nameFor(c.Filed.ID), "request")+" (mine)", taken)
	return f.saveAs(Place{Path: c.Filed.Path, ID: name}, c.Mine, c.Filed.Key(), "")
}
