package diagnose

import (
	"context"
	"runtime"
	"slices"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// Role says whose key a key is, where that is known.
type Role string

// Roles of a key.
const (
	RoleUnknown Role = ""
	RoleOwn     Role = "own"   // ours: it signs requests
	RolePeer    Role = "peer"  // the other side's: it signs answers
	RoleOther   Role = "other" // of another profile
)

// Key is a public key that may have made the signature.
type Key struct {
	signing.Key
	Role    Role
	Version string // keyVersion under which it is configured; "" where that is not known
	Profile string // profile that it belongs to; "" for the one in use
}

// Evidence is one signature and all that is known around it.
type Evidence struct {
	Exchange apiclient.Exchange // what was seen on the wire; not looked at where Content is set
	Side     apiclient.Side     // whose signature is under test
	Content  []byte             // the signed string, taken as it is, where no exchange is known
	Sides    apiclient.Sides    // how both signatures of the exchange stand, where Choose has judged them
	Headers  []string           // every value of the Signature header under test, in order; none means unsigned
	Trailer  []string           // the same of the trailer behind a chunked body, where no receiver looks

	Template signing.Template // the content rule of the message under test; zero is the usual one
	// RequestTemplate is the content rule of requests, where a response is under
	// test.
	RequestTemplate signing.Template
	Names           apiclient.HeaderNames // what the platform calls the headers
	Target          string                // what the rule signs as path and query; "" means what was requested

	Expected []Key // any of these should have signed; the first is named in reports
	Known    []Key // more keys by which to name another signer
	Chosen   bool  // a person chose Expected: a callback is not looked for, which would change it

	ClientID   string // as configured, where it may differ from the headers
	MerchantID string

	Prefixes  []string // path prefixes of profiles, such as "/miniprogram/api"
	Endpoints []string // paths of the catalogue, such as "/v2/payments/pay"

	// OtherRuns gives other runs, newest first: their path, body or whole
	// signature may have been sent by mistake. It is asked once the likeliest
	// reasons are ruled out, since reading them takes time; nil where there are
	// none.
	OtherRuns func(ctx context.Context) []apiclient.Exchange

	Told   []byte // what the other side says of its string: that string, its digest or length, a header or an error text; nil where nothing
	ToldBy Teller // where that comes from

	based  bool   // the exchange was sent under Prefixes[0], or under none where there is no prefix
	caller string // name of the other side's key that signed the request, where it is a callback; see recognise
}

// FromProfile makes the evidence for one side of an exchange as a profile sees
// it: its rule, and its keys by keyVersion (the protocol, section 1). Evidence
// from elsewhere than this history trusts the request line, not SignedAs.
func FromProfile(p apiclient.Profile, e apiclient.Exchange, side apiclient.Side) (Evidence, error) {
	ev := Evidence{Exchange: e, Side: side, ClientID: p.ClientID, MerchantID: p.MerchantID}
	if e.ClientID != "" {
		ev.ClientID = e.ClientID
	}
	if e.MerchantID != "" {
		ev.MerchantID = e.MerchantID
	}
	var err error
	if ev.Template, err = p.Template(side); err != nil {
		return ev, err
	}
	if ev.RequestTemplate, err = p.Template(apiclient.RequestSide); err != nil {
		return ev, err
	}
	ev.Names = p.HeaderNames
	ev.Target = e.SignedAs
	if ev.Target == "" || e.Origin == apiclient.FromFile {
		ev.Target = p.SignedFromRequested(e.Request.Target())
	}
	ev.Headers, ev.Trailer = ev.message().Values(ev.Names.Of(signing.HeaderName)), ev.message().TrailerValues(ev.Names.Of(signing.HeaderName))
	ev.setKeys(KeysOf(p))
	ev.based = e.Origin != apiclient.FromFile && e.Origin != ""
	if prefix := p.Prefix(); prefix != "" {
		ev.Prefixes = append(ev.Prefixes, prefix)
	}
	return ev, nil
}

// KeysOf lists a profile's keys: our own first, then the other side's, newest
// version first.
func KeysOf(p apiclient.Profile) []Key {
	var keys []Key
	if p.Key != nil {
		keys = append(keys, Key{Key: signing.Key{ID: apiclient.OwnKeyID, Public: &p.Key.PublicKey}, Role: RoleOwn, Version: p.KeyVersion})
	}
	for _, k := range p.Peers() {
		keys = append(keys, Key{Key: k, Role: RolePeer, Version: apiclient.PeerKeyVersion(k.ID)})
	}
	return keys
}

// KeysOfOther lists the keys of a profile that is not in use, under names that
// say so.
func KeysOfOther(p apiclient.Profile) []Key {
	keys := KeysOf(p)
	for i := range keys {
		keys[i].ID, keys[i].Profile = p.Name+": "+keys[i].ID, p.Name
		keys[i].Role = RoleOther
	}
	return keys
}

// setKeys expects our key on what we sign, and on what the other side signs the
// key of theirs that the header names, or the newest where it names none.
func (e *Evidence) setKeys(keys []Key) {
	expected := func(k Key) bool { return k.Role == RoleOwn }
	if !e.weSign() {
		version, named := e.namedVersion()
		newest := slices.IndexFunc(keys, func(k Key) bool { return k.Role == RolePeer })
		expected = func(k Key) bool {
			if named {
				return k.Role == RolePeer && (k.Version == version || k.Version == "")
			}
			return newest >= 0 && k.ID == keys[newest].ID
		}
	}
	for _, k := range keys {
		if expected(k) {
			e.Expected = append(e.Expected, k)
		} else {
			e.Known = append(e.Known, k)
		}
	}
}

// namedVersion is the keyVersion that the Signature header names.
func (e *Evidence) namedVersion() (string, bool) {
	headers := slices.Concat(e.Headers, e.Trailer)
	if len(headers) == 0 {
		return "", false
	}
	h, err := signing.ParseHeader(headers[0])
	return h.KeyVersion, err == nil && h.HasKeyVersion && h.KeyVersion != ""
}

// message is the one whose signature is under test.
func (e *Evidence) message() *apiclient.Message {
	if e.Side == apiclient.ResponseSide && e.Exchange.Response != nil {
		return e.Exchange.Response
	}
	return &e.Exchange.Request
}

// hasExchange reports whether there is more than a bare string.
func (e *Evidence) hasExchange() bool { return e.Content == nil }

// Rule is what the content rule takes from the exchange: on a response the
// request's method and target with the response's own client, time and body
// (the protocol, section 3).
func (e *Evidence) Rule() signing.Content {
	m, client, merchant := &e.Exchange.Request, e.Names.Of(apiclient.HeaderClientID), e.Names.Of(apiclient.HeaderMerchantID)
	c := signing.Content{
		Method: m.Method(), Target: e.Target, ClientID: e.ClientID, Time: m.Get(e.Names.Of(apiclient.HeaderRequestTime)), Body: m.Body,
		RequestID: m.Get(e.Names.Of(apiclient.HeaderRequestID)), MerchantID: e.MerchantID,
	}
	if c.Target == "" {
		c.Target = m.Path()
	}
	if m.Has(client) {
		c.ClientID = m.Get(client)
	}
	if m.Has(merchant) {
		c.MerchantID = m.Get(merchant)
	}
	if r := e.Exchange.Response; e.Side == apiclient.ResponseSide && r != nil {
		if r.Has(client) {
			c.ClientID = r.Get(client)
		}
		c.Time, c.Body = r.Get(e.Names.Of(apiclient.HeaderResponseTime)), r.Body
	}
	return c
}

// Canonical is the string that the rule gives, or Content itself.
func (e *Evidence) Canonical() []byte {
	if !e.hasExchange() {
		return e.Content
	}
	return e.Template.Canonical(e.Rule())
}

// Verify checks the signature strictly; crypto/rsa alone decides. What the rest
// of the exchange says about it is added.
func (e *Evidence) Verify() signing.Verdict {
	v := signing.Verify(signing.Check{
		Canonical: e.Canonical(), Headers: e.Headers, Trailer: e.Trailer, Expected: plain(e.Expected), Known: plain(e.Known),
	})
	if !e.hasExchange() {
		return v
	}
	return apiclient.Qualify(v, e.message(), e.Side, e.asking(), e.Names)
}

// asking is the client that the answer should name.
func (e *Evidence) asking() string {
	if client := e.Exchange.Asking(e.Names); client != "" {
		return client
	}
	return e.ClientID
}

func plain(keys []Key) []signing.Key {
	list := make([]signing.Key, len(keys))
	for i, k := range keys {
		list[i] = k.Key
	}
	return list
}

// Options bound the search.
type Options struct {
	// Budget is how long the search may take; 0 means DefaultBudget, a negative
	// one until everything known is tried.
	Budget time.Duration
	// Progress is called about ten times a second from the goroutine that
	// called Diagnose.
	Progress func(Progress)
	// Workers is how many cores are used; 0 means all.
	Workers int
}

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// DefaultBudget is how long a search takes at most where nothing else is said.
const DefaultBudget = 1800 * time.Millisecond

// Progress is how far a search is.
type Progress struct {
	Stage     string        // what is being tried, in words: "pairs of changes"
	Tried     int64         // hypotheses so far
	PerSecond float64       // over the whole search
	Elapsed   time.Duration // since it began
	Budget    time.Duration // when it ends at the latest; 0 where it has no end
}
