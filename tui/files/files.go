// Package files knows the request files of the explorer: which drafts are in
// them, what was sent of them, and how what they expect of that stands. It changes
// and runs them; the outcome is sent as Changed, StepOpened and RunEnded.
package files

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/requests"
	"countersign/apiclient/variables"
	"countersign/apiclient/workspace"
	"countersign/tui/box"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// Options are what Files work with.
type Options struct {
	Theme  *ui.Theme
	Status *status.Line
	Open   func(box.Box)  // over the panes, in place of another
	Box    func() box.Box // the one that is open; nil: none
	Now    func() time.Time
}

// Files are those of one folder.
type Files struct {
	Space    *workspace.Workspace // nil: there is no folder
	Snapshot *workspace.Snapshot  // nil until it is read
	Run      Run

	o        Options
	catalog  *catalog.Catalog
	profile  apiclient.Profile   // in use
	resolver *variables.Resolver // of its variables; nil: requests cannot be opened

	open    map[string]*Filed // drafts that are in files, by key
	passes  map[string]*Pass  // by file
	sent    map[string]Sent   // by the ID of the run
	noted   map[string]bool   // of which drafts it was said what is not done here
	deleted []deletion        // what Undo brings back, the last one at the end
}

// New returns the files of no folder. Use says which.
func New(o Options) *Files {
	f := &Files{o: o}
	f.Run.files = f
	return f
}

// Attach works with another profile. The values of all files begin again: those of
// another profile are others.
func (f *Files) Attach(p apiclient.Profile, r *variables.Resolver) {
	f.profile, f.resolver, f.passes = p, r, nil
}

// Message is one of the files' own, for Update.
type Message interface{ update(f *Files) tea.Cmd }

// Update takes one of the files' own messages.
func (f *Files) Update(msg Message) tea.Cmd { return msg.update(f) }

// Place names a request in a file.
type Place struct{ Path, ID string }

// inFile begins the keys of drafts that are in files.
const inFile = "file:"

// Key names the draft of a request in a file.
func (p Place) Key() string { return inFile + p.Path + "#" + p.ID }

// PlaceOf reads a key.
func PlaceOf(key string) (Place, bool) {
	rest, ok := strings.CutPrefix(key, inFile)
	path, id, cut := strings.Cut(rest, "#")
	return Place{path, id}, ok && cut
}

// Title is its name in the request pane.
func (p Place) Title() string {
	return p.Path[strings.LastIndexByte(p.Path, '/')+1:] + " · " + p.ID
}

// Filed is a draft that is in a file.
type Filed struct {
	Place
	Base    apiclient.Draft // what the file said when it was opened or saved last
	Foreign string          // why it cannot be sent; "" where it can
	Profile string          // that the file wants; "": any
}

// Use works with the files of a place, and the endpoints of a catalogue. It reports
// whether it is another place.
func (f *Files) Use(at workspace.Place, c *catalog.Catalog) bool {
	f.catalog = c
	if f.Space == nil && at.Dir == "" || f.Space != nil && f.Space.Place == at {
		return false
	}
	f.Space, f.Snapshot, f.passes = workspace.New(at), nil, nil
	return true
}

// Find returns the file of a place, and its request; nil where it is not there.
func (f *Files) Find(at Place) (*workspace.File, *requests.Request) {
	file := f.Snapshot.Find(at.Path)
	if file == nil {
		return nil, nil
	}
	return file, file.Find(at.ID)
}

// Open returns the draft with a key; nil where it is in no file.
func (f *Files) Open(key string) *Filed { return f.open[key] }

// Keep notes a draft that is in a file.
func (f *Files) Keep(d Filed) {
	if f.open == nil {
		f.open = map[string]*Filed{}
	}
	f.open[d.Key()] = &d
}

// Drop forgets a draft.
func (f *Files) Drop(key string) { delete(f.open, key) }

// OpenIn returns the drafts that stand in a file, in no order.
func (f *Files) OpenIn(path string) []*Filed {
	var list []*Filed
	for _, d := range f.open {
		if d.Path == path {
			list = append(list, d)
		}
	}
	return list
}

// Moved has the draft and the runs of a request follow it to another place, and
// reports whether there is a draft.
func (f *Files) Moved(from, to Place) bool {
	d := f.open[from.Key()]
	if d == nil || from == to {
		return false
	}
	delete(f.open, from.Key())
	d.Place = to
	f.open[to.Key()] = d
	for run, was := range f.sent {
		if was.Place == from {
			f.sent[run] = Sent{to, was.Results}
		}
	}
	return true
}

// Same reports whether two drafts say the same.
func Same(a, b apiclient.Draft) bool {
	return a.Method == b.Method && a.Target == b.Target && bytes.Equal(a.Body, b.Body) &&
		slices.Equal(a.Header, b.Header) &&
		slices.Equal(a.Omit, b.Omit) && slices.Equal(a.Tamper, b.Tamper)
}

// differs says in which parts two drafts of a request differ.
func differs(a, b apiclient.Draft) string {
	var parts []string
	for _, p := range []struct {
		what string
		same bool
	}{
		{"the method", a.Method == b.Method}, {"the path", a.Target == b.Target}, {"headers", slices.Equal(a.Header, b.Header)},
		{"what is wrong on purpose", slices.Equal(a.Tamper, b.Tamper) && slices.Equal(a.Omit, b.Omit)},
		{"the body", bytes.Equal(a.Body, b.Body)},
	} {
		if !p.same {
			parts = append(parts, p.what)
		}
	}
	return strings.Join(parts, ", ")
}

// notRun lists what other tools would do with a request, and this one does not.
func notRun(file *workspace.File, r *requests.Request) []string {
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

// Below returns a file, or those of a folder that ends in /, which have requests.
func (f *Files) Below(path string) []*workspace.File {
	var list []*workspace.File
	for _, file := range f.Snapshot.Files {
		if file.Path == path || strings.HasSuffix(path, "/") && strings.HasPrefix(file.Path, path) {
			if len(file.Requests) > 0 || len(file.Faults) > 0 {
				list = append(list, file)
			}
		}
	}
	return list
}
