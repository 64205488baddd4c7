package cli

import (
	"cmp"
	"crypto/rsa"
	_ "embed" // the configurations
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/apiclient/sandbox"
	"countersign/tui/cli/config"
	"countersign/tui/ui"
)

func (a *app) initCommand() *cobra.Command {
	var fromSandbox bool
	cmd := &cobra.Command{
		Use: "init", Short: "Write a configuration and a key pair to start from",
		RunE: func(*cobra.Command, []string) error { return a.initialise(fromSandbox) },
	}
	cmd.Flags().BoolVar(&fromSandbox, "from-sandbox", false, "write a profile for the built-in Super App, with its keys")
	return cmd
}

// initDoc is the document of init.
type initDoc struct {
	Config      string   `json:"config"` // file
	Profile     string   `json:"profile"`
	PrivateKey  string   `json:"privateKey"` // file
	PublicKey   string   `json:"publicKey"`  // file
	Fingerprint string   `json:"fingerprint"`
	Portal      string   `json:"portal"` // the public key as portals want it
	FillIn      []string `json:"fillIn"` // lines of the configuration: "config.toml:14: base_url"
}

// The configurations that init writes. PROFILE and other words in capitals are filled in.
var (
	//go:embed starter/own.toml
	ownStarter string
	//go:embed starter/sandbox.toml
	sandboxStarter string
)

// sandboxAddress is where a profile of init --from-sandbox expects the Super App.
const sandboxAddress = "127.0.0.1:8090"

// initialise writes a configuration and its keys: new ones, or the sandbox's.
func (a *app) initialise(fromSandbox bool) error {
	file, _, err := config.Locate(a.flags.config, a.env)
	if err != nil {
		return err
	}
	name, text, pairs := "staging", ownStarter, []string{"merchant"}
	if fromSandbox {
		name, text, pairs = "local", sandboxStarter, []string{"merchant", "superapp"}
	}
	profile, err := a.newProfile(name)
	if err != nil {
		return err
	}
	text = strings.NewReplacer("PROFILE", profile, "ADDRESS", sandboxAddress, "PREFIX", sandbox.Prefix,
		"CLIENT", sandbox.ClientID, "MERCHANT", sandbox.MerchantID, "VERSION", sandbox.KeyVersion).Replace(text)
	if _, err := config.Parse(file, file, []byte(text)); err != nil {
		return err
	}
	dir := filepath.Dir(file)
	paths := []string{file}
	for _, pair := range pairs {
		paths = append(paths, filepath.Join(dir, pair+".pem"), filepath.Join(dir, pair+".pub"))
	}
	if err := noneExists(paths...); err != nil {
		return err
	}
	made, err := a.starterKeys(fromSandbox)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return failed("write elsewhere with --config FILE", "the folder %s cannot be made: %w", dir, err)
	}
	var files []newFile
	for i, key := range made {
		files = append(files, newFile{paths[2*i+1], keys.EncodePrivate(key), 0o600},
			newFile{paths[2*i+2], keys.EncodePublic(&key.PublicKey), 0o644})
	}
	if err := writeAll(append(files, newFile{file, []byte(text), 0o600})); err != nil {
		return err
	}
	public := &made[0].PublicKey
	doc := initDoc{Config: file, Profile: profile, PrivateKey: paths[1], PublicKey: paths[2],
		Fingerprint: keys.Fingerprint(public), Portal: keys.PortalPublic(public), FillIn: []string{}}
	if !fromSandbox {
		doc.FillIn = toFillIn(file, text)
	}
	return a.printInit(doc)
}

// starterKeys are the merchant's new key, or those of the sandbox: the merchant's and
// the Super App's.
func (a *app) starterKeys(fromSandbox bool) ([]*rsa.PrivateKey, error) {
	if fromSandbox {
		k, err := a.material()
		return []*rsa.PrivateKey{k.Merchant, k.SuperApp}, err
	}
	key, err := a.generate(keys.DefaultBits)
	return []*rsa.PrivateKey{key}, err
}

// newProfile is the name of the profile that init writes.
func (a *app) newProfile(otherwise string) (string, error) {
	profile := cmp.Or(a.flags.profile, otherwise)
	if profile == config.Sandbox || strings.ContainsFunc(profile, func(r rune) bool { return !isBare(r) }) {
		return "", usage("choose a name of letters, digits, - and _, such as staging; sandbox is built in",
			"--profile %q cannot be the name of a new profile", profile)
	}
	return profile, nil
}

// noneExists refuses to overwrite.
func noneExists(files ...string) error {
	for _, f := range files {
		if _, err := os.Lstat(f); err == nil {
			return failed("move it away, or write elsewhere with --config FILE", "%s exists and is not overwritten", f)
		}
	}
	return nil
}

type newFile struct {
	path string
	data []byte
	mode os.FileMode
}

// writeAll writes new files, all or none.
func writeAll(files []newFile) error {
	for i, f := range files {
		err := keys.WriteNew(f.path, f.data, f.mode)
		if err == nil {
			continue
		}
		for _, written := range files[:i] {
			_ = os.Remove(written.path) // made a moment ago by this command
		}
		hint := hint.Of(err)
		if hint == "" {
			hint = "nothing was written: make room, or write elsewhere with --config FILE"
		}
		return failed(hint, "%w", err)
	}
	return nil
}

// isBare reports whether TOML allows the character in a key without quotation
// marks.
func isBare(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_'
}

// toFillIn lists the lines that have something left to the person.
func toFillIn(file, text string) []string {
	var list []string
	for i, line := range strings.Split(text, "\n") {
		setting, value, ok := strings.Cut(line, "=")
		if ok && !strings.HasPrefix(line, "#") && (strings.Contains(value, config.FillIn) ||
			strings.Contains(value, "superapp.pub")) {
			list = append(list, fmt.Sprintf("%s:%d: %s", file, i+1, strings.TrimSpace(setting)))
		}
	}
	return list
}

func (a *app) printInit(doc initDoc) error {
	var out printer
	table(&out, [][]string{
		{"configuration", ui.Safe(doc.Config)}, {"profile", doc.Profile}, {"private key", ui.Safe(doc.PrivateKey)},
		{"public key", ui.Safe(doc.PublicKey)}, {"fingerprint", doc.Fingerprint},
	})
	if len(doc.FillIn) == 0 {
		out.line("\nIt works while the Super App listens there: countersign sandbox --listen %s", sandboxAddress)
		return a.tell(doc, &out)
	}
	out.line("\nWhat is left to do:")
	out.line("\n1. Register this public key in the Super App's portal:")
	out.line("\n%s\n", doc.Portal)
	out.line("2. Fill in what the Super App gave out:")
	for _, line := range doc.FillIn {
		out.line("     %s", ui.Safe(line))
	}
	out.line("3. Look whether all of it is right: countersign check")
	out.line("\nUntil then, countersign --profile sandbox works with the built-in Super App.")
	return a.tell(doc, &out)
}
