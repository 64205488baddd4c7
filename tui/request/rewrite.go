package request

import (
	"sync/atomic"

	"countersign/tui/ui/editor"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// rewriteAtOnce is the size up to which a body is rewritten within the key that
// asks for it, in bytes: it takes a few milliseconds. What is larger is rewritten
// in a command.
const rewriteAtOnce = 256 << 10

// rewriting is the rewriting of a large body that is under way.
type rewriting struct {
	what string // "replacing all"
	gone atomic.Bool
}

func (r *rewriting) stop() bool { return r.gone.Load() }

// rewritten is what became of a body.
type rewritten struct {
	job      *rewriting
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
	p.stopRewriting()
	j := &rewriting{what: what}
	d, revision := p.open(), p.editor.Revision()
	work := func() tea.Msg {
		m := make(j.stop)
		m.job, m.draft, m.revision = j, d, revision
		return m
	}
	p.job = j
	if p.editor.Len() <= rewriteAtOnce {
		return p.takeRewritten(work().(rewritten))
	}
	return work
}

// stopRewriting ends what is under way. It reports whether there was anything.
func (p *Pane) stopRewriting() bool {
	if p.job == nil {
		return false
	}
	p.job.gone.Store(true)
	p.job = nil
	return true
}

// Rewriting says what is being done with the whole body; "" where nothing is.
// What is sent meanwhile would be the body as it was.
func (p *Pane) Rewriting() string {
	if p.job == nil {
		return ""
	}
	return p.job.what
}

// takeRewritten puts the body that was made in place, unless it was edited
// meanwhile.
func (p *Pane) takeRewritten(m rewritten) tea.Cmd {
	if m.job != p.job {
		return nil // stopped, or overtaken
	}
	p.job = nil
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
