// Package signature is the pane that shows the chain from content to header,
// stage by stage, for the request and for its answer.
package signature

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"countersign/tui/ui/viewer"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/signing"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Opened asks for a stage to be shown whole.
type Opened struct {
	Title string
	What  string   // names it when it is copied
	Intro []string // where the chain breaks, and what the stage is
	Text  []byte   // as it is shown
	Copy  []byte   // as it is copied
	Mode  viewer.Mode
}

// CompareAsked asks to compare the strings that are shown with those of
// another run.
type CompareAsked struct{}

// Pane is the signature pane.
type Pane struct {
	theme    *ui.Theme
	profile  apiclient.Profile   // the one in use
	request  *apiclient.Exchange // whose request is shown
	proof    signing.Proof       // of it
	shown    *apiclient.Exchange // whose response is shown
	live     bool                // request is the draft, not sent yet
	err      error               // why the draft cannot be signed
	stages   []stage
	selected int
	viewer   *viewer.Viewer
	w, h     int
	focus    bool
}

// New makes an empty pane.
func New(theme *ui.Theme) *Pane {
	return &Pane{theme: theme, viewer: viewer.New(theme)}
}

// SetProfile sets the profile in use, whose rule and header names are told.
func (p *Pane) SetProfile(profile apiclient.Profile) { p.profile = profile }

// Show hands over what is shown: the request side of one exchange and the
// response side of another (the same one, unless the draft was edited since).
func (p *Pane) Show(request, shown *apiclient.Exchange, live bool, err error) {
	p.request, p.shown, p.live, p.err = request, shown, live, err
	p.proof = signing.Proof{}
	if request != nil {
		p.proof = request.Proof()
	}
	at := p.at()
	p.stages = p.stages[:0]
	if request != nil && len(p.proof.Canonical) > 0 {
		p.stages = append(p.stages, p.requestSource(request).stages()...)
	}
	if shown != nil && shown.Response != nil && len(shown.Received.Canonical) > 0 {
		p.stages = append(p.stages, p.responseSource(shown).stages()...)
	}
	// The same link stays selected while one edits, though others come and go.
	p.selected = max(0, slices.IndexFunc(p.stages, func(s stage) bool { return s.side == at.side && s.link == at.link }))
	p.open()
}

// at is the selected stage; the zero one where there is none.
func (p *Pane) at() stage {
	if p.selected >= len(p.stages) {
		return stage{side: apiclient.RequestSide}
	}
	return p.stages[p.selected]
}

// open shows the selected stage whole.
func (p *Pane) open() {
	s := p.at()
	p.viewer.SetContent(s.text, s.mode)
}

// Title reports whether what is shown was sent, and whether it was tampered.
func (p *Pane) Title() string {
	title, tampered := "Signature", p.request != nil && len(p.request.Tampered) > 0
	switch {
	case p.request != nil && p.live && tampered:
		title += "  would be signed now, TAMPERED on purpose"
	case tampered:
		title += "  TAMPERED on purpose"
	case p.request != nil && p.live:
		title += "  would be signed now"
	}
	return title
}

// TitleRight names the selected stage.
func (p *Pane) TitleRight() string {
	if !p.focus || len(p.stages) == 0 {
		return ""
	}
	s := p.at()
	if s.fault != "" && !s.sound {
		return fmt.Sprintf("%s: %s ✗", s.side, s.name)
	}
	return fmt.Sprintf("%s: %s", s.side, s.name)
}

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	p.w, p.h = w, h
	p.viewer.Resize(w, max(0, h-chainRows-1))
}

// Focus shows or hides which stage is selected.
func (p *Pane) Focus(on bool) { p.focus = on }

// Update ignores all messages: the pane has no commands of its own.
func (p *Pane) Update(tea.Msg) tea.Cmd { return nil }

