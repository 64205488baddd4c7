package request

import "countersign/tui/ui"

// SetTampered sets what is made wrong on purpose in the request that is shown,
// in words; "" where nothing is.
func (p *Pane) SetTampered(titles string) { p.tampered = titles }

// tamperedMark stands at the beginning of the title, where no width cuts it off.
func (p *Pane) tamperedMark() string {
	if p.tampered == "" {
		return ""
	}
	return "TAMPERED (" + ui.Truncate(ui.Safe(p.tampered), 32) + ")  "
}
