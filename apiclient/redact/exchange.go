package redact

import (
	"bytes"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/redact/mark"
	"countersign/apiclient/signing"
)

// Learn learns what is secret in an exchange, so that it is masked in what else is
// shown of it: a diagnosis, an error, what somebody told. Without one, values that are
// hidden wherever they stand are learned alone.
func (m *Masker) Learn(e *apiclient.Exchange) {
	if m.r.reveals {
		return
	}
	m.learnValues(e)
	if e == nil {
		return
	}
	m.learnMessage(&e.Request)
	if e.Response != nil {
		m.learnMessage(e.Response)
	}
	m.learnText([]byte(e.URL))
}

func (m *Masker) learnMessage(msg *apiclient.Message) {
	for _, fields := range [][]apiclient.Field{msg.Header, msg.Trailer} {
		for _, f := range fields {
			m.Header(f.Name, f.Value)
			if !m.r.Secret(f.Name) {
				continue
			}
			for _, v := range cookies(f.Value) {
				m.learnPart(f.Name, v)
			}
		}
	}
	m.learnText([]byte(msg.Line))
	m.learnText(msg.Content())
}

// learnPart learns a part of a value that is masked as a whole.
func (m *Masker) learnPart(name, v string) {
	if len(v) >= shortest && !mark.In([]byte(m.elsewhere(v))) {
		m.learn(v, v, jsontext.String, name)
	}
}

// Message masks a message. One whose content coding hides a body with secrets has
// that body without the coding, and the header as it was; one that cannot be
// decoded is masked whole.
func (m *Masker) Message(msg apiclient.Message) apiclient.Message {
	if m.r.reveals {
		return msg
	}
	m.learnMessage(&msg)
	return m.message(msg)
}

func (m *Masker) message(msg apiclient.Message) apiclient.Message {
	was := msg
	msg.Line = m.Text(msg.Line)
	msg.Header, msg.Trailer = m.fields(msg.Header), m.fields(msg.Trailer)
	switch body := m.Bytes(msg.Content()); {
	case msg.Decoded == nil && len(msg.Body) > 0 && encoded(&msg):
		msg.Body = []byte(m.mark(string(msg.Body), jsontext.String, "body"))
	case !bytes.Equal(body, msg.Content()):
		msg.Body, msg.Decoded = body, nil
	}
	if msg.Head != nil && (msg.Line != was.Line || !slices.Equal(msg.Header, was.Header)) {
		msg.Head = nil // its very bytes hold what is masked
	}
	return msg
}

// encoded reports whether a body has a content coding.
func encoded(msg *apiclient.Message) bool {
	coding := strings.ToLower(strings.TrimSpace(msg.Get("Content-Encoding")))
	return coding != "" && coding != "identity"
}

func (m *Masker) fields(list []apiclient.Field) []apiclient.Field {
	out := make([]apiclient.Field, len(list))
	for i, f := range list {
		name, rest, odd := strings.Cut(f.Name, " ")
		if f.Value == "" && odd && m.r.Secret(name) { // a line without its colon
			out[i] = apiclient.Field{Name: name + " " + m.learn(rest, rest, jsontext.String, name)}
			continue
		}
		out[i] = apiclient.Field{Name: m.Text(f.Name), Value: m.Header(f.Name, f.Value)}
	}
	if len(out) == 0 {
		return list
	}
	return out
}

// Exchange masks all of an exchange. Digests and signatures stay: they still prove
// what was signed, and by whom. e itself is not changed.
func (m *Masker) Exchange(e apiclient.Exchange) apiclient.Exchange {
	if m.r.reveals {
		return e
	}
	m.Learn(&e)
	bodies := [][]byte{e.Request.Body}
	if e.Response != nil {
		bodies = append(bodies, e.Response.Body)
	}
	e.Request = m.message(e.Request)
	if e.Response != nil {
		response := m.message(*e.Response)
		e.Response = &response
	}
	e.URL, e.SignedAs = m.Text(e.URL), m.Text(e.SignedAs)
	e.Sent.Canonical, e.Sent.Header = m.Signed(e.Sent.Canonical, bodies...), m.Text(e.Sent.Header)
	e.SentVerdict, e.Received = m.verdict(e.SentVerdict, bodies), m.verdict(e.Received, bodies)
	e.Result.Message, e.Err, e.Hint = m.Text(e.Result.Message), m.Text(e.Err), m.Text(e.Hint)
	findings := make([]apiclient.Finding, len(e.Findings))
	for i, f := range e.Findings {
		f.Says, f.Hint = m.Text(f.Says), m.Text(f.Hint)
		findings[i] = f
	}
	if e.Findings != nil {
		e.Findings = findings
	}
	e.Masked = e.Masked || m.Masked() > 0
	return e
}

// Signed masks a signed string. Where one of the bodies stands in it, that part is
// masked as the body is.
func (m *Masker) Signed(canonical []byte, bodies ...[]byte) []byte {
	for _, body := range bodies {
		if i := bytes.LastIndex(canonical, body); i >= 0 && len(body) > 0 {
			return slices.Concat(m.Bytes(canonical[:i]), m.Bytes(body), m.Bytes(canonical[i+len(body):]))
		}
	}
	return m.Bytes(canonical)
}

func (m *Masker) verdict(v signing.Verdict, bodies [][]byte) signing.Verdict {
	v.Canonical = m.Signed(v.Canonical, bodies...)
	v.Reason, v.Hint, v.Warnings = m.Text(v.Reason), m.Text(v.Hint), m.warnings(v.Warnings)
	h := &v.Header
	h.Algorithm, h.KeyVersion, h.Value, h.Warnings = m.Text(h.Algorithm), m.Text(h.KeyVersion), m.Text(h.Value),
		m.warnings(h.Warnings)
	h.Pairs = slices.Clone(h.Pairs)
	for i, p := range h.Pairs {
		h.Pairs[i] = signing.Pair{Key: m.Text(p.Key), Value: m.Text(p.Value)}
	}
	return v
}

func (m *Masker) warnings(list []signing.Warning) []signing.Warning {
	list = slices.Clone(list)
	for i, w := range list {
		list[i].Says = m.Text(w.Says)
	}
	return list
}
