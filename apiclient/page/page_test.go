package page_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/evidence"
	"countersign/apiclient/page"
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
