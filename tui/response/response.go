// Package response is the pane that shows an answer: the result in words first,
// then the body to read, raw, as hex, and the timing.
package response

import (
	"countersign/tui/ui/viewer"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/expect"
	"countersign/apiclient/followup"
	"countersign/apiclient/redact"
	"countersign/tui/ui"
)

type tab int

const (
	bodyTab tab = iota
	rawTab
	hexTab
	timingTab
)

var tabs = []string{"Body", "Raw", "Hex", "Timing"}

// Pane is the response pane.
type Pane struct {
	theme    *ui.Theme
	exchange *apiclient.Exchange
	endpoint catalog.Endpoint
	tab      tab
	kind     kind
	viewer   *viewer.Viewer
	search   *ui.Input
	filter   filter
	text     *made           // the body as it is shown, once it was looked at
	raw      *made           // the whole message, once it was looked at
	waiting  string          // what is under way; "" where nothing is
	stale    bool            // the request was edited since
	profile  string          // that requests go out with now
	redactor redact.Redactor // of headers
	steps    []followup.Step // what may follow the exchange
	find     Steps           // nil: nothing can follow
	expected []expect.Result // what its request expects, held against it
	w, h     int
	focus    bool
}

// New makes an empty pane.
func New(theme *ui.Theme) *Pane {
	p := &Pane{theme: theme, viewer: viewer.New(theme), search: ui.NewInput(theme), filter: newFilter(theme)}
	p.viewer.SetFolding(true)
	return p
}

// SetEndpoint sets which endpoint answers, for the words about its codes.
func (p *Pane) SetEndpoint(e catalog.Endpoint) { p.endpoint = e }

// Wait shows that a request is under way, in words; "" ends it.
func (p *Pane) Wait(words string) { p.waiting = words }

// SetStale marks the answer as one to the request before it was edited.
func (p *Pane) SetStale(stale bool) { p.stale = stale }

// SetProfile sets as whom requests are sent now: an answer to another profile's
// is marked as such.
func (p *Pane) SetProfile(name string) { p.profile = name }

// SetRedactor sets which headers are masked in answers that are shown from now on.
func (p *Pane) SetRedactor(r redact.Redactor) { p.redactor = r }

// answer is the message that is shown; nil where there is none.
func (p *Pane) answer() *apiclient.Message {
	if p.exchange == nil {
		return nil
	}
	return p.exchange.Response
}

// Clear shows no answer.
func (p *Pane) Clear() {
	p.exchange, p.text, p.raw, p.steps, p.expected = nil, nil, nil, nil, nil
	p.leaveSearch()
	p.closeFilter()
	p.viewer.SetContent(nil, viewer.Text)
	p.fit()
}

// Show shows an exchange's answer.
func (p *Pane) Show(e *apiclient.Exchange) tea.Cmd {
	p.exchange, p.text, p.raw, p.steps, p.expected = e, nil, nil, nil, nil
	p.leaveSearch()
	if e.Response == nil {
		p.closeFilter()
	}
	p.fit()
	return tea.Batch(p.fill(), p.runFilter(false), p.LookAhead())
}

// Restate takes the exchange that is shown already, of which there is something
// else to say. What is read of it stays where it is.
func (p *Pane) Restate(e *apiclient.Exchange) {
	p.exchange = e
	p.fit()
}

// Update takes what the commands of the pane found out.
func (p *Pane) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case filteredBody:
		return p.takeFiltered(m)
	case followable:
		p.take(m)
		return nil
	case *made:
		m.making = false
		if m == p.made() {
			return p.fill()
		}
		return nil
	}
	return tea.Batch(p.viewer.Update(msg), p.filter.viewer.Update(msg))
}

