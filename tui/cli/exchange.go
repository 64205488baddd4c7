package cli

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/redact"
	"countersign/apiclient/signing"
	"countersign/tui/ui"
)

// maxShown is how much of a body or signed string is printed, in bytes.
const maxShown = 64 << 10

// shown is the part of b that is printed, and what is said of the rest. No
// character is cut in two.
func shown(b []byte) (part []byte, rest string) {
	if len(b) <= maxShown {
		return b, ""
	}
	n := maxShown
	for n > maxShown-utf8.UTFMax && !utf8.RuneStart(b[n]) {
		n--
	}
	return b[:n], fmt.Sprintf("… %d more bytes; --json prints all", len(b)-n)
}

// printSent prints an exchange that was just made and gives its exit code.
func (a *app) printSent(endpoint catalog.Endpoint, e apiclient.Exchange, unsaved bool) error {
	if a.flags.json {
		if err := a.printJSON(e); err != nil {
			return err
		}
	} else {
		var out printer
		out.line("%s", a.summary(e))
		if e.Response != nil {
			a.body(&out, e.Response.Content())
		}
		a.advice(&out, endpoint, e)
		a.refusedLine(&out, e)
		a.findings(&out, e)
		if !unsaved && e.ID != "" {
			out.line("%s", a.paint(faint, "run "+e.ID))
		}
		if err := a.print(&out); err != nil {
			return err
		}
	}
	switch {
	case cutUnverified(e):
		return &codeError{exitUnverified, errors.New(e.Err), hint.Fix(e.Hint)}
	case e.Err != "":
		return failed(e.Hint, "%s", e.Err)
	}
	if len(e.Tampered) > 0 && e.Reaction() != apiclient.NoReaction {
		return tamperedCode(e)
	}
	return said(exchangeCode(e))
}

// cutUnverified reports whether an answer ended too early, and its signature
// covers what is missing.
func cutUnverified(e apiclient.Exchange) bool {
	return e.Outcome == apiclient.Answered && e.Err != "" && e.Response.Partial && !e.Received.OK() &&
		e.Received.Status != signing.Unsigned
}

// exchangeCode is the exit code for an exchange that worked: done and
// verified, or one of the two signatures does not verify or was refused.
func exchangeCode(e apiclient.Exchange) int {
	if e.Sides().Verified() {
		return exitDone
	}
	return exitUnverified
}

// summary is the status line.
func (a *app) summary(e apiclient.Exchange) string {
	t := good
	switch {
	case e.Err != "" || !e.Sides().Verified():
		t = bad
	case e.Result.Status != "S" && e.Result.Status != "A":
		t = worse
	}
	return a.paint(t, ui.Safe(apiclient.Summary(e)))
}

func (a *app) body(out *printer, b []byte) {
	part, rest := shown(b)
	out.WriteString(strings.TrimRight(safeLines(part), "\n"))
	if len(part) > 0 {
		out.line("")
	}
	if rest != "" {
		out.line("%s", a.paint(faint, rest))
	}
}

// canonical prints a signed string.
func (a *app) canonical(out *printer, b []byte) {
	part, rest := shown(b)
	out.WriteString(drawCanonical(part, "  "))
	if rest != "" {
		out.line("  %s", a.paint(faint, rest))
	}
}

// advice says what the result means, where it is not plain success.
func (a *app) advice(out *printer, endpoint catalog.Endpoint, e apiclient.Exchange) {
	r := e.Result
	if endpoint.ID == "" || r.Status == "" || r.Status == "S" || e.Origin.AsPlatform() { // advice is for callers
		return
	}
	meaning, next := endpoint.Advice(r.Status, r.Code)
	out.line("%s", ui.Safe(strings.TrimSpace(meaning+" "+next)))
}

// findings prints what is wrong or odd, problems first, each sentence once.
func (a *app) findings(out *printer, e apiclient.Exchange) {
	said, judged, names := map[string]bool{}, map[apiclient.Side]bool{}, a.headerNames(e.Profile)
	for _, severity := range []apiclient.Severity{apiclient.Problem, apiclient.Warn} {
		for _, f := range e.Findings {
			if f.Severity != severity || said[string(f.Side)+f.Says] {
				continue
			}
			said[string(f.Side)+f.Says] = true
			judged[f.Side] = judged[f.Side] || f.Severity == apiclient.Problem && names.IsSignature(f.Field)
			mark := a.paint(bad, "✗ problem")
			if severity == apiclient.Warn {
				mark = a.paint(worse, "! warning")
			}
			where := string(f.Side)
			if f.Field != "" {
				where = strings.TrimSpace(where + " " + f.Field)
			}
			out.line("%s  %s: %s", mark, ui.Safe(where), ui.Safe(f.Says))
			if f.Hint != "" {
				out.line("            %s", ui.Safe(f.Hint))
			}
		}
	}
	if !judged[apiclient.RequestSide] {
		a.unverified(out, "request", e.SentVerdict)
	}
	if e.Response != nil && !judged[apiclient.ResponseSide] {
		a.unverified(out, "response", e.Received)
	}
}

// unverified says why a signature does not verify.
func (a *app) unverified(out *printer, side string, v signing.Verdict) {
	if v.OK() || v.Status == "" {
		return
	}
	out.line("%s  %s signature: %s", a.paint(bad, "✗ problem"), side, ui.Safe(v.Reason))
	if v.Hint != "" {
		out.line("            %s", ui.Safe(v.Hint))
	}
}

// message prints one message as on the wire, made safe.
func (a *app) message(out *printer, m apiclient.Message) {
	out.line("%s", a.paint(bold, ui.Safe(m.Line)))
	masks, err := a.redactor(false)
	if err != nil {
		masks = redact.Redactor{}
	}
	for _, f := range m.Header {
		out.line("%s", ui.Safe(f.Name+": "+masks.Header(f.Name, f.Value)))
	}
	out.line("")
	a.body(out, m.Content())
}

// proof prints what was signed, and the signature.
func (a *app) proof(out *printer, e apiclient.Exchange) {
	p := e.Sent
	out.line("%s", a.paint(bold, fmt.Sprintf("signed string, %d bytes", len(p.Canonical))))
	a.canonical(out, p.Canonical)
	out.line("sha256     %s", hex.EncodeToString(p.Digest[:]))
	if len(p.Signature) == 0 {
		return
	}
	out.line("signature  %s", base64.StdEncoding.EncodeToString(p.Signature))
	out.line("header     %s", ui.Safe(p.Header))
	out.line("key        %s", e.SentKey)
}
