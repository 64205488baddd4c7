package apiclient

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"net"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
)

// Client signs, sends and verifies for one profile. It is safe for concurrent
// use.
type Client struct {
	profile     Profile
	options     Options
	rule        Rule
	base        *url.URL
	origin      string   // scheme and host of base
	proxy       *url.URL // nil: none
	tls         *tls.Config
	key         *rsa.PrivateKey // signs requests: the profile's, or its platform key; nil: none
	keyVersion  string
	fingerprint string // of key
	callback    bool   // it sends in the place of the Super App
	stranger    *stranger
}

// Options are what a Client needs from the world. Zero fields mean the real
// one.
type Options struct {
	Now   func() time.Time
	NewID func() string
	Dial  func(ctx context.Context, network, address string) (net.Conn, error)
	// Wrap returns what a request is written to and its answer read from, in place of a
	// connection that is open, TLS included; nil: the connection itself.
	Wrap      func(net.Conn) net.Conn
	UserAgent string         // "" means countersign/<version>
	Journal   Journal        // nil: nothing is kept
	Observe   func(Progress) // called, one call at a time, while an exchange is under way; nil: not
	// MakeKey makes the throw-away key of the tamper wrong_key. It is called once,
	// when that is first asked for, and its key stays in memory; nil: a new one of
	// 2,048 bits, which takes about 160 ms.
	MakeKey func() (*rsa.PrivateKey, error)
	// Sign signs a request; nil: signing.Sign. What it gives is verified like any
	// other signature: a wrong one is seen to be wrong.
	Sign func(key *rsa.PrivateKey, canonical []byte, style signing.Style) (signing.Proof, error)
}

// Progress tells how far an exchange is.
type Progress struct {
	ID    string
	Phase string // "connecting", "sending", "waiting", "receiving"
	Bytes int64  // of the response so far, head included
}

// New checks the profile and makes a Client. The error is a *FieldError.
func New(p Profile, o Options) (*Client, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return newValid(p, o)
}

// newValid is New for a profile that was checked.
func newValid(p Profile, o Options) (*Client, error) {
	base, err := p.base()
	if err != nil {
		return nil, err
	}
	rule, err := p.Rule()
	if err != nil {
		return nil, err
	}
	c := &Client{profile: p, rule: rule, options: o.withDefaults(), base: base, origin: base.Scheme + "://" + base.Host}
	if c.proxy, err = proxyFor(p.Proxy, base); err != nil {
		return nil, err
	}
	c.signWith(p.Key, p.KeyVersion)
	c.stranger = &stranger{make: c.options.MakeKey}
	c.tls = &tls.Config{
		RootCAs:            p.RootCAs,
		ServerName:         base.Hostname(),
		MinVersion:         tls.VersionTLS12,
		NextProtos:         []string{"http/1.1"},
		ClientSessionCache: tls.NewLRUClientSessionCache(4),
	}
	if p.ClientCert != nil {
		c.tls.Certificates = []tls.Certificate{*p.ClientCert}
	}
	return c, nil
}

// signWith has requests signed with a key; nil: with none.
func (c *Client) signWith(key *rsa.PrivateKey, version string) {
	c.key, c.keyVersion, c.fingerprint = key, version, ""
	if key != nil {
		c.fingerprint = fingerprint(&key.PublicKey)
	}
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	if o.Dial == nil {
		// A connection serves one exchange: probes that keep it alive are only cost.
		o.Dial = (&net.Dialer{KeepAlive: -1}).DialContext
	}
	if o.MakeKey == nil {
		o.MakeKey = func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) }
	}
	if o.Sign == nil {
		o.Sign = signing.Sign
	}
	if o.UserAgent == "" {
		o.UserAgent = "countersign/" + version()
	}
	return o
}

// version is the module's version as the go command recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || strings.HasPrefix(info.Main.Version, "(") {
		return "devel"
	}
	return info.Main.Version
}

// Profile returns the client's profile.
func (c *Client) Profile() Profile { return c.profile }

// Preview signs d as Send would at this moment and sends nothing. The
// Exchange has no ID and no response; its Findings are those of the request.
func (c *Client) Preview(d Draft) (Exchange, error) {
	c, d, err := c.facing(d, false)
	if err != nil {
		return Exchange{}, err
	}
	e, err := c.build(d, c.options.Now())
	if err != nil {
		return Exchange{}, err
	}
	c.Verify(&e)
	return e, nil
}

// Send signs d, records it, transmits it, verifies the answer and completes
// the record. Failures are in the Exchange: a draft that cannot be sent gives
// one with Outcome Failed and no Request, and is not recorded.
func (c *Client) Send(ctx context.Context, d Draft, from Origin) Exchange {
	start := c.options.Now()
	if d.Callback && from != FromProbe {
		from = FromNotify
	}
	var e Exchange
	var connection *dialing
	c, d, err := c.facing(d, true)
	if err == nil {
		connection = c.startDialing(ctx) // while the request is signed
		if e, err = c.build(d, start); err != nil {
			connection.drop()
		}
	}
	if err != nil {
		return Exchange{
			ID: c.options.NewID(), Profile: c.profile.Name, Endpoint: d.Endpoint, Origin: from, ClientID: c.profile.ClientID,
			MerchantID: c.profile.MerchantID, StartedAt: start, Outcome: Failed, Err: err.Error(), Hint: hint.Of(err),
		}
	}
	e.Origin = from
	e.Timing.Sign = c.options.Now().Sub(start)
	return c.perform(ctx, e, connection)
}

