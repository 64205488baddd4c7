package tui

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/sandbox"
	"countersign/apiclient/signing"
	"countersign/apiclient/variables"
	"countersign/tui/tuitest"
	"countersign/tui/ui"
)

var errUnreadable = errors.New("the run cannot be read: \x1b[31mdisk\n")

// fuzzWorld is an explorer whose other side is a pipe in this process and
// whose history is in memory where the machine has such a place: ten times as
// many steps in the same time.
type fuzzWorld struct {
	*tuitest.Driver
	t     *testing.T
	app   *App
	other *otherSide
	asked int // requests that may have left by now
}

func newFuzzWorld(t *testing.T) *fuzzWorld {
	t.Helper()
	x := &fuzzWorld{t: t}
	cat := catalog.Builtin()
	merchant, superApp := fuzzPairs(t)
	x.other = &otherSide{key: superApp}
	x.other.answer(fuzzAnswers[0])
	store := openHistory(t)
	profile := apiclient.Profile{
		Name: "sandbox", BaseURL: "http://superapp.test/miniprogram/api", AllowHTTP: true, ClientID: sandbox.ClientID, MerchantID: sandbox.MerchantID,
		KeyVersion: "1", Key: merchant, PeerKeys: map[string]*rsa.PublicKey{"1": &superApp.PublicKey}, MaxResponse: 4 << 20,
	}
	now := func() time.Time { return noon }
	ids := 0
	newID := func() string { ids++; return fmt.Sprintf("019aaaaa-0000-7000-8000-%012d", ids) }
	x.app = New(Config{
		Settings: Settings{Catalog: cat, Theme: ui.NewTheme(ui.ThemeDark, termenv.TrueColor), Hints: true}, Now: now, Copy: func(string) error { return nil },
		After: func(time.Duration, func(time.Time) tea.Msg) tea.Cmd { return nil },
		Load: func(_ context.Context, observe func(apiclient.Progress)) (*Services, error) {
			client, err := apiclient.New(profile, apiclient.Options{
				Journal: store, Observe: observe, Now: now, NewID: newID, UserAgent: "countersign/test", Dial: x.other.dial,
				MakeKey: func() (*rsa.PrivateKey, error) { return superApp, nil }, Sign: signOnce,
			})
			if err != nil {
				return nil, err
			}
			values := &variables.Resolver{Profile: profile, Now: now, NewID: newID, Getenv: func(string) (string, bool) { return "", false }}
			return &Services{
				Client: client, History: store, Expand: values.ExpandDraft, Trace: values.TraceDraft, Renew: values.Renew,
				Evidence: func(_ context.Context, e apiclient.Exchange, side apiclient.Side) (diagnose.Evidence, error) {
					return diagnose.FromProfile(profile, e, side)
				},
				Diagnose: func(ctx context.Context, e diagnose.Evidence, o diagnose.Options) diagnose.Report {
					o.Budget = min(o.Budget, 3*time.Millisecond)
					return diagnose.Diagnose(ctx, e, o)
				},
			}, nil
		},
	})
	x.Driver = tuitest.New(t, x.app, 140, 40)
	return x
}

// fuzzPairs are two pairs that sign as fast as is allowed, read once.
var fuzzPairsOnce struct {
	sync.Once
	merchant, superApp *rsa.PrivateKey
}

func fuzzPairs(t *testing.T) (merchant, superApp *rsa.PrivateKey) {
	fuzzPairsOnce.Do(func() {
		fuzzPairsOnce.merchant, fuzzPairsOnce.superApp = testKey(t, "client1024.weak"), testKey(t, "server2048")
	})
	return fuzzPairsOnce.merchant, fuzzPairsOnce.superApp
}

// memoryDir is a folder on a disk that need not be waited for.
func memoryDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "countersign-fuzz-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// otherSide answers what arrives on its end of a pipe, and counts it.
type otherSide struct {
	key *rsa.PrivateKey

	mu       sync.Mutex
	requests int
	next     fuzzAnswer
}

func (o *otherSide) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.requests
}

// answer is what everything is answered with from now on.
func (o *otherSide) answer(a fuzzAnswer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.next = a
}

func (o *otherSide) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	go o.serve(server)
	return client, nil
}

func (o *otherSide) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	request, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return // nothing was sent: a connection may be opened in vain
	}
	o.mu.Lock()
	o.requests++
	next := o.next
	o.mu.Unlock()
	if _, err := io.Copy(io.Discard, request.Body); err != nil {
		return
	}
	_, _ = conn.Write(next.bytes(o.key, request))
}

