package cli

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/jsonstream"
	"countersign/apiclient/signing"
	"countersign/tui/ui"
)

func (a *app) verifyCommand() *cobra.Command {
	var o evidenceOptions
	cmd := &cobra.Command{
		Use:               "verify [FILE|RUN|-]",
		Short:             "Do this exchange's signatures verify?",
		Args:              args(0, 1, "one FILE, RUN or -"),
		ValidArgsFunction: a.completeEvidence,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.verify(cmd.Context(), args, o)
		},
	}
	o.flags(cmd)
	return cmd
}

// verify checks the signatures and reports the one that decides.
func (a *app) verify(ctx context.Context, args []string, o evidenceOptions) error {
	e, err := a.gather(ctx, args, o)
	if err != nil {
		return err
	}
	return a.report(diagnose.Verify(e), e)
}

// report prints a report in the form that is asked for.
func (a *app) report(r diagnose.Report, e diagnose.Evidence) error {
	var err error
	if a.flags.json {
		err = a.printJSON(newDocument(r))
	} else {
		err = a.printReport(r, e)
	}
	if err != nil {
		return err
	}
	return verdictCode(r)
}

// document is what verify --json and diagnose --json print.
type document struct {
	Verdict             signing.Status    `json:"verdict"`
	Side                apiclient.Side    `json:"side,omitempty"`
	Sides               *documentSides    `json:"sides,omitempty"`
	Signer              *signer           `json:"signer,omitempty"`
	SignedContentSHA256 string            `json:"signedContentSha256,omitempty"`
	SignedContent       []byte            `json:"signedContent,omitempty"`
	ExpectedContent     []byte            `json:"expectedContent"`
	Findings            []documentFinding `json:"findings"`
	Comparison          *comparison       `json:"comparison,omitempty"`
	Tried               int64             `json:"tried"`
	ElapsedMs           float64           `json:"elapsedMs"`
	Ended               diagnose.End      `json:"ended,omitempty"`
}

// documentSides is how both signatures stand; a message that is not there is
// left out.
type documentSides struct {
	Request  signing.Status `json:"request,omitempty"`
	Response signing.Status `json:"response,omitempty"`
}

// signer is who made a signature, and how.
type signer struct {
	Key     string          `json:"key"`
	Hash    string          `json:"hash"`
	Padding signing.Padding `json:"padding"`
}

// documentFinding is one thing that was found out.
type documentFinding struct {
	Cause    string          `json:"cause"`
	Family   diagnose.Family `json:"family"`
	Proven   bool            `json:"proven"`
	Says     string          `json:"says"`
	Fix      string          `json:"fix,omitempty"`
	Signed   string          `json:"signed,omitempty"`
	Expected string          `json:"expected,omitempty"`
	Also     []string        `json:"also,omitempty"`
	Setting  string          `json:"setting,omitempty"`
}

type comparison struct {
	Kind    string `json:"kind"`
	Matches bool   `json:"matches"`
	Says    string `json:"says"`
}

// newDocument puts a report into the form of the document.
func newDocument(r diagnose.Report) document {
	d := document{
		Verdict: r.Verdict, SignedContent: r.Signed, ExpectedContent: r.Expected, Findings: []documentFinding{},
		Tried:     r.Tried,
		ElapsedMs: float64(r.Elapsed.Microseconds()) / 1000, Ended: r.Ended,
	}
	if s := r.Sides; s != (apiclient.Sides{}) {
		d.Side, d.Sides = r.Side, &documentSides{s.Request.Status, s.Response.Status}
	}
	if d.ExpectedContent == nil {
		d.ExpectedContent = []byte{}
	}
	if digest := r.SignedSHA256(); digest != nil {
		d.SignedContentSHA256 = hex.EncodeToString(digest)
	}
	if s := r.Signer; s != nil {
		d.Signer = &signer{s.Key.ID, diagnose.HashName(s.Hash), s.Padding}
	}
	for _, f := range r.Findings {
		d.Findings = append(d.Findings, documentFinding{f.Cause, f.Family, f.Proven, f.Says, f.Fix, f.Signed, f.Expected,
			f.Also, f.Setting})
	}
	if c := r.Comparison; c != nil {
		d.Comparison = &comparison{c.Kind, c.Matches, c.Says}
	}
	return d
}

