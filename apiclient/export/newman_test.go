package export

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/redact"
	"countersign/apiclient/signing"
)

// newman, the runner of Postman, sends what verifies by the rule, with what is
// secret taken from its variables.
func TestNewman(t *testing.T) {
	t.Parallel()
	newman, err := exec.LookPath("newman")
	if err != nil {
		t.Skip("newman is not on this machine")
	}
	key := privateKey(t, "client2048")
	pem, err := os.ReadFile(keyFile("client2048.pkcs8.pem"))
	if err != nil {
		t.Fatal(err)
	}
	for i, style := range styles[:4] {
		if i > 1 && !everything {
			break // newman takes seconds to start
		}
		p := style.profile
		rule, err := p.Rule()
		if err != nil {
			t.Fatal(err)
		}
		body := []byte("{\r\n \"accessToken\": \"TOKEN-123456\", \"a\": \"é 💳 \\u0041\"\n}\n")
		names := p.HeaderNames
		const target = "/miniprogram/api/v2/pay?b=%2f&a=x+y&a=%E4%BD%A0"
		var problems []string
		got := 0
		s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got++
			arrived, _ := io.ReadAll(r.Body)
			c := signing.Content{Method: r.Method, Target: target, ClientID: r.Header.Get(names.Of("Client-Id")), Time: r.Header.Get(names.Of("Request-Time")),
				Body: arrived, RequestID: r.Header.Get(names.Of("Request-Id")), MerchantID: "M-1"}
			v := signing.Verify(signing.Check{Canonical: rule.RequestTemplate.Canonical(c), Headers: r.Header.Values(names.Of("Signature")),
				Expected: []signing.Key{{ID: "k", Public: &key.PublicKey}}})
			if !v.OK() || !bytes.Equal(arrived, body) || r.RequestURI != target {
				problems = append(problems, fmt.Sprintf("%s; %q; %q", v.Reason, v.Canonical, r.RequestURI))
			}
			if _, format, err := apiclient.ParseTime(c.Time); err != nil || p.TimeFormat != "" && format != p.TimeFormat {
				problems = append(problems, fmt.Sprintf("the time %q is %s", c.Time, format))
			}
		}))
		e := vector{Method: "POST", URI: target, ClientID: "C-1", Body: body}.exchange(s.URL)
		for i, f := range e.Request.Header {
			e.Request.Header[i].Name = names.Of(f.Name)
		}
		e.MerchantID, e.Request.Header = "M-1", e.Request.Header[:len(e.Request.Header)-1]
		redactor := redact.Reveal()
		if i%2 == 1 {
			redactor = redact.Redactor{}
		}
		f, _ := FormatNamed("postman")
		out, err := f.Write(Input{Exchange: e, Profile: p, Redactor: redactor})
		if err != nil {
			t.Fatal(err)
		}
		if !redactor.Reveals() && bytes.Contains(out.Data, []byte("TOKEN-123456")) {
			t.Error("the token is in the collection")
		}
		file := filepath.Join(t.TempDir(), "c.json")
		if err := os.WriteFile(file, out.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		// The key as it stands in a variable of one line.
		c := exec.CommandContext(t.Context(), newman, "run", file, "--env-var", "private_key="+strings.ReplaceAll(string(pem), "\n", `\n`), "--env-var", "ACCESS_TOKEN=TOKEN-123456")
		c.Env = append(os.Environ(), "no_proxy=*", "NO_PROXY=*")
		said, err := c.CombinedOutput()
		s.Close()
		if err != nil || got != 1 || len(problems) > 0 {
			t.Errorf("%s: %v, %d requests, %q\n%s", style.name, err, got, problems, said)
		}
	}
}
