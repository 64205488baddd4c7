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

// Actions are what can be done with the headers.
func (p *Pane) Actions() keymap.Actions {
	on := keymap.On
	return keymap.In(keymap.Headers, keymap.Actions{
		{ID: "headers.override", Keys: on("e"), Short: "override", Footer: 15, Long: "Send another value in this header",
			Do: p.askValue, Cannot: p.cannotChange},
		{ID: "headers.omit", Keys: on("x"), Short: "leave out", Footer: 16, Long: "Leave this header out on purpose, or put it back",
			Do: p.toggleOmit, Cannot: p.cannotChange},
		{ID: "headers.tamper", Keys: on("s"), Short: "tamper", Footer: 17,
			Long: "Make the request wrong on purpose, to test the other side: time, path, key, signature",
			Do:   p.askTamper, Cannot: p.noRequest},
		{ID: "headers.whole", Keys: on("v"), Short: "whole", Footer: 18, Long: "Show this header whole, with what it means",
			Do: p.whole, Cannot: p.noHeader},
		{ID: "headers.add", Keys: on("a"), Short: "add", Footer: 19, Long: "Add a header",
			Do: func() tea.Cmd { return ui.Emit(ValueAsked{Title: "New header, as Name: value", Done: p.add}) }},
		{ID: "headers.reset", Keys: on("u"), Short: "reset", Footer: 20, Long: "Undo all that was changed or tampered with on purpose",
			Do: p.reset, Cannot: p.unchanged},
		{ID: "headers.enter", Keys: on("enter"), Long: "Override a header of the request; show one of the response whole",
			Do: p.enter, Cannot: p.noHeader},
		{ID: keymap.Copy, Do: p.copy, Cannot: p.noValue},
	}, ui.Moves(keymap.Headers, "Go", "the first header", "the last header", p.move))
}

func (p *Pane) move(m ui.Move) tea.Cmd {
	p.list.Go(m)
	return nil
}

func (p *Pane) askTamper() tea.Cmd {
	return ui.Emit(TamperAsked{Chosen: slices.Clone(p.tamper), Done: p.setTampers})
}

func (p *Pane) noHeader() string {
	_, ok := p.current()
	return keymap.When(!ok, "There is no header here")
}

func (p *Pane) noValue() string {
	r, ok := p.current()
	return keymap.When(!ok || r.missing, "There is no header here to copy")
}

func (p *Pane) noRequest() string {
	return keymap.When(p.request == nil && len(p.tamper) == 0, "There is no request to tamper with yet")
}

func (p *Pane) cannotChange() string {
	if r, ok := p.current(); ok && r.side == apiclient.ResponseSide {
		return "This header came from the other side: only the request's can be changed"
	}
	return p.noHeader()
}

func (p *Pane) unchanged() string { return keymap.When(!p.Changed(), "Nothing was changed on purpose") }

// Changed reports whether anything was changed on purpose.
func (p *Pane) Changed() bool { return p.Changes().Count() > 0 }

// enter overrides a header of the request; one of the response is shown whole.
func (p *Pane) enter() tea.Cmd {
	if r, _ := p.current(); r.side == apiclient.ResponseSide {
		return p.whole()
	}
	return p.askValue()
}

func (p *Pane) askValue() tea.Cmd {
	r, _ := p.current()
	return ui.Emit(ValueAsked{Title: r.name, Value: r.value,
		Done: func(v string) (tea.Cmd, error) { return p.set(r.name, v) }})
}

func (p *Pane) reset() tea.Cmd {
	p.override, p.omit, p.tamper = nil, nil, nil
	return ui.Emit(Changed{})
}

func (p *Pane) copy() tea.Cmd {
	r, _ := p.current()
	return ui.CopyText(r.name, r.value)
}

// set changes a header, or says why it cannot be sent like this: with it no
// request could be signed, nor its headers be shown to fix it.
func (p *Pane) set(name, value string) (tea.Cmd, error) {
	field := apiclient.Field{Name: name, Value: value}
	if err := apiclient.CheckField(field); err != nil {
		return nil, err
	}
	p.forget(name)
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

func (p *Pane) toggleOmit() tea.Cmd {
	r, _ := p.current()
	was := p.omitted(r.name)
	p.forget(r.name)
	if !was {
		p.omit = append(p.omit, r.name)
	}
	return ui.Emit(Changed{})
}

// forget takes back what was changed of a header.
func (p *Pane) forget(name string) {
	p.omit = slices.DeleteFunc(p.omit, func(s string) bool { return strings.EqualFold(s, name) })
	p.override = slices.DeleteFunc(p.override, func(f apiclient.Field) bool { return strings.EqualFold(f.Name, name) })
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

// Targets are the headers on the screen.
func (p *Pane) Targets() []ui.Target {
	return p.list.Targets(len(p.banner()), func() tea.Cmd { return nil })
}
