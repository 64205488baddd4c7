package suite

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/keys"
	"countersign/apiclient/requests"
	"countersign/apiclient/signing"
	"countersign/apiclient/variables"
)

// peer is a Super App whose answers a test writes.
type peer struct {
	*httptest.Server
	options Options
	served  atomic.Int64
}

// newPeer answers each request with what answer returns, signed as it should be;
// a body that begins with "!" is signed with the wrong key.
func newPeer(t testing.TB, answer func(path, body string) string) *peer {
	t.Helper()
	read := func(name string) *rsa.PrivateKey {
		data, err := os.ReadFile("../keys/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		k, err := keys.ParsePrivate(context.Background(), data, nil)
		if err != nil {
			t.Fatal(err)
		}
		return k.Key
	}
	client, server := read("client2048.pkcs8.pem"), read("server2048.pkcs8.pem")
	p := &peer{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.served.Add(1)
		var in strings.Builder
		buffer := make([]byte, 64<<10)
		for {
			n, err := r.Body.Read(buffer)
			in.Write(buffer[:n])
			if err != nil {
				break
			}
		}
		key := server
		out, wrong := strings.CutPrefix(answer(r.URL.Path, in.String()), "!")
		if wrong {
			key = client
		}
		now := time.Now().Format("2006-01-02T15:04:05Z07:00")
		proof, err := signing.Sign(key, signing.Content{Method: "POST", Target: r.URL.RequestURI(), ClientID: "C", Time: now, Body: []byte(out)}.Canonical(),
			signing.Style{KeyVersion: "1"})
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Client-Id", "C")
		w.Header().Set("Response-Time", now)
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		w.Header().Set("Signature", proof.Header)
		_, _ = w.Write([]byte(out))
	}))
	t.Cleanup(p.Close)
	profile := apiclient.Profile{Name: "p", BaseURL: p.URL, ClientID: "C", KeyVersion: "1", Key: client, TimeFormat: apiclient.Millis,
		Encoding: signing.PercentBase64, PeerKeys: map[string]*rsa.PublicKey{"1": &server.PublicKey}, Vars: map[string]string{"buyer": "B"}}
	c, err := apiclient.New(profile, apiclient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	p.options = Options{Catalog: catalog.Builtin(), Target: func(context.Context, string) (Target, error) {
		return Target{c, &variables.Resolver{Profile: profile, Now: time.Now, NewID: func() string { n++; return fmt.Sprint("id-", n) },
			Getenv: os.LookupEnv}}, nil
	}}
	return p
}

func file(text string) []File { return []File{{File: requests.Parse("f.http", []byte(text))}} }

