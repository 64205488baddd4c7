// Package headers is the pane that inspects the header fields of the request
// and of the response: what each is for, whether it is right and why not. The
// request's can be overridden, added and left out.
package headers

import (
	"fmt"
	"mime"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/redact"
	"countersign/tui/ui"
)

// Changed says that an override was made, changed or undone.
type Changed struct{}

// ValueAsked asks for a line of text; Done takes it.
type ValueAsked struct {
	Title string
	Value string
	Done  func(string) (tea.Cmd, error)
}

// TamperAsked asks which ways to tamper the request there should be; Done takes
// the names. It may be called more than once.
type TamperAsked struct {
	Chosen []string
	Done   func([]string) tea.Cmd
}

// Opened asks for a header to be shown whole.
type Opened struct {
	Title string
	Intro []string // what it is, and whether it is right
	Text  []byte   // the value, its pairs on lines of their own
	Value string   // as it is on the wire
}

// row is one header field of either message, or one that is not there.
type row struct {
	side     apiclient.Side
	name     string
	value    string
	missing  bool // required or left out, so there is no value
	omitted  bool // left out on purpose
	changed  bool // overridden or added
	tampered bool // made wrong by a tamper
	severity apiclient.Severity
	says     string
	hint     string
}

// Pane is the header inspector.
type Pane struct {
	theme    *ui.Theme
	request  *apiclient.Exchange
	shown    *apiclient.Exchange
	live     bool
	override []apiclient.Field
	omit     []string
	tamper   []string
	profile  apiclient.Profile // the one in use
	redactor redact.Redactor
	rows     []row
	list     ui.List
	wanted   string // header that the cursor goes to once it is shown
	w, h     int
	focus    bool
}

// New makes an empty pane.
func New(theme *ui.Theme) *Pane { return &Pane{theme: theme} }

// Changes are what the person changed on purpose.
type Changes struct {
	Set    []apiclient.Field // fields with a value of their own
	Omit   []string          // names of headers to leave out
	Tamper []string          // names of tampers
}

// Count is how many changes there are.
func (c Changes) Count() int { return len(c.Set) + len(c.Omit) + len(c.Tamper) }

// Fields is how many headers were changed by hand.
func (c Changes) Fields() int { return len(c.Set) + len(c.Omit) }

// Equal reports whether the same was changed.
func (c Changes) Equal(d Changes) bool {
	return slices.Equal(c.Set, d.Set) && slices.Equal(c.Omit, d.Omit) && slices.Equal(c.Tamper, d.Tamper)
}

// Changes returns what the person changed.
func (p *Pane) Changes() Changes {
	return Changes{slices.Clone(p.override), slices.Clone(p.omit), slices.Clone(p.tamper)}
}

// SetChanges replaces what the person changed.
func (p *Pane) SetChanges(c Changes) { p.override, p.omit, p.tamper = c.Set, c.Omit, c.Tamper }

// Show hands over what is shown: the request side of one exchange and the
// response side of another. The headers of the protocol come first, of both
// sides; the rest, in the order of the wire, below them.
func (p *Pane) Show(request, shown *apiclient.Exchange, live bool) {
	p.request, p.shown, p.live = request, shown, live
	before, _ := p.current()
	var first, rest []row
	add := func(rows []row) {
		for _, r := range rows {
			if protocol[strings.ToLower(p.profile.HeaderNames.Protocol(r.name))] {
				first = append(first, r)
			} else {
				rest = append(rest, r)
			}
		}
	}
	if request != nil {
		add(p.side(apiclient.RequestSide, request.Request.Header, request))
		for _, name := range p.omit {
			add([]row{{side: apiclient.RequestSide, name: name, missing: true, omitted: true,
				severity: apiclient.Warn, says: "left out on purpose"}})
		}
	}
	if shown != nil && shown.Response != nil {
		add(p.side(apiclient.ResponseSide, shown.Response.Header, shown))
	}
	p.rows = append(first, rest...)
	p.markTampered()
	p.list.Len = len(p.rows)
	p.fit()
	p.follow(before)
}

// follow keeps the cursor on its header, wherever that stands by now, so that no
// key ever means another than the one that was under it.
func (p *Pane) follow(before row) {
	if i := slices.IndexFunc(p.rows, func(r row) bool { return p.wanted != "" && r.name == p.wanted }); i >= 0 {
		p.wanted = ""
		p.list.To(i)
		return
	}
	at := p.list.Cursor
	same := func(r row) bool { return r.side == before.side && strings.EqualFold(r.name, before.name) }
	if at >= len(p.rows) || !same(p.rows[at]) { // of two of a name, the one at its place
		if i := slices.IndexFunc(p.rows, same); i >= 0 {
			at = i
		}
	}
	p.list.To(at)
}

// protocol are the headers that the protocol names (section 1 and 2).
var protocol = map[string]bool{
	"client-id": true, "merchant-id": true, "request-time": true, "response-time": true,
	"signature": true, "content-type": true, "traceid": true,
}

