package apiclient

import (
	"crypto/rsa"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"countersign/apiclient/signing"
	"countersign/apiclient/xmltext"
)

// OwnKeyID is the name of our own public key in verdicts.
const OwnKeyID = "our key"

// ThrowAwayKeyID is the name in verdicts of the key that the tamper wrong_key
// signs with.
const ThrowAwayKeyID = "the throw-away key"

// PeerKeyID is the name in verdicts of the other side's key with that
// keyVersion.
func PeerKeyID(version string) string { return peerKeyPrefix + version }

const peerKeyPrefix = "peer key v"

// PeerKeyVersion is the keyVersion in a name that PeerKeyID made; "" for other
// names.
func PeerKeyVersion(id string) string {
	version, ok := strings.CutPrefix(id, peerKeyPrefix)
	if !ok {
		return ""
	}
	return version
}

// Verify checks both signatures of an exchange with this client's keys, and
// does the header checks: SentVerdict, Received, Result and Findings are made
// anew, and what can be decoded is. It needs no network, so it serves saved
// exchanges and files too.
func (c *Client) Verify(e *Exchange) {
	if e.SignedAs == "" && e.Request.Line != "" {
		e.SignedAs = c.profile.SignedFromRequested(e.Request.Target())
	}
	c.judge(e, c.judgeRequest(e), nil)
}

// judgement is what the checks say about the request.
type judgement struct {
	verdict  signing.Verdict
	findings []Finding
}

// judgeRequest only reads the exchange, and nothing that the transport writes,
// so that it can be done while the network is at work.
func (c *Client) judgeRequest(e *Exchange) judgement {
	if e.Request.Line == "" {
		return judgement{}
	}
	verdict := c.profile.HeaderNames.SayVerdict(c.verifyRequest(e))
	return judgement{verdict, c.checkMessage(e, RequestSide, verdict, formOf(&e.Request))}
}

// judge judges the response and puts everything into the exchange. buffer is
// that of a large body which has just arrived, with free bytes before it.
func (c *Client) judge(e *Exchange, request judgement, buffer []byte) {
	findings := slices.DeleteFunc(slices.Clone(e.Findings), func(f Finding) bool { return !transportCauses[f.Cause] })
	findings = append(findings, request.findings...)
	e.SentVerdict, e.Result, e.Received = request.verdict, Result{}, signing.Verdict{}
	if e.Response != nil {
		findings = append(findings, c.judgeResponse(e, buffer)...)
	}
	e.Findings = c.profile.HeaderNames.sayFindings(findings)
}

func (c *Client) judgeResponse(e *Exchange, buffer []byte) []Finding {
	var findings []Finding
	if err := decodeContent(e.Response, c.maxResponse()); err != nil {
		findings = append(findings, undecodable(e.Response, err))
	}
	// Each takes a tenth of a second for 20 MB, and only reads the body.
	var reading sync.WaitGroup
	var form bodyForm
	var times int
	reading.Go(func() { form = formOf(e.Response) })
	e.Received = c.profile.HeaderNames.SayVerdict(c.verifyResponse(e, buffer))
	e.Result, times = resultOf(e.Response)
	reading.Wait()
	if times > 1 {
		what := "members"
		if form.markup == xmltext.XML {
			what = "elements"
		}
		findings = append(findings, Finding{ResponseSide, "body", "result_repeated", Warn,
			fmt.Sprintf("The body has %d %s called result; the last one is shown.", times, what), "Parsers disagree about which one counts: the other side should send one."})
	}
	findings = append(findings, judgeTampered(e)...)
	return append(findings, c.checkMessage(e, ResponseSide, e.Received, form)...)
}

