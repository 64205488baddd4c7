package headers

import (
	"errors"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Refuses says why an action is not possible now.
func (p *Pane) Refuses(id keymap.ID) string {
	r, ok := p.current()
	switch id {
	case keymap.Cancel:
		return "There is nothing to leave"
	case keymap.Copy:
		if !ok || r.missing {
			return "There is no header here to copy"
		}
	case keymap.HeadersWhole, keymap.HeadersEnter:
		if !ok {
			return "There is no header here"
		}
	case keymap.HeadersTamper:
		if p.request == nil && len(p.tamper) == 0 {
			return "There is no request to tamper with yet"
		}
	case keymap.HeadersOverride, keymap.HeadersOmit:
		switch {
		case !ok:
			return "There is no header here"
		case r.side == apiclient.ResponseSide:
			return "This header came from the other side: only the request's can be changed"
		}
	case keymap.HeadersReset:
		if p.Changes().Count() == 0 {
			return "Nothing was changed on purpose"
		}
	}
	return ""
}

// Act does an action.
func (p *Pane) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.HeadersUp:
		p.list.Move(-1)
	case keymap.HeadersDown:
		p.list.Move(1)
	case keymap.HeadersTop:
		p.list.To(0)
	case keymap.HeadersBottom:
		p.list.To(len(p.rows) - 1)
	case keymap.HeadersEnter:
		if r, _ := p.current(); r.side == apiclient.ResponseSide {
			return p.whole()
		}
		return p.Act(keymap.HeadersOverride)
	case keymap.HeadersWhole:
		return p.whole()
	case keymap.HeadersTamper:
		return ui.Emit(TamperAsked{Chosen: slices.Clone(p.tamper), Done: p.setTampers})
	case keymap.HeadersOverride:
		r, _ := p.current()
		return ui.Emit(ValueAsked{Title: r.name, Value: r.value, Done: func(v string) (tea.Cmd, error) { return p.set(r.name, v) }})
	case keymap.HeadersAdd:
		return ui.Emit(ValueAsked{Title: "New header, as Name: value", Done: p.add})
	case keymap.HeadersOmit:
		r, _ := p.current()
		return p.toggleOmit(r.name)
	case keymap.HeadersReset:
		p.override, p.omit, p.tamper = nil, nil, nil
		return ui.Emit(Changed{})
	case keymap.Copy:
		r, _ := p.current()
		return ui.CopyText(r.name, r.value)
	}
	return nil
}

// set changes a header, or says why it cannot be sent like this: with it no
// request could be signed, nor its headers be shown to mend it.
func (p *Pane) set(name, value string) (tea.Cmd, error) {
	field := apiclient.Field{Name: name, Value: value}
	if err := apiclient.CheckField(field); err != nil {
		return nil, err
	}
	p.omit = slices.DeleteFunc(p.omit, func(s string) bool { return strings.EqualFold(s, name) })
	p.override = slices.DeleteFunc(p.override, func(f apiclient.Field) bool { return strings.EqualFold(f.Name, name) })
	p.override = append(p.override, field)
	return ui.Emit(Changed{}), nil
}

func (p *Pane) add(line string) (tea.Cmd, error) {
	name, value, ok := strings.Cut(line, ":")
	name = strings.TrimSpace(name)
	if !ok || name == "" {
		return nil, errors.New("a header is a name, a colon and a value: traceId: 1234")
	}
	cmd, err := p.set(name, strings.TrimSpace(value))
	if err == nil {
		p.wanted = name
	}
	return cmd, err
}

func (p *Pane) toggleOmit(name string) tea.Cmd {
	if p.omitted(name) {
		p.omit = slices.DeleteFunc(p.omit, func(s string) bool { return strings.EqualFold(s, name) })
	} else {
		p.override = slices.DeleteFunc(p.override, func(f apiclient.Field) bool { return strings.EqualFold(f.Name, name) })
		p.omit = append(p.omit, name)
	}
	return ui.Emit(Changed{})
}

// Click moves the cursor.
func (p *Pane) Click(_, y int) tea.Cmd {
	p.list.Click(y - len(p.banner()))
	return nil
}

// Wheel moves the cursor.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.list.Move(lines)
	return nil
}
