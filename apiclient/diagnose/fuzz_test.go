package diagnose_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/evidence"
	"countersign/apiclient/signing"
	"countersign/apiclient/signing/signingtest"
)

// FuzzDiagnose diagnoses any messages: nothing panics, and only what verifies
// strictly is verified.
func FuzzDiagnose(f *testing.F) {
	s := payment()
	right := sign(f, "client2048", s.canonical(), "1")
	wrong := sign(f, "client2048", s.canonical()+"\n", "1")
	answered := sign(f, "client2048", answer().canonical(), "2")
	key := publicKey(f, "client2048")
	f.Add("POST "+s.path+" HTTP/1.1", s.client, s.time, []byte(s.body), right, "", []byte(nil), []byte("12"))
	f.Add("POST "+s.path+"?a=%zz&b HTTP/1.1", s.client, s.time, []byte(s.body), wrong, "", []byte(nil), []byte(s.canonical()))
	f.Add("GET / HTTP/1.1", "", "", []byte(nil), wrong, "", []byte(nil), []byte(nil))
	f.Add("POST "+s.path+" HTTP/1.1", s.client, s.time, []byte("\x1f\x8b\x08\xff"), wrong, "Content-Encoding: gzip", []byte(nil), []byte("sha256:aa"))
	f.Add("POST "+s.path+" HTTP/1.1", answer().client, "2026-01-02T15:04:05+08:00", []byte("5\r\nhello\r\n0\r\n\r\n"), "", "Response-Time: "+answer().time+"\r\nSignature: "+answered, []byte(answer().body), []byte("Signature: "+answered))
	f.Add("PUT x HTTP/1.0", "\x1b[31m", "99999999999999999999999", []byte(`{"a":{"b":[1e300,null,""]},"a":"\ud800"}`), "algorithm=RSA256, signature=%zz", "Response-Time: -1", []byte("\xff"), []byte("\xfe\"{"))
	f.Fuzz(func(t *testing.T, line, client, at string, body []byte, signature, more string, response, told []byte) {
		if len(body) > 4000 || len(response) > 4000 || len(line)+len(client)+len(at)+len(more) > 2000 {
			return
		}
		fields := [][2]string{{"Host", "example.com"}, {"Client-Id", client}, {"Request-Time", at}}
		var answer []byte
		side := apiclient.RequestSide
		if len(response) > 0 {
			side = apiclient.ResponseSide
			answer = []byte("HTTP/1.1 200 OK\r\n" + more + "\r\n\r\n" + string(response))
		} else if name, value, ok := strings.Cut(more, ":"); ok {
			fields = append(fields, [2]string{name, value})
		}
		if signature != "" {
			fields = append(fields, [2]string{"Signature", signature})
		}
		exchange, err := evidence.Reader{}.Messages(signingtest.Raw(line, fields, body), answer)
		if err != nil {
			return
		}
		e, err := diagnose.FromProfile(apiclient.Profile{}, exchange, side)
		if err != nil {
			t.Fatal(err)
		}
		e.Expected, e.Told = []apiclient.Key{key}, told
		e.Known = []apiclient.Key{{Key: signing.Key{ID: "nothing"}}}
		start := time.Now()
		r := diagnose.Diagnose(context.Background(), e, diagnose.Options{Budget: 5 * time.Millisecond, Workers: 1})
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("it took %v", took)
		}
		strict := signing.Verify(signing.Check{Canonical: e.Canonical(), Headers: e.Headers, Expected: []signing.Key{key.Key}})
		if (r.Verdict == signing.Verified) != strict.OK() {
			t.Errorf("verdict %s, strictly %s", r.Verdict, strict.Status)
		}
		for _, found := range r.Findings {
			if found.Cause == "" || !strings.HasSuffix(found.Says, ".") {
				t.Errorf("%+v", found)
			}
		}
		if report := r.Markdown(); !clean(report) {
			t.Errorf("%q", report)
		}
	})
}
