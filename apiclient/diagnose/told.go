package diagnose

import (
	"bytes"
	"fmt"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/signing"
)

// listen compares what the other side told, and takes a string that the
// signature covers for the signed one.
func (r *Report) listen(e *Evidence, targets []target) {
	if len(bytes.TrimSpace(e.Told)) == 0 {
		return
	}
	var covers func([]byte) bool
	if c := r.Verification.Recovered; c != nil {
		covers = func(b []byte) bool {
			if c.Covers(b) {
				return true
			}
			for _, t := range targets {
				if t.matches(b) {
					return true
				}
			}
			return false
		}
	}
	r.Comparison = e.compare(r, covers)
	if c := r.Comparison; r.Signed == nil && c != nil && c.Told != nil && covers != nil && covers(c.Told) {
		r.told = c.Told
	}
}

// believe takes the string that was told for the signed one, and explains it
// part by part as far as no habit did.
func (r *Report) believe(e *Evidence) {
	if r.told == nil || r.Signed != nil {
		return
	}
	r.Signed = r.told
	r.Signer.Certain = true
	r.Findings = append(r.Findings, e.byParts(r.told, r.Expected)...)
}

// byParts says which parts of two strings differ, where both are built by the
// usual rule; else that they differ at all.
func (e *Evidence) byParts(signed, expected []byte) []Finding {
	var list []Finding
	add := func(h habit, s, x []byte) {
		c := variant.Change(h)
		sp, xp := differing(s, x)
		list = append(list, Finding{Cause: c.Cause, Family: familyOf(c.Cause), Proven: true, Says: c.Says, Fix: e.fixOf(c), Signed: sp, Expected: xp})
	}
	theirs, ok1 := split(signed)
	ours, ok2 := split(expected)
	if ok1 && ok2 && e.Template.String() == signing.DefaultTemplate {
		for i, h := range []habit{
			{"method_other", "Another method was signed.", ""}, {"path_characters_differ", "Another path or query was signed.", ""},
			{"client_id_other", "Another client id was signed.", ""}, {"time_differs_from_header", "Another time was signed.", ""}, {"body_differs", "Another body was signed.", ""},
		} {
			if !bytes.Equal(theirs[i], ours[i]) {
				add(h, theirs[i], ours[i])
			}
		}
	}
	if len(list) == 0 && !bytes.Equal(signed, expected) {
		front, _ := commonEnds(signed, expected)
		add(habit{"content_differs", fmt.Sprintf("The signed string differs from the rule's from byte %d on.", front+1), ""}, signed, expected)
	}
	return list
}

// takenApart makes an exchange of a bare string that is built by the usual
// rule, so that its parts can vary.
func (e *Evidence) takenApart() (Evidence, bool) {
	parts, ok := split(e.Content)
	if e.hasExchange() || !ok {
		return Evidence{}, false
	}
	whole := *e
	whole.Content, whole.Side = nil, apiclient.RequestSide
	whole.Exchange = apiclient.Exchange{Request: apiclient.Message{
		Line:   string(parts[0]) + " " + string(parts[1]) + " HTTP/1.1",
		Header: []apiclient.Field{{Name: "Client-Id", Value: string(parts[2])}, {Name: "Request-Time", Value: string(parts[3])}},
		Body:   parts[4],
	}}
	whole.Target = string(parts[1])
	if !bytes.Equal(whole.Canonical(), e.Content) {
		return Evidence{}, false
	}
	return whole, true
}

// split takes a string of the usual rule apart: method, target, client id,
// time, body.
func split(s []byte) (parts [5][]byte, ok bool) {
	line, rest, ok := bytes.Cut(s, []byte("\n"))
	if !ok {
		return parts, false
	}
	if parts[0], parts[1], ok = bytes.Cut(line, []byte(" ")); !ok {
		return parts, false
	}
	if parts[2], rest, ok = bytes.Cut(rest, []byte(".")); !ok {
		return parts, false
	}
	// A time may have a fraction: it ends at the dot before the body.
	at := bytes.IndexByte(rest, '{')
	if at <= 0 {
		at = len(rest)
	}
	dot := bytes.LastIndexByte(rest[:at], '.')
	if dot < 0 {
		return parts, false
	}
	parts[3], parts[4] = rest[:dot], rest[dot+1:]
	return parts, true
}
