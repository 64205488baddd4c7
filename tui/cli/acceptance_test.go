package cli

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/apiclient/probe"
	"countersign/apiclient/sandbox"
)

// merchantProgram builds the merchant's backend of testdata.
func merchantProgram(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "merchant")
	build := exec.Command("go", "build", "-o", binary, filepath.Join("testdata", "merchant", "main.go"))
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

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
	merchant := merchantProgram(t)
	dir, env := seededHome(t)
	superApp := superAppAt(t, env)
	keys := []string{"-client", sandbox.ClientID, "-key", filepath.Join(dir, "data", "sandbox", "merchant.pem"), "-peer",
		filepath.Join(dir, "data", "sandbox", "superapp.pub")}

	c := start(t, env, "capture", "--json", "--upstream", superApp)
	for _, test := range []struct{ mistake, verdict, cause string }{
		{"none", "verified", ""},
		{"path", "mismatch", "path_prefix_missing"},
		{"newline", "mismatch", "body_trailing_newline"},
		{"sorted", "mismatch", "body_key_order_changed"},
		{"wrong-time", "mismatch", "time_seconds_signed"},
		{"plain-base64", "verified", ""},
	} {
		out, err := exec.Command(merchant, append(keys, "-base", c.at+sandbox.Prefix, "-mistake", test.mistake)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		w := c.next(t)
		if w.Sent.Verdict != test.verdict || w.Received.Verdict != "verified" {
			t.Errorf("%s: %+v\n%s", test.mistake, w, out)
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
			told := filepath.Join(t.TempDir(), "told.txt")
			handler := serving(t, merchant, append(keys, "-log", told, "-mistake", test.mistake)...)
			l := start(t, env, "listen", "--json", "--forward-to", handler, "--told", "@"+told)
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

	// The handler that verifies and looks at nothing else takes what is stale; the
	// one that verifies nothing takes all.
	for mistake, accepted := range map[string][]string{"none": {"time_day_old"}, "accepts-all": {"time_day_old", "signature_missing", "wrong_key"}} {
		code, out, stderr := in(t, env, "", "probe", serving(t, merchant, append(keys, "-mistake", mistake)...)+"/hooks/pay", "--json", "--no-save")
		var report probeDocument
		if err := json.Unmarshal([]byte(out), &report); err != nil || code != 1 {
			t.Fatalf("%s: exit code %d, %v\n%s", mistake, code, err, stderr)
		}
		failed := map[string]bool{}
		for _, p := range report.Probes {
			failed[p.Name] = p.Mark == probe.Failed
		}
		for _, name := range []string{"time_day_old", "signature_missing", "wrong_key"} {
			if failed[name] != slices.Contains(accepted, name) {
				t.Errorf("%s: %s failed: %v", mistake, name, failed[name])
			}
		}
	}
}

// serving starts the merchant's handler, and returns its address.
func serving(t *testing.T, merchant string, args ...string) string {
	t.Helper()
	handler := exec.Command(merchant, append(args, "-serve")...)
	out, err := handler.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := handler.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = handler.Process.Kill(); _ = handler.Wait() })
	at := bufio.NewScanner(out)
	if !at.Scan() {
		t.Fatal("it does not serve")
	}
	return at.Text()
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
