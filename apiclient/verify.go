package apiclient

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
	"countersign/apiclient/xmltext"
)

// ThrowAwayKeyID is the name in verdicts of the key that the tamper wrong_key
// signs with.
const ThrowAwayKeyID = "the throw-away key"

// Verify checks both signatures of an exchange with this client's keys, and
// does the header checks: SentVerdict, Received, Result and Findings are made
// again, and what can be decoded is. It needs no network, so it serves saved
// exchanges and files too.
func (c *Client) Verify(e *Exchange) {
	if e.Request.Line != "" {
		e.SignedAs = c.rule.Target(e)
	}
	c.judge(e, c.judgeRequest(e), nil)
}

// judgement is what the checks say about the request.
type judgement struct {
	verdict  signing.Verdict
	ours     bool // it strictly is signed by us, so that the other side answers
	findings []Finding
}

// judgeRequest only reads the exchange, and nothing that the transport writes,
// so that it can be done while the network is at work.
func (c *Client) judgeRequest(e *Exchange) judgement {
	if e.Request.Line == "" {
		return judgement{}
	}
	verdict, ours := c.verifyRequest(e)
	verdict = c.profile.HeaderNames.SayVerdict(verdict)
	return judgement{verdict, ours, c.checkMessage(e, RequestSide, verdict, formOf(&e.Request))}
}

// judge judges the response and puts everything into the exchange. buffer is
// that of a large body which has just arrived, with free bytes before it.
func (c *Client) judge(e *Exchange, request judgement, buffer []byte) {
	findings := slices.DeleteFunc(slices.Clone(e.Findings), func(f Finding) bool { return !transportCauses[f.Cause] })
	findings = append(findings, request.findings...)
	e.SentVerdict, e.Result, e.Received = request.verdict, Result{}, signing.Verdict{}
	if e.Response != nil {
		findings = append(findings, c.judgeResponse(e, request.ours, buffer)...)
	}
	e.Findings = c.profile.HeaderNames.sayFindings(findings)
}

func (c *Client) judgeResponse(e *Exchange, oursAsks bool, buffer []byte) []Finding {
	var findings []Finding
	var err error
	if e.Response.Decoded, err = wire.DecodeBody(e.Response, c.maxResponse()); err != nil {
		findings = append(findings, undecodable(e.Response, err))
	}
	// Each takes a tenth of a second for 20 MB, and only reads the body.
	var reading sync.WaitGroup
	var form bodyForm
	var times int
	reading.Go(func() { form = formOf(e.Response) })
	e.Received = c.profile.HeaderNames.SayVerdict(c.verifyResponse(e, oursAsks, buffer))
	e.Result, times = resultOf(e.Response)
	reading.Wait()
	if times > 1 {
		what := "members"
		if form.markup == xmltext.XML {
			what = "elements"
		}
		findings = append(findings, Finding{ResponseSide, "body", "result_repeated", Warn,
			fmt.Sprintf("The body has %d %s called result; the last one is shown.", times,
				what), "Parsers disagree about which one counts: the other side should send one."})
	}
	findings = append(findings, judgeTampered(e)...)
	return append(findings, c.checkMessage(e, ResponseSide, e.Received, form)...)
}

// VerifyDigest judges the signature of a side whose body is not there whole, by the
// SHA-256 of all that it must cover.
func (c *Client) VerifyDigest(e *Exchange, side Side, digest [32]byte) signing.Verdict {
	signers := c.rule.Signers(e, side)
	check := c.rule.Check(e.Message(side), signers, nil)
	check.Digest = &digest
	v := signing.Verify(check)
	v.NoKey = v.NoKey && !signers.Unknown
	return c.profile.HeaderNames.SayVerdict(v)
}

// Rule returns the rule of the client's profile.
func (c *Client) Rule() Rule { return c.rule }

// isCallback marks the verdict on a request that the other side made.
const isCallback = "callback"

