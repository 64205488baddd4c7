package tui

import (
	"fmt"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/headers"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// tamperBox chooses the ways to make a request wrong. Each choice counts at
// once: the signature behind the box follows.
type tamperBox struct {
	box
	asked  headers.TamperAsked
	rows   []tamperRow
	list   ui.List
	chosen []string
	bottom int // rows of explanation
	send   keymap.Action
	do     func(keymap.Action) tea.Cmd
}

// tamperRow is a tamper, or the heading of those that set in at one place.
type tamperRow struct {
	tamper  apiclient.Tamper
	heading string
	cannot  string // why it would tamper nothing here
}

// tamperHeadings say in words where a request can be made wrong.
var tamperHeadings = map[apiclient.Where]string{
	apiclient.InHeader: "Headers: sent wrong, and signed so", apiclient.InString: "String: what is signed is not what is sent",
	apiclient.InSignature: "Signature: wrong key, hash or padding", apiclient.InValue: "Signature header: right signature, written wrong",
	apiclient.InBody: "Body: changed after it was signed",
}

// tamperOrder is the order of the places: first what breaks a signature, which
// is what most come for, and of that what a diagnosis proves.
var tamperOrder = []apiclient.Where{apiclient.InString, apiclient.InSignature, apiclient.InHeader, apiclient.InValue, apiclient.InBody}

func newTamperBox(a *App, asked headers.TamperAsked) *tamperBox {
	b := &tamperBox{box: box{theme: a.theme}, asked: asked, chosen: asked.Chosen, do: a.do}
	b.send, _ = a.keys.Get(keymap.Send)
	var profile apiclient.Profile
	if a.services != nil {
		profile = a.services.Client.Profile()
	}
	all := apiclient.Tampers()
	slices.SortStableFunc(all, func(s, t apiclient.Tamper) int {
		return slices.Index(tamperOrder, s.Where) - slices.Index(tamperOrder, t.Where)
	})
	for i, s := range all {
		if i == 0 || s.Where != b.rows[len(b.rows)-1].tamper.Where {
			b.rows = append(b.rows, tamperRow{heading: tamperHeadings[s.Where], tamper: apiclient.Tamper{Where: s.Where}})
		}
		b.rows = append(b.rows, tamperRow{tamper: s.Called(profile.HeaderNames), cannot: s.Cannot(profile)})
	}
	b.list.Len = len(b.rows)
	b.list.Heading = func(i int) bool { return b.rows[i].heading != "" }
	b.list.Move(0)
	return b
}

func (b *tamperBox) resize(w, h int) {
	b.within(w, h, 96, len(b.rows)+2+tamperExplains+1)
	b.bottom = tamperExplains
	if b.h < 14 {
		b.bottom = 2
	}
	b.list.Height = max(1, b.h-2-b.bottom-1)
	b.list.To(b.list.Cursor)
}

// tamperExplains is how many rows explain the tamper under the cursor.
const tamperExplains = 4

func (b *tamperBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if key.Matches(msg, b.send.Keys) {
		return b.do(b.send), true
	}
	does := b.motion(msg, false)
	switch {
	case b.list.Act(does):
		return nil, false
	case does == keymap.ListsTick, msg.String() == "enter":
		return b.toggle(), false
	case does == keymap.ListsClear:
		b.chosen = nil
		return b.asked.Done(nil), false
	}
	return nil, b.leaves(msg, "headers.tamper", false)
}

// toggle chooses the tamper under the cursor, or leaves it out; what it excludes
// is left out with it.
func (b *tamperBox) toggle() tea.Cmd {
	r := b.rows[b.list.Cursor]
	if r.heading != "" || r.cannot != "" {
		return nil
	}
	if slices.Contains(b.chosen, r.tamper.Name) {
		b.chosen = slices.DeleteFunc(slices.Clone(b.chosen), func(name string) bool { return name == r.tamper.Name })
		return b.asked.Done(b.chosen)
	}
	b.chosen = slices.DeleteFunc(slices.Clone(b.chosen), func(name string) bool { return r.tamper.Excludes(apiclient.TamperOf(name)) })
	b.chosen = append(b.chosen, r.tamper.Name)
	return b.asked.Done(b.chosen)
}

func (b *tamperBox) mouse(msg tea.MouseMsg) tea.Cmd {
	b.list.Wheel(msg)
	return nil
}

// click chooses the tamper under the mouse, or leaves it out.
func (b *tamperBox) click(_, y int) (tea.Cmd, bool) {
	if i := b.list.Offset + y; i >= len(b.rows) || b.rows[i].heading != "" || !b.list.Click(y) {
		return nil, false
	}
	return b.toggle(), false
}

func (b *tamperBox) keys() string {
	return b.theme.Words("{lists.up}{lists.down} · {lists.tick} chooses · {lists.clear} undoes all · {send} sends · {cancel} closes")
}

func (b *tamperBox) typing() bool { return false }

func (b *tamperBox) view() string {
	lines := append(b.above(&b.list, b.line), b.explain()...)
	title := "Tamper with the request on purpose, to test the other side"
	if n := len(b.chosen); n > 0 {
		title = fmt.Sprintf("Tamper on purpose · %d chosen", n)
	}
	return b.frame(title, b.place()+b.theme.Words(" · {lists.tick} chooses · {lists.clear} undoes all · {cancel} closes"), lines)
}

// place says which of how many tampers the cursor is on: the list is longer than
// most screens.
func (b *tamperBox) place() string {
	at, all := 0, 0
	for i, r := range b.rows {
		if r.heading == "" {
			if all++; i <= b.list.Cursor {
				at++
			}
		}
	}
	return fmt.Sprintf("%d of %d", at, all)
}

func (b *tamperBox) explain() []string {
	r := b.rows[b.list.Cursor]
	text := r.tamper.Says + " Expected: " + r.tamper.Expect
	if r.cannot != "" {
		text = "Not here: " + r.cannot + ". " + r.tamper.Says
	}
	var lines []string
	for _, l := range ui.AtMost(ui.Words(ui.Safe(text), max(1, b.w-4)), b.bottom, max(1, b.w-4)) {
		lines = append(lines, " "+b.theme.Text.Render(l))
	}
	return lines
}

func (b *tamperBox) line(i int) string {
	r, w := b.rows[i], b.w-2
	if r.heading != "" {
		return " " + b.theme.Title.Render(ui.Truncate(r.heading, max(0, w-1)))
	}
	sign, style := "○ ", b.theme.Text
	switch {
	case slices.Contains(b.chosen, r.tamper.Name):
		sign, style = "● ", b.theme.Warn
	case r.cannot != "":
		sign, style = "– ", b.theme.Muted
	}
	name := "  " + r.tamper.Name + " "
	if w < 3+ui.Width(sign)+ui.Width(r.tamper.Title)+ui.Width(name) {
		name = ""
	}
	room := max(0, w-3-ui.Width(sign)-ui.Width(name))
	title := ui.Fit(ui.Truncate(r.tamper.Title, room), room)
	if i == b.list.Cursor {
		return b.theme.Selection.Render("   " + sign + title + name)
	}
	return "   " + style.Render(sign+title) + b.theme.Muted.Render(name)
}
