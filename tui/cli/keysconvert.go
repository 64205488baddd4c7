package cli

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"countersign/apiclient/keys"
	"countersign/tui/ui"
)

func (a *app) keysConvertCommand() *cobra.Command {
	var to, out string
	cmd := &cobra.Command{
		Use: "convert FILE --to FORM [--out FILE]", Short: "Write a key in another form",
		Args: args(1, 1, "one FILE"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.convertKey(cmd.Context(), args[0], to, out) },
	}
	names := formNames()
	for _, form := range keys.Forms {
		cmd.Long += fmt.Sprintf("\n  %-9s %s", form.Name, form.Says)
	}
	f := cmd.Flags()
	f.StringVar(&to, "to", "", "write it as this `FORM`: "+strings.Join(names, ", "))
	f.StringVar(&out, "out", "", "write it into this new `FILE`")
	complete(cmd, "to", oneOf(names...))
	return cmd
}

func formNames() (names []string) {
	for _, f := range keys.Forms {
		names = append(names, f.Name)
	}
	return names
}

// convertedDoc is the document of keys convert.
type convertedDoc struct {
	Form        string   `json:"form"`
	Kind        string   `json:"kind"`          // "private" or "public"
	From        string   `json:"from"`          // what the file was: "PKCS#8 PEM"
	Out         string   `json:"out,omitempty"` // the file that was written
	Fingerprint string   `json:"fingerprint"`
	Text        string   `json:"text,omitempty"` // a public key that went into no file; DER as base64
	Use         string   `json:"use,omitempty"`  // what reads it
	Warnings    []string `json:"warnings,omitempty"`

	data []byte
}

func (a *app) convertKey(ctx context.Context, file, to, out string) error {
	forms := formNames()
	i := slices.Index(forms, to)
	if i < 0 {
		says := fmt.Sprintf("there is no form %q", to)
		if to == "" {
			says = "keys convert needs --to FORM"
		}
		return usage("use --to with one of: "+strings.Join(forms, ", "), "%s", says)
	}
	doc, err := a.convert(ctx, file, keys.Forms[i])
	if err != nil {
		return err
	}
	defer clear(doc.data)
	mode := fs.FileMode(0o644)
	if doc.Kind == "private" {
		if mode = 0o600; out == "" {
			return usage("add --out with the name of a new file", "%s is a private key, which is not printed", ui.Safe(file))
		}
	}
	for _, w := range doc.Warnings {
		a.warn(w)
	}
	if out != "" {
		if err := keys.WriteNew(out, doc.data, mode); err != nil {
			return failed("", "%w", err)
		}
		doc.Out = out
	}
	return a.printConverted(doc, to)
}

// convert reads a key and writes it in a form: the private one where there is one
// and the form is for it.
func (a *app) convert(ctx context.Context, file string, form keys.Form) (convertedDoc, error) {
	private, public, err := a.keyReaders(ctx, file)
	if err != nil {
		return convertedDoc{}, err
	}
	doc := convertedDoc{Form: form.Name}
	wrong := error(nil)
	if form.Private != nil {
		k, err := private()
		if err == nil {
			doc.Kind, doc.From, doc.Warnings, doc.Use = "private", k.Format, k.Warnings, form.UseOf[0]
			doc.Fingerprint, doc.data = keys.Fingerprint(&k.Key.PublicKey), form.Private(k.Key)
			return doc, nil
		}
		for _, final := range []error{keys.ErrPassphraseNeeded, keys.ErrWrongPassphrase, keys.ErrSeveral} {
			if errors.Is(err, final) {
				return doc, unreadable(err)
			}
		}
		wrong = err
	}
	k, err := public()
	switch {
	case err != nil && wrong != nil && !errors.Is(err, keys.ErrSeveral):
		return doc, unreadable(wrong)
	case err != nil:
		return doc, unreadable(err)
	case form.Public == nil:
		return doc, usage("public keys are written as spki, pkcs1 or der; or give the private key",
			"%s is for private keys, and %s holds a public one", form.Name, ui.Safe(file))
	}
	doc.Kind, doc.From, doc.Use = "public", k.Format, form.UseOf[1]
	doc.Fingerprint, doc.data = keys.Fingerprint(k.Key), form.Public(k.Key)
	if k.FromPrivate {
		doc.Warnings = []string{"the key is a private one: only its public half is written"}
	}
	return doc, nil
}

// keyReaders return the private and the public key of a file, or of stdin.
func (a *app) keyReaders(ctx context.Context, file string) (private func() (keys.Private, error),
	public func() (keys.Public, error), err error) {
	if file == "-" {
		data, err := a.readFile(file, inputKey)
		return func() (keys.Private, error) { return keys.ParsePrivate(ctx, data, nil) },
			func() (keys.Public, error) { return keys.ParsePublic(ctx, data, nil) }, err
	}
	loader, source := a.keyLoader(""), keys.Source{File: file}
	return func() (keys.Private, error) { return loader.Private(ctx, source) },
		func() (keys.Public, error) { return loader.Public(ctx, source) }, nil
}

func (a *app) printConverted(doc convertedDoc, form string) error {
	binary := form == "der"
	if a.flags.json {
		if doc.Out == "" {
			doc.Text = string(doc.data)
			if binary {
				doc.Text = base64.StdEncoding.EncodeToString(doc.data)
			}
		}
		return a.printJSON(doc)
	}
	if doc.Out == "" {
		if out, ok := a.out.(*os.File); binary && ok && isTerminal(out) {
			return usage("add --out with the name of a new file, or send it to a program",
				"DER is binary and no text for a terminal")
		}
		return a.write(doc.data)
	}
	var out printer
	out.line("%s: the %s key %s as %s", ui.Safe(doc.Out), doc.Kind, keys.Short(doc.Fingerprint), form)
	if doc.Use != "" {
		out.line("read it with %s", doc.Use)
	}
	return a.print(&out)
}
