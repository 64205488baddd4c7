package response

import (
	"strings"
	"time"

	"countersign/tui/ui/viewer"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// liveFilter is the size of a body up to which a filter runs as one types it;
// for larger ones enter runs it.
const liveFilter = 256 << 10

// filter is the jq filter of the body: a line to type, and what it gives.
type filter struct {
	open   bool
	input  *ui.Input
	viewer *viewer.Viewer // the result
	job    ui.Job         // the run under way
	last   filtered
	fresh  bool // last is the output of the input's filter for this body
}

// filteredBody is the answer of a run.
type filteredBody struct {
	seq int
	filtered
}

func newFilter(theme *ui.Theme) filter {
	f := filter{input: ui.NewInput(theme), viewer: viewer.New(theme)}
	f.input.Placeholder = ".result, .items[].id, map(select(.ok)) …"
	f.viewer.SetFolding(true)
	return f
}

// filtering reports that the result of the filter is on the screen.
func (p *Pane) filtering() bool { return p.filter.open && p.tab == bodyTab }

// openFilter returns the filter's line to the person.
func (p *Pane) openFilter() tea.Cmd {
	var cmd tea.Cmd
	if p.tab != bodyTab {
		cmd = p.open(bodyTab)
	}
	p.endTyping()
	p.filter.open = true
	p.filter.input.Focus()
	p.fit()
	return tea.Batch(cmd, p.runFilter(false))
}

// closeFilter goes back to the body alone.
func (p *Pane) closeFilter() {
	p.filter.job.Drop()
	p.filter.open, p.filter.fresh = false, false
	p.filter.viewer.SetContent(nil, viewer.JSON)
	p.filter.input.Blur()
	p.fit()
}

// runFilter runs the filter as it stands; of a large body only where that was
// asked for.
func (p *Pane) runFilter(asked bool) tea.Cmd {
	f := &p.filter
	f.job.Drop()
	f.fresh = false
	query := strings.TrimSpace(f.input.Value())
	if !p.filtering() || p.answer() == nil || query == "" {
		f.viewer.SetContent(nil, viewer.JSON)
		return nil
	}
	response := p.exchange.Response
	if len(response.Content()) > liveFilter && !asked {
		return nil
	}
	ctx, seq := f.job.Start(time.Time{})
	return func() tea.Msg {
		return filteredBody{seq, jqUsual.jq(ctx, query, apiclient.ValuesOf(response).JSON)}
	}
}

// takeFiltered shows what a run gave. While the filter is not complete, what
// the last one gave stays.
func (p *Pane) takeFiltered(m filteredBody) tea.Cmd {
	f := &p.filter
	if !f.job.Ends(m.seq) {
		return nil
	}
	f.last, f.fresh = m.filtered, true
	if m.err != "" && m.results == 0 {
		return nil
	}
	f.viewer.SetContent(m.text, viewer.JSON)
	if q := p.search.Value(); q != "" {
		f.viewer.Search(q)
	}
	return f.viewer.Work()
}

// filterLine is the line to type, and how the run stands.
func (p *Pane) filterLine() string {
	words, style := p.filterWords()
	return p.asked("| ", p.filter.input, ui.Truncate(ui.Safe(words), p.w/2), style)
}

// asked is a line to type in, with what is said of it at its end.
func (p *Pane) asked(sign string, in *ui.Input, words string, style ui.Style) string {
	in.Resize(p.w - ui.Width(words) - 3)
	return ui.Fit(p.theme.Accent.Render(sign)+in.View(), p.w-ui.Width(words)-1) + " " + style.Render(words)
}

// filterWords says how the run stands.
func (p *Pane) filterWords() (string, ui.Style) {
	f := &p.filter
	muted := p.theme.Muted
	switch {
	case strings.TrimSpace(f.input.Value()) == "":
		return "jq: type a filter", muted
	case f.job.Running():
		return p.theme.Words("running… {cancel} stops it"), p.theme.Info
	case !f.fresh:
		return "enter runs it", muted
	case f.last.err != "":
		return "✗ " + f.last.err, p.theme.Bad
	case f.last.note != "":
		return "! " + f.last.note, p.theme.Warn
	}
	return ui.Count(f.last.results, "result"), muted
}

// besideFrom is the width from which body and result stand side by side.
const besideFrom = 80

// resultWidth returns the cells of the result, and of the body left of it.
func (p *Pane) resultWidth() (body, result int) {
	if !p.filtering() {
		return p.w, 0
	}
	if p.w < besideFrom {
		return 0, p.w
	}
	result = (p.w - 1) / 2
	return p.w - 1 - result, result
}

// shown is the viewer that keys move: the result's while there is a filter.
func (p *Pane) shown() *viewer.Viewer {
	if p.filtering() {
		return p.filter.viewer
	}
	return p.viewer
}

// contentLines draws the body, the result, or one beside the other.
func (p *Pane) contentLines() []string {
	body, result := p.resultWidth()
	switch {
	case result == 0:
		return strings.Split(p.viewer.View(), "\n")
	case body == 0:
		return strings.Split(p.filter.viewer.View(), "\n")
	}
	left, right := strings.Split(p.viewer.View(), "\n"), strings.Split(p.filter.viewer.View(), "\n")
	edge := p.theme.Faint.Render("│")
	for i := range left {
		left[i] += edge + right[i]
	}
	return left
}
