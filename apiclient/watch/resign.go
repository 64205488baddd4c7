package watch

import (
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
)

// Resign makes the requests of clients that cannot sign yet into signed ones: the
// client's id where there is none, the time, and the signature with the profile's
// key. All else stays as it came. A finding says what came.
func Resign(client *apiclient.Client, now func() time.Time) (func(*apiclient.Exchange) []apiclient.Field, error) {
	p := client.Profile()
	if p.Key == nil {
		return nil, hint.Errorf("set private_key, or leave --resign out", "the profile %s has no private key to sign with", p.Name)
	}
	s, err := newSigner(p, now)
	if err != nil {
		return nil, err
	}
	return func(e *apiclient.Exchange) []apiclient.Field {
		came := *e
		came.SignedAs = p.SignedFromRequested(e.Request.Target())
		client.Verify(&came)
		names := p.HeaderNames
		signed := *e
		signed.SignedAs = signedAs(client, e)
		signed.Request.Header = set(e.Request.Header, apiclient.Field{Name: names.Of(apiclient.HeaderRequestTime),
			Value: apiclient.FormatTime(s.now(), p.TimeFormat)})
		if header := names.Of(apiclient.HeaderClientID); !e.Request.Has(header) {
			signed.Request.Header = set(signed.Request.Header, apiclient.Field{Name: header, Value: p.ClientID})
		}
		f, ok := s.field(&signed, apiclient.RequestSide)
		if !ok { // the key was tried
			return e.Request.Header
		}
		e.Findings = append(e.Findings, apiclient.Finding{
			Side: apiclient.RequestSide, Field: signing.HeaderName, Cause: apiclient.Resigned, Severity: apiclient.Note,
			Says: "Signed again on the way, and shown as it went on. " + asItCame(&came.Request, came.SentVerdict, names),
			Hint: "Without --resign your backend's own signature goes to the Super App.",
		})
		return set(signed.Request.Header, f)
	}, nil
}

// asItCame says what a request had before it was signed here.
func asItCame(m *apiclient.Message, v signing.Verdict, names apiclient.HeaderNames) string {
	says := "It came unsigned."
	switch {
	case v.OK():
		says = "It came with a signature by " + v.Key + " that verifies."
	case v.Status != signing.Unsigned:
		says = "It came with a signature that does not verify (" + string(v.Status) + ")."
	}
	var had []string
	for _, name := range []string{signing.HeaderName, apiclient.HeaderRequestTime} {
		for _, value := range m.Values(names.Of(name)) {
			had = append(had, names.Of(name)+": "+value)
		}
	}
	if len(had) > 0 {
		says += " Its own were " + strings.Join(had, "; ") + "."
	}
	return says
}

// set replaces the first field of a name in its place, and takes the others away;
// where there is none it is the last.
func set(fields []apiclient.Field, f apiclient.Field) []apiclient.Field {
	var all []apiclient.Field
	done := false
	for _, g := range fields {
		switch {
		case !strings.EqualFold(g.Name, f.Name):
			all = append(all, g)
		case !done:
			all, done = append(all, f), true
		}
	}
	if !done {
		all = append(all, f)
	}
	return all
}
