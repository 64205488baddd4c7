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
	"regexp"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/sandbox"
	"countersign/apiclient/watch"
)

// background is a command that runs on: where it listens, and the lines of its
// standard output.
type background struct {
	at   string
	out  *bufio.Scanner
	stop func() (code int, stderr string)
}

var address = regexp.MustCompile(`https?://127\.0\.0\.1:\d+`)

// start runs a command until stop is called.
func start(t *testing.T, env map[string]string, args ...string) background {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, toOut := io.Pipe()
	logs, toLogs := io.Pipe()
	a := newApp(strings.NewReader(""), toOut, toLogs)
	a.env = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	done := make(chan int, 1)
	go func() {
		code := a.execute(ctx, args)
		_ = toOut.Close()
		_ = toLogs.Close()
		done <- code
	}()
	at := make(chan string, 1)
	var all strings.Builder
	read := make(chan struct{})
	go func() {
		defer close(read)
		for s := bufio.NewScanner(logs); s.Scan(); {
			all.WriteString(s.Text() + "\n")
			if url := address.FindString(s.Text()); url != "" {
				select {
				case at <- url:
				default:
				}
			}
		}
	}()
	b := background{out: bufio.NewScanner(out)}
	b.out.Buffer(nil, 1<<20)
	b.stop = func() (int, string) {
		cancel()
		code := <-done
		<-read
		return code, all.String()
	}
	select {
	case b.at = <-at:
	case <-time.After(20 * time.Second):
		cancel()
		t.Fatal("it does not say where it listens")
	}
	return b
}

// watched is what capture --json and listen --json print of an exchange.
type watched struct {
	Origin    string
	Sent      struct{ Verdict string }
	Received  struct{ Verdict string }
	Result    struct{ Status string }
	Diagnosis *struct {
		Verdict  string
		Findings []struct {
			Cause  string
			Proven bool
			Fix    string
		}
	}
}

func (b background) next(t *testing.T) watched {
	t.Helper()
	if !b.out.Scan() {
		t.Fatal("nothing more is printed")
	}
	var w watched
	if err := json.Unmarshal(b.out.Bytes(), &w); err != nil {
		t.Fatalf("%v: %.200s", err, b.out.Bytes())
	}
	return w
}

// seededHome is a home in which the sandbox has the test keys.
func seededHome(t *testing.T) (dir string, env map[string]string) {
	t.Helper()
	dir = t.TempDir()
	if err := seedSandbox(testKeys, filepath.Join(dir, "data", "sandbox")); err != nil {
		t.Fatal(err)
	}
	return dir, map[string]string{"HOME": dir, "COUNTERSIGN_DATA": filepath.Join(dir, "data"), "TEST_KEYS": testKeys}
}