// requestContent is what the rule gives for the request as it was really sent.
func (c *Client) requestContent(e *Exchange) signing.Content {
	m, names := &e.Request, c.profile.HeaderNames
	client, merchant := names.Of(HeaderClientID), names.Of(HeaderMerchantID)
	content := signing.Content{
		Method: m.Method(), Target: e.SignedAs, ClientID: m.Get(client), Time: m.Get(names.Of(HeaderRequestTime)), Body: m.Body,
		RequestID: m.Get(names.Of(HeaderRequestID)), MerchantID: m.Get(merchant),
	}
	if !m.Has(client) {
		content.ClientID = e.ClientID
	}
	if !m.Has(merchant) {
		content.MerchantID = e.MerchantID
	}
	return content
}

// responseContent is what the rule gives for the response: the request's
// method and target with the response's own client, time and body (the
// protocol, section 3).
func (c *Client) responseContent(e *Exchange, body []byte) signing.Content {
	content, names := c.requestContent(e), c.profile.HeaderNames
	if client := names.Of(HeaderClientID); e.Response.Has(client) {
		content.ClientID = e.Response.Get(client)
	}
	content.Time, content.Body = e.Response.Get(names.Of(HeaderResponseTime)), body
	return content
}

func (c *Client) verifyRequest(e *Exchange) signing.Verdict {
	check := signing.Check{
		Canonical: c.template.Canonical(c.requestContent(e)),
		Headers:   e.Request.Values(c.profile.HeaderNames.Of(signing.HeaderName)),
		Trailer:   e.Request.TrailerValues(c.profile.HeaderNames.Of(signing.HeaderName)),
		Known:     append(c.profile.Peers(), c.options.Known...),
	}
	if own, ok := c.ownKey(); ok {
		check.Expected = []signing.Key{own}
	}
	if k := c.stranger.made(); k != nil {
		check.Known = append(check.Known, signing.Key{ID: ThrowAwayKeyID, Public: &k.PublicKey})
	}
	v := signing.Verify(check)
	if v.Status == signing.WrongKey && c.isPeer(v.Key) && !e.Origin.Ours() {
		v = c.verifyCallback(check, v)
	}
	return Qualify(v, &e.Request, RequestSide, "", c.profile.HeaderNames)
}

// isCallback marks the verdict on a request that the other side made.
const isCallback = "callback"

// verifyCallback judges a request that the other side made, of which its key is
// expected.
func (c *Client) verifyCallback(check signing.Check, v signing.Verdict) signing.Verdict {
	signer := v.Key
	if check, _ := c.peersOf(check); len(check.Expected) > 0 {
		v = signing.Verify(check)
	}
	v.Warnings = append(v.Warnings, signing.Warning{Cause: isCallback,
		Says: "This is a callback: the other side sent the request, signed by " + signer + "; our key signs the answer."})
	return v
}

func (c *Client) ownKey() (signing.Key, bool) {
	if c.profile.Key == nil {
		return signing.Key{}, false
	}
	return signing.Key{ID: OwnKeyID, Public: &c.profile.Key.PublicKey}, true
}

// Peers are the other side's keys, newest version first: the one that is
// expected where a header names none (the protocol, section 1).
func (p *Profile) Peers() []signing.Key {
	var keys []signing.Key
	for _, version := range versions(p.PeerKeys) {
		keys = append(keys, signing.Key{ID: PeerKeyID(version), Public: p.PeerKeys[version]})
	}
	return keys
}

// versions sorts keyVersions, newest first: numbers by value, then the rest.
func versions(keys map[string]*rsa.PublicKey) []string {
	var list []string
	for v := range keys {
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b string) int {
		na, errA := strconv.ParseUint(a, 10, 64)
		nb, errB := strconv.ParseUint(b, 10, 64)
		switch {
		case errA == nil && errB == nil && na != nb:
			if na > nb {
				return -1
			}
			return 1
		case (errA == nil) != (errB == nil):
			if errA == nil {
				return -1
			}
			return 1
		}
		return strings.Compare(b, a)
	})
	return list
}

