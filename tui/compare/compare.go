// Package compare is the pane that lays two runs side by side: request,
// headers, the strings that were signed, and response, byte for byte.
package compare

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/compare"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Left closes the pane; a comparison that is not done is given up.
type Left struct{}

// tab is a group by name.
type tab struct {
	group compare.Group
	name  string
	short string // for a narrow screen
	open  keymap.ID
	opens string // what that does
}

var tabs = []tab{
	{compare.Request, "Request", "Request", "compare.request", "Compare the requests: line and body"},
	{compare.Headers, "Headers", "Headers", "compare.headers", "Compare the headers of the requests"},
	{compare.Canonical, "Canonical string", "String", "compare.canonical", "Compare the strings that were signed"},
	{compare.Response, "Response", "Answer", "compare.response", "Compare the responses: line, headers and body"},
}

// Pane is the comparison.
type Pane struct {
	theme   *ui.Theme
	tab     int
	folded  bool
	now     func() time.Time
	load    Load
	masking Masking
	job     ui.Job
	reading *Reading
	err     error
	views   []*diff // one for each tab, so that each keeps its place
	w, h    int
}

// New makes an empty pane.
func New(theme *ui.Theme, now func() time.Time) *Pane { return &Pane{theme: theme, now: now} }

// Load loads the two sides of a comparison, and says why these where the person
// did not choose both.
type Load func(ctx context.Context) (a, b Side, why string, err error)

// compared is the answer of a comparison.
type compared struct {
	seq     int
	reading *Reading
	err     error
}

// Open has two sides compared; a group is shown first.
func (p *Pane) Open(g compare.Group, load Load) tea.Cmd {
	job := p.job
	ctx, seq := job.Start(p.now())
	*p = Pane{theme: p.theme, now: p.now, job: job, folded: p.folded, w: p.w, h: p.h, load: load, masking: p.masking}
	masking := p.masking
	p.tab = max(0, slices.IndexFunc(tabs, func(t tab) bool { return t.group == g }))
	return func() tea.Msg {
		x, y, why, err := load(ctx)
		if err != nil {
			return compared{seq: seq, err: err}
		}
		reading, err := Read(ctx, x, y, why, masking)
		return compared{seq: seq, reading: reading, err: err}
	}
}

// SetMasking sets what is masked in comparisons from now on. Again has the one that
// is open made so.
func (p *Pane) SetMasking(m Masking) { p.masking = m }

// Again makes the open comparison once more.
func (p *Pane) Again() tea.Cmd {
	if p.load == nil {
		return nil
	}
	load := p.load
	if r := p.reading; r != nil {
		load = func(context.Context) (Side, Side, string, error) { return r.A, r.B, r.Why, nil }
	}
	return p.Open(tabs[p.tab].group, load)
}

// Update takes the answer of a comparison.
func (p *Pane) Update(msg tea.Msg) tea.Cmd {
	if msg, ok := msg.(compared); ok && p.job.Ends(msg.seq) {
		if p.err = msg.err; p.err == nil {
			p.show(msg.reading)
		}
	}
	return nil
}

// Comparing reports whether a comparison is being made.
func (p *Pane) Comparing() bool { return p.job.Running() }

// Tick turns the spinner.
func (p *Pane) Tick(now time.Time) { p.job.Tick(now) }

// Leave returns up a comparison that nobody waits for any more.
func (p *Pane) Leave() { p.job.Drop() }

// show shows a comparison, each tab from its first difference.
func (p *Pane) show(r *Reading) {
	p.reading = r
	p.views = p.views[:0]
	for _, t := range tabs {
		v := newDiff(p.theme)
		v.SetFolded(p.folded)
		v.Resize(p.w, p.room())
		v.SetSections(r.sections[t.group])
		v.First()
		p.views = append(p.views, v)
	}
}

// Title says what is compared.
func (p *Pane) Title() string { return "Compare" }

// TitleRight says at which difference one is.
func (p *Pane) TitleRight() string {
	v := p.view()
	if v == nil {
		return ""
	}
	at, n := v.Place()
	text := fmt.Sprintf("difference %d of %d", at, n)
	if n == 0 {
		text = "no difference"
	}
	if !v.Fits() {
		text += fmt.Sprintf(" · %d%%", v.Percent())
	}
	return text
}

// head is how many rows stand above the view: the names of both sides, why
// these, and the tabs with a blank row.
func (p *Pane) head() int {
	n := 4
	if p.reading != nil && p.reading.Why != "" {
		n++
	}
	return n
}

