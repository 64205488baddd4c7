package sandbox

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

// tamperer is a client of this sandbox, as the explorer has one.
func tamperer(t *testing.T, b *bench) *apiclient.Client {
	t.Helper()
	c, err := apiclient.New(apiclient.Profile{
		Name: "sandbox", BaseURL: "http://" + b.server.Addr + Prefix, ClientID: b.config.ClientID, MerchantID: b.config.MerchantID,
		KeyVersion: "1", Key: b.client, PeerKeys: map[string]*rsa.PublicKey{"1": b.peer},
	}, apiclient.Options{
		Now: b.clock, MakeKey: func() (*rsa.PrivateKey, error) { return privateKey(t, "other2048"), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// causesTold reads the findings of a refusal.
func causesTold(t *testing.T, e apiclient.Exchange) []string {
	t.Helper()
	var body struct {
		Expected struct {
			Findings []struct {
				Cause string `json:"cause"`
			} `json:"findings"`
		} `json:"expected"`
	}
	if err := json.Unmarshal(e.Response.Body, &body); err != nil {
		t.Fatalf("%v in %s", err, e.Response.Body)
	}
	var causes []string
	for _, f := range body.Expected.Findings {
		causes = append(causes, f.Cause)
	}
	return causes
}

// Each way to tamper a request is refused here, under the code that it deserves;
// a fault of the signature is named as the diagnosis names it, by the sandbox
// and by ourselves.
func TestEachTamperIsRefused(t *testing.T) {
	t.Parallel()
	const patience = 20 * time.Second // a machine under test is slow
	b := newBench(t, func(c *Config) { c.Log = nil })
	b.explainFor = patience
	c := tamperer(t, b)
	unknown := newBench(t, func(c *Config) { c.Log = nil }) // for the search that finds nothing and takes all its time
	unknown.explainFor = 50 * time.Millisecond
	draft := apiclient.Draft{Endpoint: "v1/payments/pay", Target: "/v1/payments/pay", Body: []byte(payBody)}
	for _, s := range apiclient.Tampers() {
		t.Run(s.Name, func(t *testing.T) {
			c, budget := c, patience
			if s.Cause == "content_mismatch_unknown" {
				c, budget = tamperer(t, unknown), unknown.explainFor
			}
			d := draft
			d.Tamper = []string{s.Name}
			e := c.Send(t.Context(), d, apiclient.FromCLI)
			if e.Err != "" || e.Result.Status != "F" || e.Result.Code != s.Codes[0] {
				t.Fatalf("%s, want a refusal with %s: %s", apiclient.Summary(e), s.Codes[0], e.Result.Message)
			}
			if !slices.Equal(e.Tampered, []string{s.Name}) || e.Reaction() != apiclient.Refused {
				t.Errorf("tampered %q, reaction %q", e.Tampered, e.Reaction())
			}
			if s.Cause == "" {
				if !e.SentVerdict.OK() && !strings.Contains(s.Says, "left out") {
					t.Errorf("the request is %s: %s", e.SentVerdict.Status, e.SentVerdict.Reason)
				}
				return
			}
			if e.Result.Code == "INVALID_SIGNATURE" {
				if told := causesTold(t, e); !slices.Contains(told, s.Cause) {
					t.Errorf("the sandbox tells %q, want %s", told, s.Cause)
				}
			}
			if e.SentVerdict.OK() {
				return // the signature is right: only its header is not
			}
			evidence, err := diagnose.FromProfile(c.Profile(), e, apiclient.RequestSide)
			if err != nil {
				t.Fatal(err)
			}
			r := diagnose.Diagnose(context.Background(), evidence, diagnose.Options{Budget: budget})
			var causes []string
			for _, f := range r.Findings {
				causes = append(causes, f.Cause)
			}
			for _, f := range e.Findings {
				causes = append(causes, f.Cause)
			}
			if !slices.Contains(causes, s.Cause) {
				t.Errorf("we tell %q, want %s", causes, s.Cause)
			}
		})
	}
	if n := len(b.books.payments.items) + len(unknown.books.payments.items); n != 0 {
		t.Errorf("%d payments were made by tampered requests", n)
	}
	e := c.Send(t.Context(), draft, apiclient.FromCLI)
	if e.Result.Code != "ACCEPT" || len(e.Tampered) != 0 || e.SentVerdict.Status != signing.Verified {
		t.Errorf("the request that none of them tampered: %s, %q", apiclient.Summary(e), e.Tampered)
	}
}
