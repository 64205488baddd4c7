package apiclient

import (
	"slices"
	"testing"

	"countersign/apiclient/signing"
)

func causesOf(e Exchange) []string {
	var causes []string
	for _, f := range e.Findings {
		causes = append(causes, f.Cause)
	}
	return causes
}

func TestRecheck(t *testing.T) {
	t.Parallel()
	p := testProfile("http://127.0.0.1:1/miniprogram/api")
	sent := func(t *testing.T) Exchange {
		t.Helper()
		c, err := New(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		e, err := c.Preview(payDraft())
		if err != nil || !e.SentVerdict.OK() {
			t.Fatal(e.SentVerdict.Reason, err)
		}
		return e
	}
	noKey, rotated := p, p
	noKey.Key = nil
	rotated.Key = readKey("keys/testdata/other2048.pkcs8.pem")
	for name, c := range map[string]struct {
		change  func(e *Exchange)
		profile Profile
		want    signing.Status
		cause   string
	}{
		"as it was":           {func(*Exchange) {}, p, signing.Verified, ""},
		"the body is another": {func(e *Exchange) { e.Request.Body = []byte(`{"a":1}`) }, p, signing.Mismatch, "verdict_changed"},
		"the verdict was one of other bytes": {func(e *Exchange) {
			e.SentVerdict = signing.Verdict{Status: signing.Mismatch}
		}, p, signing.Verified, "verdict_changed"},
		"no key now":      {func(*Exchange) {}, noKey, signing.Verified, "recorded_verdict"},
		"another key now": {func(*Exchange) {}, rotated, signing.UnknownKey, "verdict_changed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := sent(t)
			c.change(&e)
			client, err := New(c.profile, Options{})
			if err != nil {
				t.Fatal(err)
			}
			client.Recheck(&e)
			causes := causesOf(e)
			if e.SentVerdict.Status != c.want || c.cause != "" && !slices.Contains(causes, c.cause) ||
				c.cause == "" && (slices.Contains(causes, "verdict_changed") || slices.Contains(causes, "recorded_verdict")) {
				t.Errorf("%s, %v", e.SentVerdict.Status, causes)
			}
		})
	}
}
