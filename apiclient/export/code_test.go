package export

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/redact"
	"countersign/apiclient/signing"
	"countersign/apiclient/signing/signingtest"
)

// runtimes run a program: build makes of a file what is run; both may be empty.
var runtimes = map[string]struct {
	file       string
	needs      []string
	build, run []string
	check      []string // the libraries are there
}{
	"go":     {file: "this.go", needs: []string{"go"}, build: []string{"go", "build", "-ldflags=-s -w", "-o", "this", "this.go"}, run: []string{"./this"}},
	"java":   {file: "This.java", needs: []string{"javac", "java"}, build: []string{"javac", "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-proc:none", "-encoding", "US-ASCII", "This.java"}, run: []string{"java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "This"}},
	"node":   {file: "this.mjs", needs: []string{"node"}, run: []string{"node", "this.mjs"}},
	"python": {file: "this.py", needs: []string{"python3"}, run: []string{"python3", "this.py"}},
	"php":    {file: "this.php", needs: []string{"php"}, run: []string{"php", "this.php"}, check: []string{"php", "-r", "exit(extension_loaded('openssl') ? 0 : 1);"}},
	"csharp": {file: "this.cs", needs: []string{"mcs", "mono"}, build: []string{"mcs", "-r:System.Net.Http.dll", "-out:this.exe", "this.cs"}, run: []string{"mono", "this.exe"}},
}

// written is a program in a folder of its own, built.
type written struct {
	dir string
	run []string
}

func write(t *testing.T, name string, in Input) written {
	t.Helper()
	r := runtimes[name]
	for _, tool := range r.needs {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s: %s is not on this machine", name, tool)
		}
	}
	if r.check != nil && exec.Command(r.check[0], r.check[1:]...).Run() != nil { //nolint:gosec // of the table
		t.Skipf("%s: its library is not on this machine", name)
	}
	f, err := FormatNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	out, err := f.Write(in)
	if err != nil {
		t.Fatal(err)
	}
	w := written{dir: t.TempDir(), run: r.run}
	if name == "python" {
		if python() == "" {
			t.Skip("python: its library is not on this machine")
		}
		w.run = []string{python(), r.file}
	}
	if err := os.WriteFile(filepath.Join(w.dir, r.file), out.Data, 0o600); err != nil {
		t.Fatal(err)
	}
	if r.build != nil {
		build := exec.Command(r.build[0], r.build[1:]...) //nolint:gosec // of the table
		build.Dir = w.dir
		build.Env = append(os.Environ(), "GOFLAGS=", "GO111MODULE=off", "GOWORK=off")
		if said, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%s does not build: %v\n%s\n%s", name, err, said, out.Data)
		}
	}
	return w
}

// python is the interpreter itself, not what chooses among several; empty: it has no
// library for RSA.
var python = sync.OnceValue(func() string {
	path, _ := exec.Command("python3", "-c", "import sys, cryptography; print(sys.executable)").Output()
	return strings.TrimSpace(string(path))
})

func (w written) start(t *testing.T, stdin []byte, env []string, args ...string) (stdout, stderr string, ok bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, w.run[0], append(w.run[1:len(w.run):len(w.run)], args...)...) //nolint:gosec // of the table
	var out, said bytes.Buffer
	c.Dir, c.Stdin, c.Stdout, c.Stderr = w.dir, bytes.NewReader(stdin), &out, &said
	c.Env = append(append(os.Environ(), "no_proxy=*", "NO_PROXY=*"), env...)
	err := c.Run()
	return out.String(), said.String(), err == nil
}

const testKeys = "../signing/testdata/keys/"

func keyFile(name string) string {
	file, err := filepath.Abs(testKeys + name)
	if err != nil {
		panic(err)
	}
	return file
}

