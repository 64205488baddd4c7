package watch_test

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countersign/apiclient/capture"
	"countersign/apiclient/signing"
	"countersign/apiclient/signing/signingtest"
	"countersign/apiclient/watch"
)

// needs skips a test where a program is not on the machine.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skip(p + " is not on this machine")
		}
	}
}

func clientKey(t testing.TB) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "keys", "testdata", "client2048.pkcs8.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// body is one that no serialiser writes like this.
const body = `{ "memo":"付款 é \u00e9", "a": 1.0 }`

// verifiedBoth wants n exchanges of which both signatures verify.
func verifiedBoth(t *testing.T, seen chan watch.Seen, n int) {
	t.Helper()
	for range n {
		select {
		case s := <-seen:
			if !s.SentVerdict.OK() || !s.Received.OK() {
				t.Errorf("%s %+v\n%s %+v\n%s", s.Request.HeadBytes(), s.SentVerdict.Reason, s.Response.HeadBytes(), s.Received.Reason, s.Err)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("nothing is seen")
		}
	}
}

// Clients as people have them pay through the proxy: chunked and not, on kept
// connections, with Upgrade to HTTP/2, with an Expect.
func TestClientsOfOtherLanguages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		needs []string
		run   []string // BASE, KEY, BODY and COUNT follow
	}{
		"Node":   {[]string{"node"}, []string{"node", "testdata/client.mjs"}},
		"Python": {[]string{"python3", "openssl"}, []string{"python3", "testdata/client.py"}},
		"Java":   {[]string{"java", "javac"}, []string{"java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "testdata/Client.java"}},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "Java" && !signingtest.Every() {
				t.Skip("takes seconds to compile: COUNTERSIGN_EVERY_CASE=1 does")
			}
			needs(t, test.needs...)
			p := merchant(t)
			up := superApp(t, key(t, "server2048"), []byte(`{"result":{"resultStatus":"S"}}`), nil)
			at, _, seen := station(t, p, func(c *capture.Config) { c.Upstream = up })
			args := append(test.run[1:], at+"/api/v2/payments/pay", clientKey(t), body, "3")
			if out, err := exec.Command(test.run[0], args...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			verifiedBoth(t, seen, 3)
		})
	}
	t.Run("curl", func(t *testing.T) {
		needs(t, "curl")
		p := merchant(t)
		up := superApp(t, key(t, "server2048"), []byte(`{}`), nil)
		unspoken := make(chan error, 1)
		at, _, seen := station(t, p, func(c *capture.Config) { c.Upstream, c.Unspoken = up, func(err error) { unspoken <- err } })
		proof, err := signing.Sign(p.Key, fmt.Appendf(nil, "POST /api/x\nC1.1682060290100.%s", body), signing.Style{KeyVersion: "1"})
		if err != nil {
			t.Fatal(err)
		}
		signed := []string{"-sS", "--fail", "-H", "Client-Id: C1", "-H", "Request-Time: 1682060290100", "-H", "Signature: " + proof.Header}
		for _, more := range [][]string{{}, {"-H", "Expect: 100-continue"}, {"-H", "Transfer-Encoding: chunked"}, {"--http1.0"}, {"--compressed"}} {
			args := append(append(signed[:len(signed):len(signed)], more...), "--data-binary", body, at+"/api/x")
			if out, err := exec.Command("curl", args...).CombinedOutput(); err != nil {
				t.Errorf("%v: %v\n%s", more, err, out)
			}
		}
		verifiedBoth(t, seen, 5)
		out, _ := exec.Command("curl", "-sS", "--http2-prior-knowledge", at+"/").CombinedOutput()
		select {
		case err := <-unspoken:
			if !strings.Contains(err.Error(), "HTTP/2") {
				t.Errorf("%v\n%s", err, out)
			}
		default:
			t.Errorf("nothing is said\n%s", out)
		}
	})
}

