package probe_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/probe"
	"countersign/apiclient/probe/probetest"
	"countersign/apiclient/signing/signingtest"
)

// key makes a short key for each name: thousands of signatures are made here.
func key(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	made.Lock()
	defer made.Unlock()
	if made.keys[name] == nil {
		k, err := rsa.GenerateKey(rand.Reader, 1024)
		if err != nil {
			t.Fatal(err)
		}
		made.keys[name] = k
	}
	return made.keys[name]
}

var made = struct {
	sync.Mutex
	keys map[string]*rsa.PrivateKey
}{keys: map[string]*rsa.PrivateKey{}}

const clientID = "2188487325442931042"

func profile(t testing.TB) apiclient.Profile {
	platform := key(t, "server2048")
	return apiclient.Profile{Name: "test", BaseURL: "https://superapp.invalid/api", ClientID: clientID, MerchantID: "217",
		KeyVersion: "1", Key: key(t, "client2048"), PlatformKey: platform, PlatformKeyName: "superapp.pem",
		PeerKeys: map[string]*rsa.PublicKey{"1": &platform.PublicKey}}
}

const body = `{"paymentId":"2026","paymentAmount":{"currency":"USD","value":"777"},"url":"https://h/x","paymentStatus":"SUCCESS"}`

// reports are those of run, by the mistake: several tests look at the same one.
var reports sync.Map

// run probes a merchant that makes one mistake, once.
func run(t *testing.T, mistake string) probe.Report {
	t.Helper()
	probed, _ := reports.LoadOrStore(mistake, sync.OnceValue(func() probe.Report { return probeOf(t, profile(t), mistake, "/hooks/notify", body) }))
	return probed.(func() probe.Report)()
}

func probeOf(t *testing.T, p apiclient.Profile, mistake, path, body string) probe.Report {
	t.Helper()
	s := httptest.NewUnstartedServer(&probetest.Merchant{Key: p.Key, Platform: &p.PlatformKey.PublicKey, ClientID: clientID, Mistake: mistake})
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	defer s.Close()
	report, err := probe.Run(t.Context(), p, apiclient.Draft{Target: s.URL + path, Body: []byte(body)},
		probe.Options{Hold: 50 * time.Millisecond, MakeKey: func() (*rsa.PrivateKey, error) { return key(t, "other2048"), nil }})
	if err != nil {
		t.Fatalf("%s: %q: %v", mistake, body, err)
	}
	if report.Took > probe.Limit {
		t.Errorf("%s: took %s", mistake, report.Took)
	}
	return report
}

// names are the rows with a mark.
func names(r probe.Report, m probe.Mark) []string {
	var list []string
	for _, row := range r.Rows {
		if row.Mark == m {
			list = append(list, row.Name)
		}
	}
	return list
}

func say(t *testing.T, r probe.Report, marks ...probe.Mark) {
	t.Helper()
	for _, row := range r.Rows {
		if slices.Contains(marks, row.Mark) {
			t.Logf("%-7s %-28s %s", row.Mark, row.Name, row.Says)
		}
	}
}

