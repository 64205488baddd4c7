// Package request is the pane in which a request is written: its path, and its
// body as text, as the fields of its schema, and with the endpoint's docs.
package request

import (
	"errors"
	"net/url"
	"strings"

	"github.com/charmbracelet/bubbles/viewport"
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/variables"
	"countersign/tui/ui"
	"countersign/tui/ui/editor"
)

// Edited says that the draft changed.
type Edited struct{}

// TargetAsked asks for the path and query to be edited; SetTarget takes them.
type TargetAsked struct {
	Target   string
	Callback bool // it is the URL that a callback goes to: SetCallbackURL takes it
}

// EditorAsked asks for the body to be opened in $EDITOR; Edited takes what it
// left.
type EditorAsked struct {
	Body []byte
	Done func([]byte) tea.Cmd
}

type tab int

const (
	bodyTab tab = iota
	fieldsTab
	docsTab
)

var tabs = []string{"Body", "Fields", "Docs"}

// draft holds what a person has written for one endpoint, or one loaded run.
type draft struct {
	endpoint catalog.Endpoint // the zero one: the catalogue has none
	title    string
	method   string
	target   string
	params   map[string]string // values of the parameters of path and query
	editor   *editor.Editor    // holds the body, with its undo
	original []byte            // what the draft began with
	began    string            // the path and query that a run began with; an endpoint's are in the catalogue
	inFile   bool              // it is a request of a file
	received bool              // of a run: it was a callback
	judged   judgement
}

// judgement reports whether the body of one revision differs from what it began
// with. It is asked for with each frame, and a large body takes its time.
type judgement struct {
	known    bool
	revision int
	differs  bool
}

func (d *draft) edited() bool {
	if rev := d.editor.Revision(); !d.judged.known || d.judged.revision != rev {
		d.judged = judgement{true, rev, !d.editor.Equal(d.original)}
	}
	return d.judged.differs || d.target != d.firstTarget() || len(d.params) > 0
}

// firstTarget is the path and query that the draft began with.
func (d *draft) firstTarget() string {
	if d.known() && d.title == "" {
		return d.endpoint.Path
	}
	return d.began
}

// Pane is the request pane.
type Pane struct {
	theme    *ui.Theme
	base     string    // path prefix of the profile's base URL
	server   string    // URL that was named last for a callback
	triggers []Trigger // what can be tried with the other side
	drafts   map[string]*draft
	key      string // of the open draft
	editor   *editor.Editor
	editing  bool
	tab      tab

	expanded     []byte // the body as it would be signed
	expandErr    error
	showExpanded bool
	faults       []catalog.Violation
	found        variables.Expansion // of the body, when its revision was foundIn
	foundIn      int
	beside       *editor.Editor // draws the expanded body
	bar          bar
	clip         []byte // what was cut or copied last
	job          ui.Job // the rewriting of a large body that is under way
	doing        string // what it does: "replacing all"

	params   paramForm      // above the body
	form     form           // the Fields tab
	complete complete       // the variables that are offered while one is typed
	docs     viewport.Model // the Docs tab
	written  bool           // it has what belongs in it
	w, h     int
	focus    bool

	unsaved       bool // the open draft differs from its file
	headerChanges int
	headersSet    []string // names of the headers that were set by hand
	tampered      string   // what is made wrong on purpose, in words; "" where nothing is
}

// New makes an empty pane.
func New(theme *ui.Theme) *Pane {
	p := &Pane{theme: theme, drafts: map[string]*draft{}, beside: editor.New(theme)}
	p.bar = newBar(theme)
	p.complete.theme = theme
	p.drafts[""] = p.begin(catalog.Endpoint{}, "", apiclient.Draft{})
	p.editor = p.open().editor
	return p
}

// SetBase sets the profile's base URL, whose path stands before the target.
func (p *Pane) SetBase(base string) {
	if u, err := url.Parse(base); err == nil {
		p.base = strings.TrimSuffix(u.EscapedPath(), "/")
	}
}

// SetTriggers sets the values that provoke a certain answer from the other
// side: nil where they are not known.
func (p *Pane) SetTriggers(triggers []Trigger) {
	p.triggers = triggers
	p.refit()
}

// SetCatalog has the drafts follow what a catalogue that was read again says of
// their endpoints. What was typed stays; a draft that nobody edited begins with
// the new example. An endpoint that is gone stays as it was known.
func (p *Pane) SetCatalog(find func(id string) (catalog.Endpoint, bool)) {
	for _, d := range p.drafts {
		e, ok := find(d.endpoint.ID)
		if !d.known() || !ok {
			continue
		}
		untouched := d.title == "" && !d.edited()
		d.endpoint = e
		if !untouched {
			continue
		}
		d.method, d.target = e.Method, e.Path
		if !d.editor.Equal(e.Example) {
			d.original = e.Example
			d.editor.SetBytes(e.Example)
		}
	}
	p.form.tree = nil // made again
	p.refit()
}

func (p *Pane) open() *draft { return p.drafts[p.key] }

func (d *draft) known() bool { return d.endpoint.ID != "" }