// side lists the fields in the order of the wire, each with its worst finding,
// then the findings about fields that are not there.
func (p *Pane) side(side apiclient.Side, fields []apiclient.Field, e *apiclient.Exchange) []row {
	var rows []row
	have, worst := map[string]bool{}, worstOf(side, e.Findings)
	for _, f := range fields {
		r := row{side: side, name: f.Name, value: f.Value}
		name := strings.ToLower(f.Name)
		if judged, ok := worst[name]; ok && !have[name] {
			r.severity, r.says, r.hint = judged.Severity, judged.Says, judged.Hint
		}
		have[name] = true
		if side == apiclient.RequestSide {
			r.changed = p.live && p.overridden(f.Name)
		}
		if r.severity == apiclient.Good {
			r.says = p.clock(r, e)
		}
		rows = append(rows, r)
	}
	for _, f := range e.Findings {
		if f.Side != side || !f.AboutHeader() || have[strings.ToLower(f.Field)] || p.omitted(f.Field) {
			continue
		}
		have[strings.ToLower(f.Field)] = true
		rows = append(rows, row{side: side, name: f.Field, missing: true, severity: f.Severity, says: f.Says, hint: f.Hint})
	}
	return rows
}

// clock reads a time header for people: the time of day here, and for an
// answer how far the other clock is from ours.
func (p *Pane) clock(r row, e *apiclient.Exchange) string {
	if name := p.profile.HeaderNames.Protocol(r.name); !strings.EqualFold(name, "Request-Time") &&
		!strings.EqualFold(name, "Response-Time") {
		return ""
	}
	t, _, err := p.profile.TimeFormat.Parse(r.value)
	if err != nil {
		return ""
	}
	text := t.Local().Format("15:04:05")
	if r.side == apiclient.ResponseSide {
		text += fmt.Sprintf(" %+d ms", t.Sub(e.StartedAt.Add(e.Timing.Total)).Milliseconds())
	}
	return text
}

// worstOf returns the worst of the findings about each field of a side, by its
// name in lower case.
func worstOf(side apiclient.Side, findings []apiclient.Finding) map[string]apiclient.Finding {
	worst := make(map[string]apiclient.Finding, len(findings))
	for _, f := range findings {
		name := strings.ToLower(f.Field)
		if before, ok := worst[name]; f.Side == side && (!ok || rank(f.Severity) > rank(before.Severity)) {
			worst[name] = f
		}
	}
	return worst
}

func rank(s apiclient.Severity) int {
	return slices.Index([]apiclient.Severity{apiclient.Good, apiclient.Note, apiclient.Warn, apiclient.Problem}, s)
}

func (p *Pane) overridden(name string) bool {
	return slices.ContainsFunc(p.override, func(f apiclient.Field) bool { return strings.EqualFold(f.Name, name) })
}

func (p *Pane) omitted(name string) bool {
	return slices.ContainsFunc(p.omit, func(s string) bool { return strings.EqualFold(s, name) })
}

// Title names the pane.
func (p *Pane) Title() string { return "Headers" }

// TitleRight says what was tampered, or counts what was changed on purpose.
func (p *Pane) TitleRight() string {
	if titles := p.tamperedTitles(); titles != "" {
		return "● tampered: " + ui.Safe(titles)
	}
	if n := p.onPurpose(); n > 0 {
		return fmt.Sprintf("● %d changed on purpose", n)
	}
	return ""
}

// onPurpose counts what differs from what would be sent anyway: request files have
// the usual media type of the body in them.
func (p *Pane) onPurpose() int {
	n := len(p.omit)
	for _, f := range p.override {
		media, params, err := mime.ParseMediaType(f.Value)
		usual := strings.EqualFold(f.Name, "Content-Type") && err == nil && media == "application/json" &&
			(len(params) == 0 || len(params) == 1 && strings.EqualFold(params["charset"], "utf-8"))
		if !usual {
			n++
		}
	}
	return n
}

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	p.w, p.h = w, h
	p.fit()
}

func (p *Pane) fit() {
	p.list.Height = p.h - p.explainRows() - len(p.banner())
	p.list.To(p.list.Cursor)
}

// explainRows is how many rows at the end explain the field under the cursor:
// those that the fields leave. Where they leave none, the border has a word.
func (p *Pane) explainRows() int {
	if !p.focus {
		return 0
	}
	return max(0, min(2, p.h-len(p.banner())-len(p.rows)))
}

// Footer explains the field under the cursor where no row is free for it.
func (p *Pane) Footer() string {
	r, ok := p.current()
	if !ok || !p.focus || p.explainRows() > 0 {
		return ""
	}
	tail := p.theme.Words(" · {headers.whole}")
	return ui.Truncate(ui.Safe(strings.Join(p.words(r), " ")), max(0, p.w-4-ui.Width(tail))) + tail
}

// Focus shows or hides the cursor and what explains the field under it.
func (p *Pane) Focus(on bool) {
	p.focus = on
	p.fit()
}

// Update ignores all messages: the pane has no commands of its own.
func (p *Pane) Update(tea.Msg) tea.Cmd { return nil }

func (p *Pane) current() (row, bool) {
	if p.list.Cursor < 0 || p.list.Cursor >= len(p.rows) {
		return row{}, false
	}
	return p.rows[p.list.Cursor], true
}

// Current names the header under the cursor; "" where there is none.
func (p *Pane) Current() string {
	r, _ := p.current()
	return r.name
}
