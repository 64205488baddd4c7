package tui

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rsa"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/keys"
	"countersign/apiclient/sandbox"
	"countersign/apiclient/signing"
	"countersign/apiclient/variables"
	"countersign/history"
	"countersign/tui/terminal"
	"countersign/tui/traffic"
	"countersign/tui/tuitest"
	"countersign/tui/ui"
)

// Goldens show times of day: they are those of UTC. There is memory for hundreds
// of screens at once, so that its collector need not run for each.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// noon is when every test takes place.
var noon = time.Date(2026, 11, 23, 12, 3, 11, 199e6, time.UTC)

// testKeys are those that were read: reading one checks its primes.
var testKeys sync.Map

// testKey reads one of the key pairs that were made for tests.
func testKey(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	if k, ok := testKeys.Load(name); ok {
		return k.(*rsa.PrivateKey)
	}
	data, err := os.ReadFile(filepath.Join("..", "apiclient", "keys", "testdata", name+".pkcs8.pem"))
	if err != nil {
		t.Fatal(err)
	}
	k, err := keys.ParsePrivate(context.Background(), data, nil)
	if err != nil {
		t.Fatal(err)
	}
	testKeys.Store(name, k.Key)
	return k.Key
}

// signed holds what was signed in some test. Its clock stands still and its IDs
// are counted, so most worlds sign the same strings, and each again costs more
// than all the rest of a key press.
var signed sync.Map // of signing.Proof, by signedWhat

type signedWhat struct {
	key       *rsa.PrivateKey
	canonical string
	style     signing.Style
}

// signOnce is signing.Sign, whose signatures are always the same.
func signOnce(key *rsa.PrivateKey, canonical []byte, style signing.Style) (signing.Proof, error) {
	if len(canonical) > 16<<10 {
		return signing.Sign(key, canonical, style)
	}
	what := signedWhat{key, string(canonical), style}
	known, ok := signed.Load(what)
	if !ok {
		p, err := signing.Sign(key, canonical, style)
		if err != nil {
			return p, err
		}
		known, _ = signed.LoadOrStore(what, p)
	}
	p := known.(signing.Proof)
	p.Canonical, p.Signature = bytes.Clone(p.Canonical), bytes.Clone(p.Signature)
	return p, nil
}

// world is an explorer with everything real but the terminal, the clock and
// what is made up: a sandbox on loopback, a history on disk.
type world struct {
	*tuitest.Driver
	t        testing.TB
	app      *App
	history  *history.Store
	profile  apiclient.Profile
	config   Config
	handler  http.Handler                                                         // the other side; nil means the sandbox
	dial     func(ctx context.Context, network, address string) (net.Conn, error) // nil: to the handler
	copied   string
	known    func(context.Context, string) ([]variables.Known, error)                   // the variables that are offered; nil: those of the machine
	explain  func(context.Context, diagnose.Evidence, diagnose.Options) diagnose.Report // nil: diagnose.Diagnose
	journal  apiclient.Journal                                                          // what the client records with; nil: the history
	triggers []Trigger
	traffic  traffic.Starter             // nil: capture and listen cannot be started
	ports    map[apiclient.Origin]string // where they listen
	rings    int                         // of the bell
	news     chan tea.Msg                // of what passes
}

// counter makes up bytes that are the same in each test.
type counter struct{ n uint64 }

func (c *counter) Read(b []byte) (int, error) {
	for i := range b {
		c.n++
		var word [8]byte
		binary.LittleEndian.PutUint64(word[:], c.n*0x9E3779B97F4A7C15)
		b[i] = word[7]
	}
	return len(b), nil
}

// explore starts an explorer on a screen of w x h. Options change the world
// before it starts.
func explore(t testing.TB, w, h int, options ...func(*world)) *world {
	t.Helper()
	x := newWorld(t, options...)
	x.app = New(x.config)
	x.Driver = tuitest.New(t, x.app, w, h)
	return x
}