// told is how results ended, in a line each.
func told(list []Result) string {
	var b strings.Builder
	for _, r := range list {
		fmt.Fprintf(&b, "%s %s", r.Status, r.Name)
		for _, f := range r.Failures {
			fmt.Fprintf(&b, " | %s: %s", f.Kind, f.Says)
		}
		if r.Why != "" {
			fmt.Fprintf(&b, " (%s)", r.Why)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

const good = `{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"ok"},"paymentId":"P1"}`

// Values go on in order; the same value of the file is in all of its requests.
func TestValuesGoOn(t *testing.T) {
	t.Parallel()
	var bodies []string
	p := newPeer(t, func(_, body string) string { bodies = append(bodies, body); return good })
	list := Run(context.Background(), file(`@order = {{uuid}}
@buyer = {{vars.buyer}}-{{n}}
@n = 7
@status = 200
### pay
# @set paymentId = .body.paymentId
# @set all = .body.result
POST /v2/x/pay

{"order":"{{order}}","own":"{{uuid}}","buyer":"{{buyer}}"}
### query
# @expect .body.paymentId == "{{paymentId}}" and .status == {{status}} and .body.paymentId != {{n}}
# @expect "{{paymentId}}-\(.status)" == "P1-200"
POST {{profile.base_url}}/v2/x/query?a={{paymentId}}
X-Order: {{order}}

{"order":"{{order}}","id":"{{paymentId}}","all":{{all}},"ref":"{{pay.response.body.$.result.resultCode}}","h":"{{pay.response.headers.client-id}}","sent":"{{pay.request.body.$.order}}"}
`), p.options)
	if got := told(list); got != "passed pay\npassed query\n" {
		t.Fatal(got)
	}
	var first, second map[string]any
	if json.Unmarshal([]byte(bodies[0]), &first) != nil || json.Unmarshal([]byte(bodies[1]), &second) != nil {
		t.Fatal(bodies)
	}
	if first["order"] != second["order"] || first["order"] == first["own"] || first["buyer"] != "B-7" || second["id"] != "P1" ||
		second["ref"] != "SUCCESS" || second["h"] != "C" || second["sent"] != first["order"] || second["all"].(map[string]any)["resultStatus"] != "S" {
		t.Errorf("%v\n%v", first, second)
	}
	if q := list[1].Exchange.Request; !strings.HasPrefix(q.Line, "POST /v2/x/query?a=P1 ") || q.Get("X-Order") != first["order"] {
		t.Errorf("%s, %v", q.Line, q.Header)
	}
}

// Three independent faults in a file are three findings; what needs a value of
// one that failed is skipped, and so is what needs that.
func TestFailures(t *testing.T) {
	t.Parallel()
	p := newPeer(t, func(path, _ string) string {
		switch {
		case strings.HasSuffix(path, "/wrong"):
			return "!" + good
		case strings.HasSuffix(path, "inquiryPayment"):
			return `{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"ok"},"paymentId":5}`
		case strings.HasSuffix(path, "/refused"):
			return `{"result":{"resultStatus":"F","resultCode":"INVALID_SIGNATURE","resultMessage":"no"}}`
		}
		return good
	})
	list := Run(context.Background(), file(`### broken
# @expect .body.paymentId == "P2"
# @set id = .body.paymentId
POST /v2/x/pay

{}
### needs
# @set other = .body.paymentId
POST /v2/x/pay

{"id":"{{id}}"}
### needs that
POST /v2/x/pay

{"id":"{{other}}"}
### signature
POST /v2/x/wrong

{}
### schema
POST /v2/payments/inquiryPayment

{"paymentId":"1"}
### no schema
# @expect-schema no
POST /v2/payments/inquiryPayment

{"paymentId":"1"}
### refused
POST /v2/x/refused

{}
### tampered
# @tamper wrong_key
POST /v2/x/refused

{}
### tampered and accepted
# @tamper wrong_key
POST /v2/x/pay

{}
### sets nothing
# @set nothing = .body.nothing
POST /v2/x/pay

{}
`), p.options)
	got := told(list)
	for _, want := range []string{
		`failed broken | expectation: .body.paymentId == "P2": gave false; .body.paymentId is "P1"`,
		"skipped needs (id comes from broken in line 4, which failed)",
		"skipped needs that (other comes from needs in line 9, which was skipped)",
		"failed signature | unverified: the response does not verify (wrong-key)",
		"failed schema | schema: the answer's schema: ",
		"passed no schema\n",
		"failed refused | unverified: the request is signed with our key, and the other side refused it: INVALID_SIGNATURE",
		"passed tampered\n",
		"failed tampered and accepted | expectation: it was tampered with",
		"failed sets nothing | expectation: # @set nothing: .body.nothing: gave null",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// Everything that needs no answer is found before anything is sent.
func TestCheck(t *testing.T) {
	t.Parallel()
	p := newPeer(t, func(_, _ string) string { return good })
	faults := Check(context.Background(), file(`@loop = {{back}}
@back = {{loop}}
### a
POST /v2/x/{linkId}
### b
POST https://elsewhere.example.com/v2/x
### c
POST /v2/x

{"a":"{{nope}}",
 "b":1}
### d
POST /v2/x
H: {{loop}}
### x
# @expect .body.id == "{{nope2}}"
POST /v2/x
### e
# @tamper nosuch
# @endpoint payments/pya
POST /v2/x
### later
# @set x = .status
POST /v2/x

{{last.payments/pay.paymentId}}
### g
POST /v2/x

{{x}}
`), p.options)
	var b strings.Builder
	for _, err := range faults {
		b.WriteString(err.Error() + "\n")
	}
	for _, want := range []string{
		"f.http:4:6: the parameter linkId of the path has no value", "f.http:6:6: its URL https://elsewhere",
		"f.http:10:7: the variable {{nope}} is not known", "f.http:14:4: the variable {{loop}}", "it leads back to itself",
		`f.http:21:1: there is no tampering "nosuch"`, "f.http:20:13: # @endpoint", "f.http:16:11: the variable {{nope2}} is not known",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if n := strings.Count(b.String(), "\n"); n != 8 || p.served.Load() > 0 {
		t.Errorf("%d faults, %d requests were sent:\n%s", n, p.served.Load(), b.String())
	}
}

func TestOnlyBailRepeatParallel(t *testing.T) {
	t.Parallel()
	p := newPeer(t, func(path, _ string) string {
		if strings.HasSuffix(path, "/bad") {
			return `{"result":{}}`
		}
		return good
	})
	text := "### a\n# @set v = .body.paymentId\nPOST /v2/x/a\n### b\n# @expect .result.status == \"S\"\nPOST /v2/x/bad\n### c\nPOST /v2/x/{{v}}\n"
	o := p.options
	o.Only = "c"
	if got := told(Run(context.Background(), file(text), o)); got != "passed a\npassed c\n" {
		t.Errorf("only c: %s", got)
	}
	o = p.options
	o.Bail = true
	if got := told(Run(context.Background(), file(text), o)); !strings.HasSuffix(got, "skipped c (another request failed before)\n") {
		t.Errorf("bail: %s", got)
	}
	o = p.options
	o.Repeat, o.Parallel, o.Only = 3, 4, "a"
	running, ended := 0, 0
	o.Observe = func(r Result) {
		if r.Status == Running {
			running++
		} else {
			ended++
		}
	}
	files := append(file(text), file(text)...)
	if list := Run(context.Background(), files, o); len(list) != 6 || running != 6 || ended != 6 || list[5].Round != 3 {
		t.Errorf("%d results, %d told, %d ended", len(list), running, ended)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got := told(Run(ctx, file(text), p.options)); !strings.HasPrefix(got, "skipped a (canceled)") {
		t.Errorf("canceled: %s", got)
	}
}

// The figure: 100 requests of a file against signing and bare HTTP alone.
func BenchmarkHundredRequests(b *testing.B) {
	p := newPeer(b, func(_, _ string) string { return good })
	var text strings.Builder
	for i := range 100 {
		fmt.Fprintf(&text, "### r%d\n# @expect .result.status == \"S\"\nPOST /v2/x/a\nContent-Type: application/json; charset=UTF-8\n\n{\"id\":\"{{$guid}}\"}\n\n", i)
	}
	t, err := p.options.Target(context.Background(), "")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("suite", func(b *testing.B) {
		for b.Loop() {
			for _, r := range Run(context.Background(), file(text.String()), p.options) {
				if r.Status != Passed {
					b.Fatal(told([]Result{r}))
				}
			}
		}
	})
	b.Run("bare", func(b *testing.B) { // what Client.Send alone takes
		for b.Loop() {
			for range 100 {
				t.Client.Send(context.Background(), apiclient.Draft{Target: "/v2/x/a", Body: []byte(`{"id":"1"}`)}, apiclient.FromTest)
			}
		}
	})
}
