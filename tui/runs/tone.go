package runs

import (
	"countersign/history"
	"countersign/tui/ui"
)

// tone colours a result: U and an unknown outcome want a look before anything
// is paid again.
func (p *Pane) tone(r history.Run) ui.Style {
	switch r.Result.Status {
	case "S":
		return p.theme.Good
	case "A":
		return p.theme.Info
	case "F":
		return p.theme.Bad
	default:
		return p.theme.Warn
	}
}

func (p *Pane) verdict(status string) string {
	switch status {
	case "":
		return p.theme.Muted.Render(check(status))
	case "verified":
		return p.theme.Good.Render(check(status))
	default:
		return p.theme.Bad.Render(check(status))
	}
}
