package apiclient

import "strings"

// HeaderMeaning is what is known about a header by its name alone.
type HeaderMeaning struct {
	Says     string // what it is for, in a sentence or two
	Protocol bool   // the protocol names it; else HTTP does, or nobody
	Required bool   // on the side that was asked for
	Signed   bool   // its value is in the signed string
	Right    string // how a right value looks
}

// ExplainHeader says what a header is for with this profile, which may call it
// otherwise and sign more than the protocol.
func (p Profile) ExplainHeader(side Side, name string) HeaderMeaning {
	key := strings.ToLower(p.HeaderNames.Protocol(name))
	m, ok := headerMeanings[key]
	if !ok {
		m = HeaderMeaning{Says: "It is not part of the protocol, and not signed: whatever stands between the two sides " +
			"may add or change it."}
	}
	switch key {
	case "client-id", "signature":
		m.Required = true
	case "merchant-id", "request-time", "host":
		m.Required = side == RequestSide
		m.Signed = m.Signed && m.Required
	case "response-time":
		m.Required, m.Signed = side == ResponseSide, side == ResponseSide
	}
	placeholder := map[string]string{"request-id": "{request_id}", "merchant-id": "{merchant_id}"}[key]
	for _, t := range [][2]string{{"content_template", p.ContentTemplate}, {"response_template", p.ResponseTemplate}} {
		if placeholder != "" && !m.Signed && strings.Contains(t[1], placeholder) {
			m.Protocol, m.Signed = true, true
			m.Says += " The profile's " + t[0] + " signs it."
		}
	}
	m.Says, m.Right = p.HeaderNames.Say(m.Says), p.HeaderNames.Say(m.Right)
	return m
}

// Words writes a meaning as sentences: what it is for, whether it must be there
// and is signed, and how it looks.
func (m HeaderMeaning) Words() string {
	words := []string{m.Says}
	if m.Protocol {
		must, signed := "Optional", "not signed"
		if m.Required {
			must = "Required"
		}
		if m.Signed {
			signed = "signed"
		}
		words = append(words, must+", "+signed+".")
	}
	return strings.Trim(strings.Join(append(words, m.Right), " "), " ")
}

const byHTTP = " HTTP's own; not signed."

// headerMeanings are the headers of the protocol, and those of HTTP that are
// met around it.
var headerMeanings = map[string]HeaderMeaning{
	"client-id": {Says: "Names the client, and so the keys that sign. It is also the OAuth client id of the mini program.", Protocol: true,
		Signed: true,
		Right:  "The id that the Super App gave out, character for character."},
	"merchant-id": {Says: "Names the merchant; given out by the Super App.", Protocol: true, Right: "The id that belongs to the client."},
	"request-time": {Says: "When the request was made.", Protocol: true, Signed: true,
		Right: "Epoch milliseconds, 13 digits, such as 1682060290199; its exact characters are signed."},
	"response-time": {Says: "When the answer was made.", Protocol: true, Signed: true,
		Right: "Epoch milliseconds, 13 digits; its exact characters are signed, in the place of Request-Time."},
	"signature": {Says: "Algorithm, key version and signature of the message.", Protocol: true,
		Right: "algorithm=RSA256, keyVersion=1, signature= and the percent-encoded base64 of 256 bytes for a key of " +
			"2,048 bits."},
	"content-type": {Says: "Media type of the body.", Protocol: true, Right: "application/json; charset=UTF-8."},
	"traceid": {Says: "Names the call in the logs of both sides.", Protocol: true,
		Right: "Any text that is new for each call, such as a UUID."},
	"request-id":     {Says: "Names the call; some platforms sign it."},
	"host":           {Says: "The host that is called, by which gateways choose the server." + byHTTP},
	"content-length": {Says: "The length of the body in bytes, not in characters." + byHTTP},
	"content-encoding": {Says: "How the body is compressed: the signature covers the bytes as they are " +
		"sent, unless a side signs before it compresses." + byHTTP},
	"transfer-encoding": {Says: "How the body is cut for the wire; it is put together before it is verified." + byHTTP},
	"connection":        {Says: "Whether the connection is used again." + byHTTP},
	"keep-alive":        {Says: "How long the connection stays open." + byHTTP},
	"user-agent":        {Says: "The program that calls." + byHTTP},
	"accept":            {Says: "What kind of answer is understood." + byHTTP},
	"accept-encoding": {Says: "Which compression is understood. None is asked for here, because it stands " +
		"between body and signature." + byHTTP},
	"date": {Says: "The clock of the server, or of a gateway before it, in whole seconds: the " +
		"time that counts is Response-Time." + byHTTP},
	"server":           {Says: "The program that answered, often a gateway." + byHTTP},
	"via":              {Says: "What the message passed through: a proxy may change bodies." + byHTTP},
	"allow":            {Says: "The methods that are understood there: the protocol has POST only." + byHTTP},
	"location":         {Says: "Where to go instead. Redirects are not followed: the signature covers one path." + byHTTP},
	"retry-after":      {Says: "How long to wait before the next call." + byHTTP},
	"set-cookie":       {Says: "Asks for a cookie; none is kept, the protocol has no sessions." + byHTTP},
	"cookie":           {Says: "A cookie; the protocol has no sessions." + byHTTP},
	"authorization":    {Says: "Credentials for a gateway; the protocol has the Signature in its place." + byHTTP},
	"www-authenticate": {Says: "A gateway wants other credentials than the Signature." + byHTTP},
	"cache-control":    {Says: "Whether the answer may be kept; a signed answer must not come from a cache." + byHTTP},
	"age":              {Says: "How long the answer has been in a cache: a signed answer must not come from one." + byHTTP},
	"vary":             {Says: "By what a cache tells answers apart." + byHTTP},
	"etag":             {Says: "Names this version of the answer." + byHTTP},
	"last-modified":    {Says: "When the content was changed; it is not Response-Time." + byHTTP},
	"expect":           {Says: "Asks before the body is sent." + byHTTP},
	"traceparent":      {Says: "Names the call for tracing between services (W3C); not part of the protocol, and not signed."},
	"x-request-id": {Says: "A gateway's name for the call: give it to the other side's support. Not " +
		"part of the protocol, and not signed."},
	"x-forwarded-for": {Says: "The addresses that a proxy saw; not part of the protocol, and not signed."},
	"encrypt": {Says: "The body is encrypted, as some sibling platforms do; the signature covers " +
		"the encrypted body. Not part of the protocol."},
	"strict-transport-security": {Says: "Asks browsers for TLS." + byHTTP},
}
