package traffic

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/hint"
	"countersign/apiclient/watch"
	"countersign/tui/ui"
)

// post is a capture or a listen that was started.
type post struct {
	seq      int
	wish     Wish
	feed     *feed
	running  *watch.Running // nil: it is not up yet
	setUp    watch.SetUp
	counts   watch.Counts
	turned   int // clients that came to no request
	stopping bool
	rung     time.Time // when a failing one was told last
}

func (p *post) name() string { return string(p.wish.Kind) }

// Pace is the least time between two looks at what passed, however much
// does; ringPace that between two of its failures in the status line.
const (
	Pace     = 250 * time.Millisecond
	ringPace = 10 * time.Second
)

// feed holds what a post tells: its goroutine fills it, a command reads it, and what
// comes faster than that is read together.
type feed struct {
	wake chan struct{}

	mu     sync.Mutex
	failed string // the newest failure that was not told yet
	turned int    // clients that came to no request
	whys   []string
	told   map[string]bool // of whys: each is told once
}

// mostWhys bounds the reasons that are told of clients that come to no request.
const mostWhys = 20

func newFeed() *feed { return &feed{wake: make(chan struct{}, 1), told: map[string]bool{}} }

func (f *feed) tell(s watch.Seen) {
	if sides := s.Sides(); sides.Request.Failed() || sides.Response.Failed() {
		f.mu.Lock()
		f.failed = failureOf(s)
		f.mu.Unlock()
	}
	f.nudge()
}

// turnAway takes why a client came to no request.
func (f *feed) turnAway(err error) {
	f.mu.Lock()
	f.turned++
	if why := hint.Sentence(err); !f.told[why] && len(f.told) < mostWhys {
		f.told[why] = true
		f.whys = append(f.whys, why)
	}
	f.mu.Unlock()
	f.nudge()
}

func (f *feed) nudge() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// failureOf says in a line what does not verify, and why where that is known.
func failureOf(s watch.Seen) string {
	side := s.Sides().Decides()
	verdict := s.SentVerdict
	if side == apiclient.ResponseSide {
		verdict = s.Received
	}
	why := verdict.Reason
	if s.Report != nil {
		i := slices.IndexFunc(s.Report.Findings, func(f diagnose.Finding) bool { return f.Family != diagnose.FamilyWarning })
		if i >= 0 {
			why = s.Report.Findings[i].Says
		}
	}
	for _, f := range s.Findings {
		if f.Cause == apiclient.PathMapped {
			why = f.Says
		}
	}
	path, _, _ := strings.Cut(s.Request.Path(), "?")
	return fmt.Sprintf("%s · %s %s · %s", path[strings.LastIndexByte(path, '/')+1:], side, s.Sides().Of(side).Status, why)
}

// news returns what has passed since the last call.
func (p *post) news() passed {
	p.feed.mu.Lock()
	msg := passed{seq: p.seq, counts: p.running.Counts(), failed: p.feed.failed, turned: p.feed.turned, whys: p.feed.whys}
	p.feed.failed, p.feed.whys = "", nil
	p.feed.mu.Unlock()
	select {
	case <-p.running.Done():
		msg.over = true
	default:
	}
	return msg
}

// countWords says how much passed.
func countWords(c watch.Counts) string {
	words := fmt.Sprintf("%s passed · %s failed", ui.Thousands(int(c.Passed)), ui.Thousands(int(c.Failed)))
	if c.Unsaved > 0 {
		words += fmt.Sprintf(" · %s not recorded", ui.Thousands(int(c.Unsaved)))
	}
	return words
}

func (p *post) line(theme *ui.Theme, w int) string {
	at := ui.Safe(cmp.Or(p.setUp.At, p.wish.Listen))
	_, short, _ := strings.Cut(at, "://")
	to := ui.Safe(cmp.Or(p.wish.Upstream, p.wish.ForwardTo))
	counts, style := countWords(p.counts), theme.Good
	if p.turned > 0 {
		counts += fmt.Sprintf(" · %s turned away", ui.Thousands(p.turned))
	}
	switch {
	case p.running == nil:
		counts, style = "starting…", theme.Muted
	case p.stopping:
		counts, style = "stopping…", theme.Muted
	case p.counts.Failed > 0 || p.counts.Unsaved > 0:
		style = theme.Bad
	case p.turned > 0:
		style = theme.Warn
	}
	if to != "" {
		to = " → " + to
	}
	front, tail := "● "+p.name()+" ", "   "
	place := ui.FirstFit(w-2-ui.Width(front+tail+counts), at+to, at, cmp.Or(short, at),
		at[max(0, strings.LastIndexByte(at, ':')):])
	front += place + tail
	return ui.Fit(" "+theme.Info.Render(front)+style.Render(ui.Truncate(counts, max(1, w-ui.Width(front)-2))), w)
}
