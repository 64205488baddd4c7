package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/export"
	"countersign/apiclient/hint"
	"countersign/apiclient/redact"
)

const exportLong = `Writes a run, or an exchange of a file, for other programs and other people.

Tokens, codes, passwords, cookies and personal data are masked, and so is what
[redact] in the configuration names. What is to be sent (curl, programs, request
files, collections) takes them from the environment instead. --reveal writes the very
bytes. The signing key is in no format: programs take the name of its file from
PRIVATE_KEY.

Where a signature does not verify, programs mark the line that the diagnosis is about.

Formats:
`

func (a *app) exportCommand() *cobra.Command {
	var as, out string
	var reveal bool
	var o evidenceOptions
	var formats strings.Builder
	for _, f := range export.Formats() {
		fmt.Fprintf(&formats, "  %-10s  %s\n", f.Name, f.Title)
	}
	fmt.Fprintf(&formats, "  %-10s  %s\n", pageFormat, pageTitle)
	cmd := &cobra.Command{
		Use: "export RUN|FILE|-", Short: "Write an exchange as curl, HAR, Postman collection, program that signs",
		Long: exportLong + strings.TrimRight(formats.String(), "\n"),
		Example: "  countersign export last --as curl\n  countersign export last --as python > pay.py\n" +
			"  countersign export last --as har --reveal --out pay.har\n  countersign export pay.http#refund --as postman",
		Args:              args(1, 1, "one RUN, FILE or -"),
		ValidArgsFunction: a.completeEvidence,
		RunE: func(cmd *cobra.Command, args []string) error {
			if as == "" {
				return usage("add --as curl; \"countersign export --help\" lists the formats", "export needs a format")
			}
			if as == pageFormat {
				return a.exportPage(cmd.Context(), args[0], out, reveal, o)
			}
			f, err := export.FormatNamed(as)
			if err != nil {
				return unreadable(err)
			}
			return a.export(cmd.Context(), args[0], f, out, reveal, o)
		},
	}
	cmd.Flags().StringVar(&as, "as", "", "write it in this `FORMAT`")
	cmd.Flags().BoolVar(&reveal, "reveal", false, "mask nothing: the very bytes")
	cmd.Flags().StringVarP(&out, "out", "o", "", "write it to this new `FILE`")
	cmd.Flags().IntVar(&o.entry, "entry", 0, "take the exchange with this `NUMBER`, of several")
	complete(cmd, "as", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var list []cobra.Completion
		for _, f := range export.Formats() {
			list = append(list, cobra.CompletionWithDesc(f.Name, f.Title))
		}
		list = append(list, cobra.CompletionWithDesc(pageFormat, pageTitle))
		return list, cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

// redactor is what is masked: nothing where the person asked for it.
func (a *app) redactor(reveal bool) (redact.Redactor, error) {
	if reveal {
		return redact.Reveal(), nil
	}
	c, err := a.config()
	if err != nil {
		return redact.Redactor{}, err
	}
	return c.Redact, nil
}

func (a *app) export(ctx context.Context, name string, f export.Format, out string, reveal bool, o evidenceOptions) error {
	in := export.Input{}
	var err error
	if in.Redactor, err = a.redactor(reveal); err != nil {
		return err
	}
	if in.Exchange, err = a.exported(ctx, name, o); err != nil {
		return err
	}
	profile, _, err := a.profileName()
	if err != nil {
		return err
	}
	if in.Profile, err = a.verifier(ctx, true); err != nil {
		return err
	}
	in.Profile.Name = profile
	if f.Explains() {
		in.Report = a.explained(ctx, in.Profile, in.Exchange)
	}
	written, err := f.Write(in)
	if err != nil {
		return unreadable(err)
	}
	for _, note := range written.Notes {
		a.warn(note)
	}
	if out != "" {
		return a.writeNew(out, written.Data)
	}
	if a.flags.json {
		return a.printJSON(exportDocument(f.Name, written))
	}
	return a.write(written.Data)
}

// exported reads the exchange that is exported: FILE#NAME is one part of a request
// file.
func (a *app) exported(ctx context.Context, name string, o evidenceOptions) (apiclient.Exchange, error) {
	file, part, named := strings.Cut(name, "#")
	if _, err := os.Stat(name); named && err != nil {
		data, err := a.readFile(file, inputEvidence)
		if err != nil {
			return apiclient.Exchange{}, err
		}
		data, ok := partNamed(data, part)
		if !ok {
			return apiclient.Exchange{}, usage("name a part as it stands behind ###", "%s has no part %q", file, part)
		}
		return a.readEvidence(ctx, name, data, o)
	}
	e, _, err := a.evidence(ctx, []string{name}, o)
	return e, err
}

// partNamed returns one part of a request file, with the variables at its top.
func partNamed(data []byte, name string) ([]byte, bool) {
	var b strings.Builder
	first, inside, found := true, false, false
	for line := range strings.Lines(string(data)) {
		if title, ok := strings.CutPrefix(line, "###"); ok {
			first, inside = false, strings.TrimSpace(title) == name && !found
			found = found || inside
		}
		if inside || first && strings.HasPrefix(strings.TrimSpace(line), "@") {
			b.WriteString(line)
		}
	}
	return []byte(b.String()), found
}

// explained is the diagnosis of an exchange whose signatures do not all verify; nil
// where they do, or nothing can be said of them.
func (a *app) explained(ctx context.Context, p apiclient.Profile, e apiclient.Exchange) *diagnose.Report {
	evidence, err := diagnose.Both("", &e, func(side apiclient.Side) (diagnose.Evidence, error) {
		return diagnose.FromProfile(p, e, side)
	})
	if err != nil || len(p.Keys()) == 0 {
		return nil
	}
	if r := diagnose.Verify(evidence); r.Verdict == "verified" {
		return nil
	}
	r := diagnose.Diagnose(ctx, evidence, diagnose.Options{Budget: diagnose.DefaultBudget})
	return &r
}

func exportDocument(format string, out export.Output) any {
	doc := struct {
		Format string   `json:"format"`
		Text   *string  `json:"text,omitempty"`
		Base64 []byte   `json:"base64,omitempty"` // where it is not UTF-8
		Notes  []string `json:"notes"`
	}{Format: format, Notes: append([]string{}, out.Notes...)}
	if text := string(out.Data); utf8.ValidString(text) {
		doc.Text = &text
	} else {
		doc.Base64 = out.Data
	}
	return doc
}

// writeNew writes a file that is not there yet, for this user alone.
func (a *app) writeNew(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the person names it
	switch {
	case errors.Is(err, fs.ErrExist):
		return &codeError{exitUsage, fmt.Errorf("%s is there already", name), "nothing was written: name another file"}
	case err != nil:
		return &codeError{exitFailed, err, hint.Fix("check the name and that you may write there")}
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
