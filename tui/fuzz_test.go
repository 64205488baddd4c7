package tui

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
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
	"countersign/history"
	"countersign/tui/box"
	"countersign/tui/desk"
	"countersign/tui/keymap"
	"countersign/tui/tuitest"
	"countersign/tui/ui"
)

// Whatever is pressed, typed, pasted, clicked and answered, at whatever size:
// nothing panics, after each message the screen has exactly its cells and
// nothing that a terminal would obey, and no request leaves that nobody asked for.
//
//	go test ./tui -run '^$' -fuzz FuzzUpdate -parallel 1
func FuzzUpdate(f *testing.F) {
	for _, path := range usualPaths {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, program []byte) {
		fuzz(t, program[:min(len(program), 1500)])
	})
}

// The same in a plain test: thousands of steps, always the same ones.
func TestUpdateSurvivesAnything(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			t.Logf("%d steps", fuzz(t, randomBytes(100+seed, 400)))
		})
	}
}

func randomBytes(seed uint64, n int) []byte {
	random := rand.New(rand.NewPCG(seed, 4))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	return b
}

// What the bytes of a program mean. Most steps are keys.
const (
	stepKey = iota
	stepTyped
	stepText
	stepPaste
	stepMouse
	stepResize
	stepAnswer
	stepMessage
	stepHold
	stepRelease
	stepSend
	stepFocus
)

// stepKinds makes likelier what people do more often.
var stepKinds = []int{
	stepKey, stepKey, stepKey, stepKey, stepKey, stepKey, stepTyped, stepTyped, stepText, stepPaste,
	stepMouse, stepMouse, stepResize, stepAnswer, stepMessage, stepHold, stepRelease, stepSend, stepFocus,
}

// kindOf returns a byte that means this kind of step.
func kindOf(kind int) byte {
	for i, k := range stepKinds {
		if k == kind {
			return byte(i)
		}
	}
	panic("no such step")
}

// usualPaths are programs of what people do; the numbers after a step are its
// choices.
var usualPaths = [][]byte{
	path(stepSend, stepFocus, 5, stepKey, keyByte("/"), stepText, 1, stepKey, keyByte("enter"), stepKey, keyByte("n"), stepResize, 4),
	path(stepFocus, 2, stepKey, keyByte("e"), stepText, 0, stepPaste, 3, stepKey, keyByte("ctrl+z"), stepSend, stepKey, keyByte("esc")),
	path(stepAnswer, 6, stepSend, stepKey, keyByte("d"), stepPaste, 5, stepKey, keyByte("enter"), stepKey, keyByte("h"), stepResize, 9),
	path(stepAnswer, 9, stepSend, stepFocus, 5, stepKey, keyByte("]"), stepKey, keyByte("]"), stepMouse, 40, 20, 3, stepResize, 16),
	path(stepFocus, 3, stepKey, keyByte("a"), stepText, 2, stepKey, keyByte("enter"), stepSend, stepKey, keyByte("d")),
	path(stepSend, stepSend, stepFocus, 6, stepKey, keyByte("enter"), stepKey, keyByte("r"), stepKey, keyByte("/"), stepText, 4),
	path(stepHold, stepSend, stepMessage, 3, stepKey, keyByte("q"), stepKey, keyByte("y"), stepRelease, stepResize, 0, stepResize, 12),
	path(stepKey, keyByte("ctrl+p"), stepText, 3, stepKey, keyByte("enter"), stepKey, keyByte("?"), stepResize, 2, stepKey, keyByte("esc")),
	path(stepHold, stepFocus, 2, stepKey, keyByte("e"), stepTyped, 7, stepTyped, 9, stepRelease, stepSend, stepMessage, 1),
}

// path writes a program; a step's number is told from a choice by its place.
func path(items ...int) []byte {
	choices := map[int]int{stepKey: 1, stepTyped: 1, stepText: 1, stepPaste: 1, stepMouse: 3, stepResize: 1, stepAnswer: 1, stepMessage: 1, stepFocus: 1}
	var b []byte
	for i := 0; i < len(items); {
		kind := items[i]
		b = append(b, kindOf(kind))
		for _, choice := range items[i+1 : i+1+choices[kind]] {
			b = append(b, byte(choice))
		}
		i += 1 + choices[kind]
	}
	return b
}

