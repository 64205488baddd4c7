package diagnose

import (
	"cmp"
	"fmt"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/apiclient/signing"
)

// Short returns a report in two sentences for readers of either side: what is
// wrong, and who must change what.
func (e *Evidence) Short(r *Report) (wrong, change string) {
	subject := "The signature"
	if e.hasExchange() {
		subject += " of the " + string(r.Side)
	}
	cause, found := r.first()
	switch {
	case r.Verdict == signing.Verified:
		wrong = fmt.Sprintf("%s verifies: %s made it, over exactly the string that the rule asks for.", subject, r.Verification.Key)
		return wrong, "Nobody has to change anything about it."
	case r.Refusal != nil:
		return e.refusedInShort(r, cause, found)
	case r.Verdict == signing.Unsigned && e.hasExchange():
		wrong = fmt.Sprintf("The %s is not signed: %s", r.Side, midSentence(cmp.Or(cause.Says, r.Headline())))
	case found && cause.Proven:
		wrong = fmt.Sprintf("%s does not verify: %s%s", subject, midSentence(strings.TrimSuffix(cause.Says, ".")), r.more())
	default:
		wrong = r.Headline()
	}
	if cause.Family == FamilyTamper {
		return wrong, "The message was changed between the two sides: " + midSentence(cause.Fix)
	}
	who, fix := e.Signatory(), r.Verification.Hint
	switch {
	case strings.HasPrefix(cause.Cause, "verified_with"):
		who, fix = "whoever verifies it", cause.Fix
	case r.Verdict == signing.Unsigned:
		fix = fmt.Sprintf("Send the signature in the header %s, as algorithm=RSA256, keyVersion=1, signature=….",
			e.Names.Of(signing.HeaderName))
	case found && cause.Fix != "" && (cause.Proven || fix == ""):
		fix = e.signerFix(cause)
	case r.Verdict == signing.Mismatch:
		fix = "Compare the string that is signed there with the expected one, byte for byte: path prefix, time, Client-Id, body."
	}
	return wrong, fmt.Sprintf("It is for %s to change: %s", who, midSentence(fix))
}

// more says how many causes there are beside the first, and ends the sentence.
func (r *Report) more() string {
	n := -1
	for _, f := range r.Findings {
		if f.Proven && f.Family != FamilyWarning {
			n++
		}
	}
	if n < 1 {
		return "."
	}
	return fmt.Sprintf("; and there %s more.", map[bool]string{true: "is 1", false: fmt.Sprintf("are %d", n)}[n == 1])
}

// refusedInShort is Short for a request that verifies and was refused.
func (e *Evidence) refusedInShort(r *Report, cause Finding, found bool) (wrong, change string) {
	wrong = fmt.Sprintf("The %s's signature verifies with %s, and was refused all the same: %s.", r.Side,
		r.Verification.Key, said(*r.Refusal))
	switch {
	case !found:
		return wrong, "It is for the side that refused it to say which string and which key it verifies with."
	case cause.Proven:
		return wrong, "Both sides have to build the same string: " + midSentence(cause.Says)
	}
	return wrong, "It is for the side that refused it to say which string and which key it verifies with; likeliest: " +
		midSentence(cause.Says)
}

// first returns the finding that explains most: the first that is no warning.
func (r *Report) first() (Finding, bool) {
	for _, f := range r.Findings {
		if f.Family != FamilyWarning && f.Cause != NotSearchedCause {
			return f, true
		}
	}
	return Finding{}, false
}

// signerFix returns what has to be changed where the message is signed, whoever
// reads it: Fix is for our side alone.
func (e *Evidence) signerFix(f Finding) string {
	if e.weSign() || strings.HasPrefix(f.Fix, reencoded) {
		return f.Fix
	}
	if own, ok := ofCause[f.Cause]; ok {
		return own.sign + "."
	}
	if a, ok := rules[f.Family]; ok {
		return a.sign + "."
	}
	return strings.TrimPrefix(f.Fix, forOtherSide)
}

// Signatory names who signs the message under test, for readers of either side:
// "the sender of the request (Client-Id 2188…)".
func (e *Evidence) Signatory() string {
	callback, server := e.caller != "", hostOf(e.Exchange.URL)
	if server == "" {
		server = e.Exchange.Request.Get("Host")
	}
	who, id := "the sender of the request", ""
	if client := e.values().ClientID; client != "" && !callback {
		id = "Client-Id " + client
	}
	switch {
	case !e.hasExchange():
		return "whoever signs"
	case callback && e.Side != apiclient.ResponseSide:
		who = "the sender of the callback"
	case e.Side == apiclient.ResponseSide:
		who, id = "the server that answers", server
	}
	if id == "" {
		return who
	}
	return fmt.Sprintf("%s (%s)", who, english.Clipped(id, 120))
}

// midSentence writes a sentence behind a colon: its first word is written small,
// unless it is a name such as Client-Id or SHA-256.
func midSentence(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if word == "" || strings.Trim(word[1:], "abcdefghijklmnopqrstuvwxyz,") != "" {
		return s
	}
	return lowerFirst(s)
}