// Each mistake is found by the rows that are about it, and by no others.
func TestMistakes(t *testing.T) {
	t.Parallel()
	found := map[string]string{
		"":                 "",
		"accepts-unsigned": "signature_missing",
		"accepts-empty":    "signature_header_empty signature_pair_missing signature_empty algorithm_none",
		"own-key":          "merchant_key",
		"any-key": "signature_corrupted signature_other_case signature_of_other_request hash_sha1 hash_sha512 padding_pss wrong_key merchant_key body_changed " +
			"body_member_added body_member_doubled body_pretty body_spaced body_members_reordered body_escaped body_space_added body_newline_added " +
			"body_not_signed path_other path_root path_trailing_slash path_whole_url method_other time_not_signed client_id_not_signed deep_body",
		"parses-first":     "body_member_doubled body_pretty body_spaced body_escaped body_space_added body_newline_added body_pretty_signed body_escaped_signed body_newline_signed",
		"sorts-first":      "valid",
		"trims-body":       "body_space_added body_newline_added body_newline_signed",
		"ignores-body":     "body_not_signed",
		"ignores-path":     "path_other path_root path_trailing_slash path_whole_url",
		"forgives-slash":   "path_trailing_slash",
		"ignores-method":   "method_other",
		"accepts-stale":    "time_hour_old time_day_old",
		"accepts-future":   "time_hour_ahead",
		"ignores-time":     "time_hour_old time_day_old time_hour_ahead time_unreadable",
		"ignores-client":   "client_id_other",
		"signs-own-client": "client_id_missing",
		"trusts-none":      "algorithm_none algorithm_none_with_value",
		"accepts-sha1":     "hash_sha1",
		"accepts-pss":      "padding_pss",
		"fixed-header":     "pairs_reordered pairs_without_space pairs_with_spaces algorithm_lower key_version_missing",
		"percent-upper":    "percent_lower",
		"needs-version":    "key_version_missing",
		"escapes-first":    "body_escaped body_escaped_signed",
		"pads":             "signature_extended",
		"crashes":          "",
		"html":             "",
		"silent":           "",
		"once":             "retried",
		"refuses-all":      "valid",
		"unsigned-answer":  "",
		"ignores-query":    "",
		"takes-last":       "",
	}
	for i, mistake := range probetest.Mistakes {
		want, listed := found[mistake]
		if !listed || i%4 != 0 && mistake != "any-key" && !signingtest.Every() {
			continue // has a test of its own, or is one more row of the same kind
		}
		t.Run(mistake, func(t *testing.T) {
			t.Parallel()
			r := run(t, mistake)
			if got := strings.Join(names(r, probe.Failed), " "); got != want {
				t.Errorf("failed rows\n%s\nwant\n%s", got, want)
				say(t, r, probe.Failed)
			}
			for _, row := range r.Rows {
				if row.Mark == probe.Failed && row.Advice == "" || row.Says == "" || row.Outcome == "" {
					t.Errorf("%s: no word of it: %+v", row.Name, row)
				}
				if row.Exchange != nil && (row.Exchange.Origin != apiclient.FromProbe || row.Exchange.ID == "") {
					t.Errorf("%s: origin %s", row.Name, row.Exchange.Origin)
				}
			}
		})
	}
}

func TestRightServer(t *testing.T) {
	t.Parallel()
	r := run(t, "")
	bad := 0
	for _, row := range r.Rows {
		if row.Expect == probe.Refused {
			bad++
		}
		if row.Mark == probe.Left {
			t.Errorf("%s: %s", row.Name, row.Says)
		}
	}
	if bad < 40 || r.Unverified() || r.Unsigned() {
		t.Errorf("%d bad ones, unverified %t, unsigned %t", bad, r.Unverified(), r.Unsigned())
	}
	// A replay that is answered with S is told, and is no failure.
	if got := strings.Join(names(r, probe.Warned), " "); got != "replayed time_repeated body_member_doubled_signed" {
		t.Errorf("warnings: %s", got)
		say(t, r, probe.Warned)
	}
	if says := r.Conclusion(); len(says) != 1 || !strings.HasPrefix(says[0], fmt.Sprintf("None of %d bad", bad)) {
		t.Errorf("%q", says)
	}
	for _, row := range r.Rows {
		if row.Exchange.Request.Partial != (row.Name == "huge_body") {
			t.Errorf("%s: kept %d bytes", row.Name, len(row.Exchange.Request.Body))
		}
	}
}

// What is no decision is told as such.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	for mistake, want := range map[string]struct {
		outcome probe.Outcome
		says    string
	}{
		"crashes": {probe.ServerError, "HTTP 500"},
		"html":    {probe.Unreadable, "text/html"},
		"silent":  {probe.NoAnswer, "No answer"},
	} {
		t.Run(mistake, func(t *testing.T) {
			t.Parallel()
			r := run(t, mistake)
			for _, row := range r.Rows {
				if row.Name == "wrong_key" && (row.Outcome != want.outcome || row.Mark != probe.Warned || !strings.Contains(row.Says, want.says)) {
					t.Errorf("%s, %s: %s", row.Outcome, row.Mark, row.Says)
				}
			}
		})
	}
}

