package box

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Tamper chooses the ways to make a request wrong. Each choice counts at
// once: the signature behind the box follows.
type Tamper struct {
	listed
	done   func(chosen []string) tea.Cmd
	Rows   []TamperRow
	Chosen []string
	bottom int // rows of explanation
	send   func() tea.Cmd
}

// TamperRow is a tamper, or the heading of those that set in at one place.
type TamperRow struct {
	Tamper  apiclient.Tamper
	Heading string
	Cannot  string // why it would tamper nothing here
}

// tamperHeadings say in words where a request can be made wrong.
var tamperHeadings = map[apiclient.Where]string{
	apiclient.InHeader:    "Headers: sent wrong, and signed so",
	apiclient.InString:    "String: what is signed is not what is sent",
	apiclient.InSignature: "Signature: wrong key, hash or padding",
	apiclient.InValue:     "Signature header: right signature, written wrong",
	apiclient.InBody:      "Body: changed after it was signed",
}

// tamperOrder is the order of the places: first what breaks a signature, which
// is what most come for, and of that what a diagnosis proves.
var tamperOrder = []apiclient.Where{apiclient.InString, apiclient.InSignature, apiclient.InHeader, apiclient.InValue,
	apiclient.InBody}

// NewTamper makes the box for requests with a profile. done takes each choice,
// send sends the request.
func NewTamper(theme *ui.Theme, profile apiclient.Profile, chosen []string, done func([]string) tea.Cmd,
	send func() tea.Cmd) *Tamper {
	b := &Tamper{listed: listed{frame: frame{theme: theme}}, Chosen: chosen, done: done, send: send}
	all := apiclient.Tampers()
	slices.SortStableFunc(all, func(s, t apiclient.Tamper) int {
		return slices.Index(tamperOrder, s.Where) - slices.Index(tamperOrder, t.Where)
	})
	for i, s := range all {
		if i == 0 || s.Where != b.Rows[len(b.Rows)-1].Tamper.Where {
			b.Rows = append(b.Rows, TamperRow{Heading: tamperHeadings[s.Where], Tamper: apiclient.Tamper{Where: s.Where}})
		}
		b.Rows = append(b.Rows, TamperRow{Tamper: s.Called(profile.HeaderNames), Cannot: s.Cannot(profile)})
	}
	b.List.Len = len(b.Rows)
	b.List.Heading = func(i int) bool { return b.Rows[i].Heading != "" }
	b.List.Move(0)
	return b
}

// Resize implements Box.
func (b *Tamper) Resize(w, h int) {
	b.within(w, h, 96, len(b.Rows)+2+tamperExplains+1)
	b.bottom = tamperExplains
	if b.h < 14 {
		b.bottom = 2
	}
	b.List.Height = max(1, b.h-2-b.bottom-1)
	b.List.To(b.List.Cursor)
}

// tamperExplains is how many rows explain the tamper under the cursor.
const tamperExplains = 4

// Key implements Box.
func (b *Tamper) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if b.theme.Keys().Has(keymap.Send, msg.String()) {
		return b.send(), true
	}
	does := b.motion(msg, false)
	switch {
	case b.List.Act(does):
		return nil, false
	case does == keymap.ListsTick, msg.String() == "enter":
		return b.toggle(), false
	case does == keymap.ListsClear:
		b.Chosen = nil
		return b.done(nil), false
	}
	return nil, b.leaves(msg, "headers.tamper", false)
}

// toggle chooses the tamper under the cursor, or leaves it out; what it excludes
// is left out with it.
func (b *Tamper) toggle() tea.Cmd {
	r := b.Rows[b.List.Cursor]
	if r.Heading != "" || r.Cannot != "" {
		return nil
	}
	if slices.Contains(b.Chosen, r.Tamper.Name) {
		b.Chosen = slices.DeleteFunc(slices.Clone(b.Chosen), func(name string) bool { return name == r.Tamper.Name })
		return b.done(b.Chosen)
	}
	b.Chosen = slices.DeleteFunc(slices.Clone(b.Chosen),
		func(name string) bool { return r.Tamper.Excludes(apiclient.TamperOf(name)) })
	b.Chosen = append(b.Chosen, r.Tamper.Name)
	return b.done(b.Chosen)
}

// Click chooses the tamper under the mouse, or leaves it out.
func (b *Tamper) Click(_, y int) (tea.Cmd, bool) {
	if i := b.List.Offset + y; i >= len(b.Rows) || b.Rows[i].Heading != "" || !b.List.Click(y) {
		return nil, false
	}
	return b.toggle(), false
}

// Keys implements Box.
func (b *Tamper) Keys() string {
	return b.theme.Words("{lists.up}{lists.down} · {lists.tick} chooses · {lists.clear} undoes all · {send} sends · " +
		"{cancel} closes")
}

// View implements Box.
func (b *Tamper) View() string {
	lines := append(b.above(b.line), b.explain()...)
	title := "Tamper with the request on purpose, to test the other side"
	if n := len(b.Chosen); n > 0 {
		title = fmt.Sprintf("Tamper on purpose · %d chosen", n)
	}
	return b.bordered(title, b.place()+b.theme.Words(" · {lists.tick} chooses · {lists.clear} undoes all · {cancel} "+
		"closes"), lines)
}

// place says which of how many tampers the cursor is on: the list is longer than
// most screens.
func (b *Tamper) place() string {
	at, all := 0, 0
	for i, r := range b.Rows {
		if r.Heading == "" {
			if all++; i <= b.List.Cursor {
				at++
			}
		}
	}
	return fmt.Sprintf("%d of %d", at, all)
}

func (b *Tamper) explain() []string {
	r := b.Rows[b.List.Cursor]
	text := r.Tamper.Says + " Expected: " + r.Tamper.Expect
	if r.Cannot != "" {
		text = "Not here: " + r.Cannot + ". " + r.Tamper.Says
	}
	var lines []string
	for _, l := range ui.AtMost(ui.Words(ui.Safe(text), max(1, b.w-4)), b.bottom, max(1, b.w-4)) {
		lines = append(lines, " "+b.theme.Text.Render(l))
	}
	return lines
}

func (b *Tamper) line(i int) string {
	r, w := b.Rows[i], b.w-2
	if r.Heading != "" {
		return " " + b.theme.Title.Render(ui.Truncate(r.Heading, max(0, w-1)))
	}
	sign, style := "○ ", b.theme.Text
	switch {
	case slices.Contains(b.Chosen, r.Tamper.Name):
		sign, style = "● ", b.theme.Warn
	case r.Cannot != "":
		sign, style = "– ", b.theme.Muted
	}
	name := "  " + r.Tamper.Name + " "
	if w < 3+ui.Width(sign)+ui.Width(r.Tamper.Title)+ui.Width(name) {
		name = ""
	}
	room := max(0, w-3-ui.Width(sign)-ui.Width(name))
	title := ui.Fit(ui.Truncate(r.Tamper.Title, room), room)
	if i == b.List.Cursor {
		return b.theme.Selection.Render("   " + sign + title + name)
	}
	return "   " + style.Render(sign+title) + b.theme.Muted.Render(name)
}
