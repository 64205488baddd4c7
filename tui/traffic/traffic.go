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
	// Start serves until Stop, and keeps the wish. tell is called with each exchange, and
	// unspoken with why a client came to none, from other goroutines.
	Start(wish Wish, tell func(watch.Seen), unspoken func(error)) (*watch.Running, watch.SetUp, error)
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
		turned int      // clients that came to no request, in all
		whys   []string // why they did not, where it is new
		over   bool     // nothing is served any more
	}
	stopped struct {
		seq    int
		counts watch.Counts
		err    error
	}
)

func (w *Watcher) of(kind apiclient.Origin) *post {
	return w.find(func(p *post) bool { return p.wish.Kind == kind })
}

func (w *Watcher) numbered(seq int) *post { return w.find(func(p *post) bool { return p.seq == seq }) }

func (w *Watcher) find(is func(*post) bool) *post {
	if i := slices.IndexFunc(w.posts, is); i >= 0 {
		return w.posts[i]
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
		all = append(all, command(name, "Start "+name+": "+k.does, func() string { return w.cannotStart(k.kind) },
			func() tea.Cmd { return w.ask(k.kind) }),
			command("stop "+name, "Stop "+name, func() string { return w.cannotStop(k.kind) },
				func() tea.Cmd { return w.stop(w.of(k.kind)) }))
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

func (msg passed) update(w *Watcher) tea.Cmd {
	p := w.numbered(msg.seq)
	if p == nil {
		return nil
	}
	p.counts, p.turned = msg.counts, msg.turned
	for _, why := range msg.whys {
		p.setUp.Warnings = append(p.setUp.Warnings, why)
		w.o.Status.Set(p.name()+" · "+why, status.Warn)
	}
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
	w.o.Status.Set(fmt.Sprintf("Stopping %s: what is in flight ends first, within %d seconds", p.name(),
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
