package apiclient

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

// inTrailer moves fields of an answer behind its body, in a chunked coding.
func inTrailer(text string, names ...string) string {
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	var front, behind []string
	for _, line := range strings.Split(head, "\r\n") {
		name, _, _ := strings.Cut(line, ":")
		switch {
		case strings.EqualFold(name, "Content-Length"):
		case containsFold(names, name):
			behind = append(behind, line)
		default:
			front = append(front, line)
		}
	}
	front = append(front, "Transfer-Encoding: chunked", "Trailer: "+strings.Join(names, ", "))
	size := strings.ToUpper(string("0123456789abcdef"[len(body)>>4&15]) + string("0123456789abcdef"[len(body)&15]))
	return strings.Join(front, "\r\n") + "\r\n\r\n" + size + "\r\n" + body + "\r\n0\r\n" + strings.Join(behind, "\r\n") + "\r\n\r\n"
}

// A signature in the trailer is neither verified, since receivers look into the
// header, nor called missing: where it is and whose it is, is told.
func TestSignatureInTheTrailer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, reason string
		change       func(*answer)
		fields       []string
		cut          bool
		status       signing.Status
		cause        string
	}{
		{name: "right", fields: []string{"Signature"}, status: signing.Undecodable, cause: "signature_in_trailer",
			reason: "The signature is in the trailer, behind the chunked body, and not in the header; behind that, " + PeerKeyID("1") + " signed it (SHA-256, PKCS#1 v1.5) over exactly this content."},
		{name: "over other content", fields: []string{"Signature"}, change: func(a *answer) { a.signed = []byte("{}") }, status: signing.Undecodable, cause: "signature_in_trailer",
			reason: "in the trailer, behind the chunked body, and not in the header; behind that, " + PeerKeyID("1") + " signed it (SHA-256, PKCS#1 v1.5) over other content."},
		{name: "by an unknown key", fields: []string{"Signature"}, change: func(a *answer) { a.key = clientKey }, status: signing.Undecodable, cause: "signature_in_trailer", reason: "in the trailer"},
		{name: "the time too", fields: []string{"Signature", "Response-Time"}, status: signing.Undecodable, cause: "header_in_trailer", reason: "in the trailer"},
		{name: "announced and cut", fields: []string{"Signature"}, cut: true, status: signing.Unsigned, cause: "signature_missing",
			reason: "The response announces its signature in the trailer, behind its body, and none came."},
	} {
		a := goodAnswer()
		if c.change != nil {
			c.change(&a)
		}
		p := testProfile(answering(t, func(s seen) string {
			text := inTrailer(a.text(s), c.fields...)
			if c.cut {
				text = text[:strings.Index(text, "0\r\nsignature")+3]
			}
			return text
		}))
		client := newClient(t, p, testOptions())
		e := client.Send(t.Context(), payDraft(), FromCLI)
		if e.Received.Status != c.status || !strings.Contains(e.Received.Reason, c.reason) || string(e.Response.Body) != goodBody || e.Response.Partial {
			t.Errorf("%s: %s: %s", c.name, e.Received.Status, e.Received.Reason)
		}
		if f, ok := find(e, ResponseSide, c.cause); !ok || !strings.Contains(f.Says, "trailer") {
			t.Errorf("%s: no %s in %+v", c.name, c.cause, e.Findings)
		}
		if s := Summary(e); !strings.Contains(s, "trailer") || strings.Contains(s, "response verified") {
			t.Errorf("%s: %s", c.name, s)
		}
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var read Exchange
		if err := json.Unmarshal(data, &read); err != nil || !reflect.DeepEqual(read.Response.Trailer, e.Response.Trailer) || len(read.Response.Trailer) == 0 == !c.cut {
			t.Errorf("%s: %v, %q from JSON, not %q", c.name, err, read.Response.Trailer, e.Response.Trailer)
		}
		client.Verify(&read)
		if read.Received.Status != e.Received.Status || read.Received.Reason != e.Received.Reason {
			t.Errorf("%s, again: %s", c.name, read.Received.Reason)
		}
	}
}

// A request's signature in the trailer, and one that is in the header as well.
func TestTrailerBesideTheHeader(t *testing.T) {
	t.Parallel()
	c := newClient(t, testProfile("http://127.0.0.1:1"), testOptions())
	e, err := c.Preview(payDraft())
	if err != nil {
		t.Fatal(err)
	}
	e.Request.Trailer = []Field{{Name: "Signature", Value: "signature=other"}}
	c.Verify(&e)
	if !e.SentVerdict.OK() {
		t.Errorf("the header counts alone: %s", e.SentVerdict.Reason)
	}
	var moved []Field
	for _, f := range e.Request.Header {
		if f.Name == "Signature" {
			e.Request.Trailer = []Field{f}
			continue
		}
		moved = append(moved, f)
	}
	e.Request.Header = moved
	c.Verify(&e)
	if e.SentVerdict.Status != signing.Undecodable || !strings.Contains(e.SentVerdict.Reason, "trailer") || e.SentVerdict.Key != OwnKeyID {
		t.Errorf("%s: %s", e.SentVerdict.Status, e.SentVerdict.Reason)
	}
}
