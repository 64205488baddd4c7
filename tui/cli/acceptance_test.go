package cli

import (
	"bufio"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/apiclient/probe"
	"countersign/apiclient/sandbox"
)

// superAppAt starts the built-in Super App of a home, and returns its address.
func superAppAt(t *testing.T, env map[string]string) string {
	t.Helper()
	a := newApp(strings.NewReader(""), io.Discard, io.Discard)
	a.env = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	t.Cleanup(a.close)
	server, err := a.server()
	if err != nil {
		t.Fatal(err)
	}
	return "http://" + server.Addr
}

// A merchant's backend pays through capture, is notified through listen, and is probed. Each
// mistake in its signing is explained by name; all is in the history, verified or
// explained.
func TestAMerchantIsWatched(t *testing.T) {
	t.Parallel()
	dir, env := seededHome(t)
	superApp := superAppAt(t, env)
	merchant := func(mistake string) backend {
		at := func(name string) string { return filepath.Join(dir, "data", "sandbox", name) }
		return backend{client: sandbox.ClientID, keyFile: at("merchant.pem"), pubFile: at("superapp.pub"), mistake: mistake}
	}

	c := start(t, env, "capture", "--json", "--upstream", superApp)
	for _, test := range []struct{ mistake, verdict, cause string }{
		{"none", "verified", ""},
		{"path", "mismatch", "path_prefix_missing"},
		{"newline", "mismatch", "body_trailing_newline"},
		{"sorted", "mismatch", "body_key_order_changed"},
		{"wrong-time", "mismatch", "time_seconds_signed"},
		{"plain-base64", "verified", ""},
	} {
		answered := merchant(test.mistake).pay(c.at + sandbox.Prefix)
		w := c.next(t)
		if !answered || w.Sent.Verdict != test.verdict || w.Received.Verdict != "verified" {
			t.Errorf("%s: %v, %+v", test.mistake, answered, w)
		}
		if test.cause == "" {
			if w.Diagnosis != nil {
				t.Errorf("%s: %+v", test.mistake, w.Diagnosis)
			}
			continue
		}
		if w.Diagnosis == nil || len(w.Diagnosis.Findings) == 0 || w.Diagnosis.Findings[0].Cause != test.cause || !w.Diagnosis.Findings[0].Proven {
			t.Errorf("%s: %+v", test.mistake, w.Diagnosis)
		}
	}
	if code, stderr := c.stop(); code != 0 || !strings.Contains(stderr, "6 passed, 4 failed") {
		t.Errorf("exit code %d\n%s", code, stderr)
	}

	for _, test := range []struct{ mistake, request, response, cause, fix string }{
		{"none", "verified", "verified", "", ""},
		{"parsed-body", "verified", "verified", "body_", "countersign help raw-body"},
		{"unsigned-answer", "verified", "unsigned", "", ""},
	} {
		t.Run(test.mistake, func(t *testing.T) {
			b := merchant(test.mistake)
			b.logFile = filepath.Join(t.TempDir(), "told.txt")
			l := start(t, env, "listen", "--json", "--forward-to", serving(t, b), "--told", "@"+b.logFile)
			in(t, env, "", "notify", l.at+"/hooks/pay", "-d", `{"paymentId": "1", "amount": {"value": "10", "currency": "USD"}}`, "--no-save")
			w := l.next(t)
			if w.Sent.Verdict != test.request || w.Received.Verdict != test.response {
				t.Errorf("%+v", w)
			}
			if test.cause != "" && (w.Diagnosis == nil || len(w.Diagnosis.Findings) == 0 || !strings.HasPrefix(w.Diagnosis.Findings[0].Cause, test.cause) ||
				!strings.Contains(w.Diagnosis.Findings[0].Fix, test.fix)) {
				t.Errorf("%+v", w.Diagnosis)
			}
			if code, stderr := l.stop(); code != 0 {
				t.Errorf("exit code %d\n%s", code, stderr)
			}
		})
	}

	_, list, _ := in(t, env, "", "history", "list", "--json")
	if c, l := strings.Count(list, `"origin": "capture"`), strings.Count(list, `"origin": "listen"`); c != 6 || l != 3 {
		t.Errorf("%d and %d are in the history", c, l)
	}

	// The handler that verifies and looks at nothing else takes what is stale.
	code, out, stderr := in(t, env, "", "probe", serving(t, merchant("none"))+"/hooks/pay", "--json", "--no-save")
	var report probeDocument
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != 1 {
		t.Fatalf("exit code %d, %v\n%s", code, err, stderr)
	}
	for _, p := range report.Probes {
		want, watched := map[string]bool{"time_day_old": true, "signature_missing": false, "wrong_key": false}[p.Name]
		if failed := p.Mark == probe.Failed; watched && failed != want {
			t.Errorf("%s failed: %v", p.Name, failed)
		}
	}
}

// serving starts the merchant's handler, and returns its address.
func serving(t *testing.T, b backend) string {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(b.notified))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}

// A capture that is killed at any moment has recorded each exchange that it told.
func TestAKilledCaptureLosesNothingItTold(t *testing.T) {
	t.Parallel()
	dir, env := seededHome(t)
	upstream := superAppAt(t, env)
	command := exec.Command("countersign", "capture", "--json", "--upstream", upstream)
	command.Env = append(os.Environ(), "HOME="+dir, "COUNTERSIGN_DATA="+env["COUNTERSIGN_DATA"])
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	logs, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = command.Process.Kill() }()
	at := ""
	for s := bufio.NewScanner(logs); at == "" && s.Scan(); {
		at = address.FindString(s.Text())
	}
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			client := &http.Client{Timeout: 5 * time.Second}
			for {
				select {
				case <-stop:
					return
				default:
				}
				answer, err := client.Post(at+"/x", "application/json", strings.NewReader(`{}`))
				if err != nil {
					return // it was killed
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
			}
		})
	}
	var told []string
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e struct{ ID string }
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			break // cut off by the kill
		}
		if told = append(told, e.ID); len(told) == 50 {
			_ = command.Process.Kill()
		}
	}
	close(stop)
	clients.Wait()
	_ = command.Wait()
	if len(told) < 50 {
		t.Fatalf("%d were told", len(told))
	}
	a := newApp(strings.NewReader(""), io.Discard, io.Discard)
	a.env = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	defer a.close()
	store, err := a.store()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range told {
		if _, err := store.Get(t.Context(), id); err != nil {
			t.Errorf("%s was told and is not there: %v", id, err)
		}
	}
}
