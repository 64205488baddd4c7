package sandbox

import (
	"cmp"
	"crypto/rsa"
	"net/http"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// outgoing is an answer on its way out. The faults in force change it, before it is
// signed or after.
type outgoing struct {
	q      *request
	status int
	header header
	body   []byte

	at      time.Time
	format  apiclient.TimeFormat
	key     *rsa.PrivateKey // signs it; nil: it is not signed
	style   signing.Style
	content signing.Content // what is signed

	wait time.Duration // before it is sent
	cut  int           // bytes of the body after which the connection is closed; < 0: it is sent whole
}

// header is one whose names are written as they stand. Its methods take the names
// of the protocol.
type header struct {
	fields http.Header
	name   func(protocol string) string
}

func (h header) Get(name string) string {
	if values := h.fields[h.name(name)]; len(values) > 0 {
		return values[0]
	}
	return ""
}

func (h header) Set(name, value string) { h.fields[h.name(name)] = []string{value} }

func (h header) Del(name string) { delete(h.fields, h.name(name)) }

func (o *outgoing) stamp() string { return apiclient.FormatTime(o.at, o.format) }

// replace puts another body in the place of the answer: somebody else's, so it is
// not signed.
func (o *outgoing) replace(media string, body []byte) {
	o.body = body
	for _, name := range []string{signing.HeaderName, apiclient.HeaderClientID, apiclient.HeaderResponseTime, "Content-Type"} {
		o.header.Del(name)
	}
	if media != "" {
		o.header.Set("Content-Type", media)
	}
}

func (o *outgoing) asXML() {
	body, err := asXML(o.body)
	if err != nil {
		panic(err) // it was written here
	}
	o.body, o.content.Body = body, body
	o.header.Set("Content-Type", "application/xml; charset=UTF-8")
}

// rewriteSignature changes the value of the signature in its header.
func (o *outgoing) rewriteSignature(change func(string) string) {
	before, value, ok := strings.Cut(o.header.Get(signing.HeaderName), "signature=")
	if ok {
		o.header.Set(signing.HeaderName, before+"signature="+change(value))
	}
}

// respell writes the names of the protocol's headers in other letters, and the
// pairs of the Signature header in another order.
func (o *outgoing) respell() {
	before, value, ok := strings.Cut(o.header.Get(signing.HeaderName), "signature=")
	if ok {
		pairs := strings.Split(strings.TrimRight(before, ", "), ",")
		respelt := "SIGNATURE=" + value
		for _, pair := range pairs {
			name, of, _ := strings.Cut(strings.TrimSpace(pair), "=")
			respelt += ", " + strings.ToUpper(name) + "=" + strings.ToLower(of)
		}
		o.header.Set(signing.HeaderName, respelt)
	}
	for _, name := range []string{signing.HeaderName, apiclient.HeaderClientID, apiclient.HeaderResponseTime} {
		if values, ok := o.header.fields[o.header.name(name)]; ok {
			o.header.Del(name)
			o.header.fields[strings.ToUpper(o.header.name(name))] = values
		}
	}
}

// belowPrefix is the target of a request from the version on, which is where the
// documentation's paths begin.
func belowPrefix(q *request) string {
	if at := strings.LastIndex(q.path(), q.endpoint.Path); at >= 0 && q.endpoint.Path != "" {
		return q.target[at:]
	}
	if _, after, ok := strings.Cut(strings.TrimPrefix(q.target, "/"), "/"); ok {
		return "/" + after
	}
	return q.target
}

// prepare makes an answer ready to be sent: signed where that is due, and wrong
// where a fault is in force.
func (s *Sandbox) prepare(w http.ResponseWriter, q *request, a *answer) *outgoing {
	body, err := a.body()
	if err != nil {
		panic(err) // an answer holds nothing but strings and structs of them
	}
	o := &outgoing{
		q: q, status: a.http, body: body, at: s.config.Now(), format: s.timeFormat(q), cut: -1,
		header: header{w.Header(), func(name string) string { return q.spelling(name, s.rule.Names) }},
		style: signing.Style{Compact: s.config.Client.CompactHeader, KeyVersion: s.config.KeyVersion,
			Encoding: s.config.Client.Encoding},
	}
	o.header.Set("Content-Type", "application/json; charset=UTF-8")
	o.header.Set("Date", o.at.UTC().Format(http.TimeFormat))
	if a.result.Code == "METHOD_NOT_SUPPORTED" {
		o.header.Set("Allow", http.MethodPost)
	}
	if s.preset.signsAll {
		o.status = http.StatusOK
	}
	if q.partial {
		o.header.Set("Connection", "close")
	}
	o.content = signing.Content{Method: q.method, Target: s.signedTarget(q), Body: body, Time: o.stamp(),
		ClientID: cmp.Or(q.client, s.config.ClientID), MerchantID: s.config.MerchantID,
		RequestID: q.http.Header.Get(s.rule.Names.Of(apiclient.HeaderRequestID))}
	if q.known || s.preset.signsAll {
		o.key = s.config.Key
		o.header.Set(apiclient.HeaderClientID, o.content.ClientID)
	}
	if a.xml {
		o.asXML()
	}
	s.misbehave(func(f *Fault) {
		if f.before != nil {
			f.before(s, o)
		}
	})
	o.header.Set(apiclient.HeaderResponseTime, o.stamp())
	if o.key != nil && (q.known || s.preset.signsAll) {
		proof, err := signing.Sign(o.key, s.rule.ResponseTemplate.Canonical(o.content), o.style)
		if err != nil {
			panic(err) // a key that New accepted signs; net/http closes the connection
		}
		o.header.Set(signing.HeaderName, proof.Header)
	}
	s.misbehave(func(f *Fault) {
		if f.after != nil {
			f.after(o)
		}
	})
	o.header.Set("Content-Length", strconv.Itoa(len(o.body)))
	return o
}

func (s *Sandbox) misbehave(by func(*Fault)) {
	for _, f := range s.faults() {
		by(f)
	}
}

// send writes the answer and returns it as it was sent. whole is false where the
// connection is to be closed in the middle of it.
func (s *Sandbox) send(w http.ResponseWriter, q *request, a *answer) (sent apiclient.Message, whole bool) {
	o := s.prepare(w, q, a)
	sent = apiclient.Message{
		Line:   "HTTP/1.1 " + strconv.Itoa(o.status) + " " + http.StatusText(o.status),
		Header: sortedFields(o.header.fields), Body: o.body,
	}
	if o.wait > 0 {
		s.pause(q.http.Context(), o.wait)
	}
	if o.cut == 0 {
		return apiclient.Message{Partial: true}, false
	}
	w.WriteHeader(o.status)
	body := o.body
	if q.method == http.MethodHead {
		body, sent.Body = nil, nil
	}
	if o.cut > 0 && o.cut < len(body) {
		body, sent.Body, sent.Partial = body[:o.cut], body[:o.cut], true
	}
	if _, err := w.Write(body); err != nil {
		s.config.Log.Info("the client left before its answer", "target", q.target, "error", err)
	}
	if sent.Partial {
		_ = http.NewResponseController(w).Flush()
	}
	return sent, !sent.Partial
}
