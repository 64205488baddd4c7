package response

import (
	"strings"

	"countersign/tui/ui"
)

// Title names the pane and sums up the answer.
func (p *Pane) Title() string {
	e := p.exchange
	if e == nil || p.waiting != "" {
		return "Response"
	}
	if e.Response == nil {
		if p.age() == "" {
			return "Response"
		}
		return ui.Truncate("Response  none"+p.age(), max(0, p.w-titleMargin))
	}
	status := statusWords(e.Response.Line)
	code, _, _ := strings.Cut(status, " ")
	took, size, tail := "", " · "+ui.Bytes(int64(len(e.Response.Body))), ""
	if e.Timing.Total > 0 {
		took = " · " + ui.Millis(e.Timing.Total)
	}
	if e.Response.Partial {
		tail += " · cut off"
	}
	tail += p.age()
	// Where all does not fit, the size goes first, then the reason, which the code
	// implies, and the time at last.
	room := p.w - titleMargin
	for _, words := range []string{status + took + size, status + took, code + took} {
		if title := "Response  " + words + tail; ui.Width(title) <= room {
			return title
		}
	}
	return ui.Truncate("Response  "+code, max(0, room-ui.Width(tail))) + tail
}

// titleMargin is the room that the frame and the pane's number take in a title's row.
const titleMargin = 6

// TitleRight says where in the body one is.
func (p *Pane) TitleRight() string {
	if p.exchange == nil || p.exchange.Response == nil || !p.focus {
		return ""
	}
	return p.shown().Position()
}

// Footer says where in the JSON or XML the cursor is.
func (p *Pane) Footer() string {
	if p.exchange == nil || p.exchange.Response == nil || !p.focus || p.waiting != "" || p.tab != bodyTab {
		return ""
	}
	return ui.TruncateLeft(ui.Safe(p.shown().Path()), max(0, p.w-4))
}

// age says of what the answer is one, where it is not of the request as it
// stands.
func (p *Pane) age() string {
	switch of := p.exchange.Profile; {
	case of != "" && p.profile != "" && of != p.profile:
		return " · of profile " + ui.Safe(of)
	case p.stale:
		return " · before your edits"
	}
	return ""
}
