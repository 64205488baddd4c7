package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSandboxServesAnotherProcess holds that what "countersign sandbox" prints
// is all that a client needs, payments included that an earlier command made.
func TestSandboxServesAnotherProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := seedSandbox(testKeys, filepath.Join(dir, "data", "sandbox")); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"HOME": dir, "COUNTERSIGN_DATA": filepath.Join(dir, "data")}
	ctx, stop := context.WithCancel(t.Context())
	out, toOut := io.Pipe()
	logs, toLogs := io.Pipe()
	a := newApp(strings.NewReader(""), toOut, toLogs)
	a.env = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	done := make(chan int, 1)
	go func() {
		code := a.execute(ctx, []string{"sandbox", "--json", "--save"})
		_ = toOut.Close() // who still reads gets an end, not a wait
		_ = toLogs.Close()
		done <- code
	}()

	var details sandboxDetails
	if err := json.NewDecoder(out).Decode(&details); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // a pipe's writer waits until all is read
	file := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(file, []byte(details.Profile), 0o600); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 10)
	go func() {
		for s := bufio.NewScanner(logs); s.Scan(); {
			lines <- s.Text()
		}
		close(lines)
	}()
	client := func(args ...string) string {
		code, stdout, stderr := in(t, env, "", append(args, "--config", file, "--profile", "local", "--json")...)
		if code != 0 {
			t.Fatalf("%v: exit code %d\n%s%s", args, code, stdout, stderr)
		}
		return stdout
	}
	client("send", "payments/pay")
	if line := <-lines; !strings.Contains(line, "POST /miniprogram/api/v2/payments/pay") || !strings.Contains(line, "A ACCEPT") {
		t.Errorf("logged %q", line)
	}
	answer := client("send", "payments/inquiryPayment", "-d", `{"partnerId":"{{profile.merchant_id}}","paymentId":"{{last.payments/pay.paymentId}}"}`)
	if !strings.Contains(answer, `PROCESSING`) {
		t.Errorf("the payment of an earlier command is not known: %s", answer)
	}
	<-lines
	stop()
	if code := <-done; code != 0 {
		t.Errorf("exit code %d", code)
	}
	_, list, _ := in(t, env, "", "history", "list", "--json")
	if n := strings.Count(list, `"origin": "sandbox"`); n != 2 {
		t.Errorf("%d exchanges of the sandbox were saved, want 2:\n%s", n, list)
	}
}
