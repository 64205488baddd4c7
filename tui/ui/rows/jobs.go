package rows

import (
	"sync/atomic"

	tea "github.com/charmbracelet/bubbletea"
)

// Jobs are the commands that work on the text of one owner, at most one of each
// kind at a time. The answer of one that was ended counts no more. The zero Jobs
// is ready to use.
type Jobs struct{ running map[string]*job }

// CountJob is the kind of job that counts the matches of a search.
const CountJob = "count"

// job is work in a command. Update ends it by a flag.
type job struct {
	kind string
	gone atomic.Bool
}

// done is the message of a job that is done. The owner of the jobs takes it.
type done struct {
	jobs  *Jobs
	job   *job
	apply func() string
}

// Running reports whether a job of a kind is waited for.
func (j *Jobs) Running(kind string) bool { return j.running[kind] != nil }

// Start returns the command of a job; an earlier one of its kind ends. The work
// returns what is to be done with it in Update, which returns what to tell the
// person, "" for nothing.
func (j *Jobs) Start(kind string, work func(stop func() bool) (apply func() string)) tea.Cmd {
	j.End(kind)
	one := &job{kind: kind}
	if j.running == nil {
		j.running = map[string]*job{}
	}
	j.running[kind] = one
	return func() tea.Msg {
		apply := work(one.gone.Load)
		if one.gone.Load() {
			return nil
		}
		return done{j, one, apply}
	}
}

// End ends the job of a kind, if there is one.
func (j *Jobs) End(kind string) {
	if one := j.running[kind]; one != nil {
		one.gone.Store(true)
		delete(j.running, kind)
	}
}

// EndAll ends all of them.
func (j *Jobs) EndAll() {
	for kind := range j.running {
		j.End(kind)
	}
}

// Take takes a message. It reports whether it is the answer of a job that is
// waited for, and what to tell the person.
func (j *Jobs) Take(msg tea.Msg) (words string, ok bool) {
	m, ok := msg.(done)
	if !ok || m.jobs != j || j.running[m.job.kind] != m.job {
		return "", false // another owner's, or overtaken
	}
	delete(j.running, m.job.kind)
	return m.apply(), true
}
