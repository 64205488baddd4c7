package request

import (
	"cmp"
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
	texts := []string{method + ui.Safe(p.base) + target}
	if p.base != "" {
		texts = append(texts, method+"…"+target)
	}
	if query {
		texts = append(texts, method+"…"+path+"?…")
	}
	return cmp.Or(ui.FirstFit(room, texts...), method+ui.TruncateLeft(path, max(room-ui.Width(method), leastPath)))
}

// longestTarget is how many bytes of a target a title looks at.
const longestTarget = 4096

// leastName is the cells of a request's name that are always shown.
const leastName = 12

// leastPath is the cells of a path below which its end says nothing any more.
const leastPath = 8

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
