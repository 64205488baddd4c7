package diagnose_test

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

// refused is a request that verifies, with an answer that refuses it.
func refused(t *testing.T, line, body string) diagnose.Evidence {
	t.Helper()
	s := payment()
	e := s.exchange(t, sign(t, "client2048", s.canonical(), "1"))
	e.Response = &apiclient.Message{Line: "HTTP/1.1 " + line, Body: []byte(body)}
	e.URL = "https://superapp.example.com" + s.path
	p := apiclient.Profile{BaseURL: "https://superapp.example.com/miniprogram/api", Key: privateKey(t, "client2048"), ClientID: s.client, KeyVersion: "1"}
	e.Origin = apiclient.FromCLI
	ev, err := diagnose.Both("", &e, func(side apiclient.Side) (diagnose.Evidence, error) { return diagnose.FromProfile(p, e, side) })
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

const refusal = `{"result":{"resultStatus":"F","resultCode":"INVALID_SIGNATURE","resultMessage":%s}%s}`

func TestRefusedOpensOnTheRequest(t *testing.T) {
	t.Parallel()
	for name, work := range map[string]func(diagnose.Evidence) diagnose.Report{
		"verify": diagnose.Verify, "diagnose": func(e diagnose.Evidence) diagnose.Report { return diagnosed(e, 2*time.Second) },
	} {
		r := work(refused(t, "200 OK", fmt.Sprintf(refusal, `"no"`, "")))
		if r.Verdict != apiclient.SignatureRefused || r.Side != apiclient.RequestSide || r.Sides.Request.Status != apiclient.SignatureRefused || !r.Sides.Response.Unjudged {
			t.Errorf("%s: %s of the %s, %+v", name, r.Verdict, r.Side, r.Sides)
		}
		want := []string{"key_not_registered", "key_version_other", "environment_other", "path_prefix_other", "template_other"}
		if got := r.Causes(); !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
		for _, f := range r.Findings {
			if f.Proven {
				t.Errorf("%s: %s is not proven", name, f.Cause)
			}
		}
		if !strings.Contains(r.Headline(), "Our request verifies with our key, SHA256:") || r.Signer == nil {
			t.Errorf("%s: %s", name, r.Headline())
		}
	}
}

func TestTheRefusalSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	first := func(message string) string {
		r := diagnosed(refused(t, "200 OK", fmt.Sprintf(refusal, quoted(message), "")), time.Second)
		return r.Findings[0].Cause
	}
	for message, want := range map[string]string{"signature expired": "request_time_expired", "signature is missing": "signature_lost", "no": "key_not_registered"} {
		if got := first(message); got != want {
			t.Errorf("%s: %s", message, got)
		}
	}
}

