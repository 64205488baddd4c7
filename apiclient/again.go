package apiclient

import (
	"bytes"
	"mime"
	"slices"

	"countersign/apiclient/signing"
)

// Headers that are made for each request, those of the connection that it goes over
// or counted from its body, and those whose absence was on purpose.
var (
	madeForEach  = []string{signing.HeaderName, HeaderRequestTime, HeaderRequestID, HeaderClientID, HeaderMerchantID}
	ofConnection = []string{
		"Host", "Content-Length", "Connection", "Expect", "Keep-Alive", "Proxy-Connection", "TE", "Trailer",
		"Transfer-Encoding", "Upgrade",
	}
	expected = []string{"Content-Type", "Client-Id", "Merchant-Id", "Request-Time", "Signature"}
)

// Again makes a draft of a saved request, to be signed again and sent to target,
// a path below the base URL. What its headers had of their own, what was left
// out and what was tampered on purpose stay; ids that were the profile's become
// those of this client's.
func (c *Client) Again(saved Exchange, target string) Draft {
	d := Draft{Endpoint: saved.Endpoint, Method: saved.Request.Method(), Target: target, Body: saved.Request.Body}
	if saved.Origin.AsPlatform() {
		d.Callback, d.Target = true, saved.URL
	}
	if saved.Request.Line == "" {
		return d // an answer alone
	}
	var tampered []string // headers that a tamper makes wrong again
	for _, name := range saved.Tampered {
		s, ok := LookupTamper(name)
		if !ok {
			continue // a header that was changed or left out: it is one of those below
		}
		d.Tamper, tampered = append(d.Tamper, name), append(tampered, s.Header)
		if s.Where == InBody {
			d.Body = bytes.TrimSuffix(d.Body, []byte{' '}) // what it had added
		}
	}
	// Of a form, or of nothing, the header is no change that somebody made.
	if media, _, err := mime.ParseMediaType(saved.Request.Get("Content-Type")); err == nil && media == MediaForm {
		d.Media = saved.Request.Get("Content-Type")
	}
	d.Bodiless = len(d.Body) == 0 && !saved.Request.Has("Content-Type")
	names := c.profile.HeaderNames
	usual := &headerList{}
	c.standardHeader(usual, d.Method, saved.StartedAt, d)
	usual.apply(c.profile.Header)
	fromProfile := map[string]string{HeaderClientID: saved.ClientID, HeaderMerchantID: saved.MerchantID}
	for _, f := range saved.Request.Header {
		name := names.Protocol(f.Name)
		id, ours := fromProfile[name]
		if ours && id == f.Value || slices.Contains(usual.fields, f) || containsFold(again, name) || OfConnection(name) ||
			containsFold(tampered, name) ||
			f.Value != "" && f.Value == saved.Sent.Header { // by another name, of another profile
			continue
		}
		d.Header = append(d.Header, f)
	}
	for _, name := range expected {
		never := name == HeaderMerchantID && saved.MerchantID == "" && saved.Profile != "" // its profile has none
		called := names.Of(name)
		if !saved.Request.Has(called) && firstOf(usual.fields, called) >= 0 && !containsFold(tampered, name) && !never {
			d.Omit = append(d.Omit, called)
		}
	}
	return d
}

// again are the headers that are new when a saved request is sent again; its ids may
// have been changed on purpose.
var again = []string{signing.HeaderName, HeaderRequestTime, HeaderRequestID, "User-Agent"}

// MadeForEach reports whether a header, by its name in the protocol, is made for
// each request: those of the signature, the time and the ids.
func MadeForEach(protocol string) bool { return containsFold(madeForEach, protocol) }

// OfConnection reports whether a header belongs to the connection that a request
// goes over, or is counted from its body.
func OfConnection(name string) bool { return containsFold(ofConnection, name) }
