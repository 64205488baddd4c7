package files

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/catalog"
	"countersign/apiclient/workspace"
	"countersign/tui/status"
)

// Looked are the files, where they have changed.
type Looked struct{ Snapshot *workspace.Snapshot }

// Look reads what has changed of the files. Its answer is Looked.
func (f *Files) Look() tea.Cmd {
	space, all := f.Space, f.catalog
	if space == nil {
		return nil
	}
	return func() tea.Msg {
		s, _ := space.Look(context.Background(), all)
		return Looked{s}
	}
}

// Take takes the files as they stand now. It reports whether they have changed, and
// returns those before.
func (f *Files) Take(s *workspace.Snapshot) (was *workspace.Snapshot, changed bool) {
	was = f.Snapshot
	if s == nil || was != nil && s.Number <= was.Number {
		return was, false
	}
	f.Snapshot = s
	return was, true
}

// Read is a request of a file that was read to be opened.
type Read struct {
	Filed
	Seq      int // that was given to Read
	Endpoint catalog.Endpoint
	Notes    []string // what of it other tools would do, and this one does not
	Again    bool     // it is on the screen, and its file has changed
	Err      error
}

// CanRead reports whether a request can be read now.
func (f *Files) CanRead(at Place) bool {
	_, r := f.Find(at)
	return r != nil && f.resolver != nil
}

// Read reads a request out of its file. Its answer is a Read.
func (f *Files) Read(at Place, seq int, again bool) tea.Cmd {
	file, r := f.Find(at)
	p, names, read := f.Pass(file), f.profile.HeaderNames, f.Space.Bodies(at.Path)
	return func() tea.Msg {
		ctx := context.Background()
		c, err := file.Content(r, read)
		msg := Read{Seq: seq, Again: again, Err: err, Notes: notRun(file, r),
			Filed: Filed{Place: at, Base: c.Draft(names), Foreign: r.Foreign, Profile: file.ProfileName(r)}}
		if e, known := p.Endpoint(ctx, r); known {
			msg.Endpoint = e
		}
		return msg
	}
}

// TellNotes says once of a request what of it is not done here.
func (f *Files) TellNotes(r Read) {
	var says []string
	if r.Foreign != "" {
		says = append(says, "it cannot be sent here: "+r.Foreign)
	}
	if len(r.Notes) > 0 {
		says = append(says, "not run: "+strings.Join(r.Notes, ", "))
	}
	if other := f.OtherProfile(&r.Filed); other != "" {
		says = append(says, f.o.Theme.Words("the file is for the profile "+other+": {profiles} chooses it"))
	}
	if len(says) == 0 || f.noted[r.Key()] {
		return
	}
	if f.noted == nil {
		f.noted = map[string]bool{}
	}
	f.noted[r.Key()] = true
	f.o.Status.Keep(r.Title()+": "+strings.Join(says, "; "), status.Warn)
}

// OtherProfile names the profile that a request is for, where another is in use.
func (f *Files) OtherProfile(d *Filed) string {
	if d == nil || d.Profile == "" || d.Profile == f.profile.Name {
		return ""
	}
	return d.Profile
}
