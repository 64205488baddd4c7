package diagnose

import (
	"fmt"
	"strings"
	"time"

	"countersign/apiclient/signing"
)

// Markdown writes the report for a ticket or a chat. It has no keys in it, and
// as much of the exchange as is in the signed string.
func (r *Report) Markdown() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("## Signature: %s", r.Verdict)
	line("")
	line("%s", Inline(r.Headline()))
	line("")
	for _, f := range r.Findings {
		r.findingMarkdown(line, f)
	}
	if c := r.Comparison; c != nil {
		line("**What the other side told** (%s): %s", c.Kind, Inline(c.Says))
		line("")
	}
	line("| | |")
	line("|---|---|")
	if s := r.Signer; s != nil {
		line("| signed by | %s, %s, %s%s |", Cell(s.Key.ID), HashName(s.Hash), s.Padding, certainty(s))
	}
	if digest := r.SignedSHA256(); digest != nil {
		line("| SHA-256 that was signed | `%x` |", digest)
	}
	line("| SHA-256 that the rule gives | `%x` |", r.Verification.Digest)
	if r.Ended != NotSearched {
		line("| searched | %d hypotheses in %s |", r.Tried, r.Elapsed.Round(time.Millisecond/10))
	}
	line("")
	signed, expected := r.Lengths()
	if r.Signed != nil && r.Verdict != signing.Verified && string(r.Signed) != string(r.Expected) {
		line("Signed, %d bytes:", signed)
		line("")
		Fence(&b, r.Signed)
	}
	line("Expected, %d bytes:", expected)
	line("")
	Fence(&b, r.Expected)
	return b.String()
}

func certainty(s *Signer) string {
	if s.Certain {
		return " (certain)"
	}
	return " (almost certain)"
}

func (r *Report) findingMarkdown(line func(string, ...any), f Finding) {
	word := "proven"
	switch {
	case f.Family == FamilyWarning:
		word = "warning"
	case !f.Proven:
		word = "not proven"
	}
	line("- **`%s`** (%s): %s", f.Cause, word, Inline(f.Says))
	if f.Fix != "" {
		line("  - Fix: %s", Inline(f.Fix))
	}
	if f.Setting != "" {
		line("  - Setting: %s", code(f.Setting))
	}
	if f.Signed != "" || f.Expected != "" {
		signed, expected := f.Sides()
		line("  - %s: %s", signed, code(f.Signed))
		line("  - %s: %s", expected, code(f.Expected))
	}
	if len(f.Also) > 0 {
		line("  - the same bytes: %s", strings.Join(f.Also, ", "))
	}
	line("")
}

// Inline keeps text on its line; code in backticks stays code.
func Inline(s string) string { return drawn(strings.ReplaceAll(s, "<", "&lt;")) }

// Cell is Inline for a cell of a table.
func Cell(s string) string { return strings.ReplaceAll(Inline(s), "|", `\|`) }

// code returns text in backticks, as many as it takes.
func code(s string) string {
	if s == "" {
		return "(nothing)"
	}
	ticks := backticks(s, 1)
	pad := ""
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		pad = " "
	}
	return ticks + pad + drawn(s) + pad + ticks
}

// backticks returns more of them than stand in a row anywhere in s, and least at least.
func backticks(s string, least int) string {
	run := 0
	for _, c := range []byte(s) {
		if run++; c != '`' {
			run = 0
		}
		least = max(least, run+1)
	}
	return strings.Repeat("`", least)
}

// maxFenced is how much of a string a report has, in bytes.
const maxFenced = 16 << 10

// Fence writes a string as a block, with what cannot be seen drawn.
func Fence(b *strings.Builder, content []byte) {
	rest := ""
	if len(content) > maxFenced {
		rest = fmt.Sprintf("… %d more bytes", len(content)-maxFenced)
		content = content[:maxFenced]
	}
	text := drawn(legible(content))
	ticks := backticks(text, 3)
	fmt.Fprintf(b, "%s\n%s\n%s\n", ticks, strings.ReplaceAll(text, "␊", "␊\n"), ticks)
	if rest != "" {
		b.WriteString(rest + "\n")
	}
	b.WriteString("\n")
}

// drawn puts symbols in the place of control characters and of those that
// change how text is shown.
func drawn(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ':
			return 0x2400 + r
		case r == 0x7f:
			return 0x2421
		case r >= 0x80 && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200b, r == 0x200e,
			r == 0x200f, r == 0xfeff, r == 0x2028, r == 0x2029:
			return '�'
		}
		return r
	}, s)
}
