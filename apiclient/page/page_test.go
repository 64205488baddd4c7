package page_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	nethtml "golang.org/x/net/html"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/evidence"
	"countersign/apiclient/page"
	"countersign/apiclient/redact"
	"countersign/apiclient/signing"
	"countersign/apiclient/signing/signingtest"
)

const testdata = "../signing/testdata"

func publicKey(t testing.TB, id string) apiclient.Key {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testdata, "keys", id+".pub.spki.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return apiclient.Key{Key: signing.Key{ID: id, Public: key.(*rsa.PublicKey)}}
}

// evidenceOf makes what the product sees of a case.
func evidenceOf(t testing.TB, m signingtest.Mismatch, keys []apiclient.Key) diagnose.Evidence {
	t.Helper()
	x := m.Case.Exchange
	var response []byte
	side := apiclient.RequestSide
	if x.Response != nil {
		response, side = x.Response.Raw(), apiclient.ResponseSide
	}
	exchange, err := evidence.Reader{}.Messages(x.Request.Raw(), response)
	if err != nil {
		t.Fatalf("%s: %v", m.ID, err)
	}
	e, err := diagnose.FromProfile(apiclient.Profile{}, exchange, side)
	if err != nil {
		t.Fatalf("%s: %v", m.ID, err)
	}
	e.ClientID, e.MerchantID = m.Case.ClientID, m.Case.MerchantID
	e.Expected, e.Known = nil, nil
	for _, k := range keys {
		if k.ID == m.Case.Key {
			e.Expected = append(e.Expected, k)
		} else {
			e.Known = append(e.Known, k)
		}
	}
	return e
}

func write(t testing.TB, e diagnose.Evidence, r diagnose.Report, o page.Options) string {
	t.Helper()
	o.Now, o.By = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), "countersign test"
	var b bytes.Buffer
	if err := page.Write(&b, e, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestPages writes the page of each public case: PAGES=DIR keeps them, for a
// look and for the browser.
func TestPages(t *testing.T) {
	t.Parallel()
	file := signingtest.Load(t, testdata)
	var keys []apiclient.Key
	for _, k := range file.Keyring {
		keys = append(keys, publicKey(t, k.ID))
	}
	for i, m := range file.Cases {
		if i%5 != 0 && os.Getenv("PAGES") == "" {
			continue
		}
		t.Run(m.ID, func(t *testing.T) {
			t.Parallel()
			e := evidenceOf(t, m, keys)
			r := diagnose.Diagnose(context.Background(), e, diagnose.Options{Budget: 300 * time.Millisecond, Workers: 1})
			text := write(t, e, r, page.Options{})
			if dir := os.Getenv("PAGES"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, m.ID+".html"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			selfContained(t, text)
			saysBoth(t, text, e, r)
		})
	}
}

var (
	policy   = regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`)
	inline   = regexp.MustCompile(`(?s)<(script|style)>(.*?)</(?:script|style)>`)
	loading  = regexp.MustCompile(`(?i)<[^>]*\s(src|href|action|data|poster|srcset|background)\s*=\s*"?([^"\s>]*)`)
	handlers = regexp.MustCompile(`(?i)<[a-z][^>]*\s(on[a-z]+|style)\s*=`)
)

// selfContained holds that a page loads nothing, and runs and styles itself with
// nothing but what its policy names by hash.
func selfContained(t *testing.T, text string) {
	t.Helper()
	found := policy.FindStringSubmatch(text)
	if found == nil {
		t.Fatal("there is no policy")
	}
	rules := html.UnescapeString(found[1])
	if !strings.HasPrefix(rules, "default-src 'none'; ") || strings.Contains(rules, "unsafe") {
		t.Errorf("the policy is %s", rules)
	}
	blocks := inline.FindAllStringSubmatch(text, -1)
	if len(blocks) != 2 {
		t.Errorf("%d inline blocks, not a style and a script", len(blocks))
	}
	for _, b := range blocks {
		sum := sha256.Sum256([]byte(b[2]))
		if want := b[1] + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(rules, want) {
			t.Errorf("the policy does not let its own %s run", b[1])
		}
	}
	text = inline.ReplaceAllString(text, "")
	for _, l := range loading.FindAllStringSubmatch(text, -1) {
		if l[2] != "data:," {
			t.Errorf("the page loads %s", l[0])
		}
	}
	if h := handlers.FindString(text); h != "" {
		t.Errorf("an attribute that the policy refuses: %s", h)
	}
}

// saysBoth holds the two sentences with which a page begins.
func saysBoth(t *testing.T, text string, e diagnose.Evidence, r diagnose.Report) {
	t.Helper()
	wrong, change := e.Short(&r)
	for _, s := range []string{wrong, change} {
		if len(s) < 20 || !strings.HasSuffix(s, ".") || strings.HasSuffix(s, "..") {
			t.Errorf("no sentence: %q", s)
		}
	}
	if r.Verdict != signing.Verified && !strings.Contains(change, "It is for ") && !strings.Contains(change, "between the two sides") {
		t.Errorf("does not say who must change it: %q", change)
	}
}

// hostile is what a page must show and never obey.
const hostile = "</script></style></textarea><script>alert(1)</script><img src=x onerror=alert(1)>\"'`{{.}}<!--]]>" +
	"\x00\x1b[31m\x80\xff\u2028\u202e\ufeff&lt;${1}"

