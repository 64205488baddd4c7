package export

import (
	"bytes"
	"context"
	"crypto/rsa"
	"fmt"
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
	client, home, commands := merchant(t), t.TempDir(), []command{}
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
		c := command{name: name, dir: filepath.Join(home, fmt.Sprint(len(commands))), text: out.Data, sent: e.Request}
		c.prepare(t)
		commands = append(commands, c)
	}
	run := func(shell, each string) {
		script := "for d in */; do (export CURL_HOME=\"$PWD/$d\" HOME=\"$PWD/$d\"; " + each + " . \"./$d/curl.sh\") >\"$d/" + shell +
			"\" 2>&1 </dev/null || echo failed >>\"$d/" + shell + "\"; done"
		all := exec.Command(strings.TrimPrefix(shell, "arguments of "), "-c", script) //nolint:gosec // of the test
		all.Dir, all.Env = home, append(os.Environ(), "no_proxy=*")
		if said, err := all.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", shell, err, said)
		}
	}
	run("bash", "")
	// Other shells pass to curl the same arguments and the same input.
	const show = `curl() { printf '%s\0' "$@"; cat; };`
	run("arguments of bash", show)
	run("arguments of sh", show)
	for _, c := range commands {
		c.compare(t)
	}
}

// command is a curl command in a folder of its own, and what it is to send.
type command struct {
	name, dir string
	text      []byte
	sent      apiclient.Message
	arrived   <-chan []byte
}

func (c *command) prepare(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	c.arrived = received(t, listener)
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	if err := os.Mkdir(c.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		".curlrc": "connect-to = \"superapp.test:80:127.0.0.1:" + port + "\"\nmax-time = 20\n",
		"curl.sh": string(c.text), // shells read a pipe byte by byte
	} {
		if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// compare compares what arrived, and what the shells passed.
func (c *command) compare(t *testing.T) {
	t.Helper()
	said := func(shell string) []byte {
		out, err := os.ReadFile(filepath.Join(c.dir, shell))
		if err != nil || bytes.HasSuffix(out, []byte("failed\n")) {
			t.Errorf("%s: %s: %v\n%.300s\n%s", c.name, shell, err, c.text, out)
			return nil
		}
		return append(out, 1)
	}
	if said("bash") == nil {
		return
	}
	head, body, _ := strings.Cut(string(<-c.arrived), "\r\n\r\n")
	if body != string(c.sent.Body) {
		t.Errorf("%s: the body is %.80q, not %.80q", c.name, body, c.sent.Body)
	}
	sent, _, _ := strings.Cut(string(c.sent.HeadBytes()), "\r\n\r\n")
	if got, want := lines(head), lines(sent); !slices.Equal(got, want) {
		t.Errorf("%s: the head is\n%q, not\n%q", c.name, got, want)
	}
	if bytes.Contains(c.text, []byte("$'")) {
		return // which not every sh knows
	}
	if got, want := said("arguments of sh"), said("arguments of bash"); len(want) < 100 || !bytes.Equal(got, want) {
		t.Errorf("%s: sh passes\n%.300q, not\n%.300q", c.name, got, want)
	}
}