// Resend transmits the very bytes of a saved exchange's request again: same
// time, same signature. They go to this client's host, whatever host the
// saved exchange went to; a callback goes where it went.
func (c *Client) Resend(ctx context.Context, saved Exchange) Exchange {
	from := FromReplay
	var err error
	if saved.Origin.AsPlatform() {
		from = saved.Origin
		c, _, err = c.facing(Draft{Callback: true, Target: saved.URL}, true)
	}
	e := Exchange{
		Profile: c.profile.Name, Endpoint: saved.Endpoint, Origin: from,
		URL: c.origin + saved.Request.Path(), ClientID: saved.ClientID, MerchantID: saved.MerchantID,
		Request: saved.Request, Sent: saved.Sent, SentKey: saved.SentKey, SignedAs: saved.SignedAs, Tampered: saved.Tampered,
		StartedAt: c.options.Now(), Outcome: Unknown,
	}
	e.SignedAs = c.rule.Target(&e)
	switch {
	case err != nil:
	case saved.Request.Line == "" || saved.Request.IsResponse():
		err = problemf("send the endpoint's request itself", "this run has no request that could be sent again")
	case saved.Masked:
		err = problemf("with redact.store = false in the configuration the history keeps them",
			"values of this run are masked: its very bytes are not there")
	}
	if err != nil {
		e.ID, e.Outcome, e.Err, e.Hint = c.options.NewID(), Failed, err.Error(), hint.Of(err)
		return e
	}
	return c.perform(ctx, e, c.startDialing(ctx))
}

// perform does all of an exchange that follows the signature.
func (c *Client) perform(ctx context.Context, e Exchange, connection *dialing) Exchange {
	if ctx.Err() != nil {
		connection.drop()
		e.fail(&hint.Error{Says: "canceled before anything was sent"}, Canceled)
		return e
	}
	e.ID = c.options.NewID()
	if journal := c.options.Journal; journal != nil {
		// Should the process end here, the record must not claim that nothing left.
		e.BytesSent = true
		err := journal.Begin(ctx, &e)
		e.BytesSent = false
		if err != nil {
			connection.drop()
			e.ID = "" // no run has it
			e.fail(problemf(cmp.Or(hint.Of(err), "nothing was sent; fix the history, then send again"),
				"the run could not be recorded, so it was not sent: %v", err), Failed)
			return e
		}
	}
	begun := c.options.Now()
	var request judgement
	var judged sync.WaitGroup
	judged.Go(func() { request = c.judgeRequest(&e) })
	buffer := c.transmit(ctx, &e, connection)
	e.Timing.Total = e.Timing.Sign + c.options.Now().Sub(begun)
	judged.Wait()
	c.judge(&e, request, buffer)
	c.complete(ctx, &e)
	return e
}

// completeLimit bounds the completion of a record, which must happen even
// when the person has canceled.
const completeLimit = 10 * time.Second

func (c *Client) complete(ctx context.Context, e *Exchange) {
	if c.options.Journal == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), completeLimit)
	defer cancel()
	err := c.options.Journal.Complete(ctx, e)
	if err == nil {
		return
	}
	p := problemf(cmp.Or(hint.Of(err), "the run stays in the history as \"outcome unknown\""),
		"the end of the run could not be recorded: %v", err)
	e.Findings = append(e.Findings, Finding{Cause: notRecorded, Severity: Problem, Says: p.Says, Hint: p.Fix})
	if e.Err == "" {
		e.Err, e.Hint = p.Says, p.Fix
	}
}

func (e *Exchange) fail(p *hint.Error, o Outcome) { e.Err, e.Hint, e.Outcome = p.Says, p.Fix, o }

// stranger is a key that belongs to nobody, made when it is first wanted.
type stranger struct {
	make func() (*rsa.PrivateKey, error)
	mu   sync.Mutex
	key  *rsa.PrivateKey
}

func (s *stranger) get() (*rsa.PrivateKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.key != nil {
		return s.key, nil
	}
	key, err := s.make()
	if err != nil {
		return nil, problemf("try again, or choose another tamper", "no throw-away key could be made: %v", err)
	}
	s.key = key
	return key, nil
}

// made is the key, where it was ever wanted.
func (s *stranger) made() *rsa.PrivateKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.key
}

// fingerprint names a key: "SHA256:" and the hex of SHA-256 over its SPKI DER.
func fingerprint(pub *rsa.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(der)
	return "SHA256:" + hex.EncodeToString(sum[:])
}

func digest(b []byte) [32]byte { return sha256.Sum256(b) }

// notRecorded is the cause of the finding that an exchange's record could not be
// completed, as on a full disk.
const notRecorded = "not_recorded"

// NotRecorded returns what is said of an exchange whose record could not be
// completed. It reports whether it is one.
func (e *Exchange) NotRecorded() (Finding, bool) {
	i := slices.IndexFunc(e.Findings, func(f Finding) bool { return f.Cause == notRecorded })
	if i < 0 {
		return Finding{}, false
	}
	return e.Findings[i], true
}

// Recorded returns the exchange as it is once its record is complete after all.
func (e Exchange) Recorded() Exchange {
	f, not := e.NotRecorded()
	if not && e.Err == f.Says {
		e.Err, e.Hint = "", ""
	}
	e.Findings = slices.DeleteFunc(slices.Clone(e.Findings), func(f Finding) bool { return f.Cause == notRecorded })
	if len(e.Findings) == 0 {
		e.Findings = nil
	}
	return e
}

// problemf makes an error of a sentence that may hold what others wrote.
func problemf(fix, format string, args ...any) *hint.Error {
	return &hint.Error{Says: clip(fmt.Sprintf(format, args...)), Fix: fix}
}
