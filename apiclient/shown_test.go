package apiclient

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

// TestLargeAnswersAreShownBeforeTheyAreRecorded: and that recording failed is
// said by what is returned.
func TestLargeAnswersAreShownBeforeTheyAreRecorded(t *testing.T) {
	for _, c := range []struct {
		name   string
		pad    int
		endErr error
		steps  string
	}{
		{"small", 10, nil, "begin complete"},
		{"large", shownFrom, nil, "begin shown complete"},
		{"large, not recorded", shownFrom, errors.New("the disk is full"), "begin shown complete"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := goodAnswer()
			a.body = []byte(strings.TrimSuffix(goodBody, "}") + `,"pad":"` + strings.Repeat("x", c.pad) + `"}`)
			j := &journal{endErr: c.endErr}
			o := testOptions()
			o.Journal = j
			client := newClient(t, testProfile(answering(t, a.text)), o)
			var shown []Exchange
			e := client.SendShowing(context.Background(), payDraft(), FromExplorer, func(e Exchange) {
				j.note("shown")
				shown = append(shown, e)
			})
			client.Wait()
			if got := j.all(); got != c.steps {
				t.Errorf("steps: %s, want %s", got, c.steps)
			}
			lost := slices.ContainsFunc(e.Findings, func(f Finding) bool { return f.Cause == "not_recorded" })
			if lost != (c.endErr != nil) || (e.Err != "") != lost {
				t.Errorf("said that it was not recorded: %t, %q", lost, e.Err)
			}
			for _, s := range shown {
				if s.Received.Status != e.Received.Status || s.Err != "" || s.Outcome != Answered {
					t.Errorf("shown %s %q, returned %s", s.Received.Status, s.Err, e.Received.Status)
				}
			}
		})
	}
}
