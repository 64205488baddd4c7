package tui

import (
	"regexp"
	"strings"

	"countersign/apiclient"
	"countersign/tui/layout"
	"countersign/tui/ui"
)

// status is what the status line says.
type status struct {
	text  string
	tone  tone
	stays bool // the next action does not clear it
}

type tone int

const (
	neutral tone = iota
	good
	warn
	bad
)

// say says something until the next action.
func (a *App) say(text string, t tone) { a.status = status{text: text, tone: t} }

// sum says how an exchange ended, until something else is worth saying.
func (a *App) sum(text string, t tone) { a.status = status{text: text, tone: t, stays: true} }

// ended is how an exchange ended, as the status line says it.
type ended struct {
	of     *apiclient.Exchange
	status status
}

// conclude says how the exchange on the screen ended. What is said of a key
// later only covers it.
func (a *App) conclude(text string, t tone) {
	a.sum(text, t)
	a.desk.ended = ended{a.desk.shown, a.status}
}

// hush takes away what was said of the last key. How the exchange on the screen
// ended stands there again, while it is on the screen.
func (a *App) hush() {
	e := a.desk.ended
	if e.of == nil || e.of != a.desk.shown {
		a.say("", neutral)
		return
	}
	a.status = e.status
	if a.desk.live() && a.status.tone == good {
		a.status.tone = neutral
	}
}

// explains is the way to learn more about an outcome, at the end of a status.
const explains = " · {diagnose} explains"

// outcome sums up an exchange for the status line, with the way to learn more.
func outcome(e apiclient.Exchange) string {
	text := apiclient.Summary(e)
	if _, bad := unverified(&e); bad {
		text += explains
	}
	return text
}

// toneOf colours a summary: only an exchange that worked and verified both
// ways is good.
func toneOf(e apiclient.Exchange) tone {
	switch {
	case e.Err != "" || e.Response == nil:
		return bad
	case e.Reaction() == apiclient.Refused:
		return neutral // it is what was wanted, and no success either
	case !e.Sides().Verified():
		return bad
	case e.Result.Status == "S" || e.Result.Status == "A":
		return good
	default:
		return warn
	}
}

// statusLine says what is happening, or how the last thing ended.
func (a *App) statusLine(w int) string {
	if a.flight.job.Running() {
		return ui.Fit(" "+a.theme.Info.Render(a.flight.words(a.theme.Words("{cancel} cancels"))), w)
	}
	style := map[tone]ui.Style{neutral: a.theme.Muted, good: a.theme.Good, warn: a.theme.Warn, bad: a.theme.Bad}[a.status.tone]
	glyph := map[tone]string{neutral: " ", good: "✓", warn: "!", bad: "✗"}[a.status.tone]
	text := a.status.text
	if text == "" {
		glyph = " "
	}
	text, explained := strings.CutSuffix(text, explains)
	text = ui.Safe(text)
	more := ""
	if explained && !layout.Covers(a.focus) {
		more = a.theme.Words(explains)
	}
	short := shortened(text, w-3-ui.Width(more), false)
	if more == "" || ui.Width(short+more) > w-3 {
		short = shortened(text, w-3, true)
	}
	if ui.Width(short+more) <= w-3 {
		short += more // else the footer says so
	}
	text = short
	if a.status.tone == bad && ui.Width(text) > w-3 {
		text = causeOf(text, w-3)
	}
	return ui.Fit(" "+style.Render(glyph+" "+text), w)
}

// causeOf leaves out the middle of a long chain of reasons: what failed comes
// first in it, and why at last.
func causeOf(text string, w int) string {
	links := strings.Split(text, ": ")
	for last := 2; last < len(links); last++ {
		if short := links[0] + ": …: " + strings.Join(links[last:], ": "); ui.Width(short) <= w {
			return short
		}
	}
	return text
}

// shortened says a status in fewer words until it fits into a width: with those
// of shorter that lose little, or with all.
func shortened(text string, w int, all bool) string {
	for _, s := range shorter {
		if ui.Width(text) > w && (all || s.little) {
			text = s.what.ReplaceAllString(text, s.by)
		}
	}
	return text
}

// shorter is what a narrow screen says in fewer words, or can do without, in
// this order: how long an exchange took and what was tampered, which stands above
// too; never how the other side took it, nor what verified.
var shorter = []struct {
	what   *regexp.Regexp
	by     string
	little bool // is lost: the key that explains is worth more
}{
	{regexp.MustCompile(` · [0-9.]+ m?s$`), "", true},
	{regexp.MustCompile(` · tampered on purpose: [^·]*?, (refused|and ACCEPTED|not known)`), " · tampered, $1", false},
	{regexp.MustCompile(` · (request|response) (?:signed with the |signed with an |signature )`), " · $1 ", false},
	{regexp.MustCompile(` · request verified · response verified`), " · both verified", false},
	{regexp.MustCompile(`tampered, refused as it should be`), "tampered, refused", true},
	{regexp.MustCompile(`, refused by the other side\b`), ", refused", true},
	{regexp.MustCompile(` · response verified$`), "", false}, // the request's is bad: that is the news
	{regexp.MustCompile(`\b200 · `), "", true},
	{regexp.MustCompile(`signed with our key, refused\b`), "verifies here, refused", true},
	{regexp.MustCompile(`( · tampered, refused) · request .*$`), "$1", false},
	{regexp.MustCompile(`^[0-9:]{8} · `), "", false}, // of a saved run: its title has it
}
