package tui

import (
	"context"
	"crypto/rsa"
	"os"
	"path/filepath"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/keys"
	"countersign/apiclient/sandbox"
	"countersign/apiclient/variables"
	"countersign/history"
	"countersign/tui/tuitest"
	"countersign/tui/ui"
)

// testKey reads one of the key pairs that were made for tests.
func testKey(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "apiclient", "keys", "testdata", name+".pkcs8.pem"))
	if err != nil {
		t.Fatal(err)
	}
	k, err := keys.ParsePrivate(context.Background(), data, nil)
	if err != nil {
		t.Fatal(err)
	}
	return k.Key
}

// world is an explorer with everything real but the terminal and the clock: a
// sandbox on loopback, a history on disk.
type world struct {
	*tuitest.Driver
	app     *App
	history *history.Store
	copied  string
	profile apiclient.Profile
	now     func() time.Time
}

type option func(*world, *Config)

func explore(t testing.TB, w, h int, options ...option) *world {
	t.Helper()
	ctx := context.Background()
	merchant, superApp := testKey(t, "client2048"), testKey(t, "server2048")
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	x := &world{now: time.Now}
	box, err := sandbox.New(sandbox.Config{
		ClientID: sandbox.ClientID, MerchantID: sandbox.MerchantID,
		ClientKeys: map[string]*rsa.PublicKey{"1": &merchant.PublicKey},
		Key:        superApp, KeyVersion: "1", Catalog: cat,
	})
	if err != nil {
		t.Fatal(err)
	}
	server, err := box.Listen("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	x.history, _, err = history.Open(ctx, filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.history.Close() })
	x.profile = apiclient.Profile{
		Name: "sandbox", BaseURL: server.URL, ClientID: sandbox.ClientID, MerchantID: sandbox.MerchantID,
		KeyVersion: "1", Key: merchant, PeerKeys: map[string]*rsa.PublicKey{"1": &superApp.PublicKey},
	}
	config := Config{
		Catalog: cat,
		Now:     time.Now,
		Theme:   ui.NewTheme(ui.ThemeDark, termenv.Ascii),
		Copy:    func(s string) error { x.copied = s; return nil },
		After:   func(time.Duration, func(time.Time) tea.Msg) tea.Cmd { return nil },
	}
	config.Load = func(_ context.Context, observe func(apiclient.Progress)) (*Services, error) {
		client, err := apiclient.New(x.profile, apiclient.Options{Journal: x.history, Observe: observe})
		if err != nil {
			return nil, err
		}
		resolver := &variables.Resolver{Profile: x.profile, Now: config.Now}
		return &Services{Client: client, History: x.history, Expand: resolver.Expand, Renew: resolver.Renew}, nil
	}
	for _, o := range options {
		o(x, &config)
	}
	_ = start
	x.app = New(config)
	x.Driver = tuitest.New(t, x.app, w, h)
	return x
}

func TestFirstSend(t *testing.T) {
	x := explore(t, 140, 40)
	t.Log("\n" + x.Screen())
	x.Key("ctrl+r")
	t.Log("\n" + x.Screen())
}
