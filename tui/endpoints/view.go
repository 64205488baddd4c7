package endpoints

import (
	"fmt"
	"strings"

	"countersign/apiclient/catalog"
	"countersign/apiclient/workspace"
	"countersign/tui/ui"
)

// label is an endpoint's name as the list shows it: the last part, or all of
// it where a filter may have matched anywhere.
func label(e catalog.Endpoint) string { return e.Name }

// short is the last part of a name, with the part before it where it is only a
// parameter, or where another endpoint of the group and version ends the same.
func (p *Pane) short(i int) string {
	e := p.all[i]
	last := e.Name[strings.LastIndexByte(e.Name, '/')+1:]
	for strings.HasPrefix(last, "{") && len(last) < len(e.Name) {
		last = e.Name[strings.LastIndexByte(strings.TrimSuffix(e.Name, "/"+last), '/')+1:]
	}
	for j, o := range p.all {
		if j != i && o.Group == e.Group && o.Version == e.Version && strings.HasSuffix(o.Name, "/"+last) {
			return strings.TrimSuffix(e.Name, "/"+last) + "/" + last
		}
	}
	return last
}

// View draws the list.
func (p *Pane) View() string {
	lines := make([]string, 0, p.h)
	if p.filtering() && p.h > 0 {
		lines = append(lines, ui.Fit(p.theme.Accent.Render("/ ")+p.filter.View(), p.w))
	}
	if len(p.rows) == 0 {
		lines = append(lines, ui.Fit(p.theme.Muted.Render(p.empty()), p.w))
	}
	return ui.Block(append(lines, p.list.Lines(p.line)...), p.w, p.h)
}

func (p *Pane) empty() string {
	if len(p.all) == 0 && p.files == nil {
		return "The catalogue is empty"
	}
	return p.theme.Words("Nothing matches; {cancel} clears")
}

func (p *Pane) line(i int) string {
	r := p.rows[i]
	if r.kind == groupRow {
		return ui.Fit(p.theme.Muted.Render(ui.Truncate(ui.Safe(r.text), p.w)), p.w)
	}
	name, right := p.words(r)
	mark := " "
	if p.key(r) == p.marked && p.marked != "" {
		mark = "▌"
	}
	if right != "" {
		right = " " + right
	}
	room := max(0, p.w-1-ui.Width(right)-1)
	text := ui.Fit(ui.Truncate(ui.Safe(name), room), room)
	if i == p.list.Cursor && (p.focus || p.typing) {
		return p.theme.Selection.Render(ui.Fit(mark+text+right+" ", p.w))
	}
	style := p.theme.Text
	switch r.kind {
	case faultRow:
		style = p.theme.Bad
	case folderRow, fileRow:
		style = p.theme.Muted
	}
	return ui.Fit(p.theme.Accent.Render(mark)+style.Render(text)+p.theme.Muted.Render(right)+" ", p.w)
}

// words are what a row says, and what stands at its end.
func (p *Pane) words(r row) (name, right string) {
	switch r.kind {
	case folderRow:
		return p.foldSign(r) + r.text + "/", ""
	case fileRow:
		name = p.foldSign(r) + r.file.Path[strings.LastIndexByte(r.file.Path, '/')+1:]
		switch n := len(r.file.Faults); {
		case n > 0:
			right = fmt.Sprintf("! %d", n)
		case p.folded(r):
			right = fmt.Sprint(len(r.file.Requests))
		}
		return indent(r.file) + name, right
	case requestRow:
		if p.filtering() {
			return " " + r.request.Label() + "  " + strings.TrimSuffix(r.file.Path, ".http"), ""
		}
		name = r.request.Label()
		if r.request.Name != "" && r.request.Method != "POST" { // as most are
			right = r.request.Method
		}
		if r.request.Foreign != "" {
			right = r.request.Foreign + " !"
		}
		return indent(r.file) + "  " + name, right
	case faultRow:
		at := ""
		if r.fault.Line > 0 {
			at = fmt.Sprintf("%d:%d ", r.fault.Line, r.fault.Column)
		}
		return indent(r.file) + "  ✗ " + at + r.fault.Says, ""
	}
	return p.endpointWords(r)
}

func (p *Pane) endpointWords(r row) (name, right string) {
	e := p.all[r.endpoint]
	name = " " + p.short(r.endpoint)
	if p.filtering() {
		name = " " + label(e)
	}
	right = e.Version
	if e.Direction == catalog.Callback {
		right += " ←"
	}
	if len(e.Faults) > 0 {
		right += " !"
	}
	return name, right
}

// indent is what stands before a file in a folder.
func indent(f *workspace.File) string {
	if f == nil || f.Folder() == "" {
		return ""
	}
	return " "
}

func (p *Pane) foldSign(r row) string {
	if p.folded(r) {
		return "▸ "
	}
	return "▾ "
}

// Targets are the rows on the screen.
func (p *Pane) Targets() []ui.Target { return p.list.Targets(p.h-p.list.Height, p.choose) }