// Actions are what can be done with the stages of the chain.
func (p *Pane) Actions() keymap.Actions {
	on := keymap.On
	return keymap.In(keymap.Signature, keymap.Actions{
		{ID: "signature.next", Keys: on("right", "l"), Short: "next stage", Footer: 15, Long: "Go to the next stage of the chain",
			Do: ui.Just(func() { p.selectStage(p.selected + 1) }), Cannot: p.nothingSigned},
		{ID: "signature.open", Keys: on("enter"), Short: "open", Footer: 16, Long: "Show this stage whole, with search",
			Do: p.openWhole, Cannot: p.nothingSigned},
		{ID: "signature.copy-hex", Keys: on("x"), Short: "copy hex", Footer: 31, Long: "Copy this stage's bytes in hexadecimal",
			Do: p.copyHex, Cannot: p.noBytes},
		{ID: "signature.copy-base64", Keys: on("b"), Short: "copy base64", Footer: 32, Long: "Copy this stage's bytes in base64",
			Do: p.copyBase64, Cannot: p.noBytes},
		{ID: "signature.compare", Keys: on("c"), Short: "compare", Footer: 16,
			Long: "Compare these strings with those of the marked run, or of the one before of this endpoint",
			Do:   func() tea.Cmd { return ui.Emit(CompareAsked{}) }, Cannot: p.nothingSigned},
		{ID: "signature.previous", Keys: on("left", "h"), Long: "Go to the previous stage of the chain",
			Do: ui.Just(func() { p.selectStage(p.selected - 1) }), Cannot: p.nothingSigned},
		{ID: keymap.Copy, Do: p.copy, Cannot: p.noBytes},
	}, ui.Moves(keymap.Signature, "Scroll", "the start", "the end", p.move))
}

func (p *Pane) move(m ui.Move) tea.Cmd {
	p.viewer.Go(m)
	return nil
}

func (p *Pane) nothingSigned() string {
	return keymap.When(len(p.stages) == 0, "Nothing is signed yet")
}

func (p *Pane) noBytes() string {
	if s := p.at(); len(p.stages) > 0 && len(s.bytes) == 0 {
		return "There is no " + s.name + " of the " + string(s.side)
	}
	return p.nothingSigned()
}

func (p *Pane) openWhole() tea.Cmd {
	s := p.at()
	title := fmt.Sprintf("%s of the %s", strings.ToUpper(s.name[:1])+s.name[1:], s.side)
	return ui.Emit(Opened{Title: title, What: s.what(), Intro: s.opened(), Text: s.text, Copy: s.bytes, Mode: s.mode})
}

func (p *Pane) copyHex() tea.Cmd {
	return ui.CopyText(p.at().what()+" in hex", hex.EncodeToString(p.at().bytes))
}

func (p *Pane) copyBase64() tea.Cmd {
	return ui.CopyText(p.at().what()+" in base64", base64.StdEncoding.EncodeToString(p.at().bytes))
}

// copy returns a stage as people write it: text as it is, a digest in hex, a
// signature in base64.
func (p *Pane) copy() tea.Cmd {
	s := p.at()
	switch s.link {
	case linkDigest, linkRecovered:
		return p.copyHex()
	case linkSignature:
		return p.copyBase64()
	}
	return ui.CopyText(s.what(), string(s.bytes))
}

// what names a stage in words.
func (s stage) what() string { return fmt.Sprintf("%s of the %s", s.name, s.side) }

func (p *Pane) selectStage(i int) {
	if len(p.stages) == 0 {
		return
	}
	p.selected = (i + len(p.stages)) % len(p.stages)
	p.open()
}

// Click selects the request's or the response's canonical string.
func (p *Pane) Click(_, y int) tea.Cmd {
	side := apiclient.RequestSide
	if y >= chainRows/2 {
		side = apiclient.ResponseSide
	}
	if i := slices.IndexFunc(p.stages, func(s stage) bool { return s.side == side }); y < chainRows && i >= 0 {
		p.selectStage(i)
	}
	return nil
}

// Wheel scrolls the open stage.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.viewer.ScrollBy(lines)
	return nil
}
