package request

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
	"countersign/tui/ui/editor"
)

// rewriteAtOnce is the size up to which a body is rewritten within the key that
// asks for it, in bytes: it takes a few milliseconds. What is larger is rewritten
// in a command.
const rewriteAtOnce = 256 << 10

// rewritten is what became of a body.
type rewritten struct {
	seq      int // of the job
	draft    *draft
	revision int // of the editor when it was asked for

	body    *editor.Rewrite // nil: it stays as it is
	says    string          // why, or what was done
	refused bool            // it could not be done
	at      int             // the place of the fault that refused it; -1 for none
}

// rewrite changes the whole body, because the person asked for it, in one step
// that undo takes back. stop reports whether the result is not wanted any more.
func (p *Pane) rewrite(what string, make func(stop func() bool) rewritten) tea.Cmd {
	ctx, seq := p.job.Start(time.Time{})
	p.doing = what
	d, revision := p.open(), p.editor.Revision()
	work := func() tea.Msg {
		m := make(func() bool { return ctx.Err() != nil })
		m.seq, m.draft, m.revision = seq, d, revision
		return m
	}
	if p.editor.Len() <= rewriteAtOnce {
		return p.takeRewritten(work().(rewritten))
	}
	return work
}

// stopRewriting ends what is under way. It reports whether there was anything.
func (p *Pane) stopRewriting() bool {
	was := p.job.Running()
	p.job.Drop()
	return was
}

// Rewriting says what is being done with the whole body; "" where nothing is.
// What is sent meanwhile would be the body as it was.
func (p *Pane) Rewriting() string {
	if !p.job.Running() {
		return ""
	}
	return p.doing
}

// takeRewritten puts the body that was made in place, unless it was edited
// meanwhile.
func (p *Pane) takeRewritten(m rewritten) tea.Cmd {
	if !p.job.Ends(m.seq) {
		return nil // stopped, or overtaken
	}
	e := m.draft.editor
	switch {
	case m.revision != e.Revision():
		return ui.Tell("The body was edited meanwhile: nothing was changed")
	case m.refused:
		if m.at >= 0 {
			e.SetCursor(m.at)
		}
		return ui.Complain(m.says)
	case m.body == nil:
		return ui.Tell(m.says)
	}
	e.Rewrite(m.body)
	if m.says == "" {
		return ui.Emit(Edited{})
	}
	return tea.Batch(ui.Emit(Edited{}), ui.Tell(m.says))
}
