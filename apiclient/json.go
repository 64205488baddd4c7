package apiclient

import (
	"cmp"
	"encoding/json"
	"io"

	"countersign/apiclient/jsonstream"
	"countersign/apiclient/signing"
)

// The JSON form of an Exchange is the one of the command line: send --json and
// history show --json print it, and every command that takes evidence reads
// it. The history keeps it too, see AppendRecord. It keeps every byte. A string that
// came from the network and is not UTF-8 is written as {"base64": "…"}; a body or
// signed string that is not UTF-8 is in bodyBase64 or canonicalBase64 in place of body
// or canonical. Durations are milliseconds.

// MarshalJSON writes the exchange as the command line prints it.
func (e Exchange) MarshalJSON() ([]byte, error) { return e.appendJSON(nil, place{}) }

// WriteJSON writes what MarshalJSON gives, indented and with a line feed at the
// end. Large bodies and signed strings are not copied: an exchange holds 32 MB
// up to four times.
func (e Exchange) WriteJSON(w io.Writer) error {
	values := jsonstream.New()
	b, err := e.appendJSON(nil, place{stream: values})
	if err != nil {
		return err
	}
	return values.Write(w, json.RawMessage(b))
}

func (e *Exchange) appendJSON(b []byte, p place) ([]byte, error) {
	c := codec{b: b, place: p}
	c.exchange(e)
	return c.b, c.err
}

// UnmarshalJSON reads what MarshalJSON writes. Members that are missing are
// zero; a message needs a line.
func (e *Exchange) UnmarshalJSON(b []byte) error { return e.readJSON(b, nil) }

// readJSON reads JSON that is known to be valid. beside are the bodies beside a
// record; nil: it is none.
func (e *Exchange) readJSON(b []byte, beside *Bodies) error {
	*e = Exchange{}
	c := codec{reads: true, element: b, place: place{beside: beside}}
	c.exchange(e)
	return c.err
}

func (c *codec) exchange(e *Exchange) {
	if !c.open("") {
		return
	}
	some(c, "id", &e.ID)
	text(c, "origin", &e.Origin)
	text(c, "profile", &e.Profile)
	text(c, "endpoint", &e.Endpoint)
	text(c, "url", &e.URL)
	text(c, "clientId", &e.ClientID)
	some(c, "merchantId", &e.MerchantID)
	c.time("startedAt", &e.StartedAt)
	c.timing(&e.Timing)
	some(c, "remote", &e.Remote)
	text(c, "outcome", &e.Outcome)
	c.flag("bytesSent", &e.BytesSent)
	c.sure("masked", &e.Masked)
	c.message("request", &e.Request, 0)
	if c.reads { // a signed string may quote any body
		c.response(e)
		c.takeBodies(e)
	}
	c.sent(e)
	if !c.reads {
		c.response(e)
	}
	c.verdict("received", &e.Received)
	if c.open("result") {
		text(c, "status", &e.Result.Status)
		text(c, "code", &e.Result.Code)
		text(c, "message", &e.Result.Message)
		c.close()
	}
	for f := range items(c, "findings", &e.Findings) {
		c.finding(f)
	}
	text(c, "error", &e.Err)
	some(c, "hint", &e.Hint)
	c.close()
	c.b = c.b[:max(0, len(c.b)-1)] // no comma
}

func (c *codec) timing(t *Timing) {
	if c.open("timing") {
		c.millis("dnsMs", &t.DNS)
		c.millis("connectMs", &t.Connect)
		c.millis("tlsMs", &t.TLS)
		c.millis("signMs", &t.Sign)
		c.millis("writeMs", &t.Write)
		c.millis("firstByteMs", &t.FirstByte)
		c.millis("totalMs", &t.Total)
		c.close()
	}
}

func (c *codec) finding(f *Finding) {
	if c.open("") {
		some(c, "side", &f.Side)
		text(c, "field", &f.Field)
		text(c, "cause", &f.Cause)
		text(c, "severity", &f.Severity)
		text(c, "says", &f.Says)
		some(c, "hint", &f.Hint)
		c.close()
	}
}

func (c *codec) response(e *Exchange) {
	if e.Response == nil && !c.has("response") {
		c.null("response")
		return
	}
	c.message("response", made(&e.Response), 2)
}