// nginx starts one with the lines of its servers, and returns its address.
func nginx(t *testing.T, servers string) string {
	t.Helper()
	needs(t, "nginx")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	_ = l.Close()
	dir := t.TempDir()
	config := fmt.Sprintf("daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log;\nevents {}\nhttp {\n access_log off;\n"+
		"client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;\n"+
		"server { listen %[2]s; %[3]s }\n}\n", dir, at, servers)
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("nginx", "-e", filepath.Join(dir, "error.log"), "-c", file)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	for range 200 {
		if conn, err := net.Dial("tcp", at); err == nil {
			_ = conn.Close()
			return "http://" + at
		}
		time.Sleep(20 * time.Millisecond)
	}
	data, _ := os.ReadFile(filepath.Join(dir, "error.log"))
	t.Fatalf("nginx does not listen: %s", data)
	return ""
}

// nginx behind the proxy, as a gateway of the Super App's: it rewrites a prefix,
// compresses, and keeps connections.
func TestNginxBehind(t *testing.T) {
	t.Parallel()
	needs(t, "nginx")
	p := merchant(t)
	answer := []byte(`{"result":{"resultStatus":"S"},"memo":"` + strings.Repeat("long ", 500) + `"}`)
	up := superApp(t, key(t, "server2048"), answer, nil)
	gateway := nginx(t, fmt.Sprintf("gzip on; gzip_min_length 1; gzip_types *; gzip_proxied any; location /gw/ { proxy_pass %s/; proxy_http_version 1.1; }", up))
	u, _ := url.Parse(gateway + "/gw")
	at, _, seen := station(t, p, func(c *capture.Config) { c.Upstream = u })
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	for range 3 { // on one connection
		proof, err := signing.Sign(p.Key, fmt.Appendf(nil, "POST /api/x\nC1.1682060290100.%s", body), signing.Style{KeyVersion: "1"})
		if err != nil {
			t.Fatal(err)
		}
		r, _ := http.NewRequest(http.MethodPost, at+"/api/x", strings.NewReader(body))
		r.Header = http.Header{"Client-Id": {"C1"}, "Request-Time": {"1682060290100"}, "Signature": {proof.Header}, "Accept-Encoding": {"gzip"}}
		got, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = got.Body.Close()
		s := <-seen
		if s.Response.Get("Content-Encoding") != "gzip" || !strings.Contains(s.Response.Get("Server"), "nginx") {
			t.Errorf("%s", s.Response.HeadBytes())
		}
		// The proxy asks nginx for /gw/api/x, and the client has signed /api/x: that is told.
		if found := causes(s.Exchange); s.SentVerdict.OK() || !strings.Contains(strings.Join(found, " "), "path_mapped_by_capture") {
			t.Errorf("%v %v", s.SentVerdict, found)
		}
		if string(s.Response.Decoded) != string(answer) {
			t.Errorf("%d bytes are decoded", len(s.Response.Decoded))
		}
	}
}

// nginx before the proxy, as the merchant's way out: what it does to the request is
// what the proxy sees, and passes on.
func TestNginxBefore(t *testing.T) {
	t.Parallel()
	needs(t, "nginx")
	p := merchant(t)
	up := superApp(t, key(t, "server2048"), []byte(`{}`), nil)
	at, _, seen := station(t, p, func(c *capture.Config) { c.Upstream = up })
	out := nginx(t, fmt.Sprintf("location /out/ { proxy_pass %s/; proxy_http_version 1.1; proxy_set_header Connection \"\"; }", at))
	for range 3 {
		ask(t, out, "/out/api/x", []byte(body), p.Key, "/api/x") // signed for what the Super App is asked for
	}
	verifiedBoth(t, seen, 3)
	ask(t, out, "/out/api/x", []byte(body), p.Key, "/out/api/x")
	if s := <-seen; s.SentVerdict.Status != signing.Mismatch || s.Request.Path() != "/api/x" {
		t.Errorf("%+v", s.SentVerdict)
	}
}
