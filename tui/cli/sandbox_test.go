package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestSandboxServesAnotherProcess holds that what "countersign sandbox" prints
// is all that a client needs, payments included that an earlier command made.
func TestSandboxServesAnotherProcess(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, "", "--save")
	client := func(args ...string) string {
		code, stdout, stderr := s.client(t, s.Profile, append(args, "--json")...)
		if code != 0 {
			t.Fatalf("%v: exit code %d\n%s%s", args, code, stdout, stderr)
		}
		return stdout
	}
	client("send", "payments/pay")
	if line := <-s.logs; !strings.Contains(line, "POST /miniprogram/api/v2/payments/pay") || !strings.Contains(line, "A ACCEPT") {
		t.Errorf("logged %q", line)
	}
	answer := client("send", "payments/inquiryPayment", "-d", `{"partnerId":"{{profile.merchant_id}}","paymentId":"{{last.payments/pay.paymentId}}"}`)
	if !strings.Contains(answer, `PROCESSING`) {
		t.Errorf("the payment of an earlier command is not known: %s", answer)
	}
	<-s.logs
	if code := s.stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	_, list, _ := in(t, s.env, "", "history", "list", "--json")
	if n := strings.Count(list, `"origin": "sandbox"`); n != 2 {
		t.Errorf("%d exchanges of the sandbox were saved, want 2:\n%s", n, list)
	}
}

// startedSandbox is a "countersign sandbox" that runs in this process, with what it
// printed.
type startedSandbox struct {
	sandboxDetails
	env  map[string]string
	dir  string
	logs chan string
	stop func() int
}

