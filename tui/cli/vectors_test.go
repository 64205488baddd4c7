package cli

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sdkRequest is a request as an unmodified SDK put it on the wire.
type sdkRequest struct {
	ID          string      `json:"id"`
	KeyID       string      `json:"key_id"`
	RequestLine string      `json:"request_line"`
	URI         string      `json:"uri"`
	Headers     [][2]string `json:"headers_as_sent"`
	Time        string      `json:"time"`
	Body        []byte      `json:"body_b64"`
	Content     []byte      `json:"content_b64"`
	SHA256      string      `json:"content_sha256"`
	Value       string      `json:"signature_urlencoded"`
}

func captures(t *testing.T) []sdkRequest {
	t.Helper()
	data, err := os.ReadFile("../../apiclient/signing/testdata/sdk_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Captures []sdkRequest `json:"wire_vectors"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Captures) != 41 {
		t.Fatalf("%d captures", len(doc.Captures))
	}
	return doc.Captures
}

// raw writes the capture as a raw request.
func (c sdkRequest) raw() []byte {
	var b bytes.Buffer
	b.WriteString(c.RequestLine + "\r\n")
	for _, h := range c.Headers {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(c.Body)
	return b.Bytes()
}

// verifyRaw runs verify on a raw request and gives its document; nil where
// there is none.
func verifyRaw(t *testing.T, c sdkRequest, raw []byte) (int, *document, string) {
	t.Helper()
	key := c.KeyID + "=" + filepath.Join(testKeys, c.KeyID+".pub.spki.pem")
	home := map[string]string{"HOME": "/nonexistent"} // nothing is read from there or made
	code, stdout, stderr := in(t, home, string(raw), "verify", "-", "--key", key, "--json")
	if stdout == "" {
		return code, nil, stderr
	}
	var r document
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("%v\n%s", err, stdout)
	}
	return code, &r, stderr
}

func TestVerifyWireCaptures(t *testing.T) {
	t.Parallel()
	for _, c := range captures(t) {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			code, r, stderr := verifyRaw(t, c, c.raw())
			if code != exitDone || r.Verdict != "verified" || r.Signer.Key != c.KeyID || r.SignedContentSHA256 != c.SHA256 || !bytes.Equal(r.ExpectedContent, c.Content) || stderr != "" {
				t.Errorf("exit code %d, %+v\n%s", code, r, stderr)
			}
		})
	}
}

// TestVerifyChangedCaptures changes one byte at a time, here and there. Of body, time and path,
// the report must say with certainty that the key is right and which digest
// was signed; of the signature, that it is no signature of a known key.
func TestVerifyChangedCaptures(t *testing.T) {
	t.Parallel()
	for n, c := range captures(t) {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			raw := c.raw()
			step := 97 // some bytes of each capture, and of one every fifth: in each place of base64's fours and of a %2F
			if n == 0 && !testing.Short() {
				step = 5
			}
			for _, part := range []struct {
				name       string
				start, len int
			}{
				{"path", bytes.Index(raw, []byte(c.URI)), len(c.URI)},
				{"time", bytes.Index(raw, []byte(c.Time)), len(c.Time)},
				{"body", len(raw) - len(c.Body), len(c.Body)},
			} {
				for i := 0; i < part.len; i += step {
					changed := change(raw, part.start+i)
					code, r, stderr := verifyRaw(t, c, changed)
					if code != exitUnverified || r == nil || r.Verdict != "mismatch" || r.Signer == nil || r.Signer.Key != c.KeyID || r.SignedContentSHA256 != c.SHA256 || bytes.Equal(r.ExpectedContent, c.Content) {
						t.Fatalf("byte %d of the %s changed: exit code %d, %+v\n%s", i, part.name, code, r, stderr)
					}
					if len(r.Findings) == 0 || r.Findings[0].Says == "" || r.Findings[0].Fix == "" {
						t.Fatalf("byte %d of the %s changed: nothing is said: %+v", i, part.name, r)
					}
				}
			}
			c.changeSignature(t, raw, step)
		})
	}
}

func (c sdkRequest) changeSignature(t *testing.T, raw []byte, step int) {
	t.Helper()
	start := bytes.Index(raw, []byte(c.Value))
	if start < 0 {
		start = bytes.Index(bytes.ToLower(raw), []byte(strings.ToLower(c.Value)))
	}
	for i := 0; i < len(c.Value); i += step {
		code, r, stderr := verifyRaw(t, c, change(raw, start+i))
		if code != exitUnverified || r == nil || r.Verdict != "undecodable" && r.Verdict != "unknown-key" && r.Verdict != "mismatch" || len(r.Findings) == 0 || r.Findings[0].Says == "" {
			t.Fatalf("byte %d of the signature changed: exit code %d, %+v\n%s", i, code, r, stderr)
		}
	}
}

// change replaces one byte by another that is allowed wherever it may stand.
func change(raw []byte, at int) []byte {
	changed := bytes.Clone(raw)
	changed[at] = 'x'
	if raw[at] == 'x' {
		changed[at] = 'y'
	}
	return changed
}

func TestVerifyContentOfCaptures(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range captures(t) {
		file := filepath.Join(dir, c.ID)
		if err := os.WriteFile(file, c.Content, 0o600); err != nil {
			t.Fatal(err)
		}
		key := c.KeyID + "=" + filepath.Join(testKeys, c.KeyID+".pub.spki.pem")
		for _, value := range []string{c.Value, "algorithm=RSA256,keyVersion=1,signature=" + c.Value} {
			code, stdout, stderr := in(t, map[string]string{"HOME": "/nonexistent"}, "", "verify", "--content", file, "--signature", value, "--key", key, "--json")
			if code != exitDone || !strings.Contains(stdout, base64.StdEncoding.EncodeToString(c.Content)) {
				t.Errorf("%s: exit code %d\n%s%s", c.ID, code, stdout, stderr)
			}
		}
		// As openssl dgst -sign writes it: the bytes themselves.
		plain, err := base64.StdEncoding.DecodeString(strings.NewReplacer("%2F", "/", "%2B", "+", "%3D", "=").Replace(c.Value))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file+".sig", plain, 0o600); err != nil {
			t.Fatal(err)
		}
		if code, _, stderr := in(t, map[string]string{"HOME": "/nonexistent"}, "", "verify", "--content", file, "--signature", "@"+file+".sig", "--key", key); code != exitDone {
			t.Errorf("%s, %s: exit code %d\n%s", c.ID, hex.EncodeToString(plain[:4]), code, stderr)
		}
	}
}
