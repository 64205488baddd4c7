// Package status is the status line: what is happening, or how the last thing
// ended, in as many words as fit.
package status

import (
	"strings"
	"sync"

	"countersign/apiclient"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/signing"
	"countersign/tui/ui"
)

// Tone colours what is said.
type Tone int

// Tones.
const (
	Neutral Tone = iota
	Good
	Warn
	Bad
)

// Line is the status line.
type Line struct {
	text  string
	tone  Tone
	stays bool // the next action does not clear it
	ended *ended
}

// ended is how an exchange ended, as the line said it.
type ended struct {
	of   *apiclient.Exchange
	text string
	tone Tone
}

// Set says something until the next action.
func (l *Line) Set(text string, t Tone) { l.text, l.tone, l.stays = text, t, false }

// Keep says something until something else is worth saying.
func (l *Line) Keep(text string, t Tone) { l.text, l.tone, l.stays = text, t, true }

// Stays reports whether what is said is kept.
func (l *Line) Stays() bool { return l.stays }

// SetOutcome says how an exchange ended, with words in front. What is said of a
// key later only covers it.
func (l *Line) SetOutcome(front string, e *apiclient.Exchange) {
	text, tone := front+apiclient.Summary(*e), ToneOf(*e)
	if _, some := Unverified(e); some {
		text += explains
	}
	l.Keep(text, tone)
	l.ended = &ended{e, text, tone}
}

// Clear takes away what was said of the last key. How the exchange on the screen
// ended stands there again; edited says that the draft beside it has changed.
func (l *Line) Clear(shown *apiclient.Exchange, edited bool) {
	if l.ended == nil || l.ended.of != shown {
		l.Set("", Neutral)
		return
	}
	l.Keep(l.ended.text, l.ended.tone)
	if edited {
		l.Edited()
	}
}

// Edited says that the draft changed: what went well is no longer said of it.
func (l *Line) Edited() {
	if l.tone == Good {
		l.tone = Neutral
	}
}

// Unverified reports which side of an exchange decides on its verdict, and
// whether there is something to explain: a signature that does not verify, or
// that the other side refused.
func Unverified(e *apiclient.Exchange) (apiclient.Side, bool) {
	if e == nil {
		return "", false
	}
	sides := e.Sides()
	bad := e.Response != nil && sides.Response.Status != signing.Verified ||
		sides.Request.Status != "" && sides.Request.Status != signing.Verified
	return sides.Decides(), bad
}

// ToneOf colours a summary: only an exchange that worked and verified both
// ways is good.
func ToneOf(e apiclient.Exchange) Tone {
	switch {
	case e.Err != "" || e.Response == nil:
		return Bad
	case e.Reaction() == apiclient.Refused:
		return Neutral // it is what was wanted, and no success either
	case !e.Sides().Verified():
		return Bad
	case e.Result.Status == "S" || e.Result.Status == "A":
		return Good
	default:
		return Warn
	}
}

// explains is the way to learn more about an outcome, at the end of a status.
const explains = " · {diagnose} explains"

// View draws the line. explain says whether the key that explains can be named.
func (l *Line) View(theme *ui.Theme, w int, explain bool) string {
	style := map[Tone]ui.Style{Neutral: theme.Muted, Good: theme.Good, Warn: theme.Warn, Bad: theme.Bad}[l.tone]
	glyph := map[Tone]string{Neutral: " ", Good: "✓", Warn: "!", Bad: "✗"}[l.tone]
	if l.text == "" {
		glyph = " "
	}
	text, explained := strings.CutSuffix(l.text, explains)
	text = ui.Safe(text)
	more := ""
	if explained && explain {
		more = theme.Words(explains)
	}
	short := shortened(text, w-3-ui.Width(more), false)
	if more == "" || ui.Width(short+more) > w-3 {
		short = shortened(text, w-3, true)
	}
	if ui.Width(short+more) <= w-3 {
		short += more // else the footer says so
	}
	if l.tone == Bad && ui.Width(short) > w-3 {
		short = causeOf(short, w-3)
	}
	return ui.Fit(" "+style.Render(glyph+" "+short), w)
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
	for _, s := range shorter() {
		if ui.Width(text) > w && (all || s.little) {
			text = s.what.ReplaceAllString(text, s.by)
		}
	}
	return text
}

// wording is what can be said in fewer words.
type wording struct {
	what   *lazyregexp.Regexp
	by     string
	little bool // is lost: the key that explains is worth more
}

// shorter is what a narrow screen says in fewer words, or can do without, in
// this order: how long an exchange took and what was tampered, which stands above
// too; never how the other side took it, nor what verified.
var shorter = sync.OnceValue(func() []wording {
	return []wording{
		{lazyregexp.New(` · [0-9.]+ m?s$`), "", true},
		{lazyregexp.New(` · tampered on purpose: [^·]*?, (refused|and ACCEPTED|not known)`), " · tampered, $1", false},
		{lazyregexp.New(` · (request|response) (?:signed with the |signed with an |signature )`), " · $1 ", false},
		{lazyregexp.New(` · request verified · response verified`), " · both verified", false},
		{lazyregexp.New(`tampered, refused as it should be`), "tampered, refused", true},
		{lazyregexp.New(`, refused by the other side\b`), ", refused", true},
		{lazyregexp.New(` · response verified$`), "", false}, // the request's is bad: that matters more
		{lazyregexp.New(`\b200 · `), "", true},
		{lazyregexp.New(`signed with our key, refused\b`), "verifies here, refused", true},
		{lazyregexp.New(`( · tampered, refused) · request .*$`), "$1", false},
		{lazyregexp.New(`^[0-9:]{8} · `), "", false}, // of a saved run: its title has it
		{lazyregexp.New(` · open it in a browser$`), "", true},
		{lazyregexp.New(`^(Evidence page) with secrets masked:`), "$1:", false},
		{lazyregexp.New(`: until theme under \[ui\] changes in .*$`), "", true},
	}
})
