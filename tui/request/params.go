package request

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// paramForm is the form above the body: a row for each parameter of the path, the
// query and the headers. It is there only where the interface has some.
type paramForm struct {
	list  ui.List
	input *ui.Input                // nil while nothing is typed
	sent  func(header string) bool // those that need no row; nil: none
}

// maxParamRows is how many parameters are shown at a time.
const maxParamRows = 5

// parameters are those of the open draft: what its path still has a place for, the
// query that the catalogue knows, and the headers that are not sent by themselves. Of
// a run and of a file they have their values already.
func (p *Pane) parameters() []catalog.Parameter {
	d := p.open()
	inPath := apiclient.ParamNames(d.target)
	var all []catalog.Parameter
	for _, q := range d.endpoint.Parameters {
		if i := slices.Index(inPath, q.Name); q.In == catalog.InPath && i >= 0 {
			inPath = slices.Delete(inPath, i, i+1)
			all = append(all, q)
		} else if d.title == "" && (q.In == catalog.InQuery || q.In == catalog.InHeader && !p.sent(q.Name)) {
			all = append(all, q)
		}
	}
	for i, name := range inPath { // of a path that was written by hand
		all = slices.Insert(all, i, catalog.Parameter{Name: name, In: catalog.InPath, Required: true})
	}
	return all
}

// SetSentHeaders sets which headers every request has: those of the protocol and of the
// profile, which a document may list among its parameters. nil: none.
func (p *Pane) SetSentHeaders(sent func(header string) bool) { p.params.sent = sent }

func (p *Pane) sent(header string) bool { return p.params.sent != nil && p.params.sent(header) }

// filled are the values of the parameters, for the draft: those of the target, and
// headers.
func (p *Pane) filled() (list []apiclient.Param, header []apiclient.Field) {
	for _, q := range p.parameters() {
		switch value := p.open().params[q.Name]; {
		case value == "":
		case q.In == catalog.InHeader:
			header = append(header, apiclient.Field{Name: q.Name, Value: value})
		default:
			list = append(list, apiclient.Param{Name: q.Name, Value: value})
		}
	}
	return list, header
}

// needs reports whether a parameter is required and has no value, neither here nor,
// of a header, among those that were set by hand.
func (p *Pane) needs(q catalog.Parameter) bool {
	return q.Required && p.open().params[q.Name] == "" && !p.byHand(q)
}

func (p *Pane) byHand(q catalog.Parameter) bool {
	return q.In == catalog.InHeader && slices.ContainsFunc(p.headersSet,
		func(name string) bool { return strings.EqualFold(name, q.Name) })
}

// MissingParams names the parameters of the path that have no value: without
// them the request is not sent.
func (p *Pane) MissingParams() []string {
	var names []string
	for _, q := range p.parameters() {
		if q.In == catalog.InPath && p.open().params[q.Name] == "" {
			names = append(names, q.Name)
		}
	}
	return names
}

// paramRows is the height of the form.
func (p *Pane) paramRows() int {
	if p.tab == docsTab || p.open().target == "" {
		return 0
	}
	return max(0, min(len(p.parameters()), maxParamRows, max(1, (p.h-2)/2), p.h-2))
}

// paramLines draws the form.
func (p *Pane) paramLines() []string {
	n := p.paramRows()
	if n == 0 {
		return nil
	}
	all := p.parameters()
	width := 0
	for _, q := range all {
		width = max(width, ui.Width(ui.Safe(q.Name))+1)
	}
	width = min(width, max(4, p.w/3))
	p.params.list.Len, p.params.list.Height = len(all), n
	p.params.list.To(p.params.list.Cursor)
	return p.params.list.Lines(func(i int) string {
		return p.paramLine(all[i], width, p.params.input != nil && i == p.params.list.Cursor)
	})
}

