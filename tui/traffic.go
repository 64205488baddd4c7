package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/hint"
	"countersign/apiclient/watch"
	"countersign/tui/box"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// Wish says how capture or listen is to be started.
type Wish struct {
	Kind   apiclient.Origin // FromCapture or FromListen
	Listen string           // address; port 0 takes a free one

	Upstream, StripPrefix, AddPrefix string // of capture
	Resign                           bool

	ForwardTo, Reply string // of listen
}

// Traffic starts what stands in traffic.
type Traffic interface {
	// Last returns what was wished for last, or what suits the profile.
	Last(kind apiclient.Origin) Wish
	// Start serves until Stop, and keeps the wish. tell is called with each exchange,
	// from another goroutine.
	Start(w Wish, tell func(watch.Seen)) (*watch.Running, watch.SetUp, error)
}

// traffic is what stands in traffic now: one of a kind at most.
type traffic struct {
	posts   []*post
	seq     int
	leaving bool // the explorer is left once all have stopped
}

// post is a capture or a listen that was started.
type post struct {
	seq      int
	wish     Wish
	feed     *feed
	running  *watch.Running // nil: it is not up yet
	setUp    watch.SetUp
	counts   watch.Counts
	stopping bool
	rung     time.Time // when a failing one was told last
}

func (p *post) name() string { return string(p.wish.Kind) }

// refreshPace is the least time between two looks at what passed, however much
// does; ringPace that between two of its failures in the status line.
const (
	refreshPace = 250 * time.Millisecond
	ringPace    = 10 * time.Second
)

// feed is what a post tells: it is filled by the post's goroutine and read by a
// command, and what comes faster than that comes together.
type feed struct {
	wake chan struct{}

	mu     sync.Mutex
	failed string // the newest failure that was not told yet
}

func newFeed() *feed { return &feed{wake: make(chan struct{}, 1)} }

