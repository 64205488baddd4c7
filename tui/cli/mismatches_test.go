package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"countersign/apiclient/signing/signingtest"
)

const evidenceFolder = "../../apiclient/signing/testdata"

// keyFlags name the keys of the cases.
func keyFlags(all signingtest.Mismatches) (flags, known []string) {
	for _, k := range all.Keyring {
		flags = append(flags, "--key", k.ID+"="+filepath.Join(testKeys, k.ID+".pub.spki.pem"))
		known = append(known, k.ID)
	}
	return flags, known
}

// argsOf are the arguments of a command that looks at the case, whose messages
// are written to dir.
func argsOf(t testing.TB, m signingtest.Mismatch, command, dir string, keyFlags []string) []string {
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
	args = append(args, "--request", write(".request", x.Request.Raw()))
	if x.Response != nil {
		args = append(args, "--response", write(".response", x.Response.Raw()))
	}
	return args
}

// TestVerifyMismatches holds the verdict on each: verified exactly where the
// signature is right, and wherever a known key signed, which one.
func TestVerifyMismatches(t *testing.T) {
	t.Parallel()
	doc := signingtest.Load(t, evidenceFolder)
	flags, known := keyFlags(doc)
	dir := t.TempDir()
	for _, m := range doc.Cases {
		t.Run(m.ID, func(t *testing.T) {
			t.Parallel()
			checkVerdict(t, m, dir, flags, known)
		})
	}
}

func checkVerdict(t *testing.T, m signingtest.Mismatch, dir string, flags, known []string) {
	args := argsOf(t, m, "verify", dir, flags)
	code, stdout, stderr := in(t, map[string]string{"HOME": "/nonexistent"}, "", args...)
	var r document
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("exit code %d: %v\n%s", code, err, stderr)
	}
	odd, right := m.OddlySpelt(), m.Verifies()
	if right != (r.Verdict == "verified") || right != (code == exitDone) || !right && code != exitUnverified {
		t.Errorf("%v: verdict %s, exit code %d", m.Causes, r.Verdict, code)
	}
	if r.Signer != nil && r.Signer.Key != m.Truth.Key {
		t.Errorf("%v: signed by %s, not %s", m.Causes, m.Truth.Key, r.Signer.Key)
	}
	if r.SignedContentSHA256 != "" && r.SignedContentSHA256 != m.Truth.SignedSHA256 {
		t.Errorf("%v: signed content %s, not %s", m.Causes, m.Truth.SignedSHA256, r.SignedContentSHA256)
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