func startSandbox(t *testing.T, config string, args ...string) *startedSandbox {
	t.Helper()
	dir := t.TempDir()
	if err := seedSandbox(testKeys, filepath.Join(dir, "data", "sandbox")); err != nil {
		t.Fatal(err)
	}
	s := &startedSandbox{dir: dir, logs: make(chan string, 100),
		env: map[string]string{"HOME": dir, "COUNTERSIGN_DATA": filepath.Join(dir, "data")}}
	if config != "" {
		s.env["COUNTERSIGN_CONFIG"] = filepath.Join(dir, "own.toml")
		if err := os.WriteFile(s.env["COUNTERSIGN_CONFIG"], []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	out, toOut := io.Pipe()
	logs, toLogs := io.Pipe()
	a := newApp(strings.NewReader(""), toOut, toLogs)
	a.env = func(name string) (string, bool) { v, ok := s.env[name]; return v, ok }
	done := make(chan int, 1)
	go func() {
		code := a.execute(ctx, append([]string{"sandbox", "--json"}, args...))
		_ = toOut.Close()
		_ = toLogs.Close()
		done <- code
	}()
	go func() {
		for l := bufio.NewScanner(logs); l.Scan(); {
			s.logs <- l.Text()
		}
		close(s.logs)
	}()
	if err := json.NewDecoder(out).Decode(&s.sandboxDetails); err != nil {
		t.Fatalf("%v: %s", err, <-s.logs)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	s.stop = sync.OnceValue(func() int {
		cancel()
		return <-done
	})
	t.Cleanup(func() { s.stop() })
	return s
}

// logged waits for a line.
func (s *startedSandbox) logged(t *testing.T, want string) {
	t.Helper()
	for {
		select {
		case line, ok := <-s.logs:
			if !ok {
				t.Fatalf("it ended without %q", want)
			}
			if strings.Contains(line, want) {
				return
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("no line has %q", want)
		}
	}
}

// client runs a command with the profile local of a configuration.
func (s *startedSandbox) client(t *testing.T, config string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	file := filepath.Join(s.dir, "client.toml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return in(t, s.env, "", append(args, "--config", file, "--profile", "local")...)
}

const payOnCashier = `{"partnerId":"P1","paymentRequestId":"R1","paymentOrderTitle":"Tea","paymentAmount":{"currency":"USD","value":"1250"},` +
	`"paymentFactor":{"isCashierPayment":true},"paymentNotifyUrl":"%s"}`

// The whole way: pay, approve from another terminal, and be notified by listen.
func TestSandboxNotifiesAfterApproval(t *testing.T) {
	t.Parallel()
	var taken atomic.Int32
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		taken.Add(1)
		_, _ = io.WriteString(w, `{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}`)
	}))
	defer hook.Close()
	s := startSandbox(t, "", "--notify", "--save")
	if code, stdout, stderr := s.client(t, s.Profile, "send", "v1/payments/pay", "-d", fmt.Sprintf(payOnCashier, hook.URL+"/notify")); code != 0 {
		t.Fatalf("%d\n%s%s", code, stdout, stderr)
	}
	for _, step := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"sandbox", "approve", "R2"}, 1, "there is no payment R2"},
		{[]string{"sandbox", "approve", "R1"}, 0, "Paid. The merchant is notified."},
		{[]string{"sandbox", "approve", "R1", "--refuse"}, 1, "R1 is decided"},
	} {
		code, stdout, stderr := in(t, s.env, "", step.args...)
		if code != step.code || !strings.Contains(stdout+stderr, step.says) {
			t.Errorf("%v: %d\n%s%s", step.args, code, stdout, stderr)
		}
	}
	s.logged(t, "notified "+hook.URL+"/notify  200 · S SUCCESS")
	if s.stop() != 0 || taken.Load() != 1 {
		t.Errorf("%d notifications", taken.Load())
	}
	_, list, _ := in(t, s.env, "", "history", "list", "--json")
	if n := strings.Count(list, `"origin": "sandbox"`); n != 2 || !strings.Contains(list, "v1/payments/notifyPayment") {
		t.Errorf("%d exchanges of the sandbox were saved, want 2:\n%s", n, list)
	}
	left, err := filepath.Glob(filepath.Join(s.dir, "data", "sandbox", "running", "*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// One's own client keeps its key, ids, header names and template; with TLS it has to
// trust the authority that is printed.
func TestSandboxForAProfile(t *testing.T) {
	t.Parallel()
	keys, err := filepath.Abs(testKeys)
	if err != nil {
		t.Fatal(err)
	}
	own := fmt.Sprintf(`[profiles.local]
base_url = "https://gw.example.com/openapi/api"
client_id = "5Y1234"
merchant_id = "M77"
key_version = 2
private_key = { file = %q }
peer_keys = { "1" = { file = %q } }
signed_path = "/api"
time_format = "iso"
signature_encoding = "base64"
header_spacing = "comma"
header_names = { signature = "X-Signature", client_id = "X-Client", request_time = "X-Time", response_time = "X-Answered" }
content_template = "{method}.{uri}.{client_id}.{time}.{body}"
`, filepath.Join(keys, "other2048.pkcs8.pem"), filepath.Join(keys, "server2048.pub.spki.pem"))
	s := startSandbox(t, own, "--profile", "local", "--tls")
	if s.PrivateKey != "" || s.ClientID != "5Y1234" || s.MerchantID != "M77" || !strings.HasPrefix(s.BaseURL, "https://127.0.0.1:") ||
		!strings.HasSuffix(s.BaseURL, "/openapi/api") || s.CAFile == "" || len(s.PeerPublicKeyBase64) < 300 {
		t.Errorf("%+v", s.sandboxDetails)
	}
	config := strings.Replace(own, "https://gw.example.com/openapi/api", s.BaseURL, 1)
	config = strings.Replace(config, "[profiles.local]", fmt.Sprintf("[profiles.local]\nca_file = %q", s.CAFile), 1)
	config = strings.Replace(config, filepath.Join(keys, "server2048.pub.spki.pem"), s.PeerPublicKey, 1)
	code, stdout, stderr := s.client(t, config, "send", "v1/payments/pay", "-d", fmt.Sprintf(payOnCashier, "https://merchant.example.com"))
	if code != 0 || !strings.Contains(stdout, "A ACCEPT · request verified · response verified") || !strings.Contains(stdout, "https://127.0.0.1:") {
		t.Errorf("%d\n%s%s", code, stdout, stderr)
	}
	s.logged(t, "POST /openapi/api/v1/payments/pay  200 · A ACCEPT · request verified")
}

// A key alone is enough, of which the public half is used, and any client then.
func TestSandboxForAKey(t *testing.T) {
	t.Parallel()
	keys, err := filepath.Abs(testKeys)
	if err != nil {
		t.Fatal(err)
	}
	s := startSandbox(t, "", "--client-key", filepath.Join(keys, "old2048.pkcs8.pem"), "--client-id", "any", "--merchant-id", "M1", "--preset", "ams",
		"--fault", "slow", "--fault", "RISK_REJECT", "--fail")
	if s.ClientID != "any" || s.MerchantID != "M1" || !strings.HasSuffix(s.BaseURL, "/ams/api") || strings.Join(s.Faults, " ") != "slow RISK_REJECT" || s.Profile != "" {
		t.Errorf("%+v", s.sandboxDetails)
	}
	if s.stop() != 0 {
		t.Error("nothing failed, and it says so")
	}
	for line := range s.logs {
		if strings.Contains(line, "private key") {
			t.Errorf("the client's own key is told to be the wrong one: %s", line)
		}
	}
	s = startSandbox(t, "", "--client-key", filepath.Join(keys, "old2048.pub.spki.pem"), "--client-id", "SANDBOX_1", "--preset", "ams", "--fail")
	config := fmt.Sprintf("[profiles.local]\nbase_url = %q\nclient_id = \"SANDBOX_1\"\nkey_version = 7\nprivate_key = { file = %q }\npeer_keys = { \"1\" = { file = %q } }\n",
		s.BaseURL, filepath.Join(keys, "old2048.pkcs8.pem"), s.PeerPublicKey)
	pay := `{"paymentRequestId":"R1","paymentAmount":{"currency":"USD","value":"40000"},"productCode":"CASHIER_PAYMENT"}`
	if code, stdout, stderr := s.client(t, config, "send", "v1/payments/pay", "-d", pay); code != 0 || !strings.Contains(stdout, "S SUCCESS · request verified") {
		t.Errorf("%d\n%s%s", code, stdout, stderr)
	}
	if code, _, _ := s.client(t, config, "send", "v1/payments/pay", "-d", pay, "--tamper", "wrong_key"); code != 0 {
		t.Errorf("refused on purpose: %d", code)
	}
	s.logged(t, "INVALID_SIGNATURE")
	if code := s.stop(); code != exitUnverified {
		t.Errorf("with --fail: %d", code)
	}
}