func TestAnswersAreJudged(t *testing.T) {
	t.Parallel()
	if r := run(t, "unsigned-answer"); !r.Unsigned() || r.Unverified() || r.Count(probe.Failed) > 0 || len(r.Conclusion()) != 2 {
		t.Errorf("unsigned %t, unverified %t: %q", r.Unsigned(), r.Unverified(), names(r, probe.Failed))
	}
	r := run(t, "wrong-answer-key")
	if !r.Unverified() || r.Unsigned() || !strings.HasPrefix(strings.Join(names(r, probe.Failed), " "), "valid header_names_lower") {
		t.Errorf("unverified %t: %q", r.Unverified(), names(r, probe.Failed))
	}
}

func TestAcceptsAll(t *testing.T) {
	t.Parallel()
	r := run(t, "accepts-all")
	for _, row := range r.Rows {
		if row.Expect == probe.Refused && row.Mark != probe.Failed && !row.Silence {
			t.Errorf("%s: %s: %s", row.Name, row.Mark, row.Says)
		}
	}
	if !strings.Contains(strings.Join(r.Conclusion(), " "), "accept") {
		t.Errorf("%q", r.Conclusion())
	}
}

// A server that refuses the valid one too is told so, and nothing is claimed.
func TestRefusesAll(t *testing.T) {
	t.Parallel()
	r := run(t, "refuses-all")
	if n := r.Count(probe.Left); n < 60 || !strings.Contains(r.Conclusion()[0], "proves nothing") {
		t.Errorf("%d left, %q", n, r.Conclusion())
	}
	if !strings.Contains(r.Rows[0].Says, "F INVALID_SIGNATURE (no)") {
		t.Errorf("%s", r.Rows[0].Says)
	}
}

// A run ends in time, whatever the server takes, and says what it did not send.
func TestLimit(t *testing.T) {
	t.Parallel()
	p := profile(t)
	s := httptest.NewServer(&probetest.Merchant{Key: p.Key, Platform: &p.PlatformKey.PublicKey, ClientID: clientID, Mistake: "sleeps"})
	defer s.Close()
	began := time.Now()
	r, err := probe.Run(t.Context(), p, apiclient.Draft{Target: s.URL, Body: []byte(body)}, probe.Options{Limit: 600 * time.Millisecond,
		MakeKey: func() (*rsa.PrivateKey, error) { return key(t, "other2048"), nil }})
	if err != nil || time.Since(began) > 10*time.Second {
		t.Fatalf("%v after %s", err, time.Since(began))
	}
	last := r.Rows[len(r.Rows)-1]
	if last.Outcome != probe.NotSent || last.Mark != probe.Failed || !strings.Contains(strings.Join(r.Conclusion(), " "), "were not sent") {
		t.Errorf("%s: %q", last.Says, r.Conclusion())
	}
}

// Every case is tried over TLS too: the slow ones and the cut ones as well.
func TestTLS(t *testing.T) {
	t.Parallel()
	p := profile(t)
	s := httptest.NewUnstartedServer(&probetest.Merchant{Key: p.Key, Platform: &p.PlatformKey.PublicKey, ClientID: clientID})
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	p.RootCAs = x509.NewCertPool()
	p.RootCAs.AddCert(s.Certificate())
	r, err := probe.Run(t.Context(), p, apiclient.Draft{Target: s.URL + "/hooks", Body: []byte(body)},
		probe.Options{Hold: 50 * time.Millisecond, MakeKey: func() (*rsa.PrivateKey, error) { return key(t, "other2048"), nil }})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Rows {
		if row.Mark == probe.Failed || row.Mark == probe.Left {
			t.Errorf("%s %s: %s", row.Mark, row.Name, row.Says)
		}
		if row.Name == "cut_body" && !strings.HasPrefix(row.Says, "Refused") {
			t.Errorf("%s: %s", row.Name, row.Says) // half a body came, and was answered
		}
	}
}

