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
	if r.verifiedOnly {
		if r.Signer == nil {
			return nil
		}
		return append(e.missing(), e.notSearched(r))
	}
	if r.Signer == nil || !e.hasExchange() {
		if r.Signer != nil {
			return []Finding{e.unknownContent(r)}
		}
		return nil
	}
	if !r.Signer.Hash.Available() && r.Signer.Hash != 0 {
		return nil // nothing can be said of a content that cannot be hashed
	}
	list := append(e.bodySuspicions(), e.missing()...)
	if len(list) == 0 {
		list = append(e.messageTraces(), e.bodyTraces()...)
	}
	if says := e.mapped(); len(list) == 0 && says != "" {
		list = append(list, Finding{Cause: "body_key_order_changed", Family: familyOf("body_key_order_changed"), Says: says,
			Fix: "Send the very bytes that are signed: serialise once, sign that, and pass it on unread. A `LinkedHashMap`, or a struct, " +
				"keeps the order."})
	}
	if says := e.rewritten(); len(list) == 0 && says != "" {
		list = append(list, Finding{Cause: "body_changed_in_transit", Family: FamilyTamper, Says: says, Fix: e.whoChanges() + "."})
	}
	list = append(list, e.unknownContent(r))
	if len(e.message().Body) > 0 && len(e.missing()) == 0 &&
		!slices.ContainsFunc(list, func(f Finding) bool { return f.Cause == "body_changed_in_transit" }) {
		list = append(list, Finding{
			Cause: "body_changed_in_transit", Family: FamilyTamper,
			Says: "More than one place of the body may have been changed after it was signed.",
			Fix:  e.whoChanges() + ".",
		})
	}
	return list
}

// oneThingToLog says what settles a mismatch that no search explains. The SHA-256 of
// the whole string is in the signature already, so it tells nothing new.
func (e *Evidence) oneThingToLog() string {
	if e.weSign() {
		return "Log the string just before it is signed, whole or its length alone, and give it with --told (p in the " +
			"explorer): the first byte that differs is shown then; or give the search more time."
	}
	return "Ask the other side for the string that it signed, whole or its length alone, and give it with --told (p in the " +
		"explorer): the first byte that differs is shown then; or give the search more time."
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
		list = append(list, Finding{
			Cause: "body_lost", Family: FamilyTamper,
			Says: "The body is empty; something else was signed, so it may have been lost on the way.",
			Fix:  "Look whether a client drops the body, as some do after a redirect or with a wrong Content-Length.",
		})
	case bodies.IsJSON(trimmed):
	case markup == xmltext.XML && wellFormed(body, contentType):
	case markup == xmltext.HTML || markup == xmltext.Neither && trimmed[0] == '<' ||
		bytes.Contains(bytes.ToLower(trimmed[:min(len(trimmed), 512)]), []byte("gateway")):
		list = append(list, Finding{
			Cause: "body_replaced_by_proxy", Family: FamilyTamper,
			Says: "The body is a page, not JSON, as something before the API sends in place of an answer; the " +
				"headers still carry the signature of what it replaced.",
			Fix: "Look at the log of what stands between the two sides; the signature says nothing about this body.",
		})
	case trimmed[0] == '{' || trimmed[0] == '[' || markup == xmltext.XML:
		format := "JSON"
		if markup == xmltext.XML {
			format = "XML"
		}
		list = append(list, Finding{
			Cause: "body_truncated", Family: FamilyTamper,
			Says: fmt.Sprintf("The body starts as %s and ends in its middle, after %d bytes: its end is missing.",
				format, len(body)),
			Fix: "Look for a size limit, a timeout, or a Content-Length that counts characters in place of bytes.",
		})
	}
	if m.Partial && len(m.Body) > 0 && m.Has("Transfer-Encoding") {
		list = append(list, Finding{
			Cause: "body_truncated", Family: FamilyTamper,
			Says: fmt.Sprintf("The chunked body ends before its last chunk, after %d bytes: its end is missing.", len(m.Body)),
			Fix:  "Take the whole message, up to the chunk of size 0, or look why the connection ended.",
		})
	}
	if n, err := strconv.Atoi(strings.TrimSpace(m.Get("Content-Length"))); err == nil && n != len(m.Body) &&
		m.Get("Transfer-Encoding") == "" {
		cause, what := "body_changed_in_transit", "longer"
		if n > len(m.Body) {
			cause, what = "body_truncated", "shorter"
		}
		list = append(list, Finding{
			Cause: cause, Family: FamilyTamper,
			Says: fmt.Sprintf("The body has %d bytes and its Content-Length says %d: it is %s than it was sent.",
				len(m.Body), n, what),
			Fix: e.whoChanges() + ".",
		})
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
	add := func(cause string, family Family, says, fix string) {
		list = append(list, Finding{Cause: cause, Family: family, Says: says, Fix: fix})
	}
	if m := e.message(); m.Partial && len(m.Body) == 0 {
		add("body_not_in_evidence", FamilyContent, fmt.Sprintf("The evidence does not have the %s's body: it "+
			"is "+"missing, not empty, so the string that was signed cannot be built.", e.Side),
			"Export it again with its content, or take the raw message.")
	}
	response := e.Exchange.Response
	switch {
	case e.Side != apiclient.ResponseSide:
		if id := e.Names.Of(apiclient.HeaderClientID); e.ClientID == "" && !e.Exchange.Request.Has(id) {
			add("client_id_missing", FamilyClientID,
				fmt.Sprintf("The request has no %s, so the string that was signed cannot be built.", id),
				e.toSigner("Send the id that was signed as "+id+"."))
		}
		if !e.Exchange.Request.Has(e.Names.Of(apiclient.HeaderRequestTime)) {
			add("request_time_missing", FamilyTime,
				"The request has no Request-Time, so the string that was signed cannot be built.",
				e.toSigner("Send the time that was signed as Request-Time."))
		}
	case response != nil:
		if !response.Has(e.Names.Of(apiclient.HeaderResponseTime)) {
			add("response_time_missing", FamilyResponse,
				"The response has no Response-Time, so the string that was signed cannot be built.",
				e.toSigner("Send the time that was signed as Response-Time."))
		}
		if !response.Has(e.Names.Of(apiclient.HeaderClientID)) {
			add("client_id_unknown_value", FamilyResponse,
				"The response has no Client-Id; it may have been signed with another id than the request's.",
				e.toSigner("Send the Client-Id that was signed."))
		}
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
