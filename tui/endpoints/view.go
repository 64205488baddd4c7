package endpoints

import (
	"fmt"
	"strings"

	"countersign/apiclient/catalog"
	"countersign/apiclient/workspace"
	"countersign/tui/ui"
)

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
	var lines []string
	if p.filtering() {
		lines = append(lines, p.theme.Accent.Render("/ ")+p.filter.View())
	}
	if len(p.rows) == 0 {
		lines = append(lines, p.theme.Muted.Render(p.empty()))
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
		return p.theme.Muted.Render(ui.Truncate(ui.Safe(r.text), p.w))
	}
	name, right := p.words(r)
	mark := " "
	if p.key(r) == p.marked && p.marked != "" {
		mark = "▌"
	}
	if right != "" {
		right = " " + right
	}
	style := p.theme.Text
	switch r.kind {
	case faultRow:
		style = p.theme.Bad
	case folderRow, fileRow:
		style = p.theme.Muted
	}
	name = ui.Fit(ui.Safe(name), p.w-1-ui.Width(right)-1)
	return p.theme.Row(i == p.list.Cursor && (p.focus || p.Typing()), p.w,
		p.theme.Accent.On(mark), style.On(name), p.theme.Muted.On(right))
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
		name = " " + e.Name // all of it: the filter may have matched anywhere
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
