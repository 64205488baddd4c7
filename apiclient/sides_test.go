package apiclient

import (
	"testing"

	"countersign/apiclient/signing"
)

func TestSidesDecide(t *testing.T) {
	none := signing.Verdict{}
	verdict := func(s signing.Status) signing.Verdict { return signing.Verdict{Status: s} }
	noKey := func(s signing.Status) signing.Verdict { return signing.Verdict{Status: s, NoKey: true} }
	ok := verdict(signing.Verified)
	for name, c := range map[string]struct {
		sent, received signing.Verdict
		answered       bool
		code           string
		side           Side
		verdict        signing.Status
		verified       bool
	}{
		"both verify":                  {ok, ok, true, "SUCCESS", ResponseSide, signing.Verified, true},
		"no answer":                    {ok, none, false, "", RequestSide, signing.Verified, false},
		"nothing checked":              {none, none, false, "", RequestSide, "", false},
		"request fails":                {verdict(signing.Mismatch), ok, true, "SUCCESS", RequestSide, signing.Mismatch, false},
		"both fail":                    {verdict(signing.WrongKey), verdict(signing.Mismatch), true, "SUCCESS", RequestSide, signing.WrongKey, false},
		"response fails":               {ok, verdict(signing.Mismatch), true, "SUCCESS", ResponseSide, signing.Mismatch, false},
		"response unsigned":            {ok, verdict(signing.Unsigned), true, "SUCCESS", ResponseSide, signing.Unsigned, false},
		"refused":                      {ok, ok, true, "INVALID_SIGNATURE", RequestSide, SignatureRefused, false},
		"refused, and answered badly":  {ok, verdict(signing.Mismatch), true, "INVALID_SIGNATURE", RequestSide, SignatureRefused, false},
		"refused rightly":              {verdict(signing.Mismatch), ok, true, "INVALID_SIGNATURE", RequestSide, signing.Mismatch, false},
		"no key for the answer":        {ok, noKey(signing.UnknownKey), true, "SUCCESS", RequestSide, signing.Verified, false},
		"no key, and unsigned":         {ok, noKey(signing.Unsigned), true, "SUCCESS", RequestSide, signing.Verified, false},
		"no key, and unreadable":       {ok, noKey(signing.Undecodable), true, "SUCCESS", ResponseSide, signing.Undecodable, false},
		"no key for the request":       {noKey(signing.UnknownKey), ok, true, "SUCCESS", ResponseSide, signing.Verified, false},
		"no key for the request, bad":  {noKey(signing.UnknownKey), verdict(signing.Mismatch), true, "SUCCESS", ResponseSide, signing.Mismatch, false},
		"no keys at all":               {noKey(signing.UnknownKey), noKey(signing.UnknownKey), true, "SUCCESS", ResponseSide, signing.UnknownKey, false},
		"no keys, answer unsigned":     {noKey(signing.UnknownKey), noKey(signing.Unsigned), true, "SUCCESS", RequestSide, signing.UnknownKey, false},
		"request unsigned without key": {noKey(signing.Unsigned), ok, true, "SUCCESS", RequestSide, signing.Unsigned, false},
	} {
		e := Exchange{SentVerdict: c.sent, Received: c.received, Result: Result{Status: "F", Code: c.code}}
		if c.answered {
			e.Response = &Message{Line: "HTTP/1.1 200 OK"}
		}
		s := e.Sides()
		if s.Decides() != c.side || s.Verdict() != c.verdict || s.Verified() != c.verified {
			t.Errorf("%s: %s, %q, %v of %+v", name, s.Decides(), s.Verdict(), s.Verified(), s)
		}
	}
}

// A request whose body is not in the file does not decide; where it is the
// only one, it is no verified one.
func TestSidesWithoutTheRequestsBody(t *testing.T) {
	ok, bad := signing.Verdict{Status: signing.Verified}, signing.Verdict{Status: signing.Mismatch}
	for name, c := range map[string]struct {
		origin   Origin
		body     string
		sent     signing.Verdict
		received signing.Verdict
		side     Side
		verdict  signing.Status
	}{
		"missing":              {FromFile, "", bad, ok, ResponseSide, signing.Verified},
		"missing, other key":   {FromFile, "", signing.Verdict{Status: signing.WrongKey}, ok, RequestSide, signing.WrongKey},
		"missing, both fail":   {FromFile, "", bad, bad, ResponseSide, signing.Mismatch},
		"missing, no answer":   {FromFile, "", bad, signing.Verdict{}, RequestSide, signing.Mismatch},
		"cut in its middle":    {FromFile, "{", bad, ok, RequestSide, signing.Mismatch},
		"cut on the way to us": {"listen", "", bad, ok, RequestSide, signing.Mismatch},
	} {
		e := Exchange{Origin: c.origin, Request: Message{Line: "POST / HTTP/1.1", Body: []byte(c.body), Partial: true}}
		if c.received.Status != "" {
			e.Response = &Message{Line: "HTTP/1.1 200 OK"}
		}
		if s := e.SidesBy(c.sent, c.received); s.Decides() != c.side || s.Verdict() != c.verdict || s.Verified() {
			t.Errorf("%s: %s, %q of %+v", name, s.Decides(), s.Verdict(), s)
		}
	}
}
