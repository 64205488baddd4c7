package apiclient

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/apiclient/signing"
)

var (
	clientKey = readKey("keys/testdata/client2048.pkcs8.pem")
	serverKey = readKey("keys/testdata/server2048.pkcs8.pem")
)

func readKey(path string) *rsa.PrivateKey {
	data, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	block, _ := pem.Decode(data)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		panic(err)
	}
	return key.(*rsa.PrivateKey)
}

const (
	testClient   = "2021062571598628737253"
	testMerchant = "217120000000037263001"
	prefix       = "/miniprogram/api"
	payPath      = "/v2/payments/pay"
)

// testNow is the moment of the protocol's own example.
var testNow = time.UnixMilli(1682060290199)

func testProfile(base string) Profile {
	return Profile{
		Name: "test", BaseURL: base + prefix, ClientID: testClient, MerchantID: testMerchant, KeyVersion: "1",
		Key: clientKey, KeyName: "client.pem", PeerKeys: map[string]*rsa.PublicKey{"1": &serverKey.PublicKey},
		Timeout: 10 * time.Second,
	}
}

func testOptions() Options {
	return Options{Now: func() time.Time { return testNow }, UserAgent: "countersign/test", NewID: func() string { return "id-1" }}
}

func newClient(t testing.TB, p Profile, o Options) *Client {
	t.Helper()
	c, err := New(p, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func payDraft() Draft {
	return Draft{Endpoint: "v2/payments/pay", Target: payPath, Body: []byte(`{"a":"支付"}`)}
}

// seen is a request as a server got it.
type seen struct {
	head string // with the blank line
	body []byte
}

func (s seen) get(name string) string {
	for line := range strings.SplitSeq(s.head, "\r\n") {
		if k, v, ok := strings.Cut(line, ": "); ok && strings.EqualFold(k, name) {
			return v
		}
	}
	return ""
}

func (s seen) target() string { return strings.Split(s.head, " ")[1] }

// serve answers each connection on a listener with handle; the connection is
// closed after it. It returns the base URL.
func serve(t testing.TB, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				handle(conn)
			}()
		}
	}()
	t.Cleanup(func() { _ = l.Close() })
	return "http://" + l.Addr().String()
}

// takeRequest reads one request with a Content-Length.
func takeRequest(conn net.Conn) (seen, error) {
	br := bufio.NewReader(conn)
	var s seen
	for !strings.HasSuffix(s.head, "\r\n\r\n") {
		line, err := br.ReadString('\n')
		if err != nil {
			return s, err
		}
		s.head += line
	}
	n, _ := strconv.Atoi(s.get("Content-Length"))
	s.body = make([]byte, n)
	_, err := io.ReadFull(br, s.body)
	return s, err
}

// answering reads a request and writes what reply makes of it.
func answering(t testing.TB, reply func(seen) string) string {
	return serve(t, func(conn net.Conn) {
		s, err := takeRequest(conn)
		if err == nil {
			_, _ = io.WriteString(conn, reply(s))
		}
	})
}

// recording is answering, and hands over the requests that came.
func recording(t testing.TB, reply func(seen) string) (base string, next func() seen) {
	t.Helper()
	requests := make(chan seen, 100)
	base = answering(t, func(s seen) string {
		requests <- s
		return reply(s)
	})
	return base, func() seen {
		t.Helper()
		select {
		case s := <-requests:
			return s
		default:
			t.Fatal("no request came")
			return seen{}
		}
	}
}

// answer is a response under construction.
type answer struct {
	status   string // "200 OK"
	key      *rsa.PrivateKey
	version  string
	client   string
	time     string
	signed   []byte // what is signed in place of body
	body     []byte
	header   []string // more lines
	unsigned bool
}

const goodBody = `{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"成功"},"paymentId":"1"}`

func goodAnswer() answer {
	return answer{status: "200 OK", key: serverKey, version: "1", client: testClient, time: "1682060290240", body: []byte(goodBody)}
}

// text signs and writes the answer to s.
func (a answer) text(s seen) string {
	signed := a.signed
	if signed == nil {
		signed = a.body
	}
	proof, err := signing.Sign(a.key, signing.Content{Method: "POST", Target: s.target(), ClientID: a.client, Time: a.time, Body: signed}.Canonical(),
		signing.Style{KeyVersion: a.version})
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	b.WriteString("HTTP/1.1 " + a.status + "\r\nContent-Type: application/json; charset=UTF-8\r\nclient-id: " + a.client + "\r\nResponse-Time: " + a.time + "\r\n")
	if !a.unsigned {
		b.WriteString("signature: " + proof.Header + "\r\n")
	}
	for _, line := range a.header {
		b.WriteString(line + "\r\n")
	}
	b.WriteString("Content-Length: " + strconv.Itoa(len(a.body)) + "\r\n\r\n")
	b.Write(a.body)
	return b.String()
}

// send sends one payment to a server that gives the answer.
func send(t *testing.T, a answer, change func(*Profile)) Exchange {
	t.Helper()
	p := testProfile(answering(t, a.text))
	if change != nil {
		change(&p)
	}
	return newClient(t, p, testOptions()).Send(t.Context(), payDraft(), FromCLI)
}

// find returns the finding with that cause.
func find(e Exchange, side Side, cause string) (Finding, bool) {
	for _, f := range e.Findings {
		if f.Side == side && f.Cause == cause {
			return f, true
		}
	}
	return Finding{}, false
}

// journal is a Journal in memory.
type journal struct {
	mu       sync.Mutex
	steps    []string
	begun    []Exchange
	complete []Exchange
	beginErr error
	endErr   error
}

func (j *journal) Begin(_ context.Context, e *Exchange) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.steps, j.begun = append(j.steps, "begin"), append(j.begun, *e)
	return j.beginErr
}

func (j *journal) Complete(ctx context.Context, e *Exchange) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.steps, j.complete = append(j.steps, "complete"), append(j.complete, *e)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return j.endErr
}

func (j *journal) note(step string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.steps = append(j.steps, step)
}

func (j *journal) all() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Join(j.steps, " ")
}

func header(e Exchange) string {
	return string(bytes.TrimSuffix(e.Request.HeadBytes(), []byte("\r\n")))
}
