package browser

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/evidence"
	"countersign/apiclient/page"
	"countersign/apiclient/redact"
	"countersign/apiclient/signing"
	"countersign/apiclient/signing/signingtest"
)

const testdata = "../../apiclient/signing/testdata"

// start opens a browser, or skips the test where there is none.
func start(t *testing.T, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium on this machine")
	}
	options := append([]chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Headless}, more...)
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	call(ctx, t, "Network.enable", nil)
	return ctx
}

// call sends a command of the protocol.
func call(ctx context.Context, t *testing.T, method string, params any) {
	t.Helper()
	if params == nil {
		params = map[string]any{}
	}
	err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		return target.Call(ctx, method, params, nil)
	}))
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
}

func do(ctx context.Context, t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func run[T any](ctx context.Context, t *testing.T, a chromedp.Action[T]) T {
	t.Helper()
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// watcher collects the requests that leave a page, but for the page itself.
type watcher struct {
	mu       sync.Mutex
	requests []string
}

func watch(ctx context.Context, t *testing.T, page string) *watcher {
	t.Helper()
	w := &watcher{}
	err := chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok && e.Request.URL != page && !strings.HasPrefix(e.Request.URL, "data:") {
			w.mu.Lock()
			w.requests = append(w.requests, e.Request.URL)
			w.mu.Unlock()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// tally is how many claims hold, do not, and cannot be checked.
type tally struct {
	Holds, Fails, Open int
	Failing, Left      []string // claims in words
}

// outcome is what a page says of itself, and of each copy with one byte more and
// put back again.
type outcome struct {
	Claims int
	First  tally
	Copies []struct{ More, Back tally }
}

// proving reads the ticks of a page, as a reader who edits its copies does.
const proving = `(async () => {
	const root = document.documentElement;
	const settled = async () => {
		for (let i = 0; !root.dataset.checked; i++) {
			if (i > 1000) throw new Error("the page does not check itself");
			await new Promise(done => setTimeout(done, 10));
		}
		const words = state => Array.from(document.querySelectorAll(".claim." + state)).map(c => c.innerText.replace(/\n/g, " "));
		const failing = words("fails"), left = words("open");
		return { Holds: words("holds").length, Fails: failing.length, Open: left.length, Failing: failing, Left: left };
	};
	const edit = (area, text) => {
		delete root.dataset.checked;
		area.value = text;
		area.dispatchEvent(new Event("input"));
		return settled();
	};
	const first = await settled(), copies = [];
	for (const area of document.querySelectorAll("textarea")) {
		const was = area.value;
		copies.push({ More: await edit(area, was + "x"), Back: await edit(area, was) });
	}
	return { Claims: document.querySelectorAll(".claim").length, First: first, Copies: copies };
})()`

// unknowable are cases of which a browser cannot check all: it has no MD5.
var unknowable = map[string]int{"X377": 2}

// TestPagesProveThemselves opens the pages of public cases.
func TestPagesProveThemselves(t *testing.T) {
	ctx := start(t)
	file := signingtest.Load(t, testdata)
	var keys []apiclient.Key
	for _, k := range file.Keyring {
		keys = append(keys, publicKey(t, k.ID))
	}
	dir := t.TempDir()
	for i, m := range file.Cases {
		if os.Getenv("EVERY_CASE") == "" && i%7 != 0 && unknowable[m.ID] == 0 {
			continue
		}
		t.Run(m.ID, func(t *testing.T) {
			e := evidenceOf(t, m, keys)
			r := diagnose.Diagnose(ctx, e, diagnose.Options{Budget: 2 * time.Second})
			prove(ctx, t, writePage(t, dir, m.ID, e, r), unknowable[m.ID])
		})
	}
}

// prove holds that every claim of a page holds, that one byte more in a copy takes
// ticks away, that they come back without it, and that nothing is loaded.
func prove(ctx context.Context, t *testing.T, url string, unknown int) {
	t.Helper()
	ctx, stop := context.WithCancel(ctx) // of the watcher
	defer stop()
	w := watch(ctx, t, url)
	do(ctx, t, chromedp.Navigate(url))
	o := run(ctx, t, chromedp.Evaluate[outcome](proving, chromedp.EvalAwaitPromise))
	if f := o.First; f.Fails != 0 || f.Open != unknown || f.Holds+f.Open != o.Claims || f.Holds < 2 {
		t.Errorf("%d of %d claims hold\n%s\n%s", f.Holds, o.Claims, strings.Join(f.Failing, "\n"), strings.Join(f.Left, "\n"))
	}
	if len(o.Copies) == 0 {
		t.Error("there is no copy to edit")
	}
	for n, c := range o.Copies {
		if c.More.Holds >= o.First.Holds || c.More.Fails == 0 {
			t.Errorf("copy %d: with one byte more %d claims hold, and without %d", n, c.More.Holds, o.First.Holds)
		}
		if c.Back.Holds != o.First.Holds || c.Back.Fails != 0 {
			t.Errorf("copy %d: put back, %d claims hold instead of %d", n, c.Back.Holds, o.First.Holds)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.requests) > 0 {
		t.Errorf("the page loads %v", w.requests)
	}
}

// TestMasked holds that no claim fails where parts of the strings are masked: what
// needs them is not checked, and the parts around them are.
func TestMasked(t *testing.T) {
	ctx := start(t)
	e, r := aCase(t, "X167")
	masks, err := redact.New(nil, []string{"..paymentId"})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "masked.html")
	if err := os.WriteFile(path, renderMasked(t, e, r, masks), 0o600); err != nil {
		t.Fatal(err)
	}
	do(ctx, t, chromedp.Navigate("file://"+filepath.ToSlash(path)))
	o := run(ctx, t, chromedp.Evaluate[outcome](proving, chromedp.EvalAwaitPromise))
	text := run(ctx, t, chromedp.Evaluate[string]("document.body.innerText"))
	if o.First.Fails != 0 || o.First.Holds < 4 || o.First.Open == 0 || len(o.Copies) != 0 {
		t.Errorf("%+v", o)
	}
	for _, want := range []string{"parts of the string are masked", "as far as they are shown", "its digest cannot be recomputed here"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// TestOverPlainHTTP holds that a page proves itself where browsers offer no Web
// Cryptography.
func TestOverPlainHTTP(t *testing.T) {
	ctx := start(t, chromedp.Flag("host-resolver-rules", "MAP evidence.test 127.0.0.1"))
	e, r := aCase(t, "X167")
	text := render(t, e, r)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(text) }))
	defer server.Close()
	url := strings.Replace(server.URL, "127.0.0.1", "evidence.test", 1) + "/" // an address of loopback would be trusted
	do(ctx, t, chromedp.Navigate(url))
	if run(ctx, t, chromedp.Evaluate[bool]("isSecureContext")) {
		t.Fatal("the browser trusts the page: nothing is tested")
	}
	prove(ctx, t, url, 0)
}

// TestLooks holds that nothing is wider than the window, in light and dark, narrow
// and in print. It leaves pictures in the folder that PICTURES names.
func TestLooks(t *testing.T) {
	ctx := start(t)
	e, r := aCase(t, "X167")
	url := writePage(t, t.TempDir(), "looks", e, r)
	keep := func(name string, data []byte) {
		if dir := os.Getenv("PICTURES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	const light, dark, white = "rgb(255, 255, 255)", "rgb(20, 23, 27)", "rgb(255, 255, 255)"
	for _, look := range []struct {
		name, scheme, media, ground string
		width                       int64
	}{
		{"light", "light", "screen", light, 1100}, {"dark", "dark", "screen", dark, 1100},
		{"narrow", "light", "screen", light, 360}, {"print", "dark", "print", white, 800},
	} {
		t.Run(look.name, func(t *testing.T) {
			call(ctx, t, "Emulation.setEmulatedMedia", map[string]any{"media": look.media,
				"features": []map[string]string{{"name": "prefers-color-scheme", "value": look.scheme}}})
			do(ctx, t, chromedp.EmulateViewport(look.width, 1200), chromedp.Navigate(url))
			run(ctx, t, chromedp.Evaluate[outcome](proving, chromedp.EvalAwaitPromise))
			if run(ctx, t, chromedp.Evaluate[bool]("document.documentElement.scrollWidth > innerWidth")) {
				t.Error("something is wider than the window")
			}
			if got := run(ctx, t, chromedp.Evaluate[string]("getComputedStyle(document.body).backgroundColor")); got != look.ground {
				t.Errorf("the ground is %s, not %s", got, look.ground)
			}
			keep(look.name+".png", run(ctx, t, chromedp.FullScreenshot(100)))
		})
	}
	pdf := run(ctx, t, chromedp.PrintToPDF())
	if !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Error("it cannot be printed")
	}
	keep("page.pdf", pdf)
}

// TestReadableWithoutScripts holds that all is there for readers whose browser
// runs no script.
func TestReadableWithoutScripts(t *testing.T) {
	ctx := start(t)
	e, r := aCase(t, "X167")
	call(ctx, t, "Emulation.setScriptExecutionDisabled", map[string]any{"value": true})
	do(ctx, t, chromedp.Navigate(writePage(t, t.TempDir(), "plain", e, r)))
	text := run(ctx, t, chromedp.Evaluate[string]("document.body.innerText"))
	wrong, change := e.Short(&r)
	for _, want := range []string{wrong, change, "Not checked yet", "The string that must be signed", "/v2/payments/"} {
		if !strings.Contains(text, want) {
			t.Errorf("without scripts there is no %q", want)
		}
	}
}

func aCase(t *testing.T, id string) (diagnose.Evidence, diagnose.Report) {
	t.Helper()
	file := signingtest.Load(t, testdata)
	var keys []apiclient.Key
	for _, k := range file.Keyring {
		keys = append(keys, publicKey(t, k.ID))
	}
	for _, m := range file.Cases {
		if m.ID == id {
			e := evidenceOf(t, m, keys)
			return e, diagnose.Diagnose(context.Background(), e, diagnose.Options{})
		}
	}
	t.Fatalf("there is no case %s", id)
	return diagnose.Evidence{}, diagnose.Report{}
}

// render writes a page with nothing masked, so that all of it can be checked.
func render(t *testing.T, e diagnose.Evidence, r diagnose.Report) []byte {
	t.Helper()
	return renderMasked(t, e, r, redact.Reveal())
}

func renderMasked(t *testing.T, e diagnose.Evidence, r diagnose.Report, masks redact.Redactor) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := page.Write(&b, e, r, page.Options{Now: time.Now(), By: "countersign test", Redact: masks}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// writePage writes a page into a file, and returns its URL.
func writePage(t *testing.T, dir, name string, e diagnose.Evidence, r diagnose.Report) string {
	t.Helper()
	path := filepath.Join(dir, name+".html")
	if err := os.WriteFile(path, render(t, e, r), 0o600); err != nil {
		t.Fatal(err)
	}
	return "file://" + filepath.ToSlash(path)
}

func publicKey(t *testing.T, id string) apiclient.Key {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testdata, "keys", id+".pub.spki.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return apiclient.Key{Key: signing.Key{ID: id, Public: key.(*rsa.PublicKey)}}
}

// evidenceOf makes what the product sees of a case.
func evidenceOf(t *testing.T, m signingtest.Mismatch, keys []apiclient.Key) diagnose.Evidence {
	t.Helper()
	x := m.Case.Exchange
	var response []byte
	side := apiclient.RequestSide
	if x.Response != nil {
		response, side = x.Response.Raw(), apiclient.ResponseSide
	}
	exchange, err := evidence.Reader{}.Messages(x.Request.Raw(), response)
	if err != nil {
		t.Fatal(err)
	}
	e, err := diagnose.FromProfile(apiclient.Profile{}, exchange, side)
	if err != nil {
		t.Fatal(err)
	}
	e.ClientID, e.MerchantID = m.Case.ClientID, m.Case.MerchantID
	e.Expected, e.Known = nil, nil
	for _, k := range keys {
		if k.ID == m.Case.Key {
			e.Expected = append(e.Expected, k)
		} else {
			e.Known = append(e.Known, k)
		}
	}
	return e
}
