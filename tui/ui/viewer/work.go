package viewer

import (
	"sync/atomic"

	"countersign/tui/ui"
	"countersign/tui/ui/rows"

	tea "github.com/charmbracelet/bubbletea"
)

// worked is what a command of a viewer found out.
type worked struct {
	viewer *Viewer
	job    *job
	apply  func() string // what to tell the person, "" for nothing
}

// job is work of a viewer in a command. Update ends it by a flag.
type job struct {
	kind jobKind
	gone atomic.Bool
}

type jobKind int

const (
	indexJob jobKind = iota
	levelJob
	countJob
	jobKinds
)

func (j *job) stop() bool { return j.gone.Load() }

// Work gives the command of what is to be done outside of Update; nil where
// nothing is. A pane returns it after each call that sets content, searches or
// folds, and hands the messages that it does not know to Update.
func (v *Viewer) Work() tea.Cmd {
	return tea.Batch(v.indexWork(), v.levelWork(), v.countWork())
}

// Update takes what a command of this viewer found out.
func (v *Viewer) Update(msg tea.Msg) tea.Cmd {
	m, ok := msg.(worked)
	if !ok || m.viewer != v || v.jobs[m.job.kind] != m.job {
		return nil // another viewer's, or overtaken
	}
	v.jobs[m.job.kind] = nil
	if words := m.apply(); words != "" && words != foldIndexing {
		return tea.Batch(ui.Complain(words), v.Work())
	}
	return v.Work()
}

// start begins a job; an earlier one of its kind ends.
func (v *Viewer) start(kind jobKind, work func(stop func() bool) (apply func() string)) tea.Cmd {
	v.end(kind)
	j := &job{kind: kind}
	v.jobs[kind] = j
	return func() tea.Msg {
		apply := work(j.stop)
		if j.stop() {
			return nil
		}
		return worked{v, j, apply}
	}
}

func (v *Viewer) end(kind jobKind) {
	if j := v.jobs[kind]; j != nil {
		j.gone.Store(true)
		v.jobs[kind] = nil
	}
}

// stopWork ends what is done for the content so far.
func (v *Viewer) stopWork() {
	for kind := range jobKinds {
		v.end(kind)
	}
}

// indexWork indents a large body and makes its outline.
func (v *Viewer) indexWork() tea.Cmd {
	if v.jobs[indexJob] != nil || !v.indent.wanting && !(v.folds.on && v.foldable() && v.lacksOutline()) {
		return nil
	}
	lang := v.mode.language()
	raw, text, wanting, folds := v.raw, v.text, v.indent.wanting, v.folds.on
	return v.start(indexJob, func(stop func() bool) func() string {
		indented := false
		if wanting {
			var pretty []byte
			if pretty, indented = lang.pretty(raw); !indented {
				pretty = raw
			}
			text = rows.NewFlat(pretty)
		}
		var o *outline
		if folds && !stop() {
			o = newOutline(lang, text.B, stop)
		}
		return func() string {
			if wanting {
				meant := v.folds.meant
				v.setIndented(text, indented)
				v.folds.meant = meant
			}
			v.folds.outline = o
			if meant := v.folds.meant; meant != nil && o != nil {
				v.folds.meant = nil
				return meant(v)
			}
			return ""
		}
	})
}

// levelWork looks for what is to be folded in a large body.
func (v *Viewer) levelWork() tea.Cmd {
	if v.folds.wanted == 0 || v.folds.outline == nil {
		return nil
	}
	level, text, o := v.folds.wanted-1, v.text, v.folds.outline
	v.folds.wanted = 0
	return v.start(levelJob, func(stop func() bool) func() string {
		f := levelFolds(text, o, level, stop)
		return func() string {
			return v.setLevel(level, f)
		}
	})
}