func (p *Pane) room() int { return max(0, p.h-p.head()) }

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	p.w, p.h = w, h
	for _, v := range p.views {
		v.Resize(w, p.room())
	}
}

// view is that of the open tab; nil before there is one.
func (p *Pane) view() *diff {
	if p.reading == nil || p.tab >= len(p.views) {
		return nil
	}
	return p.views[p.tab]
}

// Actions are what can be done in a comparison.
func (p *Pane) Actions() keymap.Actions {
	on := keymap.On
	return keymap.In(keymap.Compare, keymap.Actions{
		{ID: "compare.next", Keys: on("n"), Short: "next difference", Footer: 15, Long: "Go to the next difference",
			Do: ui.Just(func() { p.view().Step(1) }), Cannot: p.noDifference},
		{ID: "compare.previous", Keys: on("N"), Long: "Go to the difference before",
			Do: ui.Just(func() { p.view().Step(-1) }), Cannot: p.noDifference},
		{ID: "compare.tab-next", Keys: on("right", "l"), Short: "next part", Footer: 16,
			Long: "Go to the next part: request, headers, canonical string, response (tab does so too)",
			Do:   p.turn(1), Cannot: p.noView},
		{ID: "compare.tab-previous", Keys: on("left", "h"), Long: "Go to the part before", Do: p.turn(-1), Cannot: p.noView},
		{ID: "compare.fold", Keys: on("f"), Short: "fold", Now: p.foldWord, Footer: 17,
			Long: "Show only the differences with a little around them, or everything", Do: ui.Just(p.fold), Cannot: p.noView},
		{ID: "compare.swap", Keys: on("s"), Short: "swap", Footer: 18, Long: "Swap the sides",
			Do: ui.Just(func() { p.show(p.reading.swapped()) }), Cannot: p.noView},
		{ID: keymap.Copy, Short: "copy diff", Do: p.copyText, Cannot: p.noView},
		{ID: keymap.Cancel, Do: func() tea.Cmd { return ui.Emit(Left{}) }},
		{ID: keymap.Next, Do: p.turn(1)},
		{ID: keymap.Previous, Do: p.turn(-1)},
	}, p.tabActions().Unless(p.noView), ui.Scrolls(keymap.Compare, "Scroll", p.move).Unless(p.noView))
}

func (p *Pane) move(m ui.Move) tea.Cmd {
	p.view().Go(m)
	return nil
}

// tabActions open the parts by their numbers.
func (p *Pane) tabActions() (rows keymap.Actions) {
	for i, t := range tabs {
		rows = append(rows, keymap.Action{ID: t.open, Keys: keymap.On(strconv.Itoa(i + 1)), Long: t.opens,
			Do: ui.Just(func() { p.tab = i })})
	}
	return rows
}

// noView returns why there is nothing to look at.
func (p *Pane) noView() string {
	switch {
	case p.view() != nil:
		return ""
	case p.err != nil:
		return p.theme.Words("There is no comparison: {cancel} leaves")
	}
	return p.theme.Words("Still comparing: {cancel} gives up")
}

func (p *Pane) noDifference() string {
	if why := p.noView(); why != "" {
		return why
	}
	if _, n := p.view().Place(); n == 0 {
		return "There is no difference in this part"
	}
	return ""
}

func (p *Pane) turn(by int) func() tea.Cmd {
	return ui.Just(func() { p.tab = (p.tab + len(tabs) + by) % len(tabs) })
}

func (p *Pane) fold() {
	p.folded = !p.folded
	for _, v := range p.views {
		v.SetFolded(p.folded)
	}
}

func (p *Pane) foldWord() string {
	if p.folded {
		return "show all"
	}
	return "fold"
}

// copyText hands over the whole comparison as unified text; making it is the
// command's work.
func (p *Pane) copyText() tea.Cmd {
	r := p.reading
	return func() tea.Msg {
		text := r.Unified()
		if text == "" {
			return ui.Told{Text: "There is nothing to copy: both are the same"}
		}
		return ui.Copied{Text: text, What: "differences"}
	}
}

// Click opens a tab.
func (p *Pane) Click(x, y int) tea.Cmd {
	if y == p.head()-2 {
		if i, ok := ui.TabAt(p.tabNames(), x-1); ok {
			p.tab = i
		}
	}
	return nil
}

// Wheel scrolls.
func (p *Pane) Wheel(lines int) tea.Cmd {
	if v := p.view(); v != nil {
		v.ScrollBy(lines)
	}
	return nil
}