// exchangeWith is one whose request is signed over another path.
func exchangeWith(t *testing.T, target, body string, more ...string) (diagnose.Evidence, diagnose.Report) {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(testdata, "keys", "client2048.pkcs8.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(key)
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := signing.Sign(private.(*rsa.PrivateKey), []byte("POST /other\nC1.1.{}"), signing.Style{KeyVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	m := apiclient.Message{Line: "POST " + target + " HTTP/1.1", Body: []byte(body), Header: []apiclient.Field{
		{Name: "Host", Value: "superapp.example.com"}, {Name: "Client-Id", Value: "C1"}, {Name: "Request-Time", Value: "1"},
		{Name: "Signature", Value: proof.Header}}}
	for i := 0; i+1 < len(more); i += 2 {
		m.Header = append(m.Header, apiclient.Field{Name: more[i], Value: more[i+1]})
	}
	x := apiclient.Exchange{Request: m, Origin: apiclient.FromFile}
	e, err := diagnose.FromProfile(apiclient.Profile{Key: private.(*rsa.PrivateKey)}, x, apiclient.RequestSide)
	if err != nil {
		t.Fatal(err)
	}
	return e, diagnose.Diagnose(context.Background(), e, diagnose.Options{Budget: 50 * time.Millisecond})
}

func TestHostileBytesAreText(t *testing.T) {
	t.Parallel()
	e, r := exchangeWith(t, "/pay?x="+hostile, hostile, hostile, hostile, "X", hostile)
	e.Exchange.ID, e.Exchange.Remote, e.Exchange.Err, e.Exchange.Endpoint = hostile, hostile, hostile, hostile
	e.Exchange.Tampered = []string{hostile}
	r.Findings = append(r.Findings, diagnose.Finding{Cause: "x", Says: hostile, Fix: hostile, Setting: hostile, Signed: hostile,
		Expected: hostile + "!", Also: []string{hostile}, Proven: true})
	r.Comparison = &diagnose.Comparison{Kind: diagnose.ToldString, Says: hostile, Told: []byte(hostile)}
	r.Verification.Hint, r.Verification.Reason = hostile, hostile
	e.Expected[0].ID, r.Signer.Key.ID = hostile, hostile
	text := write(t, e, r, page.Options{By: hostile})
	selfContained(t, text)
	known := strings.Fields("html head meta link title style body header p h1 main section h2 ol li span h3 article code b dl dt dd " +
		"pre mark i div label textarea output button details summary table tbody tr th td footer script")
	doc, err := nethtml.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	scripts := 0
	for n := range doc.Descendants() {
		switch {
		case n.Type == nethtml.ElementNode && !slices.Contains(known, n.Data):
			t.Errorf("the page has an element %s", n.Data)
		case n.Type == nethtml.ElementNode && n.Data == "script":
			scripts++
		case n.Type == nethtml.CommentNode:
			t.Errorf("the page has a comment: %s", n.Data)
		case n.Type == nethtml.TextNode && n.Parent.Data != "script" && strings.ContainsAny(n.Data, "\x00\x1b\u2028\u202e\ufeff"):
			t.Errorf("a character that cannot be seen: %q", n.Data)
		}
	}
	if scripts != 2 {
		t.Errorf("%d scripts", scripts)
	}
}

// TestSecretsStayOut plants a secret in every place of a message, and one that the
// configuration hides in the body.
func TestSecretsStayOut(t *testing.T) {
	t.Parallel()
	const token, mail = "tok-5e7a0f91", "eve@example.com"
	e, r := exchangeWith(t, "/pay?t="+token, `{"mail":"`+mail+`","echo":"`+token+`"}`, "Authorization", "Bearer "+token, "X", token)
	r.Findings = append(r.Findings, diagnose.Finding{Cause: "x", Says: "It has " + token + ".", Signed: token, Expected: mail, Proven: true})
	r.Comparison = &diagnose.Comparison{Says: token, Told: []byte("POST " + token + mail)}
	masks, err := redact.New(nil, []string{".mail", ".age"})
	if err != nil {
		t.Fatal(err)
	}
	text := write(t, e, r, page.Options{Redact: masks})
	var all strings.Builder
	all.WriteString(text)
	for _, b := range regexp.MustCompile(`[A-Za-z0-9+/]{16,}={0,2}`).FindAllString(strings.ReplaceAll(text, `\u002b`, "+"), -1) {
		if plain, err := base64.StdEncoding.DecodeString(b); err == nil {
			all.Write(plain)
		}
	}
	for _, secret := range []string{token, mail} {
		if strings.Contains(all.String(), secret) {
			t.Errorf("%s is in the page", secret)
		}
	}
	for _, want := range []string{"2 values are masked", "its digest cannot be recomputed here", "12-bytes", ">masked<"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if open := write(t, e, r, page.Options{Redact: redact.Reveal()}); !strings.Contains(open, token) || strings.Contains(open, "***masked") {
		t.Error("revealed, something is masked")
	}
}

// TestLargeBodiesAreShownInPart holds a page small, and what it leaves out said.
func TestLargeBodiesAreShownInPart(t *testing.T) {
	t.Parallel()
	body := `{"a":"` + strings.Repeat("0123456789", 200_000) + `"}`
	e, r := exchangeWith(t, "/pay", body)
	text := write(t, e, r, page.Options{})
	if len(text) > 200_000 {
		t.Errorf("the page has %d bytes", len(text))
	}
	sum := sha256.Sum256([]byte(body))
	for _, want := range []string{fmt.Sprintf("%x", sum), "2,000,008 bytes", "left out", "too large for this page", "shown in part"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// TestBareStrings holds that there is a page without an exchange too.
func TestBareStrings(t *testing.T) {
	t.Parallel()
	e := diagnose.Evidence{Side: apiclient.RequestSide, Content: []byte("x"), Headers: []string{"signature=AAAA"}}
	r := diagnose.Verify(e)
	text := write(t, e, r, page.Options{})
	if strings.Contains(text, "What was sent") || !strings.Contains(text, "The string that must be signed") {
		t.Error("the page of a bare string has messages, or not the string")
	}
}
