package diagnosis

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
	"countersign/tui/ui"
)

// verdict is the status and the sentence of what is certain: of the report, or
// before there is one, of the exchange's own verification.
func (p *Pane) verdict() (signing.Status, string) {
	v := p.exchange.SentVerdict
	if p.side == apiclient.ResponseSide {
		v = p.exchange.Received
	}
	text := p.mask(v.Reason)
	if p.reading != nil {
		v = p.reading.Report.Verification
		text = p.reading.Report.Headline()
	}
	status := v.Status
	switch {
	case p.reading != nil:
		status = p.reading.Report.Verdict
	case p.side == apiclient.RequestSide && p.exchange.Sides().Request.Status == apiclient.SignatureRefused:
		status, text = apiclient.SignatureRefused, "Signed with our key; the other side refused it."
	}
	if text == "" {
		text = "The signature is not checked yet."
	}
	return status, safe(text)
}

// searchWords are the numbers of a running search.
func (p *Pane) searchWords() string {
	var parts []string
	if n := p.progress.Tried; n > 0 {
		parts = append(parts, ui.Count(int(n), "hypothesis"),
			rate(p.progress.PerSecond)+" per second")
	}
	elapsed, budget := p.elapsed(), Budgets[p.effort]
	if budget < 0 {
		parts = append(parts, seconds(elapsed)+", without end", p.theme.Words("{cancel} stops"))
	} else {
		parts = append(parts, fmt.Sprintf("%s of %s", seconds(elapsed), seconds(budget)),
			p.theme.Words("{cancel} stops, {diagnosis.more} gives it more time"))
	}
	return strings.Join(parts, " · ")
}

// elapsed is how long the search has run.
func (p *Pane) elapsed() time.Duration { return max(p.job.Elapsed(), p.progress.Elapsed) }

// spent is the part of its budget that the search has run, from 0 to 1; 0 where
// it has no end.
func (p *Pane) spent() float64 {
	return max(0, min(1, float64(p.elapsed())/float64(Budgets[p.effort])))
}

// ended says how the search ended; "" where the findings say it.
func (p *Pane) ended() string {
	r := p.reading.Report
	tried := ui.Count(int(r.Tried), "hypothesis") + " in " + took(r.Elapsed)
	switch r.Ended {
	case diagnose.Found:
		for _, f := range r.Findings {
			if f.Proven && r.Tried > 0 {
				return ""
			}
		}
		return "The string that was signed is found."
	case diagnose.Exhausted:
		return "The string that was signed is not found: everything known was tried, " + tried + "."
	case diagnose.OutOfTime:
		return "The string that was signed is not found yet: time is up after " + tried + "."
	case diagnose.Canceled:
		return "Stopped: " + tried + ", and the string that was signed is not among them."
	}
	return ""
}

// certain lists what is known for sure where the signed string is not.
func (p *Pane) certain() block {
	r := p.reading.Report
	if r.Proven() || r.Verdict == signing.Verified {
		return lines(nil)
	}
	out := lines{"", p.rule("What is certain")}
	fact := func(name, text string) {
		out = append(out, p.paragraph("  "+ui.Fit(name, partLabel), p.theme.Muted, text, p.theme.Text)...)
	}
	switch s := r.Signer; {
	case s != nil:
		fact("key", safe(s.Key.ID)+role(s.Key)+sure(s))
		fact("hash", diagnose.HashName(s.Hash)+", padding "+safe(string(s.Padding)))
	case len(r.Verification.Signature) > 0:
		fact("key", "none of the known keys made this signature")
		fact("size", fmt.Sprintf("%s, as by RSA-%d", ui.Count(len(r.Verification.Signature), "byte"), 8*len(r.Verification.Signature)))
	default:
		fact("signature", "there is none that can be read")
	}
	if len(r.SignedDigest) > 0 {
		name := "digest"
		if r.Signer != nil {
			name = diagnose.HashName(r.Signer.Hash)
		}
		fact("signed", name+" "+hex.EncodeToString(r.SignedDigest))
	}
	if len(r.Expected) > 0 {
		digest := r.Verification.Digest
		if digest == [sha256.Size]byte{} {
			digest = sha256.Sum256(r.Expected)
		}
		fact("expected", fmt.Sprintf("SHA-256 %s, %s", hex.EncodeToString(digest[:]), ui.Count(len(r.Expected), "byte")))
	}
	return out
}

func role(k apiclient.Key) string {
	switch k.Role {
	case apiclient.RoleOwn:
		return ", our own key"
	case apiclient.RolePeer:
		return ", the other side's key"
	case apiclient.RoleOther:
		return ", a key of another profile"
	}
	return ""
}

func sure(s *diagnose.Signer) string {
	if s.Certain {
		return " (certain)"
	}
	return " (likely)"
}

// advice is what to try where the signed string is not known.
func (p *Pane) advice() block {
	r := p.reading.Report
	if r.Proven() && r.Refusal == nil || r.Verdict == signing.Verified {
		return lines(nil)
	}
	out := lines{"", p.rule("What to try")}
	try := func(key, text string) {
		out = append(out, p.paragraph("  "+ui.Fit(key, 4), p.theme.Key, text, p.theme.Text)...)
	}
	if h := r.Verification.Hint; h != "" {
		try("→", safe(h))
	}
	if r.Verdict != signing.Unsigned {
		try("p", "Paste what the other side logged: the string that it signed, its SHA-256 or length, its Signature header "+
			"or its error text. It is compared at once.")
	}
	if p.cannotSearchOn() == "" && !p.Searching() {
		next := "for " + seconds(Budgets[min(p.effort+1, len(Budgets)-1)])
		if p.effort+1 >= len(Budgets)-1 {
			next = "without end: every millisecond of 24 hours before and after too"
		}
		try("+", "Search on "+next+".")
	}
	if p.noOtherSide() == "" {
		try("s", "Look at the other signature of this exchange.")
	}
	return out
}

// safe makes a sentence fit to be drawn. What it quotes may be of any length:
// a screenful of it is enough.
func safe(s string) string { return ui.SafeUpTo(s, maxSentence) }

const maxSentence = 2000

func rate(n float64) string {
	switch {
	case n >= 1e6:
		return fmt.Sprintf("%.1f million", n/1e6)
	case n >= 1e4:
		return ui.Thousands(int(n) / 1000 * 1000)
	}
	return ui.Thousands(int(n))
}

// took writes how long a search was.
func took(d time.Duration) string {
	if d < time.Second {
		return ui.Millis(d)
	}
	return seconds(d)
}

func seconds(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%d min", int(d.Minutes()+0.5))
}
