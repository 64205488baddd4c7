package diagnose

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/signing"
)

// Rules for what is said: of each reader, and of all. A finding that names what
// stands between the two sides needs something that points to it.
var (
	aboutThem = regexp.MustCompile(`(?i)\btheir (signing )?code|other side has to|for the other side to change|let the other side|verify the raw bytes|at the side that signs`)
	aboutUs   = regexp.MustCompile(`(?i)\bour (own )?private key|\bsign with our\b|^sign |^serialise|^compress first|^put the time|^build the string as the rule`)
	between   = regexp.MustCompile(`(?i)[^/]\b(gateway|router|firewall|prox(y|ies)|load balancer|CDN)`)
	ofRequest = regexp.MustCompile(`(?i)the (response|answer) (is|was|has|carries)|response's`) // not said of a request
	ofAnswer  = regexp.MustCompile(`(?i)the request (is|was|has) (not )?signed`)                // not said of an answer
	flags     = regexp.MustCompile(`(^|[ (])--[a-z]|\bcountersign [a-z]+ |\bkeys show\b`)
)

// reader is one direction: who reads the report, and of which message.
type reader struct {
	name   string
	side   apiclient.Side
	caller string // of a callback
	signs  bool   // the reader's side made the signature
}

var readers = []reader{
	{"our request", apiclient.RequestSide, "", true}, {"their answer", apiclient.ResponseSide, "", false},
	{"their callback", apiclient.RequestSide, "peer", false}, {"our answer to a callback", apiclient.ResponseSide, "peer", true},
}

func (r reader) evidence() *Evidence {
	p := apiclient.Profile{BaseURL: "https://h.example.com/miniprogram/api", ClientID: "2021001", MerchantID: "M-1"}
	body := []byte(`{"paymentId":"P-1","amount":{"value":"12.50","currency":"EUR"},"note":"é 支付 / <b>","n":12,"list":[1,2],"sign":"x"}`)
	x := apiclient.Exchange{Origin: apiclient.FromFile, ClientID: p.ClientID, MerchantID: p.MerchantID, URL: p.BaseURL + "/sandbox/v2/payments/pay?a=1&b=%C3%A9", Request: apiclient.Message{
		Line: "POST /miniprogram/api/sandbox/v2/payments/pay?a=1&b=%C3%A9 HTTP/1.1", Body: body,
		Header: []apiclient.Field{{Name: "Host", Value: "h.example.com"}, {Name: "Client-Id", Value: p.ClientID}, {Name: "Request-Time", Value: "1760000000123"}, {Name: "X-Other", Value: "value-7"}},
	}}
	x.Response = &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: body, Header: []apiclient.Field{{Name: "Client-Id", Value: p.ClientID}, {Name: "Response-Time", Value: "1760000000456"}}}
	e, err := FromProfile(p, x, r.side)
	if err != nil {
		panic(err)
	}
	e.caller, e.Endpoints = r.caller, []string{"v2/payments/pay", "v2/payments/refund"}
	return &e
}

// check tests what a finding says to its reader.
func (r reader) check(t *testing.T, e *Evidence, f Finding) {
	t.Helper()
	wrong := aboutUs
	if r.signs {
		wrong = aboutThem
	}
	message := ofRequest
	if r.side == apiclient.ResponseSide {
		message = ofAnswer
	}
	for _, text := range []string{f.Says, f.Fix} {
		for rule, bad := range map[string]*regexp.Regexp{"the wrong reader": wrong, "the other message": message, "a flag": flags, "something between": between} {
			if rule == "something between" && e.passed() != "" {
				continue
			}
			if at := bad.FindString(text); at != "" {
				t.Errorf("%s, %s: %s, %q, in %q", r.name, f.Cause, rule, at, text)
			}
		}
	}
	if f.Fix == "" || f.Says == "" {
		t.Errorf("%s, %s: nothing to do: %q", r.name, f.Cause, f.Says)
	}
}

