package sandbox

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/apiclient"
)

// bench is a sandbox that listens, with a clock that the test moves, and a
// client of the test's own: what is signed and verified here goes by the
// protocol's text, not by the package under test.
type bench struct {
	*Sandbox
	server *Server
	client *rsa.PrivateKey
	peer   *rsa.PublicKey

	mu   sync.Mutex
	now  time.Time
	seen []apiclient.Exchange
}

func privateKey(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	data, err := os.ReadFile("../keys/testdata/" + name + ".pkcs8.pem")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(*rsa.PrivateKey)
}

func newBench(t testing.TB, change ...func(*Config)) *bench {
	t.Helper()
	b := &bench{client: privateKey(t, "client2048"), now: time.Date(2026, 9, 21, 6, 58, 10, 199e6, time.UTC)}
	server := privateKey(t, "server2048")
	b.peer = &server.PublicKey
	config := Config{
		ClientKeys: map[string]*rsa.PublicKey{"1": &b.client.PublicKey},
		Key:        server,
		Now:        b.clock,
		Observe: func(e apiclient.Exchange) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.seen = append(b.seen, e)
		},
	}
	for _, f := range change {
		f(&config)
	}
	s, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	b.Sandbox = s
	if b.server, err = s.Listen(""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.server.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

func (b *bench) exchanges() []apiclient.Exchange {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]apiclient.Exchange(nil), b.seen...)
}

// draft is a request of the test's client before and after signing.
type draft struct {
	method, path, body string
	header             http.Header
}

// sign makes a signed request as the protocol says, section 3.
func (b *bench) sign(t testing.TB, path, body string) *draft {
	t.Helper()
	d := &draft{method: "POST", path: Prefix + path, body: body, header: http.Header{
		"Client-Id":    {b.config.ClientID},
		"Request-Time": {strconv.FormatInt(b.clock().UnixMilli(), 10)},
		"Content-Type": {"application/json; charset=UTF-8"},
	}}
	d.signWith(t, b.client, "1")
	return d
}

func (d *draft) signWith(t testing.TB, key *rsa.PrivateKey, version string) {
	t.Helper()
	sum := sha256.Sum256([]byte(d.method + " " + d.path + "\n" + d.header.Get("Client-Id") + "." + d.header.Get("Request-Time") + "." + d.body))
	sig, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	if version != "" {
		version = " keyVersion=" + version + ","
	}
	d.header.Set("Signature", "algorithm=RSA256,"+version+" signature="+url.QueryEscape(base64.StdEncoding.EncodeToString(sig)))
}

// reply is an answer, read.
type reply struct {
	HTTP   int
	Status string
	Code   string
	Words  string
	Signed bool // its signature verifies
	Header http.Header
	Raw    []byte
	fields map[string]any
}

func (r reply) text(name string) string {
	var v any = r.fields
	for part := range strings.SplitSeq(name, ".") {
		object, ok := v.(map[string]any)
		if !ok {
			return ""
		}
		v = object[part]
	}
	s, _ := v.(string)
	return s
}

// do sends a draft as it stands.
func (b *bench) do(t testing.TB, d *draft) reply {
	t.Helper()
	req, err := http.NewRequest(d.method, "http://"+b.server.Addr+d.path, strings.NewReader(d.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = d.header
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	return b.read(t, d.method, d.path, resp)
}

// call signs and sends.
func (b *bench) call(t testing.TB, path, body string) reply {
	t.Helper()
	return b.do(t, b.sign(t, path, body))
}

// want calls and compares the result.
func (b *bench) want(t testing.TB, code, path, body string) reply {
	t.Helper()
	r := b.call(t, path, body)
	if r.Code != code {
		t.Errorf("%s %s\n got %s %s: %s\nwant %s", path, body, r.Status, r.Code, r.Words, code)
	}
	if !r.Signed {
		t.Errorf("%s: the answer is not signed", path)
	}
	return r
}

var (
	signatureForm = regexp.MustCompile(`^algorithm=RSA256, keyVersion=1, signature=([A-Za-z0-9%]+)$`)
	millisForm    = regexp.MustCompile(`^[0-9]{13}$`)
)

// read reads an answer, checks what all answers have in common, and verifies
// its signature.
func (b *bench) read(t testing.TB, method, target string, resp *http.Response) reply {
	t.Helper()
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := reply{HTTP: resp.StatusCode, Header: resp.Header, Raw: body}
	var parsed struct {
		Result struct{ ResultStatus, ResultCode, ResultMessage string }
	}
	media := "application/json"
	if method != http.MethodHead {
		values := apiclient.ValuesOf(&apiclient.Message{Body: body})
		if values.FromXML {
			media = "application/xml"
		}
		if err := json.Unmarshal(values.JSON, &parsed); err != nil {
			t.Fatalf("answer %q: %v", body, err)
		}
		if err := json.Unmarshal(values.JSON, &r.fields); err != nil {
			t.Fatal(err)
		}
	}
	r.Status, r.Code, r.Words = parsed.Result.ResultStatus, parsed.Result.ResultCode, parsed.Result.ResultMessage
	if n := len([]rune(r.Words)); n > 256 {
		t.Errorf("resultMessage has %d characters: %s", n, r.Words)
	}
	if got := resp.Header.Get("Content-Type"); got != media+"; charset=UTF-8" {
		t.Errorf("Content-Type is %q", got)
	}
	at := resp.Header.Get("Response-Time")
	if !millisForm.MatchString(at) {
		t.Errorf("Response-Time is %q", at)
	}
	header := resp.Header.Get("Signature")
	if header == "" {
		return r
	}
	found := signatureForm.FindStringSubmatch(header)
	if found == nil {
		t.Fatalf("Signature is %q", header)
	}
	value, err := url.QueryUnescape(found[1])
	if err != nil {
		t.Fatal(err)
	}
	sig, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		t.Fatal(err)
	}
	content := bytes.Join([][]byte{[]byte(method + " " + target + "\n" + resp.Header.Get("Client-Id") + "." + at + "."), body}, nil)
	sum := sha256.Sum256(content)
	if err := rsa.VerifyPKCS1v15(b.peer, crypto.SHA256, sum[:], sig); err != nil {
		t.Errorf("the answer's signature over %q: %v", content, err)
		return r
	}
	r.Signed = true
	return r
}

func hexSHA256(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
