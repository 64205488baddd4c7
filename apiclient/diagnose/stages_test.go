package diagnose_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

// otherRuns makes other runs, the given ones last.
func otherRuns(t *testing.T, list ...sample) []apiclient.Exchange {
	t.Helper()
	var runs []apiclient.Exchange
	for i := range 5 {
		s := payment()
		s.body = fmt.Sprintf(`{"other":%d}`, i)
		list = append([]sample{s}, list...)
	}
	for i, s := range list {
		x := s.exchange(t, "")
		x.StartedAt = time.Date(2026, 1, 2, 3, 4, i, 0, time.UTC)
		if s.side == apiclient.RequestSide {
			x.Sent.Canonical = []byte(s.canonical())
		} else {
			x.Received.Canonical = []byte(s.canonical())
		}
		runs = append(runs, x)
	}
	return runs
}

func TestOtherRuns(t *testing.T) {
	t.Parallel()
	far := payment()
	far.path, far.time, far.body = "/miniprogram/api/v1/users/inquiry", "1750000000999", `{"accessToken":"abc","scopes":["x"]}`
	farAnswer := far
	farAnswer.side = apiclient.ResponseSide
	mixed := func(change func(s *sample)) sample {
		s := payment()
		change(&s)
		return s
	}
	for _, c := range []struct {
		name   string
		signed sample
		cause  string
	}{
		{"the signature of another run", far, "signature_of_other_request"},
		{"the body of another run", mixed(func(s *sample) { s.body = far.body }), "body_other_run"},
		{"the time of another run", mixed(func(s *sample) { s.time = far.time }), "time_differs_from_header"},
		{"the path of another run", mixed(func(s *sample) { s.path = far.path }), "path_other_endpoint"},
		{"body and time of another run", mixed(func(s *sample) { s.body, s.time = far.body, far.time }), "body_other_run"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := payment().evidence(t, sign(t, "client2048", c.signed.canonical(), ""))
			asked := 0
			e.OtherRuns = func(ctx context.Context) []apiclient.Exchange {
				asked++
				return otherRuns(t, far, farAnswer)
			}
			r := diagnosed(e, patience)
			f, ok := finding(r, c.cause)
			if !ok || !f.Proven || !strings.Contains(f.Says, "another run, of 2026-01-02") || string(r.Signed) != c.signed.canonical() {
				t.Errorf("%v: %q; signed %q", r.Causes(), f.Says, r.Signed)
			}
			if asked != 1 {
				t.Errorf("asked %d times", asked)
			}
			if r.Verdict != signing.Mismatch {
				t.Errorf("%s", r.Verdict)
			}
		})
	}
}

// TestOtherRunsAreNotRead where one change explains it: reading them takes
// time.
func TestOtherRunsAreNotRead(t *testing.T) {
	t.Parallel()
	s := payment()
	for name, content := range map[string]string{
		"verified":        s.canonical(),
		"a line feed":     s.canonical() + "\n",
		"no prefix":       strings.Replace(s.canonical(), "/miniprogram/api", "", 1),
		"seconds":         strings.Replace(s.canonical(), s.time, s.time[:10], 1),
		"Python":          strings.Replace(s.canonical(), s.body, strings.NewReplacer(":", ": ", ",", ", ").Replace(s.body), 1),
		"another account": strings.Replace(s.canonical(), s.client, "undefined", 1),
	} {
		e := s.evidence(t, sign(t, "client2048", content, ""))
		e.OtherRuns = func(context.Context) []apiclient.Exchange {
			t.Errorf("%s: other runs are read", name)
			return nil
		}
		if r := diagnosed(e, patience); string(r.Signed) != content {
			t.Errorf("%s: not found", name)
		}
	}
	// Nor by verification alone.
	e := s.evidence(t, sign(t, "client2048", "something else", ""))
	e.OtherRuns = func(context.Context) []apiclient.Exchange {
		t.Error("other runs are read without a search")
		return nil
	}
	diagnose.Verify(e)
}