func TestTheAnswerIsHeard(t *testing.T) {
	t.Parallel()
	s := payment()
	ours := s.canonical()
	theirs := strings.Replace(ours, "/miniprogram/api", "", 1)
	if theirs == ours {
		t.Fatal("the sample has no prefix")
	}
	sum := func(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }
	json := func(message, more string) string { return fmt.Sprintf(refusal, quoted(message), more) }
	for name, c := range map[string]struct{ line, body, cause string }{
		"message":            {"200 OK", json("verify sign failed, content=["+theirs+"]", ""), "path_prefix_missing"},
		"member":             {"200 OK", json("no", `,"debug":{"toSign":`+quoted(theirs)+`}`), "path_prefix_missing"},
		"JSON in JSON":       {"200 OK", json(`{"expected":`+quoted(theirs)+`}`, ""), "path_prefix_missing"},
		"digest":             {"200 OK", json("expected sha256 "+sum(theirs), ""), "path_prefix_missing"},
		"digest in a member": {"200 OK", json("no", `,"expectedSha256":"`+sum(theirs)+`","receivedSha256":"`+sum(ours)+`"`), "path_prefix_missing"},
		"page":               {"403 Forbidden", "<h1>Invalid signature</h1><pre>" + html.EscapeString(theirs) + "</pre>", "path_prefix_missing"},
		"our own string":     {"200 OK", json("content=["+ours+"]", ""), "key_not_registered"},
		"our own digest":     {"200 OK", json("expected sha256 "+sum(ours), ""), "key_not_registered"},
		"no string":          {"200 OK", json("POST "+s.path+" of "+s.client+" refused", ""), "key_not_registered"},
		"what we signed":     {"200 OK", json("no", `,"signedSha256":"`+sum(ours)+`"`), "key_not_registered"},
	} {
		r := diagnosed(refused(t, c.line, c.body), 5*time.Second)
		causes := r.Causes()
		if r.Verdict != apiclient.SignatureRefused || len(causes) == 0 || causes[0] != c.cause {
			t.Errorf("%s: %s %q, %+v", name, r.Verdict, causes, r.Comparison)
			continue
		}
		if c.cause == "path_prefix_missing" && (r.Findings[0].Setting != `signed_path = "{path}"` || len(causes) > 1) {
			t.Errorf("%s: %q, setting %q", name, causes, r.Findings[0].Setting)
		}
		if heard := r.Comparison != nil; heard != (name != "no string" && name != "what we signed") {
			t.Errorf("%s: %+v", name, r.Comparison)
		}
		if strings.HasPrefix(name, "our own") && slices.Contains(causes, "path_prefix_other") {
			t.Errorf("%s: the string is the same, and the path is in question: %q", name, causes)
		}
	}
}

// What they sign in place of the path that signed_path gives is told by what was
// sent: the very path that was requested, or another one.
func TestAnEchoAgainstSignedPath(t *testing.T) {
	t.Parallel()
	s := payment()
	const sent = "/miniprogram/api/v2/payments/pay"
	for name, c := range map[string]struct{ signedPath, theirs, cause, says, setting string }{
		"no prefix, as requested":      {"{path}", sent, "path_as_requested", "signed as it was requested, " + sent, `signed_path = ""`},
		"another prefix, as requested": {"/api", sent, "path_as_requested", "signed as it was requested, " + sent, `signed_path = ""`},
		"a pattern, as requested":      {"/ams{path}.htm", sent, "path_as_requested", "signed as it was requested, " + sent, `signed_path = ""`},
		"a part of the prefix":         {"{path}", "/api/v2/payments/pay", "path_prefix_extra", "the prefix /api in front, which was sent and which signed_path leaves out", `signed_path = "/api"`},
		"a prefix that was not sent":   {"{path}", "/gateway/v2/payments/pay", "path_prefix_extra", "the prefix /gateway in front, which was not sent", `signed_path = "/gateway"`},
		"the prefix without a version": {"{path}", "/miniprogram/api/payments/pay", "path_prefix_different", "the prefix /miniprogram/api in place of /v2", ""},
	} {
		p := apiclient.Profile{BaseURL: "https://superapp.example.com/miniprogram/api", Key: privateKey(t, "client2048"), ClientID: s.client, KeyVersion: "1", SignedPath: c.signedPath}
		canonical := strings.Replace(s.canonical(), sent, p.SignedTarget("/v2/payments/pay"), 1)
		e := s.exchange(t, sign(t, "client2048", canonical, "1"))
		e.Response = &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: fmt.Appendf(nil, refusal, `"no"`, `,"stringToSign":`+quoted(strings.Replace(s.canonical(), sent, c.theirs, 1)))}
		e.Origin, e.SignedAs = apiclient.FromCLI, p.SignedTarget("/v2/payments/pay")
		ev, err := diagnose.Both("", &e, func(side apiclient.Side) (diagnose.Evidence, error) { return diagnose.FromProfile(p, e, side) })
		if err != nil {
			t.Fatal(err)
		}
		r := diagnosed(ev, 5*time.Second)
		if r.Verdict != apiclient.SignatureRefused || len(r.Findings) == 0 {
			t.Errorf("%s: %s %q", name, r.Verdict, r.Causes())
			continue
		}
		f := r.Findings[0]
		if f.Cause != c.cause || !f.Proven || !strings.Contains(f.Says, c.says) || f.Setting != c.setting {
			t.Errorf("%s: %s, setting %q: %s", name, f.Cause, f.Setting, f.Says)
		}
	}
}

