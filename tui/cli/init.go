package cli

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/tui/cli/config"
	"countersign/tui/ui"
)

const initLong = `Writes a configuration to start from, with a profile whose values are to be filled
in, and a new RSA key pair beside it: merchant.pem, the private key (mode 0600), and
merchant.pub. It is written where the configuration is read from: to --config, to
COUNTERSIGN_CONFIG, or to the usual place. Nothing that exists is overwritten.
--profile names the profile.

With --from-sandbox the profile is that of the built-in Super App, with copies of its
keys: nothing is left to fill in, and it works while "countersign sandbox" listens at
the address that the profile has.`

func (a *app) initCommand() *cobra.Command {
	var fromSandbox bool
	cmd := &cobra.Command{
		Use: "init", Short: "Write a configuration and a key pair to start from", Long: initLong,
		Example: "  countersign init\n  countersign init --profile production --config ./config.toml\n" +
			"  countersign init --from-sandbox",
		Args: args(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			if fromSandbox {
				return a.initFromSandbox()
			}
			return a.initialise()
		},
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

func (a *app) initialise() error {
	file, _, err := config.Locate(a.flags.config, a.env)
	if err != nil {
		return err
	}
	profile, err := a.newProfile("staging")
	if err != nil {
		return err
	}
	dir := filepath.Dir(file)
	doc := initDoc{Config: file, Profile: profile, PrivateKey: filepath.Join(dir, "merchant.pem"),
		PublicKey: filepath.Join(dir, "merchant.pub")}
	if err := noneExists(doc.Config, doc.PrivateKey, doc.PublicKey); err != nil {
		return err
	}
	text := strings.ReplaceAll(starter, "PROFILE", profile)
	if _, err := config.Parse(file, file, []byte(text)); err != nil {
		return err
	}
	key, err := a.generate(keys.DefaultBits)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return failed("write elsewhere with --config FILE", "the folder %s cannot be made: %w", dir, err)
	}
	err = writeAll([]newFile{
		{doc.PrivateKey, keys.EncodePrivate(key), 0o600}, {doc.PublicKey, keys.EncodePublic(&key.PublicKey),
			0o644}, {doc.Config, []byte(text), 0o600},
	})
	if err != nil {
		return err
	}
	doc.Fingerprint, doc.Portal = keys.Fingerprint(&key.PublicKey), keys.PortalPublic(&key.PublicKey)
	doc.FillIn = toFillIn(file, text)
	if a.flags.json {
		return a.printJSON(doc)
	}
	return a.printInit(doc)
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
	out.line("")
	out.line("What is left to do:")
	out.line("")
	out.line("1. Register this public key in the Super App's portal:")
	out.line("")
	out.line("%s", doc.Portal)
	out.line("")
	out.line("2. Fill in what the Super App gave out:")
	for _, line := range doc.FillIn {
		out.line("     %s", ui.Safe(line))
	}
	out.line("3. Look whether all of it is right: countersign check")
	out.line("")
	out.line("Until then, countersign --profile sandbox works with the built-in Super App.")
	return a.write([]byte(out.String()))
}

// starter is the configuration that init writes; PROFILE is the profile's name.
const starter = `# Countersign's configuration, as "countersign init" wrote it. Fill in the lines
# with FILL-IN, then run: countersign check
# Paths are relative to this file. Unknown keys are errors with line and column.

# The profile that is used without --profile. "sandbox" is the built-in Super App.
default_profile = "PROFILE"

# OpenAPI documents of your platform, in JSON or YAML, beside the built-in ones.
# catalogs = ["superapp.openapi.yaml"]

[profiles.PROFILE]

# Scheme, host and prefix; an endpoint's /v2/payments/pay follows.
base_url = "https://FILL-IN.example.com/miniprogram/api"

# Who you are: the Super App gives both out.
client_id = "FILL-IN-client-id"
merchant_id = "FILL-IN-merchant-id"

# Your key. Its public half, merchant.pub, is to be registered in the Super App's
# portal, which tells the version: 1 for the first key.
private_key = { file = "merchant.pem" }
key_version = 1

# The Super App's public key, by the keyVersion in its Signature header: save it from
# the portal as superapp.pub beside this file. PEM, bare base64 or a certificate.
peer_keys = { "1" = { file = "superapp.pub" } }

# true asks before each request: for a profile that moves real money.
confirm = false

# What platforms differ in, each with its default. config.toml.example, beside the
# program's source, explains every setting.
# signed_path = ""                # the path in the signed string, if another: "/api"
# time_format = "ms"              # or "s", "iso", "iso-utc", "iso-ms", "iso-ms-zone", "iso-basic-zone"
# signature_encoding = "percent-base64"
# content_template = "{method} {uri}\n{client_id}.{time}.{body}"
# response_template = ""          # where answers are signed by another rule
# header_names = { signature = "Signature" }   # where headers are called otherwise
# header_spacing = "comma-space"
# timeout = "30s"
# proxy = ""                      # "environment" reads HTTPS_PROXY
`
