package response

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/tui/ui"
)

// remark is something that is said of an answer, and how it is drawn.
type remark = ui.Span

// ExplainAsked asks for all that is said of an answer to be shown whole.
type ExplainAsked struct{ Title, Text string }

// maxProse is how many rows are said above a body; a key shows the rest.
const maxProse = 2

// maxSaid bounds a remark, in bytes: the other side writes some of it.
const maxSaid = 2000

func safe(s string) string { return ui.SafeUpTo(s, maxSaid) }

// brief is the rows above a body: the most urgent remarks, each row filled to
// its end. Where something is left out, the last row names the key that shows it.
func (p *Pane) brief() []string {
	said := p.remarks()
	room := maxProse
	if p.h < 8 {
		room = 1
	}
	tail := ""
	if p.focus {
		tail = p.theme.Words("  {response.explain} all")
	}
	shown := min(room, len(said))
	var lines []string
	for i, r := range said[:shown] {
		rows, after := 1, ""
		if i == 0 {
			rows = room - shown + 1
		}
		if i == shown-1 {
			after = tail
		}
		lines = append(lines, p.clipped(r, rows, after, shown < len(said))...)
	}
	return lines
}

// clipped wraps a remark to a number of rows. Where it is cut, or the caller
// says that more was left out, the words in tail follow in its last row.
func (p *Pane) clipped(r remark, rows int, tail string, more bool) []string {
	words := ui.Words(ui.Truncate(r.Text, (rows+1)*p.w), p.w)
	if len(words) > rows { // the rest goes into the last row, up to its end
		words = append(words[:rows-1], strings.Join(words[rows-1:], " "))
		more = true
	}
	last := len(words) - 1
	for i, l := range words {
		after := tail
		if i < last || !more {
			after = ""
		}
		words[i] = r.Style.Render(ui.Truncate(l, p.w-ui.Width(after))) + p.theme.Key.Render(after)
	}
	return words
}

// explain asks for all of it to be shown.
func (p *Pane) explain() tea.Cmd {
	said := append(p.remarks(), p.expectations()...)
	texts := make([]string, len(said))
	for i, r := range said {
		texts[i] = r.Text
	}
	return ui.Emit(ExplainAsked{Title: "Response  " + statusWords(p.exchange.Response.Line),
		Text: strings.Join(texts, "\n\n")})
}

// result is the answer's result in words; it reports whether there is one.
func (p *Pane) result() (remark, bool) {
	r := p.exchange.Result
	style, known := map[string]ui.Style{"S": p.theme.Good, "F": p.theme.Bad, "A": p.theme.Info}[r.Status]
	if !known {
		style = p.theme.Warn
	}
	text := strings.TrimSpace(r.Status + " " + r.Code + "  " + r.Message)
	if len(p.exchange.Tampered) > 0 && !p.exchange.Received.OK() { // what says so at length may be hidden
		text = "✗ not verified · " + text
	}
	return style.On(safe(text)), r != (apiclient.Result{})
}

// remarks are all that is said of an answer, the most urgent first: what failed,
// its result, how a tampered request was taken, that it must not be relied on,
// what is wrong with it, what the result means and what to do next.
func (p *Pane) remarks() []remark {
	e := p.exchange
	var said []remark
	if e.Err != "" {
		said = append(said, p.theme.Bad.On("✗ "+safe(e.Err)))
	}
	if e.Err != "" && e.Hint != "" {
		said = append(said, p.theme.Muted.On(safe(capital(e.Hint))))
	}
	if result, ok := p.result(); ok && e.Response != nil {
		said = append(said, result)
	}
	said = append(said, p.tampered()...)
	if v := e.Received; e.Response != nil && !v.OK() {
		said = append(said, p.theme.Bad.On("✗ Not verified, so do not rely on it: "+safe(v.Reason)))
	}
	if e.Response == nil {
		if e.Outcome == apiclient.Unknown {
			const unknown = "The outcome is unknown: the program ended before an answer was recorded. " +
				"The request may have reached the other side: query it before you send it again."
			said = append(said, p.theme.Muted.On(unknown))
		}
		return said
	}
	said = append(said, p.faults()...)
	meaning, advice := "", ""
	switch {
	case e.Result == (apiclient.Result{}):
		meaning, advice = catalog.HTTPAdvice(e.Response.Status())
	case e.Received.OK() && !e.Response.Partial && e.Reaction() != apiclient.Refused:
		meaning, advice = p.endpoint.Advice(e.Result.Status, e.Result.Code)
	}
	if text := strings.TrimSpace(meaning + " " + advice); text != "" {
		said = append(said, p.theme.Muted.On(safe(text)))
	}
	return said
}

// tampered says how the other side took a request that was made wrong on purpose.
func (p *Pane) tampered() []remark {
	e := p.exchange
	if len(e.Tampered) == 0 {
		return nil
	}
	sign, style := "! ", p.theme.Warn
	switch e.Reaction() {
	case apiclient.Accepted:
		sign, style = "✗ ", p.theme.Bad
	case apiclient.Refused:
		sign, style = "✓ ", p.theme.Good
	}
	titles := safe(apiclient.TamperTitles(e.Tampered))
	var said []remark
	for _, f := range e.Findings {
		if f.Side == apiclient.ResponseSide && strings.HasPrefix(f.Cause, "tampered_") {
			text := strings.TrimSpace(f.Says + " " + f.Hint)
			said = append(said, style.On(sign+safe(text)+" Tampered on purpose: "+titles+"."))
		}
	}
	if said == nil {
		said = []remark{p.theme.Warn.On("● Tampered on purpose: " + titles)}
	}
	return said
}

// faults are what is wrong with the answer besides its headers, which the
// headers pane judges: a redirect, no result, a body that is not JSON.
func (p *Pane) faults() []remark {
	var said []remark
	for _, f := range p.exchange.Findings {
		if f.Side != apiclient.ResponseSide || f.AboutHeader() || strings.HasPrefix(f.Cause, "tampered_") {
			continue
		}
		text := safe(strings.TrimSpace(f.Says + " " + f.Hint))
		switch f.Severity {
		case apiclient.Problem:
			said = append(said, p.theme.Bad.On("✗ "+text))
		case apiclient.Warn:
			said = append(said, p.theme.Warn.On("! "+text))
		}
	}
	return said
}

// capital makes a sentence of a hint.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