func keyByte(name string) int {
	for i, k := range fuzzKeys {
		if k == name {
			return i
		}
	}
	panic("no key " + name)
}

// fuzzKeys are all keys that mean something somewhere: those of the table, and
// of text fields and overlays.
var fuzzKeys = func() []string {
	keys := []string{
		"enter", "esc", "tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pgup", "pgdown", "backspace", "delete",
		"ctrl+home", "ctrl+end", "ctrl+left", "ctrl+right", "shift+left", "shift+right", "shift+up", "shift+down", "alt+enter", "alt+b",
		"alt+f", "ctrl+a", "ctrl+e", "ctrl+k", "ctrl+u", "ctrl+w", "ctrl+z", "ctrl+y", "ctrl+x", "ctrl+v", "ctrl+f", "ctrl+l", "ctrl+@",
		"f2", "f12", "insert", "n", "y", "Y", "N", "{", "}", "\"", ":", "0", "8", "9", "界", "é",
	}
	seen := map[string]bool{}
	for _, k := range keys {
		seen[k] = true
	}
	for _, a := range Keys().All() {
		for _, k := range a.Keys.Keys() {
			if !seen[k] {
				seen[k] = true
				keys = append(keys, k)
			}
		}
	}
	return keys
}()

// fuzzTexts are what is typed and pasted.
var fuzzTexts = []string{
	`"value": "a 界 é"`, "pay", "traceId: abc-1", "send", "SUCCESS", "POST /a\nid.1.{}", "{{uuid}} {{env.NOPE}}", "9f86d081884c7d65",
	"\x1b[2J\u202E\u200b\x00\x9b\xff\r\n\t🧑‍🤝‍🧑 漢字", "{\"a\":[1,2,{\"b\":null}]}\r\n", "a=b c%zz", "?x", " ", "q?y1", "Signature: algorithm=RSA256, keyVersion=1, signature=AAAA",
	"error: expected sha256=2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
}

// instructions are a program that is being read.
type instructions struct{ rest []byte }

func (p *instructions) more() bool { return len(p.rest) > 0 }

// choice returns a number below n; 0 after the end.
func (p *instructions) choice(n int) int {
	if len(p.rest) == 0 {
		return 0
	}
	c := int(p.rest[0]) % n
	p.rest = p.rest[1:]
	return c
}

// fuzz runs a program and gives the number of its steps.
func fuzz(t *testing.T, program []byte) (steps int) {
	t.Helper()
	x := newFuzzWorld(t)
	p := &instructions{program}
	for p.more() && !t.Failed() {
		before := x.other.count()
		if x.Held() == 0 {
			x.asked = before // what was asked for in vain asks for nothing later
		}
		what := x.step(t, p)
		steps++
		if got := x.other.count(); got > x.asked {
			t.Fatalf("step %d, %s: %d requests left, %d were asked for:\n%s", steps, what, got, x.asked, x.Screen())
		}
	}
	return steps
}

// step does one thing that a person, the terminal or the world may do.
func (x *fuzzWorld) step(t *testing.T, p *instructions) (what string) {
	t.Helper()
	switch stepKinds[p.choice(len(stepKinds))] {
	case stepKey:
		return x.press(fuzzKeys[p.choice(len(fuzzKeys))])
	case stepTyped:
		r := rune(' ' + p.choice('~'-' '))
		return x.press(string(r))
	case stepText:
		text := fuzzTexts[p.choice(len(fuzzTexts))]
		// As two fast keys in one message, or as a slow terminal sends it.
		x.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text)})
		return "typed " + text
	case stepPaste:
		text := fuzzTexts[p.choice(len(fuzzTexts))]
		x.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
		return "pasted " + text
	case stepMouse:
		x.mouse(p.choice(256), p.choice(256), p.choice(256))
		return "mouse"
	case stepResize:
		x.resize(p)
		return "resize"
	case stepAnswer:
		x.other.answer(fuzzAnswers[p.choice(len(fuzzAnswers))])
		return "answer"
	case stepMessage:
		msgs := x.messages()
		msg := msgs[p.choice(len(msgs))]
		x.send(msg)
		return "message"
	case stepHold:
		x.Hold = func(tea.Cmd) bool { return true }
		return "hold"
	case stepRelease:
		x.Hold = nil
		x.Release()
		return "release"
	case stepSend:
		return x.press("ctrl+r")
	default:
		return x.press(string(rune('1' + p.choice(6))))
	}
}

