package diagnose

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/elsewhere"
	"countersign/apiclient/diagnose/habits"
	"countersign/apiclient/signing"
)

// Evidence is one signature and all that is known around it.
type Evidence struct {
	Exchange apiclient.Exchange // what was seen on the wire; not looked at where Content is set
	Side     apiclient.Side     // whose signature is under test
	Content  []byte             // the signed string, taken as it is, where no exchange is known
	Sides    apiclient.Sides    // how both signatures of the exchange stand, where Choose has judged them
	Headers  []string           // every value of the Signature header under test, in order; none means unsigned
	Trailer  []string           // the same of the trailer behind a chunked body, where no receiver looks

	apiclient.Rule                 // what the signature must cover; the keys of its own are not looked at
	Expected       []apiclient.Key // any of these should have signed; the first is named in reports
	Known          []apiclient.Key // more keys by which to name another signer

	Prefixes  []string // path prefixes of profiles, such as "/miniprogram/api"
	Endpoints []string // paths of the catalogue, such as "/v2/payments/pay"

	// OtherRuns returns other runs, newest first: their path, body or whole
	// signature may have been sent by mistake. It is asked once the likeliest
	// reasons are ruled out, since reading them takes time; nil where there are
	// none.
	OtherRuns func(ctx context.Context) []apiclient.Exchange

	// Told is what the other side says of its string: the string, its digest or
	// length, a header or an error text; nil where it says nothing.
	Told   []byte
	ToldBy Teller // where that comes from

	covers    string               // in words, what the signature elsewhere is over, once that is found
	elsewhere *elsewhere.Signature // the one in Headers, where it stood somewhere else in the message; else nil

	based  bool   // the exchange was sent under Prefixes[0], or under none where there is no prefix
	caller string // name of the other side's key that signed the request, where it is a callback
}

// FromProfile makes the evidence for one side of an exchange as a profile sees
// it: by its rule, and with its keys.
func FromProfile(p apiclient.Profile, e apiclient.Exchange, side apiclient.Side) (Evidence, error) {
	rule, err := p.Rule()
	if err != nil {
		return Evidence{}, err
	}
	signers := rule.Signers(&e, side)
	ev := Evidence{Exchange: e, Side: side, Rule: rule, Expected: signers.Expected, Known: signers.Known,
		caller: signers.Caller}
	ev.ClientID, ev.MerchantID = cmp.Or(e.ClientID, p.ClientID), cmp.Or(e.MerchantID, p.MerchantID)
	ev.Headers, ev.Trailer = rule.Signatures(ev.message())
	ev.based = e.Origin != apiclient.FromFile && e.Origin != ""
	if prefix := p.Prefix(); prefix != "" {
		ev.Prefixes = append(ev.Prefixes, prefix)
	}
	return ev, nil
}

// Expect sets the keys that a person chose to have signed, whatever the rule
// says; the others of all are known.
func (e *Evidence) Expect(keys, all []apiclient.Key) {
	e.Expected, e.caller = keys, ""
	e.Known = slices.DeleteFunc(slices.Clone(all), func(k apiclient.Key) bool {
		return slices.ContainsFunc(keys, func(x apiclient.Key) bool { return x.ID == k.ID })
	})
}

// KeysOfOther lists the keys of a profile that is not in use, under names that
// say so.
func KeysOfOther(p apiclient.Profile) []apiclient.Key {
	keys := p.Keys()
	for i := range keys {
		keys[i].ID, keys[i].Profile = p.Name+": "+keys[i].ID, p.Name
		keys[i].Role = apiclient.RoleOther
	}
	return keys
}

// message returns the one whose signature is under test.
func (e *Evidence) message() *apiclient.Message { return e.Exchange.Message(e.Side) }

// namedVersion returns the keyVersion that the Signature header names; "" where it
// names none.
func (e *Evidence) namedVersion() string {
	return apiclient.NamedVersion(slices.Concat(e.Headers, e.Trailer))
}

// hasExchange reports whether there is more than a bare string.
func (e *Evidence) hasExchange() bool { return e.Content == nil }

// values returns what the rule takes from the exchange.
func (e *Evidence) values() signing.Content { return e.Rule.Content(&e.Exchange, e.Side) }

// template returns the form of the string under test.
func (e *Evidence) template() signing.Template { return e.Rule.Template(e.Side) }

// source returns what habits vary.
func (e *Evidence) source() *habits.Source {
	return &habits.Source{
		Exchange: &e.Exchange, Side: e.Side, Rule: e.Rule, Prefixes: e.Prefixes, Endpoints: e.Endpoints,
		KeyVersion: e.namedVersion(),
	}
}

// Canonical returns the string that the rule gives, or Content itself.
func (e *Evidence) Canonical() []byte {
	if !e.hasExchange() {
		return e.Content
	}
	return e.Rule.Canonical(&e.Exchange, e.Side)
}

// Verify checks the signature strictly; crypto/rsa alone decides. What the rest
// of the exchange says about it is added.
func (e *Evidence) Verify() signing.Verdict {
	v := signing.Verify(signing.Check{
		Canonical: e.Canonical(), Headers: e.Headers, Trailer: e.Trailer,
		Expected: apiclient.PublicKeys(e.Expected), Known: apiclient.PublicKeys(e.Known),
	})
	if !e.hasExchange() {
		return v
	}
	return e.Qualify(v, &e.Exchange, e.Side)
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