// verifyResponse checks the response's signature over the bytes on the wire,
// as the rule says. Where the body has a content coding, what was signed may
// be the decoded bytes, since HTTP libraries decode before anybody looks at a
// signature: then it does not verify, and the reason says so.
func (c *Client) verifyResponse(e *Exchange, buffer []byte) signing.Verdict {
	check, choice := c.responseCheck(e)
	check.Canonical = c.canonicalIn(buffer, c.responseContent(e, e.Response.Body))
	v := signing.Verify(check)
	v.NoKey = len(check.Expected) == 0 && !choice.unknown // of a version that is not known there are others
	if !v.OK() && e.Response.Decoded != nil {
		check.Canonical = c.answers.Canonical(c.responseContent(e, e.Response.Decoded))
		if decoded := signing.Verify(check); decoded.OK() {
			coding := e.Response.Get("Content-Encoding")
			v.Reason = fmt.Sprintf("%s signed the decoded body, not the %s bytes on the wire", decoded.Key, coding)
			v.Hint = "the body was compressed after it was signed: verify over the decoded body, or have it sent without Content-Encoding"
			v.Warnings = append(v.Warnings, signing.Warning{Cause: "body_gzip_not_decoded",
				Says: fmt.Sprintf("The signature covers the decoded body, not the %s bytes on the wire.", coding)})
			return v
		}
	} else if v.OK() && e.Response.Decoded != nil {
		v.Warnings = append(v.Warnings, signing.Warning{Cause: "body_gzip_signed",
			Says: fmt.Sprintf("The signature covers the %s bytes on the wire: HTTP libraries that decode by themselves cannot verify it.", e.Response.Get("Content-Encoding"))})
	}
	return Qualify(c.refine(e, v, check, choice), e.Response, ResponseSide, e.Asking(c.profile.HeaderNames), c.profile.HeaderNames)
}

// canonicalIn gives the signed string of an answer: around the body where it stands, if
// there is room before it, so that a large body is in memory once.
func (c *Client) canonicalIn(buffer []byte, content signing.Content) []byte {
	head, ok := c.answers.Head(content)
	start := len(buffer) - len(content.Body) - len(head)
	if !ok || len(buffer) == 0 || start < 0 {
		return c.answers.Canonical(content)
	}
	copy(buffer[start:], head)
	return buffer[start:len(buffer):len(buffer)]
}

// keyChoice is how the expected key was found.
type keyChoice struct {
	named   string // keyVersion of the header, where it has one
	unknown bool   // no key is configured for it
}

// responseCheck chooses the keys: the header's keyVersion names the expected
// one; without it the newest does (the protocol, section 1). All others only
// serve to name a signer.
func (c *Client) responseCheck(e *Exchange) (signing.Check, keyChoice) {
	name := c.profile.HeaderNames.Of(signing.HeaderName)
	check := signing.Check{Headers: e.Response.Values(name), Trailer: e.Response.TrailerValues(name)}
	if !e.Origin.Ours() && e.SentVerdict.OK() && c.isPeer(e.SentVerdict.Key) { // the answer to a callback is ours
		check.Known = append(c.profile.Peers(), c.options.Known...)
		if own, ok := c.ownKey(); ok {
			check.Expected = []signing.Key{own}
		}
		return check, keyChoice{}
	}
	return c.peersOf(check)
}

// peersOf expects the other side's key that the headers name.
func (c *Client) peersOf(check signing.Check) (signing.Check, keyChoice) {
	var choice keyChoice
	check.Expected, check.Known = nil, nil
	peers := c.profile.Peers()
	expected := ""
	if len(peers) > 0 {
		expected = peers[0].ID
	}
	if headers := slices.Concat(check.Headers, check.Trailer); len(headers) > 0 {
		if h, err := signing.ParseHeader(headers[0]); err == nil && h.HasKeyVersion && h.KeyVersion != "" {
			choice.named = h.KeyVersion
			choice.unknown = len(peers) > 0 && c.profile.PeerKeys[h.KeyVersion] == nil
			expected = PeerKeyID(h.KeyVersion)
		}
	}
	for _, k := range peers {
		if k.ID == expected {
			check.Expected = append(check.Expected, k)
		} else {
			check.Known = append(check.Known, k)
		}
	}
	if own, ok := c.ownKey(); ok {
		check.Known = append(check.Known, own)
	}
	check.Known = append(check.Known, c.options.Known...)
	return check, choice
}

