// Package traffic starts, watches and stops what stands in traffic: capture and
// listen, as the explorer runs them. What it has to tell comes as Started, Passed
// and AllStopped.
package traffic

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

// Starter starts what stands in traffic.
type Starter interface {
	// Last returns what was wished for last, or what suits the profile.
	Last(kind apiclient.Origin) Wish
	// Start serves until Stop, and keeps the wish. tell is called with each exchange,
	// from another goroutine.
	Start(wish Wish, tell func(watch.Seen)) (*watch.Running, watch.SetUp, error)
}

// Options are what a Watcher works with.
type Options struct {
	Theme  *ui.Theme
	Status *status.Line
	Open   func(box.Box) // over the panes, in place of another
	Covers func() bool   // whether a box is open: a form and what is set up wait for none
	Now    func() time.Time
	After  func(time.Duration, func(time.Time) tea.Msg) tea.Cmd
	Ring   func() // sounds the bell; nil: there is none
}

// Watcher has what stands in traffic now: one of a kind at most.
type Watcher struct {
	o       Options
	starter Starter // nil: they cannot be started
	posts   []*post
	seq     int
	leaving bool // the explorer is left once all have stopped
}

// New makes a watcher of nothing. Attach says what starts something.
func New(o Options) *Watcher { return &Watcher{o: o} }

// Attach has what is started from now on started by s; nil: nothing can be.
func (w *Watcher) Attach(s Starter) { w.starter = s }

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

// Message is one of the watcher's own, for Update.
type Message interface{ update(w *Watcher) tea.Cmd }

// Update takes one of the watcher's own messages.
func (w *Watcher) Update(msg Message) tea.Cmd { return msg.update(w) }

// What a watcher tells.
type (
	// Started says that something is up.
	Started struct{}
	// Passed says that exchanges may have been recorded.
	Passed struct{}
	// AllStopped says that StopAll is done.
	AllStopped struct{}
)

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

func (w *Watcher) of(kind apiclient.Origin) *post {
	for _, p := range w.posts {
		if p.wish.Kind == kind {
			return p
		}
	}
	return nil
}

func (w *Watcher) numbered(seq int) *post {
	for _, p := range w.posts {
		if p.seq == seq {
			return p
		}
	}
	return nil
}

// Len returns how many have been started and have not stopped yet.
func (w *Watcher) Len() int { return len(w.posts) }

func (w *Watcher) remove(p *post) {
	w.posts = slices.DeleteFunc(w.posts, func(q *post) bool { return q == p })
}