// WriteJSON writes the document; the contents are as large as what was verified.
func (d document) WriteJSON(w io.Writer) error {
	values := jsonstream.New()
	d.SignedContent, d.ExpectedContent = values.Binary(d.SignedContent), values.Binary(d.ExpectedContent)
	return values.Write(w, d)
}

// verdictCode is the exit code for a report.
func verdictCode(r diagnose.Report) error {
	if r.Verdict != signing.Verified {
		return said(exitUnverified)
	}
	return nil
}

// printReport says a report in words.
func (a *app) printReport(r diagnose.Report, e diagnose.Evidence) error {
	var out printer
	v := r.Verification
	if r.Verdict == signing.Verified {
		out.line("%s  %s", a.paint(good, "✓ verified"), ui.Safe(fmt.Sprintf("the %s is signed by %s", subject(e), v.Key)))
	} else {
		out.line("%s  %s", a.paint(bad, "✗ "+string(r.Verdict)), ui.Safe(r.Headline()))
		switch {
		case r.Refusal != nil:
		case r.Ended == diagnose.NotSearched && r.Signed == nil && r.Signer != nil:
			out.line("hint: countersign diagnose, with the same arguments, finds out what was signed and says why it differs")
		case len(r.Findings) == 0 || !r.Findings[0].Proven:
			out.line("hint: %s", ui.Safe(v.Hint))
		}
	}
	if other := r.OtherSide(); other != "" {
		out.line("%s", a.paint(faint, other))
	}
	if c := r.Comparison; c != nil {
		t := bad
		if c.Matches {
			t = good
		}
		by := "told: "
		if e.Told == nil {
			by = "the answer says: "
		}
		out.line("%s  %s", a.paint(t, by+c.Kind), ui.Safe(c.Says))
	}
	for _, f := range r.Findings {
		if f.Cause != diagnose.NotSearchedCause {
			a.printFinding(&out, f)
		}
	}
	out.line("")
	if s := r.Signer; s != nil {
		out.line("signer    %s, %s, %s", ui.Safe(s.Key.ID), diagnose.HashName(s.Hash), s.Padding)
	}
	if digest := r.SignedSHA256(); digest != nil && r.Verdict != signing.Verified && r.Refusal == nil {
		out.line("signed    sha256 %x", digest)
	}
	out.line("expected  sha256 %x", v.Digest)
	if r.Ended != diagnose.NotSearched {
		out.line("searched  %s hypotheses in %s%s", ui.Thousands(int(r.Tried)), r.Elapsed.Round(100*time.Microsecond),
			endWords(r.Ended))
	}
	if r.Signed != nil && string(r.Signed) != string(r.Expected) {
		out.line("signed string, %d bytes", len(r.Signed))
		a.canonical(&out, r.Signed)
	}
	out.line("expected string, %d bytes", len(r.Expected))
	a.canonical(&out, r.Expected)
	return a.print(&out)
}

// printFinding says one finding: what differs, what to do, and both sides.
func (a *app) printFinding(out *printer, f diagnose.Finding) {
	switch {
	case f.Family == diagnose.FamilyWarning:
		out.line("%s  %s", a.paint(worse, "! "+f.Cause), ui.Safe(f.Says))
	case f.Proven:
		out.line("%s  %s", a.paint(bad, "● "+f.Cause), ui.Safe(f.Says))
	default:
		out.line("%s  %s", a.paint(worse, "○ "+f.Cause), ui.Safe(f.Says)+" (not proven)")
	}
	if f.Fix != "" {
		out.lines("  ", "fix: "+f.Fix)
	}
	if f.Setting != "" {
		out.line("  setting: %s", ui.Safe(f.Setting))
	}
	if f.Signed != "" || f.Expected != "" {
		signed, expected := f.Sides()
		out.line("  %-9s %s", signed, ui.Safe(f.Signed))
		out.line("  %-9s %s", expected, ui.Safe(f.Expected))
	}
	if len(f.Also) > 0 {
		out.line("  the same bytes: %s", strings.Join(f.Also, ", "))
	}
}

func endWords(end diagnose.End) string {
	switch end {
	case diagnose.OutOfTime:
		return "; the time was up, --budget gives more"
	case diagnose.Exhausted:
		return "; everything known was tried"
	case diagnose.Canceled:
		return "; stopped"
	}
	return ""
}

func subject(e diagnose.Evidence) string {
	if e.Content != nil {
		return "content"
	}
	if e.Side == apiclient.ResponseSide {
		return "response"
	}
	return "request"
}
