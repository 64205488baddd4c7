package endpoints

import (
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"

	"countersign/apiclient/requests"
	"countersign/apiclient/workspace"
)

// kind says what a row is.
type kind int

const (
	groupRow kind = iota // a heading: the cursor passes over it
	endpointRow
	folderRow
	fileRow
	requestRow
	faultRow
)

// row is a line of the list.
type row struct {
	kind     kind
	text     string // of a group or a folder
	endpoint int    // index into all
	file     *workspace.File
	request  *requests.Request
	fault    *requests.Error
}

// key tells a row from others, also after files were read again.
func (p *Pane) key(r row) string {
	switch r.kind {
	case endpointRow:
		return "endpoint " + p.all[r.endpoint].ID
	case folderRow:
		return "folder " + r.text
	case fileRow:
		return "file " + r.file.Path
	case requestRow:
		return requestKey(r.file.Path, r.file.ID(r.request))
	}
	return ""
}

func requestKey(path, id string) string { return "request " + path + "\x00" + id }

// unfoldedUpTo is how many rows of files and requests are shown unfolded by
// themselves.
const unfoldedUpTo = 40

// folded reports whether a folder or a file is folded: as the person left it, else
// where there are too many to show all.
func (p *Pane) folded(r row) bool {
	if is, said := p.folds[p.key(r)]; said {
		return is
	}
	return p.many
}

func (p *Pane) setFolded(r row, is bool) {
	if p.folds == nil {
		p.folds = map[string]bool{}
	}
	p.folds[p.key(r)] = is
}

// requestRows are the folders, files and requests that are not folded away.
func (p *Pane) requestRows() []row {
	if p.place.Dir == "" {
		return nil
	}
	rows := []row{{text: "Requests"}}
	if p.files == nil {
		return rows
	}
	if len(p.files.Files) == 0 {
		rows[0].text = "Requests: none yet"
	}
	for _, n := range p.files.Notes {
		rows = append(rows, row{kind: faultRow, fault: &requests.Error{File: p.place.Dir, Says: n}})
	}
	folder, hidden := "", false
	for _, f := range p.files.Files {
		if in := f.Folder(); in != folder {
			folder = in
			r := row{kind: folderRow, text: folder}
			hidden = p.folded(r)
			rows = append(rows, r)
		}
		if !hidden {
			rows = append(rows, p.fileRows(f)...)
		}
	}
	return rows
}

// fileRows are a file and what it has. Its faults are shown, folded or not: they
// hide nothing else.
func (p *Pane) fileRows(f *workspace.File) []row {
	head := row{kind: fileRow, file: f}
	rows := []row{head}
	if p.folded(head) {
		return rows
	}
	for _, e := range f.Faults {
		rows = append(rows, row{kind: faultRow, file: f, fault: e})
	}
	for _, r := range f.Requests {
		rows = append(rows, row{kind: requestRow, file: f, request: r})
	}
	return rows
}

// searchable are the rows that the filter looks through, and what they are called.
func (p *Pane) searchable() (rows []row, names []string) {
	if p.files != nil {
		for _, file := range p.files.Files {
			for _, r := range file.Requests {
				names = append(names, strings.TrimSuffix(file.Path, ".http")+" "+r.Label())
				rows = append(rows, row{kind: requestRow, file: file, request: r})
			}
		}
	}
	for i, e := range p.all {
		names = append(names, e.Name+" "+e.Version)
		rows = append(rows, row{kind: endpointRow, endpoint: i})
	}
	return rows, names
}

// refilter builds the rows: grouped without a filter, best match first with one.
// The cursor stays on what it is on, else goes to what is open.
func (p *Pane) refilter(stay bool) {
	at, before := "", p.list.Cursor
	if r, ok := p.current(); ok && stay {
		at = p.key(r)
	}
	p.rows = p.rows[:0]
	if q := strings.TrimSpace(p.filter.Value()); q != "" {
		rows, names := p.searchable()
		for _, m := range fuzzy.Find(q, names) {
			p.rows = append(p.rows, rows[m.Index])
		}
	} else {
		p.rows = append(p.rows, p.requestRows()...)
		group := ""
		for i, e := range p.all {
			if e.Group != group {
				group = e.Group
				p.rows = append(p.rows, row{text: group})
			}
			p.rows = append(p.rows, row{kind: endpointRow, endpoint: i})
		}
	}
	p.list.Cursor = 0
	p.fit()
	switch {
	case at != "" && !p.goTo(at): // what was there is gone: the next takes its place
		p.list.To(before)
		p.list.Move(0)
	case at == "" && p.filter.Value() == "":
		p.goTo(p.marked)
	}
}

// goTo moves the cursor to a row. It reports whether it is there.
func (p *Pane) goTo(key string) bool {
	i := slices.IndexFunc(p.rows, func(r row) bool { return p.key(r) == key })
	if i < 0 || key == "" {
		return false
	}
	p.list.To(i)
	p.list.Move(0)
	return true
}

// toggle folds a folder or a file, or opens it.
func (p *Pane) toggle(r row) {
	p.setFolded(r, !p.folded(r))
	p.refilter(true)
}

// fold folds what is under the cursor, or what it is in.
func (p *Pane) fold() {
	r, ok := p.current()
	if !ok {
		return
	}
	around := row{kind: fileRow, file: r.file}
	if r.kind == folderRow {
		around = r
	}
	if r.kind == fileRow && p.folded(r) && r.file.Folder() != "" {
		around = row{kind: folderRow, text: r.file.Folder()}
	}
	p.setFolded(around, true)
	p.refilter(false)
	p.goTo(p.key(around))
}

// unfoldTo opens what a request is folded away in.
func (p *Pane) unfoldTo(path string) {
	f := p.files.Find(path)
	if f == nil {
		return
	}
	p.setFolded(row{kind: fileRow, file: f}, false)
	if f.Folder() != "" {
		p.setFolded(row{kind: folderRow, text: f.Folder()}, false)
	}
}