func privateKey(t testing.TB, id string) *rsa.PrivateKey {
	t.Helper()
	text, err := os.ReadFile(keyFile(id + ".pkcs8.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(*rsa.PrivateKey)
}

type vector struct {
	ID       string `json:"id"`
	Tag      string `json:"tag"`
	KeyID    string `json:"key_id"`
	Method   string `json:"method"`
	URI      string `json:"uri"`
	ClientID string `json:"client_id"`
	Time     string `json:"time"`
	Body     []byte `json:"body_b64"`
	File     string `json:"body_file"`
	Encoded  string `json:"signature_urlencoded"`
}

// vectors returns one public vector of each tag, or all.
func vectors(t *testing.T) (list []vector) {
	t.Helper()
	data, err := os.ReadFile("../signing/testdata/sdk_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Vectors []vector `json:"vectors"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	for i, v := range doc.Vectors {
		if v.File == "" {
			continue
		}
		packed, err := os.Open("../signing/testdata/" + v.File)
		if err != nil {
			t.Fatal(err)
		}
		unpacked, err := gzip.NewReader(packed)
		if err != nil {
			t.Fatal(err)
		}
		if doc.Vectors[i].Body, err = io.ReadAll(unpacked); err != nil {
			t.Fatal(err)
		}
		_ = packed.Close()
	}
	return doc.Vectors
}

func (v vector) exchange(at string) apiclient.Exchange {
	return apiclient.Exchange{
		URL: at + v.URI, ClientID: v.ClientID,
		Request: apiclient.Message{Line: v.Method + " " + v.URI + " HTTP/1.1", Body: v.Body, Header: []apiclient.Field{
			{Name: "Host", Value: "superapp.example"}, {Name: "Content-Type", Value: "application/json; charset=UTF-8"},
			{Name: "Client-Id", Value: v.ClientID}, {Name: "Request-Time", Value: "1"}, {Name: "Signature", Value: "x"}, {Name: "X-Odd", Value: `a "b" $c \d %41 é`},
		}},
	}
}

var profile = apiclient.Profile{KeyVersion: "1"}

// everything runs every program with every rule and kind of vector.
var everything = signingtest.Every()

// Every program gives the signatures of the public vectors.
func TestProgramsGiveTheVectorsSignatures(t *testing.T) {
	t.Parallel()
	for name := range runtimes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if runtimes[name].build != nil && !everything {
				t.Skip("takes seconds to build: COUNTERSIGN_EVERY_CASE=1 does")
			}
			all, seen := vectors(t), map[string]bool{}
			for _, v := range all {
				kind, _, _ := strings.Cut(v.Tag, "-")
				if seen[kind] || v.KeyID != "client2048" || len(seen) == 1 && !everything || len(seen) == 3 && name != "node" {
					continue
				}
				seen[kind] = true
				w := write(t, name, Input{Exchange: v.exchange("http://superapp.example"), Profile: profile, Redactor: redact.Reveal(), Report: everyMark})
				got, said, ok := w.start(t, nil, []string{"PRIVATE_KEY=" + keyFile(v.KeyID+".pkcs8.pem"), "REQUEST_TIME=" + v.Time}, "sign")
				want := "algorithm=RSA256, keyVersion=1, signature=" + v.Encoded
				if strings.TrimSpace(got) != want {
					t.Errorf("%s: %s gives %s, not %s: %s", v.ID, name, got, want, said)
				}
				if !ok {
					t.Errorf("%s: %s failed: %s", v.ID, name, said)
				}
			}
		})
	}
}

// styles are rules of platforms, each with a body that is hard to write down.
var styles = []struct {
	name    string
	profile apiclient.Profile
	body    string
}{
	{"usual", apiclient.Profile{KeyVersion: "2"}, "{\r\n  \"a\": \"é 💳 \\u0041 ' \\\" $x ${y} #{z} {{v}} `q` %d \\\\ \u2028\x7f\",\n\t\"b\": 1.50}\n"},
	{"all else", apiclient.Profile{KeyVersion: "", CompactHeader: true, Encoding: signing.Base64URLRaw, TimeFormat: apiclient.ISOms,
		ContentTemplate:  "{request_id}|{path}|{query}|{merchant_id}|{time}\n\"$\\{body}é",
		ResponseTemplate: "{client_id}{body}{time}{uri}{method}",
		HeaderNames:      apiclient.HeaderNames{Signature: "X-Sig", ClientID: "X-Client", RequestTime: "X-Time", ResponseTime: "X-Answer-Time", RequestID: "X-Id"}},
		"\x00\xff\xfe binary"},
	{"lower", apiclient.Profile{KeyVersion: "1", Encoding: signing.PercentBase64Lower, TimeFormat: apiclient.ISO}, "<a>&amp;</a>"},
	{"plain", apiclient.Profile{KeyVersion: "1", Encoding: signing.Base64, TimeFormat: apiclient.Seconds}, ""},
	{"url", apiclient.Profile{KeyVersion: "1", Encoding: signing.Base64URL, TimeFormat: apiclient.ISOzone}, strings.Repeat("0123456789", 7000)},
}

// Every program sends the very bytes, with a signature that verifies by the rule,
// and verifies the answer, but not one that was changed.
func TestProgramsSendAndVerify(t *testing.T) {
	t.Parallel()
	client, server := privateKey(t, "client2048"), privateKey(t, "server2048")
	for name := range runtimes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i, style := range styles {
				if i != len(name)%2 && !everything {
					continue
				}
				if len(runtimes[name].build) > 0 && name != "go" && !everything {
					t.Skip("takes seconds to build: COUNTERSIGN_EVERY_CASE=1 does")
				}
				sendAndVerify(t, name, style.name, style.profile, []byte(style.body), client, server)
			}
		})
	}
}

