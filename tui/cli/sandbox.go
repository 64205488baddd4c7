package cli

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/sandbox"
	"countersign/tui/ui"
)

const sandboxLong = `Runs the built-in Super App for your own client to call, and prints what the client
needs: the base URL, the ids, and the files of the keys. It checks requests as a
gateway does, answers with the protocol's codes, and signs its answers. What it
knows lives in memory: payments are gone when it ends. ctrl+c ends it.`

const sandboxExample = `  countersign sandbox
  countersign sandbox --listen 127.0.0.1:8090
  countersign sandbox --save        # and keep what clients sent in the history`

func (a *app) sandboxCommand() *cobra.Command {
	var listen string
	var save bool
	cmd := &cobra.Command{
		Use: "sandbox", Short: "Run a Super App for your own client", Long: sandboxLong, Example: sandboxExample,
		Args: args(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), listen, save) },
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "listen on this `ADDRESS`; port 0 takes a free one")
	cmd.Flags().BoolVar(&save, "save", false, "keep each exchange in the history")
	return cmd
}

// sandboxDetails is the document of sandbox --json.
type sandboxDetails struct {
	BaseURL       string `json:"baseUrl"`
	ClientID      string `json:"clientId"`
	MerchantID    string `json:"merchantId"`
	KeyVersion    string `json:"keyVersion"`
	PrivateKey    string `json:"privateKey"`    // file: your client signs with it
	PublicKey     string `json:"publicKey"`     // file: the sandbox verifies with it
	PeerPublicKey string `json:"peerPublicKey"` // file: your client verifies with it
	Profile       string `json:"profile"`       // TOML
}

func (a *app) serve(ctx context.Context, listen string, save bool) error {
	observe, err := a.observer(save)
	if err != nil {
		return err
	}
	s, err := a.newSandbox(observe)
	if err != nil {
		return err
	}
	server, err := s.Listen(listen)
	if err != nil {
		return err
	}
	if !server.Loopback() {
		a.warn(fmt.Sprintf("the sandbox listens on %s: whoever reaches this machine can call it, and decide on its "+
			"checkout pages; "+
			"without --listen, or with 127.0.0.1, only programs of this machine can", server.Addr))
	}
	k, err := a.material()
	if err != nil {
		return err
	}
	details := sandboxDetails{
		BaseURL: server.URL, ClientID: sandbox.ClientID, MerchantID: sandbox.MerchantID, KeyVersion: sandbox.KeyVersion,
		PrivateKey: k.MerchantFile, PublicKey: k.MerchantPubFile, PeerPublicKey: k.SuperAppPubFile,
	}
	details.Profile = details.toml()
	if err := a.printDetails(details); err != nil {
		return err
	}
	started()
	<-ctx.Done()
	return server.Close()
}

// toml is a profile for config.toml that points to this sandbox.
func (d sandboxDetails) toml() string {
	return fmt.Sprintf(`[profiles.local]
base_url    = %q
client_id   = %q
merchant_id = %q
key_version = %s
private_key = { file = %q }
peer_keys   = { %q = { file = %q } }
`, d.BaseURL, d.ClientID, d.MerchantID, d.KeyVersion, d.PrivateKey, d.KeyVersion, d.PeerPublicKey)
}

func (a *app) printDetails(d sandboxDetails) error {
	if a.flags.json {
		return a.printJSON(d)
	}
	var out printer
	out.line("The Super App is up. ctrl+c ends it.")
	out.line("")
	table(&out, [][]string{
		{"base URL", d.BaseURL}, {"client id", d.ClientID}, {"merchant id", d.MerchantID}, {"key version", d.KeyVersion},
		{"sign with", d.PrivateKey}, {"its public key", d.PublicKey}, {"verify answers with", d.PeerPublicKey},
	})
	out.line("")
	out.line("As a profile in config.toml:")
	out.line("")
	out.line("%s", d.Profile)
	return a.write([]byte(out.String()))
}

// observer prints a line for each exchange that the sandbox served, and keeps
// it where that is wanted.
func (a *app) observer(save bool) (func(apiclient.Exchange), error) {
	var journal apiclient.Journal
	if save {
		store, err := a.store()
		if err != nil {
			return nil, err
		}
		journal = store
	}
	to := a.out
	if a.flags.json {
		to = a.err // stdout has its one document
	}
	var mu sync.Mutex
	return func(e apiclient.Exchange) {
		mu.Lock()
		defer mu.Unlock()
		_, _ = fmt.Fprintf(to, "%s  %s  %s\n", e.StartedAt.Local().Format(time.TimeOnly),
			ui.Safe(e.Request.Method()+" "+e.Request.Target()), ui.Safe(apiclient.Summary(e)))
		if journal == nil {
			return
		}
		ctx := context.Background()
		err := journal.Begin(ctx, &e)
		if err == nil {
			err = journal.Complete(ctx, &e)
		}
		if err != nil {
			a.warn(err.Error())
		}
	}, nil
}