// Commands start and stop what stands in traffic: from the palette alone, as
// that is rare.
func (w *Watcher) Commands() []box.Command {
	command := func(word, name string, refuses func() string, run func() tea.Cmd) box.Command {
		return box.Command{Name: name, Word: word, Refused: refuses(), Run: func() tea.Cmd {
			if why := refuses(); why != "" {
				w.o.Status.Set(why, status.Warn)
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
		all = append(all, command(name, "Start "+name+": "+k.does, func() string { return w.cannotStart(k.kind) }, func() tea.Cmd { return w.ask(k.kind) }),
			command("stop "+name, "Stop "+name, func() string { return w.cannotStop(k.kind) }, func() tea.Cmd { return w.stop(w.of(k.kind)) }))
	}
	return append(all, command("set-up", "Show what to change in your backend for capture and listen", w.nothingSetUp,
		func() tea.Cmd { return w.showSetUp(w.posts...) }))
}

func (w *Watcher) cannotStart(kind apiclient.Origin) string {
	switch p := w.of(kind); {
	case w.starter == nil:
		return "Still starting: a moment"
	case p != nil && p.stopping:
		return "It is still stopping"
	case p != nil:
		return "It runs already, at " + cmp.Or(p.setUp.At, p.wish.Listen)
	}
	return ""
}

func (w *Watcher) cannotStop(kind apiclient.Origin) string {
	if p := w.of(kind); p == nil || p.running == nil || p.stopping {
		return "It does not run"
	}
	return ""
}

func (w *Watcher) nothingSetUp() string {
	if w.Len() == 0 {
		return "Neither capture nor listen runs"
	}
	return ""
}

// ask opens the form with what was wished for last.
func (w *Watcher) ask(kind apiclient.Origin) tea.Cmd {
	starter := w.starter
	return func() tea.Msg { return wished{starter.Last(kind)} }
}

func (msg wished) update(w *Watcher) tea.Cmd {
	if !w.o.Covers() {
		w.openForm(msg.wish, nil)
	}
	return nil
}

var noYes = []string{"no", "yes"}

// openForm asks how to start; err is why it did not.
func (w *Watcher) openForm(wish Wish, err error) {
	listen := box.Field{Label: "Listen on", Value: wish.Listen, Note: "Address and port; port 0 takes a free one. Beyond 127.0.0.1 others " +
		"reach it too."}
	if wish.Kind == apiclient.FromListen {
		fields := []box.Field{listen,
			{Label: "Forward to", Value: wish.ForwardTo, Note: "URL of your own handler, which answers. Without it, the reply below is the answer."},
			{Label: "Reply", Value: wish.Reply, Note: repliesNote(), Choices: watch.ReplyNames()}}
		w.o.Open(box.NewForm(w.o.Theme, "Listen for callbacks", fields, err, func(v []string) (tea.Cmd, error) {
			return w.start(Wish{Kind: wish.Kind, Listen: v[0], ForwardTo: v[1], Reply: v[2]}), nil
		}))
		return
	}
	resign := noYes[0]
	if wish.Resign {
		resign = noYes[1]
	}
	fields := []box.Field{
		{Label: "Upstream", Value: wish.Upstream, Note: "The Super App: scheme, host and, if need be, a path before all others."}, listen,
		{Label: "Strip prefix", Value: wish.StripPrefix, Note: "Taken off the path on the way. The path is part of the signed string."},
		{Label: "Add prefix", Value: wish.AddPrefix, Note: "Put before the path on the way. The path is part of the signed string."},
		{Label: "Sign again", Value: resign, Choices: noYes, Note: "Sign each request with this profile's key, for a backend that " +
			"cannot sign yet."},
	}
	w.o.Open(box.NewForm(w.o.Theme, "Capture", fields, err, func(v []string) (tea.Cmd, error) {
		return w.start(Wish{Kind: wish.Kind, Upstream: v[0], Listen: v[1], StripPrefix: v[2], AddPrefix: v[3],
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

func (w *Watcher) start(wish Wish) tea.Cmd {
	w.seq++
	p := &post{seq: w.seq, wish: wish, feed: newFeed()}
	w.posts = append(w.posts, p)
	w.o.Status.Set("Starting "+p.name()+"…", status.Neutral)
	starter, seq := w.starter, p.seq
	return func() tea.Msg {
		running, setUp, err := starter.Start(wish, p.feed.tell)
		return opened{seq, running, setUp, err}
	}
}

// handle shows what to change elsewhere, or asks again.
func (msg opened) update(w *Watcher) tea.Cmd {
	p := w.numbered(msg.seq)
	if msg.err != nil {
		w.remove(p)
		w.o.Status.Set(p.name()+" was not started: "+hint.Sentence(msg.err), status.Bad)
		if !w.o.Covers() {
			w.openForm(p.wish, msg.err)
		}
		return nil
	}
	p.running, p.setUp = msg.running, msg.setUp
	if w.leaving {
		return w.stop(p)
	}
	w.o.Status.Set(p.name()+" listens on "+p.setUp.At, status.Good)
	if !w.o.Covers() {
		w.showSetUp(p)
	}
	return tea.Batch(ui.Emit(Started{}), w.await(p))
}

// showSetUp shows what to change elsewhere.
func (w *Watcher) showSetUp(posts ...*post) tea.Cmd {
	var text strings.Builder
	for _, p := range posts {
		fmt.Fprintf(&text, "%s listens on %s\n\n%s\n", p.name(), p.setUp.At, p.setUp.Text())
	}
	w.o.Open(box.NewSheet(w.o.Theme, box.Text{Title: "Set-up: what to change in your backend", What: "set-up", Bytes: []byte(text.String()),
		Prose: true}))
	return nil
}

// await waits until something passes, and then a moment for what passes with it.
func (w *Watcher) await(p *post) tea.Cmd {
	return w.o.After(Pace, func(time.Time) tea.Msg {
		select {
		case <-p.feed.wake:
		case <-p.running.Done():
		}
		return p.news()
	})
}

// news returns what has passed since the last call.
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

func (msg passed) update(w *Watcher) tea.Cmd {
	p := w.numbered(msg.seq)
	if p == nil {
		return nil
	}
	p.counts = msg.counts
	cmds := []tea.Cmd{ui.Emit(Passed{})}
	if now := w.o.Now(); msg.failed != "" && (p.rung.IsZero() || now.Sub(p.rung) >= ringPace) {
		p.rung = now
		w.o.Status.Set(p.name()+" · "+msg.failed, status.Bad)
		cmds = append(cmds, w.ring())
	}
	switch {
	case p.stopping: // stopped will say the rest
	case msg.over:
		cmds = append(cmds, w.stop(p))
	default:
		cmds = append(cmds, w.await(p))
	}
	return tea.Batch(cmds...)
}

// ring sounds the terminal's bell.
func (w *Watcher) ring() tea.Cmd {
	bell := w.o.Ring
	if bell == nil {
		return nil
	}
	return func() tea.Msg { bell(); return nil }
}

func (w *Watcher) stop(p *post) tea.Cmd {
	if p.stopping || p.running == nil {
		return nil
	}
	p.stopping = true
	w.o.Status.Set(fmt.Sprintf("Stopping %s: what is in flight ends first, for %d seconds at most", p.name(),
		int(watch.ShutdownLimit.Seconds())), status.Neutral)
	running, seq := p.running, p.seq
	return func() tea.Msg {
		counts, err := running.Stop()
		return stopped{seq, counts, err}
	}
}

func (msg stopped) update(w *Watcher) tea.Cmd {
	p := w.numbered(msg.seq)
	w.remove(p)
	text, tone := p.name()+" has stopped: "+countWords(msg.counts), status.Neutral
	if msg.err != nil {
		text, tone = p.name()+" has stopped by itself: "+hint.Sentence(msg.err), status.Bad
	}
	w.o.Status.Set(text, tone)
	if w.leaving && len(w.posts) == 0 {
		return ui.Emit(AllStopped{})
	}
	return ui.Emit(Passed{})
}

// countWords says how much passed.
func countWords(c watch.Counts) string {
	words := fmt.Sprintf("%s passed · %s failed", ui.Thousands(int(c.Passed)), ui.Thousands(int(c.Failed)))
	if c.Unsaved > 0 {
		words += fmt.Sprintf(" · %s not recorded", ui.Thousands(int(c.Unsaved)))
	}
	return words
}

// Listening says what still listens; "" where nothing does.
func (w *Watcher) Listening() string {
	var all []string
	for _, p := range w.posts {
		if !p.stopping {
			all = append(all, fmt.Sprintf("%s still listens on %s (%s)", p.name(), cmp.Or(p.setUp.At, p.wish.Listen), countWords(p.counts)))
		}
	}
	return strings.Join(all, "\n")
}

// StopAll stops what stands in traffic before the explorer is left; false: nothing
// does.
func (w *Watcher) StopAll() (tea.Cmd, bool) {
	if len(w.posts) == 0 || w.leaving { // asked twice: it is not waited for
		return nil, false
	}
	w.leaving = true
	var cmds []tea.Cmd
	for _, p := range slices.Clone(w.posts) {
		cmds = append(cmds, w.stop(p))
	}
	return tea.Batch(cmds...), true
}

// Close stops what a program left running that ended without asking.
func (w *Watcher) Close() {
	var all sync.WaitGroup
	for _, p := range w.posts {
		if p.running != nil && !w.leaving {
			all.Go(func() { _, _ = p.running.Stop() })
		}
	}
	all.Wait()
}

// Lines say where each post listens and what passed, in as many words as fit.
func (w *Watcher) Lines(width int) []string {
	rows := make([]string, len(w.posts))
	for i, p := range w.posts {
		rows[i] = p.line(w.o.Theme, width)
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
