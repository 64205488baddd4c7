package apiclient

import (
	"cmp"
	"crypto/rsa"
	"maps"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// Rule says what the signature of each side of an exchange must cover, and which
// keys may have made it. All who sign, verify, refuse or explain a signature ask
// it. By the protocol (section 3), with the usual template, that is
//
//	<METHOD> SP <URI> LF <Client-Id> "." <Time> "." <Body>
//
// of which a request's signature covers its own method, the path and query that
// are requested (or what signed_path makes of them), its Client-Id, its
// Request-Time as it is written, and the bytes of its body on the wire. A
// response's covers the request's method and path with the response's own
// Client-Id, Response-Time and body. A request that the other side sent, a
// callback, is signed like any request, with its key; the answer to it is ours.
//
// Where a message lacks a Client-Id or Merchant-Id, the exchange's own counts,
// then the configured one. A time that is missing is empty.
//
// The zero Rule is the usual one, with no key.
type Rule struct {
	RequestTemplate, ResponseTemplate signing.Template // zero: the usual one

	Names                HeaderNames
	ClientID, MerchantID string // as configured
	// Path returns what is signed of a target on a request line; nil: its path and
	// query.
	Path func(requested string) string
	Keys []Key // ours, then the other side's, newest version first, then others
}

// Rule returns the rule of a profile. An error is a *signing.TemplateError.
func (p Profile) Rule() (Rule, error) {
	request, err := p.Template(RequestSide)
	if err != nil {
		return Rule{}, err
	}
	response, err := p.Template(ResponseSide)
	return Rule{
		RequestTemplate: request, ResponseTemplate: response, Names: p.HeaderNames,
		ClientID: p.ClientID, MerchantID: p.MerchantID, Path: p.SignedFromRequested, Keys: p.Keys(),
	}, err
}

// Template returns the form of the signed string of one side.
func (r *Rule) Template(side Side) signing.Template {
	if side == ResponseSide {
		return r.ResponseTemplate
	}
	return r.RequestTemplate
}

// Content returns the values that the signature of one side must cover.
func (r *Rule) Content(e *Exchange, side Side) signing.Content {
	m := &e.Request
	c := signing.Content{
		Method: m.Method(), Target: r.Target(e), Body: m.Body,
		Time: r.value(m, HeaderRequestTime, ""), RequestID: r.value(m, HeaderRequestID, ""),
		ClientID: r.Asking(e), MerchantID: r.value(m, HeaderMerchantID, cmp.Or(e.MerchantID, r.MerchantID)),
	}
	if side != ResponseSide {
		return c // the answer may be coming in: it is not looked at
	}
	if m := e.Response; m != nil {
		c.ClientID = r.value(m, HeaderClientID, c.ClientID)
		c.Time, c.Body = r.value(m, HeaderResponseTime, ""), m.Body
	}
	return c
}

// value returns a header of the protocol, or what counts where it is missing.
func (r *Rule) value(m *Message, header, missing string) string {
	if name := r.Names.Of(header); m.Has(name) {
		return m.Get(name)
	}
	return missing
}

// Canonical returns the string that the signature of one side must cover.
func (r *Rule) Canonical(e *Exchange, side Side) []byte {
	return r.Template(side).Canonical(r.Content(e, side))
}

// Target returns the path and query that are signed: those that the exchange was
// made with, as the settings may have changed since. What a file says of them is
// a claim: there the request line counts.
func (r *Rule) Target(e *Exchange) string {
	requested := e.Request.Target()
	switch {
	case e.SignedAs != "" && e.Origin != FromFile:
		return e.SignedAs
	case r.Path != nil && !e.Origin.Callback():
		return r.Path(requested)
	}
	return wire.PathOf(requested)
}

// Signatures returns every value of the Signature header of a message, in order;
// none: it is unsigned. trailer are those behind a chunked body, where no
// receiver looks.
func (r *Rule) Signatures(m *Message) (headers, trailer []string) {
	name := r.Names.Of(signing.HeaderName)
	return m.Values(name), m.TrailerValues(name)
}

// Role says whose key a key is, where that is known.
type Role string

// Roles of a key.
const (
	RoleUnknown Role = ""
	RoleOwn     Role = "own"  // ours: it signs requests
	RolePeer    Role = "peer" // the other side's: it signs answers
	// ours too, for callbacks in the place of the other side; it is none of the other side's that are known
	RolePlatform Role = "platform"
	RoleOther    Role = "other" // somebody else's, such as another profile's
)

// Key is a public key that may have made a signature.
type Key struct {
	signing.Key
	Role    Role
	Version string // keyVersion under which it is configured; "" where that is not known
	Profile string // profile that it belongs to; "" for the one in use
}

// Signers are the keys for one signature.
type Signers struct {
	Expected []Key  // any of these should have made it
	Known    []Key  // the others, to name another signer
	Caller   string // of a callback: the other side's key that signed its request
	Version  string // keyVersion that the header names; "" where it names none, or ours signs
	Unknown  bool   // the other side has keys, but none of that version
}

// Signers returns the keys for the signature of one side.
func (r *Rule) Signers(e *Exchange, side Side) Signers {
	return r.signersBeside(e, side, r.caller(e, side))
}

func (r *Rule) signersBeside(e *Exchange, side Side, caller string) Signers {
	s := r.signersOf(e.Message(side), (side == ResponseSide) == (caller != ""), e.Origin.AsPlatform())
	s.Caller = caller
	return s
}

// SignersOf returns the keys for a message that our side signs, or the other
// one. Ours signs with our key, whatever version the header names. Of the other
// side's keys the header's keyVersion names the expected one; where it names none
// it is the newest (the protocol, section 1).
func (r *Rule) SignersOf(m *Message, ours bool) Signers { return r.signersOf(m, ours, false) }

// signersOf takes the platform key for one of the other side's where asPlatform.
func (r *Rule) signersOf(m *Message, ours, asPlatform bool) Signers {
	var s Signers
	theirs := func(k Key) bool { return k.Role == RolePeer || asPlatform && k.Role == RolePlatform }
	newest := slices.IndexFunc(r.Keys, theirs)
	expected := func(_ int, k Key) bool { return k.Role == RoleOwn }
	if !ours {
		headers, trailer := r.Signatures(m)
		s.Version = NamedVersion(append(headers, trailer...))
		expected = func(i int, k Key) bool {
			return i == newest && s.Version == "" || theirs(k) && s.Version != "" && k.Version == s.Version
		}
	}
	for i, k := range r.Keys {
		if expected(i, k) {
			s.Expected = append(s.Expected, k)
		} else {
			s.Known = append(s.Known, k)
		}
	}
	s.Unknown = s.Version != "" && newest >= 0 && len(s.Expected) == 0
	return s
}

// NamedVersion returns the keyVersion that Signature headers name; "" where they
// name none. The first of them counts.
func NamedVersion(headers []string) string {
	if len(headers) > 0 {
		if h, err := signing.ParseHeader(headers[0]); err == nil {
			return h.KeyVersion
		}
	}
	return ""
}

// caller returns the name of the other side's key that signed the request, where
// the exchange is a callback, or should have, where it is known to be one; "" where
// it is none. What we sent ourselves is none.
func (r *Rule) caller(e *Exchange, side Side) string {
	if id := r.callerBySignature(e, side); id != "" || !e.Origin.Callback() {
		return id
	}
	if s := r.signersOf(&e.Request, false, e.Origin.AsPlatform()); len(s.Expected) > 0 {
		return s.Expected[0].ID
	}
	return PlatformKeyID
}

// callerBySignature tells a callback by its signature. An answer is ours only where
// its callback verifies; of the request alone it is enough that a key of theirs made
// the signature.
func (r *Rule) callerBySignature(e *Exchange, side Side) string {
	headers, _ := r.Signatures(&e.Request)
	if e.Origin.Ours() || e.Origin.AsPlatform() || len(headers) == 0 {
		return ""
	}
	theirs := func(k Key) bool { return k.Role == RolePeer }
	if !slices.ContainsFunc(r.Keys, theirs) {
		return ""
	}
	check := signing.Check{Headers: headers, Canonical: r.Canonical(e, RequestSide), Expected: PublicKeys(r.Keys)}
	v, ok := signing.Strictly(check)
	if !ok && side == RequestSide {
		v = signing.Verify(check)
		ok = v.Recovered != nil && v.Recovered.Certain()
	}
	if ok && slices.ContainsFunc(r.Keys, func(k Key) bool { return theirs(k) && k.ID == v.Key }) {
		return v.Key
	}
	return ""
}

// Check returns what signing.Verify needs to judge a message that should cover
// canonical.
func (r *Rule) Check(m *Message, s Signers, canonical []byte) signing.Check {
	headers, trailer := r.Signatures(m)
	return signing.Check{Canonical: canonical, Headers: headers, Trailer: trailer, Expected: PublicKeys(s.Expected),
		Known: PublicKeys(s.Known)}
}

// PublicKeys returns the keys alone.
func PublicKeys(keys []Key) []signing.Key {
	list := make([]signing.Key, len(keys))
	for i, k := range keys {
		list[i] = k.Key
	}
	return list
}

// OwnKeyID is the name of our own public key in verdicts.
const OwnKeyID = "our key"

// PeerKeyID returns the name in verdicts of the other side's key with that
// keyVersion.
func PeerKeyID(version string) string { return "peer key v" + version }

// Keys returns a profile's keys: our own first, then the platform key where it is
// none of the other side's, then theirs, newest version first.
func (p Profile) Keys() []Key {
	var keys []Key
	if p.Key != nil {
		own := signing.Key{ID: OwnKeyID, Public: &p.Key.PublicKey}
		keys = append(keys, Key{Key: own, Role: RoleOwn, Version: p.KeyVersion})
	}
	keys = append(keys, p.platformKey()...)
	for _, version := range newestFirst(p.PeerKeys) {
		peer := signing.Key{ID: PeerKeyID(version), Public: p.PeerKeys[version]}
		keys = append(keys, Key{Key: peer, Role: RolePeer, Version: version})
	}
	return keys
}

// newestFirst sorts keyVersions: numbers by value, then the rest.
func newestFirst(keys map[string]*rsa.PublicKey) []string {
	number := func(version string) int64 {
		n, err := strconv.ParseInt(version, 10, 64)
		if err != nil {
			return -1
		}
		return n
	}
	return slices.SortedFunc(maps.Keys(keys), func(a, b string) int {
		return cmp.Or(cmp.Compare(number(b), number(a)), cmp.Compare(b, a))
	})
}

// SignedTarget returns the target inside the signed string for a draft's target
// (path below the base URL, with "?query" if any). See Profile.SignedPath.
func (p Profile) SignedTarget(target string) string {
	if p.SignedPath == "" {
		return p.RequestTarget(target)
	}
	if !strings.Contains(p.SignedPath, "{path}") {
		return strings.TrimRight(p.SignedPath, "/") + target
	}
	path, _, _ := strings.Cut(target, "?")
	return strings.Replace(p.SignedPath, "{path}", path, 1) + target[len(path):]
}

// RequestTarget returns the target on the request line for a draft's target.
func (p Profile) RequestTarget(target string) string { return p.Prefix() + target }

// SignedFromRequested is SignedTarget for a target as it is on a request
// line: a path with the base URL's prefix or without, or a whole URL.
func (p Profile) SignedFromRequested(target string) string {
	target = wire.PathOf(target)
	if p.SignedPath == "" {
		return target
	}
	if below, ok := strings.CutPrefix(target, p.Prefix()); ok && strings.HasPrefix(below, "/") {
		target = below
	}
	return p.SignedTarget(target)
}
