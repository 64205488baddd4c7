package request

import "countersign/tui/ui"

// SetSpoilt tells what is made wrong on purpose in the request that is shown,
// in words; "" where nothing is.
func (p *Pane) SetSpoilt(titles string) { p.spoilt = titles }

// spoiltMark stands at the beginning of the title, where no width cuts it off.
func (p *Pane) spoiltMark() string {
	if p.spoilt == "" {
		return ""
	}
	return "SPOILT (" + ui.Truncate(ui.Safe(p.spoilt), 32) + ")  "
}
