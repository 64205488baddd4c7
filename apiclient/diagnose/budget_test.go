package diagnose_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

// unfindable is evidence of a signature over what no search finds.
func unfindable(t testing.TB, s sample) diagnose.Evidence {
	return s.evidence(t, sign(t, "client2048", "what nobody would think of: 7f4a", ""))
}

func TestBudget(t *testing.T) {
	t.Parallel()
	lines := payment()
	lines.body = "line\n" + strings.Repeat("any text, without JSON. ", 40<<10)
	members := payment()
	members.body = `{"a":"` + strings.Repeat("é/<b>\\n", 10<<10) + `","b":[1.50,null,{}]}`
	for name, s := range map[string]sample{"small": payment(), "response": answer(), "JSON": members, "1 MB of text": lines, "empty": {path: "/", side: apiclient.RequestSide}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const budget = 200 * time.Millisecond
			start := time.Now()
			r := diagnosed(unfindable(t, s), budget)
			if took := time.Since(start); took > budget+time.Second {
				t.Errorf("it took %v", took)
			}
			if r.Proven() || r.Ended != diagnose.OutOfTime && r.Ended != diagnose.Exhausted {
				t.Errorf("ended by %q after %d hypotheses", r.Ended, r.Tried)
			}
			if _, ok := finding(r, "content_mismatch_unknown"); !ok {
				t.Errorf("%v", r.Causes())
			}
		})
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{0, 150 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(context.Background(), after)
		defer cancel()
		start := time.Now()
		r := diagnose.Diagnose(ctx, unfindable(t, payment()), diagnose.Options{Budget: -1})
		if took := time.Since(start); took > after+time.Second || r.Ended != diagnose.Canceled || r.Verdict != signing.Mismatch {
			t.Errorf("after %v: it took %v and ended by %q", after, took, r.Ended)
		}
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	const budget = 500 * time.Millisecond
	var all []diagnose.Progress
	r := diagnose.Diagnose(context.Background(), unfindable(t, payment()), diagnose.Options{Budget: budget, Progress: func(p diagnose.Progress) { all = append(all, p) }})
	if len(all) < 2 || len(all) > 20 {
		t.Fatalf("called %d times", len(all))
	}
	for i, p := range all {
		if p.Stage == "" || p.Budget != budget || p.Elapsed <= 0 || p.Elapsed > r.Elapsed || p.Tried > r.Tried || i > 0 && p.Tried < all[i-1].Tried {
			t.Errorf("%d: %+v", i, p)
		}
	}
	if last := all[len(all)-1]; last.Tried == 0 || last.PerSecond <= 0 {
		t.Errorf("%+v", last)
	}
}