// verifyRequest also reports whether the request strictly verifies with our key:
// then nobody else need be looked for.
func (c *Client) verifyRequest(e *Exchange) (v signing.Verdict, ours bool) {
	canonical := c.rule.Canonical(e, RequestSide)
	if !e.Origin.Callback() {
		if v, ours = signing.Strictly(c.rule.Check(&e.Request, c.rule.SignersOf(&e.Request, true), canonical)); ours {
			return c.rule.Qualify(v, e, RequestSide), true
		}
	}
	signers := c.rule.Signers(e, RequestSide)
	if k := c.stranger.made(); k != nil {
		signers.Known = append(signers.Known,
			Key{Key: signing.Key{ID: ThrowAwayKeyID, Public: &k.PublicKey}, Role: RoleOther})
	}
	v = signing.Verify(c.rule.Check(&e.Request, signers, canonical))
	v.NoKey = v.NoKey && !signers.Unknown // of a version that is not known there are others
	if signers.Caller != "" && signers.Caller == v.Key && !e.Origin.AsPlatform() {
		v.Warnings = append(v.Warnings, signing.Warning{Cause: isCallback, Says: SaysCallback(signers.Caller)})
	}
	return c.rule.Qualify(v, e, RequestSide), false
}

// SaysCallback returns what is said of a request that the other side signed with
// the key caller.
func SaysCallback(caller string) string {
	return "This is a callback: the other side sent the request, signed by " + caller + "; our key signs the answer."
}

// verifyResponse checks the response's signature over the bytes on the wire,
// as the rule says. Where the body has a content coding, what was signed may
// be the decoded bytes, since HTTP libraries decode before anybody looks at a
// signature: then it does not verify, and the reason says so.
func (c *Client) verifyResponse(e *Exchange, oursAsks bool, buffer []byte) signing.Verdict {
	content, caller := c.rule.Content(e, ResponseSide), ""
	if !oursAsks {
		caller = c.rule.caller(e, ResponseSide)
	}
	signers := c.rule.signersBeside(e, ResponseSide, caller)
	check := c.rule.Check(e.Response, signers, c.canonicalIn(buffer, content))
	v := signing.Verify(check)
	v.NoKey = v.NoKey && !signers.Unknown // of a version that is not known there are others
	if !v.OK() && e.Response.Decoded != nil {
		content.Body = e.Response.Decoded
		check.Canonical = c.rule.ResponseTemplate.Canonical(content)
		if decoded := signing.Verify(check); decoded.OK() {
			coding := e.Response.Get("Content-Encoding")
			v.Reason = fmt.Sprintf("%s signed the decoded body, not the %s bytes on the wire", decoded.Key, coding)
			v.Hint = "the body was compressed after it was signed: verify over the decoded body, or have it sent without " +
				"Content-Encoding"
			v.Warnings = append(v.Warnings, signing.Warning{Cause: "body_gzip_not_decoded",
				Says: fmt.Sprintf("The signature covers the decoded body, not the %s bytes on the wire.", coding)})
			return v
		}
	} else if v.OK() && e.Response.Decoded != nil {
		v.Warnings = append(v.Warnings, signing.Warning{Cause: "body_gzip_signed",
			Says: fmt.Sprintf("The signature covers the %s bytes on the wire: HTTP libraries that decode by themselves "+
				"cannot verify it.",
				e.Response.Get("Content-Encoding"))})
	}
	return c.rule.Qualify(c.refine(e, v, check, signers), e, ResponseSide)
}

// canonicalIn returns the signed string of an answer: around the body where it stands, if
// there is room before it, so that a large body is in memory once.
func (c *Client) canonicalIn(buffer []byte, content signing.Content) []byte {
	head, ok := c.rule.ResponseTemplate.Head(content)
	start := len(buffer) - len(content.Body) - len(head)
	if !ok || len(buffer) == 0 || start < 0 {
		return c.rule.ResponseTemplate.Canonical(content)
	}
	copy(buffer[start:], head)
	return buffer[start:len(buffer):len(buffer)]
}

