package apiclient

import (
	"bytes"
	"slices"
	"strings"
)

// Headers of a saved request that are made anew, or that are of the connection
// that it went over, and those whose absence was on purpose.
var (
	madeAnew = []string{
		"Host", "Content-Length", "Request-Time", "Signature", "Request-Id", "User-Agent",
		"Connection", "Expect", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
	}
	expected = []string{"Content-Type", "Client-Id", "Merchant-Id", "Request-Time", "Signature"}
)

// Again makes a draft of a saved request, to be signed anew and sent to target,
// a path below the base URL. What its headers had of their own, what was left
// out and what was tampered on purpose stay; ids that were the profile's become
// those of this client's.
func (c *Client) Again(saved Exchange, target string) Draft {
	d := Draft{Endpoint: saved.Endpoint, Method: saved.Request.Method(), Target: target, Body: saved.Request.Body}
	if saved.Request.Line == "" {
		return d // an answer alone
	}
	var tampered []string // headers that a tamper makes wrong anew
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
	usual := &headerList{}
	c.standardHeader(usual, d.Method, saved.StartedAt, d.Body)
	usual.apply(c.profile.Header)
	fromProfile := map[string]string{"client-id": saved.ClientID, "merchant-id": saved.MerchantID}
	for _, f := range saved.Request.Header {
		id, ours := fromProfile[strings.ToLower(f.Name)]
		if ours && id == f.Value || slices.Contains(usual.fields, f) || containsFold(madeAnew, f.Name) || containsFold(tampered, f.Name) {
			continue
		}
		d.Header = append(d.Header, f)
	}
	for _, name := range expected {
		never := name == "Merchant-Id" && saved.MerchantID == "" && saved.Profile != "" // its profile has none
		if !saved.Request.Has(name) && firstOf(usual.fields, name) >= 0 && !containsFold(tampered, name) && !never {
			d.Omit = append(d.Omit, name)
		}
	}
	return d
}
