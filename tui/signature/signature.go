// Package signature is the pane that shows the chain from content to header,
// stage by stage, for the request and for its answer.
package signature

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// CompareAsked asks to compare the strings that are shown with those of
// another run.
type CompareAsked struct{}

// stage is one link of a chain.
type stage struct {
	side  apiclient.Side
	name  string // as the pane and the status line call it
	bytes []byte // what is shown whole and copied
	mode  ui.Mode
}

// Pane is the signature pane.
type Pane struct {
	theme    *ui.Theme
	request  *apiclient.Exchange // whose request is shown
	shown    *apiclient.Exchange // whose response is shown
	live     bool                // request is the draft, not sent yet
	err      error               // why the draft cannot be signed
	stages   []stage
	selected int
	viewer   *ui.Viewer
	w, h     int
	focus    bool
}

// New makes an empty pane.
func New(theme *ui.Theme) *Pane {
	return &Pane{theme: theme, viewer: ui.NewViewer(theme)}
}

// Show hands over what is shown: the request side of one exchange and the
// response side of another (the same one, unless the draft was edited since).
func (p *Pane) Show(request, shown *apiclient.Exchange, live bool, err error) {
	p.request, p.shown, p.live, p.err = request, shown, live, err
	p.stages = p.stages[:0]
	if request != nil {
		p.add(apiclient.RequestSide, request.Sent.Canonical, request.Sent.Digest, request.Sent.Value, request.Sent.Header)
	}
	if shown != nil && shown.Response != nil && len(shown.Received.Canonical) > 0 {
		v := shown.Received
		p.add(apiclient.ResponseSide, v.Canonical, v.Digest, v.Header.Value, header(shown.Response.Header))
	}
	p.selected = min(p.selected, max(0, len(p.stages)-1))
	p.open()
}

func (p *Pane) add(side apiclient.Side, canonical []byte, digest [32]byte, value, head string) {
	p.stages = append(p.stages,
		stage{side, "canonical string", canonical, ui.ModeCanonical},
		stage{side, "digest", digestText(digest), ui.ModeText},
		stage{side, "signature", []byte(value), ui.ModeText},
		stage{side, "Signature header", []byte(head), ui.ModeText})
}

func digestText(d [32]byte) []byte {
	return []byte("SHA-256  " + hex.EncodeToString(d[:]) + "\nbase64   " + base64.StdEncoding.EncodeToString(d[:]))
}

func header(fields []apiclient.Field) string {
	for _, f := range fields {
		if strings.EqualFold(f.Name, "Signature") {
			return f.Value
		}
	}
	return ""
}

// open shows the selected stage whole.
func (p *Pane) open() {
	if len(p.stages) == 0 {
		p.viewer.SetContent(nil, ui.ModeText)
		return
	}
	s := p.stages[p.selected]
	p.viewer.SetContent(s.bytes, s.mode)
}

// Title says whether what is shown was sent.
func (p *Pane) Title() string {
	if p.request != nil && p.live {
		return "Signature  would be signed now"
	}
	return "Signature"
}

// TitleRight names the selected stage.
func (p *Pane) TitleRight() string {
	if !p.focus || len(p.stages) == 0 {
		return ""
	}
	s := p.stages[p.selected]
	return fmt.Sprintf("%s: %s", s.side, s.name)
}

// Scope is the pane's place in the table of actions.
func (p *Pane) Scope() keymap.Scope { return keymap.Signature }

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	p.w, p.h = w, h
	p.viewer.Resize(w, max(0, h-chainRows-1))
}

// Focus shows or hides which stage is selected.
func (p *Pane) Focus(on bool) { p.focus = on }

// Update ignores all messages: the pane has no commands of its own.
func (p *Pane) Update(tea.Msg) tea.Cmd { return nil }

// Refuses says why an action is not possible now.
func (p *Pane) Refuses(id keymap.ID) string {
	switch id {
	case keymap.Cancel:
		return "There is nothing to leave"
	case keymap.SignatureCompare:
		if len(p.stages) == 0 {
			return "Nothing is signed yet"
		}
	case keymap.Copy, keymap.SignatureNext, keymap.SignaturePrev:
		if len(p.stages) == 0 {
			return "Nothing is signed yet"
		}
	}
	return ""
}

// Act does an action.
func (p *Pane) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.SignatureNext:
		p.selectStage(p.selected + 1)
	case keymap.SignaturePrev:
		p.selectStage(p.selected - 1)
	case keymap.SignatureCompare:
		return ui.Emit(CompareAsked{})
	case keymap.SignatureUp:
		p.viewer.ScrollBy(-1)
	case keymap.SignatureDown:
		p.viewer.ScrollBy(1)
	case keymap.SignatureTop:
		p.viewer.Top()
	case keymap.SignatureBottom:
		p.viewer.Bottom()
	case keymap.Copy:
		s := p.stages[p.selected]
		return ui.CopyText(fmt.Sprintf("%s of the %s", s.name, s.side), string(s.bytes))
	}
	return nil
}

func (p *Pane) selectStage(i int) {
	if len(p.stages) == 0 {
		return
	}
	p.selected = (i + len(p.stages)) % len(p.stages)
	p.open()
}

// Click selects the request's or the response's canonical string.
func (p *Pane) Click(_, y int) tea.Cmd {
	if y < chainRows && len(p.stages) > 0 {
		p.selectStage(min(y/2*4, len(p.stages)-1))
	}
	return nil
}

// Wheel scrolls the open stage.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.viewer.ScrollBy(lines)
	return nil
}