// refine says what this client knows more than the verifier about a signature
// that does not verify. It never makes one verify.
func (c *Client) refine(e *Exchange, v signing.Verdict, check signing.Check, signers Signers) signing.Verdict {
	switch {
	case v.OK() || v.Status == signing.Unsigned || v.Status == signing.Undecodable:
		return v
	case v.Key == OwnKeyID && v.Status == signing.WrongKey:
		v.Reason = "The response is signed with our own key, where the other side's belongs."
		v.Hint = "The request's signature may have been echoed, or a test server signs with the merchant's key: compare " +
			"the Signature headers."
	case len(signers.Expected) > 0 && signers.Expected[0].Role != RoleOwn && c.isOwn(check.Expected[0]):
		v.Reason = fmt.Sprintf("%s is our own public key, so nothing that the other side signs can verify.",
			check.Expected[0].ID)
		v.Hint = "Set peer_keys in the profile to the public key that the Super App gave out: it is not the one that " +
			"was handed in there."
		v.Warnings = append(v.Warnings, signing.Warning{Cause: "verified_with_own_public_key", Says: v.Reason})
	case len(c.profile.PeerKeys) == 0 && v.Status == signing.UnknownKey:
		v.Reason = "No key is configured to verify answers with."
		v.Hint = "Set peer_keys in the profile to the other side's public keys by keyVersion."
	case signers.Unknown && v.Status == signing.WrongKey && c.verifiesWith(check, v.Key):
		v.Reason = fmt.Sprintf("The content is right and %s signed it, but the header says keyVersion %s, for which no "+
			"key is configured.", v.Key, signers.Version)
		v.Hint = fmt.Sprintf("Add keyVersion %s to peer_keys, or let the other side correct its keyVersion.", signers.Version)
	case signers.Unknown:
		v.Reason = fmt.Sprintf("No key is configured for keyVersion %s.", signers.Version) + " " + v.Reason
		v.Hint = fmt.Sprintf("Set peer_keys.%q in the profile to the other side's public key of that version.",
			signers.Version)
	case signers.Version != "" && v.Status == signing.WrongKey && c.isPeer(v.Key) && c.verifiesWith(check, v.Key):
		v.Reason = fmt.Sprintf("The content is right, but %s signed it and the header says keyVersion %s.", v.Key,
			signers.Version)
		v.Hint = "The keyVersion in the header is wrong, or two keys are exchanged in peer_keys."
	case v.Status == signing.Mismatch && c.otherClient(e, check):
		v.Reason = "The signature covers the request's Client-Id; the response's header names another."
		v.Hint = "Let the other side send the Client-Id that it signs."
		v.Warnings = append(v.Warnings, signing.Warning{Cause: "response_client_id_header_differs", Says: v.Reason})
	}
	return v
}

func (c *Client) isPeer(id string) bool {
	return slices.ContainsFunc(c.rule.Keys, func(k Key) bool { return k.ID == id && k.Role == RolePeer })
}

func (c *Client) isOwn(k signing.Key) bool {
	return c.profile.Key != nil && c.profile.Key.PublicKey.Equal(k.Public)
}

// verifiesWith reports whether the key of that name strictly verifies.
func (c *Client) verifiesWith(check signing.Check, id string) bool {
	for _, k := range check.Known {
		if k.ID == id {
			check.Expected, check.Known = []signing.Key{k}, nil
			return signing.Verify(check).OK()
		}
	}
	return false
}

// otherClient reports whether the request's Client-Id would make it verify.
func (c *Client) otherClient(e *Exchange, check signing.Check) bool {
	content, requests := c.rule.Content(e, ResponseSide), c.rule.Content(e, RequestSide).ClientID
	if content.ClientID == requests {
		return false
	}
	content.ClientID, content.Body = requests, e.Response.Content()
	check.Canonical = c.rule.ResponseTemplate.Canonical(content)
	return signing.Verify(check).OK()
}

func undecodable(m *Message, err error) Finding {
	return Finding{ResponseSide, "Content-Encoding", "content_encoding_not_undone", Problem,
		clip(fmt.Sprintf("The body is %s, which could not be undone: %v.", strings.Join(m.ContentCodings(), ", "), err)),
		"The body is shown as it came. Let the other side answer without compression."}
}
