package ui

import (
	"context"
	"time"

	"github.com/charmbracelet/bubbles/spinner"
)

// Spinner turns while a job runs.
var Spinner = spinner.MiniDot

// Job is work in the background, one at a time: the answer of an older one no
// longer counts. The zero value is no work.
type Job struct {
	seq    int
	cancel context.CancelFunc // nil where none runs
	since  time.Time
	now    time.Time // of the last tick: drawing needs no clock
	frame  int       // of the spinner
}

// Start begins a job, in place of the one before. Its answer brings the number
// back that Ends asks for.
func (j *Job) Start(now time.Time) (ctx context.Context, seq int) {
	j.Drop()
	ctx, cancel := context.WithCancel(context.Background())
	j.seq++
	j.cancel, j.since, j.now = cancel, now, now
	return ctx, j.seq
}

// Running reports whether the answer is still waited for.
func (j *Job) Running() bool { return j.cancel != nil }

// Cancel asks the job to end early. Its answer still counts.
func (j *Job) Cancel() {
	if j.cancel != nil {
		j.cancel()
	}
}

// Drop ends the job: nobody waits for its answer any more.
func (j *Job) Drop() {
	if j.cancel != nil {
		j.cancel()
		j.cancel = nil
		j.seq++
	}
}

// Ends takes the answer of a job. It reports whether it is the one that is
// waited for.
func (j *Job) Ends(seq int) bool {
	if j.cancel == nil || seq != j.seq {
		return false
	}
	j.cancel()
	j.cancel = nil
	return true
}

// Tick turns the spinner.
func (j *Job) Tick(now time.Time) {
	j.now = now
	j.frame++
}

// Frame is the spinner as it stands.
func (j *Job) Frame() string { return Spinner.Frames[j.frame%len(Spinner.Frames)] }

// Elapsed is how long the job ran at the last tick.
func (j *Job) Elapsed() time.Duration { return j.now.Sub(j.since) }