// refine says what this client knows more than the verifier about a signature
// that does not verify. It never makes one verify.
func (c *Client) refine(e *Exchange, v signing.Verdict, check signing.Check, choice keyChoice) signing.Verdict {
	switch {
	case v.OK() || v.Status == signing.Unsigned || v.Status == signing.Undecodable:
		return v
	case v.Key == OwnKeyID && v.Status == signing.WrongKey:
		v.Reason = "The response is signed with our own key, where the other side's belongs."
		v.Hint = "The request's signature may have been echoed, or a test server signs with the merchant's key: compare the Signature headers."
	case len(check.Expected) > 0 && check.Expected[0].ID != OwnKeyID && c.isOwn(check.Expected[0]):
		v.Reason = fmt.Sprintf("%s is our own public key, so nothing that the other side signs can verify.", check.Expected[0].ID)
		v.Hint = "Set peer_keys in the profile to the public key that the Super App gave out: it is not the one that was handed in there."
		v.Warnings = append(v.Warnings, signing.Warning{Cause: "verified_with_own_public_key", Says: v.Reason})
	case len(c.profile.PeerKeys) == 0 && v.Status == signing.UnknownKey:
		v.Reason = "No key is configured to verify answers with."
		v.Hint = "Set peer_keys in the profile to the other side's public keys by keyVersion."
	case choice.unknown && v.Status == signing.WrongKey && c.verifiesWith(check, v.Key):
		v.Reason = fmt.Sprintf("The content is right and %s signed it, but the header says keyVersion %s, for which no key is configured.", v.Key, choice.named)
		v.Hint = fmt.Sprintf("Add keyVersion %s to peer_keys, or let the other side correct its keyVersion.", choice.named)
	case choice.unknown:
		v.Reason = fmt.Sprintf("No key is configured for keyVersion %s.", choice.named) + " " + v.Reason
		v.Hint = fmt.Sprintf("Set peer_keys.%q in the profile to the other side's public key of that version.", choice.named)
	case choice.named != "" && v.Status == signing.WrongKey && c.isPeer(v.Key) && c.verifiesWith(check, v.Key):
		v.Reason = fmt.Sprintf("The content is right, but %s signed it and the header says keyVersion %s.", v.Key, choice.named)
		v.Hint = "The keyVersion in the header is wrong, or two keys are exchanged in peer_keys."
	case v.Status == signing.Mismatch && c.otherClient(e, check):
		v.Reason = "The signature covers the request's Client-Id; the response's header names another."
		v.Hint = "Let the other side send the Client-Id that it signs."
		v.Warnings = append(v.Warnings, signing.Warning{Cause: "response_client_id_header_differs", Says: v.Reason})
	}
	return v
}

func (c *Client) isPeer(id string) bool {
	return slices.ContainsFunc(c.profile.Peers(), func(k signing.Key) bool { return k.ID == id })
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
	content := c.responseContent(e, e.Response.Content())
	requests := c.requestContent(e).ClientID
	if content.ClientID == requests {
		return false
	}
	content.ClientID = requests
	check.Canonical = c.answers.Canonical(content)
	return signing.Verify(check).OK()
}

func undecodable(m *Message, err error) Finding {
	return Finding{ResponseSide, "Content-Encoding", "content_encoding_not_undone", Problem,
		clip(fmt.Sprintf("The body is %s, which could not be undone: %v.", strings.Join(contentCodings(m), ", "), err)),
		"The body is shown as it came. Let the other side answer without compression."}
}
