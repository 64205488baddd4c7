package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"countersign/apiclient/keys"
	"countersign/apiclient/sandbox"
	"countersign/tui/cli/config"
	"countersign/tui/ui"
)

// sandboxAddress is where a profile of init --from-sandbox expects the Super App.
const sandboxAddress = "127.0.0.1:8090"

// sandboxStarter is the configuration that init --from-sandbox writes.
const sandboxStarter = `# Countersign's configuration, as "countersign init --from-sandbox" wrote it: the
# built-in Super App as a profile of its own. Start it with:
#   countersign sandbox --listen ADDRESS
# Paths are relative to this file.

default_profile = "PROFILE"

[profiles.PROFILE]
base_url = "http://ADDRESSPREFIX"
client_id = "CLIENT"
merchant_id = "MERCHANT"
key_version = VERSION
private_key = { file = "merchant.pem" }
peer_keys = { "VERSION" = { file = "superapp.pub" } }
platform_key = { file = "superapp.pem" } # to send callbacks as the Super App
`

// initFromSandbox writes a profile for the built-in Super App.
func (a *app) initFromSandbox() error {
	file, _, err := config.Locate(a.flags.config, a.env)
	if err != nil {
		return err
	}
	profile, err := a.newProfile("local")
	if err != nil {
		return err
	}
	dir := filepath.Dir(file)
	at := func(name string) string { return filepath.Join(dir, name) }
	doc := initDoc{Config: file, Profile: profile, PrivateKey: at("merchant.pem"), PublicKey: at("merchant.pub"),
		FillIn: []string{}}
	text := strings.NewReplacer("PROFILE", profile, "ADDRESS", sandboxAddress, "PREFIX", sandbox.Prefix,
		"CLIENT", sandbox.ClientID,
		"MERCHANT", sandbox.MerchantID, "VERSION", sandbox.KeyVersion).Replace(sandboxStarter)
	if _, err := config.Parse(file, file, []byte(text)); err != nil {
		return err
	}
	if err := noneExists(file, doc.PrivateKey, doc.PublicKey, at("superapp.pem"), at("superapp.pub")); err != nil {
		return err
	}
	k, err := a.material()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return failed("write elsewhere with --config FILE", "the folder %s cannot be made: %w", dir, err)
	}
	merchant, superApp := &k.Merchant.PublicKey, &k.SuperApp.PublicKey
	err = writeAll([]newFile{
		{doc.PrivateKey, keys.EncodePrivate(k.Merchant), 0o600}, {doc.PublicKey, keys.EncodePublic(merchant), 0o644},
		{at("superapp.pem"), keys.EncodePrivate(k.SuperApp), 0o600}, {at("superapp.pub"), keys.EncodePublic(superApp), 0o644},
		{file, []byte(text), 0o600},
	})
	if err != nil {
		return err
	}
	doc.Fingerprint, doc.Portal = keys.Fingerprint(merchant), keys.PortalPublic(merchant)
	if a.flags.json {
		return a.printJSON(doc)
	}
	var out printer
	table(&out, [][]string{
		{"configuration", ui.Safe(file)}, {"profile", profile}, {"private key", ui.Safe(doc.PrivateKey)},
		{"public key", ui.Safe(doc.PublicKey)}, {"fingerprint", doc.Fingerprint},
	})
	out.line("")
	out.line("It works while the Super App listens there: %s", fmt.Sprintf("countersign sandbox --listen %s",
		sandboxAddress))
	return a.write([]byte(out.String()))
}