func sendAndVerify(t *testing.T, name, style string, p apiclient.Profile, body []byte, client, server *rsa.PrivateKey) {
	t.Helper()
	rule, err := p.Rule()
	if err != nil {
		t.Fatal(err)
	}
	names := p.HeaderNames
	var damage atomic.Bool
	problems := make(chan string, 100)
	const target = "/miniprogram/api/v2/pay?b=%2f&a=x+y&a=%E4%BD%A0"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ := io.ReadAll(r.Body)
		if !bytes.Equal(got, body) || r.RequestURI != target {
			problems <- fmt.Sprintf("%s got %.200q, %q", r.Method, r.RequestURI, got)
		}
		if v := r.Header.Get("X-Odd"); v != `a "b" $c \d %41` {
			problems <- fmt.Sprintf("X-Odd is %q", v)
		}
		c := signing.Content{Method: r.Method, Target: target, ClientID: r.Header.Get(names.Of("Client-Id")), Time: r.Header.Get(names.Of("Request-Time")),
			Body: got, RequestID: r.Header.Get(names.Of("Request-Id")), MerchantID: "M-1"}
		v := signing.Verify(signing.Check{Canonical: rule.RequestTemplate.Canonical(c), Headers: r.Header.Values(names.Of("Signature")),
			Expected: []signing.Key{{ID: "k", Public: &client.PublicKey}}})
		if !v.OK() {
			problems <- fmt.Sprintf("the request does not verify: %s; %q", v.Reason, v.Canonical)
		}
		if _, format, err := apiclient.ParseTime(c.Time); err != nil || p.TimeFormat != "" && format != p.TimeFormat {
			problems <- fmt.Sprintf("the time %q is %s, %v", c.Time, format, err)
		}
		answer := []byte("{\"ok\": \"\u00e9\"}\n")
		c.Body, c.Time = answer, "1682060290199"
		proof, err := signing.Sign(server, rule.ResponseTemplate.Canonical(c), signing.Style{KeyVersion: "1", Encoding: p.Encoding, Compact: p.CompactHeader})
		if err != nil {
			problems <- err.Error()
		}
		w.Header().Set(names.Of("Response-Time"), c.Time)
		w.Header().Set(names.Of("Signature"), proof.Header)
		if damage.Load() {
			answer = append(answer, ' ')
		}
		_, _ = w.Write(answer)
	}))
	defer s.Close()
	v := vector{Method: "POST", URI: target, ClientID: "C-1", Body: body}
	e := v.exchange(s.URL)
	for i, f := range e.Request.Header {
		e.Request.Header[i].Name = names.Of(f.Name)
	}
	e.Request.Header[len(e.Request.Header)-1].Value = `a "b" $c \d %41`
	e.MerchantID = "M-1"
	w := write(t, name, Input{Exchange: e, Profile: p, Redactor: redact.Reveal()})
	env := []string{"PRIVATE_KEY=" + keyFile("client2048.pkcs8.pem"), "PEER_KEY=" + keyFile("server2048.pub.spki.pem")}
	_, said, ok := w.start(t, nil, env)
	if !ok || !strings.Contains(said, "the answer verifies") {
		t.Errorf("%s, %s: %s", name, style, said)
	}
	damage.Store(true)
	if _, said, ok := w.start(t, nil, env); ok || !strings.Contains(said, "the answer does not verify") {
		t.Errorf("%s, %s: a changed answer: %s", name, style, said)
	}
	for len(problems) > 0 {
		t.Errorf("%s, %s: %s", name, style, <-problems)
	}
	// A callback, by the same rule.
	c := signing.Content{Method: "POST", Target: "/notify?x=1", ClientID: "C-1", Time: "2", Body: []byte("\x00{}\r\n"), MerchantID: "M-1", RequestID: "R"}
	proof, err := signing.Sign(server, rule.RequestTemplate.Canonical(c), signing.Style{Encoding: p.Encoding})
	if err != nil {
		t.Fatal(err)
	}
	env = append(env, "REQUEST_ID=R")
	if _, said, ok := w.start(t, c.Body, env, "verify", c.Method, c.Target, c.ClientID, c.Time, proof.Header); !ok {
		t.Errorf("%s, %s: the callback: %s", name, style, said)
	}
	for _, header := range []string{"", proof.Header[:len(proof.Header)-8]} {
		if _, _, ok := w.start(t, c.Body, env, "verify", c.Method, c.Target, c.ClientID, c.Time, header); ok {
			t.Errorf("%s, %s: verified with the header %q", name, style, header)
		}
	}
}
