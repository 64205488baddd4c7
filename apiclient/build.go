package apiclient

import (
	"bytes"
	"cmp"
	"crypto"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient/redact/mark"
	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// build makes the exact request for a draft and signs it. The signed string
// is made of what is really sent: where the draft overrides Client-Id or
// Request-Time, the overriding value is signed too, so that each tampered header
// is one fault and not two. Where they are left out, what would have stood
// there is signed. An overridden Signature goes out as it is; Sent then says
// what it would have been. Tampers come last, over what the draft overrides;
// Sent is what was really signed, so that the chain breaks where it was tampered.
func (c *Client) build(d Draft, now time.Time) (Exchange, error) {
	if err := checkDraft(d); err != nil {
		return Exchange{}, err
	}
	var err error
	if d.Target, err = d.Filled(); err != nil {
		return Exchange{}, err
	}
	list, err := c.tampersOf(d.Tamper)
	if err != nil {
		return Exchange{}, err
	}
	p := c.profile
	method := cmp.Or(d.Method, "POST")
	e := Exchange{
		Profile: p.Name, Endpoint: d.Endpoint, ClientID: p.ClientID, MerchantID: p.MerchantID,
		URL: c.origin + p.RequestTarget(d.Target), SignedAs: p.SignedTarget(d.Target),
		StartedAt: now, Outcome: Unknown,
	}
	if c.callback {
		e.Origin = FromNotify // which decides how it is judged
	}
	target := p.RequestTarget(d.Target)
	if c.absoluteForm() {
		target = e.URL
	}
	h := &headerList{}
	c.standardHeader(h, method, now, d)
	overrides := h.apply(p.Header)
	overrides = append(overrides, h.apply(d.Header)...)
	h.omit(d.Omit)
	s := c.tampering(h, now)
	for _, tamper := range list {
		if tamper.head != nil {
			tamper.head(s)
		}
	}
	e.Request = Message{Line: method + " " + target + " HTTP/1.1", Header: h.fields, Body: append([]byte{}, d.Body...)}

	s.content = c.rule.Content(&e, RequestSide)
	if s.content.Time == "" && !e.Request.Has(p.HeaderNames.Of(HeaderRequestTime)) {
		s.content.Time = FormatTime(now, p.TimeFormat)
	}
	keep := containsFold(slices.Concat(d.Omit, overrides), p.HeaderNames.Of(signing.HeaderName)) // it is not ours to write
	if err := c.tamperSigned(s, list, keep); err != nil {
		return Exchange{}, err
	}
	if err := c.sign(&e, s, keep); err != nil {
		return Exchange{}, err
	}
	s.finish(&e, list)
	for _, tamper := range list {
		e.Tampered = append(e.Tampered, tamper.Name)
	}
	e.Tampered = append(e.Tampered, c.changedHeaders(&e, d, list)...)
	return e, nil
}

// sign fills Sent and, unless the header is not ours to write, the Signature
// field that standardHeader left empty.
func (c *Client) sign(e *Exchange, s *tampering, keep bool) error {
	canonical := c.rule.RequestTemplate.Canonical(s.content)
	if s.signer == nil && s.err == nil {
		if !keep {
			return c.noKey()
		}
		e.Sent = signing.Proof{Canonical: canonical, Digest: digest(canonical)}
		return nil
	}
	proof, err := s.proof(canonical)
	if err != nil {
		return err
	}
	e.Sent, e.SentKey = proof, c.fingerprint
	if s.signer != c.key {
		e.SentKey = fingerprint(&s.signer.PublicKey)
	}
	if keep {
		return nil
	}
	for i := range e.Request.Header {
		if e.Request.Header[i].Name == c.profile.HeaderNames.Of(signing.HeaderName) {
			e.Request.Header[i].Value = proof.Header
		}
	}
	return nil
}

// tampering is a request at its beginning, with nothing wrong yet.
func (c *Client) tampering(h *headerList, now time.Time) *tampering {
	p := &c.profile
	return &tampering{
		profile: p, key: c.stranger.get, make: c.options.Sign, header: h, at: now, format: p.TimeFormat, signer: c.key,
		hash:  crypto.SHA256,
		style: signing.Style{Compact: p.CompactHeader, KeyVersion: c.keyVersion, Encoding: p.Encoding},
	}
}

func (c *Client) noKey() error {
	if c.callback {
		return problemf("set platform_key in the profile to the private key that the Super App signs with; test systems give it out",
			"profile %q has no platform key to sign a callback with", c.profile.Name)
	}
	return problemf("set private_key in the profile, or leave the Signature header out on purpose",
		"profile %q has no private key to sign with", c.profile.Name)
}

// tamperSigned changes what is signed, and with which key. One that changes
// nothing is refused: a request marked as tampered that is right would have the
// other side accused of accepting it.
func (c *Client) tamperSigned(s *tampering, list []Tamper, keep bool) error {
	for _, tamper := range list {
		if tamper.sign == nil {
			continue
		}
		if keep {
			return tampersNothing(tamper, "the Signature header is set or left out by hand")
		}
		before := *s
		tamper.sign(s)
		if s.err != nil {
			return s.err
		}
		same := before.signer == s.signer && before.hash == s.hash && before.pss == s.pss && before.style == s.style
		template := c.rule.RequestTemplate
		if same && bytes.Equal(template.Canonical(before.content), template.Canonical(s.content)) {
			return tampersNothing(tamper, "with this request and profile the same is signed")
		}
	}
	return nil
}

func tampersNothing(s Tamper, why string) error {
	return problemf("leave it out", "%s changes nothing here: %s", s.Name, why)
}

// finish changes the message as the tampers want it once it is signed. What is
// not tampered stays as it is.
func (s *tampering) finish(e *Exchange, list []Tamper) {
	s.algorithm, s.value = "RSA256", e.Sent.Value
	rewrite, signed, length := false, true, len(e.Request.Body)
	for _, tamper := range list {
		if tamper.wire == nil {
			continue
		}
		signed = tamper.wire(s, &e.Request) && signed
		rewrite = rewrite || tamper.Where == InValue
	}
	h := headerList{fields: e.Request.Header, tail: len(e.Request.Header)}
	name := s.profile.HeaderNames.Of(signing.HeaderName)
	switch {
	case !signed:
		h.omit([]string{name})
	case rewrite:
		h.put([]Field{{Name: name, Value: s.written()}})
	}
	e.Request.Header = h.fields
	for i, f := range h.fields {
		if strings.EqualFold(f.Name, "Content-Length") && f.Value == strconv.Itoa(length) {
			h.fields[i].Value = strconv.Itoa(len(e.Request.Body))
		}
	}
}

func checkDraft(d Draft) error {
	if d.Method != "" {
		if err := wire.CheckMethod(d.Method); err != nil {
			return err
		}
	}
	switch {
	case d.Target == "":
		return problemf("give a path such as /v2/payments/pay", "the request has no path")
	case strings.Contains(d.Target, "://") && !strings.HasPrefix(d.Target, "/"):
		return problemf("give only what follows the profile's base URL, such as /v2/payments/pay",
			"the path is a whole URL: %q", d.Target)
	case !strings.HasPrefix(d.Target, "/"):
		return problemf("write /"+d.Target, "the path %q does not start with /", d.Target)
	}
	if err := wire.CheckTarget(d.Target); err != nil {
		return err
	}
	if mark.In(d.Body) || mark.In([]byte(d.Target)) {
		return problemf("put the value in; with redact.store = false in the configuration the history keeps it",
			"a value of this request is masked: its mark would be sent")
	}
	for _, f := range d.Header {
		if err := checkField(f); err != nil {
			return err
		}
	}
	return nil
}

// standardHeader adds the headers of the protocol, section 1, in the order in
// which they go out; tail comes after the profile's and the draft's own.
func (c *Client) standardHeader(h *headerList, method string, now time.Time, d Draft) {
	p, names := c.profile, c.profile.HeaderNames
	h.add("Host", c.base.Host)
	if !d.Bodiless || len(d.Body) > 0 {
		h.add("Content-Type", cmp.Or(d.Media, jsonMedia))
	}
	h.add(names.Of(HeaderClientID), p.ClientID)
	if p.MerchantID != "" {
		h.add(names.Of(HeaderMerchantID), p.MerchantID)
	}
	if p.SignsRequestID() {
		h.add(names.Of(HeaderRequestID), c.options.NewID())
	}
	h.add(names.Of(HeaderRequestTime), FormatTime(now, p.TimeFormat))
	h.add(names.Of(signing.HeaderName), "")
	h.tail = len(h.fields)
	h.add("User-Agent", c.options.UserAgent)
	h.add("Accept", "application/json")
	if len(d.Body) > 0 || method != "GET" && method != "HEAD" {
		h.add("Content-Length", strconv.Itoa(len(d.Body)))
	}
	h.add("Connection", "close")
}

// headerList is a header under construction.
type headerList struct {
	fields []Field
	tail   int // where extra fields go in
}

func (h *headerList) add(name, value string) {
	h.fields = append(h.fields, Field{Name: name, Value: value})
}

// apply puts each field in the place of the one with its name, or before the
// tail where there is none. Fields of one name in one call stay together. It
// returns the names.
func (h *headerList) apply(fields []Field) []string {
	var names []string
	for i, f := range fields {
		names = append(names, f.Name)
		if firstOf(fields, f.Name) != i {
			continue // went in with the first of its name
		}
		var same []Field
		for _, g := range fields[i:] {
			if strings.EqualFold(g.Name, f.Name) {
				same = append(same, g)
			}
		}
		h.put(same)
	}
	return names
}

func firstOf(fields []Field, name string) int {
	return slices.IndexFunc(fields, func(f Field) bool { return strings.EqualFold(f.Name, name) })
}

func (h *headerList) put(same []Field) {
	at := firstOf(h.fields, same[0].Name)
	beforeTail := at < h.tail
	if at < 0 {
		at = h.tail
	}
	h.omit([]string{same[0].Name})
	h.fields = slices.Insert(h.fields, at, same...)
	if beforeTail {
		h.tail += len(same)
	}
}

// omit removes every field with one of the names.
func (h *headerList) omit(names []string) {
	var kept []Field
	tail := h.tail
	for i, f := range h.fields {
		if containsFold(names, f.Name) {
			if i < h.tail {
				tail--
			}
			continue
		}
		kept = append(kept, f)
	}
	h.fields, h.tail = kept, tail
}

func containsFold(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}