// press presses a key of the table; characters are runes.
func (x *fuzzWorld) press(name string) string {
	msg, ok := tuitest.KeyOf(name)
	if !ok {
		x.t.Fatalf("there is no key %q", name)
	}
	x.send(msg)
	return "key " + name
}

// send notes first what a message may ask for.
func (x *fuzzWorld) send(msg tea.Msg) {
	x.asked += x.asks(msg)
	x.Send(msg)
}

// asks is how many requests a message may send: by ctrl+r, by r on a run, by
// yes to a question, and by choosing one of these in the palette. No paste,
// resize, timer or answer ever does.
func (x *fuzzWorld) asks(msg tea.Msg) int {
	key, ok := msg.(tea.KeyMsg)
	if !ok || key.Paste {
		return 0
	}
	if _, open := x.app.box.(*box.Palette); open && key.String() == "enter" {
		return 1
	}
	n := 0
	for _, r := range key.Runes {
		if r == 'r' || r == 'y' || r == 'Y' {
			n++
		}
	}
	_, typing := x.app.typist()
	_, asking := x.app.box.(*box.Confirm)
	switch {
	case key.String() == "ctrl+r":
		return 1
	case typing && x.app.box == nil:
		return 0
	case len(key.Runes) > 1:
		return n // each is a key of its own
	case asking:
		return n
	case x.app.box == nil && x.app.focus == keymap.Runs:
		return n
	}
	return 0
}

func (x *fuzzWorld) mouse(column, row, kind int) {
	w, h := max(1, x.app.layout.Width), max(1, x.app.layout.Height)
	buttons := []tea.MouseButton{tea.MouseButtonLeft, tea.MouseButtonLeft, tea.MouseButtonWheelUp, tea.MouseButtonWheelDown, tea.MouseButtonRight, tea.MouseButtonNone}
	actions := []tea.MouseAction{tea.MouseActionPress, tea.MouseActionPress, tea.MouseActionRelease, tea.MouseActionMotion}
	x.send(tea.MouseMsg{X: column % w, Y: row % h, Button: buttons[kind%len(buttons)], Action: actions[kind/8%len(actions)]})
}

func (x *fuzzWorld) resize(p *instructions) {
	n := p.choice(2 * len(tuitest.Sizes))
	if n < len(tuitest.Sizes) {
		x.Resize(tuitest.Sizes[n][0], tuitest.Sizes[n][1])
		return
	}
	x.Resize(1+p.choice(256)*300/256, 1+p.choice(100))
}

// messages are what the world may say at any time, late answers included.
func (x *fuzzWorld) messages() []tea.Msg {
	return []tea.Msg{
		ticked(noon), watchDue{}, watched{version: int64(x.other.count()), count: 7}, watched{version: 1, notices: []history.Notice{"a damaged history was set aside \x1b[2J"}},
		fetched{err: errUnreadable}, desk.Ended{Exchange: apiclient.Exchange{ID: "another"}}, desk.Left{Lost: 1, Err: errUnreadable},
		ui.Told{Text: "Copied \x1b]52;c;\a", Bad: true}, tea.FocusMsg{}, tea.BlurMsg{}, struct{ unknown int }{1},
	}
}

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
	x.Driver = tuitest.New(t, x.app, 140, 40, tuitest.Each)
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