func (p *Pane) paramLine(q catalog.Parameter, width int, typed bool) string {
	t := p.theme
	name := ui.Safe(q.Name)
	if q.Required {
		name += "*"
	}
	head := t.Accent.Render(ui.Fit(name, width)) + t.Muted.Render(" = ")
	room := p.w - width - 3
	value, style := p.open().params[q.Name], t.Text
	switch {
	case typed:
		p.params.input.Placeholder = paramHint(q)
		p.params.input.Resize(room)
		return head + p.params.input.View()
	case value != "":
		value = ui.Safe(value)
	case p.byHand(q):
		value, style = "set in the headers", t.Muted
	case q.Required:
		value, style = t.Words("needs a value · {request.parameters} ")+paramHint(q), t.Warn
	default:
		value, style = "none "+paramHint(q), t.Muted
	}
	return head + style.Render(ui.Truncate(value, room))
}

// paramHint says what a parameter may be.
func paramHint(q catalog.Parameter) string {
	var words []string
	if q.In != catalog.InPath {
		words = append(words, q.In)
	}
	switch {
	case len(q.Enum) > 0:
		words = append(words, "one of "+strings.Join(q.Enum, ", "))
	case q.Example != "":
		words = append(words, "such as "+q.Example)
	case q.Description != "":
		words = append(words, q.Description)
	case q.Type != "":
		words = append(words, q.Type)
	}
	if len(words) == 0 {
		return ""
	}
	return "(" + ui.Safe(strings.Join(words, ": ")) + ")"
}

func (p *Pane) paramActions() keymap.Actions {
	return keymap.Actions{{ID: "request.parameters", Keys: keymap.On("p"), Short: "parameters", Footer: 14,
		Long: "Fill in parameters of path, query and headers, above the body",
		Do:   func() tea.Cmd { return p.typeParam(p.firstParam()) }, Cannot: p.noParams}}
}

func (p *Pane) noParams() string {
	return keymap.When(len(p.parameters()) == 0, "This interface has no parameters")
}

// firstParam is the first one that needs a value, or the one that was typed last.
func (p *Pane) firstParam() int {
	all := p.parameters()
	if empty := slices.IndexFunc(all, p.needs); empty >= 0 {
		return empty
	}
	return min(p.params.list.Cursor, len(all)-1)
}

// typeParam opens a row to type in.
func (p *Pane) typeParam(i int) tea.Cmd {
	all := p.parameters()
	if i < 0 || i >= len(all) {
		return nil
	}
	if p.tab == docsTab {
		p.openTab(bodyTab)
	}
	if p.editing {
		p.stopEditing()
	}
	p.params.list.Len = len(all)
	p.params.list.To(i)
	p.params.input = ui.NewInput(p.theme)
	p.params.input.SetValue(p.open().params[all[i].Name])
	p.params.input.Focus()
	return p.completed()
}

// leaveParams ends typing; what was typed stays. It reports whether anything was
// typed in.
func (p *Pane) leaveParams() bool {
	was := p.params.input != nil
	p.params.input = nil
	return was
}

// paramKey takes a key while a parameter is typed: what is typed is its value at
// once, the arrows go to another one, enter to the next that needs one.
func (p *Pane) paramKey(msg tea.KeyMsg) tea.Cmd {
	all := p.parameters()
	at := p.params.list.Cursor
	if at >= len(all) {
		p.leaveParams()
		return nil
	}
	key := msg.String()
	by := map[keymap.ID]int{keymap.ListsUp: -1, keymap.ListsDown: 1}[p.theme.Keys().InList(key, true)]
	switch {
	case by != 0:
		return p.typeParam(max(0, min(at+by, len(all)-1)))
	case key == "enter":
		p.leaveParams()
		return p.typeParam(slices.IndexFunc(all, p.needs))
	}
	if !p.params.input.Update(msg) {
		return nil
	}
	return tea.Batch(p.setParam(all[at].Name, p.params.input.Value()), p.completed())
}

func (p *Pane) setParam(name, value string) tea.Cmd {
	d := p.open()
	d.params[name] = value
	if value == "" {
		delete(d.params, name)
	}
	return ui.Emit(Edited{})
}