func newWorld(t testing.TB, options ...func(*world)) *world {
	t.Helper()
	merchant, superApp := testKey(t, "client2048"), testKey(t, "server2048")
	cat := catalog.Builtin()
	x := &world{t: t}
	x.profile = apiclient.Profile{
		Name: "sandbox", BaseURL: "http://superapp.test/miniprogram/api", AllowHTTP: true,
		ClientID: sandbox.ClientID, MerchantID: sandbox.MerchantID, KeyVersion: "1", Key: merchant,
		PeerKeys: map[string]*rsa.PublicKey{"1": &superApp.PublicKey},
	}
	box, err := sandbox.New(sandbox.Config{
		ClientKeys: map[string]*rsa.PublicKey{"1": &merchant.PublicKey}, Key: superApp, Catalog: cat,
		Now: func() time.Time { return noon }, Rand: &counter{},
	})
	if err != nil {
		t.Fatal(err)
	}
	// The checkout's address is that of the listener: here one that stays.
	x.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		here := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 40405}
		box.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, here)))
	})
	x.history = openHistory(t)
	ids := 0
	newID := func() string { ids++; return fmt.Sprintf("019aaaaa-0000-7000-8000-%012d", ids) }
	x.config = Config{
		Settings: Settings{Catalog: cat, Theme: ui.NewTheme(ui.ThemeDark, termenv.Ascii), Profiles: []apiclient.Profile{x.profile}},
		Folder:   memoryDir(t),
		Now:      func() time.Time { return noon },
		Copy:     func(s string) error { x.copied = s; return nil },
		Exec: func(c tea.ExecCommand, done tea.ExecCallback) tea.Cmd { // the screen is nobody's here
			return func() tea.Msg { return done(c.Run()) }
		},
		terminal: terminal.New(nil, nil, nil),
		After: func(d time.Duration, msg func(time.Time) tea.Msg) tea.Cmd {
			if d == pendingPace { // no time passes here
				return func() tea.Msg { return msg(noon) }
			}
			return nil
		},
	}
	for _, o := range options {
		o(x)
	}
	address := serve(t, x.handler)
	if x.config.Load == nil {
		x.config.Load = func(_ context.Context, observe func(apiclient.Progress)) (*Services, error) {
			client, err := apiclient.New(x.profile, apiclient.Options{
				Journal: cmp.Or[apiclient.Journal](x.journal, x.history), Observe: observe, Now: x.config.Now, NewID: newID, UserAgent: "countersign/test",
				Sign:    signOnce,
				MakeKey: func() (*rsa.PrivateKey, error) { return testKey(t, "other2048"), nil },
				Dial: func(ctx context.Context, network, asked string) (net.Conn, error) {
					if x.dial != nil {
						return x.dial(ctx, network, asked)
					}
					return (&net.Dialer{}).DialContext(ctx, network, address)
				},
			})
			if err != nil {
				return nil, err
			}
			resolver := &variables.Resolver{Profile: x.profile, Now: x.config.Now, NewID: newID, Getenv: os.LookupEnv, Environ: os.Environ,
				Last:    func(ctx context.Context, of string) (*apiclient.Exchange, error) { return x.earlierRun(ctx, of, 0) },
				Earlier: x.earlierRun, Endpoints: func(ctx context.Context) ([]string, error) { return x.history.Endpoints(ctx, x.profile.Name) }}
			known := resolver.Known
			if x.known != nil {
				known = x.known
			}
			return &Services{
				Client: client, History: x.history, Expand: resolver.TraceDraft, Resolver: resolver, Variables: known, Diagnose: x.explain, Triggers: x.triggers, Traffic: x.traffic, Buyer: box,
				Faulty: box, Faults: someFaults,
				Evidence: func(_ context.Context, e apiclient.Exchange, side apiclient.Side) (diagnose.Evidence, error) {
					return diagnose.FromProfile(x.profile, e, side)
				},
			}, nil
		}
	}
	return x
}

// someFaults are rows of the sandbox's own.
var someFaults = []Fault{
	{Name: "On the wire", Heading: true},
	{Name: "slow", Says: "The answer comes after ten seconds."},
	{Name: "html", Says: "A gateway answers with a page for browsers: HTTP 502, no signature."},
	{Name: "Signature: the diagnosis names it", Heading: true},
	{Name: "trailing-newline", Says: "A line feed is added to the body behind the signature."},
	{Name: "Result of payments/pay", Heading: true},
	{Name: "RISK_REJECT", Says: "The payment was rejected by risk control."},
}

// blankHistory is the file of a history without runs. To make its tables takes
// longer than most tests, so they are made once.
var blankHistory = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "countersign-blank-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "history.db")
	store, _, err := history.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	if err := store.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // a path of the test's own
})

// openHistory opens a history of the test's own, without runs.
func openHistory(t testing.TB) *history.Store {
	t.Helper()
	blank, err := blankHistory()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(memoryDir(t), "history.db")
	if err := os.WriteFile(path, blank, 0o600); err != nil {
		t.Fatal(err)
	}
	store, _, err := history.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// earlierRun finds the answered run of an endpoint, by its ID, that has n newer
// ones.
func (x *world) earlierRun(ctx context.Context, endpoint string, n int) (*apiclient.Exchange, error) {
	runs, err := x.history.List(ctx, history.Query{Endpoint: endpoint, Limit: n + 1})
	if err != nil || len(runs) <= n {
		return nil, err
	}
	e, err := x.history.Get(ctx, runs[n].ID)
	return &e, err
}

// serve runs the other side on loopback.
func serve(t testing.TB, h http.Handler) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dated := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", noon.Format(http.TimeFormat)) // not the clock's
		h.ServeHTTP(w, r)
	})
	server := &http.Server{Handler: dated, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

// answering makes an other side that answers the same to everything.
func answering(status int, header map[string]string, body string) func(*world) {
	return func(x *world) {
		x.handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for k, v := range header {
				w.Header().Set(k, v)
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	}
}

// begin presses a key and leaves to the test to run what comes of it: so far it
// is still on its way.
func (x *world) begin(key string) tea.Cmd {
	x.t.Helper()
	msg, ok := tuitest.KeyOf(key)
	if !ok {
		x.t.Fatalf("there is no key %q", key)
	}
	model, cmd := x.app.Update(msg)
	if model != tea.Model(x.app) {
		x.t.Fatalf("the model became a %T", model)
	}
	return cmd
}

// runs counts what the history holds.
func (x *world) runs(t testing.TB) int {
	t.Helper()
	n, err := x.history.Count(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// shows and lacks look for a text on the screen.
func (x *world) shows(t testing.TB, texts ...string) {
	t.Helper()
	tuitest.Shows(t, x.Screen(), texts...)
}

func (x *world) lacks(t testing.TB, texts ...string) {
	t.Helper()
	tuitest.Lacks(t, x.Screen(), texts...)
}