// A backend pays through capture: what is right verifies, its mistake is named,
// and both are in the history.
func TestCapture(t *testing.T) {
	t.Parallel()
	dir, env := seededHome(t)
	superApp := newApp(strings.NewReader(""), io.Discard, io.Discard)
	superApp.env = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	t.Cleanup(superApp.close)
	server, err := superApp.server()
	if err != nil {
		t.Fatal(err)
	}
	c := start(t, env, "capture", "--json", "--upstream", "http://"+server.Addr, "--strip-prefix", "/local")
	config := filepath.Join(dir, "config.toml")
	profile := fmt.Sprintf("[profiles.backend]\nbase_url = %q\nclient_id = %q\nmerchant_id = %q\nprivate_key = { file = %q }\n"+
		"peer_keys = { \"1\" = { file = %q } }\n", c.at+sandbox.Prefix, sandbox.ClientID, sandbox.MerchantID,
		filepath.Join(dir, "data", "sandbox", "merchant.pem"), filepath.Join(dir, "data", "sandbox", "superapp.pub"))
	if err := os.WriteFile(config, []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	pay := func(more ...string) {
		in(t, env, "", append([]string{"send", "payments/pay", "--config", config, "--profile", "backend", "--no-save"}, more...)...)
	}
	pay()
	if w := c.next(t); w.Origin != "capture" || w.Sent.Verdict != "verified" || w.Received.Verdict != "verified" || w.Diagnosis != nil {
		t.Errorf("%+v", w)
	}
	pay("--tamper", "path_prefix_missing")
	if w := c.next(t); w.Diagnosis == nil || len(w.Diagnosis.Findings) == 0 || w.Diagnosis.Findings[0].Cause != "path_prefix_missing" ||
		!w.Diagnosis.Findings[0].Proven {
		t.Errorf("%+v", w)
	}
	code, stderr := c.stop()
	if code != 0 || !strings.Contains(stderr, "2 passed, 1 failed") {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
	_, list, _ := in(t, env, "", "history", "list", "--json")
	if n := strings.Count(list, `"origin": "capture"`); n != 2 {
		t.Errorf("%d exchanges were saved, not 2:\n%s", n, list)
	}
}

// A callback is verified and answered as --reply says, or handed to a handler whose
// answer is checked.
func TestListen(t *testing.T) {
	t.Parallel()
	dir, env := seededHome(t)
	handler := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.RequestURI != "/mine" {
			t.Errorf("asked for %s", r.RequestURI)
		}
		_, _ = io.WriteString(w, `{"result":{"resultStatus":"S"}}`)
	}))
	t.Cleanup(handler.Close)
	for name, test := range map[string]struct {
		args             []string
		received, result string
	}{
		"success":   {nil, "verified", "S"},
		"unknown":   {[]string{"--reply", "U"}, "verified", "U"},
		"unsigned":  {[]string{"--reply", "unsigned"}, "unsigned", "S"},
		"wrong key": {[]string{"--reply", "wrong-key"}, "unknown-key", "S"},
		"handler":   {[]string{"--forward-to", handler.URL + "/mine"}, "unsigned", "S"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := start(t, env, append([]string{"listen", "--json", "--no-save"}, test.args...)...)
			config := filepath.Join(t.TempDir(), "config.toml")
			profile := fmt.Sprintf("[profiles.superapp]\nbase_url = %q\nallow_http = true\nclient_id = %q\nprivate_key = { file = %q }\n"+
				"peer_keys = { \"1\" = { file = %q } }\n", l.at, sandbox.ClientID,
				filepath.Join(dir, "data", "sandbox", "superapp.pem"), filepath.Join(dir, "data", "sandbox", "merchant.pub"))
			if err := os.WriteFile(config, []byte(profile), 0o600); err != nil {
				t.Fatal(err)
			}
			in(t, env, "", "send", "-X", "POST", "/hooks/pay", "-d", `{"paymentId":"1"}`, "--config", config, "--profile", "superapp", "--no-save")
			if w := l.next(t); w.Origin != "listen" || w.Sent.Verdict != "verified" || w.Received.Verdict != test.received || w.Result.Status != test.result {
				t.Errorf("%+v", w)
			}
			if code, stderr := l.stop(); code != 0 {
				t.Errorf("exit code %d\n%s", code, stderr)
			}
		})
	}
}

// Answers of listen follow the settings of the profile, as requests do.
func TestListenAnswersByTheProfile(t *testing.T) {
	t.Parallel()
	a := newApp(strings.NewReader(""), io.Discard, io.Discard)
	_, env := seededHome(t)
	a.env = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	p, err := a.sandboxProfile()
	if err != nil {
		t.Fatal(err)
	}
	p.TimeFormat, p.CompactHeader = apiclient.ISO, true
	reply, err := watch.Replier(p, "S", a.now)
	if err != nil {
		t.Fatal(err)
	}
	m := reply(&apiclient.Exchange{Request: apiclient.Message{Line: "POST /hooks HTTP/1.1"}}).Message
	if _, err := time.Parse(time.RFC3339, m.Get("Response-Time")); err != nil {
		t.Errorf("the time is %q", m.Get("Response-Time"))
	}
	if h := m.Get("Signature"); strings.Contains(h, ", ") {
		t.Errorf("the header is %q", h)
	}
}
