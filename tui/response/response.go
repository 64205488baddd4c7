// Package response is the pane that shows an answer: the result in words first,
// then the body to read, raw, as hex, and the timing.
package response

import (
	"bytes"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/followup"
	"countersign/tui/keymap"
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

// prettied is a large body on one line, indented outside Update.
type prettied struct {
	seq  int // of the content: a late answer is dropped
	text []byte
	ok   bool
}

// Pane is the response pane.
type Pane struct {
	theme    *ui.Theme
	exchange *apiclient.Exchange
	endpoint catalog.Endpoint
	seq      int // grows with each content of the viewer
	tab      tab
	viewer   *ui.Viewer
	search   *ui.Input
	typing   bool
	matches  int
	waiting  string          // what is under way; "" where nothing is
	stale    bool            // the request was edited since
	steps    []followup.Step // what may follow the exchange
	w, h     int
	focus    bool
}

// New makes an empty pane.
func New(theme *ui.Theme) *Pane {
	return &Pane{theme: theme, viewer: ui.NewViewer(theme), search: ui.NewInput(theme)}
}

// SetEndpoint tells which endpoint answers, for the words about its codes.
func (p *Pane) SetEndpoint(e catalog.Endpoint) { p.endpoint = e }

// Wait shows that a request is under way, in words; "" ends it.
func (p *Pane) Wait(words string) { p.waiting = words }

// SetStale marks the answer as one to the request before it was edited.
func (p *Pane) SetStale(stale bool) { p.stale = stale }

// Clear shows no answer.
func (p *Pane) Clear() {
	p.exchange, p.steps = nil, nil
	p.leaveSearch()
	p.viewer.SetContent(nil, ui.ModeText)
	p.fit()
}

// Show shows an exchange's answer.
func (p *Pane) Show(e *apiclient.Exchange) tea.Cmd {
	p.exchange, p.steps = e, nil
	p.leaveSearch()
	p.fit()
	return p.fill()
}

// content is the body as a person reads it: without its Content-Encoding where
// that could be undone.
func content(m *apiclient.Message) []byte {
	if m.Decoded != nil {
		return m.Decoded
	}
	return m.Body
}

// Update takes a body that was indented.
func (p *Pane) Update(msg tea.Msg) tea.Cmd {
	if m, ok := msg.(prettied); ok && m.seq == p.seq {
		p.viewer.SetPretty(m.text, m.ok)
	}
	return nil
}

// fill puts the open tab's bytes into the viewer.
func (p *Pane) fill() tea.Cmd {
	p.seq++
	if p.exchange == nil || p.exchange.Response == nil {
		p.viewer.SetContent(nil, ui.ModeText)
		return nil
	}
	switch p.tab {
	case bodyTab:
		p.viewer.SetContent(content(p.exchange.Response), ui.ModeJSON)
	case rawTab:
		p.viewer.SetContent(raw(p.exchange.Response), ui.ModeText)
	case hexTab:
		p.viewer.SetContent(p.exchange.Response.Body, ui.ModeHex)
	case timingTab:
		p.viewer.SetContent([]byte(timing(p.exchange)), ui.ModeText)
	}
	if q := p.search.Value(); q != "" {
		p.matches = p.viewer.Search(q)
	}
	if !p.viewer.WantsPretty() {
		return nil
	}
	seq, body := p.seq, p.viewer.Copy()
	return func() tea.Msg {
		text, ok := ui.Pretty(body)
		return prettied{seq: seq, text: text, ok: ok}
	}
}

// raw is the message as it was on the wire, transfer coding removed.
func raw(m *apiclient.Message) []byte {
	var b bytes.Buffer
	b.WriteString(m.Line + "\n")
	for _, f := range m.Header {
		b.WriteString(f.Name + ": " + f.Value + "\n")
	}
	b.WriteByte('\n')
	b.Write(m.Body)
	return b.Bytes()
}

// Title names the pane and sums up the answer.
func (p *Pane) Title() string {
	e := p.exchange
	if e == nil || e.Response == nil || p.waiting != "" {
		return "Response"
	}
	text := "Response  " + statusWords(e.Response.Line)
	if e.Timing.Total > 0 {
		text += " · " + ui.Millis(e.Timing.Total)
	}
	text += " · " + ui.Bytes(int64(len(e.Response.Body)))
	if e.Response.Partial {
		text += " · cut off"
	}
	if p.stale {
		text += " · before your edits"
	}
	return text
}

// TitleRight says where in the body one is.
func (p *Pane) TitleRight() string {
	if p.exchange == nil || p.exchange.Response == nil || !p.focus {
		return ""
	}
	return p.viewer.Position()
}

// Scope is the pane's place in the table of actions.
func (p *Pane) Scope() keymap.Scope { return keymap.Response }

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	p.w, p.h = w, h
	p.search.Resize(max(0, w-2))
	p.fit()
}

