package diagnose

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/xmltext"
)

// suspicions rank what the evidence suggests where nothing is proven. The
// signer is known then: what differs is the content.
func (e *Evidence) suspicions(r *Report) []Finding {
	if r.verifiedOnly {
		if r.Signer == nil {
			return nil
		}
		return []Finding{e.notSearched(r)}
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
	list := e.bodySuspicions()
	if e.Side == apiclient.ResponseSide && e.Exchange.Response != nil {
		list = append(list, e.responseSuspicions()...)
	}
	if e.Side == apiclient.RequestSide && !e.Exchange.Request.Has(e.Names.Of(apiclient.HeaderRequestTime)) {
		list = append(list, Finding{
			Cause: "request_time_missing", Family: FamilyTime,
			Says: "The request has no Request-Time, so the string that was signed cannot be built.",
			Fix:  "Send the time that was signed as Request-Time; look whether a proxy removes it.",
		})
	}
	list = append(list, e.unknownContent(r))
	if len(e.message().Body) > 0 && indexOf(list, func(f Finding) bool { return f.Cause == "body_changed_in_transit" }) < 0 {
		list = append(list, Finding{
			Cause: "body_changed_in_transit", Family: FamilyTamper,
			Says: "More than one place of the body may have been changed after it was signed.",
			Fix:  rules[FamilyTamper] + ".",
		})
	}
	return list
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
	case len(trimmed) == 0:
		list = append(list, Finding{
			Cause: "body_lost", Family: FamilyTamper,
			Says: "The body is empty; something else was signed, so it may have been lost on the way.",
			Fix:  "Look for a client or proxy that drops the body, as some do after a redirect or with a wrong Content-Length.",
		})
	case bodies.IsJSON(trimmed):
	case markup == xmltext.XML && wellFormed(body, contentType):
	case markup == xmltext.HTML || markup == xmltext.Neither && trimmed[0] == '<' || bytes.Contains(bytes.ToLower(trimmed[:min(len(trimmed), 512)]), []byte("gateway")):
		list = append(list, Finding{
			Cause: "body_replaced_by_proxy", Family: FamilyTamper,
			Says: "The body is a page, not JSON, as proxies and gateways send in place of an answer; the headers still carry the signature of what it replaced.",
			Fix:  "Look at the log of what stands between the two sides; the signature says nothing about this body.",
		})
	case trimmed[0] == '{' || trimmed[0] == '[' || markup == xmltext.XML:
		format := "JSON"
		if markup == xmltext.XML {
			format = "XML"
		}
		list = append(list, Finding{
			Cause: "body_truncated", Family: FamilyTamper,
			Says: fmt.Sprintf("The body starts as %s and ends in its middle, after %d bytes: its end is missing.", format, len(body)),
			Fix:  "Look for a size limit, a timeout, or a Content-Length that counts characters in place of bytes.",
		})
	}
	if n, err := strconv.Atoi(strings.TrimSpace(m.Get("Content-Length"))); err == nil && n != len(m.Body) && m.Get("Transfer-Encoding") == "" {
		cause, what := "body_changed_in_transit", "longer"
		if n > len(m.Body) {
			cause, what = "body_truncated", "shorter"
		}
		list = append(list, Finding{
			Cause: cause, Family: FamilyTamper,
			Says: fmt.Sprintf("The body has %d bytes and its Content-Length says %d: it is %s than it was sent.", len(m.Body), n, what),
			Fix:  rules[FamilyTamper] + ".",
		})
	}
	return list
}

// wellFormed reports XML that is whole.
func wellFormed(body []byte, contentType string) bool {
	text, _, ok := xmltext.Read(body, contentType)
	return ok && xmltext.Check(text) == nil
}

// responseSuspicions looks at the headers of a response.
func (e *Evidence) responseSuspicions() []Finding {
	var list []Finding
	response := e.Exchange.Response
	if !response.Has(e.Names.Of(apiclient.HeaderResponseTime)) {
		list = append(list, Finding{
			Cause: "response_time_missing", Family: FamilyResponse,
			Says: "The response has no Response-Time, so the string that was signed cannot be built.",
			Fix:  "Let the other side send Response-Time; look whether a proxy removes it.",
		})
	}
	if !response.Has(e.Names.Of(apiclient.HeaderClientID)) {
		list = append(list, Finding{
			Cause: "client_id_unknown_value", Family: FamilyResponse,
			Says: "The response has no Client-Id; it may have been signed with another id than the request's.",
			Fix:  "Let the other side send the Client-Id that it signs.",
		})
	}
	return list
}

// NotSearchedCause is the cause of other content that nobody searched for.
const NotSearchedCause = "content_mismatch"

// notSearched is what strict verification says of other content.
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
	f.Fix = "Get the string that the other side signed, its SHA-256 or its length, and compare it here; or give the search more time."
	if r.SignedDigest != nil && r.Signer.Hash.Available() {
		f.Signed = fmt.Sprintf("%s %x", method, r.SignedDigest)
		h := r.Signer.Hash.New()
		h.Write(r.Expected)
		f.Expected = fmt.Sprintf("%s %x", method, h.Sum(nil))
	}
	return f
}
