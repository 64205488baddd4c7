package cli

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mismatch is an exchange whose signature fails for a known reason, or holds.
type mismatch struct {
	ID         string   `json:"id"`
	Causes     []string `json:"causes"`
	Recovers   string   `json:"recoverability"`
	StrictOnly bool     `json:"strict_only"`
	Case       struct {
		Exchange struct {
			Kind    string `json:"kind"`
			Request struct {
				Method  string      `json:"method"`
				URL     string      `json:"url"`
				Headers [][2]string `json:"headers"`
				Body    []byte      `json:"body_b64"`
			} `json:"request"`
			Response *struct {
				Status  int         `json:"status"`
				Headers [][2]string `json:"headers"`
				Body    []byte      `json:"body_b64"`
			} `json:"response"`
		} `json:"exchange"`
		Key        string `json:"verify_with_key"`
		ClientID   string `json:"configured_client_id"`
		MerchantID string `json:"configured_merchant_id"`
	} `json:"case"`
	Truth struct {
		Signed   string `json:"signed_content_sha256"`
		Key      string `json:"signing_key"`
		Hash     string `json:"hash"`
		Padding  string `json:"padding"`
		Expected []byte `json:"expected_content_b64"`
	} `json:"truth"`
}

func rawMessage(line string, headers [][2]string, body []byte) []byte {
	var b strings.Builder
	b.WriteString(line + "\r\n")
	for _, h := range headers {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	return append([]byte(b.String()+"\r\n"), body...)
}

// mismatchFile is the file of them.
type mismatchFile struct {
	Keyring []struct {
		ID string `json:"key_id"`
	} `json:"keyring"`
	Cases []mismatch `json:"cases"`
}

func readMismatches(t testing.TB) mismatchFile {
	t.Helper()
	file, err := os.Open("../../apiclient/signing/testdata/mismatches.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc mismatchFile
	if err := json.NewDecoder(unzipped).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Cases) < 200 {
		t.Fatalf("%d cases", len(doc.Cases))
	}
	return doc
}

func (f mismatchFile) keyFlags() (flags, known []string) {
	for _, k := range f.Keyring {
		flags = append(flags, "--key", k.ID+"="+filepath.Join(testKeys, k.ID+".pub.spki.pem"))
		known = append(known, k.ID)
	}
	return flags, known
}

// args are the arguments of a command that looks at the case, whose messages
// are written to dir.
func (m mismatch) args(t testing.TB, command, dir string, keyFlags []string) []string {
	t.Helper()
	x := m.Case.Exchange
	args := append([]string{command, "--json", "--expect-key", m.Case.Key, "--client-id", m.Case.ClientID, "--merchant-id", m.Case.MerchantID}, keyFlags...)
	write := func(name string, raw []byte) string {
		path := filepath.Join(dir, m.ID+name)
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	args = append(args, "--request", write(".request", rawMessage(x.Request.Method+" "+x.Request.URL+" HTTP/1.1", x.Request.Headers, x.Request.Body)))
	if x.Response != nil {
		args = append(args, "--response", write(".response", rawMessage(fmt.Sprintf("HTTP/1.1 %d OK", x.Response.Status), x.Response.Headers, x.Response.Body)))
	}
	return args
}

// TestVerifyMismatches holds the verdict on each: verified exactly where the
// signature is right, and wherever a known key signed, which one.
func TestVerifyMismatches(t *testing.T) {
	t.Parallel()
	doc := readMismatches(t)
	keyFlags, known := doc.keyFlags()
	dir := t.TempDir()
	for _, m := range doc.Cases {
		t.Run(m.ID, func(t *testing.T) {
			t.Parallel()
			m.check(t, dir, keyFlags, known)
		})
	}
}

func (m mismatch) check(t *testing.T, dir string, keyFlags, known []string) {
	args := m.args(t, "verify", dir, keyFlags)
	code, stdout, stderr := in(t, map[string]string{"HOME": "/nonexistent"}, "", args...)
	var r document
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("exit code %d: %v\n%s", code, err, stderr)
	}
	// The protocol wants base64url accepted, with a word about it.
	odd := m.StrictOnly || slices.Equal(m.Causes, []string{"signature_base64url"})
	right := odd || slices.Equal(m.Causes, []string{"none"})
	if right != (r.Verdict == "verified") || right != (code == exitDone) || !right && code != exitUnverified {
		t.Errorf("%v: verdict %s, exit code %d", m.Causes, r.Verdict, code)
	}
	if r.Signer != nil && r.Signer.Key != m.Truth.Key {
		t.Errorf("%v: signed by %s, not %s", m.Causes, m.Truth.Key, r.Signer.Key)
	}
	if r.SignedContentSHA256 != "" && r.SignedContentSHA256 != m.Truth.Signed {
		t.Errorf("%v: signed content %s, not %s", m.Causes, m.Truth.Signed, r.SignedContentSHA256)
	}
	if r.Verdict == "mismatch" && (r.Signer == nil || !slices.Contains(known, r.Signer.Key)) {
		t.Errorf("%v: a mismatch without a known signer", m.Causes)
	}
	if !right && (len(r.Findings) == 0 || r.Findings[0].Says == "") {
		t.Errorf("%v: nothing is said", m.Causes)
	}
	if odd && (len(r.Findings) == 0 || r.Findings[0].Family != "warning") {
		t.Errorf("%v: no warning", m.Causes)
	}
	if string(r.ExpectedContent) != string(m.Truth.Expected) && !slices.Contains(m.Causes, "response_time_missing") {
		t.Errorf("%v: expected content\n%q\nwant\n%q", m.Causes, r.ExpectedContent, m.Truth.Expected)
	}
}