// begin begins a draft of an endpoint, or of none, with a request.
func (p *Pane) begin(e catalog.Endpoint, title string, as apiclient.Draft) *draft {
	d := &draft{endpoint: e, title: title, method: as.Method, target: as.Target, began: as.Target,
		params: map[string]string{}, editor: editor.New(p.theme), original: as.Body}
	d.editor.SetBytes(as.Body)
	return d
}

// Key names the open draft: an endpoint's ID, or a run's.
func (p *Pane) Key() string { return p.key }

// Edited reports whether the open draft differs from what it began with.
func (p *Pane) Edited() bool { return p.open().edited() }

// SetHeaderChanges sets how many headers were changed on purpose: the mark
// must be seen where the headers are not. set names those that have a value by hand.
func (p *Pane) SetHeaderChanges(n int, set []string) { p.headerChanges, p.headersSet = n, set }

// Open opens the draft of an endpoint: what was typed there before, or its
// example.
func (p *Pane) Open(e catalog.Endpoint) {
	if _, ok := p.drafts[e.ID]; !ok {
		p.drafts[e.ID] = p.begin(e, "", apiclient.Draft{Method: e.Method, Target: e.Path, Body: e.Example})
	}
	p.show(e.ID)
}

// savedRun begins the keys of drafts that are runs.
const savedRun = "run:"

// OpenRun opens a saved run's request, or the edited copy of it that a person
// has made before. The endpoint's own draft is kept.
func (p *Pane) OpenRun(e *apiclient.Exchange, endpoint catalog.Endpoint, as apiclient.Draft) {
	key := savedRun + e.ID
	if d, ok := p.drafts[key]; !ok || !d.edited() {
		d = p.begin(endpoint, "run "+e.StartedAt.Local().Format("15:04:05"), as)
		d.received = wasReceived(e)
		p.drafts[key] = d
	}
	p.show(key)
}

// OpenPasted opens a request from elsewhere as a new draft. What a person has written
// in it before is kept.
func (p *Pane) OpenPasted(key, title string, endpoint catalog.Endpoint, as apiclient.Draft) {
	if d, ok := p.drafts[key]; !ok || !d.edited() {
		p.drafts[key] = p.begin(endpoint, title, as)
	}
	p.show(key)
}

func (p *Pane) show(key string) {
	p.TakeTyped()
	p.stopRewriting()
	p.form.edit = nil
	p.params = paramForm{sent: p.params.sent}
	p.complete.close()
	p.key = key
	d := p.open()
	p.editing = false
	p.editor.Blur()
	p.editor = d.editor
	p.expanded, p.expandErr, p.faults, p.showExpanded = nil, nil, nil, false
	p.found, p.foundIn = variables.Expansion{}, 0
	p.bar.shut()
	p.editor.Quiet(p.focus)
	p.docs.SetYOffset(0)
	p.refit()
}

// Draft is the request as it stands; its headers are those that are parameters.
func (p *Pane) Draft() apiclient.Draft {
	d := p.open()
	params, header := p.filled()
	draft := apiclient.Draft{Endpoint: d.endpoint.ID, Method: d.method, Target: d.target, Params: params, Header: header,
		Body: p.editor.Bytes(), Media: d.endpoint.Media,
		Bodiless: d.endpoint.Bodiless || d.method == "GET" && p.editor.Len() == 0}
	if draft.Callback = d.callback(); draft.Callback && p.CallbackURL() != "" {
		draft.Target = p.CallbackURL()
	}
	return draft
}

// Target is the path and query of the open draft.
func (p *Pane) Target() string { return p.open().target }

// Size is the length of the open draft's body, in bytes.
func (p *Pane) Size() int { return p.editor.Len() }

// Endpoint is the endpoint of the open draft.
func (p *Pane) Endpoint() (catalog.Endpoint, bool) { return p.open().endpoint, p.open().known() }

// SetTarget changes path and query.
func (p *Pane) SetTarget(target string) (tea.Cmd, error) {
	target = strings.TrimSpace(target)
	if !strings.HasPrefix(target, "/") {
		return nil, errors.New("a path begins with /, as in /v2/payments/pay")
	}
	p.open().target = target
	p.refit()
	return ui.Emit(Edited{}), nil
}

// SetExpanded takes the body with its variables replaced and what the schema
// says of it, or why it could not be replaced.
func (p *Pane) SetExpanded(body []byte, faults []catalog.Violation, err error) {
	p.expanded, p.expandErr, p.faults = body, err, faults
	if err != nil {
		p.expanded = nil
	}
	p.form.faults++
}

// Update takes a body that was rewritten, variables that were found, and the matches that were counted
// in a large one. It ignores all other messages.
func (p *Pane) Update(msg tea.Msg) tea.Cmd {
	editor.Counted(msg)
	switch m := msg.(type) {
	case rewritten:
		return p.withWork(p.takeRewritten(m))
	case offered:
		return p.offer(m)
	}
	return nil
}

// replaceIn changes the whole body of a draft, which may not be the open one
// any more, in one step that undo takes back.
func (p *Pane) replaceIn(d *draft, body []byte) tea.Cmd {
	if d.editor.Equal(body) {
		return nil
	}
	d.editor.Replace(body)
	return ui.Emit(Edited{})
}
