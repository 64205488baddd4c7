package export

import (
	"bytes"
	"context"
	"crypto/rsa"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/evidence"
	"countersign/apiclient/keys"
	"countersign/apiclient/redact"
)

// received takes one request as it is on the wire, answers it and returns it.
func received(t *testing.T, listener net.Listener) <-chan []byte {
	t.Helper()
	arrived := make(chan []byte, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		var all []byte
		room := make([]byte, 64<<10)
		for {
			n, err := conn.Read(room)
			all = append(all, room[:n]...)
			if head, body, ok := bytes.Cut(all, []byte("\r\n\r\n")); ok && len(body) >= announced(head) || err != nil {
				break
			}
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		arrived <- all
	}()
	return arrived
}

func announced(head []byte) int {
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && strings.EqualFold(string(name), "Content-Length") {
			n := 0
			for _, c := range bytes.TrimSpace(value) {
				n = n*10 + int(c-'0')
			}
			return n
		}
	}
	return 0
}

// lines are the head of a request without what curl and the client each write
// for themselves.
func lines(head string) []string {
	all := strings.Split(head, "\r\n")
	for i := range all {
		all[i] = strings.TrimRight(all[i], " ") // of a header without a value
	}
	return slices.DeleteFunc(all, func(line string) bool {
		name, _, _ := strings.Cut(strings.ToLower(line), ":")
		return name == "content-length" || name == "connection"
	})
}

