package endpoints

import (
	"cmp"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/hint"
	"countersign/apiclient/workspace"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// What the pane tells of requests in files, or asks for. Path is that of a file
// below the folder, ID names a request in it; an ID of "" means the whole file.
type (
	// RequestChosen says that a person chose a request.
	RequestChosen struct {
		Path, ID string
		Stay     bool // the focus stays where it is
	}
	// FaultOpened asks for what is wrong with a file to be shown whole.
	FaultOpened struct{ Title, Text string }
	// NewAsked asks for a new request; Path is where the cursor is: a file, a
	// folder that ends in /, or "".
	NewAsked struct{ Path string }
	// RenameAsked asks for another name.
	RenameAsked struct{ Path, ID string }
	// DuplicateAsked asks for a copy.
	DuplicateAsked struct{ Path, ID string }
	// DeleteAsked asks for it to be deleted.
	DeleteAsked struct{ Path, ID string }
	// UndoAsked asks for what was deleted last to come back.
	UndoAsked struct{}
	// RunAsked asks for a file, or the files of a folder that ends in /, to be run.
	RunAsked struct{ Path string }
)

// SetRequests tells where request files are, and which there are: nil while they
// are read.
func (p *Pane) SetRequests(place workspace.Place, files *workspace.Snapshot) {
	p.place, p.files = place, files
	p.many = files != nil && len(files.Files)+files.Count() > unfoldedUpTo
	p.refilter(true)
}

// SetDeleted tells whether something was deleted that can come back.
func (p *Pane) SetDeleted(some bool) { p.deleted = some }

// MarkRequest shows which request is open and moves the cursor to it.
func (p *Pane) MarkRequest(path, id string) {
	p.marked = requestKey(path, id)
	if p.files != nil && p.filter.Value() == "" {
		p.unfoldTo(path)
		p.refilter(false)
	}
	p.goTo(p.marked)
}

// GoTo moves the cursor to a request, or with an ID of "" to a file.
func (p *Pane) GoTo(path, id string) {
	if id == "" {
		p.GoToFile(path)
		return
	}
	if p.files != nil && p.filter.Value() == "" {
		p.unfoldTo(path)
		p.refilter(true)
	}
	p.goTo(requestKey(path, id))
}

// GoToFile moves the cursor to a file, or where it is not there to the first.
func (p *Pane) GoToFile(path string) {
	if p.files == nil || len(p.files.Files) == 0 {
		return
	}
	f := p.files.Find(path)
	if f == nil {
		p.list.To(0)
		p.list.Move(0)
		return
	}
	p.unfoldTo(path)
	p.refilter(false)
	p.goTo(p.key(row{kind: fileRow, file: f}))
}

// requestActions are what can be done with requests in files.
func (p *Pane) requestActions() keymap.Actions {
	on := keymap.On
	return keymap.Actions{
		{ID: "endpoints.fold", Keys: on("left", "h", " "), Long: "Fold the file or folder under the cursor, or around it",
			Do: ui.Just(p.fold), Cannot: p.noFile},
		{ID: "endpoints.run", Keys: on("r"), Short: "run file", Footer: 17,
			Long: "Run the request file under the cursor, or the folder: send all, and check what they expect",
			Do:   p.askRun, Cannot: p.nothingToRun},
		{ID: "endpoints.new", Keys: on("n"), Short: "new", Footer: 18, Long: "Make a new request in a file",
			Do: func() tea.Cmd { return ui.Emit(NewAsked{p.pathHere()}) }, Cannot: p.noFolder},
		{ID: "endpoints.rename", Keys: on("R"), Short: "rename", Footer: 19, Long: "Give the request, or the file, another name",
			Do: p.with(func(path, id string) tea.Msg { return RenameAsked{path, id} }), Cannot: p.noFile},
		{ID: "endpoints.duplicate", Keys: on("c"), Short: "duplicate", Footer: 20, Long: "Make a copy of the request, or of the file",
			Do: p.with(func(path, id string) tea.Msg { return DuplicateAsked{path, id} }), Cannot: p.noFile},
		{ID: "endpoints.delete", Keys: on("x", "delete"), Short: "delete", Footer: 21, Long: "Delete the request, or the file",
			Do: p.with(func(path, id string) tea.Msg { return DeleteAsked{path, id} }), Cannot: p.noFile},
		{ID: "endpoints.undo", Keys: on("u"), Short: "undo", Footer: 14, Long: "Restore the request or file that was deleted last",
			Do: func() tea.Cmd { return ui.Emit(UndoAsked{}) }, Cannot: p.nothingDeleted},
	}
}

// with asks for something to be done with the request or file under the cursor.
func (p *Pane) with(ask func(path, id string) tea.Msg) func() tea.Cmd {
	return func() tea.Cmd {
		r, _ := p.current()
		id := ""
		if r.kind == requestRow {
			id = r.file.ID(r.request)
		}
		return ui.Emit(ask(r.file.Path, id))
	}
}

// pathHere is the file, or else the folder, at the cursor.
func (p *Pane) pathHere() string {
	r, _ := p.current()
	switch {
	case r.file != nil:
		return r.file.Path
	case r.kind == folderRow:
		return r.text + "/"
	}
	return ""
}

func (p *Pane) askRun() tea.Cmd { return ui.Emit(RunAsked{p.pathHere()}) }

func (p *Pane) noFolder() string {
	return keymap.When(p.place.Dir == "", `There is no folder of request files: set requests = "requests" in the `+
		"configuration, or start with countersign DIR")
}

func (p *Pane) noFile() string {
	r, _ := p.current()
	return cmp.Or(p.noFolder(),
		keymap.When(r.file == nil && r.kind != folderRow, "There is no request of a file under the cursor"),
		keymap.When(r.kind == folderRow,
			p.theme.Words("A folder is folded with {endpoints.choose}; this is for its files and requests")))
}

func (p *Pane) nothingToRun() string {
	return cmp.Or(p.noFolder(), keymap.When(p.pathHere() == "", "There is no request file under the cursor"))
}

func (p *Pane) nothingDeleted() string {
	return keymap.When(!p.deleted, "No request was deleted since the start")
}

// openFault asks for a fault to be shown whole.
func openFault(r row) tea.Cmd {
	text := r.fault.Error()
	if h := hint.Of(r.fault); h != "" {
		text += "\n\n" + strings.ToUpper(h[:1]) + h[1:] + "."
	}
	return ui.Emit(FaultOpened{Title: r.fault.File, Text: text})
}
