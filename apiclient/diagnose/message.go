package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/signing"
)

// valueFindings say what is wrong with the header and the spelling of its
// value.
func (e *Evidence) valueFindings(r *Report) []Finding {
	v := r.Verification
	if r.elsewhere != nil {
		return []Finding{*r.elsewhere}
	}
	switch v.Status {
	case signing.Unsigned:
		f := Finding{Cause: "signature_missing", Family: FamilyResponse, Proven: true, Says: v.Reason, Fix: v.Hint}
		if m := e.message(); m != nil && m.Has("Signature-Input") {
			f.Says += " Signature-Input is there: it belongs to HTTP Message Signatures (RFC 9421), where a Signature header " +
				"must stand beside it."
		}
		if e.Side == apiclient.RequestSide {
			f.Family = FamilyHeader
		}
		for _, w := range v.Warnings {
			f.Cause = w.Cause
		}
		switch {
		case e.Side != apiclient.ResponseSide || f.Cause != "signature_missing":
		case e.Exchange.Origin.Callback():
			f.Fix = "Sign the answer to a callback as any response, with our key: most platforms want it signed."
		default:
			f.Fix = "Treat it as not verified, whatever it says: the signature is often left out where the request " +
				"itself was refused, so look at that first."
		}
		return []Finding{f}
	case signing.Undecodable:
		return e.misspelt(v)
	case apiclient.MaskedContent:
		return []Finding{proven("content_masked", v.Reason, v.Hint)}
	}
	return nil
}

// misspelt lists the faults of a value in the order in which they were undone.
func (e *Evidence) misspelt(v signing.Verdict) []Finding {
	var list []Finding
	if v.Repaired != nil {
		length := ""
		if n := len(v.Repaired.Signature); n > 0 {
			length = fmt.Sprintf("; read so, it has %d bytes", n)
		}
		for i, cause := range v.Repaired.Causes {
			says, fix := signing.Fault(cause)
			if i == 0 || says == "" {
				says, fix = v.Repaired.Says, v.Repaired.Fix
			}
			list = append(list, proven(cause, upperFirst(says)+length+".", e.toSigner(upperFirst(fix)+".")))
		}
		return list
	}
	for _, w := range v.Warnings {
		if f := familyOf(w.Cause); f == FamilyValue || f == FamilyHeader {
			list = append(list, Finding{Cause: w.Cause, Family: f, Proven: true, Says: w.Says, Fix: e.toSigner(v.Hint)})
		}
	}
	if len(list) == 0 {
		list = append(list, Finding{Cause: "signature_corrupted", Family: FamilyValue, Says: v.Reason, Fix: e.toSigner(v.Hint)})
	}
	return list
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// warnings returns headers that are there twice, and odd spellings.
func (e *Evidence) warnings(r *Report) []Finding {
	list := slices.Concat(e.callback(), e.repeated(), e.doubled(), e.beyond(), e.skewed())
	for _, w := range r.Verification.Warnings {
		list = append(list, warning(w.Cause, w.Says, ""))
	}
	return list
}

// skewed says that the clock of the message was off when it came: the signature is
// right all the same.
func (e *Evidence) skewed() []Finding {
	var list []Finding
	for _, f := range e.Exchange.Findings {
		if f.Cause == "clock_skew" && f.Side == e.Side {
			list = append(list, warning(f.Cause, f.Says, f.Hint))
		}
	}
	return list
}

// repeated finds the headers of the signed string that are there more than
// once with different values: receivers disagree about which one counts.
func (e *Evidence) repeated() []Finding {
	if !e.hasExchange() {
		return nil
	}
	client, stamped, name := &e.Exchange.Request, &e.Exchange.Request, e.Names.Of(apiclient.HeaderRequestTime)
	id := e.Names.Of(apiclient.HeaderClientID)
	if e.Side == apiclient.ResponseSide && e.Exchange.Response != nil {
		stamped, name = e.Exchange.Response, e.Names.Of(apiclient.HeaderResponseTime)
		if stamped.Has(id) {
			client = stamped
		}
	}
	var list []Finding
	for _, h := range []struct {
		m    *apiclient.Message
		name string
	}{{client, id}, {stamped, name}} {
		values := h.m.Values(h.name)
		i := slices.IndexFunc(values, func(v string) bool { return v != values[0] })
		if i < 0 {
			continue
		}
		list = append(list, warning("header_repeated",
			fmt.Sprintf("%s is there more than once with different values, %q and %q; the first one is used.", h.name,
				values[0], values[i]),
			"Send it once: receivers disagree about which one counts."))
	}
	return list
}

// beyond warns of bytes behind those that Content-Length announces.
func (e *Evidence) beyond() []Finding {
	if !e.hasExchange() {
		return nil
	}
	m := e.message()
	n, ok := m.Announced()
	if !ok || n >= int64(len(m.Body)) || m.Has("Content-Encoding") {
		return nil
	}
	return []Finding{warning("body_beyond_length",
		fmt.Sprintf("The body has %d bytes and its Content-Length says %d: a receiver reads no more than that.", len(m.Body), n),
		"Give one message alone, or look for what adds bytes to the body.")}
}

// doubled warns of members of the body that stand twice in one object: readers
// differ in which of the two they take, and a signature covers both.
func (e *Evidence) doubled() []Finding {
	if !e.hasExchange() {
		return nil
	}
	t := jsontext.Parse(e.message().Content())
	members := t.Doubled()
	if len(members) == 0 {
		return nil
	}
	says := fmt.Sprintf("The member %s stands twice in the body", t.Path(members[0]))
	if more := len(members) - 1; more > 0 {
		says += fmt.Sprintf(", and so do %d others", more)
	}
	return []Finding{warning("body_member_doubled", says+": readers differ in which one they take.", e.toSigner("Send each member once."))}
}
