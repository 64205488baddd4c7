// Package request is the pane in which a request is written: its path, and its
// body as text, as the fields of its schema, and with the endpoint's docs.
package request

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Edited says that the draft changed.
type Edited struct{}

// TargetAsked asks for the path and query to be edited; SetTarget takes them.
type TargetAsked struct{ Target string }

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

// draft is what a person has written for one endpoint, or one loaded run.
type draft struct {
	endpoint catalog.Endpoint
	known    bool // the endpoint is in the catalogue
	title    string
	method   string
	target   string
	body     []byte
	original []byte // what the draft began with
}

// Pane is the request pane.
type Pane struct {
	theme   *ui.Theme
	base    string // path prefix of the profile's base URL
	drafts  map[string]*draft
	key     string // of the open draft
	editor  *ui.Editor
	editing bool
	tab     tab

	expanded     []byte // the body as it would be signed
	expandErr    error
	showExpanded bool
	viewer       *ui.Viewer // draws the expanded body
	faults       []catalog.Violation

	fields []field // of the Fields tab
	list   ui.List
	docs   []string // lines of the Docs tab
	scroll int
	w, h   int
	focus  bool
}

// New makes an empty pane.
func New(theme *ui.Theme) *Pane {
	p := &Pane{theme: theme, drafts: map[string]*draft{}, editor: ui.NewEditor(theme), viewer: ui.NewViewer(theme)}
	p.drafts[""] = &draft{}
	return p
}

// SetBase tells the profile's base URL, whose path stands before the target.
func (p *Pane) SetBase(base string) {
	if u, err := url.Parse(base); err == nil {
		p.base = strings.TrimSuffix(u.EscapedPath(), "/")
	}
}

func (p *Pane) open() *draft { return p.drafts[p.key] }

// Open opens the draft of an endpoint: what was typed there before, or its
// example.
func (p *Pane) Open(e catalog.Endpoint) {
	p.store()
	if _, ok := p.drafts[e.ID]; !ok {
		p.drafts[e.ID] = &draft{endpoint: e, known: true, method: e.Method, target: e.Path, body: e.Example, original: e.Example}
	}
	p.show(e.ID)
}

// OpenRun opens a saved run's request. The endpoint's own draft is kept.
func (p *Pane) OpenRun(e *apiclient.Exchange, endpoint catalog.Endpoint, known bool) {
	p.store()
	method, target := p.requested(e, endpoint, known)
	key := "run:" + e.ID
	p.drafts[key] = &draft{
		endpoint: endpoint, known: known, title: "run " + e.StartedAt.Local().Format("15:04:05"),
		method: method, target: target, body: e.Request.Body, original: e.Request.Body,
	}
	p.show(key)
}

// requested takes method and target from a run's request line: the target
// without the prefix that the base URL gives anyway.
func (p *Pane) requested(e *apiclient.Exchange, endpoint catalog.Endpoint, known bool) (method, target string) {
	method, rest, _ := strings.Cut(e.Request.Line, " ")
	target = rest
	if i := strings.LastIndex(rest, " HTTP/"); i >= 0 {
		target = rest[:i]
	}
	if i := strings.Index(target, "://"); i >= 0 {
		if j := strings.IndexByte(target[i+3:], '/'); j >= 0 {
			target = target[i+3+j:]
		}
	}
	if known {
		if i := strings.Index(target, endpoint.Path); i >= 0 {
			return method, target[i:]
		}
	}
	return method, strings.TrimPrefix(target, p.base)
}

func (p *Pane) show(key string) {
	p.key = key
	d := p.open()
	p.editing = false
	p.editor.Blur()
	p.editor.SetBytes(d.body)
	p.expanded, p.expandErr, p.faults, p.showExpanded = nil, nil, nil, false
	p.list.To(0)
	p.scroll = 0
	p.fields = fieldsOf(d.endpoint)
	p.refit()
}

// store keeps what the editor holds in the open draft.
func (p *Pane) store() {
	if d := p.open(); d != nil {
		d.body = bytes.Clone(p.editor.Bytes())
	}
}

// Draft is the request as it stands, without headers.
func (p *Pane) Draft() apiclient.Draft {
	d := p.open()
	id := ""
	if d.known {
		id = d.endpoint.ID
	}
	return apiclient.Draft{Endpoint: id, Method: d.method, Target: d.target, Body: bytes.Clone(p.editor.Bytes())}
}

// Endpoint is the endpoint of the open draft.
func (p *Pane) Endpoint() (catalog.Endpoint, bool) { return p.open().endpoint, p.open().known }

// SetTarget changes path and query.
func (p *Pane) SetTarget(target string) tea.Cmd {
	target = strings.TrimSpace(target)
	if !strings.HasPrefix(target, "/") {
		return ui.Complain("A path begins with /, as in /v2/payments/pay")
	}
	p.open().target = target
	return ui.Emit(Edited{})
}

// SetExpanded takes the body with its variables replaced and what the schema
// says of it, or why it could not be replaced.
func (p *Pane) SetExpanded(body []byte, faults []catalog.Violation, err error) {
	p.expanded, p.expandErr, p.faults = body, err, faults
	p.mark()
	p.judgeFields()
	if p.showExpanded {
		p.viewer.SetContent(body, ui.ModeJSON)
	}
}

// edited reports whether the draft differs from what it began with.
func (p *Pane) edited() bool {
	d := p.open()
	return !bytes.Equal(p.editor.Bytes(), d.original) || (d.known && d.target != d.endpoint.Path)
}

// Title names the request line.
func (p *Pane) Title() string {
	d := p.open()
	if d.target == "" {
		return "Request"
	}
	title := "Request  "
	if d.title != "" {
		title += ui.Safe(d.title) + "  "
	}
	return title + ui.Safe(d.method+" "+p.base+d.target)
}

// Scope is the pane's place in the table of actions.
func (p *Pane) Scope() keymap.Scope { return keymap.Request }

// Focus ends editing when the focus leaves.
func (p *Pane) Focus(on bool) {
	p.focus = on
	if !on && p.editing {
		p.stopEditing()
	}
}

// Typing reports whether keys go into the body.
func (p *Pane) Typing() bool { return p.editing }

// Type edits the body.
func (p *Pane) Type(msg tea.KeyMsg) tea.Cmd {
	if p.editor.Update(msg) {
		return ui.Emit(Edited{})
	}
	return nil
}

// Update ignores all messages: the pane has no commands of its own.
func (p *Pane) Update(tea.Msg) tea.Cmd { return nil }

func (p *Pane) startEditing() {
	p.tab, p.showExpanded, p.editing = bodyTab, false, true
	p.editor.Focus()
	p.refit()
}

func (p *Pane) stopEditing() {
	p.editing = false
	p.editor.Blur()
}

// replaceBody changes the whole body in one step that undo takes back.
func (p *Pane) replaceBody(body []byte) tea.Cmd {
	if bytes.Equal(body, p.editor.Bytes()) {
		return nil
	}
	p.editor.Replace(body)
	return ui.Emit(Edited{})
}

// reformat rewrites the body with or without white space, because the person
// asked for it: nothing else ever does.
func (p *Pane) reformat(how func(*bytes.Buffer, []byte) error, name string) tea.Cmd {
	var out bytes.Buffer
	if err := how(&out, p.editor.Bytes()); err != nil {
		return ui.Complain("Only JSON can be " + name + ": " + err.Error())
	}
	return p.replaceBody(out.Bytes())
}

func indent(out *bytes.Buffer, b []byte) error { return json.Indent(out, b, "", "  ") }
