package sandbox

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/keys"
)

// Who the sandbox and its one client are, unless Config says otherwise.
const (
	ClientID    = "2188487325442931042"
	MerchantID  = "217120000000037263001"
	KeyVersion  = "1"
	ProfileName = "sandbox"          // of exchanges that it saw, and of its client's profile
	Prefix      = "/miniprogram/api" // of the base URL that Listen reports; any other is accepted too
)

// Limits of what is accepted and kept.
const (
	MaxBody = 8 << 20 // bytes of a request body
	// kept at once, and as many refunds, tokens and messages; the oldest are forgotten first
	MaxPayments   = 10_000
	DefaultWindow = 5 * time.Minute // between Request-Time and the sandbox's clock
)

// Config is what a sandbox needs.
type Config struct {
	ClientID string // the one client it knows; "" means ClientID
	// refused where a request names another; absent is accepted, as the SDKs omit it; "" means MerchantID
	MerchantID string
	ClientKeys map[string]*rsa.PublicKey // the client's public keys by keyVersion
	Key        *rsa.PrivateKey           // signs the answers
	KeyVersion string                    // keyVersion of Key; "" means KeyVersion
	// How the client's platform writes messages: header names, templates, signed path,
	// time format and spelling. The ids and keys in it mean nothing here.
	Client     apiclient.Profile
	AnyClient  bool                     // every Client-Id is taken, ClientID or not
	AnyVersion bool                     // the client may name any keyVersion
	Preset     string                   // "" plays the protocol, "ams" a sibling with its own bodies: see Presets
	Catalog    *catalog.Catalog         // the team's own interfaces, with the built-in ones; nil: those of the preset alone
	Now        func() time.Time         // nil: time.Now
	Window     time.Duration            // tolerated clock difference; 0: DefaultWindow
	TokenLife  time.Duration            // of an access token; 0: AccessLife. Its refresh token lasts as much longer as usual
	Rand       io.Reader                // ids and tokens; nil: crypto/rand
	Observe    func(apiclient.Exchange) // called with each exchange it served; nil: not
	Log        *slog.Logger             // nil: silent
	Notify     *Notify                  // nil: no notifications are sent
	// MakeKey makes the keys of the faults that sign with another one; nil: RSA of
	// 2,048 bits.
	MakeKey func() (*rsa.PrivateKey, error)
}

// Sandbox is a Super App. It is an http.Handler.
type Sandbox struct {
	config Config
	rule   apiclient.Rule // as the Super App sees it: the client is the other side

	fingerprints map[string]string // of the rule's keys, by ID

	preset    *preset
	active    atomic.Pointer[[]*Fault] // the faults in force
	strangers strangers
	pause     func(context.Context, time.Duration)
	notifier  *notifier // nil: none are sent

	methods, media map[string]bool // of the team's own interfaces, beside POST and JSON

	patience   patience
	explainFor time.Duration // how long a refusal looks for what the client signed

	turns      chan struct{} // of large bodies
	explaining chan struct{} // of refusals that look for what was signed

	randMu sync.Mutex // guards reads of config.Rand
	mu     sync.Mutex // guards books
	books  *books
}

// New makes a sandbox. It fails where there is no key to sign with or no
// client key to verify with.
func New(c Config) (*Sandbox, error) {
	if c.Key == nil {
		return nil, errors.New("the sandbox has no private key to sign its answers with")
	}
	if len(c.ClientKeys) == 0 {
		return nil, errors.New("the sandbox has no public key to verify its client's requests with")
	}
	preset, err := findPreset(c.Preset)
	if err != nil {
		return nil, err
	}
	if c.Catalog, err = preset.with(c.Catalog); err != nil {
		return nil, err
	}
	setDefaults(&c)
	s := &Sandbox{
		config: c, preset: preset, strangers: newStrangers(c.MakeKey), pause: pause, notifier: newNotifier(c.Notify),
		patience: defaultPatience, explainFor: defaultExplainFor, books: newBooks(MaxPayments),
		turns: make(chan struct{}, largeTurns), explaining: make(chan struct{}, explainTurns),
	}
	s.fingerprints = map[string]string{}
	s.methods, s.media = map[string]bool{}, map[string]bool{}
	for _, e := range c.Catalog.Endpoints() {
		s.methods[e.Method] = true
		s.media[e.Media] = true
	}
	p := c.Client
	p.ClientID, p.MerchantID, p.KeyVersion, p.Key, p.PeerKeys = c.ClientID, c.MerchantID, c.KeyVersion, c.Key, c.ClientKeys
	s.rule, err = p.Rule()
	for i := range s.rule.Keys {
		k := &s.rule.Keys[i]
		if k.ID = "the Super App's own key"; k.Role == apiclient.RolePeer {
			k.ID = "the client's key, version " + k.Version
		}
		if k.Public != nil && k.Public.N != nil {
			s.fingerprints[k.ID] = keys.Fingerprint(k.Public)
		}
	}
	return s, err
}

func setDefaults(c *Config) {
	c.ClientID, c.MerchantID = cmp.Or(c.ClientID, ClientID), cmp.Or(c.MerchantID, MerchantID)
	c.KeyVersion = cmp.Or(c.KeyVersion, KeyVersion)
	c.Window, c.TokenLife = cmp.Or(c.Window, DefaultWindow), cmp.Or(c.TokenLife, AccessLife)
	c.Rand = cmp.Or(c.Rand, rand.Reader)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
}

// versions are the keyVersions of the client's keys, newest first.
func (s *Sandbox) versions() []string {
	var list []string
	for _, k := range s.rule.Keys {
		if k.Role == apiclient.RolePeer {
			list = append(list, k.Version)
		}
	}
	return list
}

// ServeHTTP answers one request: the pages that a buyer opens below
// /checkout/ and /authorize/, and the signed interface everywhere else.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := s.receive(w, r)
	if token, ok := pageToken(q.path()); ok && q.fault == "" {
		s.servePage(w, r, token)
		return
	}
	a := s.answer(q)
	if q.release != nil {
		defer q.release()
	}
	sent, whole := s.send(w, q, a)
	s.observe(q, a, sent)
	if !whole {
		panic(http.ErrAbortHandler) // closes the connection
	}
}

// answer runs the checks and then the interface. A panic in either is a fault
// of the sandbox: the outcome is unknown, and says so.
func (s *Sandbox) answer(q *request) (a *answer) {
	defer func() {
		if fault := recover(); fault != nil {
			s.config.Log.Error("panic while answering", "target", q.target, "panic", fault, "stack", string(debug.Stack()))
			a = refuse("UNKNOWN_EXCEPTION",
				"The sandbox failed while answering; the outcome is unknown. Its log has the reason.")
			a.http = http.StatusInternalServerError
		}
	}()
	for _, c := range checks {
		if refusal := c.run(s, q); refusal != nil {
			q.refusedBy = c.Name
			return refusal
		}
	}
	if f, forced := s.forced(q.endpoint.Name); forced {
		return f.refuse()
	}
	if do := s.preset.operations[q.endpoint.ID]; do != nil {
		return do(s, q)
	}
	return s.exemplify(q)
}
