package traffic

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/watch"
	"countersign/tui/box"
	"countersign/tui/status"
	"countersign/tui/ui"
)

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
	listen := box.Field{Label: "Listen on", Value: wish.Listen, Note: "Address and port; port 0 takes a free one. " +
		"Beyond 127.0.0.1 others " +
		"reach it too."}
	if wish.Kind == apiclient.FromListen {
		fields := []box.Field{listen,
			{Label: "Forward to", Value: wish.ForwardTo, Note: "URL of your own handler, which answers. Without it, " +
				"the reply below is the answer."},
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
		running, setUp, err := starter.Start(wish, p.feed.tell, p.feed.turnAway)
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
