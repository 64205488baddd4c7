package diagnose

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/signing"
	"countersign/apiclient/xmltext"
)

// suspicions rank what the evidence suggests where nothing is proven. The
// signer is known then: what differs is the content.
func (e *Evidence) suspicions(r *Report) []Finding {
	switch {
	case r.Signer == nil:
		return nil
	case r.verifiedOnly:
		return append(e.missing(), e.notSearched(r))
	case !e.hasExchange():
		return []Finding{e.unknownContent(r)}
	case !r.Signer.Hash.Available() && r.Signer.Hash != 0:
		return nil // nothing can be said of a content that cannot be hashed
	}
	missing := e.missing()
	list := append(e.bodySuspicions(), missing...)
	if len(list) == 0 {
		list = append(e.messageTraces(), e.bodyTraces()...)
	}
	if says := e.mapped(); len(list) == 0 && says != "" {
		list = append(list, suspected("body_key_order_changed", says, "Send the very bytes that are signed: serialise once, sign that, "+
			"and pass it on unread. A `LinkedHashMap`, or a struct, keeps the order."))
	}
	if says := e.rewritten(); len(list) == 0 && says != "" {
		list = append(list, e.changed(says))
	}
	list = append(list, e.unknownContent(r))
	if len(e.message().Body) > 0 && len(missing) == 0 &&
		!slices.ContainsFunc(list, func(f Finding) bool { return f.Cause == "body_changed_in_transit" }) {
		list = append(list, e.changed("More than one place of the body may have been changed after it was signed."))
	}
	return list
}

// changed suspects that the body was changed after signing.
func (e *Evidence) changed(says string) Finding {
	return suspected("body_changed_in_transit", says, e.whoChanges()+".")
}

// oneThingToLog says what settles a mismatch that no search explains. The SHA-256 of
// the whole string is in the signature already, so it tells nothing new.
func (e *Evidence) oneThingToLog() string {
	who := "Ask the other side for the string that it signed"
	if e.weSign() {
		who = "Log the string just before it is signed"
	}
	return who + ", whole or its length alone, and give it with --told (p in the explorer): the first byte that differs is shown then; " +
		"or give the search more time."
}

// bodySuspicions looks at whether the body is what it should be.
func (e *Evidence) bodySuspicions() []Finding {
	m := e.message()
	var list []Finding
	body := m.Content()
	trimmed := bytes.TrimSpace(body)
	contentType := m.Get("Content-Type")
	markup := xmltext.Sniff(body, contentType)
	switch {
	case m.Partial && len(trimmed) == 0: // it is missing in the evidence
		return nil
	case len(trimmed) == 0:
		list = append(list, suspected("body_lost", "The body is empty; something else was signed, so it may have been lost on the way.",
			"Look whether a client drops the body, as some do after a redirect or with a wrong Content-Length."))
	case bodies.IsJSON(trimmed):
	case markup == xmltext.XML && wellFormed(body, contentType):
	case markup == xmltext.HTML || markup == xmltext.Neither && trimmed[0] == '<' ||
		bytes.Contains(bytes.ToLower(trimmed[:min(len(trimmed), 512)]), []byte("gateway")):
		list = append(list, suspected("body_replaced_by_proxy", "The body is a page, not JSON, as something before the API sends in "+
			"place of an answer; the headers still carry the signature of what it replaced.",
			"Look at the log of what stands between the two sides; the signature says nothing about this body."))
	case trimmed[0] == '{' || trimmed[0] == '[' || markup == xmltext.XML:
		format := "JSON"
		if markup == xmltext.XML {
			format = "XML"
		}
		list = append(list, suspected("body_truncated",
			fmt.Sprintf("The body starts as %s and ends in its middle, after %d bytes: its end is missing.", format, len(body)),
			"Look for a size limit, a timeout, or a Content-Length that counts characters in place of bytes."))
	}
	if m.Partial && len(m.Body) > 0 && m.Has("Transfer-Encoding") {
		list = append(list, suspected("body_truncated",
			fmt.Sprintf("The chunked body ends before its last chunk, after %d bytes: its end is missing.", len(m.Body)),
			"Take the whole message, up to the chunk of size 0, or look why the connection ended."))
	}
	if n, err := strconv.Atoi(strings.TrimSpace(m.Get("Content-Length"))); err == nil && n != len(m.Body) &&
		m.Get("Transfer-Encoding") == "" {
		cause, what := "body_changed_in_transit", "longer"
		if n > len(m.Body) {
			cause, what = "body_truncated", "shorter"
		}
		list = append(list, suspected(cause, fmt.Sprintf("The body has %d bytes and its Content-Length says %d: it is %s than it was sent.",
			len(m.Body), n, what), e.whoChanges()+"."))
	}
	return list
}

