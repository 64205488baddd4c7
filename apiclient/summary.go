package apiclient

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/apiclient/signing"
)

// Summary says in one line how an exchange ended:
// "200 · S SUCCESS · request verified · response verified · 41 ms". What was
// tampered on purpose comes behind the result. A refused signature is told at the
// length it needs, without what matters less. Whatever came from the other side in it is not made safe for a terminal.
func Summary(e Exchange) string {
	var parts []string
	if e.Response != nil {
		parts = append(parts, statusCode(e.Response.Line))
		if r := strings.TrimSpace(e.Result.Status + " " + e.Result.Code); r != "" {
			parts = append(parts, r)
		}
	}
	if len(e.Tampered) > 0 {
		parts = append(parts, "tampered on purpose: "+TamperTitles(e.Tampered)+reactionWords[e.Reaction()])
	}
	if e.Err != "" {
		parts = append(parts, e.Err)
	}
	if e.Outcome == Unknown {
		parts = append(parts, "outcome unknown: it may have reached the other side")
	}
	sides := e.Sides()
	switch {
	case sides.Request.Status == SignatureRefused:
		parts = append(parts, refusedWords(e))
	case (len(e.Sent.Canonical) > 0 || e.SentVerdict.Status != "") && (e.BytesSent || e.Response != nil || e.Outcome == Unknown):
		parts = append(parts, "request "+verdictWord(e.SentVerdict))
	}
	refused := sides.Request.Status == SignatureRefused
	if e.Response != nil && (!refused || sides.Response.Failed() && sides.Response.Status != signing.Unsigned) {
		parts = append(parts, "response "+verdictWord(e.Received))
	}
	if e.Timing.Total > 0 && !refused {
		parts = append(parts, millis(e.Timing.Total))
	}
	return strings.Join(parts, " · ")
}

// refusedWords say whose key signed a request that was refused for its signature:
// a callback is the other side's, and our server refused it.
func refusedWords(e Exchange) string {
	if e.Origin.AsPlatform() || e.SentVerdict.Key != OwnKeyID &&
		slices.ContainsFunc(e.SentVerdict.Warnings, func(w signing.Warning) bool { return w.Cause == isCallback }) {
		return "signed with their key, refused by our side"
	}
	return "signed with our key, refused by the other side"
}

// reactionWords say how the other side took what was tampered.
var reactionWords = map[Reaction]string{
	Refused: ", refused as it should be", Accepted: ", and ACCEPTED", RefusedOtherwise: ", refused for another reason",
	Undecided: ", not known whether it was noticed",
}

func statusCode(line string) string {
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return "no status"
	}
	return fields[1]
}

// verdictWord is a verdict as people say it.
func verdictWord(v signing.Verdict) string {
	for _, w := range v.Warnings {
		switch w.Cause {
		case signing.InTrailer:
			return "not signed in its header, only in its trailer"
		case trailerLost:
			return "unsigned, its trailer did not come"
		}
	}
	return cmp.Or(statusWords[v.Status], "not checked")
}

var statusWords = map[signing.Status]string{
	signing.Verified:    "verified",
	signing.Mismatch:    "does not verify",
	signing.WrongKey:    "signed with the wrong key",
	signing.UnknownKey:  "signed with an unknown key",
	signing.Unsigned:    "unsigned",
	signing.Undecodable: "signature unreadable",
	MaskedContent:       "masked, so not verified again",
}

func millis(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

// AboutHeader reports whether a finding is about a header field, not about the
// message as a whole, its body or the result in it.
func (f Finding) AboutHeader() bool {
	return f.Field != "" && f.Field != "body" && f.Field != "result" && !strings.HasPrefix(f.Field, "result.")
}
