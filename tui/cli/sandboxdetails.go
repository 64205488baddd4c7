package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/keys"
	"countersign/apiclient/sandbox"
)

// sandboxDetails is the document of sandbox --json.
type sandboxDetails struct {
	BaseURL             string   `json:"baseUrl"`
	Gateway             string   `json:"gateway"` // scheme and host: what official SDKs want
	ClientID            string   `json:"clientId"`
	MerchantID          string   `json:"merchantId"`
	KeyVersion          string   `json:"keyVersion"`
	PrivateKey          string   `json:"privateKey,omitempty"`       // file: your client signs with it, if not with its own
	PrivateKeyBase64    string   `json:"privateKeyBase64,omitempty"` // file: the same as one line of base64
	PublicKey           string   `json:"publicKey,omitempty"`        // file: the sandbox verifies with it
	PeerPublicKey       string   `json:"peerPublicKey"`              // file: your client verifies with it; not of a platform_key
	PeerPublicKeyBase64 string   `json:"peerPublicKeyBase64"`
	CAFile              string   `json:"caFile,omitempty"`      // your client must trust it
	PlatformKey         string   `json:"platformKey,omitempty"` // file: the sandbox signs with it
	Notifies            bool     `json:"notifies"`
	Faults              []string `json:"faults,omitempty"`
	Profile             string   `json:"profile,omitempty"` // TOML
}

func newDetails(server *sandbox.Server, c sandbox.Config, k sandbox.Keys, faults []string,
	caFile string) sandboxDetails {
	d := sandboxDetails{
		BaseURL: server.URL, Gateway: server.Gateway(),
		ClientID: c.ClientID, MerchantID: c.MerchantID, KeyVersion: c.KeyVersion,
		PeerPublicKeyBase64: keys.PortalPublic(&c.Key.PublicKey), CAFile: caFile, Notifies: c.Notify != nil, Faults: faults,
	}
	if c.AnyClient {
		d.ClientID = "any"
	}
	if c.Key == k.SuperApp {
		d.PeerPublicKey, d.PlatformKey = k.SuperAppPubFile, k.SuperAppFile
	}
	if own := c.ClientKeys[sandbox.KeyVersion]; own != nil && own.Equal(&k.Merchant.PublicKey) {
		d.PrivateKey, d.PrivateKeyBase64, d.PublicKey = k.MerchantFile, k.MerchantBase64File, k.MerchantPubFile
		d.Profile = d.toml()
	}
	return d
}

// toml is a profile for config.toml that points to this sandbox.
func (d sandboxDetails) toml() string {
	clientID := d.ClientID
	if clientID == "any" {
		clientID = sandbox.ClientID
	}
	text := fmt.Sprintf(`[profiles.local]
base_url    = %q
client_id   = %q
merchant_id = %q
key_version = %s
private_key = { file = %q }
peer_keys   = { %q = { file = %q } }
`, d.BaseURL, clientID, d.MerchantID, d.KeyVersion, d.PrivateKey, d.KeyVersion, d.PeerPublicKey)
	if d.PlatformKey != "" {
		text += fmt.Sprintf("platform_key = { file = %q } # to send callbacks as the Super App\n", d.PlatformKey)
	}
	if d.CAFile != "" {
		text += fmt.Sprintf("ca_file     = %q\n", d.CAFile)
	}
	return text
}

func (a *app) printDetails(d sandboxDetails) error {
	notified := ""
	if d.Notifies {
		notified = "to paymentNotifyUrl, until it answers S"
	}
	rows := [][]string{
		{"base URL", d.BaseURL}, {"  of an official SDK", d.Gateway}, {"client id", d.ClientID},
		{"merchant id", d.MerchantID}, {"key version", d.KeyVersion},
		{"sign with", cmp.Or(d.PrivateKey, "your client's own key")},
		{"  as bare base64", d.PrivateKeyBase64}, {"its public key", d.PublicKey},
		{"verify answers with", cmp.Or(d.PeerPublicKey, "the public half of platform_key")},
		{"  as bare base64", d.PeerPublicKeyBase64}, {"trust (TLS)", d.CAFile}, {"notifications", notified},
		{"faults", strings.Join(d.Faults, ", ")},
	}
	var out printer
	out.line("The Super App is up. ctrl+c ends it.\n")
	table(&out, slices.DeleteFunc(rows, func(row []string) bool { return row[1] == "" }))
	if d.Profile != "" {
		out.line("\nAs a profile in config.toml:\n\n%s", d.Profile)
	}
	return a.tell(d, &out)
}