// wellFormed reports XML that is whole.
func wellFormed(body []byte, contentType string) bool {
	text, _, ok := xmltext.Read(body, contentType)
	return ok && xmltext.Check(text) == nil
}

// missing names what the signed string is made of and the evidence does not
// have: it is not known then, which is another thing than empty.
func (e *Evidence) missing() []Finding {
	if !e.hasExchange() {
		return nil
	}
	var list []Finding
	add := func(cause, says, fix string) { list = append(list, suspected(cause, says, fix)) }
	if m := e.message(); m.Partial && len(m.Body) == 0 {
		add("body_not_in_evidence", fmt.Sprintf("The evidence does not have the %s's body: it is missing, not empty, so the string that "+
			"was signed cannot be built.", e.Side), "Export it again with its content, or take the raw message.")
	}
	m, id, what, at := e.message(), e.Names.Of(apiclient.HeaderClientID), "request", apiclient.HeaderRequestTime
	if e.Side == apiclient.ResponseSide {
		what, at = "response", apiclient.HeaderResponseTime
		if e.Exchange.Response == nil {
			return list
		}
	}
	if what == "request" && e.ClientID == "" && !m.Has(id) {
		add("client_id_missing", fmt.Sprintf("The request has no %s, so the string that was signed cannot be built.", id),
			e.toSigner("Send the id that was signed as "+id+"."))
	}
	if !m.Has(e.Names.Of(at)) {
		add(what+"_time_missing", fmt.Sprintf("The %s has no %s, so the string that was signed cannot be built.", what, at),
			e.toSigner("Send the time that was signed as "+at+"."))
	}
	if what == "response" && !m.Has(id) {
		add("client_id_unknown_value", "The response has no Client-Id; it may have been signed with another id than the request's.",
			e.toSigner("Send the Client-Id that was signed."))
	}
	return list
}

// NotSearchedCause is the cause of other content that nobody searched for.
const NotSearchedCause = "content_mismatch"

// notSearched returns what strict verification says of other content.
func (e *Evidence) notSearched(r *Report) Finding {
	f := e.unknownContent(r)
	f.Cause, f.Proven = NotSearchedCause, r.Signer.Certain
	f.Says = fmt.Sprintf("%s signed with %s, but over other content.", r.Signer.Key.ID, HashName(r.Signer.Hash))
	f.Fix = "Diagnose it: that searches for the string that was signed."
	return f
}

// unknownContent says what is certain all the same.
func (e *Evidence) unknownContent(r *Report) Finding {
	f := Finding{Cause: "content_mismatch_unknown", Family: FamilyContent}
	method := HashName(r.Signer.Hash)
	f.Says = fmt.Sprintf("%s signed with %s, but over other content, which is none of those that were tried.", r.Signer.Key.ID, method)
	if !r.Signer.Certain {
		f.Says = fmt.Sprintf("%s signed, almost certainly, but over content that is none of those that were tried.", r.Signer.Key.ID)
	}
	if e.Side == apiclient.ResponseSide && e.Sides.Request.Status == signing.Verified {
		f.Says += " The request verifies with the same method, path and Client-Id, so the time and the body of the answer are what " +
			"is left to differ."
	}
	f.Fix = e.oneThingToLog()
	if r.SignedDigest != nil && r.Signer.Hash.Available() {
		f.Signed = fmt.Sprintf("%s %x", method, r.SignedDigest)
		h := r.Signer.Hash.New()
		h.Write(r.Expected)
		f.Expected = fmt.Sprintf("%s %x", method, h.Sum(nil))
	}
	return f
}
