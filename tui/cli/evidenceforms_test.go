package cli

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// signedHeaders are the headers of a request that the key client2048 signs over
// a body, in lines such as "Client-Id: C1".
func signedHeaders(t *testing.T, body string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testKeys, "client2048.pkcs8.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte("POST /v2/payments/pay\nC1.1733000111222." + body))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key.(*rsa.PrivateKey), crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return []string{"Client-Id: C1", "Request-Time: 1733000111222", "Content-Type: application/json; charset=UTF-8",
		"Signature: algorithm=RSA256, keyVersion=1, signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(sig))}
}

// A signed request verifies in whatever form people have it, and a body that is
// one byte longer does not.
func TestEvidenceForms(t *testing.T) {
	t.Parallel()
	const body = `{"id":"PR-8","order":"Nina's tea 茶 \"large\"","n":1.0}`
	const pay = "https://h.test/v2/payments/pay"
	headers := signedHeaders(t, body)
	with := func(before, sep, after string) string {
		var b strings.Builder
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			b.WriteString(before + name + sep + value + after)
		}
		return b.String()
	}
	crt := strings.NewReplacer(`\"`, `\\\"`, `"`, `\"`)
	for name, form := range map[string]func(body string) string{
		"curl": func(b string) string {
			return "$ curl '" + pay + "' \\\n" + with("  -H '", ": ", "' \\\n") + "  --data-raw '" + strings.ReplaceAll(b, "'", `'\''`) + "'\n"
		},
		"curl, quote not escaped": func(b string) string {
			return "curl '" + pay + "'" + with(" -H '", ": ", "'") + " -d '" + b + "' | jq ."
		},
		"cmd": func(b string) string {
			return "C:\\> curl \"" + pay + "\" ^\r\n" + with("  -H \"", ": ", "\" ^\r\n") + "  -d \"" + crt.Replace(b) + "\"\r\n"
		},
		"PowerShell": func(b string) string {
			return "$h = @{\n" + with("  '", "' = '", "'\n") + "}\n$b = @'\n" + b + "\n'@\nInvoke-RestMethod -Uri " + pay + " -Method Post -Headers $h -Body $b"
		},
		"wget": func(b string) string {
			return "wget -qO-" + with(" --header='", ": ", "'") + " --post-data=\"" + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(b) + "\" " + pay
		},
		"HTTPie": func(b string) string {
			return "printf %s '" + strings.ReplaceAll(b, "'", `'\''`) + "' | http POST " + pay + with(" '", ":", "'")
		},
		"fetch": func(b string) string {
			q, _ := json.Marshal(b)
			return "await fetch(\"" + pay + "\", {\n  \"headers\": {\n" + with("    \"", "\": \"", "\",\n") + "  },\n  \"body\": " + string(q) + ",\n  \"method\": \"POST\"\n});"
		},
		"http file": func(b string) string {
			return "### pay\nPOST " + pay + "\n" + with("", ": ", "\n") + "\n" + b + "\n\n###\nGET https://h.test/x\n"
		},
		"Postman": func(b string) string {
			q, _ := json.Marshal(b)
			list := strings.TrimSuffix(with(`{"key":"`, `","value":"`, `"},`), ",")
			return `{"info":{"schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[{"request":{"method":"POST","url":"` + pay + `","header":[` + list + `],"body":{"mode":"raw","raw":` + string(q) + `}}}]}`
		},
		"fence": func(b string) string {
			return "It fails:\n\n```http\nPOST " + pay + " HTTP/1.1\n" + with("", ": ", "\n") + "\n" + b + "\n```\n"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for sent, want := range map[string]string{body: "verified", strings.Replace(body, "PR-8", "PR-88", 1): "mismatch"} {
				file := filepath.Join(t.TempDir(), "evidence.txt")
				if err := os.WriteFile(file, []byte(form(sent)), 0o600); err != nil {
					t.Fatal(err)
				}
				code, stdout, stderr := in(t, map[string]string{"HOME": "/nonexistent"}, "", "verify", file, "--json",
					"--key", "merchant="+filepath.Join(testKeys, "client2048.pub.spki.pem"))
				var r document
				if err := json.Unmarshal([]byte(stdout), &r); err != nil || string(r.Verdict) != want {
					t.Errorf("%s: %s, exit code %d, %v\n%s\n%s", name, r.Verdict, code, err, stderr, form(sent))
				}
			}
		})
	}
}