func (p *Pane) fit() {
	rows := len(p.summary()) + 1
	if p.searching() {
		rows++
	}
	p.viewer.Resize(p.w, max(0, p.h-rows))
}

// Focus shows where one is, or stops a search from being typed.
func (p *Pane) Focus(on bool) {
	p.focus = on
	if !on {
		p.typing = false
		p.search.Blur()
		p.fit()
	}
}

func (p *Pane) searching() bool { return p.typing || p.search.Value() != "" }

func (p *Pane) leaveSearch() {
	p.typing, p.matches = false, 0
	p.search.SetValue("")
	p.search.Blur()
	p.viewer.Search("")
}

// Typing reports whether keys go into the search.
func (p *Pane) Typing() bool { return p.typing }

// Type edits the search; the view jumps to the first match as one types.
func (p *Pane) Type(msg tea.KeyMsg) tea.Cmd {
	if msg.String() == "enter" {
		p.typing = false
		p.search.Blur()
		p.fit()
		return nil
	}
	p.search.Update(msg)
	p.matches = p.viewer.Search(p.search.Value())
	return nil
}

// Refuses says why an action is not possible now.
func (p *Pane) Refuses(id keymap.ID) string {
	if id == keymap.Cancel {
		if !p.searching() {
			return "There is no search to leave"
		}
		return ""
	}
	if p.waiting != "" {
		return "The answer is not there yet"
	}
	if id == keymap.ResponseFollow {
		return p.refusesFollow()
	}
	if p.exchange == nil || p.exchange.Response == nil {
		return "There is no response yet: ctrl+r sends the request"
	}
	if (id == keymap.ResponseNext || id == keymap.ResponsePrevious) && p.search.Value() == "" {
		return "Nothing is searched for: / searches"
	}
	return ""
}

// Act does an action.
func (p *Pane) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.ResponseTabNext:
		return p.open((p.tab + 1) % tab(len(tabs)))
	case keymap.ResponseTabPrev:
		return p.open((p.tab + tab(len(tabs)) - 1) % tab(len(tabs)))
	case keymap.ResponseFollow:
		return p.follow()
	case keymap.ResponseSearch:
		p.typing = true
		p.search.Focus()
		p.fit()
	case keymap.Cancel:
		p.leaveSearch()
		p.fit()
	case keymap.ResponseNext:
		p.viewer.Next()
	case keymap.ResponsePrevious:
		p.viewer.Prev()
	case keymap.ResponseWrap:
		p.viewer.SetWrap(!p.viewer.Wrap())
	case keymap.ResponseUp:
		p.viewer.ScrollBy(-1)
	case keymap.ResponseDown:
		p.viewer.ScrollBy(1)
	case keymap.ResponsePageUp:
		p.viewer.PageUp()
	case keymap.ResponsePageDn:
		p.viewer.PageDown()
	case keymap.ResponseTop:
		p.viewer.Top()
	case keymap.ResponseBottom:
		p.viewer.Bottom()
	case keymap.Copy:
		return p.copy()
	}
	return nil
}

func (p *Pane) copy() tea.Cmd {
	switch p.tab {
	case rawTab:
		return ui.CopyText("response", string(raw(p.exchange.Response)))
	case timingTab:
		return ui.CopyText("timing", timing(p.exchange))
	default:
		return ui.CopyText("response body", string(content(p.exchange.Response)))
	}
}

func (p *Pane) open(t tab) tea.Cmd {
	p.tab = t
	return p.fill()
}

// Click opens the tab under the mouse.
func (p *Pane) Click(x, y int) tea.Cmd {
	if y != len(p.summary()) {
		return nil
	}
	if i, ok := ui.TabAt(tabs, x); ok {
		return p.open(tab(i))
	}
	return nil
}

// Wheel scrolls.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.viewer.ScrollBy(lines)
	return nil
}
