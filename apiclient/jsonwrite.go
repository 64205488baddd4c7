package apiclient

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"time"
	"unicode/utf8"

	"countersign/apiclient/signing"
)

// jsonWriter appends the JSON form of an exchange. It is written by hand, as capture
// records thousands a second; exchangeJSON reads it, and a test holds it against what
// encoding/json makes of that.
type jsonWriter struct {
	b []byte
	place
}

// begin and end stand around an object or a list. A comma follows each value; end puts
// the bracket in place of the last one.
func (w *jsonWriter) begin(bracket byte) { w.b = append(w.b, bracket) }

func (w *jsonWriter) end(bracket byte) {
	if last := len(w.b) - 1; w.b[last] == ',' {
		w.b = w.b[:last]
	}
	w.b = append(w.b, bracket, ',')
}

func (w *jsonWriter) name(name string) { w.b = append(append(append(w.b, '"'), name...), `":`...) }

// text writes a member, or without a name a value of a list.
func (w *jsonWriter) text(name, value string) {
	if name != "" {
		w.name(name)
	}
	w.b = append(appendText(w.b, value), ',')
}

// some writes a member unless it is empty, and sure one that is true.
func (w *jsonWriter) some(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

func (w *jsonWriter) sure(name string, value bool) {
	if value {
		w.flag(name, value)
	}
}

func (w *jsonWriter) flag(name string, value bool) {
	w.name(name)
	w.b = append(strconv.AppendBool(w.b, value), ',')
}

func (w *jsonWriter) null(name string) {
	w.name(name)
	w.b = append(w.b, "null,"...)
}

func (w *jsonWriter) base64(name string, value []byte) {
	if value == nil {
		w.null(name)
		return
	}
	w.name(name)
	w.b = append(base64.StdEncoding.AppendEncode(append(w.b, '"'), value), `",`...)
}

func (w *jsonWriter) digest(name string, d [32]byte) {
	w.name(name)
	w.b = append(w.b, '"')
	if d != [32]byte{} {
		w.b = hex.AppendEncode(w.b, d[:])
	}
	w.b = append(w.b, `",`...)
}

func (w *jsonWriter) millis(name string, d time.Duration) {
	w.name(name)
	w.b = append(strconv.AppendFloat(w.b, toMillis(d), 'f', -1, 64), ',')
}

// large writes bytes as a string, or under the other name as base64 where they are not
// UTF-8.
func (w *jsonWriter) large(name, otherName string, value []byte) {
	text, binary := w.stream.Put(value)
	if binary != nil {
		w.base64(otherName, binary)
		return
	}
	w.text(name, text)
}

// texts writes strings of ours.
func (w *jsonWriter) texts(name string, list []string) {
	w.name(name)
	if list == nil {
		w.b = append(w.b, "null,"...)
		return
	}
	w.begin('[')
	for _, s := range list {
		w.text("", s)
	}
	w.end(']')
}

func (w *jsonWriter) pair(name, value string) {
	w.begin('[')
	w.text("", name)
	w.text("", value)
	w.end(']')
}

func (w *jsonWriter) exchange(e *Exchange) error {
	w.begin('{')
	w.some("id", e.ID)
	w.text("origin", string(e.Origin))
	w.text("profile", e.Profile)
	w.text("endpoint", e.Endpoint)
	w.text("url", e.URL)
	w.text("clientId", e.ClientID)
	w.some("merchantId", e.MerchantID)
	w.name("startedAt")
	var err error
	if w.b, err = e.StartedAt.AppendText(append(w.b, '"')); err != nil {
		return err
	}
	w.b = append(w.b, `",`...)
	w.timing(e.Timing)
	w.some("remote", e.Remote)
	w.text("outcome", string(e.Outcome))
	w.flag("bytesSent", e.BytesSent)
	w.sure("masked", e.Masked)
	w.message("request", &e.Request, 0)
	w.sent(e)
	if e.Response == nil {
		w.null("response")
		w.null("received")
	} else {
		w.message("response", e.Response, 2)
		w.verdict("received", &e.Received)
	}
	w.name("result")
	w.begin('{')
	w.text("status", e.Result.Status)
	w.text("code", e.Result.Code)
	w.text("message", e.Result.Message)
	w.end('}')
	w.findings(e.Findings)
	w.text("error", e.Err)
	w.some("hint", e.Hint)
	w.end('}')
	w.b = w.b[:len(w.b)-1]
	return nil
}

func (w *jsonWriter) timing(t Timing) {
	w.name("timing")
	w.begin('{')
	w.millis("dnsMs", t.DNS)
	w.millis("connectMs", t.Connect)
	w.millis("tlsMs", t.TLS)
	w.millis("signMs", t.Sign)
	w.millis("writeMs", t.Write)
	w.millis("firstByteMs", t.FirstByte)
	w.millis("totalMs", t.Total)
	w.end('}')
}

func (w *jsonWriter) fields(name string, fields []Field) {
	w.name(name)
	w.begin('[')
	for _, f := range fields {
		w.pair(f.Name, f.Value)
	}
	w.end(']')
}

// message writes a message; first is the number of its body among Bodies.
func (w *jsonWriter) message(name string, m *Message, first int) {
	w.name(name)
	w.begin('{')
	w.text("line", m.Line)
	w.fields("headers", m.Header)
	if m.Head != nil {
		w.base64("headBase64", m.Head)
	}
	if w.inside(first) {
		w.large("body", "bodyBase64", m.Body)
	}
	if m.Decoded != nil && w.inside(first+1) {
		w.large("decoded", "decodedBase64", m.Decoded)
	}
	if len(m.Trailer) > 0 {
		w.fields("trailers", m.Trailer)
	}
	w.sure("partial", m.Partial)
	w.end('}')
}

func (w *jsonWriter) findings(list []Finding) {
	w.name("findings")
	w.begin('[')
	for i := range list {
		f := &list[i]
		w.begin('{')
		w.some("side", string(f.Side))
		w.text("field", f.Field)
		w.text("cause", f.Cause)
		w.text("severity", string(f.Severity))
		w.text("says", f.Says)
		w.some("hint", f.Hint)
		w.end('}')
	}
	w.end(']')
}

// canonical writes a signed string: where it holds one of the bodies that are kept
// beside the JSON, what is around that.
func (w *jsonWriter) canonical(b []byte) {
	n, before, after, ok := w.quote(b)
	if !ok {
		w.large("canonical", "canonicalBase64", b)
		return
	}
	w.name("quoted")
	w.begin('{')
	w.some("before", string(before))
	w.name("body")
	w.b = append(strconv.AppendInt(w.b, int64(n), 10), ',')
	w.some("after", string(after))
	w.end('}')
}

func (w *jsonWriter) sent(e *Exchange) {
	p, key := e.Sent, e.SentKey
	if w.bodies == nil && len(p.Canonical) == 0 { // it is printed: the history need not keep it twice
		p, key = e.Proof(), cmp.Or(key, e.SentVerdict.Key)
	}
	w.name("sent")
	w.begin('{')
	w.canonical(p.Canonical)
	w.digest("sha256", p.Digest)
	w.base64("signature", p.Signature)
	w.text("value", p.Value)
	w.text("header", p.Header)
	w.text("keyVersion", p.KeyVersion)
	w.text("key", key)
	w.text("signedAs", e.SignedAs)
	if len(e.Tampered) > 0 {
		w.texts("tampered", e.Tampered)
	}
	w.text("verdict", string(e.SentVerdict.Status))
	w.verdict("verification", &e.SentVerdict)
	w.end('}')
}

// verdict writes null for the zero Verdict: nothing was verified.
func (w *jsonWriter) verdict(name string, v *signing.Verdict) {
	if v.Status == "" {
		w.null(name)
		return
	}
	w.name(name)
	w.begin('{')
	w.text("verdict", string(v.Status))
	w.text("reason", v.Reason)
	w.some("hint", v.Hint)
	w.text("key", v.Key)
	w.canonical(v.Canonical)
	w.digest("sha256", v.Digest)
	w.signatureHeader(&v.Header)
	w.some("encoding", string(v.Encoding))
	w.base64("signature", v.Signature)
	if v.Recovered != nil {
		w.recovered(v.Recovered)
	}
	if r := v.Repaired; r != nil {
		w.name("repaired")
		w.begin('{')
		w.texts("causes", r.Causes)
		w.text("says", r.Says)
		w.text("fix", r.Fix)
		w.base64("signature", r.Signature)
		w.end('}')
	}
	w.warnings("warnings", v.Warnings)
	w.sure("noKey", v.NoKey)
	w.end('}')
}

func (w *jsonWriter) signatureHeader(h *signing.Header) {
	w.name("header")
	w.begin('{')
	w.text("algorithm", h.Algorithm)
	w.text("keyVersion", h.KeyVersion)
	w.flag("hasKeyVersion", h.HasKeyVersion)
	w.text("value", h.Value)
	w.name("pairs")
	w.begin('[')
	for _, p := range h.Pairs {
		w.pair(p.Key, p.Value)
	}
	w.end(']')
	if len(h.Warnings) > 0 {
		w.warnings("warnings", h.Warnings)
	}
	w.end('}')
}

func (w *jsonWriter) recovered(r *signing.Recovered) {
	w.name("recovered")
	w.begin('{')
	w.text("key", r.Key)
	w.text("hash", hashName(r.Hash))
	w.text("padding", string(r.Padding))
	w.base64("digest", r.Digest)
	w.base64("raw", r.Raw)
	if p := r.PSS; p != nil {
		w.name("pss")
		w.begin('{')
		w.text("hash", hashName(p.Hash))
		w.text("mgf", hashName(p.MGF))
		w.base64("h", p.H)
		w.base64("salt", p.Salt)
		w.flag("certain", p.Certain)
		w.end('}')
	}
	if f := r.Fault; f != nil {
		w.name("fault")
		w.warning(f)
	}
	w.end('}')
}

func (w *jsonWriter) warnings(name string, list []signing.Warning) {
	w.name(name)
	w.begin('[')
	for i := range list {
		w.warning(&list[i])
	}
	w.end(']')
}

func (w *jsonWriter) warning(v *signing.Warning) {
	w.begin('{')
	w.text("cause", v.Cause)
	w.text("says", v.Says)
	w.end('}')
}

// appendText appends s as Text stands in JSON.
func appendText(b []byte, s string) []byte {
	start := len(b)
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return appendWide(b[:start], s)
		case c >= ' ' && c != '"' && c != '\\':
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		if short := shortEscapes[c]; short != 0 {
			b = append(b, '\\', short)
		} else {
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(b, s[from:]...), '"')
}

const hexDigits = "0123456789abcdef"

var shortEscapes = ['\\' + 1]byte{'"': '"', '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}

// appendWide appends a string that is not ASCII.
func appendWide(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		b = base64.StdEncoding.AppendEncode(append(b, `{"base64":"`...), []byte(s))
		return append(b, `"}`...)
	}
	quoted, err := marshal(s)
	if err != nil { // a string has none
		return append(b, `""`...)
	}
	return append(b, quoted...)
}