// merchant returns a client with keys of the tests.
func merchant(t *testing.T) *apiclient.Client {
	t.Helper()
	read := func(name string) *rsa.PrivateKey {
		data, err := os.ReadFile(filepath.Join("../keys/testdata", name+".pkcs8.pem"))
		if err != nil {
			t.Fatal(err)
		}
		k, err := keys.ParsePrivate(context.Background(), data, nil)
		if err != nil {
			t.Fatal(err)
		}
		return k.Key
	}
	stranger := read("other2048")
	c, err := apiclient.New(apiclient.Profile{Name: "sandbox", BaseURL: "http://superapp.test/miniprogram/api", AllowHTTP: true,
		ClientID: "C-1", MerchantID: "M-1", KeyVersion: "1", Key: read("client2048")},
		apiclient.Options{MakeKey: func() (*rsa.PrivateKey, error) { return stranger, nil }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tampered are drafts with what is wrong on purpose and not in the signature alone,
// as much at once as goes together.
func tampered(plain apiclient.Draft) map[string]apiclient.Draft {
	var sets [][]apiclient.Tamper
next:
	for _, s := range apiclient.Tampers() {
		if s.Where == apiclient.InString || s.Where == apiclient.InSignature {
			continue // another signature, and the same in all else
		}
		for i, set := range sets {
			if !slices.ContainsFunc(set, s.Excludes) {
				sets[i] = append(set, s)
				continue next
			}
		}
		sets = append(sets, []apiclient.Tamper{s})
	}
	drafts := map[string]apiclient.Draft{}
	for _, set := range sets {
		d := plain
		for _, s := range set {
			d.Tamper = append(d.Tamper, s.Name)
		}
		drafts["tampered: "+strings.Join(d.Tamper, ", ")] = d
	}
	return drafts
}

// The curl command of a request puts on the wire what was signed and sent: the
// same request line, the same headers in the same order, the same body, in
// whichever shell there is.
func TestCurlPutsTheSameOnTheWire(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl here")
	}
	plain := func(body string) apiclient.Draft {
		return apiclient.Draft{Method: "POST", Target: "/v2/payments/pay", Body: []byte(body)}
	}
	drafts := tampered(plain(`{"a":1}`))
	for name, d := range map[string]apiclient.Draft{
		"none":         plain(""),
		"a file":       plain("@/etc/hostname"),
		"at a line":    plain("\n@x"),
		"quotes":       plain(`it's "so" \n $HOME ` + "`id` !! %s %% \\x41 \\"),
		"line ends":    plain("a\r\nb\n\rc\n"),
		"NUL":          plain("a\x00b\x001\x00\\"),
		"NUL at first": plain("\x00"),
		"odd bytes":    plain("\xff\xfe'\x01\x7f\u0085\u202e\u200b9"),
		"NUL and odd":  plain("\x00\xff'%\\n\n1"),
		"large":        plain(strings.Repeat("0123456789abcdef'", 10_000)),
		"large, odd":   plain(strings.Repeat("0123456789abcde\xff\x00", 10_000)),
		"very large":   plain(strings.Repeat("x", 3<<20)), // more than all arguments of a program may be
		"braces":       {Method: "POST", Target: "/v2/{{x}}/[1-3]?q={a,b}&r=%5B", Body: []byte("{}")},
		"dots":         {Method: "PUT", Target: "/v2/../a/./b//c?x='y'", Body: []byte("{}")},
		"GET":          {Method: "GET", Target: "/v2/x"},
		"headers": {Method: "POST", Target: "/x", Body: []byte("{}"), Omit: []string{"Content-Type", "Client-Id", "User-Agent"},
			Header: []apiclient.Field{{Name: "X-Empty"}, {Name: "X-Quote", Value: `a'b"c\`}, {Name: "X-At", Value: "@x"}, {Name: "X-Two", Value: "1"}, {Name: "X-Two", Value: "2;"}, {Name: "Expect", Value: "x"}, {Name: "X-Odd", Value: "\xe9\u00e9"}, {Name: "Accept", Value: "a"}}},
		"another host": {Method: "POST", Target: "/x", Body: []byte("{}"), Header: []apiclient.Field{{Name: "Host", Value: "other.test:8"}}},
	} {
		drafts[name] = d
	}
	curl, err := FormatNamed("curl")
	if err != nil {
		t.Fatal(err)
	}
	client := merchant(t)
	for name, d := range drafts {
		e, err := client.Preview(d)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		out, err := curl.Write(Input{Exchange: e, Redactor: redact.Reveal()})
		if err != nil {
			t.Fatal(err)
		}
		// What was copied can be pasted here, too.
		if len(e.Request.Body) < 1<<20 {
			back, err := evidence.Reader{}.Read(out.Data)
			if err != nil || !bytes.Equal(back.Exchanges[0].Request.Body, e.Request.Body) {
				t.Errorf("%s: it is read back as %+.200v, %v", name, back.Exchanges, err)
			}
		}
		shells := []string{"bash"}
		if d.Tamper == nil && !bytes.Contains(out.Data, []byte("$'")) {
			shells = append(shells, "sh")
		}
		for _, shell := range shells {
			onTheWire(t, name, shell, out.Data, e)
		}
	}
}

// onTheWire runs a curl command in a shell, and compares what arrives.
func onTheWire(t *testing.T, name, shell string, command []byte, e apiclient.Exchange) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	arrived := received(t, listener)
	home := t.TempDir()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	settings := "connect-to = \"superapp.test:80:127.0.0.1:" + port + "\"\nmax-time = 20\n"
	if err := os.WriteFile(filepath.Join(home, ".curlrc"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(home, "curl.sh") // shells read a pipe byte by byte
	if err := os.WriteFile(script, command, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(shell, script)
	run.Env = append(os.Environ(), "no_proxy=*", "CURL_HOME="+home, "HOME="+home)
	if out, err := run.CombinedOutput(); err != nil {
		t.Errorf("%s in %s: %v\n%.300s\n%s", name, shell, err, command, out)
		return
	}
	head, body, _ := strings.Cut(string(<-arrived), "\r\n\r\n")
	if body != string(e.Request.Body) {
		t.Errorf("%s in %s: the body is %.80q, not %.80q", name, shell, body, e.Request.Body)
	}
	sent, _, _ := strings.Cut(string(e.Request.HeadBytes()), "\r\n\r\n")
	if got, want := lines(head), lines(sent); !slices.Equal(got, want) {
		t.Errorf("%s in %s: the head is\n%q, not\n%q", name, shell, got, want)
	}
}