// fuzzAnswer is what the other side says.
type fuzzAnswer struct {
	status int
	header string // lines, each with its CRLF
	body   string
	signed bool
	wire   string // instead of all of that
}

func (a fuzzAnswer) bytes(key *rsa.PrivateKey, request *http.Request) []byte {
	if a.status == 0 {
		return []byte(a.wire)
	}
	at := strconv.FormatInt(noon.UnixMilli(), 10)
	head := fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Length: %d\r\n%s", a.status, http.StatusText(a.status), len(a.body), a.header)
	if a.signed {
		content := signing.Content{Method: request.Method, Target: request.RequestURI, ClientID: sandbox.ClientID, Time: at, Body: []byte(a.body)}
		if proof, err := signing.Sign(key, content.Canonical(), signing.Style{KeyVersion: "1"}); err == nil {
			head += "Client-Id: " + sandbox.ClientID + "\r\nResponse-Time: " + at + "\r\nSignature: " + proof.Header + "\r\n"
		}
	}
	return []byte(head + "\r\n" + a.body)
}

const jsonHead = "Content-Type: application/json\r\n"

func result(status, code string) string {
	return `{"result":{"resultStatus":"` + status + `","resultCode":"` + code + `","resultMessage":"Message of ` + code + `"},"paymentId":"2026"}`
}

const hostileText = "\x1b[2J\x1b]0;owned\x07\x1b]52;c;AAAA\x1b\\\u202Eevil\u2066\u200b\r\n\x00\x9b31m\u009b2J\xff\xfe 🧑‍🤝‍🧑 漢字 é\ufeff\t\v\f\x7f"

// fuzzAnswers are what other sides send, at their best and at their worst.
var fuzzAnswers = []fuzzAnswer{
	{status: 200, header: jsonHead, body: result("S", "SUCCESS"), signed: true},
	{status: 200, header: jsonHead, body: result("F", "ORDER_NOT_EXIST"), signed: true},
	{status: 200, header: jsonHead, body: result("U", "UNKNOWN_EXCEPTION")},
	{status: 200, header: jsonHead, body: result("A", "ACCEPT") + "\n", signed: true},
	{status: 200, header: jsonHead, body: result(hostileText, hostileText), signed: true},
	{status: 200, header: jsonHead + "X-Odd: a\u202Eb\x1b[2J\r\n", body: hostileText},
	{status: 200, header: jsonHead + "Signature: algorithm=RSA256, keyVersion=1, signature=AAAA\r\n", body: result("S", "SUCCESS")},
	{status: 200, header: "Signature: " + strings.Repeat("漢", 900) + "\r\n", body: "{\n  \"a\": 1\n}", signed: true},
	{status: 200, header: jsonHead, body: `{"result":{"resultStatus":"S"},"line":"` + strings.Repeat("0123456789 漢字\\u202e", 20_000) + `"}`, signed: true},
	{status: 200, header: jsonHead, body: strings.Repeat("[", 5000) + strings.Repeat("]", 5000)},
	{status: 200, header: jsonHead, body: "[\n" + strings.Repeat("  {\"a\": [1, 2.5e3, true, null, \"x\"]},\n", 3000) + "  0\n]\n", signed: true},
	{status: 200, body: strings.Repeat("\n", 5000)},
	{status: 200, body: strings.Repeat("🧑‍🤝‍🧑e\u0301\u0302\u0303 ", 2000)},
	{status: 200, header: "Content-Type: image/png\r\n", body: "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00\x01\xfe\xff", 3000)},
	{status: 200, header: jsonHead + "Content-Encoding: gzip\r\n", body: "\x1f\x8b\x08\x00broken"},
	{status: 200, header: jsonHead, signed: true},
	{status: 204}, {status: 302, header: "Location: http://elsewhere.test/\x1b[2J\r\n"}, {status: 404, header: "Content-Type: text/html\r\n", body: "<html><body>gone</body></html>"},
	{status: 500, body: `{"result":`}, {status: 200, header: jsonHead, body: `{"result": "text", "result": {"resultStatus": 7}}`},
	{wire: ""}, {wire: "SSH-2.0-OpenSSH_9.6\r\n"}, {wire: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"},
	{wire: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"}, {wire: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + hostileText},
	{wire: "HTTP/1.1 200 " + hostileText}, {wire: string(bytes.Repeat([]byte("HTTP/1.1 200 OK\r\nA: b\r\n"), 3000))},
}
