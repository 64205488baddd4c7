//go:build !windows

package cli

import (
	"context"
	"crypto/rsa"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"countersign/apiclient/keys"
	"countersign/apiclient/sandbox"
)

// smallest is the least that Bubble Tea can be asked to do.
const smallest = `package main

import tea "github.com/charmbracelet/bubbletea"

type model struct{}

func (model) Init() tea.Cmd { return nil }
func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) { return m, nil }
func (model) View() string { return "Ready" }
func main() { _, _ = tea.NewProgram(model{}, tea.WithAltScreen()).Run() }
`

// build makes a program as a release has it, without cgo; the test binary has more to
// initialise.
func build(b *testing.B, name, target string) string {
	b.Helper()
	out := filepath.Join(b.TempDir(), name)
	command := exec.Command("go", "build", "-o", out, target)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if printed, err := command.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, printed)
	}
	return out
}

// benchHome is a home with the sandbox's keys, as after the first start.
func benchHome(b testing.TB) []string {
	b.Helper()
	abs, err := filepath.Abs(testKeys)
	if err != nil {
		b.Fatal(err)
	}
	home := b.TempDir()
	if err := seedSandbox(abs, filepath.Join(home, "data", "sandbox")); err != nil {
		b.Fatal(err)
	}
	return append(os.Environ(), "HOME="+home, "COUNTERSIGN_DATA="+filepath.Join(home, "data"), "COUNTERSIGN_CONFIG=", "XDG_CONFIG_HOME=",
		"TERM=xterm-256color", "COLORFGBG=", "NO_COLOR=")
}

// BenchmarkSendProcess is one POST as a process, start to exit, against a Super
// App on loopback: countersign send, which signs, records, verifies and checks,
// and curl, which only posts.
func BenchmarkSendProcess(b *testing.B) {
	env := benchHome(b)
	server := superApp(b)
	config := filepath.Join(b.TempDir(), "config.toml")
	abs, err := filepath.Abs(testKeys)
	if err != nil {
		b.Fatal(err)
	}
	text := fmt.Sprintf("[profiles.local]\nbase_url = %q\nclient_id = %q\nprivate_key = { file = %q }\npeer_keys = { \"1\" = { file = %q } }\n",
		server, sandbox.ClientID, filepath.Join(abs, "client2048.pkcs8.pem"), filepath.Join(abs, "server2048.pub.spki.pem"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	for name, argv := range map[string][]string{
		"countersign": {build(b, "countersign", "../.."), "send", "payments/pay", "--config", config, "--profile", "local"},
		"curl": {"curl", "-sS", "-X", "POST", "-H", "Content-Type: application/json", "-H", "Client-Id: " + sandbox.ClientID,
			"--data-binary", `{"paymentRequestId":"1"}`, server + "/v2/payments/pay"},
	} {
		b.Run(name, func(b *testing.B) {
			if _, err := exec.LookPath(argv[0]); err != nil {
				b.Skip(err)
			}
			for range b.N {
				c := exec.Command(argv[0], argv[1:]...)
				c.Env = env
				if out, err := c.CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
			}
		})
	}
}

func superApp(b *testing.B) string {
	b.Helper()
	load := func(name string) *rsa.PrivateKey {
		data, err := os.ReadFile(filepath.Join(testKeys, name))
		if err != nil {
			b.Fatal(err)
		}
		k, err := keys.ParsePrivate(context.Background(), data, nil)
		if err != nil {
			b.Fatal(err)
		}
		return k.Key
	}
	box, err := sandbox.New(sandbox.Config{
		ClientKeys: map[string]*rsa.PublicKey{"1": &load("client2048.pkcs8.pem").PublicKey}, Key: load("server2048.pkcs8.pem"),
	})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(box)
	b.Cleanup(server.Close)
	return server.URL + sandbox.Prefix
}