// fill puts the open tab's bytes into the viewer.
func (p *Pane) fill() tea.Cmd {
	m := p.answer()
	if m == nil {
		p.viewer.SetContent(nil, viewer.Text)
		return nil
	}
	var cmd tea.Cmd
	switch p.tab {
	case bodyTab:
		p.kind = kindOf(m)
		if p.text == nil {
			p.text, cmd = newText(m, p.kind)
		}
		p.viewer.SetContent(p.text.shown(), p.kind.mode)
	case rawTab:
		if p.raw == nil {
			masks := p.redactor
			p.raw, cmd = newMade(len(m.Body), func() ([]byte, string) { return raw(m, masks), "" })
		}
		p.viewer.SetContent(p.raw.shown(), viewer.Text)
	case hexTab:
		p.viewer.SetContent(m.Body, viewer.Hex)
	case timingTab:
		p.viewer.SetContent([]byte(timing(p.exchange)), viewer.Text)
	}
	p.fit()
	if q := p.search.Value(); q != "" {
		p.viewer.Search(q)
	}
	return tea.Batch(cmd, p.viewer.Work())
}

// made is a form of a message that takes time to make, where it is large.
type made struct {
	bytes    []byte
	encoding string // that was undone; "" for none
	making   bool   // in a command: what it holds must not be read yet
}

// madeAtOnce is the size of a body up to which a form is made at once, in bytes.
const madeAtOnce = 1 << 20

func newMade(size int, form func() (b []byte, encoding string)) (*made, tea.Cmd) {
	m := &made{}
	if size <= madeAtOnce {
		m.bytes, m.encoding = form()
		return m, nil
	}
	m.making = true
	return m, func() tea.Msg {
		m.bytes, m.encoding = form()
		return m
	}
}

// shown is what can be shown by now.
func (m *made) shown() []byte {
	if m.making {
		return nil
	}
	return m.bytes
}

// made is the text that the open tab shows; nil where that is made at once, always.
func (p *Pane) made() *made {
	switch p.tab {
	case bodyTab:
		return p.text
	case rawTab:
		return p.raw
	}
	return nil
}

// raw writes a message as it was on the wire, without its transfer coding: with line ends as a
// person reads them, and secret headers masked.
func raw(m *apiclient.Message, r redact.Redactor) []byte {
	size := len(m.Line) + len(m.Body) + 2
	for _, f := range m.Header {
		size += len(f.Name) + len(f.Value) + 3
	}
	b := append(append(make([]byte, 0, size), m.Line...), '\n')
	for _, f := range m.Header {
		b = append(append(append(append(b, f.Name...), ": "...), r.Header(f.Name, f.Value)...), '\n')
	}
	return append(append(b, '\n'), m.Body...)
}

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	p.w, p.h = w, h
	p.search.Resize(max(0, w-2))
	p.fit()
}

func (p *Pane) fit() {
	h := max(0, p.h-p.headRows())
	body, result := p.resultWidth()
	p.viewer.Resize(body, h)
	p.filter.viewer.Resize(result, h)
	p.viewer.SetCursor(p.focus && !p.filtering())
	p.filter.viewer.SetCursor(p.focus)
}

// headRows are the rows above the content: result, tabs, filter, search.
func (p *Pane) headRows() int {
	rows := len(p.summary()) + 1
	if p.filtering() {
		rows++
	}
	if p.searching() {
		rows++
	}
	return rows
}

// Focus shows where one is, or stops a search or a filter from being typed.
func (p *Pane) Focus(on bool) {
	p.focus = on
	if !on {
		p.endTyping()
	}
	p.fit()
}

func (p *Pane) endTyping() {
	p.search.Blur()
	p.filter.input.Blur()
}

func (p *Pane) searching() bool { return p.search.Focused() || p.search.Value() != "" }

func (p *Pane) leaveSearch() {
	p.search.SetValue("")
	p.search.Blur()
	p.viewer.Search("")
	p.filter.viewer.Search("")
}

// Typing reports whether keys go into the search or the filter.
func (p *Pane) Typing() bool { return p.search.Focused() || p.filter.input.Focused() }

// Type edits the search, where the view jumps to the first match as one types,
// or the filter.
func (p *Pane) Type(msg tea.KeyMsg) tea.Cmd {
	filter := p.filter.input.Focused()
	switch {
	case msg.String() == "enter":
		p.endTyping()
		p.fit()
		if filter && !p.filter.fresh && !p.filter.job.Running() {
			return p.runFilter(true)
		}
		return nil
	case filter:
		if p.filter.input.Update(msg) {
			return p.runFilter(false)
		}
		return nil
	}
	if p.search.Update(msg) {
		p.shown().Search(p.search.Value())
	}
	return p.shown().Work()
}
