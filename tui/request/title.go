package request

import (
	"strings"

	"countersign/tui/ui"
)

// Title names the request line.
func (p *Pane) Title() string {
	d := p.open()
	if d.target == "" {
		return "Request"
	}
	title := "Request  "
	if mark := p.tamperedMark(); mark != "" {
		// What was tampered stands in the headers, too: it gives way to the path.
		path, _, _ := strings.Cut(ui.Safe(d.target[:min(len(d.target), longestTarget)]), "?")
		if ui.Width(title+mark+d.method+" …"+path) > p.w-titleMargin {
			mark = "TAMPERED  "
		}
		title += mark
	}
	if d.title != "" {
		name := ui.Safe(d.title)
		if d.inFile { // the mark and the path need room beside it
			name = ui.Truncate(name, max(leastName, (p.w-titleMargin)/2))
		}
		title += name
		switch {
		case d.inFile && p.unsaved && p.w > 40:
			title += " ● unsaved"
		case d.inFile && p.unsaved:
			title += " ●"
		}
		title += "  "
		if !d.inFile && d.edited() {
			title += "your copy  "
		}
	}
	return title + p.requestLine(d, p.w-titleMargin-ui.Width(title))
}

// titleMargin is the room that the frame and the pane's number take in a title's row.
const titleMargin = 4

// requestLine names what is requested. Where there is no room for all of it the
// prefix goes, which is the same for all endpoints, then the query.
func (p *Pane) requestLine(d *draft, room int) string {
	if d.callback() {
		return p.callbackLine(room)
	}
	target := d.target[:min(len(d.target), longestTarget)]
	for name, value := range d.params {
		target = strings.ReplaceAll(target, "{"+name+"}", value)
	}
	method := ui.Safe(d.method) + " "
	target = ui.Safe(target[:min(len(target), longestTarget)])
	path, _, query := strings.Cut(target, "?")
	texts := []string{ui.Safe(p.base) + target}
	if p.base != "" {
		texts = append(texts, "…"+target)
	}
	if query {
		texts = append(texts, "…"+path+"?…")
	}
	for _, text := range texts {
		if ui.Width(method+text) <= room {
			return method + text
		}
	}
	return method + ui.TruncateLeft(path, max(room-ui.Width(method), leastPath))
}

// longestTarget is how many bytes of a target a title looks at.
const longestTarget = 4096

// leastName is the cells of a request's name that are always shown.
const leastName = 12

// leastPath is the cells of a path below which its end says nothing any more.
const leastPath = 8
