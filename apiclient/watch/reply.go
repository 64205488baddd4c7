package watch

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/capture"
	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/apiclient/signing"
)

// Reply is an answer that listen can give to a notification.
type Reply struct {
	Name, Says string

	result  apiclient.Result // of a signed one
	unknown bool             // signed with a key that nobody knows
	plain   bool             // not signed
	// what should be refused is answered with F
	verifies bool
	after    time.Duration
	silent   bool
	line     string // of an answer that is none of the Super App's protocol, with its media type and body
	media    string
	body     string
}

var success = apiclient.Result{Status: "S", Code: "SUCCESS", Message: "success"}

// Replies are the answers by name; the first is the usual one.
var Replies = []Reply{
	{Name: "S", Says: "success, signed; F to what does not verify, is for another client, or late", result: success, verifies: true},
	{Name: "F", Says: "failure, signed",
		result: apiclient.Result{Status: "F", Code: "PROCESS_FAIL", Message: "the notification was not processed"}},
	{Name: "U", Says: "unknown, signed: the Super App should send it again",
		result: apiclient.Result{Status: "U", Code: "UNKNOWN_EXCEPTION", Message: "not processed yet: send it again"}},
	{Name: "slow", Says: "success, signed, after ten seconds", result: success, after: 10 * time.Second},
	{Name: "unsigned", Says: "success, without a signature", result: success, plain: true},
	{Name: "wrong-key", Says: "success, signed with a key that nobody knows", result: success, unknown: true},
	{Name: "html", Says: "the page of a gateway", line: "HTTP/1.1 502 Bad Gateway", media: "text/html",
		body: "<html><body><h1>502 Bad Gateway</h1></body></html>"},
	{Name: "500", Says: "an error of the server, without a body", line: "HTTP/1.1 500 Internal Server Error", media: "text/plain"},
	{Name: "silent", Says: "nothing: the connection is closed", silent: true},
}

// ReplyNames are the names of Replies, in order.
func ReplyNames() []string {
	names := make([]string, len(Replies))
	for i, r := range Replies {
		names[i] = r.Name
	}
	return names
}

// Replier makes the answers of a name, signed by the rule of a profile with its
// key. An error has a hint.
func Replier(p apiclient.Profile, name string, now func() time.Time) (func(*apiclient.Exchange) capture.Reply, error) {
	i := slices.IndexFunc(Replies, func(r Reply) bool { return r.Name == name })
	if i < 0 {
		return nil, hint.Errorf("choose one of "+strings.Join(ReplyNames(), ", "), "there is no reply %q", name)
	}
	r := Replies[i]
	switch {
	case r.silent:
		return func(*apiclient.Exchange) capture.Reply { return capture.Reply{Silent: true} }, nil
	case r.line != "":
		m := apiclient.Message{Line: r.line, Body: []byte(r.body), Header: []apiclient.Field{
			{Name: "Content-Type", Value: r.media}, {Name: "Content-Length", Value: strconv.Itoa(len(r.body))}}}
		return func(*apiclient.Exchange) capture.Reply { return capture.Reply{Message: m} }, nil
	}
	s, err := newSigner(p, now)
	if err != nil {
		return nil, err
	}
	switch {
	case r.unknown:
		if s.key, err = keys.Generate(rand.Reader, 2048); err != nil {
			return nil, err
		}
	case r.plain:
		s.key = nil
	case s.key == nil:
		return nil, hint.Errorf("set private_key, or use --reply unsigned",
			"the profile %s has no private key to sign answers with", p.Name)
	}
	client, err := apiclient.New(p, apiclient.Options{Now: now})
	if err != nil {
		return nil, err
	}
	body := bodyOf(r.result)
	return func(e *apiclient.Exchange) capture.Reply {
		if r.verifies {
			if refusal := judged(client, *e); refusal.Code != "" {
				return capture.Reply{Message: s.answer(e, bodyOf(refusal))}
			}
		}
		return capture.Reply{Message: s.answer(e, body), After: r.after}
	}, nil
}

var refused = apiclient.Result{Status: "F", Code: "INVALID_SIGNATURE", Message: "the signature of the notification does not verify"}

func bodyOf(r apiclient.Result) []byte {
	return fmt.Appendf(nil, `{"result":{"resultCode":%q,"resultStatus":%q,"resultMessage":%q}}`, r.Code, r.Status, r.Message)
}

// judged judges a notification, and returns with which result it is refused; zero:
// it verifies, or cannot be judged.
func judged(client *apiclient.Client, e apiclient.Exchange) apiclient.Result {
	asItPassed := e.SentVerdict
	e.SignedAs, e.ClientID = signedAs(client, &e), client.Profile().ClientID
	client.Verify(&e)
	if asItPassed.Status != "" { // it is too long to be here whole
		e.SentVerdict = asItPassed
	}
	if slices.ContainsFunc(e.SentVerdict.Warnings, func(w signing.Warning) bool { return w.Cause == "algorithm_unknown" }) {
		return refused // only RSA256 is supported, whatever was really used
	}
	return refusalOf(client, &e)
}

// signer signs by the rule of a profile.
type signer struct {
	profile apiclient.Profile
	rule    apiclient.Rule
	key     *rsa.PrivateKey // nil: nothing is signed
	now     func() time.Time
}

// newSigner makes sure that the key can sign: later there is nobody to tell.
func newSigner(p apiclient.Profile, now func() time.Time) (*signer, error) {
	rule, err := p.Rule()
	s := &signer{profile: p, rule: rule, key: p.Key, now: now}
	if err == nil && p.Key != nil {
		_, err = signing.Sign(p.Key, nil, signing.Style{})
	}
	return s, err
}

func (s *signer) field(e *apiclient.Exchange, side apiclient.Side) (apiclient.Field, bool) {
	if s.key == nil {
		return apiclient.Field{}, false
	}
	proof, err := signing.Sign(s.key, s.rule.Canonical(e, side), signing.Style{Compact: s.profile.CompactHeader,
		KeyVersion: s.profile.KeyVersion, Encoding: s.profile.Encoding})
	return apiclient.Field{Name: s.profile.HeaderNames.Of(signing.HeaderName), Value: proof.Header}, err == nil
}

// answer is an answer of ours.
func (s *signer) answer(e *apiclient.Exchange, body []byte) apiclient.Message {
	names := s.profile.HeaderNames
	m := apiclient.Message{Line: "HTTP/1.1 200 OK", Body: body, Header: []apiclient.Field{
		{Name: "Content-Type", Value: "application/json; charset=UTF-8"}, {Name: "Content-Length", Value: strconv.Itoa(len(body))},
		{Name: names.Of(apiclient.HeaderClientID), Value: s.rule.Asking(e)},
		{Name: names.Of(apiclient.HeaderResponseTime), Value: apiclient.FormatTime(s.now(), s.profile.TimeFormat)},
	}}
	answered := *e
	answered.Response = &m
	if f, ok := s.field(&answered, apiclient.ResponseSide); ok {
		m.Header = append(m.Header, f)
	}
	return m
}