// message is a message; first is the number of its body among Bodies.
func (c *codec) message(name string, m *Message, first int) {
	if !c.open(name) {
		return
	}
	text(c, "line", &m.Line)
	c.fields("headers", &m.Header)
	if m.Head != nil || c.has("headBase64") { // only where line and headers cannot give the head's bytes back
		c.base64("headBase64", &m.Head)
	}
	if c.inside(first) {
		c.large("body", "bodyBase64", &m.Body)
	}
	if (m.Decoded != nil || c.reads) && c.inside(first+1) {
		c.large("decoded", "decodedBase64", &m.Decoded)
	}
	if len(m.Trailer) > 0 || c.has("trailers") { // fields behind a chunked body
		c.fields("trailers", &m.Trailer)
	}
	c.sure("partial", &m.Partial)
	c.close()
}

func (c *codec) fields(name string, fields *[]Field) {
	for f := range items(c, name, fields) {
		c.pair(&f.Name, &f.Value)
	}
}

func (c *codec) sent(e *Exchange) {
	p, key := &e.Sent, &e.SentKey
	if !c.reads && c.bodies == nil && len(p.Canonical) == 0 { // it is printed: the history need not keep it twice
		shown, by := e.Proof(), cmp.Or(*key, e.SentVerdict.Key)
		p, key = &shown, &by
	}
	if !c.open("sent") {
		return
	}
	c.canonical(&p.Canonical)
	c.digest("sha256", &p.Digest)
	c.base64("signature", &p.Signature)
	text(c, "value", &p.Value)
	text(c, "header", &p.Header)
	text(c, "keyVersion", &p.KeyVersion)
	text(c, "key", key)
	text(c, "signedAs", &e.SignedAs)
	if len(e.Tampered) > 0 || c.has("tampered") {
		c.texts("tampered", &e.Tampered)
	}
	if !c.reads { // it is in the verification too
		text(c, "verdict", &e.SentVerdict.Status)
	}
	c.verdict("verification", &e.SentVerdict)
	c.close()
}

// verdict is null for the zero Verdict: nothing was verified.
func (c *codec) verdict(name string, v *signing.Verdict) {
	if !c.reads && v.Status == "" {
		c.null(name)
		return
	}
	if !c.open(name) {
		return
	}
	text(c, "verdict", &v.Status)
	text(c, "reason", &v.Reason)
	some(c, "hint", &v.Hint)
	text(c, "key", &v.Key)
	c.canonical(&v.Canonical)
	c.digest("sha256", &v.Digest)
	c.signatureHeader(&v.Header)
	some(c, "encoding", &v.Encoding)
	c.base64("signature", &v.Signature)
	if v.Recovered != nil || c.has("recovered") {
		c.recovered(made(&v.Recovered))
	}
	if v.Repaired != nil || c.has("repaired") {
		r := made(&v.Repaired)
		c.open("repaired")
		c.texts("causes", &r.Causes)
		text(c, "says", &r.Says)
		text(c, "fix", &r.Fix)
		c.base64("signature", &r.Signature)
		c.close()
	}
	c.warnings(&v.Warnings)
	c.sure("noKey", &v.NoKey)
	c.close()
}

func (c *codec) signatureHeader(h *signing.Header) {
	if !c.open("header") {
		return
	}
	text(c, "algorithm", &h.Algorithm)
	text(c, "keyVersion", &h.KeyVersion)
	c.flag("hasKeyVersion", &h.HasKeyVersion)
	text(c, "value", &h.Value)
	for p := range items(c, "pairs", &h.Pairs) {
		c.pair(&p.Key, &p.Value)
	}
	if len(h.Warnings) > 0 || c.has("warnings") {
		c.warnings(&h.Warnings)
	}
	c.close()
}

func (c *codec) recovered(r *signing.Recovered) {
	if !c.open("recovered") {
		return
	}
	text(c, "key", &r.Key)
	c.hash("hash", &r.Hash)
	text(c, "padding", &r.Padding)
	c.base64("digest", &r.Digest)
	c.base64("raw", &r.Raw)
	if r.PSS != nil || c.has("pss") {
		p := made(&r.PSS)
		c.open("pss")
		c.hash("hash", &p.Hash)
		c.hash("mgf", &p.MGF)
		c.base64("h", &p.H)
		c.base64("salt", &p.Salt)
		c.flag("certain", &p.Certain)
		c.close()
	}
	if r.Fault != nil || c.has("fault") {
		c.warning("fault", made(&r.Fault))
	}
	c.close()
}

func (c *codec) warnings(list *[]signing.Warning) {
	for w := range items(c, "warnings", list) {
		c.warning("", w)
	}
}

func (c *codec) warning(name string, w *signing.Warning) {
	if c.open(name) {
		text(c, "cause", &w.Cause)
		text(c, "says", &w.Says)
		c.close()
	}
}

// made returns what a pointer leads to, and makes it where it leads nowhere.
func made[T any](p **T) *T {
	if *p == nil {
		*p = new(T)
	}
	return *p
}