// A server that takes callbacks and never answers is waited for once.
func TestNeverAnswers(t *testing.T) {
	t.Parallel()
	p := profile(t)
	m := &probetest.Merchant{Key: p.Key, Platform: &p.PlatformKey.PublicKey, ClientID: clientID}
	for name, c := range map[string]struct {
		hangs    func(*http.Request) bool
		first    probe.Outcome
		patience time.Duration
	}{
		"always":      {func(*http.Request) bool { return true }, probe.NoAnswer, 50 * time.Millisecond},
		"on bad ones": {func(r *http.Request) bool { return r.Header.Get("Signature") == "" }, probe.WasAccepted, 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			over := make(chan struct{})
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if c.hangs(r) {
					<-over
				}
				m.ServeHTTP(w, r)
			}))
			t.Cleanup(s.Close)
			t.Cleanup(func() { close(over) })
			r, err := probe.Run(t.Context(), p, apiclient.Draft{Target: s.URL, Body: []byte(body)}, probe.Options{Hold: 5 * time.Millisecond,
				Patience: c.patience, MakeKey: func() (*rsa.PrivateKey, error) { return key(t, "other2048"), nil }})
			if err != nil || r.Rows[0].Outcome != c.first {
				t.Fatalf("%v, %s", err, r.Rows[0].Says)
			}
			for _, row := range r.Rows {
				if row.Outcome == probe.NotSent {
					t.Errorf("%s: %s", row.Name, row.Says)
				}
			}
		})
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(nil)
	url := s.URL
	s.Close()
	r, err := probe.Run(t.Context(), profile(t), apiclient.Draft{Target: url, Body: []byte(body)}, probe.Options{Hold: 50 * time.Millisecond})
	if !errors.Is(err, probe.ErrUnreachable) || !strings.Contains(err.Error(), "refused the connection") ||
		!strings.Contains(hint.Of(err), "start the server") || len(r.Rows) > 0 {
		t.Errorf("%v, %d rows", err, len(r.Rows))
	}
}

// Every body that can be sent at all can be probed with.
func TestOtherBodies(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `[1,2]`, `{"amount":null}`, `{"a":"\\"}`, "\xff\x00"} {
		for _, row := range probeOf(t, profile(t), "", "", text).Rows {
			if row.Mark == probe.Failed && json.Valid([]byte(text)) {
				t.Errorf("%q: %s: %s", text, row.Name, row.Says)
			}
		}
	}
}

// What a row says of its signature holds, with every kind of profile.
func TestCases(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range probe.Cases() {
		if seen[c.Name] || c.Sends == "" || c.Why == "" || c.Fix == "" || c.Group == "" {
			t.Errorf("%+v", c)
		}
		seen[c.Name] = true
		if c.Expect == probe.Accepted && !c.Verifies {
			t.Errorf("%s should be accepted, and does not verify", c.Name)
		}
		if c.Expect == probe.Either && c.Accepts+c.Refuses == "" {
			t.Errorf("%s: nothing is said of it", c.Name)
		}
	}
	for name, change := range map[string]func(*apiclient.Profile){
		"usual": func(*apiclient.Profile) {},
		"no version": func(p *apiclient.Profile) {
			p.KeyVersion, p.PeerKeys = "", nil
		},
		"other forms": func(p *apiclient.Profile) {
			p.TimeFormat, p.Encoding, p.CompactHeader = apiclient.ISOms, "base64", true
			p.HeaderNames.Set("signature", "X-Sig")
			p.HeaderNames.Set("client_id", "X-Client")
		},
		"no path": func(p *apiclient.Profile) {
			p.ContentTemplate = "{client_id}.{time}.{body}"
		},
	} {
		p := profile(t)
		change(&p)
		for _, row := range probeOf(t, p, "refuses-all", "/n", body).Rows {
			if row.Exchange == nil || row.Exchange.Request.Partial || strings.HasPrefix(row.Name, "signature_repeated") || row.Name == "time_repeated" {
				continue
			}
			if name == "no path" && row.Name == "query_added" {
				continue // it has no query to sign
			}
			if verified := row.Exchange.SentVerdict.OK(); verified != row.Verifies && !(row.Name == "key_version_unknown" || row.Name == "algorithm_other_named") {
				t.Errorf("%s: %s: %s: %s", name, row.Name, row.Exchange.SentVerdict.Status, row.Exchange.SentVerdict.Reason)
			}
		}
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	r := run(t, "any-key")
	text := r.Markdown()
	for _, want := range []string{"# Probe of ", "| ✗ | `merchant_key` |", "Verify with the public key that the Super App gave out", "| ✓ | `valid` |"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "|") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 6 {
			t.Errorf("row of another width: %s", line)
		}
	}
	if bytes.Contains([]byte(text), []byte("PRIVATE KEY")) {
		t.Error("a key")
	}
}
