package cli

import (
	"context"
	"crypto/rsa"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"countersign/apiclient/keys"
	"countersign/tui/ui"
)

func (a *app) keysCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "keys", Short: "Make, describe, compare and rewrite keys",
		Args: noSubcommand,
		RunE: func(*cobra.Command, []string) error {
			return usage(`run "countersign keys --help"`, "countersign keys needs one of: new, show, match, convert")
		},
	}
	cmd.AddCommand(a.keysNewCommand(), a.keysShowCommand(), a.keysMatchCommand(), a.keysConvertCommand())
	return cmd
}

func (a *app) keysNewCommand() *cobra.Command {
	var out, name string
	var bits int
	cmd := &cobra.Command{
		Use: "new", Short: "Make a key pair",
		RunE: func(*cobra.Command, []string) error { return a.newKeys(out, name, bits) },
	}
	f := cmd.Flags()
	f.StringVar(&out, "out", ".", "put the files into this `DIR`")
	f.StringVar(&name, "name", "merchant", "call the files `NAME`.pem and NAME.pub")
	f.IntVar(&bits, "bits", keys.DefaultBits, "length of the key in `BITS`")
	return cmd
}

// newKeysDoc is the document of keys new.
type newKeysDoc struct {
	PrivateKey  string `json:"privateKey"` // file
	PublicKey   string `json:"publicKey"`  // file
	Bits        int    `json:"bits"`
	Fingerprint string `json:"fingerprint"`
	Portal      string `json:"portal"` // the public key as portals want it
}

func (a *app) newKeys(dir, name string, bits int) error {
	if name == "" || name != filepath.Base(name) || name == "." || name == ".." {
		return usage("give a plain name; the folder goes to --out", "--name %q is not a file name", name)
	}
	private, public := filepath.Join(dir, name+".pem"), filepath.Join(dir, name+".pub")
	for _, file := range []string{private, public} {
		if _, err := os.Lstat(file); err == nil {
			return failed("give another --name, or move the file away", "%s exists and is not overwritten", file)
		}
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return failed("make the folder first, or give another --out", "--out %s is not a folder", dir)
	}
	key, err := a.generate(bits)
	if err != nil {
		return unreadable(err)
	}
	if err := keys.WriteNew(private, keys.EncodePrivate(key), 0o600); err != nil {
		return err
	}
	if err := keys.WriteNew(public, keys.EncodePublic(&key.PublicKey), 0o644); err != nil {
		return err
	}
	doc := newKeysDoc{private, public, key.N.BitLen(), keys.Fingerprint(&key.PublicKey), keys.PortalPublic(&key.PublicKey)}
	var out printer
	table(&out, [][]string{
		{"private key", ui.Safe(doc.PrivateKey)}, {"public key", ui.Safe(doc.PublicKey)},
		{"length", fmt.Sprintf("%d bits", doc.Bits)}, {"fingerprint", doc.Fingerprint},
	})
	out.line("\nFor the Super App's portal:\n\n%s", doc.Portal)
	return a.tell(doc, &out)
}

func (a *app) keysShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show FILE", Short: "Say what a key file is",
		Args: args(1, 1, "one FILE"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.showKey(cmd.Context(), args[0]) },
	}
}

func (a *app) showKey(ctx context.Context, file string) error {
	var d keys.Description
	var err error
	if file == "-" {
		var data []byte
		if data, err = a.readFile(file, inputKey); err != nil {
			return err
		}
		d, err = keys.Inspect(ctx, data, nil)
	} else {
		d, err = a.keyLoader("").Inspect(ctx, keys.Source{File: file})
	}
	if err != nil {
		return unreadable(err)
	}
	err = a.printKey(file, d)
	if err == nil && d.Kind == keys.KindOther {
		return said(exitUsage)
	}
	return err
}

func (a *app) printKey(file string, d keys.Description) error {
	var out printer
	out.line("%s is %s%s", ui.Safe(file), ui.Safe(d.Says), atLine(d))
	for _, row := range [][2]string{
		{"format", d.Format}, {"length", bitsText(d)}, {"fingerprint", d.Fingerprint}, {"subject", d.Subject},
		{"issuer", d.Issuer}, {"valid from", day(d.NotBefore)}, {"valid until", day(d.NotAfter)},
	} {
		if row[1] != "" {
			out.line("  %-12s %s", row[0], ui.Safe(row[1]))
		}
	}
	for _, w := range d.Warnings {
		out.line("%s  %s", a.paint(worse, "! warning"), ui.Safe(w))
	}
	if d.Hint != "" {
		out.line("hint: %s", ui.Safe(d.Hint))
	}
	for _, other := range d.Also {
		out.line("also in it: %s%s", ui.Safe(strings.TrimSpace(other.Says+" "+other.Fingerprint)), atLine(other))
	}
	return a.tell(d, &out)
}

// atLine says where one of several keys stands in a file.
func atLine(d keys.Description) string {
	if d.Line == 0 {
		return ""
	}
	return fmt.Sprintf(" (line %d)", d.Line)
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

func bitsText(d keys.Description) string {
	if d.Bits == 0 {
		return ""
	}
	return fmt.Sprintf("%d bits, exponent %d", d.Bits, d.Exponent)
}

func (a *app) keysMatchCommand() *cobra.Command {
	return &cobra.Command{
		Use: "match A B", Short: "Do two key files belong together?",
		Args: args(2, 2, "two files, A and B"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.matchKeys(cmd.Context(), args[0], args[1]) },
	}
}

func (a *app) matchKeys(ctx context.Context, fileA, fileB string) error {
	var public [2]*rsa.PublicKey
	for i, file := range []string{fileA, fileB} {
		key, err := a.keyLoader("").Public(ctx, keys.Source{File: file})
		if err != nil {
			return unreadable(err)
		}
		public[i] = key.Key
	}
	match := public[0].Equal(public[1])
	fingerprints := [2]string{keys.Fingerprint(public[0]), keys.Fingerprint(public[1])}
	says, code := a.paint(good, "✓ they belong together"), exitDone
	if !match {
		says, code = a.paint(bad, "✗ they do not belong together"), exitFailed
	}
	var out printer
	out.line("%s", says)
	table(&out, [][]string{{ui.Safe(fileA), fingerprints[0]}, {ui.Safe(fileB), fingerprints[1]}})
	doc := struct {
		Match        bool      `json:"match"`
		Fingerprints [2]string `json:"fingerprints"`
	}{match, fingerprints}
	if err := a.tell(doc, &out); err != nil {
		return err
	}
	return said(code)
}