// Keys that are given without a word about whose they are belong to the side
// whose signature they made.
func TestWhichSideDecides(t *testing.T) {
	t.Parallel()
	s := answer()
	for name, c := range map[string]struct {
		signer, content string // of the response; the request is signed by client2048
		keys            []string
		side            apiclient.Side
		verdict         signing.Status
	}{
		"both keys, both right":        {"server2048", s.canonical(), []string{"client2048", "server2048"}, apiclient.ResponseSide, signing.Verified},
		"both keys, other content":     {"server2048", "x", []string{"client2048", "server2048"}, apiclient.ResponseSide, signing.Mismatch},
		"the request's key alone":      {"server2048", "x", []string{"client2048"}, apiclient.RequestSide, signing.Verified},
		"the response's key alone":     {"server2048", "x", []string{"server2048"}, apiclient.ResponseSide, signing.Mismatch},
		"a foreign key for the answer": {"old2048", s.canonical(), []string{"client2048", "server2048"}, apiclient.ResponseSide, signing.UnknownKey},
		"unsigned, its key is known":   {"", "", []string{"client2048", "server2048"}, apiclient.ResponseSide, signing.Unsigned},
		"unsigned, no key for it":      {"", "", []string{"client2048"}, apiclient.RequestSide, signing.Verified},
		"no key fits":                  {"server2048", s.canonical(), []string{"old2048"}, apiclient.ResponseSide, signing.UnknownKey},
	} {
		header := ""
		if c.signer != "" {
			header = sign(t, c.signer, c.content, "1")
		}
		e := s.exchange(t, header)
		r := e.Request
		canonical := r.Method() + " " + r.Target() + "\n" + r.Get("Client-Id") + "." + r.Get("Request-Time") + "." + string(r.Body)
		e.Request.Header = append(e.Request.Header, apiclient.Field{Name: "Signature", Value: sign(t, "client2048", canonical, "1")})
		chosen, err := diagnose.Both("", &e, func(side apiclient.Side) (diagnose.Evidence, error) {
			ev, err := diagnose.FromProfile(apiclient.Profile{PeerKeys: map[string]*rsa.PublicKey{}}, e, side)
			for _, k := range c.keys {
				ev.Expected = append(ev.Expected, publicKey(t, k))
			}
			return ev, err
		})
		if report := diagnose.Verify(chosen); err != nil || report.Side != c.side || report.Verdict != c.verdict {
			t.Errorf("%s: %s of the %s, %+v, %v", name, report.Verdict, report.Side, report.Sides, err)
		}
	}
}

// A callback that verifies and that our server refused is about our server.
func TestRefusedCallback(t *testing.T) {
	t.Parallel()
	s := payment()
	e := s.exchange(t, sign(t, "server2048", s.canonical(), "2"))
	e.Response = &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: fmt.Appendf(nil, refusal, `"no"`, "")}
	p := twoVersions(t)
	ev, err := diagnose.Both("", &e, func(side apiclient.Side) (diagnose.Evidence, error) { return diagnose.FromProfile(p, e, side) })
	if err != nil {
		t.Fatal(err)
	}
	r := diagnosed(ev, 2*time.Second)
	if r.Verdict != apiclient.SignatureRefused || r.Side != apiclient.RequestSide || !strings.Contains(r.Headline(), "The callback verifies with ") || !strings.Contains(r.Headline(), "our side refused") {
		t.Errorf("%s of the %s: %s", r.Verdict, r.Side, r.Headline())
	}
	if got, want := r.Causes(), []string{"key_not_configured", "body_not_raw", "path_prefix_other", "template_other"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	for _, f := range r.Findings {
		if strings.Contains(f.Says+f.Fix, "They may") || strings.Contains(f.Fix, "Ask them") {
			t.Errorf("%s: %s %s", f.Cause, f.Says, f.Fix)
		}
	}
}