// TestEachReader walks all changes that the search knows, for all who may read.
func TestEachReader(t *testing.T) {
	t.Parallel()
	for _, r := range readers {
		e := r.evidence()
		h := newHunt(context.Background(), e, knownTarget([]byte("x")), Options{Workers: 1}, time.Now().Add(time.Minute), func(string) {})
		h.prepare()
		h.layouts.Twice()
		changes := map[string]explained{}
		add := func(part search.Part, list []variant.Change) {
			for _, c := range list {
				changes[c.Cause+c.Habit+c.Says] = explained{Change: c, part: part}
			}
		}
		for part, list := range h.parts {
			for _, v := range list {
				add(search.Part(part), v.Changes)
				add(search.Part(part), v.Also)
			}
		}
		for _, l := range h.layouts.List {
			add(search.None, l.Changes)
		}
		for _, w := range h.wholes {
			add(search.None, []variant.Change{w.Change})
		}
		for _, step := range []time.Duration{time.Millisecond, time.Hour} {
			for _, sweep := range e.source().Sweeps(step, step) {
				add(search.Time, slices.Concat(sweep.Changes(0), sweep.Changes(1)))
			}
		}
		src := e.source()
		for _, s := range slices.Concat(src.Catalogue(), src.Targets(false), src.Targets(true), src.Fractions(), src.MoreFractions()) {
			for i := range min(s.Len, 50) {
				add(s.Part, s.Changes(i))
			}
		}
		if len(changes) < 300 {
			t.Fatalf("%s: only %d changes", r.name, len(changes))
		}
		var f found
		f.content = []byte("x")
		for _, c := range changes {
			if c.Cause != "" {
				f.changes = append(f.changes, c)
			}
		}
		for _, finding := range e.findings(f) {
			r.check(t, e, finding)
		}
	}
}

// testKey makes a key that a role and a name are given.
func testKey(t *testing.T, id string, role apiclient.Role) (apiclient.Key, *rsa.PrivateKey) {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return apiclient.Key{Key: signing.Key{ID: id, Public: &private.PublicKey}, Role: role, Version: "1"}, private
}

// TestEachReaderOfTheSigner is the same for what is found out of the key, the
// header and the value.
func TestEachReaderOfTheSigner(t *testing.T) {
	t.Parallel()
	own, ownKey := testKey(t, "own", apiclient.RoleOwn)
	peer, peerKey := testKey(t, "peer", apiclient.RolePeer)
	other, otherKey := testKey(t, "stranger", apiclient.RoleOther)
	for _, r := range readers {
		due, dueKey, wrongKey := peer, peerKey, ownKey
		if r.signs {
			due, dueKey, wrongKey = own, ownKey, peerKey
		}
		e := r.evidence()
		e.Expected = []apiclient.Key{due}
		e.Known = slices.DeleteFunc([]apiclient.Key{own, peer, other}, func(k apiclient.Key) bool { return k.ID == due.ID })
		signed := func(key *rsa.PrivateKey) string {
			p, err := signing.Sign(key, e.Canonical(), signing.Style{KeyVersion: "1"})
			if err != nil {
				t.Fatal(err)
			}
			return p.Header
		}
		right := signed(dueKey)
		_, value, _ := cutLast(right)
		headers := map[string][]string{
			"none": nil, "empty": {""}, "twice": {right, signed(otherKey)}, "a stranger": {signed(otherKey)}, "the wrong side": {signed(wrongKey)}, "cut": {right[:len(right)-60]}, "cut at 76": {right[:len(right)-len(value)+76]},
			"quoted": {`algorithm=RSA256, keyVersion=1, signature="` + value + `"`}, "noise": {"signature=" + string(make([]byte, 20))}, "printed": {"signature=[B@1f2e3d"}, "unfilled": {"signature={{sign}}"},
			"hex digest": {"signature=" + fmt.Sprintf("%064x", 7)}, "no pair": {"keyVersion=1"}, "not base64": {"signature=***"},
		}
		for name, list := range headers {
			e.Headers, e.Trailer = list, nil
			if name == "none" {
				e.Trailer = []string{right}
			}
			report := Diagnose(context.Background(), *e, Options{Budget: 20 * time.Millisecond, Workers: 1})
			if len(report.Findings) == 0 {
				t.Errorf("%s, %s: nothing is found", r.name, name)
			}
			for _, f := range report.Findings {
				if f.Family != FamilyWarning && f.Cause != NotSearchedCause {
					r.check(t, e, f)
				}
			}
		}
	}
}

func cutLast(s string) (front, value string, ok bool) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '=' {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}
