package viewer

import (
	"countersign/tui/ui"
	"countersign/tui/ui/rows"

	tea "github.com/charmbracelet/bubbletea"
)

// Kinds of jobs besides rows.CountJob.
const (
	indexJob = "index"
	levelJob = "level"
)

// Work returns the command of what is to be done outside of Update; nil where
// nothing is. A pane returns it after each call that sets content, searches or
// folds, and hands the messages that it does not know to Update.
func (v *Viewer) Work() tea.Cmd {
	return tea.Batch(v.indexWork(), v.levelWork(), v.countWork())
}

// Update takes what a command of this viewer found out.
func (v *Viewer) Update(msg tea.Msg) tea.Cmd {
	words, ok := v.jobs.Take(msg)
	switch {
	case !ok:
		return nil
	case words != "" && words != foldIndexing:
		return tea.Batch(ui.Complain(words), v.Work())
	}
	return v.Work()
}

// indexWork indents a large body and makes its outline.
func (v *Viewer) indexWork() tea.Cmd {
	if v.jobs.Running(indexJob) || !v.indent.wanting && !(v.folds.on && v.foldable() && v.lacksOutline()) {
		return nil
	}
	lang := v.mode.language()
	raw, text, wanting, folds := v.raw, v.text, v.indent.wanting, v.folds.on
	return v.jobs.Start(indexJob, func(stop func() bool) func() string {
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
	return v.jobs.Start(levelJob, func(stop func() bool) func() string {
		f := levelFolds(text, o, level, stop)
		return func() string {
			return v.setLevel(level, f)
		}
	})
}