func (f *feed) tell(s watch.Seen) {
	if sides := s.Sides(); sides.Request.Failed() || sides.Response.Failed() {
		f.mu.Lock()
		f.failed = failureOf(s)
		f.mu.Unlock()
	}
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

type (
	wished struct{ wish Wish } // the form is to be opened with it
	opened struct {            // a post is up, or is not
		seq     int
		running *watch.Running
		setUp   watch.SetUp
		err     error
	}
	passed struct { // something has
		seq    int
		counts watch.Counts
		failed string
		over   bool // nothing is served any more
	}
	stopped struct {
		seq    int
		counts watch.Counts
		err    error
	}
)

func (t *traffic) of(kind apiclient.Origin) *post {
	for _, p := range t.posts {
		if p.wish.Kind == kind {
			return p
		}
	}
	return nil
}

func (t *traffic) numbered(seq int) *post {
	for _, p := range t.posts {
		if p.seq == seq {
			return p
		}
	}
	return nil
}

func (t *traffic) remove(p *post) {
	t.posts = slices.DeleteFunc(t.posts, func(q *post) bool { return q == p })
}

// trafficCommands start and stop what stands in traffic: from the palette alone, as
// that is rare.
func (a *App) trafficCommands() []box.Command {
	command := func(word, name string, refuses func() string, run func() tea.Cmd) box.Command {
		return box.Command{Name: name, Word: word, Refused: refuses(), Run: func() tea.Cmd {
			if why := refuses(); why != "" {
				a.status.Set(why, status.Warn)
				return nil
			}
			return run()
		}}
	}
	var all []box.Command
	for _, k := range []struct {
		kind apiclient.Origin
		does string
	}{
		{apiclient.FromCapture, "watch what your backend and the Super App say to each other"},
		{apiclient.FromListen, "receive the Super App's callbacks, and check them"},
	} {
		name := string(k.kind)
		all = append(all, command(name, "Start "+name+": "+k.does, func() string { return a.cannotStart(k.kind) }, func() tea.Cmd { return a.askTraffic(k.kind) }),
			command("stop "+name, "Stop "+name, func() string { return a.cannotStop(k.kind) }, func() tea.Cmd { return a.stopPost(a.traffic.of(k.kind)) }))
	}
	return append(all, command("set-up", "Show what to change in your backend for capture and listen", a.nothingSetUp,
		func() tea.Cmd { return a.showSetUps(a.traffic.posts...) }))
}

func (a *App) cannotStart(kind apiclient.Origin) string {
	switch p := a.traffic.of(kind); {
	case a.services == nil || a.services.Traffic == nil:
		return "Still starting: a moment"
	case p != nil && p.stopping:
		return "It is still stopping"
	case p != nil:
		return "It runs already, at " + cmp.Or(p.setUp.At, p.wish.Listen)
	}
	return ""
}

func (a *App) cannotStop(kind apiclient.Origin) string {
	if p := a.traffic.of(kind); p == nil || p.running == nil || p.stopping {
		return "It does not run"
	}
	return ""
}

func (a *App) nothingSetUp() string {
	if len(a.traffic.posts) == 0 {
		return "Neither capture nor listen runs"
	}
	return ""
}

// askTraffic opens the form with what was wished for last.
func (a *App) askTraffic(kind apiclient.Origin) tea.Cmd {
	traffic := a.services.Traffic
	return func() tea.Msg { return wished{traffic.Last(kind)} }
}

func (msg wished) handle(a *App) tea.Cmd {
	if a.box == nil {
		a.openTraffic(msg.wish, nil)
	}
	return nil
}

var noYes = []string{"no", "yes"}

// openTraffic asks how to start; err is why it did not.
func (a *App) openTraffic(w Wish, err error) {
	listen := box.Field{Label: "Listen on", Value: w.Listen, Note: "Address and port; port 0 takes a free one. Beyond 127.0.0.1 others " +
		"reach it too."}
	if w.Kind == apiclient.FromListen {
		fields := []box.Field{listen,
			{Label: "Forward to", Value: w.ForwardTo, Note: "URL of your own handler, which answers. Without it, the reply below is the answer."},
			{Label: "Reply", Value: w.Reply, Note: repliesNote(), Choices: watch.ReplyNames()}}
		a.open(box.NewForm(a.theme, "Listen for callbacks", fields, err, func(v []string) (tea.Cmd, error) {
			return a.startTraffic(Wish{Kind: w.Kind, Listen: v[0], ForwardTo: v[1], Reply: v[2]}), nil
		}))
		return
	}
	resign := noYes[0]
	if w.Resign {
		resign = noYes[1]
	}
	fields := []box.Field{
		{Label: "Upstream", Value: w.Upstream, Note: "The Super App: scheme, host and, if need be, a path before all others."}, listen,
		{Label: "Strip prefix", Value: w.StripPrefix, Note: "Taken off the path on the way. The path is part of the signed string."},
		{Label: "Add prefix", Value: w.AddPrefix, Note: "Put before the path on the way. The path is part of the signed string."},
		{Label: "Sign again", Value: resign, Choices: noYes, Note: "Sign each request with this profile's key, for a backend that " +
			"cannot sign yet."},
	}
	a.open(box.NewForm(a.theme, "Capture", fields, err, func(v []string) (tea.Cmd, error) {
		return a.startTraffic(Wish{Kind: w.Kind, Upstream: v[0], Listen: v[1], StripPrefix: v[2], AddPrefix: v[3],
			Resign: v[4] == noYes[1]}), nil
	}))
}

func repliesNote() string {
	var all []string
	for _, r := range watch.Replies {
		all = append(all, r.Name+": "+r.Says)
	}
	return strings.Join(all, "; ")
}

func (a *App) startTraffic(w Wish) tea.Cmd {
	a.traffic.seq++
	p := &post{seq: a.traffic.seq, wish: w, feed: newFeed()}
	a.traffic.posts = append(a.traffic.posts, p)
	a.status.Set("Starting "+p.name()+"…", status.Neutral)
	services, seq := a.services, p.seq
	return func() tea.Msg {
		running, setUp, err := services.Traffic.Start(w, p.feed.tell)
		return opened{seq, running, setUp, err}
	}
}

// handle shows what to change elsewhere, or asks again.
func (msg opened) handle(a *App) tea.Cmd {
	p := a.traffic.numbered(msg.seq)
	if msg.err != nil {
		a.traffic.remove(p)
		a.status.Set(p.name()+" was not started: "+hint.Sentence(msg.err), status.Bad)
		if a.box == nil {
			a.openTraffic(p.wish, msg.err)
		}
		return nil
	}
	p.running, p.setUp = msg.running, msg.setUp
	if a.traffic.leaving {
		return a.stopPost(p)
	}
	a.status.Set(p.name()+" listens on "+p.setUp.At, status.Good)
	if a.box == nil {
		a.showSetUps(p)
	}
	return tea.Batch(a.panes.runs.Follow(), a.await(p))
}

// showSetUps shows what to change elsewhere.
func (a *App) showSetUps(posts ...*post) tea.Cmd {
	var text strings.Builder
	for _, p := range posts {
		fmt.Fprintf(&text, "%s listens on %s\n\n%s\n", p.name(), p.setUp.At, p.setUp.Text())
	}
	return a.openText(box.Text{Title: "Set-up: what to change in your backend", What: "set-up", Bytes: []byte(text.String()), Prose: true})
}

// await waits until something passes, and then a moment for what passes with it.
func (a *App) await(p *post) tea.Cmd {
	return a.config.After(refreshPace, func(time.Time) tea.Msg {
		select {
		case <-p.feed.wake:
		case <-p.running.Done():
		}
		return p.news()
	})
}

// news is what has passed since it was asked last.
func (p *post) news() passed {
	p.feed.mu.Lock()
	failed := p.feed.failed
	p.feed.failed = ""
	p.feed.mu.Unlock()
	msg := passed{seq: p.seq, counts: p.running.Counts(), failed: failed}
	select {
	case <-p.running.Done():
		msg.over = true
	default:
	}
	return msg
}

func (msg passed) handle(a *App) tea.Cmd {
	p := a.traffic.numbered(msg.seq)
	if p == nil {
		return nil
	}
	p.counts = msg.counts
	cmds := []tea.Cmd{a.checkHistory(false)}
	if now := a.config.Now(); msg.failed != "" && (p.rung.IsZero() || now.Sub(p.rung) >= ringPace) {
		p.rung = now
		a.status.Set(p.name()+" · "+msg.failed, status.Bad)
		cmds = append(cmds, a.ring())
	}
	switch {
	case p.stopping: // stopped will say the rest
	case msg.over:
		cmds = append(cmds, a.stopPost(p))
	default:
		cmds = append(cmds, a.await(p))
	}
	return tea.Batch(cmds...)
}

// ring sounds the terminal's bell.
func (a *App) ring() tea.Cmd {
	bell := a.config.Ring
	if bell == nil {
		return nil
	}
	return func() tea.Msg { bell(); return nil }
}

func (a *App) stopPost(p *post) tea.Cmd {
	if p.stopping || p.running == nil {
		return nil
	}
	p.stopping = true
	a.status.Set(fmt.Sprintf("Stopping %s: what is in flight ends first, for %d seconds at most", p.name(),
		int(watch.ShutdownLimit.Seconds())), status.Neutral)
	running, seq := p.running, p.seq
	return func() tea.Msg {
		counts, err := running.Stop()
		return stopped{seq, counts, err}
	}
}

func (msg stopped) handle(a *App) tea.Cmd {
	p := a.traffic.numbered(msg.seq)
	a.traffic.remove(p)
	text, tone := p.name()+" has stopped: "+countWords(msg.counts), status.Neutral
	if msg.err != nil {
		text, tone = p.name()+" has stopped by itself: "+hint.Sentence(msg.err), status.Bad
	}
	a.status.Set(text, tone)
	if a.traffic.leaving && len(a.traffic.posts) == 0 {
		return a.leave()
	}
	return a.checkHistory(false)
}

// countWords says how much passed.
func countWords(c watch.Counts) string {
	words := fmt.Sprintf("%s passed · %s failed", ui.Thousands(int(c.Passed)), ui.Thousands(int(c.Failed)))
	if c.Unsaved > 0 {
		words += fmt.Sprintf(" · %s not recorded", ui.Thousands(int(c.Unsaved)))
	}
	return words
}

// listening says what still listens; "" where nothing does.
func (t *traffic) listening() string {
	var all []string
	for _, p := range t.posts {
		if !p.stopping {
			all = append(all, fmt.Sprintf("%s still listens on %s (%s)", p.name(), cmp.Or(p.setUp.At, p.wish.Listen), countWords(p.counts)))
		}
	}
	return strings.Join(all, "\n")
}

// stopAll stops what stands in traffic before the explorer is left; false: nothing
// does.
func (a *App) stopAll() (tea.Cmd, bool) {
	if len(a.traffic.posts) == 0 || a.traffic.leaving { // asked twice: it is not waited for
		return nil, false
	}
	a.traffic.leaving = true
	var cmds []tea.Cmd
	for _, p := range slices.Clone(a.traffic.posts) {
		cmds = append(cmds, a.stopPost(p))
	}
	return tea.Batch(cmds...), true
}

// close stops what a program left running that ended without asking.
func (t *traffic) close() {
	var all sync.WaitGroup
	for _, p := range t.posts {
		if p.running != nil && !t.leaving {
			all.Go(func() { _, _ = p.running.Stop() })
		}
	}
	all.Wait()
}

// lines say where each post listens and what passed, in as many words as fit.
func (t *traffic) lines(theme *ui.Theme, w int) []string {
	rows := make([]string, len(t.posts))
	for i, p := range t.posts {
		rows[i] = p.line(theme, w)
	}
	return rows
}

func (p *post) line(theme *ui.Theme, w int) string {
	at := ui.Safe(cmp.Or(p.setUp.At, p.wish.Listen))
	_, short, _ := strings.Cut(at, "://")
	to := ui.Safe(cmp.Or(p.wish.Upstream, p.wish.ForwardTo))
	counts, style := countWords(p.counts), theme.Good
	switch {
	case p.running == nil:
		counts, style = "starting…", theme.Muted
	case p.stopping:
		counts, style = "stopping…", theme.Muted
	case p.counts.Failed > 0 || p.counts.Unsaved > 0:
		style = theme.Bad
	}
	glyph := "● "
	if to != "" {
		to = " → " + to
	}
	front := glyph + p.name() + " "
	for _, place := range []string{at + to, at, cmp.Or(short, at), ""} {
		if ui.Width(front+place+"   "+counts)+2 <= w || place == "" {
			return ui.Fit(" "+theme.Info.Render(front+place+"   ")+style.Render(ui.Truncate(counts, max(1, w-ui.Width(front+place)-5))), w)
		}
	}
	return ""
}
